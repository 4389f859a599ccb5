package store

import (
	"fmt"

	"convivio/store/board"
)

// What moderators do about items of the review page with the verbs of merging.

var (
	merging    = action{about: mayMerge, do: mergeItem, undo: unmergeItem}
	relocating = action{about: mayRelocate, do: relocateItem, undo: relocateBack}
)

func mayMerge(it item) bool    { return decidable(it) && it.idea != 0 && it.comment == 0 }
func mayRelocate(it item) bool { return decidable(it) && it.idea != 0 && it.comment == 0 }

// mergeItem merges the idea of an item into the one that was given or, of two
// possible duplicates, into the other.
func mergeItem(tx *Tx, r *ruling) error {
	into := r.Into
	if into == 0 && r.item.kind == board.DuplicateItem {
		into = r.item.subject
	}
	if into == 0 {
		return board.FieldFault("into", "Say which idea it is merged into.")
	}
	reason, err := board.Text("note", r.Note, board.MaxReason, true)
	if err != nil {
		return err
	}
	if err := tx.merge(r.who, r.item.idea, board.NewMerge{Into: into, Reason: reason}); err != nil {
		return err
	}
	r.after = mergeAct{Into: into}
	return tx.settleDuplicates(r.item.idea, r.item.id)
}

func unmergeItem(tx *Tx, d ruled) error {
	who, err := tx.acting()
	if err != nil {
		return err
	}
	return tx.unmerge(who, d.idea, "")
}

func relocateItem(tx *Tx, r *ruling) error {
	reason, err := board.Text("note", r.Note, board.MaxReason, true)
	if err != nil {
		return err
	}
	return tx.relocate(r.who, r.item.idea, board.Relocation{Board: r.Board, Reason: reason})
}

// relocateBack moves an idea to the board where it stood before the last move.
func relocateBack(tx *Tx, d ruled) error {
	who, err := tx.acting()
	if err != nil {
		return err
	}
	var slug string
	err = tx.row(`SELECT b.slug FROM log l JOIN board b ON b.id = l.subject_id WHERE l.idea_id = $1 AND l.kind = 'idea.relocated' ORDER BY l.seq DESC LIMIT 1`, d.idea).Scan(&slug)
	if err != nil {
		return missingIfNone(err, "find where idea %d stood", d.idea)
	}
	return tx.relocate(who, d.idea, board.Relocation{Board: slug, Reason: "-"})
}

// acting is who acts in the verb, as far as asking what they see takes.
func (tx *Tx) acting() (who board.Who, err error) {
	var kind string
	who.ID = tx.actor
	if err := tx.row(`SELECT kind, name FROM person WHERE id = $1`, tx.actor).Scan(&kind, &who.Name); err != nil {
		return who, fmt.Errorf("read who acts: %w", err)
	}
	who.Kind = board.Kind(kind)
	return who, nil
}
