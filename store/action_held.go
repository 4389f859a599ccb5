package store

import (
	"errors"
	"fmt"

	"convivio/store/board"
)

// What moderators can do about posts that wait, and about appeals.

var (
	approving = action{about: isHeld, own: true, do: func(tx *Tx, r *ruling) error { return tx.approveHeld(r.who, r.item.subject, false) }}
	rejecting = action{about: isHeld, own: true, undo: waitAgain, do: func(tx *Tx, r *ruling) error {
		return tx.refuseHeld(r.who, r.item.subject, r.Ground, r.Note)
	}}
)

func isHeld(it item) bool { return it.kind == board.HeldItem }

// waitAgain lets a post that was refused wait once more. Errors: conflict when its
// words are gone.
func waitAgain(tx *Tx, d ruled) error {
	res, err := tx.exec(`UPDATE held SET state = 'waiting' WHERE id = $1 AND state = 'refused' AND body || title <> ''`, d.subject)
	if err != nil {
		return fmt.Errorf("let held post %d wait again: %w", d.subject, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, errTooLate)
	}
	return nil
}

func appealing(overturn bool) action {
	return action{about: func(it item) bool { return it.kind == board.AppealItem }, own: true, do: func(tx *Tx, r *ruling) error {
		return tx.decideAppeal(r.who, r.item.subject, overturn, r.Note)
	}}
}
