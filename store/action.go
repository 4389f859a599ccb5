package store

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"convivio/store/board"
	"convivio/store/language"
	"convivio/store/markdown"
)

// What a moderator can do about the words of an idea or a comment, and the list of
// all actions. Those about people, posts that wait and merging are in action_*.go.

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
		return action{about: aboutWords, do: slowDown, undo: speedUp}, true
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

// rewrite puts an idea or a comment back to earlier words, by its author.
func (tx *Tx) rewrite(d ruled, title, body string) error {
	var html string
	if d.comment != 0 {
		if err := tx.row(`SELECT html FROM comment WHERE id = $1`, d.comment).Scan(&html); err != nil {
			return fmt.Errorf("read comment %d: %w", d.comment, err)
		}
	} else if err := tx.row(`SELECT html FROM idea WHERE id = $1`, d.idea).Scan(&html); err != nil {
		return fmt.Errorf("read idea %d: %w", d.idea, err)
	}
	text := words{body: body, html: fresh(html, body, 0), lang: language.Of(title+"\n"+body, "")}
	t := target{board: d.board, author: d.person}
	if d.comment != 0 {
		return tx.editComment(t, d.idea, d.person, d.comment, text)
	}
	if err := tx.rewriteLabel(d, text); err != nil {
		return err
	}
	return tx.editIdea(t, d.idea, ideaText{words: text, title: title, excerpt: markdown.Excerpt(text.html, excerptRunes)}, board.IdeaChange{Title: &title, Body: &body})
}

// unediting puts the words back that a moderator changed, unless their author
// wrote others since.
func unediting(tx *Tx, d ruled) error {
	query := `SELECT v.title, v.body, i.edited_at = $2 FROM idea_version v JOIN idea i ON i.id = v.idea_id AND i.deleted_at IS NULL WHERE v.idea_id = $1 AND v.at = $2 ORDER BY v.id DESC LIMIT 1`
	of := d.idea
	if d.comment != 0 {
		of = d.comment
		query = `SELECT '', v.body, c.edited_at = $2 FROM comment_version v JOIN comment c ON c.id = v.comment_id AND c.deleted_at IS NULL WHERE v.comment_id = $1 AND v.at = $2 ORDER BY v.id DESC LIMIT 1`
	}
	var title, body string
	var last bool
	err := tx.row(query, of, d.at).Scan(&title, &body, &last)
	if errors.Is(err, sql.ErrNoRows) {
		return errTooLate
	}
	if err != nil {
		return fmt.Errorf("find the words before an edit: %w", err)
	}
	if !last {
		return nil // what stands there now is the author's own
	}
	return tx.rewrite(d, title, body)
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

func slowDown(tx *Tx, r *ruling) error {
	t, err := tx.words(r)
	if err != nil {
		return err
	}
	if r.Minutes == 0 {
		return board.FieldFault("minutes", "Say how many minutes lie between two comments of one person.")
	}
	r.was = t.slow
	return tx.slowIdea(r.who, t, r.item.idea, int64(r.Minutes))
}

// speedUp puts the pause back that was there before, unless somebody set another since.
func speedUp(tx *Tx, d ruled) error {
	var other bool
	if err := tx.row(`SELECT EXISTS (SELECT 1 FROM log WHERE idea_id = $1 AND kind = 'idea.slowed' AND at > $2)`, d.idea, d.at).Scan(&other); err != nil || other {
		return err
	}
	seq, err := tx.record(board.IdeaSlowed, about{board: d.board, idea: d.idea})
	if err != nil {
		return err
	}
	if _, err := tx.exec(`UPDATE idea SET slow = $1, last_seq = $2 WHERE id = $3`, d.was, seq, d.idea); err != nil {
		return fmt.Errorf("end slow mode of idea %d: %w", d.idea, err)
	}
	return nil
}
