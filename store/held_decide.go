package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"convivio/store/board"
	"convivio/store/markdown"
)

// What moderators decide about posts that wait.

// endHeld says what became of a held post. The words of one that was refused stay
// until nothing can be said against that.
func (tx *Tx) endHeld(h board.Held, state board.HeldState, posted int64) error {
	query := `UPDATE held SET state = $1, posted_id = $2, title = '', tags = '', body = '', html = '' WHERE id = $3`
	if state == board.HeldRefused {
		query = `UPDATE held SET state = $1, posted_id = $2 WHERE id = $3`
	}
	if _, err := tx.exec(query, string(state), orNull(posted), h.ID); err != nil {
		return fmt.Errorf("end held post %d: %w", h.ID, err)
	}
	return nil
}

// judgedHeld finds a held post for who may decide about it. Errors: not_found,
// forbidden, conflict when its state is another.
func (tx *Tx) judgedHeld(who board.Who, id int64, state board.HeldState) (h board.Held, err error) {
	h, err = scanHeld(tx.row(`SELECT `+heldColumns+` WHERE h.id = $3 AND `+sees, string(who.Kind), who.ID, id))
	if err = missingIfNone(err, "find held post %d", id); err != nil {
		return h, err
	}
	if err := tx.moderator(who, h.BoardID); err != nil {
		return h, err
	}
	if h.Author.ID == who.ID {
		return h, board.Fault(board.Forbidden, "This is your own post: somebody else decides about it.")
	}
	if h.State != state {
		return h, errHeldOver
	}
	return h, nil
}

// approveHeld posts what waited, as its author and as if now, and tells them.
// With trust their first posts wait no more. Errors: not_found, forbidden,
// conflict when it cannot be posted any more.
func (tx *Tx) approveHeld(who board.Who, id int64, trust bool) error {
	h, err := tx.judgedHeld(who, id, board.HeldWaiting)
	if err != nil {
		return err
	}
	idea, comment, err := tx.postHeld(h)
	if err != nil {
		return err
	}
	if trust {
		if _, err := tx.exec(`INSERT INTO trusted (person_id, at) VALUES ($1, $2) ON CONFLICT DO NOTHING`, h.Author.ID, tx.Now); err != nil {
			return fmt.Errorf("trust person %d: %w", h.Author.ID, err)
		}
		if err := tx.audit(act{kind: board.TrustedAct, board: h.BoardID, person: h.Author.ID}); err != nil {
			return err
		}
	}
	item, err := tx.waitsAs(board.HeldItem, id)
	if err != nil {
		return err
	}
	d, err := tx.decide(decision{review: item, kind: board.HeldItem, action: board.Approve, board: h.BoardID, idea: idea, comment: comment, subject: id, rule: ruleOf(h), person: h.Author.ID})
	if err != nil {
		return err
	}
	if err := tx.tellDecision(h.Author.ID, d, idea, comment); err != nil {
		return err
	}
	return tx.closeAbout(board.HeldItem, id, d)
}

// postRefused posts a held post whose refusal was overturned.
func (tx *Tx) postRefused(id int64) error {
	h, err := scanHeld(tx.row(`SELECT `+heldColumns+` WHERE h.id = $1`, id))
	if err != nil {
		return missingIfNone(err, "find held post %d", id)
	}
	_, _, err = tx.postHeld(h)
	return err
}

// waitsAs is the review item under which something waits, or 0.
func (tx *Tx) waitsAs(kind board.ReviewKind, subject int64) (id int64, err error) {
	err = tx.row(`SELECT id FROM review WHERE kind = $1 AND subject_id = $2 AND closed_at IS NULL`, string(kind), subject).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("find a review item: %w", err)
	}
	return id, nil
}

func ruleOf(h board.Held) int64 {
	if h.Rule == nil {
		return 0
	}
	return h.Rule.ID
}

// postHeld posts a held post by its author and says so in it.
func (tx *Tx) postHeld(h board.Held) (idea, comment int64, err error) {
	actor := tx.actor
	tx.actor = h.Author.ID
	defer func() { tx.actor = actor }()
	var author board.Who
	author.ID = h.Author.ID
	if err := tx.row(`SELECT kind FROM person WHERE id = $1`, author.ID).Scan(&author.Kind); err != nil {
		return 0, 0, fmt.Errorf("read person %d: %w", author.ID, err)
	}
	files := markdown.FilesIn(h.HTML)
	text := words{body: h.Body, html: h.HTML, lang: h.Lang}
	for id := range files {
		text.files.Used = append(text.files.Used, id)
	}
	slices.Sort(text.files.Used)
	if h.Idea == 0 {
		idea, err = tx.postHeldIdea(author, h, text)
	} else {
		idea, comment, err = tx.postHeldComment(author, h, text)
	}
	if err != nil {
		return 0, 0, err
	}
	if err := tx.follow(idea, author.ID); err != nil {
		return 0, 0, err
	}
	posted := idea
	if comment != 0 {
		posted = comment
	}
	return idea, comment, tx.endHeld(h, board.HeldApproved, posted)
}

var errNoWay = board.Fault(board.Conflict, "This cannot be posted any more: its author cannot see the place it was written for.")

func (tx *Tx) postHeldIdea(author board.Who, h board.Held, text words) (int64, error) {
	if _, err := tx.boardFor(author, h.Board); err != nil {
		return 0, gone(err, errNoWay)
	}
	return tx.addIdea(h.BoardID, author.ID, ideaText{words: text, title: h.Title, tags: strings.Join(h.Tags, " "), excerpt: markdown.Excerpt(text.html, excerptRunes)}, 0)
}

// postHeldComment posts a comment where its idea leads to now.
func (tx *Tx) postHeldComment(author board.Who, h board.Held, text words) (idea, id int64, err error) {
	c := board.Comment{Idea: h.Idea, ParentID: h.ParentID, Author: h.Author}
	if err := tx.rerouted(&c); err != nil {
		return 0, 0, err
	}
	t, err := tx.idea(author, c.Idea)
	switch {
	case err != nil:
		return 0, 0, gone(err, errNoWay)
	case t.locked:
		return 0, 0, errLocked
	case t.mergedInto != 0: // into one for other readers
		return 0, 0, errNoWay
	}
	if c.ParentID != nil { // what it replied to was deleted meanwhile: its words still answer the idea
		var there bool
		if err := tx.row(`SELECT EXISTS (SELECT 1 FROM comment WHERE id = $1 AND idea_id = $2 AND (deleted_at IS NULL OR label <> ''))`, *c.ParentID, c.Idea).Scan(&there); err != nil {
			return 0, 0, fmt.Errorf("find the parent comment: %w", err)
		}
		if !there {
			c.ParentID = nil
		}
	}
	err = tx.addComment(t, &c, text)
	return c.Idea, c.ID, err
}

// gone puts another error in the place of not_found.
func gone(err error, instead *board.Error) error {
	var fault *board.Error
	if errors.As(err, &fault) && fault.Code == board.NotFound {
		return instead
	}
	return err
}

// refuseHeld lets what waited not be posted, and tells its author why. The words
// stay, for the two of them, until the decision is final. Errors: not_found,
// forbidden, conflict, invalid.
func (tx *Tx) refuseHeld(who board.Who, id int64, ground board.Ground, note string) error {
	h, err := tx.judgedHeld(who, id, board.HeldWaiting)
	if err != nil {
		return err
	}
	if err := tx.endHeld(h, board.HeldRefused, 0); err != nil {
		return err
	}
	item, err := tx.waitsAs(board.HeldItem, id)
	if err != nil {
		return err
	}
	d, err := tx.decide(decision{review: item, kind: board.HeldItem, action: board.Reject, ground: ground, note: note, board: h.BoardID, idea: h.Idea,
		subject: id, rule: ruleOf(h), person: h.Author.ID})
	if err != nil {
		return err
	}
	return tx.closeAbout(board.HeldItem, id, d)
}

// ApproveHeld is approveHeld from the post's own page. was is the wording that was
// read. Errors also: conflict where its author changed it since.
func (s *Store) ApproveHeld(ctx context.Context, who board.Who, id int64, was string, trust bool) (int64, error) {
	return s.write(ctx, who.ID, func(tx *Tx) error {
		if err := tx.asRead(id, was); err != nil {
			return err
		}
		return tx.approveHeld(who, id, trust)
	})
}

// RefuseHeld is refuseHeld from the post's own page. Errors also: invalid (fields
// ground, note).
func (s *Store) RefuseHeld(ctx context.Context, who board.Who, id int64, was string, ground board.Ground, note string) (int64, error) {
	note, err := board.Text("note", note, board.MaxNote, ground == board.OtherGround)
	if err != nil {
		return 0, err
	}
	if !slices.Contains(board.Grounds, ground) {
		return 0, board.FieldFault("ground", "Give the reason: the person concerned is told.")
	}
	return s.write(ctx, who.ID, func(tx *Tx) error {
		if err := tx.asRead(id, was); err != nil {
			return err
		}
		return tx.refuseHeld(who, id, ground, note)
	})
}

// asRead refuses to decide about other words than were read.
func (tx *Tx) asRead(id int64, was string) error {
	if was == "" {
		return nil
	}
	var title, body string
	if err := tx.row(`SELECT title, body FROM held WHERE id = $1 AND state = 'waiting'`, id).Scan(&title, &body); err != nil {
		return gone(missingIfNone(err, "read held post %d", id), errHeldOver)
	}
	if board.Wording(title, body) != was {
		return board.Fault(board.Conflict, "Its author changed it meanwhile. Read it again before you decide.")
	}
	return nil
}
