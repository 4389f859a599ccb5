package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"convivio/store/board"
)

// settleTally counts days anew, writes what is different, and last how far the
// tally is. It tells how many days something was done on, or had been counted.
func (s *Store) settleTally(ctx context.Context, c touched, head int64) (days int, err error) {
	list, err := s.tallyDays(ctx, c)
	if err != nil {
		return 0, err
	}
	if s.stood == nil && len(list) > 0 {
		if s.stood, err = readStands(ctx, s.readDB); err != nil {
			return 0, err
		}
	}
	var rest []statement
	for some := range slices.Chunk(list, tallyDays) {
		want, have, err := s.stood.countDays(ctx, s.readDB, some)
		if err != nil {
			return 0, err
		}
		days += daysIn(want)
		rest = append(rest, tallyStatements(want, have)...)
		for len(rest) > tallyRows/tallyBatch {
			if err := s.note(ctx, rest[:tallyRows/tallyBatch]...); err != nil {
				return 0, err
			}
			rest = rest[tallyRows/tallyBatch:]
		}
	}
	rest = append(rest, statement{`INSERT INTO follower (name, seq) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET seq = excluded.seq`, []any{tallyCursor, head}})
	if err := s.note(ctx, rest...); err != nil {
		return 0, err
	}
	s.tallied.advance(head, false, false)
	return days, nil
}

func daysIn(counts map[tallyKey]int64) int {
	days := map[int64]bool{}
	for k := range counts {
		days[k.day] = true
	}
	return len(days)
}

// tallyDays lists the days to be counted, the first one first.
func (s *Store) tallyDays(ctx context.Context, c touched) ([]int64, error) {
	days := maps.Clone(c.days)
	if c.from == noDay {
		return slices.Sorted(maps.Keys(days)), nil
	}
	if days == nil {
		days = map[int64]bool{}
	}
	var first, last, counted, until sql.NullInt64
	err := s.readDB.QueryRowContext(ctx, `
		SELECT MIN(w.a), MAX(w.b), (SELECT MIN(day) FROM tally), (SELECT MAX(day) FROM tally) FROM (
			SELECT MIN(created_at) AS a, MAX(created_at) AS b FROM idea
			UNION ALL SELECT MIN(created_at), MAX(created_at) FROM comment UNION ALL SELECT MIN(at), MAX(at) FROM vote) w`).Scan(&first, &last, &counted, &until)
	if err != nil {
		return nil, fmt.Errorf("look when something was done: %w", err)
	}
	if first.Valid {
		for day := max(c.from, companyDay(first.Int64)); day <= companyDay(last.Int64); day++ {
			days[day] = true
		}
	}
	if counted.Valid {
		for day := max(c.from, counted.Int64); day <= until.Int64; day++ {
			days[day] = true
		}
	}
	return slices.Sorted(maps.Keys(days)), nil
}

// tallied is what stands of a stretch of days: i is the idea, b its board. Labels
// and votes that merges made are nobody's act.
const tallied = `
	SELECT 'ideas', i.created_at, i.author_id, CASE WHEN b.visibility = 'open' THEN b.id ELSE 0 END
	FROM d CROSS JOIN idea i ON i.created_at >= d.a AND i.created_at < d.z JOIN board b ON b.id = i.board_id WHERE i.deleted_at IS NULL
	UNION ALL
	SELECT 'comments', c.created_at, c.author_id, CASE WHEN b.visibility = 'open' THEN b.id ELSE 0 END
	FROM d CROSS JOIN comment c ON c.created_at >= d.a AND c.created_at < d.z JOIN idea i ON i.id = c.idea_id JOIN board b ON b.id = i.board_id
	WHERE c.deleted_at IS NULL AND c.label = '' AND i.deleted_at IS NULL
	UNION ALL
	SELECT 'votes', v.at, v.person_id, CASE WHEN b.visibility = 'open' THEN b.id ELSE 0 END
	FROM d CROSS JOIN vote v ON v.at >= d.a AND v.at < d.z JOIN idea i ON i.id = v.idea_id JOIN board b ON b.id = i.board_id
	WHERE v.via IS NULL AND i.deleted_at IS NULL`

// countDays counts what stands of some days, and reads what the tally says of them.
func (s stands) countDays(ctx context.Context, db reader, days []int64) (want, have map[tallyKey]int64, err error) {
	want, have = map[tallyKey]int64{}, map[tallyKey]int64{}
	marks, args := stretches(days)
	// #nosec G202 -- placeholders alone are put together
	rows, err := db.QueryContext(ctx, `WITH d (a, z) AS (VALUES `+marks+`)`+tallied, args...)
	if err != nil {
		return nil, nil, fmt.Errorf("count what was done: %w", err)
	}
	defer rows.Close()
	units := map[int64]*dayUnits{}
	var begins, ends, day int64
	for rows.Next() {
		var act string
		var us, person, boardID int64
		if err := rows.Scan(&act, &us, &person, &boardID); err != nil {
			return nil, nil, fmt.Errorf("scan what was done: %w", err)
		}
		if us < begins || us >= ends {
			day = companyDay(us)
			begins, ends = dayBegins(day), dayBegins(day+1)
		}
		if units[day] == nil {
			units[day] = s.on(day)
		}
		units[day].add(want, tallyKey{day: day, act: act}, s, person, boardID)
	}
	if err := rows.Err(); err != nil {
		return nil, nil, fmt.Errorf("count what was done: %w", err)
	}
	list, more := inList(days, 1)
	// #nosec G202 -- placeholders alone are put together
	kept, err := db.QueryContext(ctx, `SELECT day, dimension, unit_id, unit, act, n FROM tally WHERE day IN (`+list+`)`, more...)
	if err != nil {
		return nil, nil, fmt.Errorf("read the tally: %w", err)
	}
	_, err = collect(kept, func(rows *sql.Rows) (k tallyKey, err error) {
		var n int64
		err = rows.Scan(&k.day, &k.by, &k.id, &k.unit, &k.act, &n)
		have[k] = n
		return k, err
	})
	return want, have, err
}

// stretches are the times of days, those that follow each other together; as many
// as a power of two, so that few statements are different.
func stretches(days []int64) (marks string, args []any) {
	for i, day := range days {
		if i > 0 && days[i-1] == day-1 {
			args[len(args)-1] = dayBegins(day + 1)
			continue
		}
		args = append(args, dayBegins(day), dayBegins(day+1))
	}
	for n := padded(len(args) / 2); len(args) < 2*n; {
		args = append(args, 0, 0)
	}
	var b strings.Builder
	for i := 0; i < len(args); i += 2 {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "($%d,$%d)", i+1, i+2)
	}
	return b.String(), args
}

// tallyBatch is how many rows one statement changes.
const tallyBatch = 100

// tallyStatements turn what the tally has into what it should have.
func tallyStatements(want, have map[tallyKey]int64) []statement {
	var put, gone []tallyKey
	for k, n := range want {
		if old, ok := have[k]; !ok || old != n {
			put = append(put, k)
		}
	}
	for k := range have {
		if _, ok := want[k]; !ok {
			gone = append(gone, k)
		}
	}
	slices.SortFunc(put, tallyKey.compare)
	slices.SortFunc(gone, tallyKey.compare)
	var out []statement
	for some := range slices.Chunk(put, tallyBatch) {
		var args []any
		for _, k := range some {
			args = append(args, k.day, string(k.by), k.id, k.unit, k.act, want[k])
		}
		out = append(out, statement{`INSERT INTO tally (day, dimension, unit_id, unit, act, n) VALUES ` + tuples(len(some), 6) +
			` ON CONFLICT (day, dimension, unit_id, unit, act) DO UPDATE SET n = excluded.n`, args})
	}
	for some := range slices.Chunk(gone, tallyBatch) {
		var args []any
		for _, k := range some {
			args = append(args, k.day, string(k.by), k.id, k.unit, k.act)
		}
		out = append(out, statement{`DELETE FROM tally WHERE (day, dimension, unit_id, unit, act) IN (VALUES ` + tuples(len(some), 5) + `)`, args})
	}
	return out
}

// tuples are placeholders of n rows.
func tuples(n, columns int) string {
	var b strings.Builder
	for i := range n * columns {
		switch {
		case i == 0:
			b.WriteByte('(')
		case i%columns == 0:
			b.WriteString("),(")
		default:
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "$%d", i+1)
	}
	return b.String() + ")"
}

// tallySum reads every count, in order, and sums them up.
func tallySum(ctx context.Context, db reader) (n int, sum string, err error) {
	rows, err := db.QueryContext(ctx, `SELECT day, dimension, unit_id, unit, act, n FROM tally ORDER BY day, dimension, unit_id, unit, act`)
	if err != nil {
		return 0, "", fmt.Errorf("read the tally: %w", err)
	}
	defer rows.Close()
	h := sha256.New()
	for rows.Next() {
		var k tallyKey
		var count int64
		if err := rows.Scan(&k.day, &k.by, &k.id, &k.unit, &k.act, &count); err != nil {
			return 0, "", fmt.Errorf("scan the tally: %w", err)
		}
		n++
		_, _ = fmt.Fprintf(h, "%d\t%s\t%d\t%q\t%s\t%d\n", k.day, k.by, k.id, k.unit, k.act, count)
	}
	if err := rows.Err(); err != nil {
		return 0, "", fmt.Errorf("read the tally: %w", err)
	}
	return n, hex.EncodeToString(h.Sum(nil)), nil
}

// tallyFaults counts everything anew where the tally says that it is up to date.
func (s *Store) tallyFaults(ctx context.Context) ([]string, error) {
	tx, err := s.readDB.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	saved, err := tallySaved(ctx, tx)
	if err != nil {
		return nil, err
	}
	var head int64
	if err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(seq), 0) FROM log`).Scan(&head); err != nil {
		return nil, fmt.Errorf("read the head of the log: %w", err)
	}
	if saved != head {
		return nil, nil
	}
	days, err := s.tallyDays(ctx, everyDay())
	if err != nil {
		return nil, err
	}
	stood, err := readStands(ctx, tx)
	if err != nil {
		return nil, err
	}
	var faults []string
	for some := range slices.Chunk(days, tallyDays) {
		want, have, err := stood.countDays(ctx, tx, some)
		if err != nil {
			return nil, err
		}
		if n := len(tallyStatements(want, have)); n > 0 {
			faults = append(faults, fmt.Sprintf("the tally of what was done is wrong between day %d and day %d: convivio figures rebuild", some[0], some[len(some)-1]))
		}
	}
	return faults, nil
}

// tallyUnit is a unit of a day, of a dimension that people stand in.
type tallyUnit struct {
	by   board.Dimension
	id   int64
	unit string
}
