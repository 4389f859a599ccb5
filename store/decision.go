package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"convivio/store/board"
)

// decision is a row of decisions to be kept.
type decision struct {
	review                                int64
	kind                                  board.ReviewKind
	action                                board.Action
	ground                                board.Ground
	note                                  string
	board, idea, comment, subject, person int64 // zero where there is none
	until, removed, sanction, rule, was   int64
	press                                 string // see board.Ruling.Bulk
}

// silentActions are those of which the person concerned is not told: nothing
// happened to them, or they see it.
var silentActions = []board.Action{board.Keep, board.Approve, board.HandOver}

// decide keeps a decision, in the audit log too, and tells the person concerned.
func (tx *Tx) decide(d decision) (id int64, err error) {
	id, err = tx.insert(`
		INSERT INTO decision (seq, review_id, kind, action, ground, note, board_id, idea_id, comment_id, subject_id, person_id, moderator_id, at, until, removed_id, sanction_id, rule_id, was, press)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) RETURNING id`,
		tx.nextSeq(), orNull(d.review), string(d.kind), string(d.action), string(d.ground), d.note, d.board, orNull(d.idea), orNull(d.comment), d.subject,
		orNull(d.person), orNull(tx.actor), tx.Now, orNull(d.until), orNull(d.removed), orNull(d.sanction), orNull(d.rule), orNull(d.was), d.press)
	if err != nil {
		return 0, fmt.Errorf("keep a decision: %w", err)
	}
	if _, err := tx.record(board.DecisionMade, about{subject: id}); err != nil {
		return 0, err
	}
	if d.removed != 0 {
		if _, err := tx.exec(`UPDATE removed SET decision_id = $1 WHERE id = $2`, id, d.removed); err != nil {
			return 0, fmt.Errorf("mark words that were set aside: %w", err)
		}
	}
	after := map[string]any{"action": d.action, "ground": d.ground, "decision": id}
	err = tx.audit(act{kind: board.DecisionMadeAct, board: d.board, idea: d.idea, comment: d.comment, person: d.person, after: after})
	if err != nil || slices.Contains(silentActions, d.action) {
		return id, err
	}
	return id, tx.tellConcerned(d.person, id, d.idea, d.comment)
}

// tellConcerned tells somebody that a decision concerns them.
func (tx *Tx) tellConcerned(person, decision, idea, comment int64) error {
	return tx.tellDecision(person, decision, idea, comment)
}

// ruling is a decision under way.
type ruling struct {
	board.Ruling
	who      board.Who
	item     item
	words    ideaText // of an edit
	removed  int64    // what do set aside
	sanction int64    // what do laid upon somebody
	joined   bool     // it was laid by another decision of the same press, of which they were told
	until    int64
	was      int64 // what do put something in the place of
}

// ruled is a decision that is taken back.
type ruled struct {
	id                                    int64
	action                                board.Action
	board, idea, comment, subject, person int64
	removed, sanction, review             int64
	at, until, was                        int64
}

// action is what can be done about an item.
type action struct {
	about func(item) bool          // which items it can decide
	do    func(*Tx, *ruling) error // what it does
	undo  func(*Tx, ruled) error   // nil: it cannot be taken back
	own   bool                     // do keeps the decision and closes the item itself
}

// Decide does what a moderator decides about one item of the review page, if the
// item is as they saw it. Errors: not_found, invalid, forbidden, and conflict with
// field version when somebody else changed or decided it meanwhile.
func (s *Store) Decide(ctx context.Context, who board.Who, in board.Ruling) (board.Decision, error) {
	r, err := s.newRuling(ctx, who, in)
	if err != nil {
		return board.Decision{}, err
	}
	var id int64
	_, err = s.write(ctx, who.ID, func(tx *Tx) error {
		if r.item, err = tx.readItem(who, in.Item); err != nil {
			return err
		}
		switch {
		case r.item.closed:
			return tx.decidedBy(r.item)
		case in.Version != 0 && r.item.version != in.Version:
			return errStale
		case in.Action == board.HandOver:
			return tx.handOver(r)
		}
		id, err = tx.rule(r)
		return err
	})
	if err != nil || id == 0 {
		return board.Decision{Item: in.Item, Action: in.Action}, err
	}
	return s.Decision(ctx, who, id)
}

// newRuling checks what a moderator decides, as far as that takes no rows, and
// renders what they wrote. Errors: invalid.
func (s *Store) newRuling(ctx context.Context, who board.Who, in board.Ruling) (*ruling, error) {
	if _, ok := actionFor(in.Action); !ok && in.Action != board.HandOver {
		return nil, board.FieldFault("action", "Choose what is to be done.")
	}
	if in.Ground != "" && !slices.Contains(board.Grounds, in.Ground) {
		return nil, board.FieldFault("ground", "There is no such reason.")
	}
	if in.Ground == "" && needsGround(in.Action) {
		return nil, board.FieldFault("ground", "Give the reason: the person concerned is told.")
	}
	note, err := board.Text("note", in.Note, board.MaxNote, in.Action == board.EditWords || in.Action == board.Warn)
	if err != nil {
		return nil, err
	}
	in.Note = note
	r := &ruling{Ruling: in, who: who}
	if in.Until != nil {
		r.until = micros(*in.Until)
	}
	if in.Action != board.EditWords {
		return r, nil
	}
	if r.words.words, err = s.render(ctx, who, "body", in.Body, true); err == nil && in.Title != "" {
		r.words.title, err = board.Line("title", in.Title, board.MaxTitle, true)
	}
	return r, err
}

// needsGround tells whether a decision of this kind gives its reason.
func needsGround(a board.Action) bool {
	switch a {
	case board.Hide, board.EditWords, board.Delete, board.Lock, board.Slow, board.Warn, board.Silence, board.Suspend, board.Reject:
		return true
	}
	return false
}

// rule does what was decided about an item and keeps it.
func (tx *Tx) rule(r *ruling) (id int64, err error) {
	a, _ := actionFor(r.Action)
	if a.about != nil && !a.about(r.item) {
		return 0, board.FieldFault("action", "This cannot be done about this item.")
	}
	if err := a.do(tx, r); err != nil {
		return 0, err
	}
	if a.own {
		err = tx.row(`SELECT COALESCE(decision_id, 0) FROM review WHERE id = $1`, r.item.id).Scan(&id)
		return id, err
	}
	concerned := r.item.person
	if r.joined {
		concerned = 0
	}
	id, err = tx.decide(decision{review: r.item.id, press: r.Bulk, kind: r.item.kind, action: r.Action, ground: r.Ground, note: r.Note, board: r.item.board, idea: r.item.idea,
		comment: r.item.comment, subject: r.item.subject, person: concerned, until: r.until, removed: r.removed, sanction: r.sanction, was: r.was})
	if err != nil {
		return 0, err
	}
	if isHeld(r.item) { // a word with its author: the post itself waits on
		tx.store.reviews.touch(r.item.id)
		return id, tx.touchItem(board.HeldItem, r.item.subject)
	}
	if err := tx.closeItem(r.item.id, id); err != nil {
		return 0, err
	}
	outcome := board.WasRight
	if r.Action == board.Keep {
		outcome = board.NothingDone
		if _, err := tx.words(r); err != nil && r.item.kind == board.ReportItem {
			outcome = board.TakenAway
		}
	}
	return id, tx.settleReports(r.item.id, r.item.idea, r.item.comment, outcome)
}

// decidedBy says what somebody else decided about an item meanwhile.
func (tx *Tx) decidedBy(it item) error {
	var name string
	var what board.Action
	err := tx.row(`SELECT p.name, d.action FROM decision d JOIN person p ON p.id = d.moderator_id WHERE d.id = $1`, it.decision).Scan(&name, &what)
	if errors.Is(err, sql.ErrNoRows) {
		return errDecided
	}
	if err != nil {
		return fmt.Errorf("look who decided item %d: %w", it.id, err)
	}
	return board.Fault(board.Conflict, "%s decided this meanwhile: %s", name, what).On("version")
}

// handOver gives an item to another moderator or, without one, to the officer.
// Errors: invalid (field to).
func (tx *Tx) handOver(r *ruling) error {
	it, to := r.item, r.To
	if to == 0 && !it.officer && it.kind == board.ReportItem {
		if joined, err := tx.joinOfficers(it); err != nil || joined {
			return err
		}
		if _, err := tx.exec(`UPDATE review SET officer = 1 WHERE id = $1`, it.id); err != nil {
			return fmt.Errorf("hand item %d over: %w", it.id, err)
		}
	} else if err := tx.reviewer(to, it); err != nil {
		return err
	}
	if _, err := tx.exec(`UPDATE review SET entrusted_to = $1, entrusted_note = $2, claimed_by = NULL, claimed_at = NULL, version = version + 1 WHERE id = $3`,
		orNull(to), r.Note, it.id); err != nil {
		return fmt.Errorf("hand item %d over: %w", it.id, err)
	}
	tx.store.reviews.touch(it.id)
	if _, err := tx.record(board.ReviewEntrusted, about{subject: it.id}); err != nil {
		return err
	}
	if err := tx.audit(act{kind: board.ReviewEntrustedAct, board: it.board, idea: it.idea, comment: it.comment, person: to, after: map[string]any{"item": it.id}}); err != nil {
		return err
	}
	if to == 0 || it.idea == 0 {
		return nil
	}
	return tx.tell(to, board.Entrusted, it.idea, it.comment)
}

// joinOfficers lets the reports of an item join what waits for the officer about the
// same words, if anything does.
func (tx *Tx) joinOfficers(it item) (bool, error) {
	var other int64
	err := tx.row(`SELECT COALESCE(MAX(id), 0) FROM review WHERE kind = 'report' AND officer = 1 AND closed_at IS NULL AND COALESCE(idea_id, 0) = $1 AND COALESCE(comment_id, 0) = $2`,
		it.idea, it.comment).Scan(&other)
	if err != nil || other == 0 {
		return false, err
	}
	if _, err := tx.exec(`UPDATE report SET review_id = $1 WHERE review_id = $2`, other, it.id); err != nil {
		return false, fmt.Errorf("hand item %d over: %w", it.id, err)
	}
	tx.store.reviews.touch(other)
	if err := tx.audit(act{kind: board.ReviewEntrustedAct, board: it.board, idea: it.idea, comment: it.comment, after: map[string]any{"item": other}}); err != nil {
		return false, err
	}
	return true, tx.closeItem(it.id, 0)
}

// reviewer refuses to hand an item over to who may not see it. Errors: invalid.
func (tx *Tx) reviewer(person int64, it item) error {
	var kind board.Kind
	err := tx.row(`SELECT kind FROM person WHERE id = $1 AND disabled_at IS NULL`, person).Scan(&kind)
	if err == nil {
		err = tx.mayReview(board.Who{ID: person, Kind: kind}, it.board, it.officer)
	}
	var fault *board.Error
	if errors.Is(err, sql.ErrNoRows) || errors.As(err, &fault) {
		return board.FieldFault("to", "Choose somebody who moderates this board.")
	}
	return err
}
