package store

import (
	"fmt"

	"convivio/store/board"
	"convivio/store/gate"
)

// about is a number of people as it is shown: a multiple of five near it, at least
// five. Exact numbers of two months would tell who came, left, or took part for the
// first time between them.
//
// What is counted anew each month is rounded anew. What goes on from month to month,
// as how many there are and how many ever took part, is always rounded the same way
// for the same unit: else an average over months would tell the number, and a
// change of one person.
func (q *closing) about(people int, m board.Measure, l line) int64 {
	var k unitKey
	if l.others == 0 {
		k = l.keys[0]
	}
	if l.id != 0 && l.keys[0].by == board.ByBoard && m == board.Entitled {
		return q.about(len(q.people), m, line{keys: []unitKey{{by: board.ByCompany}}}) // everybody, and said the same
	}
	period := "always"
	if m == board.Contributors || m == board.Newcomers {
		period = q.month.String()
	}
	n := gate.Round(int64(people), q.secret, period, fmt.Sprint(m, "|", l.keys[0].by, "|", k.id, "|", k.site))
	return max(n, gate.Least)
}

// participation is a share of people, from numbers of people that are shown as
// about so many: never all or nobody.
func (q *closing) participation(d board.Definition, l line, c gate.Cell) float64 {
	m, of := d.Measure, board.Entitled
	if amongOthers(m) {
		of = m + " of"
	}
	if m == board.CommunityTies { // the same people stand above as in Contributors: rounded the same
		m = board.Contributors
	}
	out := max(q.about(c.Of, of, l), 2*gate.Least)
	return float64(min(q.about(c.People, m, l), out-gate.Least)) / float64(out)
}
