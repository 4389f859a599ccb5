package store

import (
	"database/sql"
	"errors"
	"fmt"

	"convivio/store/board"
	"convivio/store/markdown"
)

// A label is the comment that stands for a merged idea in the survivor's thread:
// by its author, with its text, with its thread below. The words stand on both
// rows, so a change of the one changes the other.

// labelFor makes the label of a merge, or takes up one that was left in the
// survivor's thread. A comment that had become the idea stands where it stood.
func (tx *Tx) labelFor(m *merged, seq int64) error {
	var back bool
	err := tx.row(`
		SELECT c.id, EXISTS (SELECT 1 FROM log l WHERE l.seq = c.added_seq AND l.kind = 'comment.added')
		FROM comment c WHERE c.merged_id = $1 AND c.idea_id = $2 ORDER BY c.id DESC LIMIT 1`, m.from, m.into).Scan(&m.label, &back)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		m.label, err = tx.insert(`
			INSERT INTO comment (idea_id, author_id, body, html, renderer, lang, depth, created_at, added_seq, last_seq, label, merged_id)
			SELECT $2, i.author_id, i.body, i.html, i.renderer, i.lang, 0, i.created_at, $3, $3, 'merged', i.id FROM idea i WHERE i.id = $1 RETURNING id`,
			m.from, m.into, seq)
	case err == nil:
		_, err = tx.exec(`
			UPDATE comment SET (author_id, body, html, renderer, lang, created_at, edited_at) = (SELECT i.author_id, i.body, i.html, i.renderer, i.lang, comment.created_at, i.edited_at FROM idea i WHERE i.id = $1),
				label = 'merged', deleted_at = NULL, last_seq = $2, added_seq = CASE WHEN $3 = 1 THEN added_seq ELSE $2 END WHERE id = $4`,
			m.from, seq, asInt(back), m.label)
	}
	if err != nil {
		return fmt.Errorf("label the branch of idea %d: %w", m.from, err)
	}
	return nil
}

// unlabel takes the words of an idea that stands by itself again out of its label,
// which stays only where something was said below it, or an answer cites it.
func (tx *Tx) unlabel(label, seq int64) error {
	return tx.all("take a label away",
		statement{`INSERT INTO file_use (file_id, idea_id, comment_id) SELECT u.file_id, c.merged_id, NULL FROM file_use u JOIN comment c ON c.id = u.comment_id
			WHERE u.comment_id = $1 AND NOT EXISTS (SELECT 1 FROM file_use o WHERE o.file_id = u.file_id AND o.idea_id = c.merged_id AND o.comment_id IS NULL)`, []any{label}},
		statement{`DELETE FROM file_use WHERE comment_id = $1`, []any{label}},
		statement{`DELETE FROM comment_version WHERE comment_id = $1`, []any{label}},
		statement{`UPDATE comment SET body = '', html = '', lang = '', edited_at = NULL, deleted_at = $1, last_seq = $2, label = CASE
			WHEN EXISTS (SELECT 1 FROM log l WHERE l.seq = comment.added_seq AND l.kind = 'comment.added') THEN 'split'
			WHEN cited > 0 OR EXISTS (SELECT 1 FROM comment r WHERE r.parent_id = comment.id) THEN 'parted' ELSE 'hidden' END WHERE id = $3`,
			[]any{tx.Now, seq, label}},
		statement{`UPDATE comment SET parent_id = NULL WHERE id = $1 AND label = 'hidden'`, []any{label}})
}

// labelOf is the merged idea that a comment holds the words of; 0: none.
func (tx *Tx) labelOf(comment int64) (idea int64, err error) {
	err = tx.row(`SELECT CASE WHEN label = 'merged' THEN merged_id ELSE 0 END FROM comment WHERE id = $1`, comment).Scan(&idea)
	if err != nil {
		return 0, fmt.Errorf("look what comment %d stands for: %w", comment, err)
	}
	return idea, nil
}

// rewordMerged changes the text of the merged idea that an edited comment holds.
func (tx *Tx) rewordMerged(comment int64, text words) error {
	idea, err := tx.labelOf(comment)
	if err != nil || idea == 0 {
		return err
	}
	return tx.all("change a merged idea's words",
		statement{`INSERT INTO idea_version (idea_id, title, body, at) SELECT id, title, body, $2 FROM idea WHERE id = $1`, []any{idea, tx.Now}},
		statement{`UPDATE idea SET body = $1, html = $2, renderer = $3, lang = $4, excerpt = $5, edited_at = $6 WHERE id = $7`,
			[]any{text.body, text.html, markdown.Version, text.lang, markdown.Excerpt(text.html, excerptRunes), tx.Now, idea}})
}

// rewriteLabel puts the words of an idea that was merged since back where they are
// read, which is its label.
func (tx *Tx) rewriteLabel(d ruled, text words) error {
	var label, survivor, boardID int64
	err := tx.row(`SELECT c.id, i.id, i.board_id FROM comment c JOIN idea i ON i.id = c.idea_id WHERE c.merged_id = $1 AND c.label = 'merged' AND c.deleted_at IS NULL`,
		d.idea).Scan(&label, &survivor, &boardID)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("find the label of idea %d: %w", d.idea, err)
	}
	return tx.editComment(target{board: boardID, author: d.person}, survivor, d.person, label, text)
}

// blankMerged takes away the words of the merged idea that a comment holds, which
// is being deleted; they are set aside with those of the comment. Called after setAside.
func (tx *Tx) blankMerged(comment, removed int64) error {
	idea, err := tx.labelOf(comment)
	if err != nil || idea == 0 {
		return err
	}
	return tx.all("take a merged idea's words away",
		statement{`INSERT INTO removed_text (removed_id, part, ref, title, excerpt, tags, body, html) SELECT $1, 'idea', id, title, excerpt, tags, body, html FROM idea WHERE id = $2`, []any{removed, idea}},
		statement{`INSERT INTO removed_text (removed_id, part, ref, at, title, body) SELECT $1, 'idea_version', idea_id, at, title, body FROM idea_version WHERE idea_id = $2 ORDER BY id`, []any{removed, idea}},
		statement{`UPDATE idea SET title = '', body = '', html = '', excerpt = '', tags = '' WHERE id = $1`, []any{idea}},
		statement{`DELETE FROM idea_version WHERE idea_id = $1`, []any{idea}},
		statement{`DELETE FROM file_use WHERE idea_id = $1 AND comment_id IS NULL AND file_id IN (SELECT u.file_id FROM file_use u WHERE u.comment_id = $2)
			AND NOT EXISTS (SELECT 1 FROM answer a WHERE a.idea_id = $1 AND a.html LIKE '%/files/' || file_id || '%')`, []any{idea, comment}})
}

// unblankMerged puts the words of a merged idea back with those of its label.
// Called before what was set aside is let go of.
func (tx *Tx) unblankMerged(removed, comment int64) error {
	idea, err := tx.labelOf(comment)
	if err != nil || idea == 0 {
		return err
	}
	const aside = ` FROM removed_text r WHERE r.removed_id = $1 AND r.part = `
	return tx.all("put a merged idea's words back",
		statement{`UPDATE idea SET (title, excerpt, tags, body, html) = (SELECT r.title, r.excerpt, r.tags, r.body, r.html` + aside + `'idea') WHERE id = $2`, []any{removed, idea}},
		statement{`INSERT INTO idea_version (idea_id, title, body, at) SELECT r.ref, r.title, r.body, r.at` + aside + `'idea_version' ORDER BY r.id`, []any{removed}},
		statement{`INSERT INTO file_use (file_id, idea_id, comment_id) SELECT u.file_id, $1, NULL FROM file_use u
			WHERE u.comment_id = $2 AND NOT EXISTS (SELECT 1 FROM file_use o WHERE o.file_id = u.file_id AND o.idea_id = $1 AND o.comment_id IS NULL)`, []any{idea, comment}})
}

// openFor finds the open idea that a comment belongs to: where it was merged, what
// is said on it is said on the one that it was merged into. Errors: those of openIdea.
func (tx *Tx) openFor(who board.Who, c *board.Comment) (target, error) {
	t, err := tx.openIdea(who, c.Idea)
	if err == nil {
		return t, nil
	}
	idea := c.Idea
	if err := tx.rerouted(c); err != nil {
		return t, err
	}
	if c.Idea == idea {
		return t, err
	}
	return tx.openIdea(who, c.Idea)
}

// rerouted is where a comment goes that was written on an idea while that was
// merged: to the survivor, below its label. Between boards it goes nowhere: it
// was written for other readers.
func (tx *Tx) rerouted(c *board.Comment) error {
	var survivor, label, from, to int64
	err := tx.row(`
		SELECT i.merged_into, m.label_id, m.from_board, i.board_id FROM merge m JOIN idea i ON i.id = m.from_id
		WHERE m.from_id = $1 AND m.undone_at IS NULL`, c.Idea).Scan(&survivor, &label, &from, &to)
	if errors.Is(err, sql.ErrNoRows) || err == nil && from != to {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look where idea %d leads: %w", c.Idea, err)
	}
	c.Idea = survivor
	if c.ParentID == nil {
		c.ParentID = &label
	}
	return nil
}
