package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"convivio/store/board"
	"convivio/store/language"
	"convivio/store/markdown"
)

// excerptRunes is how much of an idea a list shows.
const excerptRunes = 220

// words is a text ready to be stored: rendered and told apart by language
// before a verb enters the writer.
type words struct {
	body, html, lang string
	files            markdown.Naming
}

// render checks and renders Markdown for who writes it. Errors: invalid, naming field.
func (s *Store) render(ctx context.Context, who board.Who, field, body string, required bool) (words, error) {
	body, err := board.Body(field, body, required)
	if err != nil {
		return words{}, err
	}
	html, names, err := s.shown(ctx, who, field, body)
	return words{body, html, "", names}, err
}

// ideaText is an idea's title, text and tags, checked and ready.
type ideaText struct {
	words
	title, tags, excerpt string
}

func (s *Store) newIdeaText(ctx context.Context, who board.Who, in board.NewIdea) (t ideaText, err error) {
	if t.title, err = board.Line("title", in.Title, board.MaxTitle, true); err != nil {
		return t, err
	}
	if t.words, err = s.render(ctx, who, "body", in.Body, false); err != nil {
		return t, err
	}
	tags, err := board.Tags(in.Tags)
	if err != nil {
		return t, err
	}
	t.tags = strings.Join(tags, " ")
	t.excerpt = markdown.Excerpt(t.html, excerptRunes)
	t.lang = language.Of(t.title+"\n"+t.body, "")
	return t, nil
}

// AddIdea posts an idea on a board, or lets it wait for a moderator. Errors:
// not_found, invalid, forbidden for who may not write, conflict when
// the key was used for another text, or the draft it is made of is gone; a *board.Held where it waits.
func (s *Store) AddIdea(ctx context.Context, who board.Who, slug string, in board.NewIdea, key string) (board.Idea, error) {
	text, err := s.newIdeaText(ctx, who, in)
	if err != nil {
		return board.Idea{}, err
	}
	o, err := newOnce(who, key, "AddIdea "+slug, in)
	if err != nil {
		return board.Idea{}, err
	}
	catches, err := s.catches(ctx, text)
	if err != nil {
		return board.Idea{}, err
	}
	var id int64
	_, err = s.write(ctx, who.ID, func(tx *Tx) error {
		earlier, _, found, err := tx.earlier(o)
		if found || err != nil {
			id = earlier
			return err
		}
		boardID, err := tx.writesOn(who, slug)
		if err != nil {
			return err
		}
		if err := tx.ownWords(boardID, text.body); err != nil {
			return err
		}
		if err := tx.publishDraft(who.ID, in.Draft); err != nil {
			return err
		}
		if held, err := tx.heldBack(who, boardID, post{ideaText: text}, catches, o); err != nil || held != 0 {
			id = -held
			return err
		}
		if id, err = tx.addIdea(boardID, who.ID, text, 0); err != nil {
			return err
		}
		if err := tx.follow(id, who.ID); err != nil {
			return err
		}
		return tx.remember(o, id)
	})
	if err != nil {
		return board.Idea{}, err
	}
	if id < 0 {
		if id, err = s.postedFrom(ctx, who, -id); err != nil {
			return board.Idea{}, err
		}
	}
	idea, err := s.Idea(ctx, who, id)
	if err == nil {
		s.Read(who.ID, id, idea.Seq)
	}
	return idea, err
}

// ownWords refuses a text that is nothing but what its board offers to begin with.
func (tx *Tx) ownWords(boardID int64, body string) error {
	var template string
	if err := tx.row(`SELECT template FROM board WHERE id = $1`, boardID).Scan(&template); err != nil {
		return fmt.Errorf("read a board's template: %w", err)
	}
	if template != "" && slices.Equal(strings.Fields(template), strings.Fields(body)) {
		return board.FieldFault("body", "This is still the board's template. Write your own words into it, or empty it.")
	}
	return nil
}

// addIdea inserts an idea that was found good. imported counts votes from
// elsewhere without voters.
func (tx *Tx) addIdea(boardID, author int64, t ideaText, imported int) (int64, error) {
	seq := tx.nextSeq()
	id, err := tx.insert(`
		INSERT INTO idea (board_id, author_id, title, body, html, renderer, excerpt, lang, tags, stage,
		                  votes, imported_votes, heat, created_at, moved_seq, last_seq)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'new', $10, $10, $11, $12, $13, $13) RETURNING id`,
		boardID, author, t.title, t.body, t.html, markdown.Version, t.excerpt, t.lang, t.tags,
		imported, heatAt(heatOfIdea+heatOfVote*float64(imported), tx.Now), tx.Now, seq)
	if err != nil {
		return 0, fmt.Errorf("insert idea: %w", err)
	}
	if _, err := tx.exec(`UPDATE board SET ideas = ideas + 1 WHERE id = $1`, boardID); err != nil {
		return 0, fmt.Errorf("count ideas: %w", err)
	}
	if err := tx.useFiles(author, id, 0, t.files, ""); err != nil {
		return 0, err
	}
	if err := tx.setDue(id); err != nil {
		return 0, err
	}
	_, err = tx.record(board.IdeaAdded, about{board: boardID, idea: id})
	return id, err
}

// EditIdea changes an idea's words; the earlier wording is kept. Errors:
// conflict (field was) when the words changed meanwhile, and
// not_found, forbidden for others than the author, conflict when locked, invalid.
func (s *Store) EditIdea(ctx context.Context, who board.Who, id int64, c board.IdeaChange) (board.Idea, error) {
	before, err := s.Idea(ctx, who, id)
	if err != nil {
		return board.Idea{}, err
	}
	c.Title, c.Body = changed(c.Title, before.Title), changed(c.Body, before.Body)
	in := board.NewIdea{Title: "-", Tags: before.Tags} // what stays is not checked again: imported words may be over the limits
	setIf(&in.Title, c.Title)
	setIf(&in.Body, c.Body)
	setIf(&in.Tags, c.Tags)
	text, err := s.newIdeaText(ctx, who, in)
	if err != nil {
		return board.Idea{}, err
	}
	text.lang = languageAfter(before, c)
	catches, err := s.newCatches(ctx, text, before.Title+"\n"+before.Body+"\n"+strings.Join(before.Tags, " "), before.HTML)
	if err != nil {
		return board.Idea{}, err
	}
	_, err = s.write(ctx, who.ID, func(tx *Tx) error {
		t, err := tx.openIdea(who, id)
		if err != nil {
			return err
		}
		if t.author != who.ID {
			return board.Fault(board.Forbidden, "Only the author can edit this.")
		}
		if err := caughtEdit(who, t.board, catches); err != nil {
			return err
		}
		return tx.editIdea(t, id, text, c)
	})
	if err != nil {
		return board.Idea{}, err
	}
	return s.Idea(ctx, who, id)
}

// languageAfter is the language of an idea's words as an edit leaves them.
func languageAfter(before board.Idea, c board.IdeaChange) string {
	setIf(&before.Title, c.Title)
	setIf(&before.Body, c.Body)
	return language.Of(before.Title+"\n"+before.Body, before.Lang)
}

// changed is the new value, or nil when it is the old one.
func changed(value *string, old string) *string {
	if value != nil && *value == old {
		return nil
	}
	return value
}

func (tx *Tx) editIdea(t target, id int64, text ideaText, c board.IdeaChange) error {
	var title, body, tags string
	if err := tx.row(`SELECT title, body, tags FROM idea WHERE id = $1`, id).Scan(&title, &body, &tags); err != nil {
		return fmt.Errorf("read idea %d: %w", id, err)
	}
	newTitle, newTags := title, tags
	if c.Title != nil {
		newTitle = text.title
	}
	if c.Tags != nil {
		newTags = text.tags
	}
	newBody := c.Body != nil && text.body != body
	if newTitle == title && newTags == tags && !newBody {
		return nil
	}
	if c.Was != "" && c.Was != board.Wording(title, body, tags) {
		return errMeanwhile
	}
	if _, err := tx.exec(`INSERT INTO idea_version (idea_id, title, body, at) VALUES ($1, $2, $3, $4)`, id, title, body, tx.Now); err != nil {
		return fmt.Errorf("keep the earlier wording: %w", err)
	}
	seq, err := tx.record(board.IdeaEdited, about{board: t.board, idea: id})
	if err != nil {
		return err
	}
	if _, err := tx.exec(`UPDATE idea SET title = $1, tags = $2, edited_at = $3, last_seq = $4, lang = $5 WHERE id = $6`,
		newTitle, newTags, tx.Now, seq, text.lang, id); err != nil {
		return fmt.Errorf("edit idea: %w", err)
	}
	if !newBody {
		return nil
	}
	if _, err := tx.exec(`UPDATE idea SET body = $1, html = $2, renderer = $3, excerpt = $4 WHERE id = $5`,
		text.body, text.html, markdown.Version, text.excerpt, id); err != nil {
		return fmt.Errorf("edit idea: %w", err)
	}
	return tx.useFiles(t.author, id, 0, text.files, body)
}

// DeleteIdea takes an idea of one's own away at once, with its thread and all
// earlier wordings; RestoreIdea may take it back. Errors: not_found, forbidden for
// others than the author, invalid (field ground) for moderators: theirs is TakeDown.
func (s *Store) DeleteIdea(ctx context.Context, who board.Who, id int64) (int64, error) {
	return s.write(ctx, who.ID, func(tx *Tx) error {
		t, err := tx.idea(who, id)
		if err != nil {
			return err
		}
		if t.author != who.ID {
			return tx.errNotOwn(who, t.board)
		}
		if err := tx.noMerged(id); err != nil {
			return err
		}
		_, err = tx.takeIdea(t, id)
		return err
	})
}

// takeIdea takes an idea away with all that hangs on it, the ideas merged into it too,
// and sets the words aside.
func (tx *Tx) takeIdea(t target, id int64) (removed int64, err error) {
	if t.mergedInto != 0 {
		return 0, errMerged(t.mergedInto)
	}
	seq, err := tx.record(board.IdeaDeleted, about{board: t.board, idea: id})
	if err != nil {
		return 0, err
	}
	if removed, err = tx.setAside(id, 0); err != nil {
		return 0, err
	}
	for _, st := range []statement{
		{`UPDATE idea SET title = '', body = '', html = '', excerpt = '', tags = '', deleted_at = $1 WHERE id = $2 OR merged_into = $2`, []any{tx.Now, id}},
		{`UPDATE idea SET last_seq = $1 WHERE id = $2`, []any{seq, id}},
		{`DELETE FROM idea_version WHERE ` + alongside("idea_id", "$1"), []any{id}},
		{`UPDATE comment SET body = '', html = '' WHERE idea_id = $1`, []any{id}},
		{`DELETE FROM comment_version WHERE comment_id IN (SELECT id FROM comment WHERE idea_id = $1)`, []any{id}},
		{`UPDATE answer SET body = '', html = '' WHERE ` + alongside("idea_id", "$1"), []any{id}},
		{`UPDATE stage_change SET reason = '', measured = '' WHERE ` + alongside("idea_id", "$1"), []any{id}},
		{`UPDATE board SET ideas = ideas - 1 WHERE id = $1`, []any{t.board}},
	} {
		if _, err := tx.exec(st.sql, st.args...); err != nil {
			return 0, fmt.Errorf("delete idea %d: %w", id, err)
		}
	}
	return removed, tx.setDue(id)
}

func asInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// LockIdea closes an idea to comments, votes and edits, or opens it again.
// Errors: not_found, forbidden.
func (s *Store) LockIdea(ctx context.Context, who board.Who, id int64, locked bool) (board.Idea, error) {
	_, err := s.write(ctx, who.ID, func(tx *Tx) error {
		t, err := tx.idea(who, id)
		if err == nil {
			err = tx.moderator(who, t.board)
		}
		if err != nil || t.locked == locked {
			return err
		}
		done := board.IdeaUnlockedAct
		if locked {
			done = board.IdeaLockedAct
		}
		if err := tx.lockIdea(t, id, locked); err != nil {
			return err
		}
		if locked {
			err = tx.decideOthers(decision{action: board.Lock, board: t.board, idea: id, person: t.author})
		} else {
			err = tx.decisionOver(id, board.Lock)
		}
		if err != nil {
			return err
		}
		return tx.audit(act{kind: done, board: t.board, idea: id})
	})
	if err != nil {
		return board.Idea{}, err
	}
	return s.Idea(ctx, who, id)
}

// mostVersions is how many wordings can be read again.
const mostVersions = 500

// IdeaVersions lists the wordings that edits replaced, newest first. Errors: not_found.
func (s *Store) IdeaVersions(ctx context.Context, who board.Who, idea int64) ([]board.Version, error) {
	if err := s.visible(ctx, who, idea); err != nil {
		return nil, err
	}
	// #nosec G202 -- literals of this file
	rows, err := s.readDB.QueryContext(ctx, `SELECT v.title, v.body, v.at FROM idea_version v JOIN idea i ON i.id = v.idea_id
		WHERE v.idea_id = $1 AND (`+keptOut("i.author_id", "d.idea_id = i.id AND d.comment_id IS NULL")+`) ORDER BY v.id DESC LIMIT $4`, idea, who.ID, asInt(who.Moderates()), mostVersions)
	if err != nil {
		return nil, fmt.Errorf("read versions of idea %d: %w", idea, err)
	}
	return collect(rows, scanVersion)
}

func scanVersion(rows *sql.Rows) (v board.Version, err error) {
	var us int64
	err = rows.Scan(&v.Title, &v.Body, &us)
	v.At = at(us)
	return v, err
}

// visible answers not_found for an idea the reader may not see.
func (s *Store) visible(ctx context.Context, who board.Who, idea int64) error {
	var one int
	err := s.readDB.QueryRowContext(ctx, `
		SELECT 1 FROM idea i JOIN board b ON b.id = i.board_id
		WHERE i.id = $3 AND i.deleted_at IS NULL AND `+sees, string(who.Kind), who.ID, idea).Scan(&one)
	return missingIfNone(err, "look at idea %d", idea)
}
