package store

import (
	"context"
	"fmt"

	"convivio/store/board"
)

// FollowIdea lets somebody hear of what others say on an idea and of what is
// decided. Following again changes nothing. Errors: not_found.
func (s *Store) FollowIdea(ctx context.Context, who board.Who, idea int64) (board.Following, error) {
	return s.followIdea(ctx, who, idea, true)
}

// UnfollowIdea stops it: from then on only being named in a text, or cited by an
// official answer, is told, even when they go on writing there. Errors: not_found.
func (s *Store) UnfollowIdea(ctx context.Context, who board.Who, idea int64) (board.Following, error) {
	return s.followIdea(ctx, who, idea, false)
}

func (s *Store) followIdea(ctx context.Context, who board.Who, idea int64, follows bool) (board.Following, error) {
	if err := s.visible(ctx, who, idea); err != nil {
		return board.Following{}, err
	}
	err := s.note(ctx, statement{`
		INSERT INTO idea_follow (idea_id, person_id, follows, seq) SELECT id, $2, $3, last_seq FROM idea WHERE id = $1
		ON CONFLICT (idea_id, person_id) DO UPDATE SET follows = excluded.follows, seq = excluded.seq
		WHERE idea_follow.follows <> excluded.follows`,
		[]any{idea, who.ID, asInt(follows)}})
	return board.Following{Following: follows}, err
}

// FollowBoard lets somebody hear of new ideas on a board. Errors: not_found.
func (s *Store) FollowBoard(ctx context.Context, who board.Who, slug string) (board.Following, error) {
	b, err := s.Board(ctx, who, slug)
	if err != nil {
		return board.Following{}, err
	}
	err = s.note(ctx, statement{`
		INSERT INTO board_follow (board_id, person_id, newest)
		SELECT b.id, $2, COALESCE((SELECT MAX(i.id) FROM idea i WHERE i.board_id = b.id), 0) FROM board b WHERE b.id = $1
		ON CONFLICT (board_id, person_id) DO NOTHING`,
		[]any{b.ID, who.ID}})
	return board.Following{Following: true}, err
}

// UnfollowBoard stops it. Errors: not_found.
func (s *Store) UnfollowBoard(ctx context.Context, who board.Who, slug string) (board.Following, error) {
	b, err := s.Board(ctx, who, slug)
	if err != nil {
		return board.Following{}, err
	}
	return board.Following{}, s.note(ctx, statement{`DELETE FROM board_follow WHERE board_id = $1 AND person_id = $2`, []any{b.ID, who.ID}})
}

// follow lets those who write on an idea follow it, unless they stopped doing so.
func (tx *Tx) follow(idea, person int64) error {
	_, err := tx.exec(`
		INSERT INTO idea_follow (idea_id, person_id, follows, seq) VALUES ($1, $2, 1, $3)
		ON CONFLICT (idea_id, person_id) DO NOTHING`, idea, person, tx.seq)
	if err != nil {
		return fmt.Errorf("follow idea %d: %w", idea, err)
	}
	return nil
}
