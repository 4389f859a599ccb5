package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"time"

	"convivio/store/board"
)

// Deleting takes effect at once, for everybody. For as long as it takes to notice
// a slip the words stand aside, for who deleted them alone; then they are erased.

// undoGrace is how much longer than what the page says an undo is taken: the way
// there and back.
const undoGrace = 5 * time.Second

var errTooLate = board.Fault(board.Conflict, "It is too late to undo this: the words have been erased.")

// alongside tells whether a column names an idea or one that was merged into it.
func alongside(column, idea string) string {
	return `(` + column + ` = ` + idea + ` OR ` + column + ` IN (SELECT m.id FROM idea m WHERE m.merged_into = ` + idea + `))`
}

// setAside keeps the words of a comment (or, with comment 0, of an idea and all
// that hangs on it, with the ideas merged into it) that are about to be deleted.
func (tx *Tx) setAside(idea, comment int64) (id int64, err error) {
	id, err = tx.insert(`INSERT INTO removed (idea_id, comment_id, person_id, at) VALUES ($1, $2, $3, $4) RETURNING id`,
		idea, orNull(comment), tx.actor, tx.Now)
	if err != nil {
		return 0, fmt.Errorf("set words aside: %w", err)
	}
	list := []string{
		`INSERT INTO removed_text (removed_id, part, ref, lang, body, html) SELECT $1, 'comment', id, lang, body, html FROM comment WHERE id = $2`,
		`INSERT INTO removed_text (removed_id, part, ref, at, body) SELECT $1, 'comment_version', comment_id, at, body FROM comment_version WHERE comment_id = $2 ORDER BY id`,
	}
	if comment == 0 {
		comment = idea
		list = []string{
			`INSERT INTO removed_text (removed_id, part, ref, title, excerpt, tags, body, html) SELECT $1, 'idea', id, title, excerpt, tags, body, html FROM idea WHERE id = $2 OR merged_into = $2`,
			`INSERT INTO removed_text (removed_id, part, ref, at, title, body) SELECT $1, 'idea_version', idea_id, at, title, body FROM idea_version WHERE ` + alongside("idea_id", "$2") + ` ORDER BY id`,
			`INSERT INTO removed_text (removed_id, part, ref, body, html) SELECT $1, 'comment', id, body, html FROM comment WHERE idea_id = $2`,
			`INSERT INTO removed_text (removed_id, part, ref, at, body) SELECT $1, 'comment_version', v.comment_id, v.at, v.body
				FROM comment_version v JOIN comment c ON c.id = v.comment_id WHERE c.idea_id = $2 ORDER BY v.id`,
			`INSERT INTO removed_text (removed_id, part, ref, body, html) SELECT $1, 'answer', id, body, html FROM answer WHERE ` + alongside("idea_id", "$2"),
			`INSERT INTO removed_text (removed_id, part, ref, body, html) SELECT $1, 'stage_change', id, reason, measured FROM stage_change WHERE ` + alongside("idea_id", "$2"),
		}
	}
	for _, query := range list {
		if _, err := tx.exec(query, id, comment); err != nil {
			return 0, fmt.Errorf("set words aside: %w", err)
		}
	}
	return id, nil
}

// takenBack finds what was set aside when somebody deleted something. Errors:
// conflict when it is not there any more, or somebody else deleted it.
func (tx *Tx) takenBack(who board.Who, idea, comment int64) (id int64, err error) {
	err = tx.row(`
		SELECT id FROM removed WHERE idea_id = $1 AND COALESCE(comment_id, 0) = $2 AND person_id = $3 AND at > $4 AND keep_until IS NULL ORDER BY id DESC LIMIT 1`,
		idea, comment, who.ID, tx.Now-(board.UndoTime+undoGrace).Microseconds()).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, errTooLate
	}
	if err != nil {
		return 0, fmt.Errorf("find what was set aside: %w", err)
	}
	return id, nil
}

// undo runs the statements that put words back where they stood, $1 being what
// was set aside, and lets go of that.
func (tx *Tx) undo(removed int64, list ...statement) error {
	list = append(list,
		statement{`DELETE FROM removed_text WHERE removed_id = $1`, []any{removed}},
		statement{`DELETE FROM removed WHERE id = $1`, []any{removed}})
	for _, st := range list {
		if _, err := tx.exec(st.sql, st.args...); err != nil {
			return fmt.Errorf("put words back: %w", err)
		}
	}
	return nil
}

// RestoreComment takes back a deletion, for who deleted the comment and within
// board.UndoTime; it comes back with its earlier wordings. What is not deleted
// stays as it is. Errors: not_found, conflict when it is too late, or the idea was
// locked meanwhile.
func (s *Store) RestoreComment(ctx context.Context, who board.Who, id int64) (board.Comment, error) {
	_, err := s.write(ctx, who.ID, func(tx *Tx) error {
		t, idea, author, deleted, err := tx.ownComment(who, id)
		if err != nil || !deleted {
			return err
		}
		removed, err := tx.takenBack(who, idea, id)
		if err != nil {
			return err
		}
		if err := tx.notLockedSince(idea, removed); err != nil {
			return err
		}
		if err := tx.auditOthers(author, act{kind: board.CommentRestoredAct, board: t.board, idea: idea, comment: id}); err != nil {
			return err
		}
		return tx.restoreComment(t.board, idea, id, removed)
	})
	if err != nil {
		return board.Comment{}, err
	}
	return s.Comment(ctx, who, id)
}

func (tx *Tx) restoreComment(boardID, idea, id, removed int64) error {
	seq, err := tx.record(board.CommentRestored, about{board: boardID, idea: idea, comment: id})
	if err != nil {
		return err
	}
	if err := tx.unblankMerged(removed, id); err != nil {
		return err
	}
	err = tx.undo(removed,
		statement{`UPDATE comment SET (body, html, lang) = (SELECT r.body, r.html, r.lang FROM removed_text r WHERE r.removed_id = $1 AND r.part = 'comment'),
			deleted_at = NULL, last_seq = $2 WHERE id = $3`, []any{removed, seq, id}},
		statement{`INSERT INTO comment_version (comment_id, body, at) SELECT ref, body, at FROM removed_text
			WHERE removed_id = $1 AND part = 'comment_version' ORDER BY id`, []any{removed}},
		statement{`UPDATE comment SET repliers = ` + countRepliers + ` WHERE id = (SELECT parent_id FROM comment WHERE id = $1)`, []any{id}},
		statement{`UPDATE idea SET comments = comments + 1, last_seq = $1, thread_seq = $1 WHERE id = $2`, []any{seq, idea}})
	if err != nil {
		return err
	}
	return tx.reheat(idea)
}

// RestoreIdea takes back a deletion, for who deleted the idea and within
// board.UndoTime: the idea comes back with its thread, votes and answers. What is
// not deleted stays as it is. Errors: conflict when it is too late, or there is no
// such idea.
func (s *Store) RestoreIdea(ctx context.Context, who board.Who, id int64) (board.Idea, error) {
	_, err := s.write(ctx, who.ID, func(tx *Tx) error {
		var boardID, author int64
		var deleted bool
		err := tx.row(`
			SELECT i.board_id, i.author_id, i.deleted_at IS NOT NULL
			FROM idea i JOIN board b ON b.id = i.board_id
			JOIN person p ON p.id = $2 AND p.kind = $1 AND p.disabled_at IS NULL
			WHERE i.id = $3 AND `+sees+`
				AND (i.deleted_at IS NULL OR EXISTS (SELECT 1 FROM removed r WHERE r.idea_id = i.id AND r.comment_id IS NULL AND r.person_id = $2))`,
			string(who.Kind), who.ID, id).Scan(&boardID, &author, &deleted)
		if errors.Is(err, sql.ErrNoRows) { // also where there never was anything to be seen
			return errTooLate
		}
		if err != nil {
			return fmt.Errorf("find idea %d: %w", id, err)
		}
		if !deleted {
			return nil
		}
		removed, err := tx.takenBack(who, id, 0)
		if err != nil {
			return err
		}
		if err := tx.restoreIdea(boardID, id, removed); err != nil {
			return err
		}
		return tx.auditOthers(author, act{kind: board.IdeaRestoredAct, board: boardID, idea: id})
	})
	if err != nil {
		return board.Idea{}, err
	}
	return s.Idea(ctx, who, id)
}

func (tx *Tx) restoreIdea(boardID, id, removed int64) error {
	seq, err := tx.record(board.IdeaRestored, about{board: boardID, idea: id})
	if err != nil {
		return err
	}
	const aside = ` FROM removed_text r WHERE r.removed_id = $1 AND r.part = `
	if err := tx.undo(removed,
		statement{`UPDATE idea SET (title, excerpt, tags, body, html) = (SELECT r.title, r.excerpt, r.tags, r.body, r.html` + aside + `'idea' AND r.ref = idea.id),
			deleted_at = NULL WHERE id = $2 OR merged_into = $2`, []any{removed, id}},
		statement{`UPDATE idea SET last_seq = $1, thread_seq = $1 WHERE id = $2`, []any{seq, id}},
		statement{`INSERT INTO idea_version (idea_id, title, body, at) SELECT r.ref, r.title, r.body, r.at` + aside + `'idea_version' ORDER BY r.id`, []any{removed}},
		statement{`UPDATE comment SET (body, html) = (SELECT r.body, r.html` + aside + `'comment' AND r.ref = comment.id) WHERE idea_id = $2`, []any{removed, id}},
		statement{`INSERT INTO comment_version (comment_id, body, at) SELECT r.ref, r.body, r.at` + aside + `'comment_version' ORDER BY r.id`, []any{removed}},
		statement{`UPDATE answer SET (body, html) = (SELECT r.body, r.html` + aside + `'answer' AND r.ref = answer.id) WHERE ` + alongside("idea_id", "$2"), []any{removed, id}},
		statement{`UPDATE stage_change SET (reason, measured) = (SELECT r.body, r.html` + aside + `'stage_change' AND r.ref = stage_change.id) WHERE ` + alongside("idea_id", "$2"), []any{removed, id}},
		statement{`UPDATE board SET ideas = ideas + 1 WHERE id = $1`, []any{boardID}}); err != nil {
		return err
	}
	return tx.setDue(id)
}

// Undo says how long somebody may still take back that they deleted a comment
// or, with comment 0, an idea; 0: not, or not any more.
func (s *Store) Undo(ctx context.Context, who board.Who, idea, comment int64) (time.Duration, error) {
	var us int64
	err := s.readDB.QueryRowContext(ctx, `
		SELECT at FROM removed WHERE ($1 = 0 OR idea_id = $1) AND COALESCE(comment_id, 0) = $2 AND person_id = $3 AND keep_until IS NULL ORDER BY id DESC LIMIT 1`,
		idea, comment, who.ID).Scan(&us)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("look for what was set aside: %w", err)
	}
	return max(0, at(us).Add(board.UndoTime).Sub(s.now())), nil
}

// ForgetRemoved erases the words that can be taken back no more. Called every
// quarter of a minute by the server, and when a folder is opened; it writes only
// where there is something.
func (s *Store) ForgetRemoved(ctx context.Context) error {
	now := s.now()
	return s.forgetRemoved(ctx, micros(now.Add(-board.UndoTime-undoGrace)), micros(now))
}

// everRemoved is a time after every deletion.
const everRemoved = math.MaxInt64

// served are the words that can be taken back no more: deleted until $1, or kept
// for a decision until $2.
const served = `(keep_until IS NULL AND at <= $1 OR keep_until <= $2)`

func (s *Store) forgetRemoved(ctx context.Context, before, now int64) error {
	var some bool
	if err := s.readDB.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM removed WHERE `+served+`)
		OR EXISTS (SELECT 1 FROM report WHERE note <> '' AND closed_at <= $3)
		OR EXISTS (SELECT 1 FROM idea_version v WHERE `+takenOut("d.idea_id = v.idea_id AND d.comment_id IS NULL", "$3")+`)
		OR EXISTS (SELECT 1 FROM comment_version v WHERE `+takenOut("d.comment_id = v.comment_id", "$3")+`)`, before, now, now-board.AppealTime.Microseconds()).Scan(&some); err != nil {
		return fmt.Errorf("look for what was set aside: %w", err)
	}
	if !some {
		return nil
	}
	return s.note(ctx, append(forgetting(served, before, now),
		statement{`UPDATE report SET note = '' WHERE note <> '' AND closed_at <= $1`, []any{now - board.AppealTime.Microseconds()}},
		statement{`DELETE FROM idea_version AS v WHERE ` + takenOut("d.idea_id = v.idea_id AND d.comment_id IS NULL", "$1"), []any{now - board.AppealTime.Microseconds()}},
		statement{`DELETE FROM comment_version AS v WHERE ` + takenOut("d.comment_id = v.comment_id", "$1"), []any{now - board.AppealTime.Microseconds()}},
		unnamed(now-board.AppealTime.Microseconds()))...)
}

// forgetting are the statements that erase what was set aside, and what hung on it.
func forgetting(which string, args ...any) []statement {
	return []statement{
		{`DELETE FROM reaction WHERE comment_id IN (SELECT comment_id FROM removed WHERE ` + which + `)`, args},
		{`DELETE FROM reaction WHERE idea_id IN (SELECT idea_id FROM removed WHERE comment_id IS NULL AND ` + which + `)`, args},
		{`DELETE FROM idea_follow WHERE idea_id IN (SELECT idea_id FROM removed WHERE comment_id IS NULL AND ` + which + `)`, args},
		{`DELETE FROM saved_find WHERE idea_id IN (SELECT idea_id FROM removed WHERE comment_id IS NULL AND ` + which + `)`, args},
		{`DELETE FROM answer_draft_cite WHERE idea_id IN (SELECT idea_id FROM removed WHERE comment_id IS NULL AND ` + which + `)`, args},
		{`DELETE FROM answer_draft WHERE idea_id IN (SELECT idea_id FROM removed WHERE comment_id IS NULL AND ` + which + `)`, args},
		{`DELETE FROM removed_text WHERE removed_id IN (SELECT id FROM removed WHERE ` + which + `)`, args},
		{`DELETE FROM removed WHERE ` + which, args},
	}
}

// notLockedSince refuses to put back what was deleted before its idea was locked:
// it was locked as it stood. Errors: conflict.
func (tx *Tx) notLockedSince(idea, removed int64) error {
	var locked bool
	if err := tx.row(`SELECT COALESCE(i.locked_at, 0) > r.at FROM idea i JOIN removed r ON r.id = $2 WHERE i.id = $1`, idea, removed).Scan(&locked); err != nil {
		return fmt.Errorf("look whether idea %d was locked: %w", idea, err)
	}
	if locked {
		return errLocked
	}
	return nil
}
