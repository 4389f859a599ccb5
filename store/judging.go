package store

import (
	"database/sql"
	"errors"
	"fmt"

	"convivio/store/board"
	"convivio/store/language"
	"convivio/store/markdown"
)

// What moderators can do about people, about what waits and about appeals: the
// actions that action.go lists.

var (
	slowing   = action{about: aboutWords, do: slowDown, undo: speedUp}
	approving = action{about: isHeld, own: true, do: func(tx *Tx, r *ruling) error { return tx.approveHeld(r.who, r.item.subject, false) }}
	rejecting = action{about: isHeld, own: true, undo: waitAgain, do: func(tx *Tx, r *ruling) error {
		return tx.refuseHeld(r.who, r.item.subject, r.Ground, r.Note)
	}}
)

func isHeld(it item) bool { return it.kind == board.HeldItem }

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
