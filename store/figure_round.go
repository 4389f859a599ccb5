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
// as how many ever took part, is always rounded the same way for the same unit: else an
// average over months would tell the number, and a change of one person. How many there
// are is the nearest multiple of five: whoever knows the company can count them.
func (q *closing) about(people int, m board.Measure, l line) int64 {
	var k unitKey
	if l.others == 0 {
		k = l.keys[0]
	}
	period := "always"
	if m == board.Contributors || m == board.Newcomers {
		period = q.month.String()
	}
	n := gate.Round(int64(people), q.secret, period, fmt.Sprint(m, "|", l.keys[0].by, "|", k.id, "|", k.site))
	return max(n, gate.Least)
}

// participation is a share of people, from numbers of people that are shown as
// about so many: never all or nobody. Whom everybody sees to have taken part, and who
// left the figures, is not in it; but of the two multiples of five that stand for a
// number it is the one from which nobody can tell that they are missing.
func (q *closing) participation(d board.Definition, l line, c gate.Cell) float64 {
	m := d.Measure
	if m == board.CommunityTies { // the same people stand above as in Contributors: rounded the same
		m = board.Contributors
	}
	out := q.outOf(l)
	if amongOthers(d.Measure) {
		out = q.about(c.Of, d.Measure+" of", l)
	}
	out = max(out, 2*gate.Least)
	n := max(q.about(c.People, m, l), min(fives(c.People+gate.Least-1), fives(c.People+c.Absent)))
	return float64(min(n, out-gate.Least)) / float64(out)
}

// outOf is how many people a share is out of: those who are there, without those who
// left the figures, but these in whole fives. Up to four of them change nothing that is
// shown; the number is still one of the two multiples of five next to how many count.
func (q *closing) outOf(l line) int64 {
	return fives(l.entitled - int(fives(l.left)))
}

// fives is the multiple of five below a number.
func fives(n int) int64 { return int64(n - n%gate.Least) }
