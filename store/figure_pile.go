package store

import (
	"cmp"
	"slices"

	"convivio/store/board"
	"convivio/store/gate"
)

// A pile is what is gathered for one figure of one unit before the gate: who, and
// how much of each. It is in memory while a month is closed, and nowhere else.
type pile struct {
	parts map[int64]int64 // acts of each person
	part  int64           // numerator of a share
	of    int64           // and its denominator
	waits []wait          // of a figure in hours

	absent map[int64]bool // who left the figures and is seen to have taken part
}

// unitKey is a unit of a dimension: by id where it has one, by name where not.
type unitKey struct {
	by   board.Dimension
	id   int64
	site string
}

// piles are all that is gathered in a month.
type piles map[board.Measure]map[unitKey]*pile

func (p piles) at(m board.Measure, u unitKey) *pile {
	units := p[m]
	if units == nil {
		units = map[unitKey]*pile{}
		p[m] = units
	}
	x := units[u]
	if x == nil {
		x = &pile{parts: map[int64]int64{}, absent: map[int64]bool{}}
		units[u] = x
	}
	return x
}

// cell is a pile as the gate sees it: n of the people who could.
func (p *pile) cell(entitled int, overlapping bool) gate.Cell {
	c := gate.Cell{Of: entitled}
	if overlapping {
		c.Who = gate.Group{}
	}
	for person, n := range p.parts {
		c.Add(n)
		if overlapping {
			c.Who[person] = true
		}
	}
	c.Absent = len(p.absent)
	c.Of = max(c.Of, c.People)
	return c
}

// wait is how long an idea waited for an answer, in working hours; answered false:
// it still does.
type wait struct {
	hours    float64
	answered bool
}

// quantile is how long a part of the ideas waited at most, counting those that
// still wait with the time they have waited so far (Kaplan and Meier, 1958). It is
// not there yet while fewer than that part have an answer.
func quantile(waits []wait, part float64) (hours float64, ok bool) {
	list := slices.Clone(waits)
	slices.SortFunc(list, func(a, b wait) int {
		return cmp.Or(cmp.Compare(a.hours, b.hours), -cmp.Compare(asInt(a.answered), asInt(b.answered)))
	})
	still := 1.0
	for i, w := range list {
		if !w.answered {
			continue
		}
		still *= 1 - 1/float64(len(list)-i)
		if still <= 1-part+1e-9 {
			return w.hours, true
		}
	}
	return 0, false
}
