package store

import (
	"database/sql"
	"errors"
	"fmt"

	"convivio/store/board"
)

// Hiding takes words away as deleting does, from everything that reads them. They
// stand aside, for moderators and their author alone, until the decision is final.

// takeAway deletes a comment or, with comment 0, an idea, and sets its words aside.
func (tx *Tx) takeAway(t target, idea, comment int64) (removed int64, err error) {
	if comment != 0 {
		return tx.takeComment(t, idea, comment)
	}
	return tx.takeIdea(t, idea)
}

// hide takes the words of a comment or, with comment 0, of an idea away and keeps
// them aside until then (microseconds).
func (tx *Tx) hide(t target, idea, comment, until int64) (removed int64, err error) {
	if removed, err = tx.takeAway(t, idea, comment); err != nil {
		return 0, err
	}
	return removed, tx.keepWords(removed, until)
}

// An edit by a moderator takes words out that stand among the earlier wordings: those
// are for their author and moderators alone, until nothing can be said against it.

// keptOut tells whether wording v may be read by $2 who, with $3 = 1, moderates the
// company.
func keptOut(author, about string) string {
	return `$3 = 1 OR ` + author + ` = $2 OR EXISTS (SELECT 1 FROM board_role o WHERE o.board_id = i.board_id AND o.person_id = $2 AND o.role = 'moderator')
		OR NOT EXISTS (SELECT 1 FROM decision d WHERE d.action = 'edit' AND ` + about + ` AND d.at >= v.at AND d.undone_at IS NULL AND d.overturned_at IS NULL)`
}

// takenOut tells whether wording v was taken out for good: before a time, and nobody
// waits for an answer to an appeal.
func takenOut(about, before string) string {
	return `EXISTS (SELECT 1 FROM decision d LEFT JOIN appeal a ON a.decision_id = d.id AND a.decided_at IS NULL
		WHERE d.action = 'edit' AND ` + about + ` AND d.at >= v.at AND d.at <= ` + before + ` AND d.undone_at IS NULL AND d.overturned_at IS NULL AND a.id IS NULL)`
}

// keepWords lets words that were set aside stand there until then (microseconds).
func (tx *Tx) keepWords(removed, until int64) error {
	if _, err := tx.exec(`UPDATE removed SET keep_until = $1 WHERE id = $2`, until, removed); err != nil {
		return fmt.Errorf("keep words aside: %w", err)
	}
	return nil
}

// unhide puts words back where they stood. Errors: conflict when they were
// erased, or what they stood in is gone.
func (tx *Tx) unhide(removed int64) error {
	var boardID, idea, comment int64
	var gone, ideaGone bool
	err := tx.row(`
		SELECT i.board_id, i.id, COALESCE(r.comment_id, 0),
			CASE WHEN c.id IS NULL THEN i.deleted_at IS NOT NULL ELSE c.deleted_at IS NOT NULL END, i.deleted_at IS NOT NULL
		FROM removed r LEFT JOIN comment c ON c.id = r.comment_id JOIN idea i ON i.id = COALESCE(c.idea_id, r.idea_id) WHERE r.id = $1`, removed).
		Scan(&boardID, &idea, &comment, &gone, &ideaGone)
	if errors.Is(err, sql.ErrNoRows) {
		return errTooLate
	}
	if err != nil {
		return fmt.Errorf("find what was set aside: %w", err)
	}
	if !gone {
		return nil
	}
	if comment == 0 {
		return tx.restoreIdea(boardID, idea, removed)
	}
	if ideaGone {
		return board.Fault(board.Conflict, "The idea that this comment stood on is gone.")
	}
	return tx.restoreComment(boardID, idea, comment, removed)
}
