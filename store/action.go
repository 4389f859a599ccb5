package store

import (
	"fmt"
	"slices"

	"convivio/store/board"
	"convivio/store/language"
	"convivio/store/markdown"
)

// What a moderator can do. Other nouns have their actions in files of their own.

func actionFor(a board.Action) (action, bool) {
	switch a {
	case board.Keep:
		return action{about: decidable, do: func(*Tx, *ruling) error { return nil }, undo: func(*Tx, ruled) error { return nil }}, true
	case board.Hide:
		return action{about: aboutWords, do: hiding, undo: unhiding}, true
	case board.Delete:
		return action{about: aboutWords, do: deleting, undo: unhiding}, true
	case board.EditWords:
		return action{about: aboutWords, do: editing, undo: unediting}, true
	case board.MergeInto:
		return merging, true
	case board.Relocate:
		return relocating, true
	case board.Lock:
		return action{about: aboutWords, do: locking, undo: unlocking}, true
	case board.Warn:
		return sanctioning(board.Warning), true
	case board.Silence:
		return sanctioning(board.Silenced), true
	case board.Suspend:
		return sanctioning(board.Suspension), true
	case board.Slow:
		return slowing, true
	case board.Approve:
		return approving, true
	case board.Reject:
		return rejecting, true
	case board.Uphold:
		return appealing(false), true
	case board.Overturn:
		return appealing(true), true
	}
	return action{}, false
}

// withoutWords are the actions that need none: what they are about may be gone.
var withoutWords = []board.Action{board.Keep, board.Warn, board.Silence, board.Suspend, board.Uphold, board.Overturn}

// actionsOn lists what can be decided about an item.
func actionsOn(r board.ReviewItem) (list []board.Action) {
	it := item{kind: r.Kind, idea: r.Idea, comment: r.Comment, subject: r.Subject, person: r.Person.ID}
	for _, name := range board.Actions {
		a, ok := actionFor(name)
		if ok && (a.about == nil || a.about(it)) && (!r.Gone || slices.Contains(withoutWords, name)) {
			list = append(list, name)
		}
	}
	return append(list, board.HandOver)
}

// decidable are the items that a decision about words closes; held posts and
// appeals have decisions of their own.
func decidable(it item) bool {
	return it.kind == board.ReportItem || it.kind == board.DuplicateItem || it.kind == board.LateItem
}

// aboutWords are the items about an idea or a comment.
func aboutWords(it item) bool { return decidable(it) && it.idea != 0 }

// words finds the words an item is about. Errors: conflict when they are gone.
func (tx *Tx) words(r *ruling) (t target, err error) {
	gone := board.Fault(board.Conflict, "This is not there any more: its author deleted it meanwhile. Keep closes the item.").On("action")
	if t, err = tx.idea(r.who, r.item.idea); err != nil {
		return t, gone
	}
	if r.item.comment == 0 {
		return t, nil
	}
	_, _, _, deleted, err := tx.ownComment(r.who, r.item.comment)
	if err == nil && deleted {
		err = gone
	}
	return t, err
}

func hiding(tx *Tx, r *ruling) error {
	t, err := tx.words(r)
	if err == nil {
		r.removed, err = tx.hide(t, r.item.idea, r.item.comment, tx.Now+board.AppealTime.Microseconds())
	}
	if err == nil && r.item.comment == 0 {
		err = tx.tellTakenAlong(r.item.idea)
	}
	return err
}

// deleting refuses to erase what others wrote with an idea: that is hidden, and can
// be taken back for as long as it can be appealed against. Errors: conflict.
func deleting(tx *Tx, r *ruling) error {
	t, err := tx.words(r)
	if err == nil && r.item.comment == 0 && tx.noMerged(r.item.idea) != nil {
		return board.Fault(board.Conflict, "Other ideas were merged into this one, and would be erased with it: hide it, or separate them first.").On("action")
	}
	if err == nil {
		r.removed, err = tx.hide(t, r.item.idea, r.item.comment, tx.Now+board.RegretTime.Microseconds())
	}
	return err
}

func unhiding(tx *Tx, d ruled) error { return tx.unhide(d.removed) }

func editing(tx *Tx, r *ruling) error {
	t, err := tx.words(r)
	if err != nil {
		return err
	}
	if r.item.comment != 0 {
		r.words.lang = language.Of(r.words.body, "")
		return tx.editComment(t, r.item.idea, r.item.person, r.item.comment, r.words.words)
	}
	r.words.lang = language.Of(r.words.title+"\n"+r.words.body, "")
	r.words.excerpt = markdown.Excerpt(r.words.html, excerptRunes)
	title := &r.words.title
	if r.words.title == "" {
		title = nil
	}
	return tx.editIdea(t, r.item.idea, r.words, board.IdeaChange{Title: title, Body: &r.words.body})
}

func locking(tx *Tx, r *ruling) error {
	t, err := tx.words(r)
	if err != nil {
		return err
	}
	if t.locked {
		return board.Fault(board.Conflict, "This idea is locked already.").On("action")
	}
	return tx.lockIdea(t, r.item.idea, true)
}

// unlocking opens an idea again, unless somebody locked it anew since.
func unlocking(tx *Tx, d ruled) error {
	var same bool
	if err := tx.row(`SELECT COALESCE(locked_at, 0) = $1 FROM idea WHERE id = $2`, d.at, d.idea).Scan(&same); err != nil || !same {
		return err
	}
	return tx.lockIdea(target{board: d.board}, d.idea, false)
}

// lockIdea closes an idea or opens it again.
func (tx *Tx) lockIdea(t target, id int64, locked bool) error {
	kind, when := board.IdeaUnlocked, any(nil)
	if locked {
		kind, when = board.IdeaLocked, tx.Now
	}
	seq, err := tx.record(kind, about{board: t.board, idea: id})
	if err != nil {
		return err
	}
	if _, err := tx.exec(`UPDATE idea SET locked_at = $1, last_seq = $2 WHERE id = $3`, when, seq, id); err != nil {
		return fmt.Errorf("lock idea %d: %w", id, err)
	}
	return nil
}
