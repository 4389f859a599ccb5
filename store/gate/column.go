package gate

// State says how a figure may be shown.
type State int

// The states: as it is; as few (fewer than k, or nobody) or nearly all (all but
// fewer than k, or all), of groups of at least twice k; or not at all.
const (
	Exact State = iota
	Few
	NearlyAll
	Protected
)

// Column decides how the cells of one column are shown, whose lines are given and
// whose sum is shown too: lines that were rolled up by how many people there are,
// and stand there whatever a column holds. ok is false where the sum itself must
// not be shown, and nothing of the column is.
func Column(cells []Cell, m Measure) (states []State, ok bool) {
	var total Cell
	for _, c := range cells {
		total = total.with(c)
	}
	if m.Sensitive(total) {
		return nil, false
	}
	states = make([]State, len(cells))
	for i, c := range cells {
		if m.Sensitive(c) {
			states[i] = m.band(c)
		}
	}
	for !m.holds(cells, states) {
		if unband(states) {
			continue
		}
		i := cheapest(cells, states)
		if i < 0 {
			return nil, false
		}
		states[i] = Protected
	}
	return states, true
}

// Alone decides how a cell is shown that stands by itself, without lines under it.
func (m Measure) Alone(c Cell) State {
	if m.Sensitive(c) {
		return m.band(c)
	}
	return Exact
}

// band is how a sensitive cell may be shown if nothing else gives it away.
func (m Measure) band(c Cell) State {
	switch {
	case !m.Participation || c.Of < 2*m.of(c):
		return Protected
	case c.People+c.Absent < m.k():
		return Few
	case c.Of-c.People < m.k():
		return NearlyAll
	}
	return Protected
}

// Reach is what a reader takes people for of whom a band is shown.
func (m Measure) Reach(c Cell, s State) Known {
	lo, hi := m.reach(c, s)
	return Known{int64(lo), int64(hi)}
}

// reach is what a reader takes a cell for who knows its state and how many people
// there are.
func (m Measure) reach(c Cell, s State) (lo, hi int) {
	switch s {
	case Few:
		return 0, m.k() - 1
	case NearlyAll:
		return c.Of - m.k() + 1, c.Of
	case Protected:
		return 0, c.Of
	}
	return c.People, c.People
}

// holds audits a column: with the sum and every shown cell in hand each hidden one
// could still be any of what it is hidden as.
func (m Measure) holds(cells []Cell, states []State) bool {
	var lo, hi, people int
	var all Cell
	for i, c := range cells {
		if states[i] != Exact {
			l, h := m.reach(c, states[i])
			lo, hi, people, all = lo+l, hi+h, people+c.People, all.with(c)
		}
	}
	for i, c := range cells {
		if states[i] == Exact {
			continue
		}
		l, h := m.reach(c, states[i])
		if m.dominated(c) && all.Value-c.Value < c.margin() {
			return false
		}
		least, most := max(l, people-(hi-h)), min(h, people-(lo-l))
		switch {
		case states[i] != Protected:
			if least > l || most < h {
				return false
			}
		case m.Sensitive(c) && m.known(c, least, most):
			return false
		}
	}
	return all.People == 0 || all.People >= m.of(all) && !m.dominated(all)
}

// known tells whether a protected cell, of which follows that between least and
// most people are in it, is no more all that it was to be: some of few, or some of
// nearly all.
func (m Measure) known(c Cell, least, most int) bool {
	k := m.of(c)
	few := (c.People < k || !m.Participation && c.small(k)) && (least > max(0, min(1, c.Of-1)) || most < min(k-1, c.Of))
	leaning := m.Participation && c.Of-c.People < k && (most < c.Of || least > c.Of-k+1)
	return few || leaning
}

// unband takes the bands from a column in which they say too much.
func unband(states []State) (did bool) {
	for i, s := range states {
		if s == Few || s == NearlyAll {
			states[i], did = Protected, true
		}
	}
	return did
}

// cheapest is the shown cell with the fewest people, at least one; -1: none.
func cheapest(cells []Cell, states []State) int {
	best := -1
	for i, c := range cells {
		if states[i] == Exact && c.People > 0 && (best < 0 || c.People < cells[best].People) {
			best = i
		}
	}
	return best
}
