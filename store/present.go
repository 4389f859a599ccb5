package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"convivio/store/board"
)

// ErrMoved says that what an event is about stands elsewhere, or nowhere, by
// now: those who might hear of the event are no longer those who may see it.
var ErrMoved = errors.New("what the event is about has moved")

// Present reads the idea of an event for a live frame, the same for every
// reader. The frame goes to those who may see the entry's board, so the idea
// must still stand there, and the board be as open as it was. Errors: ErrMoved.
func (s *Store) Present(ctx context.Context, e Entry) (board.Idea, error) {
	r, err := s.scanIdea(s.readDB.QueryRowContext(ctx, `
		SELECT `+ideaColumns+ideaJoins+` AND i.id = $3 AND b.id = $4 AND CAST($1 AS TEXT) = '' AND (b.visibility <> 'open') = $5`,
		"", 0, e.Idea, e.BoardID, e.Private), board.Who{})
	if errors.Is(err, sql.ErrNoRows) {
		return r.Idea, ErrMoved
	}
	if err != nil {
		return r.Idea, fmt.Errorf("read idea %d for a frame: %w", e.Idea, err)
	}
	return r.Idea, nil
}

// CommentsOf reads comments of an idea that its reader was found to see.
func (s *Store) CommentsOf(ctx context.Context, ids ...int64) ([]board.Comment, error) {
	return s.commentsByID(ctx, ids)
}
