package store

import (
	"context"
	"database/sql"
	"fmt"

	"convivio/store/board"
	"convivio/store/language"
	"convivio/store/markdown"
)

// SplitComment makes an idea of a comment, by its author and on the same board,
// with what was replied as its thread; a pointer stays where the comment stood.
// Merging the idea back brings the branch to its place again. For moderators.
// Errors: not_found, forbidden, invalid (field title), conflict when the comment
// is deleted, stands for an idea, or is cited by an answer, and when the idea is locked.
func (s *Store) SplitComment(ctx context.Context, who board.Who, comment int64, in board.Split) (board.Idea, error) {
	title, err := board.Line("title", in.Title, board.MaxTitle, true)
	if err != nil {
		return board.Idea{}, err
	}
	var made int64
	_, err = s.write(ctx, who.ID, func(tx *Tx) error {
		made, err = tx.split(who, comment, title)
		return err
	})
	if err != nil {
		return board.Idea{}, err
	}
	return s.Idea(ctx, who, made)
}

func (tx *Tx) split(who board.Who, comment int64, title string) (made int64, err error) {
	t, idea, author, _, err := tx.ownComment(who, comment)
	if err != nil {
		return 0, err
	}
	if err := tx.moderator(who, t.board); err != nil {
		return 0, err
	}
	if err := tx.splittable(t, comment); err != nil {
		return 0, err
	}
	if made, err = tx.ideaOf(t, comment, author, title); err != nil {
		return 0, err
	}
	added := tx.seq
	seq, err := tx.record(board.CommentSplit, about{board: t.board, idea: idea, comment: comment, subject: made})
	if err != nil {
		return 0, err
	}
	if err := tx.all("split a branch",
		statement{`WITH RECURSIVE b (id) AS (SELECT id FROM comment WHERE parent_id = $1 UNION ALL SELECT c.id FROM b JOIN comment c ON c.parent_id = b.id)
			UPDATE comment SET idea_id = $2, via = NULL WHERE id IN (SELECT id FROM b)`, []any{comment, made}},
		statement{`UPDATE comment SET parent_id = NULL WHERE parent_id = $1`, []any{comment}},
		statement{`INSERT INTO idea_version (idea_id, title, body, at) SELECT $2, $3, body, at FROM comment_version WHERE comment_id = $1 ORDER BY id`, []any{comment, made, title}},
		statement{`DELETE FROM comment_version WHERE comment_id = $1`, []any{comment}},
		statement{`INSERT INTO file_use (file_id, idea_id, comment_id) SELECT file_id, $2, NULL FROM file_use WHERE comment_id = $1`, []any{comment, made}},
		statement{`DELETE FROM file_use WHERE comment_id = $1`, []any{comment}},
		statement{`INSERT INTO idea_follow (idea_id, person_id, follows, seq)
			SELECT DISTINCT c.idea_id, c.author_id, 1, $2 FROM comment c JOIN person p ON p.id = c.author_id AND p.email IS NOT NULL
			WHERE c.idea_id = $1 AND c.deleted_at IS NULL ON CONFLICT (idea_id, person_id) DO NOTHING`, []any{made, seq}},
		statement{`UPDATE comment SET body = '', html = '', lang = '', label = 'split', merged_id = $2, deleted_at = $3, last_seq = $4 WHERE id = $1`,
			[]any{comment, made, tx.Now, seq}},
		statement{`UPDATE comment SET replies = 0, repliers = 0 WHERE id = $1`, []any{comment}}); err != nil {
		return 0, err
	}
	if err := tx.rehang(idea, made); err != nil {
		return 0, err
	}
	if err := tx.recount(seq, idea); err != nil {
		return 0, err
	}
	if err := tx.recount(added, made); err != nil {
		return 0, err
	}
	if err := tx.tell(author, board.Relocated, made, 0); err != nil {
		return 0, err
	}
	return made, tx.audit(act{kind: board.CommentSplitAct, board: t.board, idea: idea, comment: comment, person: author, after: splitAct{made}})
}

// splitAct is what the audit log keeps of a branch that became an idea.
type splitAct struct {
	Idea int64 `json:"idea"`
}

// splittable refuses to take a comment out of its thread that holds the thread
// together. Errors: conflict.
func (tx *Tx) splittable(t target, comment int64) error {
	var label string
	var gone, cited, within bool
	err := tx.row(`SELECT c.label, c.deleted_at IS NOT NULL, c.cited > 0, EXISTS (
			WITH RECURSIVE b (id) AS (SELECT c.id UNION ALL SELECT r.id FROM b JOIN comment r ON r.parent_id = b.id)
			SELECT 1 FROM b JOIN comment l ON l.id = b.id WHERE l.label = 'merged')
		FROM comment c WHERE c.id = $1`, comment).Scan(&label, &gone, &cited, &within)
	switch {
	case err != nil:
		return fmt.Errorf("look at comment %d: %w", comment, err)
	case t.locked:
		return errLocked
	case label != "" && label != string(board.MergedLabel), within:
		return board.Fault(board.Conflict, "This comment stands for another idea, or one was merged below it: separate that first.").On("comment")
	case gone:
		return board.Fault(board.Conflict, "This comment was deleted.").On("comment")
	case cited:
		return board.Fault(board.Conflict, "An official answer cites this comment: it stays where the decision is.").On("comment")
	}
	return nil
}

// ideaOf adds an idea with the words of a comment, when it was written. It is the
// author's: the event says so, as that of any idea.
func (tx *Tx) ideaOf(t target, comment, author int64, title string) (int64, error) {
	text := ideaText{title: title}
	var created int64
	var edited sql.NullInt64
	if err := tx.row(`SELECT body, html, lang, created_at, edited_at FROM comment WHERE id = $1`, comment).
		Scan(&text.body, &text.html, &text.lang, &created, &edited); err != nil {
		return 0, fmt.Errorf("read comment %d: %w", comment, err)
	}
	text.excerpt = markdown.Excerpt(text.html, excerptRunes)
	text.lang = language.Of(title+"\n"+text.body, text.lang)
	who := tx.actor
	tx.actor = author
	made, err := tx.addIdea(t.board, author, text, 0)
	tx.actor = who
	if err != nil {
		return 0, err
	}
	return made, tx.all("date an idea",
		statement{`UPDATE idea SET edited_at = $1, renderer = (SELECT c.renderer FROM comment c WHERE c.id = $2) WHERE id = $3`, []any{edited, comment, made}},
		statement{`INSERT INTO idea_follow (idea_id, person_id, follows, seq) SELECT $1, p.id, 1, $3 FROM person p WHERE p.id = $2 AND p.email IS NOT NULL`, []any{made, author, tx.seq}})
}
