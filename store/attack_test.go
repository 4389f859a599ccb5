package store

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"convivio/store/board"
	"convivio/store/gate"
	"convivio/store/storetest"
)

// An attacker reads every figure there is of a company whose directory they know,
// and works out by linear programming what can be told of every small group: the
// people of a team at a site, units that stand in "Others", and what is left of one
// group without another.

// victim is a company in memory, with what happened in a month.
type victim struct {
	q    *closing
	acts map[board.Measure][]victimAct
	who  []int64
}

type victimAct struct{ person, board, n int64 }

// newVictim makes up a company: teams of any size over few sites, with guests from
// team to team, a few who do very much, and private boards.
func newVictim(seed uint64) *victim {
	r := rand.New(rand.NewPCG(seed, 6))
	q := &closing{
		month: 2026*12 + 3, people: map[int64]standpoint{}, firsts: map[int64]int64{}, boards: map[int64]*audience{}, teams: map[int64]string{},
		secret: fmt.Append(nil, "secret ", seed),
	}
	v := &victim{q: q, acts: map[board.Measure][]victimAct{}}
	sites := 1 + r.IntN(4)
	for team := range 2 + r.IntN(6) {
		q.teams[int64(team+1)] = fmt.Sprintf("Team %d", team)
		home, size := r.IntN(sites), 1+r.IntN(9)
		if r.IntN(2) == 0 {
			size += r.IntN(40)
		}
		for range size {
			at := home
			if r.IntN(6) == 0 {
				at = r.IntN(sites)
			}
			id := int64(len(v.who) + 1)
			v.who = append(v.who, id)
			q.people[id] = standpoint{team: int64(team + 1), site: fmt.Sprintf("Site %d", at)}
		}
	}
	for i := range 2 + r.IntN(4) {
		b := &audience{name: fmt.Sprintf("Board %d", i), private: i > 0 && r.IntN(2) == 0, members: map[int64]bool{}}
		if b.private {
			team := int64(1 + r.IntN(len(q.teams)))
			for id, p := range q.people {
				if p.team == team && id%5 > 0 || (id*7+int64(i))%13 == 0 {
					b.members[id] = true
				}
			}
		}
		q.boards[int64(i+1)] = b
	}
	v.act(r)
	return v
}

// act makes up what everybody does in the month.
func (v *victim) act(r *rand.Rand) {
	q := v.q
	q.piles, q.ends = piles{}, (q.month + 1).Begins(board.Zone())
	clear(v.acts)
	for _, m := range []board.Measure{board.IdeasPosted, board.CommentsMade, board.VotesCast} {
		busy := 1 + r.IntN(8)
		for _, person := range v.who {
			if _, ok := q.people[person]; !ok || r.IntN(8) >= busy {
				continue
			}
			for range 1 + r.IntN(2) {
				b := int64(1 + r.IntN(len(q.boards)))
				if !q.entitled(person, b) {
					b = 1
				}
				n := int64(1 + r.IntN(4))
				if r.IntN(25) == 0 {
					n *= 20
				}
				v.acts[m] = append(v.acts[m], victimAct{person, b, n})
				q.add(m, person, b, n)
				q.add(board.Contributors, person, b, n)
				if _, ok := q.firsts[person]; !ok {
					q.firsts[person] = micros(q.ends) - 1
				}
				if m == board.IdeasPosted {
					for range n {
						q.share(board.AnsweredHour, person, b, r.IntN(3) == 0)
					}
				}
			}
		}
	}
	q.adopt()
}

// group is people, or what they did on some boards, of whom the attacker would
// like to know something.
type group struct {
	name     string
	of       []float64 // over the unknowns
	together bool
}

// attack is what the attacker has of one measure of one month.
type attack struct {
	*victim
	measure board.Measure
	people  bool // unknown are people, else acts
	figures []board.Figure
	atoms   []atom
	index   map[atom]int
	sys     *storetest.System
}

// atom is people whom no directory tells apart: of one team and site, and members
// of the same private boards; and what they do on one board.
type atom struct {
	team    int64
	site    string
	members string
	board   int64 // 0: on any, or -1 on all private ones
}

func (a *attack) boardLine(b int64) int64 {
	if a.q.boards[b].private {
		return -1
	}
	return b
}

func (a *attack) person(id int64) atom {
	p, x := a.q.people[id], atom{}
	x.team, x.site = p.team, p.site
	if !a.people {
		for b := range int64(len(a.q.boards)) {
			if bb := a.q.boards[b+1]; bb.private && bb.members[id] {
				x.members = "member"
			}
		}
	}
	return x
}

func (v *victim) attack(m board.Measure, figures []board.Figure) *attack {
	a := &attack{victim: v, measure: m, people: m == board.Contributors || m == board.Adoption, index: map[atom]int{}}
	for _, f := range figures {
		if f.Measure == m {
			a.figures = append(a.figures, f)
		}
	}
	for id := range v.q.people {
		x := a.person(id)
		if a.people {
			a.have(x)
			continue
		}
		for b := range v.q.boards {
			if x.board = a.boardLine(b); x.board > 0 || v.q.entitled(id, b) {
				a.have(x)
			}
		}
	}
	slices.SortFunc(a.atoms, func(x, y atom) int {
		return slices.Compare([]string{fmt.Sprint(x)}, []string{fmt.Sprint(y)})
	})
	for i, x := range a.atoms {
		a.index[x] = i
	}
	a.learn()
	return a
}

func (a *attack) have(x atom) {
	if _, ok := a.index[x]; !ok {
		a.index[x] = len(a.atoms)
		a.atoms = append(a.atoms, x)
	}
}

// over is the unknowns that fit.
func (a *attack) over(fits func(atom) bool) []float64 {
	of := make([]float64, len(a.atoms))
	for i, x := range a.atoms {
		if fits(x) {
			of[i] = 1
		}
	}
	return of
}

// size is how many people there are in a sum of unknowns.
func (a *attack) size(of []float64) (n int) {
	seen := map[int64]bool{}
	for id := range a.q.people {
		x := a.person(id)
		for i, y := range a.atoms {
			y.board = 0
			if of[i] > 0 && x == y {
				seen[id] = true
			}
		}
	}
	return len(seen)
}

// truth is what happened: how many people, how much, and how much one of them.
func (a *attack) truth(of []float64) (people int, value, first int64) {
	parts := map[int64]int64{}
	if a.people {
		for person := range a.q.piles[a.measure][unitKey{by: board.ByCompany}].parts {
			if of[a.index[a.person(person)]] > 0 {
				parts[person] = 1
			}
		}
	}
	for _, act := range a.acts[a.measure] {
		x := a.person(act.person)
		x.board = a.boardLine(act.board)
		if of[a.index[x]] > 0 {
			parts[act.person] += act.n
		}
	}
	for _, n := range parts {
		value += n
		first = max(first, n)
	}
	return len(parts), value, first
}

// lineOf is the unknowns that a published line is the sum of.
func (a *attack) lineOf(f board.Figure) []float64 {
	named := map[string]bool{}
	for _, g := range a.figures {
		if g.By == f.By && g.Others == 0 {
			named[g.Unit] = true
		}
	}
	return a.over(func(x atom) bool {
		if x.board == -1 { // private boards stand apart
			return f.By == board.ByBoard && f.Others > 0
		}
		switch f.By {
		case board.ByTeam:
			name := a.q.teams[x.team]
			return name == f.Unit && f.Others == 0 || f.Others > 0 && !named[name]
		case board.BySite:
			return x.site == f.Unit && f.Others == 0 || f.Others > 0 && !named[x.site]
		case board.ByBoard:
			return x.board == f.UnitID
		}
		return true
	})
}

// seen tells whether a measure is of what everybody can count on open boards.
func (a *attack) seen() bool {
	return a.measure == board.IdeasPosted || a.measure == board.CommentsMade
}

// learn writes down all that the figures say.
func (a *attack) learn() {
	a.sys = storetest.NewSystem(len(a.atoms))
	for i, x := range a.atoms {
		if a.people {
			one := make([]float64, len(a.atoms))
			one[i] = 1
			a.sys.Know(one, 0, float64(a.size(a.over(func(y atom) bool { return x == y }))))
		}
	}
	for i, x := range a.atoms { // who wrote what on open boards everybody sees
		if one := make([]float64, len(a.atoms)); a.seen() && x.board > 0 {
			one[i] = 1
			_, n, _ := a.truth(one)
			a.sys.Know(one, float64(n), float64(n))
		}
	}
	for _, f := range a.figures {
		if f.By == board.ByBoard && a.people {
			continue
		}
		of := a.lineOf(f)
		size := float64(a.size(of))
		switch f.State {
		case board.FigureExact:
			lo, hi := f.Value, f.Value
			if a.people {
				lo, hi = peopleBehind(f.Value, size)
			}
			a.sys.Know(of, lo, hi)
		case board.FigureFew:
			a.sys.Know(of, 0, gate.Least-1)
		case board.FigureNearlyAll:
			a.sys.Know(of, size-gate.Least+1, size)
		}
	}
}

// peopleBehind is how many people a share can be of, for somebody who knows how
// figures are rounded: a multiple of five over a multiple of five, in hundredths.
func peopleBehind(share, size float64) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for n := float64(gate.Least); n <= size-gate.Least; n++ {
		for _, up := range []float64{math.Floor(n/5) * 5, math.Ceil(n/5) * 5} {
			for _, of := range []float64{math.Floor(size/5) * 5, math.Ceil(size/5) * 5} {
				of = max(of, 2*gate.Least)
				if math.Abs(min(max(up, gate.Least), of-gate.Least)/of-share) <= .005+1e-9 {
					lo, hi = min(lo, n), max(hi, n)
				}
			}
		}
	}
	return lo, hi
}

// groups are whom the attacker tries: everybody a directory tells apart, every
// unit, small groups together, and what one group has that another has not.
func (a *attack) groups() []group {
	var out []group
	seen := map[string]bool{}
	add := func(name string, of []float64, together bool) {
		if key := fmt.Sprint(of); !seen[key] && slices.Max(of) > 0 {
			seen[key] = true
			out = append(out, group{name, of, together})
		}
	}
	units := map[string][]float64{}
	for id, name := range a.q.teams {
		units[name] = a.over(func(x atom) bool { return x.team == id })
	}
	for _, p := range a.q.people {
		units[p.site] = a.over(func(x atom) bool { return x.site == p.site })
	}
	if !a.people {
		units["private boards"] = a.over(func(x atom) bool { return x.board == -1 })
	}
	var names []string
	for name := range units {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		add(name, units[name], false)
	}
	for _, x := range names {
		for _, y := range names {
			both, rest := make([]float64, len(a.atoms)), make([]float64, len(a.atoms))
			for i := range both {
				both[i] = units[x][i] * units[y][i]
				rest[i] = units[x][i] - both[i]
			}
			if slices.Max(both) > 0 {
				add(x+" and "+y, both, false)
				add(x+" without "+y, rest, true)
			}
		}
	}
	single := len(out)
	for i, g := range out[:single] { // small groups together
		n, _, _ := a.truth(g.of)
		for _, h := range out[i+1 : single] {
			m, _, _ := a.truth(h.of)
			if n == 0 || m == 0 || n+m >= gate.Least {
				continue
			}
			sum := make([]float64, len(a.atoms))
			for j := range sum {
				sum[j] = max(g.of[j], h.of[j])
			}
			add(g.name+" with "+h.name, sum, true)
		}
	}
	return out
}

// finds lists what the attacker learns that nobody may.
func (a *attack) finds() (found []string) {
	if len(a.figures) == 0 {
		return nil
	}
	t, ok := a.sys.Solve()
	if !ok {
		return []string{"what is published contradicts itself"}
	}
	for _, f := range a.figures {
		if f.State == board.FigureExact && !a.people {
			if _, n, _ := a.truth(a.lineOf(f)); f.Value != float64(n) {
				found = append(found, fmt.Sprintf("%s of %s %q is %v, and was %d", a.measure, f.By, f.Unit, f.Value, n))
			}
			if n := a.size(a.lineOf(f)); n < 2*gate.Least && (f.By != board.ByBoard || f.Others > 0) {
				found = append(found, fmt.Sprintf("%s of %s %q says that fewer than five of %d did nothing", a.measure, f.By, f.Unit, n))
			}
		}
	}
	for _, g := range a.groups() {
		for i, x := range a.atoms {
			if a.seen() && x.board > 0 {
				g.of[i] = 0
			}
		}
		if slices.Max(g.of) == 0 {
			continue
		}
		n, value, first := a.truth(g.of)
		size := a.size(g.of)
		at := float64(value)
		var lo, hi float64
		switch {
		case a.people:
			lo, hi = a.mustBe(n, size)
		case n == 0:
			lo, hi = 0, gate.Least-1
		case n < gate.Least:
			lo, hi = min(at, 1), max(at, gate.Least-1)
		default:
			lo, hi = at, at
		}
		if lo == hi && n >= gate.Least && (a.people || g.together || 2*first <= value) {
			continue
		}
		l, h := t.Span(g.of)
		wide := float64(min(gate.Least-1, size))
		if !a.people {
			wide = float64(max(gate.Least-1, first/5))
		}
		if g.together { // of what is no unit it is enough that nobody can tell it closely
			lo, hi = l, h
		}
		if l > lo+1e-4 || h < hi-1e-4 || h-l < wide-1e-4 {
			found = append(found, fmt.Sprintf("%s: %s, %d of %d people, %d: is %.1f to %.1f, and must be %.0f to %.0f", a.measure, g.name, n, size, value, l, h, lo, hi))
		}
	}
	return found
}

// mustBe is what numbers of people out of so many must be able to be.
func (a *attack) mustBe(n, size int) (lo, hi float64) {
	switch {
	case size < gate.Least:
		return 0, float64(size)
	case size-n < gate.Least && n >= gate.Least:
		return float64(min(n, size-gate.Least+1)), float64(size)
	case n < gate.Least:
		return float64(min(n, 1)), gate.Least - 1
	}
	return float64(n), float64(n)
}

var attacked = []board.Measure{board.IdeasPosted, board.CommentsMade, board.VotesCast, board.Contributors, board.Adoption}

// finds lists what the attacker learns from all figures of a month.
func (v *victim) finds(figures []board.Figure) (found []string) {
	for _, m := range attacked {
		found = append(found, v.attack(m, figures).finds()...)
	}
	for _, f := range figures {
		if m := (board.Definition{Measure: f.Measure}); measureOf(m).Participation && f.State == board.FigureExact && !ofFives(f.Value) {
			found = append(found, fmt.Sprintf("%s of %s %q is %v: no share of people rounded to five", f.Measure, f.By, f.Unit, f.Value))
		}
	}
	return found
}

// ofFives tells whether a share can be that of people rounded to five: with five
// times few enough, it is the share of exactly so many.
func ofFives(share float64) bool {
	if math.Abs(100*share-math.Round(100*share)) > 1e-9 {
		return false
	}
	for of := 10.0; of <= 400; of += 5 {
		for n := 5.0; n <= of-5; n += 5 {
			if math.Abs(n/of-share) <= .005+1e-9 {
				return true
			}
		}
	}
	return false
}

// TestAttacker is P-12, P-13 and P-27 over made-up companies: whoever has all
// figures and the directory learns nothing about one to four people, nor that all
// or none of a unit did, nor what one person did among many.
func TestAttacker(t *testing.T) {
	exact := 0
	for seed := range uint64(24) {
		v := newVictim(seed)
		figures := v.q.publish(nil)
		for _, f := range figures {
			if f.By != board.ByCompany && f.State == board.FigureExact && slices.Contains(attacked, f.Measure) {
				exact++
			}
		}
		for _, f := range v.finds(figures) {
			t.Errorf("seed %d: %s", seed, f)
		}
	}
	if exact < 100 {
		t.Errorf("only %d lines are shown at all", exact)
	}
}

// TestAttackerFindsHoles: without any one of the gate's rules the attacker finds
// something, else they would prove nothing.
func TestAttackerFindsHoles(t *testing.T) {
	each := func(all columns, change func(c *column)) {
		for _, by := range all {
			for _, c := range by {
				if c.Measure != board.Entitled {
					change(c)
				}
			}
		}
	}
	for name, publish := range map[string]func(q *closing, lines map[board.Dimension][]line, all columns) []board.Figure{
		"from three people on": func(q *closing, lines map[board.Dimension][]line, all columns) []board.Figure {
			q.meeting(lines).audit(all)
			each(all, func(c *column) {
				for i, x := range c.Cells {
					if x.People >= 3 && x.Of-x.People >= 3 && 2*x.First <= x.Value {
						c.States[i] = gate.Exact
					}
				}
			})
			return q.allFigures(all, nil)
		},
		"nothing hidden with what is hidden": func(q *closing, _ map[board.Dimension][]line, all columns) []board.Figure {
			each(all, func(c *column) {
				for i, x := range c.Cells {
					c.States[i] = measureOf(c.Definition).Alone(x)
				}
			})
			return q.allFigures(all, nil)
		},
		"one may make most of it": func(q *closing, lines map[board.Dimension][]line, all columns) []board.Figure {
			each(all, func(c *column) {
				for i := range c.Cells {
					if x := &c.Cells[i]; x.People >= gate.Least && c.Form == board.FormCount {
						x.First, x.Second = 0, 0
						c.States[i] = gate.Exact
					}
				}
			})
			q.meeting(lines).audit(all)
			return q.allFigures(all, nil)
		},
		"teams and sites each by themselves": func(q *closing, _ map[board.Dimension][]line, all columns) []board.Figure {
			return q.allFigures(all, nil)
		},
		"that nobody did is shown": func(q *closing, lines map[board.Dimension][]line, all columns) []board.Figure {
			q.meeting(lines).audit(all)
			each(all, func(c *column) {
				for i, x := range c.Cells {
					if x.People == 0 && c.Form == board.FormCount {
						c.States[i] = gate.Exact
					}
				}
			})
			return q.allFigures(all, nil)
		},
		"people are not rounded": func(q *closing, lines map[board.Dimension][]line, all columns) []board.Figure {
			q.meeting(lines).audit(all)
			out := q.allFigures(all, nil)
			for i := range out {
				if f := &out[i]; f.State == board.FigureExact && f.Measure == board.Contributors && f.By == board.ByCompany {
					c := all[f.Measure][f.By].Cells[0]
					f.Value = float64(c.People) / float64(c.Of)
				}
			}
			return out
		},
	} {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(40) {
				v := newVictim(seed)
				lines := map[board.Dimension][]line{}
				for _, by := range board.Dimensions {
					lines[by] = v.q.lines(by)
				}
				if len(v.finds(publish(v.q, lines, v.q.columns(lines)))) > 0 {
					return
				}
			}
			t.Error("the attacker finds nothing")
		})
	}
}

// TestAttackerComparesMonths is P-15, P-21 and P-27 over months: who joins, leaves,
// opts out or takes part for the first time is not told by two months beside each
// other.
func TestAttackerComparesMonths(t *testing.T) {
	flat := 0
	for seed := range uint64(30) {
		v := newVictim(seed)
		r := rand.New(rand.NewPCG(seed, 7))
		before, shares := v.q.people, map[string]board.Figure{}
		ever := map[string]int{}
		for month := range 6 {
			figures := v.q.publish(sameUnits(before, v.q.people))
			for _, f := range figures {
				if f.By == board.ByCompany || f.By == board.ByBoard || f.Measure != board.Adoption && f.Measure != board.Entitled || f.State != board.FigureExact {
					continue
				}
				if f.Measure == board.Entitled && int(f.Value)%gate.Least != 0 {
					t.Errorf("seed %d: %q has exactly %v people", seed, f.Unit, f.Value)
				}
				key := fmt.Sprint(f.Measure, f.By, f.Unit, f.Others)
				var n int
				for id := range v.q.people {
					p := v.q.people[id]
					in := f.By == board.ByTeam && v.q.teams[p.team] == f.Unit || f.By == board.BySite && p.site == f.Unit
					if _, did := v.q.firsts[id]; in && (f.Measure == board.Entitled || did) {
						n++
					}
				}
				was, known := shares[key]
				if f.Others == 0 && known && ever[key] == n && f.Measure == board.Entitled && was.Value != f.Value {
					t.Errorf("seed %d: with the same people, %s is rounded anew: an average over months would tell how many", seed, key)
				}
				if known && ever[key] != n && was.Value == f.Value {
					flat++
				}
				shares[key], ever[key] = f, n
			}
			for _, f := range figures {
				k := unitKey{by: f.By, id: f.UnitID}
				if f.By == board.BySite {
					k = unitKey{by: f.By, site: f.Unit}
				}
				if f.By == board.ByBoard || f.Others > 0 || !f.Steady {
					continue
				}
				was, is := unitSets(before)[k], unitSets(v.q.people)[k]
				if moved := len(was) + len(is) - 2*len(shared(was, is)); 0 < moved && moved < gate.Least && len(is) < steadyFrom {
					t.Errorf("seed %d, month %d: %d people joined or left %q, and its months may be compared", seed, month, moved, f.Unit)
				}
			}
			before = maps.Clone(v.q.people)
			v.q.month++
			v.turnover(r)
			v.act(r)
		}
	}
	if flat == 0 {
		t.Error("every change of one person shows")
	}
}

// turnover has some people leave, opt out, change teams and come.
func (v *victim) turnover(r *rand.Rand) {
	for _, id := range v.who {
		p, ok := v.q.people[id]
		switch {
		case ok && r.IntN(40) == 0:
			delete(v.q.people, id)
		case ok && r.IntN(40) == 0:
			p.team = 1 + r.Int64N(int64(len(v.q.teams)))
			v.q.people[id] = p
		}
	}
	for range r.IntN(3) {
		id := int64(len(v.who) + 1)
		v.who = append(v.who, id)
		v.q.people[id] = standpoint{team: 1 + r.Int64N(int64(len(v.q.teams))), site: "Site 0"}
	}
}

func shared(a, b gate.Group) gate.Group {
	out := gate.Group{}
	for p := range a {
		if b[p] {
			out[p] = true
		}
	}
	return out
}
