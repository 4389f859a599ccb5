// Package gate is the one way by which figures about people leave Convivio: page,
// API, release and chart ask here what may be shown. It knows nothing of
// where numbers come from, and holds rules that no setting lowers.
//
// The words used here: a figure concerns n people (those who contributed, each
// counted once) out of N (those who could have). What is hidden is hidden as
// such, never shown as zero. What may be worked out from what is shown counts as
// shown, so hiding a cell hides others with it, until an exact audit finds that a
// reader with the totals in hand learns nothing about fewer than k people.
package gate

import "convivio/store/board"

// Least is the smallest group that figures speak of. A setting may ask for more.
// Tables of two dimensions, which would need larger ones, are not offered: of where
// a team and a board meet nothing is shown, and Cross asks what follows of it.
const Least = board.LeastGroup

// Dominance in hundredths of a value: what one person, or two, contributed.
const (
	mostOfOne = 50
	mostOfTwo = 75
)

// Cell is a figure before the gate.
type Cell struct {
	People int   // n: different people who contributed
	Of     int   // N: people who could have, at the end of the period; never less than n
	Value  int64 // what would be shown
	First  int64 // the part of Value that the largest contributor has; zero where parts are not people's
	Second int64 // and the second largest
	Silent bool  // that nobody contributed would say something of each who could
	Inside bool  // a reader of this figure may be one of them, and take off their own part
	Absent int   // people beside those counted who are seen to have contributed, and are not counted

	// Who contributed, where groups have people in common, as boards do; nil where
	// they have not.
	Who Group
}

// with is the cell of two groups. Of those that may have people in common each is
// counted once, and the parts of the largest contributors are taken as one's.
func (c Cell) with(d Cell) Cell {
	c.Silent, c.Inside, c.Absent = c.Silent || d.Silent, c.Inside || d.Inside, c.Absent+d.Absent
	if c.Who != nil && d.Who != nil {
		c.Who = c.Who.and(d.Who)
		c.People = len(c.Who)
		c.Of, c.Value, c.First, c.Second = max(c.Of, d.Of, c.People), c.Value+d.Value, c.First+d.First, c.Second+d.Second
		return c
	}
	if c.Who == nil && c.Of == 0 {
		c.Who = d.Who // the first of a sum
	}
	c.People += d.People
	c.Of += d.Of
	c.Value += d.Value
	switch {
	case d.First > c.First:
		c.First, c.Second = d.First, max(c.First, d.Second)
	default:
		c.Second = max(c.Second, d.First)
	}
	return c
}

// Add puts what one more person contributed into a cell.
func (c *Cell) Add(n int64) {
	c.People++
	c.Value += n
	switch {
	case n > c.First:
		c.First, c.Second = n, c.First
	case n > c.Second:
		c.Second = n
	}
}

// Measure is what a column of figures measures, and the group it needs.
type Measure struct {
	K             int  // smallest group; Least where it is less
	Participation bool // the value is n of N: that all took part, or nobody, says something of each
}

func (m Measure) k() int { return max(m.K, Least) }

// of is the smallest group for a cell: one more where a reader is inside, who would
// learn of the others what the rest of the world learns of all.
func (m Measure) of(c Cell) int {
	if c.Inside {
		return m.k() + 1
	}
	return m.k()
}

// Sensitive tells whether a cell says something of fewer than k people: too few
// contributed, or too few did not; one or two made most of the value; or the
// group itself is too small. A zero says that none of them did, where it is not
// seen by everybody anyway. Whoever is seen to contribute and is not counted must
// not be found by that: the answer is the one that holds with them and without.
func (m Measure) Sensitive(c Cell) bool {
	k := m.of(c)
	switch {
	case c.Of < k:
		return true
	case m.Participation:
		return c.People < k || c.Of-c.People-c.Absent < k
	case c.People == 0:
		return c.Silent
	case c.People < k || c.small(k):
		return true
	}
	return m.dominated(c)
}

// small tells whether a group is so small that any number of acts, which says that
// at least k people did them, says that fewer than k did not.
func (c Cell) small(k int) bool { return c.Silent && c.Of < 2*k }

// margin is how far a value that one or two made most of must stay uncertain: by a
// quarter of what the largest contributed.
func (c Cell) margin() int64 { return (c.First + 3) / 4 }

// dominated tells whether one or two people made most of a value.
func (m Measure) dominated(c Cell) bool {
	return !m.Participation && (100*c.First > mostOfOne*c.Value || 100*(c.First+c.Second) > mostOfTwo*c.Value)
}

// Unit is a team, a site or a board with its cell.
type Unit struct {
	ID   int64
	Name string
	Cell
}

// Row is a line that may be shown: a unit, or several that are shown as one.
type Row struct {
	Unit
	Others int // how many units stand in it; 0: it is one by itself
}

// Breakdown is what a roll-up lets through. Rows keep the order of the units
// (callers sort by name, never by value), the one of other units last. With
// Total nil nothing may be shown at all.
type Breakdown struct {
	Rows  []Row
	Total *Cell
}

// RollUp breaks one figure down by units without leaving holes: units that are
// too small are shown together, and with them as many of the others as it takes.
// Every number shown, and the difference of the total and any of them, concerns
// nobody or at least k people.
func RollUp(units []Unit, m Measure) Breakdown {
	var total, rest Cell
	others := make([]bool, len(units))
	folded, left := 0, 0 // units in rest; units outside that have anybody
	for i, u := range units {
		total = total.with(u.Cell)
		switch {
		case m.Sensitive(u.Cell):
			rest, others[i] = rest.with(u.Cell), true
			folded++
		case u.People > 0:
			left++
		}
	}
	if m.Sensitive(total) {
		return Breakdown{}
	}
	for folded > 0 && (m.Sensitive(rest) || rest.People == 0 && folded == 1) {
		if left == 0 {
			return Breakdown{Total: &total}
		}
		i := smallest(units, others)
		rest, others[i] = rest.with(units[i].Cell), true
		folded, left = folded+1, left-1
	}
	if folded == len(units) && folded > 0 {
		return Breakdown{Total: &total}
	}
	out := Breakdown{Total: &total}
	for i, u := range units {
		if !others[i] {
			out.Rows = append(out.Rows, Row{Unit: u})
		}
	}
	if folded > 0 {
		out.Rows = append(out.Rows, Row{Unit: Unit{Cell: rest}, Others: folded})
	}
	return out
}

// smallest is the unit with the fewest people that is not among the others yet.
func smallest(units []Unit, others []bool) int {
	best := -1
	for i, u := range units {
		if others[i] || u.People == 0 {
			continue
		}
		if best < 0 || u.People < units[best].People || u.People == units[best].People && u.ID < units[best].ID {
			best = i
		}
	}
	return best
}
