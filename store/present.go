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

// PathOf is Path for a caller that has just read the idea as its reader.
func (s *Store) PathOf(ctx context.Context, idea int64) ([]board.StageChange, error) {
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT c.from_stage, c.to_stage, c.at, p.id, p.name, COALESCE(t.name, ''), c.reason
		FROM stage_change c JOIN person p ON p.id = c.author_id LEFT JOIN team t ON t.id = p.team_id
		WHERE c.idea_id = $1 ORDER BY c.id`, idea)
	if err != nil {
		return nil, fmt.Errorf("read the path of idea %d: %w", idea, err)
	}
	return collect(rows, func(rows *sql.Rows) (c board.StageChange, err error) {
		var us int64
		err = rows.Scan(&c.From, &c.To, &us, &c.Author.ID, &c.Author.Name, &c.Author.Team, &c.Reason)
		c.At = at(us)
		return c, err
	})
}
