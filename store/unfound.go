package store

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"convivio/store/board"
)

// Searches that led nowhere tell what the company should know and does not. They
// are counted so that nobody can tell whose they were: what is kept of a person is
// a keyed hash of them and the words together, so that two searches of one person
// do not show as such, and the key lasts a month. A query that may name somebody
// or something of theirs is not kept at all.

const (
	unfoundKept  = board.UnfoundKept
	unfoundTurn  = 10 * time.Minute // in which whoever opens an idea has found something
	unfoundWords = 6                // of a query; longer ones tell of whoever typed them
	unfoundRunes = 80
	unfoundHeld  = 5_000 // searches that wait to be written, and people who are looking
	unfoundShown = 100
)

// looking is what people look for just now, and searches that wait to be written.
// It is in memory alone: ten minutes of it are lost when the server ends.
type looking struct {
	mu      sync.Mutex
	now     map[int64]lookedFor
	unfound []lookedFor
	tried   map[searching]tried // since it was written last
}

type lookedFor struct {
	person int64
	query  string
	at     time.Time
}

// LookedFor notes that somebody searched and whether anything came up; query is
// the normal form of what they typed, which has fewer words and no signs. Unless
// they open an idea soon, they did not find it.
func (s *Store) LookedFor(person int64, typed, query string, some bool) {
	if !s.On(board.FeatureUnfound) {
		return
	}
	l := &s.looking
	l.mu.Lock()
	defer l.mu.Unlock()
	before, went := l.now[person]
	if went && before.query == query {
		return // the next page of it, or another order
	}
	delete(l.now, person)
	if went {
		l.miss(before)
	}
	this := lookedFor{person, query, s.now()}
	if !countable(typed) || !countable(query) {
		return
	}
	l.count(this, 1, 0)
	switch {
	case !some:
		l.miss(this)
	case len(l.now) < unfoundHeld:
		if l.now == nil {
			l.now = map[int64]lookedFor{}
		}
		l.now[person] = this
	}
}

// Opened notes that somebody opened an idea: what they looked for just before is found.
func (s *Store) Opened(person int64) {
	s.looking.mu.Lock()
	defer s.looking.mu.Unlock()
	delete(s.looking.now, person)
}

func (l *looking) miss(f lookedFor) {
	l.count(f, 0, 1)
	if len(l.unfound) < unfoundHeld {
		l.unfound = append(l.unfound, f)
	}
}

// take gives what is to be written, with what nobody opened anything of in time.
func (l *looking) take(now time.Time) ([]lookedFor, map[searching]tried) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for person, f := range l.now {
		if now.Sub(f.at) >= unfoundTurn {
			delete(l.now, person)
			l.miss(f)
		}
	}
	list, all := l.unfound, l.tried
	l.unfound, l.tried = nil, nil
	return list, all
}

// countable tells whether a query may be kept: short, and with neither numbers nor
// addresses, which are about somebody.
func countable(query string) bool {
	n := utf8.RuneCountInString(query)
	return n >= 3 && n <= unfoundRunes && len(strings.Fields(query)) <= unfoundWords && !strings.ContainsFunc(query, func(r rune) bool { return r == '@' || unicode.IsNumber(r) })
}

// FlushUnfound writes down the searches that led nowhere. Called every ten minutes
// by the server, so that no row tells when somebody searched.
func (s *Store) FlushUnfound(ctx context.Context) error {
	now := s.now()
	month := int64(now.Year()*12 + int(now.Month()))
	list := []statement{
		{`DELETE FROM search_key WHERE month <> $1`, []any{month}},
		{`DELETE FROM unfound WHERE day < $1`, []any{day(now.Add(-unfoundKept))}},
	}
	found, all := s.looking.take(now)
	if len(all) > 0 {
		secret := make([]byte, sha256.Size)
		_, _ = rand.Read(secret)
		id := int64(binary.BigEndian.Uint64(secret) >> 1) // #nosec G115 -- never one that was used before
		_, _ = rand.Read(secret)
		err := s.note(ctx, append(list, statement{`INSERT INTO search_key (id, month, secret) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, []any{id, month, hex.EncodeToString(secret)}})...)
		if err != nil {
			return err
		}
		var key string
		if err := s.readDB.QueryRowContext(ctx, `SELECT id, secret FROM search_key WHERE month = $1`, month).Scan(&id, &key); err != nil {
			return fmt.Errorf("read the key of searches: %w", err)
		}
		list = list[:0]
		for _, f := range found {
			list = append(list, statement{`INSERT INTO unfound (query, key_id, who, day) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`, []any{f.query, id, f.sign(key), day(now)}})
		}
		months, err := s.searched(ctx, all, key)
		if err != nil {
			return err
		}
		list = append(list, searchedStatements(months, id)...)
	}
	return s.note(ctx, list...)
}

func day(t time.Time) int64 { return t.Unix() / (24 * 60 * 60) }

// sign is what is kept of the person.
func (f lookedFor) sign(key string) string {
	h := hmac.New(sha256.New, []byte(key))
	h.Write([]byte(strconv.FormatInt(f.person, 10) + "\x00" + f.query))
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// Unfound lists what at least board.UnfoundFrom people looked for within a month
// and did not find, what most looked for first. Moderators only. Errors: forbidden.
func (s *Store) Unfound(ctx context.Context, who board.Who) ([]board.Unfound, error) {
	if err := moderatorsOnly(who); err != nil {
		return nil, err
	}
	// Nobody is counted twice: under another key the same people are others.
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT query, MAX(n) FROM (SELECT query, COUNT(*) AS n FROM unfound GROUP BY query, key_id HAVING COUNT(*) >= $1) AS months
		GROUP BY query ORDER BY 2 DESC, query LIMIT $2`, board.UnfoundFrom, unfoundShown)
	if err != nil {
		return nil, fmt.Errorf("read what was not found: %w", err)
	}
	list, err := collect(rows, func(rows *sql.Rows) (u board.Unfound, err error) {
		var n int
		err = rows.Scan(&u.Query, &n)
		for _, step := range []int{board.UnfoundFrom, 10, 20, 50, 100} {
			if n >= step {
				u.AtLeast = step
			}
		}
		return u, err
	})
	if err != nil || len(list) == 0 {
		return list, err
	}
	names, err := s.everyName(ctx)
	return slices.DeleteFunc(list, func(u board.Unfound) bool { return names.in(u.Query) }), err
}

// PutAside takes a search off the list: its count begins anew. Moderators only.
// Errors: forbidden.
func (s *Store) PutAside(ctx context.Context, who board.Who, query string) error {
	if err := moderatorsOnly(who); err != nil {
		return err
	}
	return s.noteAs(ctx, who.ID, func(tx *Tx) error {
		res, err := tx.exec(`DELETE FROM unfound WHERE query = $1`, query)
		if err != nil {
			return fmt.Errorf("put a search aside: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return tx.audit(act{kind: board.SearchPutAsideAct}) // never what was searched for
	})
}

// peopleNames are the words of everybody's names.
type peopleNames [][]string

func (s *Store) everyName(ctx context.Context) (peopleNames, error) {
	rows, err := s.readDB.QueryContext(ctx, `SELECT name FROM person`)
	if err != nil {
		return nil, fmt.Errorf("read names: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) ([]string, error) {
		var name string
		err := rows.Scan(&name)
		return strings.Fields(searchable(name)), err
	})
}

// in tells whether a query names somebody: with their whole name, or with nothing
// but words of it.
func (n peopleNames) in(query string) bool {
	asked := strings.Fields(searchable(query))
	within := func(some, all []string) bool {
		return len(some) > 0 && !slices.ContainsFunc(some, func(w string) bool { return !slices.Contains(all, w) })
	}
	return slices.ContainsFunc(n, func(name []string) bool { return within(name, asked) || within(asked, name) })
}

// withoutKeys takes the keys of searches out of a copy: whoever holds one could
// try out whose they were.
func withoutKeys(ctx context.Context, db *sql.DB) error {
	_, err := db.ExecContext(ctx, `DELETE FROM search_key`)
	if err != nil && strings.Contains(err.Error(), "no such table") { // a copy from before there were any
		return nil
	}
	return err
}
