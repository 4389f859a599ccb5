package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"sync"

	"convivio/store/board"
)

// calendars are the calendars in use, made ready, by the text their boards keep.
var calendars struct {
	sync.RWMutex
	of map[string]*board.Working
}

// maxCalendars bounds calendars: more are forgotten at once.
const maxCalendars = 1000

// working makes a board's calendar ready, as its row keeps it.
func working(text string) (*board.Working, error) {
	calendars.RLock()
	w := calendars.of[text]
	calendars.RUnlock()
	if w != nil {
		return w, nil
	}
	c, err := readCalendar(text)
	if err == nil {
		w, err = c.Working()
	}
	if err != nil {
		return nil, fmt.Errorf("read a calendar: %w", err)
	}
	calendars.Lock()
	defer calendars.Unlock()
	if calendars.of == nil || len(calendars.of) >= maxCalendars {
		calendars.of = map[string]*board.Working{}
	}
	calendars.of[text] = w
	return w, nil
}

func readCalendar(text string) (c board.Calendar, err error) {
	if text == "" {
		return board.DefaultCalendar(), nil
	}
	return c, json.Unmarshal([]byte(text), &c)
}

// calendarText is how a row keeps a checked calendar.
func calendarText(c board.Calendar) (string, error) {
	text, err := json.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("write a calendar: %w", err)
	}
	usual, err := json.Marshal(board.DefaultCalendar())
	if err != nil || string(text) == string(usual) {
		return "", err
	}
	return string(text), nil
}

// Clock reads within what time, and in which hours, a board answers. Errors: not_found.
func (s *Store) Clock(ctx context.Context, who board.Who, slug string) (out board.Clock, err error) {
	var c clock
	err = s.readDB.QueryRowContext(ctx, `SELECT `+clockColumns+` FROM board b WHERE b.slug = $3 AND `+sees,
		string(who.Kind), who.ID, slug).Scan(c.fields()...)
	if err != nil {
		return out, missingIfNone(err, "read the clock of %s", slug)
	}
	out.AnswerTime = c.AnswerTime
	out.Calendar, err = readCalendar(c.calendar)
	return out, err
}

// SetClock changes within what time, and in which hours, a board answers; what
// waits there is due anew at once. A clock that is switched on starts now for what
// was posted without one: nothing is late that nobody promised. What waited before it
// was switched off has as much time left as then, or is as late: only an answer ends that.
// Errors: forbidden, not_found, invalid (fields of board.Clock.Checked).
func (s *Store) SetClock(ctx context.Context, who board.Who, slug string, in board.Clock) (int64, error) {
	if err := adminsOnly(who); err != nil {
		return 0, err
	}
	in, err := in.Checked()
	if err != nil {
		return 0, err
	}
	text, err := calendarText(in.Calendar)
	if err != nil {
		return 0, err
	}
	return s.write(ctx, who.ID, func(tx *Tx) error {
		id, err := tx.boardFor(who, slug)
		if err != nil {
			return err
		}
		return tx.setClock(id, in, text)
	})
}

func (tx *Tx) setClock(id int64, in board.Clock, text string) error {
	var was clock
	if err := tx.row(`SELECT `+clockColumns+` FROM board b WHERE b.id = $1`, id).Scan(was.fields()...); err != nil {
		return fmt.Errorf("read the clock of board %d: %w", id, err)
	}
	before := board.Clock{AnswerTime: was.AnswerTime}
	var err error
	if before.Calendar, err = readCalendar(was.calendar); err != nil || reflect.DeepEqual(before, in) {
		return err
	}
	if err := tx.pauseClock(id, &was, in.Time); err != nil {
		return err
	}
	seq, err := tx.record(board.BoardChanged, about{board: id})
	if err != nil {
		return err
	}
	if _, err := tx.exec(`UPDATE board SET answer_time = $1, answer_unit = $2, calendar = $3, clock_from = $4, last_seq = $5 WHERE id = $6`,
		in.Time, string(in.Unit), text, was.from, seq, id); err != nil {
		return fmt.Errorf("set the clock of board %d: %w", id, err)
	}
	if err := tx.setDues(id); err != nil {
		return err
	}
	return tx.audit(act{kind: board.ClockChangedAct, board: id, before: before, after: in})
}

// pauseClock keeps since when a board's clock stands still, or that it runs again; one
// that never ran begins now.
func (tx *Tx) pauseClock(id int64, was *clock, now int) error {
	var err error
	switch {
	case was.Time > 0 && now == 0:
		_, err = tx.exec(`INSERT INTO clock_pause (board_id, began_at) VALUES ($1, $2)`, id, tx.Now)
	case was.Time == 0 && now > 0:
		var ran int64
		err = tx.row(`UPDATE clock_pause SET ends_at = $1 WHERE board_id = $2 AND ends_at IS NULL RETURNING began_at`, tx.Now, id).Scan(&ran)
		if errors.Is(err, sql.ErrNoRows) {
			was.from, err = tx.Now, nil
		}
	}
	if err != nil {
		return fmt.Errorf("keep when the clock of board %d ran: %w", id, err)
	}
	return nil
}
