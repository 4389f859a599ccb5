package store

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"math/bits"
	"slices"

	"convivio/store/board"
)

// How many searches led nowhere is a figure; who searched is kept nowhere. For the
// ten minutes between two writings it is known in memory, because whoever left the
// figures is not counted. What is written is two numbers of the month and, so that
// the figure speaks of at least five people, a crowd: each person falls into one of
// sixteen groups, by a key that is thrown away with the month, and the groups that
// searched are at most as many as the people. The row goes when its month is closed.

const (
	crowdGroups  = 16
	searchedHeld = 100_000 // people in a month, within ten minutes
)

// searching is whose searches of which month.
type searching struct {
	month  board.Month
	person int64
}

// tried is how often somebody searched in ten minutes, and how often in vain.
type tried struct{ n, missed int64 }

// count adds to what somebody tried in the month of a search. Called with the lock.
func (l *looking) count(f lookedFor, n, missed int64) {
	k := searching{board.MonthOf(f.at.In(board.Zone())), f.person}
	x, known := l.tried[k]
	if !known && len(l.tried) >= searchedHeld {
		return
	}
	if l.tried == nil {
		l.tried = map[searching]tried{}
	}
	l.tried[k] = tried{x.n + n, x.missed + missed}
}

// searches are those of a month, of everybody.
type searches struct {
	tried
	crowd int64
}

// searched adds up what was tried, of employees who are counted. Groups are dealt
// out by the key of its own month alone: under another one the same people would
// fall into others.
func (s *Store) searched(ctx context.Context, list map[searching]tried, key string) (map[board.Month]searches, error) {
	people := make([]int64, 0, len(list))
	for k := range list {
		people = append(people, k.person)
	}
	counted := map[int64]bool{}
	slices.Sort(people)
	for some := range slices.Chunk(slices.Compact(people), 1000) {
		marks, args := inList(some, 1)
		// #nosec G202 -- placeholders alone are put together
		rows, err := s.readDB.QueryContext(ctx, `SELECT id FROM person WHERE kind = 'employee' AND uncounted = 0 AND id IN (`+marks+`)`, args...)
		if err != nil {
			return nil, fmt.Errorf("look whose searches are counted: %w", err)
		}
		ids, err := collect(rows, scanID)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			counted[id] = true
		}
	}
	now := board.MonthOf(s.now().In(board.Zone()))
	out := map[board.Month]searches{}
	for k, t := range list {
		if !counted[k.person] {
			continue
		}
		x := out[k.month]
		x.n, x.missed = x.n+t.n, x.missed+t.missed
		if k.month == now && t.n > 0 {
			x.crowd |= 1 << groupOf(key, k.person)
		}
		out[k.month] = x
	}
	return out, nil
}

// groupOf is the group of the crowd that a person falls into.
func groupOf(key string, person int64) int {
	h := hmac.New(sha256.New, []byte(key))
	_, _ = fmt.Fprint(h, "crowd\x00", person)
	return int(h.Sum(nil)[0]) % crowdGroups
}

// searchedStatements write down what was searched. A key that was lost, such as with
// a backup, begins its crowd anew.
func searchedStatements(months map[board.Month]searches, key int64) []statement {
	var out []statement
	for month, x := range months {
		out = append(out, statement{`INSERT INTO searched (month, n, missed, key_id, crowd) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (month) DO UPDATE SET n = searched.n + excluded.n, missed = searched.missed + excluded.missed,
			crowd = CASE WHEN excluded.crowd = 0 OR searched.key_id = excluded.key_id THEN searched.crowd | excluded.crowd ELSE excluded.crowd END,
			key_id = CASE WHEN excluded.crowd = 0 THEN searched.key_id ELSE excluded.key_id END`,
			[]any{int64(month), x.n, x.missed, key, x.crowd}})
	}
	return out
}

// gatherSearches measures how many searches led nowhere.
func (q *closing) gatherSearches(ctx context.Context) error {
	rows, err := q.tx.QueryContext(ctx, `SELECT n, missed, crowd FROM searched WHERE month = $1`, int64(q.month))
	if err != nil {
		return fmt.Errorf("read how many searches led nowhere: %w", err)
	}
	x := q.piles.at(board.SearchMissed, unitKey{by: board.ByCompany})
	_, err = collect(rows, func(rows *sql.Rows) (crowd uint64, err error) {
		err = rows.Scan(&x.of, &x.part, &crowd)
		for i := range bits.OnesCount64(crowd) {
			x.parts[int64(i+1)] = 1 // at least that many people
		}
		x.part = min(x.part, x.of)
		return crowd, err
	})
	return err
}
