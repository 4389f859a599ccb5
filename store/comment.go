package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"

	"convivio/store/board"
	"convivio/store/language"
	"convivio/store/markdown"
)

// Reply adds a comment under an idea or under another comment, or lets it wait for
// a moderator. Errors: not_found, invalid, forbidden for who may not write,
// too_many where the idea is in slow mode, conflict when the idea is locked or the
// parent deleted; a *board.Held where it waits.
func (s *Store) Reply(ctx context.Context, who board.Who, idea int64, in board.NewComment, key string) (board.Comment, error) {
	text, err := s.render(ctx, who, "body", in.Body, true)
	if err != nil {
		return board.Comment{}, err
	}
	text.lang = language.Of(text.body, "")
	o, err := newOnce(who, key, fmt.Sprintf("Reply %d", idea), in)
	if err != nil {
		return board.Comment{}, err
	}
	catches, err := s.catches(ctx, ideaText{words: text})
	if err != nil {
		return board.Comment{}, err
	}
	c := board.Comment{Idea: idea, ParentID: in.ParentID, Author: board.Author{ID: who.ID, Name: who.Name, Team: who.Team}, Body: text.body, HTML: text.html}
	repeated := false
	seq, err := s.write(ctx, who.ID, func(tx *Tx) error {
		earlier, _, found, err := tx.earlier(o)
		if found || err != nil {
			c.ID, repeated = earlier, true
			return err
		}
		t, err := tx.openFor(who, &c)
		if err != nil {
			return err
		}
		if err := tx.slowly(who, t, c.Idea); err != nil {
			return err
		}
		if held, err := tx.heldBack(who, t.board, post{ideaText: ideaText{words: text}, idea: c.Idea, parent: c.ParentID}, catches, o); err != nil || held != 0 {
			c.ID, repeated = -held, true
			return err
		}
		if err := tx.addComment(t, &c, text); err != nil {
			return err
		}
		if err := tx.follow(c.Idea, who.ID); err != nil {
			return err
		}
		return tx.remember(o, c.ID)
	})
	if err != nil {
		return board.Comment{}, err
	}
	if c.ID < 0 {
		if c.ID, err = s.postedFrom(ctx, who, -c.ID); err != nil {
			return board.Comment{}, err
		}
	}
	if repeated {
		return s.Comment(ctx, who, c.ID)
	}
	c.Seq, c.Added = seq, seq
	return c, nil
}

// parentOf places a comment under its parent and returns its depth.
func (tx *Tx) parentOf(c *board.Comment) (depth int, err error) {
	if c.ParentID == nil {
		return 0, nil
	}
	var idea, author int64
	var deleted sql.NullInt64
	var known bool
	err = tx.row(`
		SELECT c.idea_id, c.author_id, c.depth, c.deleted_at, p.name,
		       EXISTS (SELECT 1 FROM comment r WHERE r.parent_id = c.id AND r.author_id = $2 AND r.deleted_at IS NULL)
		FROM comment c JOIN person p ON p.id = c.author_id WHERE c.id = $1`, *c.ParentID, c.Author.ID).
		Scan(&idea, &author, &depth, &deleted, &c.ReplyTo, &known)
	none := errors.Is(err, sql.ErrNoRows)
	if err != nil && !none {
		return 0, fmt.Errorf("find the parent comment: %w", err)
	}
	if none || idea != c.Idea {
		return 0, board.FieldFault("parent_id", "The comment you reply to is not on this idea.")
	}
	if deleted.Valid {
		return 0, board.Fault(board.Conflict, "The comment you reply to was deleted meanwhile.").On("parent_id")
	}
	fresh := 0
	if !known && author != c.Author.ID {
		fresh = 1
	}
	if _, err := tx.exec(`UPDATE comment SET replies = replies + 1, repliers = repliers + $1 WHERE id = $2`, fresh, *c.ParentID); err != nil {
		return 0, fmt.Errorf("count replies: %w", err)
	}
	return depth + 1, nil
}

// addComment inserts a comment that was found good, and fills in c.
func (tx *Tx) addComment(t target, c *board.Comment, text words) (err error) {
	if c.Depth, err = tx.parentOf(c); err != nil {
		return err
	}
	seq := tx.nextSeq()
	c.CreatedAt = at(tx.Now)
	c.ID, err = tx.insert(`
		INSERT INTO comment (idea_id, parent_id, author_id, body, html, renderer, lang, depth, created_at, added_seq, last_seq)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10) RETURNING id`,
		c.Idea, c.ParentID, c.Author.ID, text.body, text.html, markdown.Version, text.lang, c.Depth, tx.Now, seq)
	if err != nil {
		return fmt.Errorf("insert comment: %w", err)
	}
	heat := t.heat
	if c.Author.ID != t.author {
		heat = warmer(heat, heatOfComment, tx.Now)
	}
	if _, err := tx.exec(`UPDATE idea SET comments = comments + 1, heat = $1, moved_seq = $2, last_seq = $2, thread_seq = $2 WHERE id = $3`, heat, seq, c.Idea); err != nil {
		return fmt.Errorf("count comments: %w", err)
	}
	if err := tx.useFiles(c.Author.ID, c.Idea, c.ID, text.files, ""); err != nil {
		return err
	}
	_, err = tx.record(board.CommentAdded, about{board: t.board, idea: c.Idea, comment: c.ID})
	return err
}

// ownComment finds a comment and its idea for a verb on it.
func (tx *Tx) ownComment(who board.Who, id int64) (t target, idea, author int64, deleted bool, err error) {
	var when sql.NullInt64
	err = tx.row(`SELECT idea_id, author_id, deleted_at FROM comment WHERE id = $1`, id).Scan(&idea, &author, &when)
	if err = missingIfNone(err, "find comment %d", id); err != nil {
		return t, 0, 0, false, err
	}
	t, err = tx.idea(who, idea)
	return t, idea, author, when.Valid, err
}

// errMeanwhile answers an edit of words that are not those that stand there now.
var errMeanwhile = board.Fault(board.Conflict, "Other words were saved here meanwhile, from another window or device. Both stand below: take what you need, and save again.").On("was")

// EditComment changes a comment's words; the earlier wording is kept. Errors:
// conflict (field was) when the words changed meanwhile, and
// not_found, forbidden for others than the author, conflict when deleted or locked, invalid.
func (s *Store) EditComment(ctx context.Context, who board.Who, id int64, in board.CommentChange) (board.Comment, error) {
	text, err := s.render(ctx, who, "body", in.Body, true)
	if err != nil {
		return board.Comment{}, err
	}
	text.lang = language.Of(text.body, "")
	before, err := s.Comment(ctx, who, id)
	if err != nil {
		return before, err
	}
	catches, err := s.newCatches(ctx, ideaText{words: text}, before.Body, before.HTML)
	if err != nil {
		return board.Comment{}, err
	}
	_, err = s.write(ctx, who.ID, func(tx *Tx) error {
		t, idea, author, deleted, err := tx.ownComment(who, id)
		switch {
		case err != nil:
			return err
		case author != who.ID:
			return board.Fault(board.Forbidden, "Only the author can edit this.")
		case deleted:
			return board.Fault(board.Conflict, "This comment was deleted.").On("comment")
		case t.locked:
			return errLocked
		}
		if err := cmp.Or(t.maySpeak(tx.Now), caughtEdit(who, t.board, catches)); err != nil {
			return err
		}
		var body string
		if err := tx.row(`SELECT body FROM comment WHERE id = $1`, id).Scan(&body); err != nil || body == text.body {
			return err
		}
		if in.Was != "" && in.Was != board.Wording(body) {
			return errMeanwhile
		}
		return tx.editComment(t, idea, author, id, text)
	})
	if err != nil {
		return board.Comment{}, err
	}
	return s.Comment(ctx, who, id)
}

// editComment gives a comment other words and keeps the earlier ones.
func (tx *Tx) editComment(t target, idea, author, id int64, text words) error {
	var body string
	if err := tx.row(`SELECT body FROM comment WHERE id = $1`, id).Scan(&body); err != nil {
		return fmt.Errorf("read comment %d: %w", id, err)
	}
	if body == text.body {
		return nil
	}
	if _, err := tx.exec(`INSERT INTO comment_version (comment_id, body, at) VALUES ($1, $2, $3)`, id, body, tx.Now); err != nil {
		return fmt.Errorf("keep the earlier wording: %w", err)
	}
	seq, err := tx.record(board.CommentEdited, about{board: t.board, idea: idea, comment: id})
	if err != nil {
		return err
	}
	if _, err := tx.exec(`UPDATE comment SET body = $1, html = $2, renderer = $3, lang = $4, edited_at = $5, last_seq = $6 WHERE id = $7`,
		text.body, text.html, markdown.Version, text.lang, tx.Now, seq, id); err != nil {
		return fmt.Errorf("edit comment %d: %w", id, err)
	}
	if err := tx.useFiles(author, idea, id, text.files, body); err != nil {
		return err
	}
	if err := tx.rewordMerged(id, text); err != nil {
		return err
	}
	return tx.touchThread(idea, seq)
}

// touchThread makes an event the last of its idea, and of what the idea's thread
// shows. A verb that changes how a comment looks to its readers ends with it, or
// sets thread_seq itself where it changes more of the idea.
func (tx *Tx) touchThread(idea, seq int64) error {
	if _, err := tx.exec(`UPDATE idea SET last_seq = $1, thread_seq = $1 WHERE id = $2`, seq, idea); err != nil {
		return fmt.Errorf("touch the thread of idea %d: %w", idea, err)
	}
	return nil
}

// DeleteComment takes the words of a comment of one's own away at once and leaves a
// tombstone, so that the replies keep their place; RestoreComment may take it back.
// Deleting again changes nothing. Errors: not_found, forbidden for others than the
// author, invalid (field ground) for moderators: theirs is TakeDown.
func (s *Store) DeleteComment(ctx context.Context, who board.Who, id int64) (int64, error) {
	return s.write(ctx, who.ID, func(tx *Tx) error {
		t, idea, author, deleted, err := tx.ownComment(who, id)
		switch {
		case err != nil:
			return err
		case deleted && (author == who.ID || tx.moderator(who, t.board) == nil):
			return nil
		case author != who.ID:
			return tx.errNotOwn(who, t.board)
		}
		_, err = tx.takeComment(t, idea, id)
		return err
	})
}

// takeComment takes a comment's words away and sets them aside.
func (tx *Tx) takeComment(t target, idea, id int64) (removed int64, err error) {
	seq, err := tx.record(board.CommentDeleted, about{board: t.board, idea: idea, comment: id})
	if err != nil {
		return 0, err
	}
	if removed, err = tx.setAside(idea, id); err != nil {
		return 0, err
	}
	if err := tx.blankMerged(id, removed); err != nil {
		return 0, err
	}
	for _, st := range []statement{
		{`UPDATE comment SET body = '', html = '', lang = '', deleted_at = $1, last_seq = $2 WHERE id = $3`, []any{tx.Now, seq, id}},
		{`DELETE FROM comment_version WHERE comment_id = $1`, []any{id}},
		{`UPDATE comment SET repliers = ` + countRepliers + ` WHERE id = (SELECT parent_id FROM comment WHERE id = $1)`, []any{id}},
		{`UPDATE idea SET comments = comments - 1, last_seq = $1, thread_seq = $1 WHERE id = $2`, []any{seq, idea}},
	} {
		if _, err := tx.exec(st.sql, st.args...); err != nil {
			return 0, fmt.Errorf("delete comment %d: %w", id, err)
		}
	}
	return removed, tx.reheat(idea)
}

// countRepliers is how many different people replied to a comment, its author left out.
const countRepliers = `(SELECT COUNT(DISTINCT r.author_id) FROM comment r
	WHERE r.parent_id = comment.id AND r.deleted_at IS NULL AND r.author_id <> comment.author_id)`

const commentColumns = `c.id, c.idea_id, c.parent_id, p.id, p.name, COALESCE(t.name, ''), COALESCE(pp.name, ''),
	c.body, c.html, c.renderer, c.created_at, c.edited_at, c.deleted_at, c.depth, c.replies, c.cited > 0, c.last_seq, c.added_seq, c.lang,
	c.label, COALESCE(c.merged_id, 0), COALESCE(d.title, ''), COALESCE(d.lang, '')`

const commentFrom = ` FROM comment c
	JOIN person p ON p.id = c.author_id
	LEFT JOIN team t ON t.id = p.team_id
	LEFT JOIN idea d ON d.id = c.merged_id AND c.label = 'merged'
	LEFT JOIN comment pc ON pc.id = c.parent_id
	LEFT JOIN person pp ON pp.id = pc.author_id`

// scanComment reads commentColumns.
func scanComment(row interface{ Scan(...any) error }) (c board.Comment, err error) {
	var parent, edited, deleted sql.NullInt64
	var renderer, created int64
	err = row.Scan(&c.ID, &c.Idea, &parent, &c.Author.ID, &c.Author.Name, &c.Author.Team, &c.ReplyTo,
		&c.Body, &c.HTML, &renderer, &created, &edited, &deleted, &c.Depth, &c.Replies, &c.Cited, &c.Seq, &c.Added, &c.Lang,
		&c.Label, &c.Stands, &c.Title, &c.TitleLang)
	if err != nil {
		return c, err
	}
	if parent.Valid {
		c.ParentID = &parent.Int64
	}
	c.HTML = fresh(c.HTML, c.Body, renderer)
	c.CreatedAt, c.EditedAt, c.Deleted = at(created), atOrNil(edited), deleted.Valid
	return c, nil
}

// Comment reads one comment; a deleted one comes back as a tombstone. Errors: not_found.
func (s *Store) Comment(ctx context.Context, who board.Who, id int64) (board.Comment, error) {
	c, err := scanComment(s.readDB.QueryRowContext(ctx, `
		SELECT `+commentColumns+commentFrom+`
		JOIN idea i ON i.id = c.idea_id JOIN board b ON b.id = i.board_id
		WHERE c.id = $3 AND i.deleted_at IS NULL AND `+sees, string(who.Kind), who.ID, id))
	if err != nil {
		return c, missingIfNone(err, "read comment %d", id)
	}
	counts, err := s.reactionCounts(ctx, "comment_id", []int64{id})
	c.Reactions = counts[id]
	return c, err
}

// CommentVersions lists the wordings that edits replaced, newest first. Errors: not_found.
func (s *Store) CommentVersions(ctx context.Context, who board.Who, id int64) ([]board.Version, error) {
	if _, err := s.Comment(ctx, who, id); err != nil {
		return nil, err
	}
	// #nosec G202 -- literals of this file
	rows, err := s.readDB.QueryContext(ctx, `SELECT '', v.body, v.at FROM comment_version v JOIN comment c ON c.id = v.comment_id JOIN idea i ON i.id = c.idea_id
		WHERE v.comment_id = $1 AND (`+keptOut("c.author_id", "d.comment_id = c.id")+`) ORDER BY v.id DESC LIMIT $4`, id, who.ID, asInt(who.Moderates()), mostVersions)
	if err != nil {
		return nil, fmt.Errorf("read versions of comment %d: %w", id, err)
	}
	return collect(rows, scanVersion)
}

// CommentsBy lists comments of a person that the reader may see, those that got
// most people talking first: never by date, also among those that are alike.
func (s *Store) CommentsBy(ctx context.Context, who board.Who, person int64, n int) ([]board.Comment, error) {
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT `+commentColumns+commentFrom+`
		JOIN idea i ON i.id = c.idea_id JOIN board b ON b.id = i.board_id
		WHERE c.author_id = $3 AND c.deleted_at IS NULL AND i.deleted_at IS NULL AND `+sees+`
		ORDER BY CASE WHEN c.cited > 0 THEN 0 ELSE 1 END, c.repliers DESC, c.id * 40503 % 65521 LIMIT $4`,
		string(who.Kind), who.ID, person, pageSize(n))
	if err != nil {
		return nil, fmt.Errorf("list comments of person %d: %w", person, err)
	}
	return collect(rows, func(rows *sql.Rows) (board.Comment, error) { return scanComment(rows) })
}
