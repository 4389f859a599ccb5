package store

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"convivio/store/board"
	"convivio/store/gate"
)

// talk is a company of several teams that talks for some months; what everybody
// does is kept beside, to be counted again by other means.
type talk struct {
	*company
	people []board.Who
	team   map[int64]string
	acts   []talkAct
}

type talkAct struct {
	person int64
	month  board.Month
	kind   string
	board  string
}

func newTalk(t *testing.T, months int) *talk {
	t.Helper()
	w := &talk{company: newCompany(t), team: map[int64]string{}}
	w.clock.Store(time.Date(2026, 1, 2, 9, 0, 0, 0, time.UTC).UnixMicro())
	for team, size := range map[string]int{"Logistica": 20, "Officina": 30, "Qualità": 3, "Vendite": 12} {
		for i := range size {
			name := fmt.Sprintf("%s %c%c", team, 'A'+i/26, 'a'+i%26)
			p, _, err := w.AddPerson(w.ctx, Operator(), board.NewPerson{Name: name, Email: foldedName(name, '.') + "@example.com", Kind: board.Employee, Team: team, Site: "Sede"})
			if err != nil {
				t.Fatal(err)
			}
			w.people = append(w.people, board.Who{ID: p.ID, Name: p.Name, Kind: p.Kind})
			w.team[p.ID] = team
		}
	}
	r := rand.New(rand.NewPCG(7, 7))
	for m := range months {
		w.clock.Store(time.Date(2026, time.Month(m+1), 5, 9, 0, 0, 0, time.UTC).UnixMicro())
		w.talkFor(r, 90)
	}
	return w
}

func (w *talk) month() board.Month {
	return board.MonthOf(time.UnixMicro(w.clock.Load()).In(board.Zone()))
}

func (w *talk) talkFor(r *rand.Rand, acts int) {
	w.t.Helper()
	var ideas []int64
	for range acts {
		who := w.people[r.IntN(len(w.people))]
		kind := "comment"
		switch n := r.IntN(10); {
		case len(ideas) == 0 || n < 2:
			kind = "idea"
			i := w.idea(who, w.open, "Un'idea")
			ideas = append(ideas, i.ID)
		case n < 5:
			kind = "vote"
			v, err := w.Vote(w.ctx, who, ideas[r.IntN(len(ideas))])
			if err != nil {
				w.t.Fatal(err)
			}
			if !v.Voted || w.has(who.ID, v.Idea) {
				continue
			}
			w.acts = append(w.acts, talkAct{who.ID, w.month(), fmt.Sprint("v", v.Idea), w.open})
		default:
			w.reply(who, ideas[r.IntN(len(ideas))], nil, "Sì, ma come?")
		}
		w.acts = append(w.acts, talkAct{who.ID, w.month(), kind, w.open})
	}
}

// has tells whether somebody voted for an idea already.
func (w *talk) has(person, idea int64) bool {
	for _, a := range w.acts {
		if a.person == person && a.kind == fmt.Sprint("v", idea) {
			return true
		}
	}
	return false
}

// counted is what happened in a month, counted without the store.
func (w *talk) counted(m board.Month, team string) (people, ideas, comments, votes int) {
	seen := map[int64]bool{}
	for _, a := range w.acts {
		if a.month != m || team != "" && w.team[a.person] != team {
			continue
		}
		seen[a.person] = true
		switch a.kind {
		case "idea":
			ideas++
		case "comment":
			comments++
		case "vote":
			votes++
		}
	}
	return len(seen), ideas, comments, votes
}

func (w *talk) figures(who board.Who, by board.Dimension, m board.Month) map[string]board.Figure {
	w.t.Helper()
	list, err := w.Figures(w.ctx, who, by, m, m)
	if err != nil {
		w.t.Fatal(err)
	}
	out := map[string]board.Figure{}
	for _, f := range list {
		key := string(f.Measure) + " " + f.Unit
		if f.Others > 0 {
			key = string(f.Measure) + " others"
		}
		out[key] = f
	}
	return out
}

// TestFiguresAreWhatHappened: what is published of a month equals a count by other
// means, or is hidden; a closed month stays as it is.
func TestFiguresAreWhatHappened(t *testing.T) {
	w := newTalk(t, 2)
	hr := w.person("Rita Risorse", board.Employee, board.HR)
	first := board.Month(2026 * 12)
	w.clock.Store(time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC).UnixMicro())
	w.do(nil, w.CloseMonths(w.ctx))
	if months, err := w.Months(w.ctx, hr); err != nil || len(months) != 1 || months[0] != first {
		t.Fatalf("closed are %v, %v, want January alone: February has not settled", months, err)
	}
	w.clock.Store(time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC).UnixMicro())
	w.do(nil, w.CloseMonths(w.ctx))
	for m := first; m <= first+1; m++ {
		entitled := len(w.people) + int(m-first) // Rita came in February, the four of every test company in March
		got := w.figures(w.anna, board.ByCompany, m)
		people, ideas, comments, votes := w.counted(m, "")
		for key, want := range map[string]float64{
			"ideas ": float64(ideas), "comments ": float64(comments), "votes ": float64(votes),
		} {
			if f := got[key]; f.State != board.FigureExact || math.Abs(f.Value-want) > 1e-9 {
				t.Errorf("%s: %sis %+v, want %v", m, key, f, want)
			}
		}
		n, share := got["people "], got["contributors "]
		if n.State != board.FigureExact || math.Abs(n.Value-float64(entitled)) >= gate.Least || int(n.Value)%gate.Least != 0 {
			t.Errorf("%s: people are %+v, want about %d", m, n, entitled)
		}
		if share.State != board.FigureExact || math.Abs(share.Value*n.Value-float64(people)) >= gate.Least+1 {
			t.Errorf("%s: contributors are %+v, want about %d of %d", m, share, people, entitled)
		}
		w.teams(hr, m)
	}
	before := w.figures(hr, board.ByTeam, first)
	i := w.idea(w.people[0], w.open, "Tardi")
	w.do(w.DeleteIdea(w.ctx, w.people[0], i.ID))
	w.do(w.LeaveFigures(w.ctx, w.people[1], true))
	w.do(nil, w.CloseMonths(w.ctx))
	for key, f := range w.figures(hr, board.ByTeam, first) {
		if before[key] != f {
			t.Errorf("a closed month changed: %s was %+v, is %+v", key, before[key], f)
		}
	}
}

// teams compares the lines of teams with what happened.
func (w *talk) teams(hr board.Who, m board.Month) {
	w.t.Helper()
	got := w.figures(hr, board.ByTeam, m)
	for _, team := range []string{"Logistica", "Officina", "Vendite"} {
		people, ideas, comments, _ := w.counted(m, team)
		for key, want := range map[string]int{"ideas ": ideas, "comments ": comments} {
			f, shown := got[key+team]
			if shown && f.State == board.FigureExact && int(f.Value) != want {
				w.t.Errorf("%s: %s%s is %+v, want %d", m, key, team, f, want)
			}
		}
		f, of := got["contributors "+team], got["people "+team].Value
		if f.State == board.FigureExact && (math.Abs(f.Value*of-float64(people)) >= gate.Least+1 || people < gate.Least || int(of)-people < gate.Least) {
			w.t.Errorf("%s: %d of %v people of %s contributed; shown is %+v", m, people, of, team, f)
		}
	}
	if f, ok := got["people Qualità"]; ok {
		w.t.Errorf("a team of three is shown: %+v", f)
	}
	if f := got["people others"]; f.Others == 0 || f.State != board.FigureExact {
		w.t.Errorf("the other teams are %+v", f)
	}
}

// TestWhoLeavesTheFigures is P-21: from the next month on, and in neither number.
func TestWhoLeavesTheFigures(t *testing.T) {
	w := newTalk(t, 3)
	first := board.Month(2026 * 12)
	w.clock.Store(time.Date(2026, 2, 20, 0, 0, 0, 0, time.UTC).UnixMicro())
	w.do(w.LeaveFigures(w.ctx, w.people[0], true))
	w.clock.Store(time.Date(2026, 4, 10, 0, 0, 0, 0, time.UTC).UnixMicro())
	w.do(nil, w.CloseMonths(w.ctx))
	all := float64(len(w.people)) // the four employees of every test company came in March
	for m, want := range map[board.Month]float64{first: all, first + 1: all, first + 2: all + 4 - 1} {
		if f := w.figures(w.anna, board.ByCompany, m)["people "]; math.Abs(f.Value-want) >= gate.Least {
			t.Errorf("in %s there are %+v people, want about %v", m, f, want)
		}
	}
	ideas := 0
	for _, a := range w.acts {
		if a.month == first+2 && a.kind == "idea" { // what stands on an open board counts, whoever wrote it
			ideas++
		}
	}
	if f := w.figures(w.anna, board.ByCompany, first+2)["ideas "]; int(f.Value) != ideas {
		t.Errorf("ideas are %+v, want %d", f, ideas)
	}
}

// TestWhoSeesFigures: units are HR's and the council's, the company's are for
// employees, and guests have none.
func TestWhoSeesFigures(t *testing.T) {
	w := newTalk(t, 1)
	w.clock.Store(time.Date(2026, 2, 10, 0, 0, 0, 0, time.UTC).UnixMicro())
	w.do(nil, w.CloseMonths(w.ctx))
	m := board.Month(2026 * 12)
	for _, x := range []struct {
		who  board.Who
		by   board.Dimension
		want board.Code
	}{
		{w.anna, board.ByCompany, ""}, {w.anna, board.ByTeam, board.Forbidden}, {w.admin, board.ByBoard, board.Forbidden}, {w.mod, board.BySite, board.Forbidden},
		{w.guest, board.ByCompany, board.NotFound}, {board.Who{Kind: board.Employee, Roles: []board.Role{board.Council}}, board.ByTeam, ""},
		{board.Who{Kind: board.Employee, Roles: []board.Role{board.HR}}, "person", board.Invalid},
	} {
		if _, err := w.Figures(w.ctx, x.who, x.by, m, m); codeOf(err) != x.want {
			t.Errorf("%v by %s: %v, want %q", x.who.Roles, x.by, err, x.want)
		}
	}
}

// TestQuantilesCountWhoStillWaits: unanswered ideas are not dropped.
func TestQuantilesCountWhoStillWaits(t *testing.T) {
	for _, x := range []struct {
		waits []wait
		part  float64
		want  float64
		ok    bool
	}{
		{[]wait{{1, true}, {2, true}, {3, true}, {4, true}}, .5, 2, true},
		{[]wait{{1, true}, {2, true}, {3, true}, {40, false}}, .5, 2, true},
		{[]wait{{1, true}, {9, false}, {9, false}, {9, false}}, .5, 0, false},
		{[]wait{{1, true}, {2, false}, {3, true}, {4, true}}, .5, 3, true},
		{nil, .5, 0, false},
	} {
		if got, ok := quantile(x.waits, x.part); got != x.want || ok != x.ok {
			t.Errorf("of %v: %v, %v", x.waits, got, ok)
		}
	}
}

// codeOf is the code of an error for people; empty: none.
func codeOf(err error) board.Code {
	var fault *board.Error
	if errors.As(err, &fault) {
		return fault.Code
	}
	return ""
}
