package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"convivio/store/board"
	"convivio/store/language"
)

// A draft may be given a time. Until then it can be taken back; at its time a step
// of the server publishes it in the name of who saved it last, if they still may.

const (
	dueEvery  = 500 * time.Millisecond // how often it is looked whether something is due
	dueRetry  = 10 * time.Second       // after trouble of ours
	dueAtMost = 366 * 24 * time.Hour
)

// errPutOff: what was due is due no more, or changed since it was read.
var errPutOff = errors.New("the draft is not due as it was read")

// PublishAnswerDraft publishes the answer being written, now. Errors: not_found where
// there is none, forbidden, conflict when the idea is locked or (field was) the text
// was changed since, and those of Answer.
func (s *Store) PublishAnswerDraft(ctx context.Context, who board.Who, idea int64, was, key string) (board.Answer, error) {
	o := board.AnswerDraftSign{Was: was}
	d, err := s.AnswerDraft(ctx, who, idea)
	if err != nil {
		if found, ok := s.published(ctx, who, idea, key, o); ok {
			return found, nil
		}
		return board.Answer{}, err
	}
	a, err := s.newAnswer(ctx, who, idea, board.NewAnswer{Body: d.Body, Move: d.Move})
	if err != nil {
		return board.Answer{}, err
	}
	if was == "" {
		was = d.Was
	}
	a.draft = &drafted{was: was}
	return s.publish(ctx, who, a, key, o)
}

// published finds the answer that an earlier request with this key made of a draft
// that is gone since.
func (s *Store) published(ctx context.Context, who board.Who, idea int64, key string, in any) (board.Answer, bool) {
	o, err := newOnce(who, key, fmt.Sprintf("Answer %d", idea), in)
	if err != nil || key == "" {
		return board.Answer{}, false
	}
	var id int64
	if s.readDB.QueryRowContext(ctx, `SELECT result_id FROM idempotency WHERE person_id = $1 AND idem_key = $2 AND verb = $3 AND digest = $4`,
		o.who, o.key, o.verb, o.digest).Scan(&id) != nil {
		return board.Answer{}, false
	}
	list, err := s.Answers(ctx, who, idea)
	for _, a := range list {
		if a.ID == id {
			return a, err == nil
		}
	}
	return board.Answer{}, false
}

// AnswerWithDraft publishes an answer as its form sends it: the text and choice given
// take the place of the draft's; of from, the signs of that alone are looked at. Errors: as PublishAnswerDraft.
func (s *Store) AnswerWithDraft(ctx context.Context, who board.Who, idea int64, in board.NewAnswer, from board.AnswerDraftChange, key string) (board.Answer, error) {
	a, err := s.newAnswer(ctx, who, idea, in)
	if err != nil {
		return board.Answer{}, err
	}
	a.draft = &drafted{was: from.Was, given: true, were: from.CitesWere, moveWas: from.MoveWas}
	return s.publish(ctx, who, a, key, in)
}

// ScheduleAnswerDraft gives the answer being written its time, or another one; nil
// takes it back. Errors: not_found where there is none, forbidden, conflict when the
// idea is locked or (field was) the text was changed since, invalid (field at) for a
// time that is past or more than a year away, invalid when it could not be published.
func (s *Store) ScheduleAnswerDraft(ctx context.Context, who board.Who, idea int64, when *time.Time, was string) (board.AnswerDraft, error) {
	d, err := s.AnswerDraft(ctx, who, idea)
	if err != nil {
		return d, err
	}
	due := sql.NullInt64{}
	if when != nil {
		now := s.now()
		if when.Before(now) || when.After(now.Add(dueAtMost)) {
			return d, board.FieldFault("at", "Choose a time that is still to come, within a year.")
		}
		if _, err := s.newAnswer(ctx, who, idea, board.NewAnswer{Body: d.Body, Move: d.Move}); err != nil {
			return d, err
		}
		due = sql.NullInt64{Int64: micros(*when), Valid: true}
	}
	if was == "" {
		was = d.Was
	}
	_, err = s.write(ctx, who.ID, func(tx *Tx) error {
		t, err := tx.answerer(who, idea)
		if err != nil {
			return err
		}
		now, err := tx.draftOf(idea)
		switch {
		case err != nil:
			return err
		case !now.there:
			return board.Missing()
		case was != board.Wording(now.body):
			return errMeanwhile
		case now.due == due:
			return nil
		}
		if _, err := tx.exec(`UPDATE answer_draft SET publish_at = $1, refused = '', person_id = CASE WHEN $1 IS NULL THEN person_id ELSE $2 END WHERE idea_id = $3`,
			due, who.ID, idea); err != nil {
			return fmt.Errorf("give the draft for idea %d its time: %w", idea, err)
		}
		if err := tx.scheduled(who, t, idea, now.due, due); err != nil {
			return err
		}
		_, err = tx.record(board.AnswerDrafted, about{board: t.board, idea: idea})
		return err
	})
	if err != nil {
		return d, err
	}
	return s.AnswerDraft(ctx, who, idea)
}

// scheduled keeps in the audit log that a draft was given a time, or none any more.
func (tx *Tx) scheduled(_ board.Who, t target, idea int64, before, after sql.NullInt64) error {
	said := func(due sql.NullInt64) any {
		if !due.Valid {
			return nil
		}
		return map[string]string{"publish_at": at(due.Int64).Format(time.RFC3339)}
	}
	return tx.audit(act{kind: board.AnswerScheduledAct, board: t.board, idea: idea, before: said(before), after: said(after)})
}

// RunAnswers publishes drafts at their time, until ctx ends. Trouble is logged and
// tried again: nothing is skipped.
func (s *Store) RunAnswers(ctx context.Context) error {
	for {
		pause := dueEvery
		if err := s.PublishDue(ctx); err != nil && ctx.Err() == nil {
			if !errors.Is(err, errReadOnly) {
				slog.Error("an answer could not be published at its time; trying again", "error", err)
			}
			pause = dueRetry
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return nil
		}
	}
}

// PublishDue publishes the drafts whose time has come. What breaks a rule stays a
// draft, and who would have published it is told.
func (s *Store) PublishDue(ctx context.Context) error {
	rows, err := s.readDB.QueryContext(ctx, `SELECT idea_id FROM answer_draft WHERE publish_at <= $1 ORDER BY publish_at LIMIT 100`, micros(s.now()))
	if err != nil {
		return fmt.Errorf("look which answers are due: %w", err)
	}
	due, err := collect(rows, scanID)
	if err != nil {
		return err
	}
	var errs []error
	for _, idea := range due {
		if err := s.publishDue(ctx, idea); err != nil && !errors.Is(err, errPutOff) {
			errs = append(errs, fmt.Errorf("idea %d: %w", idea, err))
		}
	}
	return errors.Join(errs...)
}

func (s *Store) publishDue(ctx context.Context, idea int64) error {
	d, err := s.AnswerDraftOf(ctx, idea)
	if err != nil || d == nil || d.PublishAt == nil {
		return err
	}
	ctx = WithOrigin(ctx, Origin{Means: "clock"})
	who, err := s.who(ctx, d.By.ID) // as they are now; gone: nothing is there for them
	if err == nil {
		var a answering
		if a, err = s.newAnswer(ctx, who, idea, board.NewAnswer{Body: d.Body, Move: d.Move}); err == nil {
			a.text.lang = language.Of(a.text.body, "")
			a.draft = &drafted{was: d.Was, due: d.PublishAt}
			_, err = s.publish(ctx, who, a, "", nil)
		}
	}
	var fault *board.Error
	if isNotFound(err) && who.ID == 0 {
		err = board.Fault(board.Forbidden, "%s cannot sign in any more. If the answer holds, publish it in your own name.", d.By.Name)
	}
	if !errors.As(err, &fault) || fault.Code == board.Unavailable {
		return err
	}
	return s.withhold(ctx, *d, fault)
}

// withhold takes the time off a draft that broke a rule when it came, and tells
// who would have published it and who answers for the board.
func (s *Store) withhold(ctx context.Context, d board.AnswerDraft, why *board.Error) error {
	text, err := json.Marshal(why)
	if err != nil {
		return err
	}
	_, err = s.write(ctx, 0, func(tx *Tx) error {
		var t target
		if err := tx.row(`SELECT board_id FROM idea WHERE id = $1`, d.Idea).Scan(&t.board); err != nil {
			return fmt.Errorf("find idea %d: %w", d.Idea, err)
		}
		now, err := tx.draftOf(d.Idea)
		if err != nil {
			return err
		}
		if !now.due.Valid || now.due.Int64 != micros(*d.PublishAt) {
			return errPutOff
		}
		if _, err := tx.exec(`UPDATE answer_draft SET publish_at = NULL, refused = $1 WHERE idea_id = $2`, string(text), d.Idea); err != nil {
			return fmt.Errorf("withhold the draft for idea %d: %w", d.Idea, err)
		}
		if err := tx.scheduled(board.Who{}, t, d.Idea, now.due, sql.NullInt64{}); err != nil {
			return err
		}
		tx.actor = d.By.ID // whom the notice names
		_, err = tx.record(board.AnswerDrafted, about{board: t.board, idea: d.Idea})
		tx.actor = 0
		if err != nil {
			return err
		}
		if err := tx.tell(d.By.ID, board.Withheld, d.Idea, 0); err != nil {
			return err
		}
		return tx.tellAnswerers(t.board, board.Withheld, d.Idea)
	})
	return err
}

// Zone is where a board's clock hangs.
func (s *Store) Zone(ctx context.Context, boardID int64) (*time.Location, error) {
	var calendar string
	if err := s.readDB.QueryRowContext(ctx, `SELECT calendar FROM board WHERE id = $1`, boardID).Scan(&calendar); err != nil {
		return nil, missingIfNone(err, "read the clock of board %d", boardID)
	}
	w, err := working(calendar)
	if err != nil {
		return nil, err
	}
	return w.Zone(), nil
}
