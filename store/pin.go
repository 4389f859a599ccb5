package store

import (
	"context"
	"fmt"

	"convivio/store/board"
)

// Pinned ideas stand first on their board, the one pinned last at the top.

// notPinned leaves out ideas that stand first anyway.
const notPinned = ` AND NOT EXISTS (SELECT 1 FROM pin x WHERE x.idea_id = i.id)`

// pinsFirst tells whether a list shows the pinned ideas at its top.
func (l Listing) pinsFirst() bool {
	return l.Pins && l.Stage == "" && (l.Sort == board.Growing || l.Sort == board.Newest || l.Sort == board.MostVoted)
}

// pinned lists the pinned ideas of a board.
func (s *Store) pinned(ctx context.Context, who board.Who, boardID int64) ([]board.Idea, error) {
	return s.some(ctx, who, alone+` AND i.board_id = $3 AND i.id IN (SELECT x.idea_id FROM pin x)
		ORDER BY (SELECT x.at FROM pin x WHERE x.idea_id = i.id) DESC, i.id LIMIT $4`, boardID, board.MaxPins)
}

// PinIdea puts an idea first on its board, or back among the others. What is so
// already changes nothing. Errors: not_found, forbidden for others than who
// moderates the board, conflict for an idea merged into another one and beyond
// three on a board.
func (s *Store) PinIdea(ctx context.Context, who board.Who, id int64, pinned bool) (board.Idea, error) {
	_, err := s.write(ctx, who.ID, func(tx *Tx) error {
		t, err := tx.idea(who, id)
		if err == nil {
			err = tx.moderator(who, t.board)
		}
		if err != nil {
			return err
		}
		kind, done := board.IdeaUnpinned, board.IdeaUnpinnedAct
		if pinned {
			kind, done = board.IdeaPinned, board.IdeaPinnedAct
			if t.mergedInto != 0 {
				return board.Fault(board.Conflict, "This idea was merged into another one: pin that one.")
			}
		}
		changed, err := tx.setPin(t.board, id, pinned)
		if err != nil || !changed {
			return err
		}
		seq, err := tx.record(kind, about{board: t.board, idea: id})
		if err != nil {
			return err
		}
		if _, err := tx.exec(`UPDATE idea SET last_seq = $1 WHERE id = $2`, seq, id); err != nil {
			return fmt.Errorf("mark idea %d: %w", id, err)
		}
		return tx.audit(act{kind: done, board: t.board, idea: id})
	})
	if err != nil {
		return board.Idea{}, err
	}
	return s.Idea(ctx, who, id)
}

// setPin writes whether an idea is pinned, and tells whether that is new.
func (tx *Tx) setPin(boardID, id int64, pinned bool) (bool, error) {
	if !pinned {
		return tx.unpin(id)
	}
	var others int
	var already bool
	if err := tx.row(`
		SELECT COUNT(*), COALESCE(MAX(x.idea_id = $2), 0) FROM pin x JOIN idea i ON i.id = x.idea_id AND i.deleted_at IS NULL AND i.merged_into IS NULL AND i.board_id = $1`, boardID, id).
		Scan(&others, &already); err != nil {
		return false, fmt.Errorf("count the pinned ideas of board %d: %w", boardID, err)
	}
	if already {
		return false, nil
	}
	if others >= board.MaxPins {
		return false, board.Fault(board.Conflict, "%d ideas are pinned on this board already. Take one of them down first.", board.MaxPins)
	}
	if _, err := tx.exec(`INSERT INTO pin (idea_id, at) VALUES ($1, $2) ON CONFLICT (idea_id) DO UPDATE SET at = excluded.at`, id, tx.Now); err != nil {
		return false, fmt.Errorf("pin idea %d: %w", id, err)
	}
	return true, nil
}

// unpin takes an idea down, and tells whether it was up.
func (tx *Tx) unpin(id int64) (bool, error) {
	res, err := tx.exec(`DELETE FROM pin WHERE idea_id = $1`, id)
	if err != nil {
		return false, fmt.Errorf("unpin idea %d: %w", id, err)
	}
	n, err := res.RowsAffected()
	return n > 0, err
}
