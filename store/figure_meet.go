package store

import (
	"cmp"
	"maps"
	"slices"
	"sync"

	"convivio/store/board"
	"convivio/store/gate"
)

// meeting finds where the lines of two breakdowns meet: how many people of a team
// are at a site, and what they did. None of it is published; the gate asks what
// could be told of it.
type meeting struct {
	q     *closing
	lines map[board.Dimension][]line
	at    map[unitKey]int // the line that a unit stands in
}

func (q *closing) meeting(lines map[board.Dimension][]line) *meeting {
	x := &meeting{q: q, lines: lines, at: map[unitKey]int{}}
	for _, list := range lines {
		for i, l := range list {
			for _, k := range l.keys {
				x.at[k] = i
			}
		}
	}
	return x
}

// audit audits all measures, each by itself, as many at a time as there are
// processors.
func (x *meeting) audit(all columns) {
	var wait sync.WaitGroup
	for _, c := range all {
		wait.Go(func() { x.cross(c) })
	}
	wait.Wait()
}

// cross audits the breakdowns of one measure against each other. People are on
// several boards, so that numbers of them by board are no parts of a sum; what
// everybody can count on open boards is not audited against them.
func (x *meeting) cross(c map[board.Dimension]*column) {
	company := c[board.ByCompany]
	if company == nil || company.Measure == board.Entitled {
		return
	}
	m := measureOf(company.Definition)
	total := gate.Known{Hi: 1 << 40}
	switch s := company.States[0]; s {
	case gate.Exact:
		total = company.Known[0]
	case gate.Few, gate.NearlyAll:
		total = m.Reach(company.Cells[0], s)
	}
	audit := func(rows, columns *gate.Side, meets []gate.Meeting) {
		if !gate.Cross(rows, columns, meets, total, m) && m.Participation {
			company.States[0], total = gate.Protected, gate.Known{Hi: 1 << 40}
		}
	}
	for _, by := range board.Dimensions[1:] {
		if rows := c[by]; rows.adds() {
			one := &gate.Side{Cells: company.Cells, States: []gate.State{gate.Protected}}
			audit(rows.summed(), one, x.byThemselves(company, rows))
		}
	}
	for _, pair := range [][2]board.Dimension{{board.ByTeam, board.BySite}, {board.ByTeam, board.ByBoard}, {board.BySite, board.ByBoard}} {
		rows, columns := c[pair[0]], c[pair[1]]
		if !rows.adds() || !columns.adds() {
			continue
		}
		var meets []gate.Meeting
		if pair[1] == board.ByBoard {
			meets = x.onBoards(company.Measure, pair[0])
		} else {
			meets = x.places(company, rows, columns)
		}
		audit(&rows.Side, columns.summed(), meets)
	}
}

// adds tells whether there are lines that add up to the company's, and that not
// everybody can count.
func (c *column) adds() bool {
	if c == nil || len(c.summed().Cells) == 0 {
		return false
	}
	return c.by != board.ByBoard || !measureOf(c.Definition).Participation && !openly(c.Measure)
}

// byThemselves is where units meet the company: each with all that it is, those in
// Others too.
func (x *meeting) byThemselves(company, rows *column) []gate.Meeting {
	cells := meetings{}
	if rows.by == board.ByBoard {
		for i, c := range rows.summed().Cells {
			cells[meetingPlace{row: i}] = &c
		}
		return cells.list()
	}
	for person, p := range x.q.staff {
		u := unitIn(rows.by, p)
		n, did := company.gathered[0].parts[person]
		cells.add(meetingPlace{row: x.at[u], unit: u}, rows.Cells[x.at[u]].Silent, did, n)
		cells.inside(meetingPlace{row: x.at[u], unit: u}, x.q.readers[person] && rows.Cells[x.at[u]].Inside)
	}
	return cells.list()
}

// unitIn is the team, or the site, that somebody is of.
func unitIn(by board.Dimension, p standpoint) unitKey {
	if by == board.BySite {
		return unitKey{by: by, site: p.site}
	}
	return unitKey{by: by, id: p.team}
}

// meetings are what units have in common, by the lines that they stand in.
type meetings map[meetingPlace]*gate.Cell

type meetingPlace struct {
	row, column  int
	unit, across unitKey
}

// add counts one more person who could have taken part, and who did or not.
func (m meetings) add(at meetingPlace, silent, did bool, n int64) {
	c := m[at]
	if c == nil {
		c = &gate.Cell{Silent: silent}
		m[at] = c
	}
	c.Of++
	if did {
		c.Add(n)
	}
}

// inside tells that somebody reads what may be worked out of their own group.
func (m meetings) inside(at meetingPlace, reads bool) { m[at].Inside = m[at].Inside || reads }

// places is where teams and sites meet.
func (x *meeting) places(company, rows, columns *column) []gate.Meeting {
	cells := meetings{}
	for person, p := range x.q.staff {
		team, site := unitIn(board.ByTeam, p), unitIn(board.BySite, p)
		at := meetingPlace{x.at[team], x.at[site], team, site}
		n, did := company.gathered[0].parts[person]
		cells.add(at, rows.Cells[at.row].Silent && columns.Cells[at.column].Silent, did, n)
		cells.inside(at, x.q.readers[person] && rows.Cells[at.row].Inside)
	}
	return cells.list()
}

// onBoards is where teams, or sites, and open boards meet: everybody could be there.
func (x *meeting) onBoards(m board.Measure, by board.Dimension) []gate.Meeting {
	cells := meetings{}
	sizes := map[unitKey]int{}
	for _, p := range x.q.staff {
		sizes[unitIn(by, p)]++
	}
	for column, l := range x.lines[board.ByBoard] {
		if l.id == 0 {
			continue
		}
		on := unitKey{by: board.ByBoard, id: l.id}
		for u, n := range sizes {
			cells[meetingPlace{x.at[u], column, u, on}] = &gate.Cell{Of: n}
		}
		for person, n := range x.q.gathered(m, l).parts {
			cells[meetingPlace{x.at[unitIn(by, x.q.staff[person])], column, unitIn(by, x.q.staff[person]), on}].Add(n)
		}
	}
	out := cells.list()
	for i := range out {
		out[i].Seen = m != board.VotesCast
	}
	return out
}

// list has them in order, so that the same is hidden whenever it is worked out.
func (m meetings) list() []gate.Meeting {
	places := slices.SortedFunc(maps.Keys(m), func(a, b meetingPlace) int {
		return cmp.Or(cmp.Compare(a.row, b.row), cmp.Compare(a.column, b.column), cmp.Compare(a.unit.id, b.unit.id), cmp.Compare(a.unit.site, b.unit.site), cmp.Compare(a.across.site, b.across.site))
	})
	out := make([]gate.Meeting, 0, len(m))
	for _, at := range places {
		out = append(out, gate.Meeting{Row: at.row, Column: at.column, Cell: *m[at]})
	}
	return out
}
