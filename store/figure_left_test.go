package store

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"convivio/store/board"
	"convivio/store/gate"
)

// published is what a month would be published as, and the month itself.
func (w *talk) published(m board.Month) (q *closing, out map[figureAt]board.Figure) {
	w.t.Helper()
	q, out = w.gathered(m), map[figureAt]board.Figure{}
	for _, f := range q.publish(nil) {
		out[figureAt{f.Measure, f.By, f.Unit, f.Others}] = f
	}
	return q, out
}

type figureAt struct {
	measure board.Measure
	by      board.Dimension
	unit    string
	others  int
}

// TestThatSomebodyLeftDoesNotShow is P-21 seen by those who know how many people
// there are, and what each wrote on open boards: of everybody in turn who leaves the
// figures, at most a number of secret votes, or the multiple of five that a number of
// contributors is told as, is another; lines, people, and what has no part of theirs
// stay. Nor do authors that everybody sees contradict a share.
func TestThatSomebodyLeftDoesNotShow(t *testing.T) {
	w := newTalk(t, 1)
	w.clock.Store(time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC).UnixMicro())
	w.talkFor(rand.New(rand.NewPCG(3, 3)), 60)
	m := board.Month(2026*12 + 2)
	w.clock.Store(time.Date(2026, 2, 10, 9, 0, 0, 0, time.UTC).UnixMicro())
	_, before := w.published(m)
	acted, voted, ever := map[int64]bool{}, map[int64]bool{}, map[int64]bool{}
	for _, a := range w.acts {
		ever[a.person] = true
		if acted[a.person] = acted[a.person] || a.month == m; a.month == m && a.kind[0] == 'v' {
			voted[a.person] = true
		}
	}
	silent := 0
	for _, p := range w.people {
		w.clock.Add(time.Minute.Microseconds())
		w.do(w.LeaveFigures(w.ctx, p, true))
		w.clock.Add(time.Minute.Microseconds())
		q, now := w.published(m)
		if _, left := q.left[p.ID]; !left {
			t.Fatalf("%s did not leave", p.Name)
		}
		if len(now) != len(before) {
			t.Fatalf("%s of %s left: %d figures were %d", p.Name, w.team[p.ID], len(now), len(before))
		}
		for at, was := range before {
			f, shares := now[at], slices.Contains([]board.Measure{board.Contributors, board.Adoption, board.CommunityTies, board.Newcomers}, at.measure)
			switch {
			case f == was, at.measure == board.Concentration:
			case shares && f.State == was.State && !retold(f, was):
			case shares && acted[p.ID], at.measure == board.Adoption && ever[p.ID], at.measure == board.Newcomers, at.measure == board.VotesCast && voted[p.ID], at.measure == board.Breadths:
			default:
				t.Errorf("%s of %s left, who did something: %v; %v was %s %v, is %s %v", p.Name, w.team[p.ID], acted[p.ID], at, was.State, was.Value, f.State, f.Value)
			}
		}
		if !acted[p.ID] {
			silent++
		}
		w.seenAgrees(q, now)
		w.do(w.LeaveFigures(w.ctx, p, false))
	}
	if silent < 5 || silent == len(w.people) {
		t.Fatalf("%d of %d did nothing", silent, len(w.people))
	}
}

func retold(f, was board.Figure) bool { return f.State == board.FigureExact && f.Value != was.Value }

// seenAgrees holds what everybody can count on open boards against the shares of
// teams: so many authors must be able to stand behind the share.
func (w *talk) seenAgrees(q *closing, figures map[figureAt]board.Figure) {
	w.t.Helper()
	for id, name := range q.teams {
		authors, people := map[int64]bool{}, 0
		for _, a := range w.acts {
			if p := q.staff[a.person]; a.month == q.month && p.team == id && (a.kind == "idea" || a.kind == "comment") {
				authors[a.person] = true
			}
		}
		for _, p := range q.staff {
			people += asInt(p.team == id)
		}
		f, ok := figures[figureAt{board.Contributors, board.ByTeam, name, 0}]
		switch {
		case !ok:
		case f.State == board.FigureFew && len(authors) >= gate.Least:
			w.t.Errorf("%s: fewer than five, and %d are seen", name, len(authors))
		case f.State == board.FigureExact && f.Value*float64(people-people%gate.Least) < float64(len(authors)-gate.Least)-.5:
			w.t.Errorf("%s: %v of %d, and %d are seen", name, f.Value, people, len(authors))
		}
	}
}

// TestReadersOfFiguresAreInsideTheirTeam is P-28: who reads figures of teams and is
// of one takes off what they did themselves. Of such a team a number is about six.
func TestReadersOfFiguresAreInsideTheirTeam(t *testing.T) {
	for _, x := range []struct {
		reads, votes int
		want         board.FigureState
	}{{0, 5, board.FigureExact}, {1, 5, board.FigureProtected}, {1, 6, board.FigureExact}} {
		w := newTalk(t, 0)
		var hr []int64
		i := w.idea(w.admin, w.open, "Un'idea")
		votes, vote := map[string]int{"Logistica": 5, "Officina": x.votes, "Vendite": 7}, map[string]int{}
		for _, p := range w.people {
			team := w.team[p.ID]
			if vote[team]++; vote[team] == 1 && team == "Officina" && x.reads == 1 {
				hr = append(hr, p.ID)
			}
			if vote[team] <= votes[team] {
				_, err := w.Vote(w.ctx, p, i.ID)
				w.do(nil, err)
			}
		}
		w.days(1)
		figures := map[figureAt]board.Figure{}
		q := w.gathered(board.Month(2026 * 12))
		for _, p := range hr {
			q.readers[p] = true
		}
		for _, f := range q.publish(nil) {
			figures[figureAt{f.Measure, f.By, f.Unit, f.Others}] = f
		}
		for _, m := range []board.Measure{board.VotesCast, board.Contributors} {
			if f := figures[figureAt{m, board.ByTeam, "Officina", 0}]; f.State != x.want {
				t.Errorf("%d of the team read figures, %d voted: %s is %+v, want %s", x.reads, x.votes, m, f, x.want)
			}
		}
	}
}
