package gate

import "slices"

// Table is figures by two dimensions, with their sums by line and by column.
type Table struct {
	Cells [][]Cell // by row, then column; all rows of one length
}

// Hidden says which cells of a table are not shown, by row, then column.
type Hidden [][]bool

// Suppress finds which cells of a table must be hidden so that nobody who has the
// rest and all sums can tell a figure of fewer than k people: each hidden small
// figure could be anything from 1 to k-1, and the hidden cells of no line or
// column concern fewer than k together. ok is false where that cannot be had:
// then the table is not shown, but sums that went through RollUp may be.
//
// Which cells are hidden beside the small ones is found greedily (the fewest
// possible is NP-hard to find: Kelly, Golden and Assad, 1992); whether they are
// enough is found exactly, by the largest flow in the network of what can be
// moved among hidden cells (Gusfield, 1988).
//
// No page offers two dimensions; a measure that is to have them goes through here.
func Suppress(t Table, m Measure) (hidden Hidden, ok bool) {
	a := newAudit(t, m)
	for {
		i, j, found := a.violation()
		if !found {
			return a.hidden, true
		}
		if !a.hideMore(i, j) {
			return nil, false
		}
	}
}

type audit struct {
	Table
	k             int
	participation bool
	hidden        Hidden
	primary       [][2]int
	rows          []int // hidden cells of each
	columns       []int
}

func newAudit(t Table, m Measure) *audit {
	a := &audit{Table: t, k: m.k(), participation: m.Participation, rows: make([]int, len(t.Cells))}
	a.hidden = make(Hidden, len(t.Cells))
	for i, row := range t.Cells {
		if i == 0 {
			a.columns = make([]int, len(row))
		}
		a.hidden[i] = make([]bool, len(row))
		for j, c := range row {
			if m.Sensitive(c) && (c.People > 0 || m.Participation) {
				a.primary = append(a.primary, [2]int{i, j})
				a.hide(i, j)
			}
		}
	}
	return a
}

func (a *audit) hide(i, j int) {
	a.hidden[i][j] = true
	a.rows[i]++
	a.columns[j]++
}

// violation finds a line that says too much: the row i or the column j, the other
// being -1, or both of a cell.
func (a *audit) violation() (i, j int, found bool) {
	for i := range a.Cells {
		if h := a.hiddenIn(i, -1); 0 < h && h < a.k {
			return i, -1, true
		}
	}
	for j := range a.columns {
		if h := a.hiddenIn(-1, j); 0 < h && h < a.k {
			return -1, j, true
		}
	}
	for _, p := range a.primary {
		if !a.protected(p[0], p[1]) {
			return p[0], p[1], true
		}
	}
	return 0, 0, false
}

// protected tells whether a small figure, or with participation one that leaves few
// out, could still be anything that is hidden as such.
func (a *audit) protected(i, j int) bool {
	c := a.Cells[i][j]
	lo, hi := a.interval(i, j)
	few, k := c.Of-c.People, int64(a.k)
	if a.participation && few < a.k && (hi < int64(c.Of) || lo > int64(c.Of)-k+1) {
		return false
	}
	return a.participation && few < a.k && c.People >= a.k || lo <= 1 && hi >= k-1
}

// hiddenIn is how many people the hidden cells of a row, or of a column, concern.
func (a *audit) hiddenIn(row, column int) (people int) {
	for i, r := range a.Cells {
		for j, c := range r {
			if (i == row || j == column) && a.hidden[i][j] {
				people += c.People
			}
		}
	}
	return people
}

// interval is what a reader who has everything that is shown, and knows how many
// people could have contributed to each cell, can tell of a hidden one.
func (a *audit) interval(i, j int) (lo, hi int64) {
	x := int64(a.Cells[i][j].People)
	up := a.network(i, j).most(len(a.Cells)+j, i, a.more(i, j))
	down := a.network(i, j).most(i, len(a.Cells)+j, x)
	return x - down, x + up
}

// more is how far a hidden cell could grow.
func (a *audit) more(i, j int) int64 {
	c := a.Cells[i][j]
	if c.Of == 0 {
		return plenty
	}
	return int64(c.Of - c.People)
}

// network has a node for each row and column, and an edge for what each hidden
// cell but one can give or take.
func (a *audit) network(but, butColumn int) *flow {
	f := newFlow(len(a.Cells) + len(a.columns))
	for i, row := range a.Cells {
		for j, c := range row {
			if a.hidden[i][j] && (i != but || j != butColumn) {
				f.edge(i, len(a.Cells)+j, a.more(i, j))
				f.edge(len(a.Cells)+j, i, int64(c.People))
			}
		}
	}
	return f
}

// hideMore hides the cheapest shown cell of a violating line: one that closes a
// circle of hidden cells rather than one that does not, one with people rather
// than one without, then the one with the fewest. It says no when none is left.
func (a *audit) hideMore(row, column int) bool {
	best, cheapest := [2]int{-1, -1}, []int(nil)
	for i, r := range a.Cells {
		for j, c := range r {
			if a.hidden[i][j] || i != row && j != column {
				continue
			}
			closes := a.rows[i] > 0 && a.columns[j] > 0
			price := []int{asInt(!closes), asInt(c.People == 0), c.People, i, j}
			if cheapest == nil || slices.Compare(price, cheapest) < 0 {
				best, cheapest = [2]int{i, j}, price
			}
		}
	}
	if cheapest == nil {
		return a.hideAnywhere()
	}
	a.hide(best[0], best[1])
	return true
}

// hideAnywhere hides a shown cell outside lines that are hidden wholly: it may
// open a way around for them.
func (a *audit) hideAnywhere() bool {
	best, people := [2]int{-1, -1}, 0
	for i, r := range a.Cells {
		for j, c := range r {
			if !a.hidden[i][j] && (best[0] < 0 || c.People < people) {
				best, people = [2]int{i, j}, c.People
			}
		}
	}
	if best[0] < 0 {
		return false
	}
	a.hide(best[0], best[1])
	return true
}

func asInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
