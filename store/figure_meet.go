package store

import (
	"maps"
	"slices"

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

// cross audits the breakdowns of one measure against each other. People are on
// several boards, so that numbers of them by board are no parts of a sum.
func (x *meeting) cross(c map[board.Dimension]*column) {
	company := c[board.ByCompany]
	if company == nil || company.Measure == board.Entitled {
		return
	}
	m := measureOf(company.Definition)
	total := gate.Known{Hi: 1 << 40}
	if company.States[0] == gate.Exact {
		total = company.Known[0]
	}
	for _, pair := range [][2]board.Dimension{{board.ByTeam, board.BySite}, {board.ByTeam, board.ByBoard}, {board.BySite, board.ByBoard}} {
		rows, columns := c[pair[0]], c[pair[1]]
		if rows == nil || columns == nil || len(rows.lines) == 0 || len(columns.lines) == 0 || pair[1] == board.ByBoard && m.Participation {
			continue
		}
		var meets []gate.Meeting
		if pair[1] == board.ByBoard {
			meets = x.onBoards(company.Measure, pair[0])
		} else {
			meets = x.places(company, rows, columns)
		}
		gate.Cross(&rows.Side, &columns.Side, meets, total, m)
	}
}

type meetingPlace struct{ row, column int }

// places is where teams and sites meet.
func (x *meeting) places(company, rows, columns *column) []gate.Meeting {
	cells := map[meetingPlace]*gate.Cell{}
	for person, p := range x.q.people {
		to := meetingPlace{x.at[unitKey{by: board.ByTeam, id: p.team}], x.at[unitKey{by: board.BySite, site: p.site}]}
		c := cells[to]
		if c == nil {
			c = &gate.Cell{Silent: rows.Cells[to.row].Silent && columns.Cells[to.column].Silent}
			cells[to] = c
		}
		c.Of++
		if n, ok := company.gathered[0].parts[person]; ok {
			c.Add(n)
		}
	}
	return meetings(cells)
}

// onBoards is where teams, or sites, and boards meet.
func (x *meeting) onBoards(m board.Measure, by board.Dimension) []gate.Meeting {
	cells := map[meetingPlace]*gate.Cell{}
	lineOf := func(person int64) (int, bool) {
		p, ok := x.q.people[person]
		if by == board.BySite {
			return x.at[unitKey{by: by, site: p.site}], ok
		}
		return x.at[unitKey{by: by, id: p.team}], ok
	}
	for column, l := range x.lines[board.ByBoard] {
		for row, r := range x.lines[by] {
			if l.id != 0 {
				cells[meetingPlace{row, column}] = &gate.Cell{Of: r.entitled}
			}
		}
		for person := range x.membersOf(l) {
			if row, ok := lineOf(person); ok {
				at := meetingPlace{row, column}
				if cells[at] == nil {
					cells[at] = &gate.Cell{Silent: true}
				}
				cells[at].Of++
			}
		}
		for person, n := range x.q.gathered(m, l).parts {
			if row, ok := lineOf(person); ok {
				at := meetingPlace{row, column}
				if cells[at] == nil { // left the board since
					cells[at] = &gate.Cell{}
				}
				cells[at].Add(n)
			}
		}
	}
	return meetings(cells)
}

// membersOf are those who can take part on private boards; of open ones: nobody in
// particular.
func (x *meeting) membersOf(l line) map[int64]bool {
	out := map[int64]bool{}
	for _, k := range l.keys {
		if b := x.q.boards[k.id]; b.private {
			maps.Copy(out, b.members)
		}
	}
	return out
}

func meetings(cells map[meetingPlace]*gate.Cell) []gate.Meeting {
	out := make([]gate.Meeting, 0, len(cells))
	for at, c := range cells {
		c.Of = max(c.Of, c.People)
		out = append(out, gate.Meeting{Row: at.row, Column: at.column, Cell: *c})
	}
	slices.SortFunc(out, gate.Meeting.Compare)
	return out
}
