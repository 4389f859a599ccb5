package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"convivio/store/board"
)

// PromiseListing asks for promises: those on one board, or in one state.
type PromiseListing struct {
	Board  string             // slug; empty: all that the reader may see
	State  board.PromiseState // empty: those that hold, past their day or not
	Limit  int
	Cursor string
}

// promiseJoins and shownPromises take the reader as $1 and $2, today as $3, and a
// board's slug, or nothing, as $4. Merged ideas keep their promise for when they are taken apart.
const promiseJoins = ` FROM (SELECT q.id, q.idea_id, q.owner_id, q.due, q.first_due, q.ended, q.ended_on, CASE WHEN q.ended = 'done' AND q.ended_on <= q.due THEN 'kept' WHEN q.ended = 'done' THEN 'late'
		WHEN q.ended <> '' THEN 'taken_back' WHEN q.due < $3 THEN 'overdue' ELSE 'due' END AS state FROM promise q) q
	JOIN idea i ON i.id = q.idea_id AND i.deleted_at IS NULL
	JOIN board b ON b.id = i.board_id`

const shownPromises = `
	WHERE q.ended <> 'merged' AND (CAST($4 AS TEXT) = '' OR b.slug = $4) AND ` + sees

// Promises lists promises: those that hold by their day, the earliest first; the
// others by the day they ended, the latest first. Errors: not_found, invalid.
func (s *Store) Promises(ctx context.Context, who board.Who, l PromiseListing) (board.Promises, error) {
	out := board.Promises{Items: []board.Promise{}}
	if l.Board != "" {
		if _, err := s.Board(ctx, who, l.Board); err != nil {
			return out, err
		}
	}
	if l.State != "" && !l.State.Known() {
		return out, board.FieldFault("state", "There is no state with this name.")
	}
	args := []any{string(who.Kind), who.ID, string(board.DayOf(s.now())), l.Board}
	rows, err := s.readDB.QueryContext(ctx, `SELECT q.state, COUNT(*)`+promiseJoins+shownPromises+` GROUP BY q.state`, args...)
	if err != nil {
		return out, fmt.Errorf("count promises: %w", err)
	}
	if _, err = collect(rows, func(rows *sql.Rows) (struct{}, error) {
		var state board.PromiseState
		var n int
		err := rows.Scan(&state, &n)
		*out.Counts.Of(state) = n
		return struct{}{}, err
	}); err != nil {
		return out, err
	}
	out.Items, out.Next, err = s.promises(ctx, l, args)
	return out, err
}

// promises reads one piece of the list.
func (s *Store) promises(ctx context.Context, l PromiseListing, args []any) ([]board.Promise, string, error) {
	list := "promises:" + l.Board + ":" + string(l.State)
	c, more, err := parseCursor(list, l.Cursor)
	if err != nil {
		return nil, "", err
	}
	limit := pageSize(l.Limit)
	tail := ` AND q.ended = '' AND ($5 = '' OR q.state = $5) AND (q.due, q.id) > ($6, $7) ORDER BY q.due, q.id LIMIT $8`
	from := ""
	open := l.State == "" || l.State == board.PromiseDue || l.State == board.PromiseOverdue
	if !open {
		tail = ` AND q.state = $5 AND (q.ended_on, q.id) < ($6, $7) ORDER BY q.ended_on DESC, q.id DESC LIMIT $8`
		from = "9999-12-31"
	}
	if more {
		from = dayOfNumber(c.value)
	}
	// #nosec G202 -- literals of this function
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT q.id, i.id, i.title, i.lang, b.slug, b.name, i.stage, `+stageName+`, o.id, o.name, COALESCE(t.name, ''), q.due, q.first_due, q.state, q.ended_on,
			COALESCE(g.reason, ''), COALESCE(g.measured, ''), q.ended = '' AND NOT `+seesTo+
		promiseJoins+` JOIN person o ON o.id = q.owner_id LEFT JOIN team t ON t.id = o.team_id
			LEFT JOIN stage_change g ON q.ended <> '' AND g.id = (SELECT MAX(x.id) FROM stage_change x WHERE x.idea_id = q.idea_id AND x.to_stage = q.ended)`+shownPromises+tail,
		append(args, string(l.State), from, c.id, limit+1)...)
	if err != nil {
		return nil, "", fmt.Errorf("list promises: %w", err)
	}
	var ids []int64
	items, err := collect(rows, func(rows *sql.Rows) (p board.Promise, err error) {
		var id int64
		err = rows.Scan(&id, &p.Idea, &p.Title, &p.TitleLang, &p.Board, &p.BoardName, &p.Stage, &p.StageName, &p.Owner.ID, &p.Owner.Name, &p.Owner.Team,
			&p.Due, &p.FirstDue, &p.State, &p.EndedOn, &p.Reason, &p.Measured, &p.Adrift)
		ids = append(ids, id)
		return p, err
	})
	if err != nil || len(items) <= limit {
		return append([]board.Promise{}, items...), "", err
	}
	items = items[:limit]
	last := items[limit-1].Due
	if !open {
		last = items[limit-1].EndedOn
	}
	return items, cursor{list: list, value: numberOfDay(last), id: ids[limit-1]}.String(), nil
}

// A day travels in a cursor as the number of its digits: 20270331.
func numberOfDay(d board.Day) int64 { return number(strings.ReplaceAll(string(d), "-", "")) }

func dayOfNumber(n int64) string {
	s := strconv.FormatInt(n, 10)
	if len(s) != len("20270331") {
		return ""
	}
	return s[:4] + "-" + s[4:6] + "-" + s[6:]
}

// dueAtOnce is how many owners one verb tells that their day is past.
const dueAtOnce = 200

// TellDue tells the owners of promises whose day is past, each promise once. The
// server calls it now and then.
func (s *Store) TellDue(ctx context.Context) error {
	today := string(board.DayOf(s.now()))
	const late = ` FROM promise q WHERE q.ended = '' AND q.due < $1 AND q.told_at IS NULL`
	var some bool
	if err := s.readDB.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1`+late+`)`, today).Scan(&some); err != nil || !some {
		return missingIfNone(err, "look for promises past their day")
	}
	_, err := s.write(ctx, 0, func(tx *Tx) error {
		rows, err := tx.query(`SELECT q.id, q.owner_id, q.idea_id`+late+` ORDER BY q.due, q.id LIMIT $2`, today, dueAtOnce)
		if err != nil {
			return fmt.Errorf("read promises past their day: %w", err)
		}
		list, err := collect(rows, func(rows *sql.Rows) (p [3]int64, err error) { err = rows.Scan(&p[0], &p[1], &p[2]); return p, err })
		if err != nil {
			return err
		}
		for _, p := range list {
			// The event names the promise alone: nobody else hears of it.
			if _, err := tx.record(board.PromisePast, about{subject: p[0]}); err != nil {
				return err
			}
			if _, err := tx.exec(`UPDATE promise SET told_at = $1 WHERE id = $2`, tx.Now, p[0]); err != nil {
				return fmt.Errorf("keep who was told of promise %d: %w", p[0], err)
			}
			if err := tx.tell(p[1], board.Due, p[2], 0); err != nil {
				return err
			}
		}
		return nil
	})
	return err
}

// cameDue is the parked ideas whose day has come.
const cameDue = ` AND i.stage = 'parked' AND i.id IN (SELECT k.idea_id FROM parked k WHERE k.until <= $4)`

// keptBoards narrows ideas to boards that somebody moderates or owns; ok is false
// where there is none.
func keptBoards(who board.Who) (narrow string, args []any, ok bool) {
	if who.Moderates() {
		return "", nil, true
	}
	boards := append(append([]int64{}, who.Keeps...), who.Owns...)
	if len(boards) == 0 {
		return "", nil, false
	}
	marks, args := inList(boards, 5)
	return ` AND i.board_id IN (` + marks + `)`, args, true
}

// again lists the parked ideas to be looked at again by now, on the boards that
// the reader moderates or owns, at most n.
func (s *Store) again(ctx context.Context, who board.Who, shown map[int64]bool, n int) ([]board.Idea, error) {
	narrow, boards, ok := keptBoards(who)
	if !ok {
		return nil, nil
	}
	return s.others(ctx, who, shown, n, cameDue+narrow+` ORDER BY i.id LIMIT $3`, append([]any{string(board.DayOf(s.now()))}, boards...)...)
}

// Parked lists the parked ideas of the boards that the reader moderates or owns,
// by the day to look at them again; with due alone those whose day has come.
func (s *Store) Parked(ctx context.Context, who board.Who, due bool, limit int, after string) (board.List[board.ParkedIdea], error) {
	out := board.List[board.ParkedIdea]{Items: []board.ParkedIdea{}}
	narrow, boards, ok := keptBoards(who)
	if !ok {
		return out, nil
	}
	list := "parked:" + strconv.FormatBool(due)
	c, more, err := parseCursor(list, after)
	if err != nil {
		return out, err
	}
	from, until := "", "9999-12-31"
	if more {
		from = dayOfNumber(c.value)
	}
	if due {
		until = string(board.DayOf(s.now()))
	}
	limit = pageSize(limit)
	marks := 5 + len(boards)
	// #nosec G202 -- placeholders alone are put together
	rows, err := s.readDB.QueryContext(ctx, `SELECT i.id, k.until FROM parked k JOIN idea i ON i.id = k.idea_id JOIN board b ON b.id = i.board_id
		WHERE i.deleted_at IS NULL AND i.stage = 'parked' AND k.until <= $3 AND k.until >= $4 AND `+sees+narrow+
		fmt.Sprintf(` AND (k.until, i.id) > ($4, $%d) ORDER BY k.until, i.id LIMIT $%d`, marks, marks+1),
		append(append([]any{string(who.Kind), who.ID, until, from}, boards...), c.id, limit+1)...)
	if err != nil {
		return out, fmt.Errorf("list parked ideas: %w", err)
	}
	var ids []int64
	days := map[int64]board.Day{}
	if _, err = collect(rows, func(rows *sql.Rows) (struct{}, error) {
		var id int64
		var day board.Day
		err := rows.Scan(&id, &day)
		ids, days[id] = append(ids, id), day
		return struct{}{}, err
	}); err != nil || len(ids) == 0 {
		return out, err
	}
	if len(ids) > limit {
		ids = ids[:limit]
		out.Next = cursor{list: list, value: numberOfDay(days[ids[limit-1]]), id: ids[limit-1]}.String()
	}
	in, args := inList(ids, 3)
	ideas, err := s.some(ctx, who, ` AND i.id IN (`+in+`)`, args...)
	byID := map[int64]board.Idea{}
	for _, i := range ideas {
		byID[i.ID] = i
	}
	for _, id := range ids {
		if i, ok := byID[id]; ok {
			out.Items = append(out.Items, board.ParkedIdea{Idea: i, Until: days[id]})
		}
	}
	return out, err
}
