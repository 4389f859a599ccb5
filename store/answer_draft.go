package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"convivio/store/board"
)

// An answer is drafted by all who may give it, in a table that nothing else
// reads. That it changed is an event whose audience are they alone; it names the
// idea and leaves the idea's own last event as it was, which everybody sees.

// AnswerDraft reads the answer being written to an idea. Errors: not_found, also
// where there is none; forbidden for who neither owns nor moderates the board.
func (s *Store) AnswerDraft(ctx context.Context, who board.Who, idea int64) (board.AnswerDraft, error) {
	i, err := s.Idea(ctx, who, idea)
	if err != nil {
		return board.AnswerDraft{}, err
	}
	if !who.ModeratesBoard(i.BoardID) && !who.OwnsBoard(i.BoardID) {
		return board.AnswerDraft{}, errNoAnswerer
	}
	d, err := s.AnswerDraftOf(ctx, idea)
	if err == nil && d == nil {
		err = board.Missing()
	}
	if err != nil {
		return board.AnswerDraft{}, err
	}
	return *d, nil
}

// AnswerDraftOf is AnswerDraft for a caller that made sure who reads it; nil where
// there is none.
func (s *Store) AnswerDraftOf(ctx context.Context, idea int64) (*board.AnswerDraft, error) {
	d := board.AnswerDraft{Idea: idea}
	var move, refused, cites string
	var us int64
	var due sql.NullInt64
	err := s.readDB.QueryRowContext(ctx, `
		SELECT d.body, d.move, d.refused, d.at, d.publish_at, p.id, p.name, COALESCE(t.name, ''),
			COALESCE((SELECT STRING_AGG(x.comment_id, ' ') FROM answer_draft_cite x JOIN comment c ON c.id = x.comment_id
				WHERE x.idea_id = d.idea_id AND c.idea_id = d.idea_id AND c.deleted_at IS NULL), ''),
			(SELECT COUNT(*) FROM answer_draft_cite x JOIN comment c ON c.id = x.comment_id
				WHERE x.idea_id = d.idea_id AND (c.idea_id <> d.idea_id OR c.deleted_at IS NOT NULL))
		FROM answer_draft d JOIN person p ON p.id = d.person_id LEFT JOIN team t ON t.id = p.team_id
		WHERE d.idea_id = $1`, idea).
		Scan(&d.Body, &move, &refused, &us, &due, &d.By.ID, &d.By.Name, &d.By.Team, &cites, &d.LeftOut)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the draft for idea %d: %w", idea, err)
	}
	d.At, d.PublishAt, d.Was, d.Cites = at(us), atOrNil(due), d.Wording(), []int64{}
	for _, id := range strings.Fields(cites) {
		d.Cites = append(d.Cites, number(id))
	}
	slices.Sort(d.Cites)
	if d.Move, err = movedBy(move); err != nil {
		return nil, err
	}
	d.Refused = refusedBy(refused)
	return &d, nil
}

// movedBy reads a move as it is kept; empty: none.
func movedBy(text string) (*board.Move, error) {
	if text == "" {
		return nil, nil
	}
	var m board.Move
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		return nil, fmt.Errorf("read a move: %w", err)
	}
	return &m, nil
}

// kept is the move as movedBy reads it.
func kept(m *board.Move) (string, error) {
	if m == nil || m.Stage == "" {
		return "", nil
	}
	b, err := json.Marshal(m)
	return string(b), err
}

// refusedBy reads an error as it is kept. Numbers come back as they went in.
func refusedBy(text string) *board.Error {
	var e board.Error
	if text == "" || json.Unmarshal([]byte(text), &e) != nil {
		return nil
	}
	for i, a := range e.Args {
		if n, ok := a.(float64); ok && n == math.Trunc(n) {
			e.Args[i] = int64(n)
		}
	}
	return &e
}

// answerer finds an idea for who may answer it. Errors: not_found, forbidden,
// conflict when it is locked.
func (tx *Tx) answerer(who board.Who, idea int64) (target, error) {
	t, err := tx.openIdea(who, idea)
	if err == nil {
		err = tx.mayAnswer(who, t.board)
	}
	return t, err
}

// draftNow is what a draft is when a verb looks at it.
type draftNow struct {
	there  bool
	body   string
	move   string
	due    sql.NullInt64
	chosen []int64
}

func (tx *Tx) draftOf(idea int64) (d draftNow, err error) {
	err = tx.row(`SELECT body, move, publish_at FROM answer_draft WHERE idea_id = $1`, idea).Scan(&d.body, &d.move, &d.due)
	if errors.Is(err, sql.ErrNoRows) {
		return d, nil
	}
	if err != nil {
		return d, fmt.Errorf("read the draft for idea %d: %w", idea, err)
	}
	d.there = true
	rows, err := tx.query(`SELECT comment_id FROM answer_draft_cite WHERE idea_id = $1 ORDER BY comment_id`, idea)
	if err != nil {
		return d, fmt.Errorf("read what the draft for idea %d cites: %w", idea, err)
	}
	d.chosen, err = collect(rows, scanID)
	return d, err
}

// together puts somebody's choice and what was chosen meanwhile together.
func together(now, cites, were []int64) []int64 {
	if were == nil {
		return cites
	}
	out := slices.DeleteFunc(slices.Clone(now), func(id int64) bool { return slices.Contains(were, id) && !slices.Contains(cites, id) })
	for _, id := range cites {
		if !slices.Contains(were, id) && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}

// citable leaves out of a choice what is not on the idea any more.
func (tx *Tx) citable(idea int64, chosen []int64) ([]int64, error) {
	if len(chosen) == 0 {
		return nil, nil
	}
	marks, args := inList(chosen, 2)
	// #nosec G202 -- placeholders alone are put together
	rows, err := tx.query(`SELECT id FROM comment WHERE idea_id = $1 AND deleted_at IS NULL AND id IN (`+marks+`) ORDER BY id`,
		append([]any{idea}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("look at what is cited on idea %d: %w", idea, err)
	}
	return collect(rows, scanID)
}

// SaveAnswerDraft begins the answer to an idea, or goes on with it. A draft that
// has its time keeps it, and is published in the name of who saved it last.
// Errors: not_found, forbidden, conflict when the idea is locked or (field was) the
// text was changed meanwhile, invalid.
func (s *Store) SaveAnswerDraft(ctx context.Context, who board.Who, idea int64, in board.AnswerDraftChange) (board.AnswerDraft, error) {
	var err error
	if in.Body != nil {
		body, err := board.Body("body", *in.Body, false)
		if err != nil {
			return board.AnswerDraft{}, err
		}
		if _, _, err := s.shown(ctx, who, "body", body); err != nil {
			return board.AnswerDraft{}, err
		}
		in.Body = &body
	}
	if in.Cites != nil {
		list, err := chosen(*in.Cites)
		if err != nil {
			return board.AnswerDraft{}, err
		}
		in.Cites = &list
	}
	if in.Move != nil && in.Move.Stage != "" {
		m, err := checkMove(*in.Move)
		if err != nil {
			return board.AnswerDraft{}, err
		}
		in.Move = &m
	}
	_, err = s.write(ctx, 0, func(tx *Tx) error { // who wrote how often is nobody's business: the row says who was last
		t, err := tx.answerer(who, idea)
		if err != nil {
			return err
		}
		return tx.saveDraft(who, t, idea, in)
	})
	if err != nil {
		return board.AnswerDraft{}, err
	}
	return s.AnswerDraft(ctx, who, idea)
}

func (tx *Tx) saveDraft(who board.Who, t target, idea int64, in board.AnswerDraftChange) error {
	now, err := tx.draftOf(idea)
	if err != nil {
		return err
	}
	next := now
	setIf(&next.body, in.Body)
	if in.Body != nil && next.body != now.body && in.Was != "" && in.Was != board.Wording(now.body) {
		return errMeanwhile
	}
	if in.Move != nil && in.Move.Sign() != in.MoveWas {
		if next.move, err = kept(in.Move); err != nil {
			return err
		}
	}
	if in.Cites != nil {
		if next.chosen, err = tx.citable(idea, together(now.chosen, *in.Cites, in.CitesWere)); err != nil {
			return err
		}
	}
	if now.there && next.body == now.body && next.move == now.move && slices.Equal(next.chosen, now.chosen) {
		return nil
	}
	if _, err := tx.exec(`
		INSERT INTO answer_draft (idea_id, person_id, at, body, move) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (idea_id) DO UPDATE SET person_id = excluded.person_id, at = excluded.at, body = excluded.body, move = excluded.move, refused = ''`,
		idea, who.ID, tx.Now, next.body, next.move); err != nil {
		return fmt.Errorf("save the draft for idea %d: %w", idea, err)
	}
	if _, err := tx.exec(`DELETE FROM answer_draft_cite WHERE idea_id = $1`, idea); err != nil {
		return fmt.Errorf("choose what the draft for idea %d cites: %w", idea, err)
	}
	for _, c := range next.chosen {
		if _, err := tx.exec(`INSERT INTO answer_draft_cite (idea_id, comment_id) VALUES ($1, $2)`, idea, c); err != nil {
			return fmt.Errorf("choose comment %d: %w", c, err)
		}
	}
	_, err = tx.record(board.AnswerDrafted, about{board: t.board, idea: idea})
	return err
}

// CiteInDraft chooses a comment for the answer to its idea, which begins with it
// where there is no draft. Errors: as SaveAnswerDraft, and conflict for a deleted comment.
func (s *Store) CiteInDraft(ctx context.Context, who board.Who, comment int64) (board.AnswerDraft, error) {
	c, err := s.Comment(ctx, who, comment)
	if err == nil && c.Deleted {
		err = board.Fault(board.Conflict, "This comment was deleted.").On("comment")
	}
	if err != nil {
		return board.AnswerDraft{}, err
	}
	return s.SaveAnswerDraft(ctx, who, c.Idea, board.AnswerDraftChange{Cites: &[]int64{comment}, CitesWere: []int64{}})
}

// DropAnswerDraft throws the answer being written away. None is no error. Errors:
// not_found, forbidden, conflict when the idea is locked or (field was) the text
// was changed since.
func (s *Store) DropAnswerDraft(ctx context.Context, who board.Who, idea int64, was string) error {
	_, err := s.write(ctx, 0, func(tx *Tx) error {
		t, err := tx.answerer(who, idea)
		if err != nil {
			return err
		}
		now, err := tx.draftOf(idea)
		switch {
		case err != nil || !now.there:
			return err
		case was != "" && was != board.Wording(now.body):
			return errMeanwhile
		}
		if now.due.Valid {
			if err := tx.scheduled(who, t, idea, now.due, sql.NullInt64{}); err != nil {
				return err
			}
		}
		return tx.dropDraft(t, idea)
	})
	return err
}

func (tx *Tx) dropDraft(t target, idea int64) error {
	for _, query := range []string{`DELETE FROM answer_draft_cite WHERE idea_id = $1`, `DELETE FROM answer_draft WHERE idea_id = $1`} {
		if _, err := tx.exec(query, idea); err != nil {
			return fmt.Errorf("drop the draft for idea %d: %w", idea, err)
		}
	}
	_, err := tx.record(board.AnswerDrafted, about{board: t.board, idea: idea})
	return err
}

// takeDraft makes an answer of the draft it is published from, and lets go of
// that. Errors: conflict (field was) when its text was changed meanwhile.
func (tx *Tx) takeDraft(t target, a *answering) error {
	now, err := tx.draftOf(a.idea)
	if err != nil {
		return err
	}
	from := a.draft
	switch {
	case from.due != nil && (!now.due.Valid || now.due.Int64 != micros(*from.due) || board.Wording(now.body) != from.was):
		return errPutOff
	case !now.there && !from.given:
		return board.Missing()
	case from.was != "" && from.was != board.Wording(now.body):
		return errMeanwhile
	}
	if from.given && a.move.Sign() == from.moveWas {
		if a.move, err = movedBy(now.move); err != nil {
			return err
		}
	}
	if !from.given {
		a.cites, from.were = now.chosen, nil
	}
	wanted := together(now.chosen, a.cites, from.were)
	if a.cites, err = tx.citable(a.idea, wanted); err != nil {
		return err
	}
	from.leftOut = len(wanted) - len(a.cites)
	if !now.there {
		return nil
	}
	return tx.dropDraft(t, a.idea)
}
