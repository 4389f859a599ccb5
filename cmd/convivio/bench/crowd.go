package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"convivio/store"
	"convivio/store/board"
)

// The people page among so many people, and how long the server may take for it.
const (
	manyPeople   = 50_000
	peopleWithin = 50 * time.Millisecond
	peopleAsks   = 40
)

// crowd measures the page on which administrators find people: the time from the
// last byte of the question to the last of the answer, one question at a time.
func (r *run) crowd(ctx context.Context) error {
	r.end()
	if err := r.say(ctx, "making %s people", grouped(manyPeople)); err != nil {
		return err
	}
	cookieOf, err := fillPeople(ctx, r.data())
	if err != nil {
		return err
	}
	if err := r.start(ctx); err != nil {
		return err
	}
	for _, page := range []struct{ name, path string }{
		{"first page", "/admin/people"}, {"by name", "/admin/people?q=persona+4999"}, {"one in fifty thousand", "/admin/people?q=persona49999%40bench.example"},
		{"nobody", "/admin/people?q=zzz+nobody"}, {"shut out", "/admin/people?state=disabled"},
	} {
		took, err := r.crowdPage(ctx, page.path, cookieOf)
		if err != nil {
			return err
		}
		worst := percentile(took, 0.95)
		r.table.hold(fmt.Sprintf("people among %s, %s, p50 / p95", grouped(manyPeople), page.name), two(percentile(took, 0.5), worst), "", "", "≤ 50 ms", worst <= peopleWithin)
	}
	return nil
}

func (r *run) crowdPage(ctx context.Context, path, session string) ([]time.Duration, error) {
	w, err := connect(ctx, r.ours.addr)
	if err != nil {
		return nil, err
	}
	defer w.close()
	ask := newRequest("GET", r.ours.addr, path, cookie(session)).bare()
	var took []time.Duration
	for i := range peopleAsks + 5 {
		start := time.Now()
		if err := read(w, ask); err != nil {
			return nil, err
		}
		if i >= 5 {
			took = append(took, time.Since(start))
		}
	}
	return took, nil
}

// fillPeople brings many people by a list, and answers an administrator's session.
func fillPeople(ctx context.Context, dir string) (session string, err error) {
	st, err := store.Open(ctx, store.Options{Dir: dir})
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	p, _, err := st.AddPerson(ctx, store.Operator(), board.NewPerson{Name: "Ada Bench", Email: "ada@bench.example", Kind: board.Employee, Roles: []board.Role{board.Admin}})
	if err != nil {
		return "", err
	}
	who := board.Who{ID: p.ID, Name: p.Name, Kind: p.Kind, Roles: p.Roles}
	list := store.Roster{}
	for i := range manyPeople {
		list.Rows = append(list.Rows, store.RosterRow{Line: i + 2, Email: fmt.Sprintf("persona%d@bench.example", i), Name: fmt.Sprintf("Persona %d Rossi", i), Team: fmt.Sprintf("Reparto %d", i%200), Site: fmt.Sprintf("Sede %d", i%20)})
	}
	plan, err := st.PlanRoster(ctx, who, list)
	if err != nil {
		return "", err
	}
	if _, err := st.ApplyRoster(ctx, who, plan, store.RosterOrder{Done: func(int) {}, Invited: func(string, string, string) {}}); err != nil {
		return "", err
	}
	return st.OpenSession(ctx, p.ID, "bench", false)
}
