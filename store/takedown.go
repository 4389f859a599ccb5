package store

import (
	"context"
	"fmt"

	"convivio/store/board"
)

// Words of others leave by one road: a decision with its reason, of which their
// author is told and against which they may appeal, that stands in the ledger and
// in the audit log and can be taken back.

// errOthersWords is what a moderator is told who deletes without saying why.
var errOthersWords = board.Fault(board.Invalid, "These are somebody else's words. Say on which ground you delete them: their author is told, and may appeal.").On("ground")

// TakeDown deletes an idea or, with comment, a comment that somebody else wrote, for
// moderators of its board. What was reported about it is settled. It answers the
// decision and the event that took the words away. Errors: not_found, forbidden,
// invalid (fields ground, note), conflict for one's own words, and where ideas were
// merged into it.
func (s *Store) TakeDown(ctx context.Context, who board.Who, idea, comment int64, in board.Removal) (decision, seq int64, err error) {
	if in.Ground == "" {
		return 0, 0, errOthersWords
	}
	r, err := s.newRuling(ctx, who, board.Ruling{Action: board.Delete, Ground: in.Ground, Note: in.Note})
	if err != nil {
		return 0, 0, err
	}
	_, err = s.write(ctx, who.ID, func(tx *Tx) error {
		id, err := tx.openAbout(who, idea, comment)
		if err != nil {
			return err
		}
		if r.item, err = tx.readItem(who, id); err != nil {
			return err
		}
		if decision, err = tx.rule(r); err != nil {
			return err
		}
		if err := tx.row(`SELECT last_seq FROM idea WHERE id = $1`, r.item.idea).Scan(&seq); err != nil {
			return fmt.Errorf("look when idea %d went: %w", r.item.idea, err)
		}
		return nil
	})
	return decision, seq, err
}

// openAbout lets an idea or, with comment, a comment wait for a moderator, for one
// who decides about it now. Errors: not_found, forbidden, conflict for one's own words.
func (tx *Tx) openAbout(who board.Who, idea, comment int64) (id int64, err error) {
	it := item{kind: board.ReportItem, idea: idea, comment: comment}
	var t target
	if comment != 0 {
		var deleted bool
		if t, it.idea, it.person, deleted, err = tx.ownComment(who, comment); err == nil && deleted {
			err = board.Missing()
		}
	} else {
		t, err = tx.idea(who, idea)
		it.person = t.author
	}
	if err != nil {
		return 0, err
	}
	if err := tx.moderator(who, t.board); err != nil {
		return 0, err
	}
	if it.person == who.ID {
		return 0, errOwnWords
	}
	it.board = t.board
	return tx.openItem(it)
}

// errNotOwn refuses to delete what somebody else wrote, and tells moderators how it
// is done.
func (tx *Tx) errNotOwn(who board.Who, boardID int64) error {
	if tx.moderator(who, boardID) != nil {
		return board.Fault(board.Forbidden, "Only the author and moderators can delete this.")
	}
	return errOthersWords
}

// decideOthers keeps, as a decision of its own, what a moderator did with somebody
// else's idea beside the review page: its author is told, and may appeal.
func (tx *Tx) decideOthers(d decision) error {
	if d.person == 0 || d.person == tx.actor {
		return nil
	}
	_, err := tx.decide(d)
	return err
}

// decisionOver marks what was decided about an idea as taken back, by who undid it
// beside the review page: there is nothing to appeal against any more.
func (tx *Tx) decisionOver(idea int64, action board.Action) error {
	_, err := tx.exec(`UPDATE decision SET undone_at = $1, undone_by = $2
		WHERE idea_id = $3 AND comment_id IS NULL AND action = $4 AND undone_at IS NULL AND overturned_at IS NULL`, tx.Now, orNull(tx.actor), idea, string(action))
	if err != nil {
		return fmt.Errorf("mark decisions about idea %d: %w", idea, err)
	}
	return nil
}
