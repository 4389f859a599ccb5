package storetest

import "math"

// System is what a reader knows of numbers that are not shown: sums that lie
// between bounds, each number at least zero. It shares nothing with the gate: what
// follows is found by the simplex method (Dantzig, 1951), not by flows.
type System struct {
	n    int
	rows []bound
}

type bound struct {
	of     []float64
	lo, hi float64
}

// NewSystem begins with so many numbers of which nothing is known.
func NewSystem(n int) *System { return &System{n: n} }

// Know adds that a sum of the numbers, each so many times, lies between lo and hi.
func (s *System) Know(of []float64, lo, hi float64) {
	s.rows = append(s.rows, bound{of, lo, hi})
}

const tiny = 1e-7

// Corner is a system in the form the simplex method works on: a corner of all
// that is possible.
type Corner struct {
	rows  [][]float64 // the last column is the right side
	basis []int
	n     int // columns that are no artificial ones
	width int
}

// Solve finds a corner; ok is false where nothing is possible.
func (s *System) Solve() (t *Corner, ok bool) {
	type line struct {
		of    []float64
		slack float64 // 1: at most; -1: at least; 0: equal
		right float64
	}
	var lines []line
	for _, b := range s.rows {
		if b.hi-b.lo < tiny {
			lines = append(lines, line{b.of, 0, b.lo})
			continue
		}
		if !math.IsInf(b.hi, 1) {
			lines = append(lines, line{b.of, 1, b.hi})
		}
		if b.lo > 0 {
			lines = append(lines, line{b.of, -1, b.lo})
		}
	}
	slacks := 0
	for _, l := range lines {
		if l.slack != 0 {
			slacks++
		}
	}
	width := s.n + slacks + len(lines) + 1
	t = &Corner{n: s.n + slacks, width: width}
	cost, slack := make([]float64, width), s.n
	for i, l := range lines {
		row := make([]float64, width)
		copy(row, l.of)
		basic := -1
		if l.slack != 0 {
			row[slack] = l.slack
			if l.slack > 0 && l.right >= 0 {
				basic = slack
			}
			slack++
		}
		row[width-1] = l.right
		if basic < 0 {
			basic = t.n + i
			row[basic] = 1
			for j := range t.n {
				cost[j] -= row[j]
			}
			cost[width-1] -= row[width-1]
		}
		t.rows, t.basis = append(t.rows, row), append(t.basis, basic)
	}
	t.descend(cost)
	if cost[width-1] < -1e-5 {
		return nil, false
	}
	for i, b := range t.basis { // artificial ones that stayed at zero
		for j := 0; b >= t.n && j < t.n; j++ {
			if math.Abs(t.rows[i][j]) > tiny {
				t.turn(i, j, cost)
				break
			}
		}
	}
	return t, true
}

// descend goes from corner to corner while the cost falls (Bland's rule: it ends).
func (t *Corner) descend(cost []float64) (bounded bool) {
	right := len(cost) - 1
	for {
		enter := -1
		for j := range t.n {
			if cost[j] < -tiny {
				enter = j
				break
			}
		}
		if enter < 0 {
			return true
		}
		leave, best := -1, math.Inf(1)
		for i, row := range t.rows {
			if row[enter] <= tiny {
				continue
			}
			if ratio := row[right] / row[enter]; ratio < best-tiny || ratio < best+tiny && t.basis[i] < t.basis[leave] {
				leave, best = i, ratio
			}
		}
		if leave < 0 {
			return false
		}
		t.turn(leave, enter, cost)
	}
}

func (t *Corner) turn(row, column int, cost []float64) {
	pivot := t.rows[row]
	by := pivot[column]
	for j := range pivot {
		pivot[j] /= by
	}
	for i, r := range t.rows {
		if f := r[column]; i != row && f != 0 {
			for j := range r {
				r[j] -= f * pivot[j]
			}
		}
	}
	if f := cost[column]; f != 0 {
		for j := range cost {
			cost[j] -= f * pivot[j]
		}
	}
	t.basis[row] = column
}

// least is the smallest that a sum of the numbers can be.
func (t *Corner) least(of []float64) float64 {
	u := &Corner{n: t.n, width: t.width, basis: append([]int(nil), t.basis...)}
	for _, r := range t.rows {
		u.rows = append(u.rows, append([]float64(nil), r...))
	}
	cost := make([]float64, t.width)
	copy(cost, of)
	for i, b := range u.basis {
		if f := cost[b]; f != 0 {
			for j := range cost {
				cost[j] -= f * u.rows[i][j]
			}
		}
	}
	if !u.descend(cost) {
		return math.Inf(-1)
	}
	return -cost[len(cost)-1]
}

// Span is what a sum of the numbers can be.
func (t *Corner) Span(of []float64) (lo, hi float64) {
	back := make([]float64, len(of))
	for i, x := range of {
		back[i] = -x
	}
	return t.least(of), -t.least(back)
}
