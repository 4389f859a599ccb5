package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"convivio/store/board"
)

// An idea waits for an answer as long as no owner of its board answered it in
// writing, or an idea that was merged into it, unless its stage owes none (parked,
// withdrawn, merged). The table clock has a row for each idea that waits, and for no
// other: everything that says so reads it, and setDue alone writes it.

// owed is that definition, about idea i.
const owed = `i.deleted_at IS NULL AND i.stage NOT IN ('parked', 'withdrawn', 'merged')
	AND NOT EXISTS (SELECT 1 FROM answer a WHERE a.by_owner = 1 AND (a.idea_id = i.id OR a.idea_id IN (SELECT m.id FROM idea m WHERE m.merged_into = i.id)))`

// owedSince is since when idea i has waited: since it was posted, and as much later
// as it was parked or withdrawn meanwhile, or its board's clock was switched off. What was late already is late again when
// it comes back: only an answer ends that.
const owedSince = `i.created_at + COALESCE((SELECT SUM(c.at - (SELECT MAX(e.at) FROM stage_change e
		WHERE e.idea_id = c.idea_id AND e.id < c.id AND e.to_stage IN ('parked', 'withdrawn') AND e.from_stage NOT IN ('parked', 'withdrawn')))
	FROM stage_change c WHERE c.idea_id = i.id AND c.from_stage IN ('parked', 'withdrawn') AND c.to_stage NOT IN ('parked', 'withdrawn')), 0)
	+ COALESCE((SELECT SUM(q.ends_at - CASE WHEN q.began_at > i.created_at THEN q.began_at ELSE i.created_at END)
	FROM clock_pause q WHERE q.board_id = i.board_id AND q.ends_at > i.created_at), 0)`

// clockColumns are read into clock.fields, from board b.
const clockColumns = `b.answer_time, b.answer_unit, b.calendar, b.clock_from`

// clock is a board's clock as its row keeps it.
type clock struct {
	board.AnswerTime
	calendar string
	from     int64 // since when the board has its clock: what is older waits since then
}

func (c *clock) fields() []any { return []any{&c.Time, &c.Unit, &c.calendar, &c.from} }

// due is when an answer is owed to an idea that has waited since then; nil where
// the board has no clock.
func (c clock) due(since int64) (any, error) {
	if c.Time == 0 {
		return nil, nil
	}
	w, err := working(c.calendar)
	if err != nil {
		return nil, err
	}
	return micros(c.Due(w, at(max(since, c.from)))), nil
}

// setDue works out whether an idea waits for an answer and until when, and keeps
// its board's count. Every verb that changed an idea's board, stage or answers,
// deleted it or restored it, calls it last.
func (tx *Tx) setDue(idea int64) error {
	var boardID, since int64
	var waits bool
	var was sql.NullInt64
	var c clock
	if err := tx.row(`
		SELECT i.board_id, `+owedSince+`, `+owed+`, k.board_id, `+clockColumns+`
		FROM idea i JOIN board b ON b.id = i.board_id LEFT JOIN clock k ON k.idea_id = i.id WHERE i.id = $1`, idea).
		Scan(append([]any{&boardID, &since, &waits, &was}, c.fields()...)...); err != nil {
		return fmt.Errorf("look whether idea %d waits for an answer: %w", idea, err)
	}
	var steps []statement
	if was.Valid && (!waits || was.Int64 != boardID) {
		steps = append(steps, statement{`UPDATE board SET waiting = waiting - 1 WHERE id = $1`, []any{was.Int64}})
	}
	if waits && was.Int64 != boardID {
		steps = append(steps, statement{`UPDATE board SET waiting = waiting + 1 WHERE id = $1`, []any{boardID}})
	}
	switch {
	case waits:
		due, err := c.due(since)
		if err != nil {
			return err
		}
		steps = append(steps, statement{`INSERT INTO clock (idea_id, board_id, due_at) VALUES ($1, $2, $3)
			ON CONFLICT (idea_id) DO UPDATE SET told_at = CASE WHEN clock.board_id = excluded.board_id THEN clock.told_at END,
				board_id = excluded.board_id, due_at = excluded.due_at`, []any{idea, boardID, due}})
	case was.Valid:
		steps = append(steps, statement{`DELETE FROM clock WHERE idea_id = $1`, []any{idea}})
	}
	for _, st := range steps {
		if _, err := tx.exec(st.sql, st.args...); err != nil {
			return fmt.Errorf("keep whether idea %d waits for an answer: %w", idea, err)
		}
	}
	return nil
}

// answered stops an idea's clock if who wrote its new answer owns the board now.
func (tx *Tx) answered(idea, answer, author int64) error {
	var boardID int64
	if err := tx.row(`SELECT board_id FROM idea WHERE id = $1`, idea).Scan(&boardID); err != nil {
		return fmt.Errorf("read the board of idea %d: %w", idea, err)
	}
	owes, err := tx.owes(author, boardID)
	if err != nil {
		return err
	}
	if _, err := tx.exec(`UPDATE answer SET by_owner = $1 WHERE id = $2`, asInt(owes), answer); err != nil {
		return fmt.Errorf("keep who answered: %w", err)
	}
	return tx.setDue(idea)
}

// setDues works every due time of a board out anew after its clock changed.
func (tx *Tx) setDues(boardID int64) error {
	var c clock
	if err := tx.row(`SELECT `+clockColumns+` FROM board b WHERE b.id = $1`, boardID).Scan(c.fields()...); err != nil {
		return fmt.Errorf("read the clock of board %d: %w", boardID, err)
	}
	rows, err := tx.query(`SELECT k.idea_id, `+owedSince+` FROM clock k JOIN idea i ON i.id = k.idea_id WHERE k.board_id = $1`, boardID)
	if err != nil {
		return fmt.Errorf("list what waits on board %d: %w", boardID, err)
	}
	list, err := collect(rows, func(rows *sql.Rows) (w waiting, err error) {
		w.clock, w.board = c, boardID
		err = rows.Scan(&w.idea, &w.since)
		return w, err
	})
	if err != nil {
		return err
	}
	return writeDues(list, func(query string, args ...any) error { _, err := tx.exec(query, args...); return err })
}

// waiting is an idea that waits for an answer.
type waiting struct {
	idea, board, since int64
	clock
}

// writeDues writes the due times of many ideas, hundreds in a statement.
func writeDues(list []waiting, exec func(string, ...any) error) error {
	const batch = 500
	for len(list) > 0 {
		n := min(batch, len(list))
		values, args := make([]string, n), make([]any, 0, 3*n)
		for i, w := range list[:n] {
			due, err := w.due(w.since)
			if err != nil {
				return err
			}
			values[i] = fmt.Sprintf("($%d, $%d, $%d)", 3*i+1, 3*i+2, 3*i+3)
			args = append(args, w.idea, w.board, due)
		}
		// #nosec G202 -- placeholders alone are put together
		if err := exec(`INSERT INTO clock (idea_id, board_id, due_at) VALUES `+strings.Join(values, ", ")+`
			ON CONFLICT (idea_id) DO UPDATE SET due_at = excluded.due_at`, args...); err != nil {
			return fmt.Errorf("keep when answers are due: %w", err)
		}
		list = list[n:]
	}
	return nil
}

// windClocks works out the due times that a migration left to be worked out:
// what waits there waits since now.
func windClocks(ctx context.Context, db *sql.DB, now int64) (err error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("wind clocks: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // does nothing after a commit
	res, err := tx.ExecContext(ctx, `UPDATE board SET clock_from = $1 WHERE id IN (SELECT k.board_id FROM clock k WHERE k.due_at = 0)`, now)
	if err != nil {
		return fmt.Errorf("wind clocks: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err
	}
	rows, err := tx.QueryContext(ctx, `SELECT k.idea_id, k.board_id, `+owedSince+`, `+clockColumns+`
		FROM clock k JOIN idea i ON i.id = k.idea_id JOIN board b ON b.id = k.board_id WHERE k.due_at = 0`)
	if err != nil {
		return fmt.Errorf("list clocks to be wound: %w", err)
	}
	list, err := collect(rows, scanWaiting)
	if err != nil {
		return err
	}
	if err := writeDues(list, func(query string, args ...any) error { _, err := tx.ExecContext(ctx, query, args...); return err }); err != nil {
		return err
	}
	return tx.Commit()
}

func scanWaiting(rows *sql.Rows) (w waiting, err error) {
	err = rows.Scan(append([]any{&w.idea, &w.board, &w.since}, w.fields()...)...)
	return w, err
}

// clockFaults works every due time out anew.
func (s *Store) clockFaults(ctx context.Context) (faults []string, err error) {
	rows, err := s.readDB.QueryContext(ctx, `SELECT i.id, i.board_id, `+owedSince+`, k.due_at, `+clockColumns+`
		FROM clock k JOIN idea i ON i.id = k.idea_id JOIN board b ON b.id = i.board_id ORDER BY i.id`)
	if err != nil {
		return nil, fmt.Errorf("read clocks: %w", err)
	}
	_, err = collect(rows, func(rows *sql.Rows) (w waiting, err error) {
		var kept sql.NullInt64
		if err := rows.Scan(append([]any{&w.idea, &w.board, &w.since, &kept}, w.fields()...)...); err != nil {
			return w, err
		}
		due, err := w.due(w.since)
		if us, has := due.(int64); err == nil && (has != kept.Valid || us != kept.Int64) {
			faults = append(faults, fmt.Sprintf("idea %d is owed an answer at another time than its board's clock says", w.idea))
		}
		return w, err
	})
	return faults, err
}

// tick tells how the time an idea is due at stands to now.
func (s *Store) tick(i *board.Idea, due sql.NullInt64, calendar string) error {
	if !due.Valid {
		return nil
	}
	w, err := working(calendar)
	if err != nil {
		return err
	}
	t := at(due.Int64).In(w.Zone())
	i.DueAt = &t
	i.Late, i.DueDays = w.Until(t, at(micros(s.now())))
	return nil
}
