package store

import (
	"database/sql"
	"testing"
	"time"

	"convivio/store/board"
)

// gathered is what a month holds before the gate.
func (c *company) gathered(m board.Month) *closing {
	c.t.Helper()
	tx, err := c.readDB.BeginTx(c.ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	q, err := c.gather(c.ctx, tx, m)
	if err == nil {
		err = q.nameTeams(c.ctx)
	}
	if err != nil {
		c.t.Fatal(err)
	}
	return q
}

// acts is how often something was done in a unit, and by how many.
func (q *closing) acts(m board.Measure, u unitKey) (n, people int) {
	x := q.piles.at(m, u)
	for _, k := range x.parts {
		n += int(k)
	}
	return n, len(x.parts)
}

func (q *closing) team(t *testing.T, name string) unitKey {
	t.Helper()
	for id, n := range q.teams {
		if n == name {
			return unitKey{by: board.ByTeam, id: id}
		}
	}
	t.Fatalf("there is no team %s", name)
	return unitKey{}
}

// TestMonthsBeginAtMidnightInRome: in winter as in summer, and in the months in which
// the clocks change.
func TestMonthsBeginAtMidnightInRome(t *testing.T) {
	w := newTalk(t, 0)
	company := unitKey{by: board.ByCompany}
	want := map[board.Month]int{}
	for _, midnight := range []string{"2026-04-01T00:00:00+02:00", "2026-11-01T00:00:00+01:00"} {
		when, err := time.Parse(time.RFC3339, midnight)
		if err != nil {
			t.Fatal(err)
		}
		month := board.MonthOf(when.In(board.Zone()))
		for i := range 7 {
			w.clock.Store(when.Add(-10 * time.Second).UnixMicro())
			w.idea(w.people[i], w.open, "Prima")
			want[month-1]++
			if i > 4 {
				continue
			}
			w.clock.Store(when.UnixMicro())
			w.idea(w.people[i], w.open, "Dopo")
			want[month]++
		}
	}
	for m, n := range want {
		if got, _ := w.gathered(m).acts(board.IdeasPosted, company); got != n {
			t.Errorf("%s has %d ideas, want %d", m, got, n)
		}
	}
	w.do(nil, w.FollowTally(w.ctx))
	for m, n := range want {
		var got int
		begins, ends := companyDay(micros(m.Begins(board.Zone()))), companyDay(micros((m + 1).Begins(board.Zone())))
		err := w.readDB.QueryRowContext(w.ctx, `SELECT COALESCE(SUM(n), 0) FROM tally WHERE dimension = 'company' AND act = 'ideas' AND day >= $1 AND day < $2`, begins, ends).Scan(&got)
		if err != nil || got != n {
			t.Errorf("the tally has %d ideas in %s, %v, want %d", got, m, err, n)
		}
	}
}

// TestWhoMovesCountsWhereTheMonthEnds: with what they did before, and all of it; in
// the month before they stay where they were.
func TestWhoMovesCountsWhereTheMonthEnds(t *testing.T) {
	w := newTalk(t, 0)
	var officina []board.Who
	for _, p := range w.people {
		if w.team[p.ID] == "Officina" {
			officina = append(officina, p)
		}
	}
	w.clock.Store(time.Date(2026, 4, 10, 9, 0, 0, 0, time.UTC).UnixMicro())
	for _, p := range officina[:9] {
		w.idea(p, w.open, "Aprile")
	}
	w.days(30) // May
	for _, p := range officina[:9] {
		w.idea(p, w.open, "Maggio")
	}
	for _, p := range officina[:6] {
		w.do(w.ChangePerson(w.ctx, w.admin, p.ID, PersonChange{Team: ptr("Vendite")}))
	}
	w.days(40)
	april := board.Month(2026*12 + 3)
	for m, want := range map[board.Month][2]int{april: {9, 0}, april + 1: {3, 6}} {
		q := w.gathered(m)
		from, _ := q.acts(board.IdeasPosted, q.team(t, "Officina"))
		to, _ := q.acts(board.IdeasPosted, q.team(t, "Vendite"))
		if from != want[0] || to != want[1] {
			t.Errorf("in %s Officina has %d ideas and Vendite %d, want %v", m, from, to, want)
		}
	}
}

// TestWhoIsNewAndWhoEverTookPart: newcomers are out of those who had not taken part
// before; who left the figures is in neither number (P-21).
func TestWhoIsNewAndWhoEverTookPart(t *testing.T) {
	w := newTalk(t, 0)
	company := unitKey{by: board.ByCompany}
	w.clock.Store(time.Date(2026, 4, 10, 9, 0, 0, 0, time.UTC).UnixMicro())
	for _, p := range w.people[:20] {
		w.idea(p, w.open, "Aprile")
	}
	w.do(w.LeaveFigures(w.ctx, w.people[0], true))
	w.days(30)
	for _, p := range w.people[10:32] {
		w.idea(p, w.open, "Maggio")
	}
	w.do(w.LeaveFigures(w.ctx, w.people[31], true)) // from June on
	all := len(w.people) + 4                        // and the four of every test company
	q := w.gathered(board.Month(2026*12 + 4))
	if fresh := q.piles.at(board.Newcomers, company); len(fresh.parts) != 12 || int(fresh.of) != all-20 {
		t.Errorf("%d of %d are new, want 12 of %d", len(fresh.parts), fresh.of, all-20)
	}
	if _, ever := q.acts(board.Adoption, company); ever != 31 || len(q.people) != all-1 {
		t.Errorf("%d of %d ever took part, want 31 of %d", ever, len(q.people), all-1)
	}
}

// TestSearchesThatLedNowhereAreAFigure: a share of all searches that can be counted,
// of employees who are counted, and of at least so many people as it is shown for.
func TestSearchesThatLedNowhereAreAFigure(t *testing.T) {
	c := newCompany(t)
	crowd := c.crowd(40)
	c.do(c.LeaveFigures(c.ctx, crowd[0], true))
	for i, p := range append(crowd, c.guest) {
		c.LookedFor(p.ID, "mensa vegana", "mensa vegana", i%4 == 0) // every fourth finds something
		if i%8 == 0 {
			c.Opened(p.ID)
		}
		c.LookedFor(p.ID, "matricola 1234", "matricola 1234", false) // is not counted
	}
	c.do(nil, c.FlushUnfound(c.ctx))
	c.later(unfoundTurn)
	c.do(nil, c.FlushUnfound(c.ctx))
	month := board.MonthOf(at(c.clock.Load()).In(board.Zone()))
	x := c.gathered(month).piles.at(board.SearchMissed, unitKey{by: board.ByCompany})
	if x.of != 39 || x.part != 35 { // of 39 people, those at 8, 16, 24 and 32 opened what they found
		t.Errorf("%d of %d searches led nowhere, want 35 of 39", x.part, x.of)
	}
	if n := len(x.parts); n < board.LeastGroup || n > 39 {
		t.Errorf("the figure is said to be of at least %d people, there were 39", n)
	}
	c.idea(c.anna, c.open, "Che i mesi comincino")
	c.days(60)
	c.do(nil, c.CloseMonths(c.ctx))
	var left int
	if err := c.readDB.QueryRowContext(c.ctx, `SELECT COUNT(*) FROM searched`).Scan(&left); err != nil || left != 0 {
		t.Errorf("%d rows of searches are left of a closed month, %v", left, err)
	}
	list, err := c.Figures(c.ctx, c.anna, board.ByCompany, month, month)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range list {
		if f.Measure == board.SearchMissed && (f.State != board.FigureExact || f.Value != .9) {
			t.Errorf("published is %+v", f)
		}
	}
}

// TestSupportIsBroadFromThreeTeamsOn, and of fewer than five voters nothing is said.
func TestSupportIsBroadFromThreeTeamsOn(t *testing.T) {
	w := newTalk(t, 0)
	w.clock.Store(time.Date(2026, 4, 10, 9, 0, 0, 0, time.UTC).UnixMicro())
	of := map[string][]board.Who{}
	for _, p := range w.people {
		of[w.team[p.ID]] = append(of[w.team[p.ID]], p)
	}
	for _, voters := range [][]board.Who{
		append(append(of["Officina"][:3:3], of["Vendite"][0]), of["Qualità"][0]),    // broad
		append(of["Officina"][:4:4], of["Vendite"][0]),                              // of two teams
		{of["Officina"][0], of["Vendite"][0], of["Qualità"][0], of["Logistica"][0]}, // too few
	} {
		i := w.idea(w.people[0], w.open, "Un'idea")
		for _, p := range voters {
			w.do(w.Vote(w.ctx, p, i.ID))
		}
	}
	if x := w.gathered(board.Month(2026*12+3)).piles.at(board.Breadths, unitKey{by: board.ByCompany}); x.part != 1 || x.of != 2 {
		t.Errorf("%d of %d ideas have broad support, want 1 of 2", x.part, x.of)
	}
	if x := w.gathered(board.Month(2026*12+4)).piles.at(board.Breadths, unitKey{by: board.ByCompany}); x.of != 0 {
		t.Errorf("%d ideas count in a month in which nobody voted", x.of)
	}
}
