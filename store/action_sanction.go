package store

import (
	"fmt"

	"convivio/store/board"
)

// sanctioning lays something upon who wrote what an item is about: for moderators
// of one board there, for those of the company everywhere.
func sanctioning(kind board.SanctionKind) action {
	return action{
		about: func(it item) bool { return it.person != 0 && (decidable(it) || isHeld(it)) },
		do: func(tx *Tx, r *ruling) error {
			in := sanctionIn{person: r.item.person, kind: kind, until: r.until}
			if !r.who.Moderates() {
				in.board = r.item.board
			}
			laid, err := tx.laidBy(r.Bulk, in)
			if err != nil || laid {
				r.joined = laid
				return err
			}
			r.sanction, err = tx.sanction(r.who, in)
			if kind == board.Warning {
				r.until = 0
			}
			return err
		},
		undo: lifting,
	}
}

// laidBy tells whether the same press laid this upon the same person already, about
// something else of theirs: one measure for all, one notice, one appeal.
func (tx *Tx) laidBy(press string, in sanctionIn) (laid bool, err error) {
	if press == "" {
		return false, nil
	}
	err = tx.row(`SELECT EXISTS (SELECT 1 FROM decision d JOIN sanction x ON x.id = d.sanction_id AND x.lifted_at IS NULL
		WHERE d.press = $1 AND d.moderator_id = $2 AND x.person_id = $3 AND x.kind = $4 AND COALESCE(x.board_id, 0) = $5)`,
		press, tx.actor, in.person, string(in.kind), in.board).Scan(&laid)
	if err != nil {
		return false, fmt.Errorf("look what was laid upon person %d: %w", in.person, err)
	}
	return laid, nil
}

// lifting ends what a decision laid upon somebody, for who may lay it: what holds in
// the whole company is for moderators of the whole company. Errors: forbidden.
func lifting(tx *Tx, d ruled) error {
	if d.sanction == 0 { // laid by another decision of the same press
		return nil
	}
	var where int64
	if err := tx.row(`SELECT COALESCE(board_id, 0) FROM sanction WHERE id = $1`, d.sanction).Scan(&where); err != nil {
		return missingIfNone(err, "find sanction %d", d.sanction)
	}
	who, err := tx.acting()
	if err == nil {
		err = tx.moderator(who, where)
	}
	if err != nil {
		return err
	}
	return tx.lift(d.sanction)
}
