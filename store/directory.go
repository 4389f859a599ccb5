package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"convivio/store/board"
)

// directory is everybody who may sign in, or might again, in memory and in the
// order of their handles: 50,000 people are some 15 MB, and looking through them
// for words takes milliseconds where SQL, which knows no letters beyond ASCII,
// would take a hundred. Who changed is read again, found by the event that
// changed them.
type directory struct {
	mu     sync.Mutex
	access int64 // AccessHead it is as of
	seq    int64 // the last change it has
	people []*entry
	byID   map[int64]*entry
	sites  []string      // that people are at, by name
	teams  map[int64]int // how many of a team may sign in
}

// entry is somebody in the directory. It is never changed: another takes its place.
type entry struct {
	id       int64
	handle   string
	text     string // name, handle, team and site, as people search
	mail     string // the address likewise, for administrators
	team     int64
	site     string
	guest    bool
	invited  bool // has not chosen a password yet
	disabled bool
	roles    []board.Role
}

// everybody is the directory as it is now; nobody may change it.
func (s *Store) everybody(ctx context.Context) ([]*entry, map[int64]*entry, error) {
	d := &s.people
	d.mu.Lock()
	defer d.mu.Unlock()
	access := s.AccessHead()
	if d.byID != nil && d.access == access {
		return d.people, d.byID, nil
	}
	changed, seq, err := s.readEntries(ctx, d.seq)
	if err != nil {
		return nil, nil, err
	}
	if len(changed) > 0 {
		d.take(changed)
	}
	if d.byID == nil {
		d.byID = map[int64]*entry{}
	}
	d.access, d.seq = access, max(seq, d.seq)
	return d.people, d.byID, nil
}

// take puts those who changed in their places, in lists of their own: readers
// may hold the old ones.
func (d *directory) take(changed []*entry) {
	byID := make(map[int64]*entry, len(d.byID)+len(changed))
	for id, e := range d.byID {
		byID[id] = e
	}
	for _, e := range changed {
		byID[e.id] = e
	}
	people := make([]*entry, 0, len(byID))
	for _, e := range d.people {
		if byID[e.id] == e {
			people = append(people, e)
		}
	}
	people = append(people, changed...)
	slices.SortFunc(people, func(a, b *entry) int { return strings.Compare(a.handle, b.handle) })
	d.people, d.byID = people, byID
	d.sum()
}

// sum counts what pages show of everybody, once for each change instead of once
// for each page.
func (d *directory) sum() {
	sites := map[string]bool{}
	d.teams = map[int64]int{}
	for _, e := range d.people {
		if e.site != "" {
			sites[e.site] = true
		}
		if !e.disabled {
			d.teams[e.team]++
		}
	}
	d.sites = slices.Sorted(maps.Keys(sites))
}

// sums are the sites of everybody and how many of each team may sign in; nobody
// may change them.
func (s *Store) sums(ctx context.Context) ([]string, map[int64]int, error) {
	if _, _, err := s.everybody(ctx); err != nil {
		return nil, nil, err
	}
	s.people.mu.Lock()
	defer s.people.mu.Unlock()
	return s.people.sites, s.people.teams, nil
}

// readEntries reads those whom an event after seq changed, and the last such event.
func (s *Store) readEntries(ctx context.Context, seq int64) (list []*entry, last int64, err error) {
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT p.id, p.handle, p.name, COALESCE(t.name, ''), p.site, p.email, COALESCE(p.team_id, 0), p.kind, p.password = '', p.disabled_at IS NOT NULL,
			COALESCE((SELECT STRING_AGG(r.role, ' ') FROM person_role r WHERE r.person_id = p.id), ''), p.last_seq
		FROM person p LEFT JOIN team t ON t.id = p.team_id
		WHERE p.last_seq > $1 AND p.email IS NOT NULL`, seq)
	if err != nil {
		return nil, 0, fmt.Errorf("read the directory: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		e := &entry{}
		var name, team, mail, roles string
		var kind board.Kind
		var changed int64
		if err := rows.Scan(&e.id, &e.handle, &name, &team, &e.site, &mail, &e.team, &kind, &e.invited, &e.disabled, &roles, &changed); err != nil {
			return nil, 0, fmt.Errorf("read the directory: %w", err)
		}
		e.text, e.mail = searchable(name+" "+e.handle+" "+team+" "+e.site), searchable(mail)
		e.guest, e.roles, last = kind == board.Guest, splitRoles(roles), max(last, changed)
		list = append(list, e)
	}
	if err := rows.Err(); err != nil {
		return nil, 0, fmt.Errorf("read the directory: %w", err)
	}
	return list, last, nil
}

// findPeople finds those of whom which is true, after one of them, in the order
// of handles: the first n, and with all also how many there are in all.
func (s *Store) findPeople(ctx context.Context, n int, after int64, all bool, which func(*entry) bool) (ids []int64, of int, err error) {
	people, byID, err := s.everybody(ctx)
	if err != nil {
		return nil, 0, err
	}
	from := ""
	if e := byID[after]; e != nil {
		from = e.handle
	}
	ids = []int64{}
	for _, e := range people {
		next := e.handle > from && len(ids) < n
		if !next && !all || !which(e) {
			continue
		}
		if of++; next {
			ids = append(ids, e.id)
		}
		if !all && len(ids) == n {
			break
		}
	}
	return ids, of, nil
}

// WarmDirectory reads the directory, so that nobody waits for it. Errors are
// those of reading: whoever asks next tries again.
func (s *Store) WarmDirectory(ctx context.Context) error {
	_, _, err := s.everybody(ctx)
	return err
}
