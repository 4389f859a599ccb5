package store

import (
	"context"
	"errors"
	"fmt"

	"convivio/store/board"
)

// UndoDecision takes a decision back: what it did is undone, and what it decided
// waits again. Errors: not_found, conflict when it was taken back already, or
// cannot be any more.
func (s *Store) UndoDecision(ctx context.Context, who board.Who, id int64) (board.Decision, error) {
	_, err := s.write(ctx, who.ID, func(tx *Tx) error {
		appeal, err := tx.mayUndo(who, id)
		if err != nil {
			return err
		}
		if appeal != 0 { // what was said against it is granted
			return tx.grantAppeal(who, id, appeal)
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

// mayUndo refuses to take a decision back for who does not review on the board where
// what it is about stands now, and for whom it concerns. It answers the appeal that
// is open against it. Errors: not_found, forbidden.
func (tx *Tx) mayUndo(who board.Who, id int64) (appeal int64, err error) {
	var boardID, person int64
	var officer bool
	err = tx.row(`
		SELECT COALESCE(i.board_id, d.board_id), COALESCE(d.person_id, 0), COALESCE(r.officer, 0) = 1, COALESCE(a.id, 0)
		FROM decision d LEFT JOIN comment c ON c.id = d.comment_id LEFT JOIN idea i ON i.id = COALESCE(c.idea_id, d.idea_id)
		LEFT JOIN review r ON r.id = d.review_id LEFT JOIN appeal a ON a.decision_id = d.id AND a.decided_at IS NULL WHERE d.id = $1`, id).
		Scan(&boardID, &person, &officer, &appeal)
	if err = missingIfNone(err, "find decision %d", id); err != nil {
		return 0, err
	}
	if err := tx.mayReview(who, boardID, officer); err != nil {
		return 0, err
	}
	if person == who.ID {
		return 0, board.Fault(board.Forbidden, "This is about yourself: somebody else decides about it.")
	}
	return appeal, nil
}

// undoDecision undoes what a decision did and marks it: by an appeal, or because
// a moderator took it back. Errors: conflict.
func (tx *Tx) undoDecision(id int64, overturned bool) (ruled, error) {
	var d ruled
	var undone bool
	err := tx.row(`
		SELECT d.id, d.action, COALESCE(i.board_id, d.board_id), COALESCE(i.id, d.idea_id, 0), COALESCE(d.comment_id, 0), d.subject_id, COALESCE(d.person_id, 0), COALESCE(d.removed_id, 0),
			COALESCE(d.sanction_id, 0), COALESCE(d.review_id, 0), d.at, COALESCE(d.until, 0), COALESCE(d.was, 0), d.undone_at IS NOT NULL OR d.overturned_at IS NOT NULL
		FROM decision d LEFT JOIN comment c ON c.id = d.comment_id LEFT JOIN idea i ON i.id = COALESCE(c.idea_id, d.idea_id) WHERE d.id = $1`, id).
		Scan(&d.id, &d.action, &d.board, &d.idea, &d.comment, &d.subject, &d.person, &d.removed, &d.sanction, &d.review, &d.at, &d.until, &d.was, &undone)
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
	err = a.undo(tx, d)
	if overturned && errors.Is(err, errTooLate) { // that it was wrong is said though the words cannot come back
		err = nil
	}
	if err != nil {
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

// reopen lets an item wait again whose decision was taken back, where what it is
// about stands now. Where another waits already for the same, its reports join that.
func (tx *Tx) reopen(d ruled) error {
	var other int64
	err := tx.row(`
		SELECT COALESCE(MAX(o.id), 0) FROM review r JOIN review o ON o.kind = r.kind AND o.closed_at IS NULL AND o.officer = r.officer AND o.subject_id = r.subject_id
			AND COALESCE(o.idea_id, 0) = COALESCE(r.idea_id, 0) AND COALESCE(o.comment_id, 0) = COALESCE(r.comment_id, 0) AND o.id <> r.id WHERE r.id = $1`, d.review).Scan(&other)
	if err != nil {
		return fmt.Errorf("look what waits beside review item %d: %w", d.review, err)
	}
	if other != 0 {
		_, err := tx.exec(`UPDATE report SET outcome = '', closed_at = NULL, review_id = $1 WHERE review_id = $2`, other, d.review)
		tx.store.reviews.touch(other)
		if err != nil {
			return fmt.Errorf("join the reports of review item %d: %w", d.review, err)
		}
		return nil
	}
	for _, st := range []statement{
		{`UPDATE review SET closed_at = NULL, closed_by = NULL, decision_id = NULL, board_id = $1, version = version + 1 WHERE id = $2 AND closed_at IS NOT NULL`, []any{d.board, d.review}},
		{`UPDATE report SET outcome = '', closed_at = NULL WHERE review_id = $1`, []any{d.review}},
	} {
		if _, err := tx.exec(st.sql, st.args...); err != nil {
			return fmt.Errorf("open review item %d again: %w", d.review, err)
		}
	}
	tx.store.reviews.touch(d.review)
	_, err = tx.record(board.ReviewOpened, about{subject: d.review})
	return err
}
