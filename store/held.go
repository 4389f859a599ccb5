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

// A post that waits stands in held alone until a moderator lets it through: then
// it is posted by its author, as if now.

// post is an idea or a comment about to be posted.
type post struct {
	ideaText
	idea   int64 // that it comments on; 0: it is an idea
	parent *int64
}

// heldBack decides whether a post waits, and keeps it if it does: its id, or 0
// where it may be posted. catches are what its text was caught by on any board, o
// the request, remembered under the negative id. Who moderates a board has nobody to wait for there. Errors: too_many beyond
// board.MaxHeld.
func (tx *Tx) heldBack(who board.Who, boardID int64, p post, catches []board.Catch, o once) (int64, error) {
	if who.ModeratesBoard(boardID) || !tx.store.On(board.FeatureHolds) {
		return 0, nil
	}
	at := slices.IndexFunc(catches, func(c board.Catch) bool { return c.Rule.BoardID == 0 || c.Rule.BoardID == boardID })
	var rule int64
	if at >= 0 {
		rule = catches[at].Rule.ID
	} else if first, err := tx.first(who); err != nil || !first {
		return 0, err
	}
	var waiting int
	if err := tx.row(`SELECT COUNT(*) FROM held WHERE author_id = $1 AND state = 'waiting'`, who.ID).Scan(&waiting); err != nil {
		return 0, fmt.Errorf("count what waits of person %d: %w", who.ID, err)
	}
	if waiting >= board.MaxHeld {
		return 0, board.Fault(board.TooMany, "%[2]d of your posts wait for a moderator already. Write this one when they have been looked at.", 3600, waiting)
	}
	id, err := tx.hold(who, boardID, p, rule)
	if err == nil {
		err = tx.remember(o, -id)
	}
	return id, err
}

// catches are what a text is caught by, of the rules of every board.
func (s *Store) catches(ctx context.Context, text ideaText) ([]board.Catch, error) {
	rules, _, err := s.ruleBook(ctx)
	if err != nil || len(rules) == 0 || !s.On(board.FeatureHolds) {
		return nil, err
	}
	return caught(rules, text.title+"\n"+text.body+"\n"+text.tags, text.html), nil
}

// newCatches are what an edited text is caught by and the one before was not.
func (s *Store) newCatches(ctx context.Context, text ideaText, typed, rendered string) ([]board.Catch, error) {
	now, err := s.catches(ctx, text)
	if err != nil || len(now) == 0 {
		return nil, err
	}
	rules, _, err := s.ruleBook(ctx)
	before := caught(rules, typed, rendered)
	return slices.DeleteFunc(now, func(c board.Catch) bool {
		return slices.ContainsFunc(before, func(b board.Catch) bool { return b.Rule.ID == c.Rule.ID })
	}), err
}

// caughtEdit refuses an edit that brings in what posts wait for: words that stand
// already cannot wait. Errors: invalid, field body.
func caughtEdit(who board.Who, boardID int64, catches []board.Catch) error {
	if who.ModeratesBoard(boardID) {
		return nil
	}
	for _, c := range catches {
		if c.Rule.BoardID != 0 && c.Rule.BoardID != boardID {
			continue
		}
		if c.Rule.Kind == board.LinkRule {
			return board.FieldFault("body", "Links to other sites, such as %s, are looked at by a moderator before they appear, and what is already here cannot wait. Take the link out, or put it into a new comment.", c.Found)
		}
		return board.FieldFault("body", "Texts with “%s” are looked at by a moderator before they appear, and what is already here cannot wait. Say it in other words, or in a new comment.", c.Found)
	}
	return nil
}

// first tells whether a person's posts wait because they are the first ones.
func (tx *Tx) first(who board.Who) (bool, error) {
	n := tx.store.rules.firstOf(who.Kind)
	if n == 0 {
		return false, nil
	}
	var few bool
	err := tx.row(`
		SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM idea WHERE author_id = $1 AND deleted_at IS NULL LIMIT $2) i)
		     + (SELECT COUNT(*) FROM (SELECT 1 FROM comment WHERE author_id = $1 AND deleted_at IS NULL LIMIT $2) c) < $2
		   AND NOT EXISTS (SELECT 1 FROM trusted WHERE person_id = $1)`, who.ID, n).Scan(&few)
	if err != nil {
		return false, fmt.Errorf("count the posts of person %d: %w", who.ID, err)
	}
	return few, nil
}

// hold keeps a post that waits, and asks the moderators to look at it.
func (tx *Tx) hold(who board.Who, boardID int64, p post, rule int64) (int64, error) {
	id, err := tx.insert(`
		INSERT INTO held (board_id, idea_id, parent_id, author_id, rule_id, renderer, lang, at, title, tags, body, html)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING id`,
		boardID, orNull(p.idea), p.parent, who.ID, orNull(rule), markdown.Version, p.lang, tx.Now, p.title, p.tags, p.body, p.html)
	if err != nil {
		return 0, fmt.Errorf("hold a post: %w", err)
	}
	if err := tx.keepFiles(who.ID, p.files); err != nil {
		return 0, err
	}
	if _, err := tx.record(board.PostHeld, about{subject: id}); err != nil {
		return 0, err
	}
	_, err = tx.openItem(item{kind: board.HeldItem, board: boardID, subject: id, person: who.ID})
	return id, err
}

// keepFiles refuses a text that names a file which is not there. The files of what
// waits are kept by forgetFiles, though no text that stands names them.
func (tx *Tx) keepFiles(person int64, names markdown.Naming) error {
	if len(names.Absent) > 0 {
		return errNoFile
	}
	for _, id := range names.Used {
		var there bool
		if err := tx.row(`SELECT EXISTS (SELECT 1 FROM file WHERE id = $1 AND person_id = $2)`, id, person).Scan(&there); err != nil {
			return fmt.Errorf("look for file %d: %w", id, err)
		}
		if !there {
			return errNoFile
		}
	}
	return nil
}

// postedFrom answers a request that was held: the idea or comment it became, or
// the held post itself as an error.
func (s *Store) postedFrom(ctx context.Context, who board.Who, held int64) (int64, error) {
	h, err := s.Held(ctx, who, held)
	if err != nil {
		return 0, err
	}
	if h.Posted != 0 {
		return h.Posted, nil
	}
	return 0, &h
}

// heldColumns name the idea of a comment as long as its author reads it.
const heldColumns = `h.id, b.id, b.slug, b.name, COALESCE(h.idea_id, 0), COALESCE(CASE WHEN i.deleted_at IS NULL AND i.board_id = b.id AND ` + mayRead + ` THEN i.title END, ''), h.parent_id,
	p.id, p.name, COALESCE(t.name, ''), h.state, h.renderer, h.lang, h.at, h.edited_at, COALESCE(h.posted_id, 0), h.title, h.tags, h.body, h.html,
	COALESCE(r.id, 0), COALESCE(r.kind, ''), COALESCE(r.words, ''), COALESCE(r.board_id, 0), COALESCE(r.added_at, 0)
	FROM held h JOIN board b ON b.id = h.board_id JOIN person p ON p.id = h.author_id LEFT JOIN team t ON t.id = p.team_id
	LEFT JOIN idea i ON i.id = h.idea_id LEFT JOIN rule r ON r.id = h.rule_id`

func scanHeld(row interface{ Scan(...any) error }) (h board.Held, err error) {
	var parent, edited sql.NullInt64
	var renderer, created, added int64
	var tags string
	var r board.Rule
	err = row.Scan(&h.ID, &h.BoardID, &h.Board, &h.BoardName, &h.Idea, &h.IdeaTitle, &parent, &h.Author.ID, &h.Author.Name, &h.Author.Team,
		&h.State, &renderer, &h.Lang, &created, &edited, &h.Posted, &h.Title, &tags, &h.Body, &h.HTML,
		&r.ID, &r.Kind, &r.Words, &r.BoardID, &added)
	if err != nil {
		return h, err
	}
	if parent.Valid {
		h.ParentID = &parent.Int64
	}
	if r.ID != 0 {
		if r.AddedAt = at(added); r.BoardID != 0 {
			r.Board, r.BoardName = h.Board, h.BoardName
		}
		h.Rule = &r
	}
	h.HTML, h.Tags = fresh(h.HTML, h.Body, renderer), strings.Fields(tags)
	h.CreatedAt, h.EditedAt = at(created), atOrNil(edited)
	return h, nil
}

// Held reads a held post: one's own, or as a moderator of a board that one sees.
// Errors: not_found.
func (s *Store) Held(ctx context.Context, who board.Who, id int64) (board.Held, error) {
	h, err := scanHeld(s.readDB.QueryRowContext(ctx, `SELECT `+heldColumns+` WHERE h.id = $3 AND (h.author_id = $2 OR `+sees+`)`, string(who.Kind), who.ID, id))
	if err == nil && h.Author.ID != who.ID && !who.ModeratesBoard(h.BoardID) {
		err = sql.ErrNoRows
	}
	return h, missingIfNone(err, "read held post %d", id)
}

// HeldOf lists somebody's own posts that wait, the newest first; those on one
// idea, or with 0 all.
func (s *Store) HeldOf(ctx context.Context, who board.Who, idea int64) ([]board.Held, error) {
	rows, err := s.readDB.QueryContext(ctx, `SELECT `+heldColumns+`
		WHERE h.author_id = $1 AND h.state = 'waiting' AND ($2 = 0 OR h.idea_id = $2) ORDER BY h.id DESC`, who.ID, idea)
	if err != nil {
		return nil, fmt.Errorf("list what waits of person %d: %w", who.ID, err)
	}
	return collect(rows, func(rows *sql.Rows) (board.Held, error) { return scanHeld(rows) })
}

// touchItem says that what a review item is about changed: who decides now decides
// about something else than they read.
func (tx *Tx) touchItem(kind board.ReviewKind, subject int64) error {
	if _, err := tx.exec(`UPDATE review SET version = version + 1 WHERE kind = $1 AND subject_id = $2 AND closed_at IS NULL`, string(kind), subject); err != nil {
		return fmt.Errorf("touch a review item: %w", err)
	}
	return nil
}

// HeldOn lists somebody's own comments on an idea that wait. Where nothing waits at
// all, which is the usual, it costs nothing.
func (s *Store) HeldOn(ctx context.Context, who board.Who, idea int64) ([]board.Held, error) {
	if some, err := s.anyHeld(ctx); err != nil || !some {
		return nil, err
	}
	return s.HeldOf(ctx, who, idea)
}

// anyHeld tells whether anything waits, as it was when that may last have changed.
func (s *Store) anyHeld(ctx context.Context) (some bool, err error) {
	head := s.AroundHead()
	s.rules.mu.Lock()
	defer s.rules.mu.Unlock()
	if s.rules.heldRead && s.rules.heldAt == head {
		return s.rules.held, nil
	}
	if err := s.readDB.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM held WHERE state = 'waiting')`).Scan(&some); err != nil {
		return false, fmt.Errorf("look whether anything waits: %w", err)
	}
	s.rules.heldRead, s.rules.heldAt, s.rules.held = true, head, some
	return some, nil
}

var errHeldOver = board.Fault(board.Conflict, "This does not wait any more: it was decided about, or withdrawn.")

// ownHeld finds a post of somebody's own that waits still. Errors: not_found, conflict.
func (tx *Tx) ownHeld(who board.Who, id int64) (h board.Held, err error) {
	h, err = scanHeld(tx.row(`SELECT `+heldColumns+` WHERE h.id = $1 AND h.author_id = $2`, id, who.ID))
	if err = missingIfNone(err, "find held post %d", id); err == nil && h.State != board.HeldWaiting {
		err = errHeldOver
	}
	return h, err
}

// EditHeld changes the words of one's own post while it waits; moderators who
// have it open are told that it changed. Errors: not_found, conflict, invalid.
func (s *Store) EditHeld(ctx context.Context, who board.Who, id int64, c board.HeldChange) (board.Held, error) {
	before, err := s.Held(ctx, who, id)
	if err != nil {
		return before, err
	}
	if before.Author.ID != who.ID {
		return board.Held{}, board.Missing()
	}
	p, err := s.heldText(ctx, who, before, c)
	if err != nil {
		return board.Held{}, err
	}
	_, err = s.write(ctx, who.ID, func(tx *Tx) error {
		if _, err := tx.ownHeld(who, id); err != nil {
			return err
		}
		if err := tx.keepFiles(who.ID, p.files); err != nil {
			return err
		}
		if _, err := tx.exec(`UPDATE held SET title = $1, tags = $2, body = $3, html = $4, renderer = $5, lang = $6, edited_at = $7 WHERE id = $8`,
			p.title, p.tags, p.body, p.html, markdown.Version, p.lang, tx.Now, id); err != nil {
			return fmt.Errorf("edit held post %d: %w", id, err)
		}
		if _, err := tx.record(board.HeldEdited, about{subject: id}); err != nil {
			return err
		}
		return tx.touchItem(board.HeldItem, id)
	})
	if err != nil {
		return board.Held{}, err
	}
	return s.Held(ctx, who, id)
}

// heldText checks and renders what an edit makes of a held post. Errors: invalid.
func (s *Store) heldText(ctx context.Context, who board.Who, before board.Held, c board.HeldChange) (p post, err error) {
	setIf(&before.Body, c.Body)
	p.idea = before.Idea
	if before.Idea != 0 {
		p.words, err = s.render(ctx, who, "body", before.Body, true)
		p.lang = language.Of(p.body, "")
		return p, err
	}
	setIf(&before.Title, c.Title)
	setIf(&before.Tags, c.Tags)
	p.ideaText, err = s.newIdeaText(ctx, who, board.NewIdea{Title: before.Title, Body: before.Body, Tags: before.Tags})
	return p, err
}

// WithdrawHeld takes one's own post back while it waits: its words are gone at
// once. Errors: not_found, conflict.
func (s *Store) WithdrawHeld(ctx context.Context, who board.Who, id int64) (int64, error) {
	return s.write(ctx, who.ID, func(tx *Tx) error {
		h, err := tx.ownHeld(who, id)
		if err != nil {
			return err
		}
		if err := tx.endHeld(h, board.HeldWithdrawn, 0); err != nil {
			return err
		}
		if _, err := tx.record(board.PostWithdrawn, about{subject: id}); err != nil {
			return err
		}
		return tx.closeAbout(board.HeldItem, id, 0)
	})
}
