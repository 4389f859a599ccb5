package store

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"convivio/store/board"
	"convivio/store/gate"
)

// steadyFrom is from how many people on a unit's figures of two months may be
// compared although fewer than five joined or left: what one of so many does
// cannot be told from what the others do otherwise than the month before.
const steadyFrom = 50

// column is one measure over the lines of a breakdown.
type column struct {
	board.Definition
	by       board.Dimension
	lines    []line
	gathered []*pile
	gate.Side
}

// columns are all that may be published of a month.
type columns map[board.Measure]map[board.Dimension]*column

// publish lets what was gathered through the gate. Nothing else of it is kept.
func (q *closing) publish(steady map[unitKey]bool) []board.Figure {
	q.staff = everybody(q.people, q.left)
	lines := map[board.Dimension][]line{}
	for _, by := range board.Dimensions {
		lines[by] = q.lines(by)
	}
	all := q.columns(lines)
	q.meeting(lines).audit(all)
	all.lean()
	return q.allFigures(all, steady)
}

// columns are all measures over all breakdowns, each looked at by itself.
func (q *closing) columns(lines map[board.Dimension][]line) columns {
	all := columns{}
	for _, d := range board.Definitions {
		all[d.Measure] = map[board.Dimension]*column{}
		for _, by := range d.By {
			all[d.Measure][by] = q.column(d, by, lines[by])
		}
	}
	return all
}

func (q *closing) allFigures(all columns, steady map[unitKey]bool) (out []board.Figure) {
	for _, by := range board.Dimensions {
		for _, d := range board.Definitions {
			if c := all[d.Measure][by]; c != nil {
				out = append(out, q.figures(c, steady)...)
			}
		}
	}
	return out
}

// column decides how the cells of one measure over one breakdown may be shown, as
// far as they alone decide it.
func (q *closing) column(d board.Definition, by board.Dimension, lines []line) *column {
	m := measureOf(d)
	c := &column{Definition: d, by: by, lines: lines}
	for _, l := range lines {
		x := q.gathered(d.Measure, l)
		c.gathered, c.Cells = append(c.gathered, x), append(c.Cells, q.cell(d, l, x))
	}
	var ok bool
	sum := len(c.summed().Cells)
	switch {
	case by == board.ByBoard && openly(d.Measure): // everybody can count the rest
		sum, ok = 0, true
	case sum == 1: // a company, or a single board: no sum stands beside it
		c.States, ok = []gate.State{m.Alone(c.Cells[0])}, true
	default:
		c.States, ok = gate.Column(c.Cells[:sum], m)
	}
	if !ok {
		c.States = slices.Repeat([]gate.State{gate.Protected}, sum)
	}
	for _, x := range c.Cells[sum:] {
		c.States = append(c.States, m.Alone(x))
	}
	for i := range lines {
		c.Known = append(c.Known, q.known(c, i))
	}
	return c
}

// summed are the lines of which the company is the sum: without the one of private
// boards, which stands apart.
func (c *column) summed() *gate.Side {
	n := len(c.lines)
	if c.by == board.ByBoard && n > 0 && c.lines[n-1].id == 0 && c.Measure != board.Entitled && !measureOf(c.Definition).Participation {
		n--
	}
	side := &gate.Side{Cells: c.Cells[:n]}
	if len(c.States) > 0 {
		side.States, side.Known = c.States[:n], c.Known[:n]
	}
	return side
}

// known is what readers can tell of the people, or of what they did, from a figure
// that is shown.
func (q *closing) known(c *column, i int) gate.Known {
	if !measureOf(c.Definition).Participation {
		return gate.Known{Lo: c.Cells[i].Value, Hi: c.Cells[i].Value}
	}
	n := q.about(c.Cells[i].People, c.Measure, c.lines[i])
	return gate.Known{Lo: max(n-gate.Least+1, gate.Least), Hi: min(n+gate.Least-1, int64(c.Cells[i].Of-gate.Least))}
}

// measureOf says what the gate must hold a measure to. How many people there are
// is no participation: everybody is one of them. What nine of ten ideas waited is
// one idea's wait where there are few.
func measureOf(d board.Definition) gate.Measure {
	m := gate.Measure{Participation: slices.Contains([]board.Measure{board.Contributors, board.Adoption, board.CommunityTies, board.Newcomers}, d.Measure)}
	if d.Measure == board.FirstMost {
		m.K = 2 * gate.Least
	}
	return m
}

// leansOn are measures whose share is out of what other measures count: where that
// is hidden, a share such as 3 of 7 would tell it. What stands on open boards anybody
// can count.
var leansOn = map[board.Measure][]board.Measure{
	board.AnsweredHour:  {board.IdeasPosted},
	board.Conversations: {board.IdeasPosted},
	board.FirstMedian:   {board.IdeasPosted},
	board.FirstMost:     {board.IdeasPosted},
	board.Concentration: {board.CommentsMade},
	board.Reported:      {board.IdeasPosted, board.CommentsMade},
}

// lean hides what leans on a figure that is hidden.
func (all columns) lean() {
	for m, others := range leansOn {
		for by, c := range all[m] {
			for _, other := range others {
				on := all[other][by]
				for i := range c.States {
					if open := c.lines[i].id != 0; on != nil && !open && on.States[i] != gate.Exact {
						c.States[i] = gate.Protected
					}
				}
			}
		}
	}
}

// figures are a column as it is published.
func (q *closing) figures(c *column, steady map[unitKey]bool) []board.Figure {
	out := make([]board.Figure, 0, len(c.lines))
	for i, l := range c.lines {
		f := board.Figure{Month: q.month, Measure: c.Measure, By: c.by, Unit: l.name, UnitID: l.id, Others: l.others}
		f.State, f.Value = q.value(c, i)
		f.Steady = l.others == 0 && (l.entitled >= steadyFrom && steady != nil || steady[l.keys[0]])
		out = append(out, f)
	}
	return out
}

// gathered is the pile of a line: that of its unit, or of all its units together.
func (q *closing) gathered(m board.Measure, l line) *pile {
	if len(l.keys) == 1 {
		return cmp.Or(q.piles[m][l.keys[0]], &pile{})
	}
	all := &pile{parts: map[int64]int64{}, absent: map[int64]bool{}}
	for _, k := range l.keys {
		x := q.piles[m][k]
		if x == nil {
			continue
		}
		for person, n := range x.parts {
			all.parts[person] += n
		}
		maps.Copy(all.absent, x.absent)
		all.part, all.of, all.waits = all.part+x.part, all.of+x.of, append(all.waits, x.waits...)
	}
	return all
}

// cell is a line's cell for a measure, as the gate looks at it.
func (q *closing) cell(d board.Definition, l line, x *pile) gate.Cell {
	if d.Measure == board.Entitled {
		return gate.Cell{People: l.entitled, Of: l.entitled, Value: int64(l.entitled)}
	}
	c := x.cell(l.entitled, l.keys[0].by == board.ByBoard)
	if amongOthers(d.Measure) {
		c.Of = max(int(x.of), c.People)
	}
	if d.Form == board.FormShare && l.keys[0].by == board.ByBoard && l.id != 0 { // who wrote there is seen by everybody
		c.First, c.Second = 0, 0
	}
	c.Silent, c.Inside = q.silent(d, l), l.inside && !openly(d.Measure)
	return c
}

// amongOthers tells whether a share of people is of others than all who could.
func amongOthers(m board.Measure) bool { return m == board.CommunityTies || m == board.Newcomers }

// silent tells whether a zero would say something of each: that nobody in a team
// voted, or complained. What becomes of ideas, and what an open board holds, is
// seen by everybody.
func (q *closing) silent(d board.Definition, l line) bool {
	switch by := l.keys[0].by; {
	case by == board.ByBoard:
		return l.id == 0
	case by == board.ByTeam && d.Measure == board.Across && l.keys[0].id == 0: // who has no team cannot
		return false
	case by == board.ByCompany:
		return d.Form == board.FormCount || d.Measure == board.AppealsUpheld
	}
	return true
}

// value is how a figure is shown: its state, and what stands there where it may.
// Shares are whole hundredths and waits whole hours: more digits would give away
// out of how many, and whose idea it was.
func (q *closing) value(col *column, i int) (board.FigureState, float64) {
	d, l, x, c := col.Definition, col.lines[i], col.gathered[i], col.Cells[i]
	if ofAYear(d.Measure) && q.young() {
		return board.FigureNone, 0
	}
	switch col.States[i] {
	case gate.Few:
		return board.FigureFew, 0
	case gate.NearlyAll:
		return board.FigureNearlyAll, 0
	case gate.Protected:
		return board.FigureProtected, 0
	}
	switch {
	case d.Measure == board.Entitled:
		return board.FigureExact, float64(max(fives(c.People+gate.Least/2), gate.Least)) // the nearest
	case measureOf(d).Participation:
		return board.FigureExact, hundredths(q.participation(d, l, c))
	case d.Measure == board.Reported && x.of == 0:
		return board.FigureNone, 0
	case d.Measure == board.Reported:
		return board.FigureExact, math.Round(float64(1000*c.Value) / float64(x.of))
	case d.Form == board.FormCount:
		return board.FigureExact, float64(c.Value)
	case x.of == 0:
		return board.FigureNone, 0
	case d.Measure == board.AppealsUpheld && min(x.part, x.of-x.part) < gate.Least:
		return board.FigureProtected, 0
	case d.Form == board.FormShare:
		return board.FigureExact, hundredths(float64(x.part) / float64(x.of))
	}
	hours, ok := quantile(x.waits, map[board.Measure]float64{board.FirstMedian: .5, board.FirstMost: .9}[d.Measure])
	if !ok {
		return board.FigureNone, 0
	}
	return board.FigureExact, math.Round(hours)
}

// ofAYear tells whether a measure is about twelve months.
func ofAYear(m board.Measure) bool { return m == board.CommunityTies || m == board.PlannedDone }

// young tells whether there are no twelve months yet: a measure of a year would fall,
// or rise, because its year grows.
func (q *closing) young() bool {
	first := micros(q.ends)
	for _, at := range q.firsts {
		first = min(first, at)
	}
	return board.MonthOf(at(first).In(q.begins.Location())) > q.month-11
}

func hundredths(share float64) float64 { return math.Round(100*share) / 100 }
