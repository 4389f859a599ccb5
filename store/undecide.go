package store

import (
	"context"
	"fmt"

	"convivio/store/board"
)

// UndoDecision takes a decision back: what it did is undone, and what it decided
// waits again. Errors: not_found, conflict when it was taken back already, or
// cannot be any more.
func (s *Store) UndoDecision(ctx context.Context, who board.Who, id int64) (board.Decision, error) {
	_, err := s.write(ctx, who.ID, func(tx *Tx) error {
		var boardID int64
		var officer bool
		err := tx.row(`SELECT d.board_id, COALESCE((SELECT r.officer FROM review r WHERE r.id = d.review_id), 0) = 1 FROM decision d WHERE d.id = $1`, id).Scan(&boardID, &officer)
		if err = missingIfNone(err, "find decision %d", id); err != nil {
			return err
		}
		if err := tx.mayReview(who, boardID, officer); err != nil {
			return err
		}
		d, err := tx.undoDecision(id, false)
		if err != nil || d.review == 0 {
			return err
		}
		return tx.reopen(d)
	})
	if err != nil {
		return board.Decision{}, err
	}
	return s.Decision(ctx, who, id)
}

// undoDecision undoes what a decision did and marks it: by an appeal, or because
// a moderator took it back. Errors: conflict.
func (tx *Tx) undoDecision(id int64, overturned bool) (ruled, error) {
	var d ruled
	var undone bool
	err := tx.row(`
		SELECT d.id, d.action, d.board_id, COALESCE(i.id, d.idea_id, 0), COALESCE(d.comment_id, 0), d.subject_id, COALESCE(d.person_id, 0), COALESCE(d.removed_id, 0),
			COALESCE(d.sanction_id, 0), COALESCE(d.review_id, 0), d.at, COALESCE(d.until, 0), d.undone_at IS NOT NULL OR d.overturned_at IS NOT NULL
		FROM decision d LEFT JOIN comment c ON c.id = d.comment_id LEFT JOIN idea i ON i.id = c.idea_id WHERE d.id = $1`, id).
		Scan(&d.id, &d.action, &d.board, &d.idea, &d.comment, &d.subject, &d.person, &d.removed, &d.sanction, &d.review, &d.at, &d.until, &undone)
	if err = missingIfNone(err, "find decision %d", id); err != nil {
		return d, err
	}
	if undone {
		return d, board.Fault(board.Conflict, "This decision was taken back already.")
	}
	a, _ := actionFor(d.action)
	if a.undo == nil {
		return d, board.Fault(board.Conflict, "This cannot be taken back.")
	}
	if err := a.undo(tx, d); err != nil {
		return d, err
	}
	set := `undone_at = $1, undone_by = $2`
	if overturned {
		set = `overturned_at = $1, undone_by = $2`
	}
	if _, err := tx.exec(`UPDATE decision SET `+set+` WHERE id = $3`, tx.Now, orNull(tx.actor), id); err != nil {
		return d, fmt.Errorf("mark decision %d: %w", id, err)
	}
	if _, err := tx.record(board.DecisionUndone, about{subject: id}); err != nil {
		return d, err
	}
	err = tx.audit(act{kind: board.DecisionUndoneAct, board: d.board, idea: d.idea, comment: d.comment, person: d.person,
		before: map[string]any{"action": d.action, "decision": id}, after: map[string]any{"overturned": overturned}})
	return d, err
}

// reopen lets an item wait again whose decision was taken back.
func (tx *Tx) reopen(d ruled) error {
	for _, st := range []statement{
		{`UPDATE review SET closed_at = NULL, closed_by = NULL, decision_id = NULL, version = version + 1 WHERE id = $1 AND closed_at IS NOT NULL
			AND NOT EXISTS (SELECT 1 FROM review o WHERE o.kind = review.kind AND o.closed_at IS NULL AND o.officer = review.officer AND o.subject_id = review.subject_id
				AND COALESCE(o.idea_id, 0) = COALESCE(review.idea_id, 0) AND COALESCE(o.comment_id, 0) = COALESCE(review.comment_id, 0))`, []any{d.review}},
		{`UPDATE report SET outcome = '', closed_at = NULL WHERE review_id = $1`, []any{d.review}},
	} {
		if _, err := tx.exec(st.sql, st.args...); err != nil {
			return fmt.Errorf("open review item %d again: %w", d.review, err)
		}
	}
	tx.store.reviews.touch(d.review)
	_, err := tx.record(board.ReviewOpened, about{subject: d.review})
	return err
}
