package store

import (
	"fmt"

	"convivio/store/board"
)

// What moderators do about items of the review page with the verbs of merging.

var (
	merging    = action{about: aboutIdea, do: mergeItem, undo: unmergeItem}
	relocating = action{about: aboutIdea, do: relocateItem, undo: relocateBack}
)

// aboutIdea tells whether an item is about a whole idea.
func aboutIdea(it item) bool { return decidable(it) && it.idea != 0 && it.comment == 0 }

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
	return tx.relocate(r.who, r.item.idea, board.Relocation{Board: r.Board, Reason: reason}, false)
}

// relocateBack moves an idea back to where it stood before a decision moved it.
// Errors: conflict where it went elsewhere since, or where words were added that
// people would read who cannot read them now.
func relocateBack(tx *Tx, d ruled) error {
	who, err := tx.acting()
	if err != nil {
		return err
	}
	var from, now int64
	var slug string
	var elsewhere, added bool
	err = tx.row(`
		SELECT l.subject_id, i.board_id, b.slug, i.board_id <> l.board_id OR EXISTS (SELECT 1 FROM log n WHERE n.idea_id = i.id AND n.seq > l.seq AND n.kind = 'idea.relocated'),
			COALESCE(i.edited_at, 0) > l.at OR EXISTS (SELECT 1 FROM comment c WHERE c.idea_id = i.id AND c.deleted_at IS NULL AND (c.created_at > l.at OR COALESCE(c.edited_at, 0) > l.at))
		FROM idea i JOIN log l ON l.seq = (SELECT MAX(m.seq) FROM log m WHERE m.idea_id = i.id AND m.kind = 'idea.relocated' AND m.at <= $2)
		JOIN board b ON b.id = l.subject_id WHERE i.id = $1`, d.idea, d.at).Scan(&from, &now, &slug, &elsewhere, &added)
	if err != nil {
		return missingIfNone(err, "find where idea %d stood", d.idea)
	}
	if elsewhere {
		return board.Fault(board.Conflict, "This idea was moved again since: it stays where it is.")
	}
	if added && tx.confirmed(now, from, "") != nil {
		return board.Fault(board.Conflict, "Since it was moved, words were added that more people would read on the other board. Move it back from its own page, where they are named.")
	}
	return tx.relocate(who, d.idea, board.Relocation{Board: slug}, true)
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
