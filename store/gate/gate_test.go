package gate_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"convivio/store/gate"
)

// acts are units whose figure is a number of people who did something, out of
// many.
func acts(people ...int) []gate.Unit {
	units := make([]gate.Unit, len(people))
	for i, n := range people {
		units[i] = gate.Unit{ID: int64(i + 1), Name: string(rune('A' + i)), Cell: gate.Cell{People: n, Of: 1000, Value: int64(n)}}
	}
	return units
}

// lines writes a breakdown as a reader sees it.
func lines(b gate.Breakdown) (out []string) {
	for _, r := range b.Rows {
		if r.Others > 0 {
			out = append(out, fmt.Sprintf("Other(%d)=%d", r.Others, r.Value))
		} else {
			out = append(out, fmt.Sprintf("%s=%d", r.Name, r.Value))
		}
	}
	if b.Total != nil {
		out = append(out, fmt.Sprintf("total=%d", b.Total.Value))
	}
	return out
}

// TestRollUp is P-01 to P-05, P-10 and P-11.
func TestRollUp(t *testing.T) {
	m := gate.Measure{K: 5}
	for _, tt := range []struct {
		id    string
		units []gate.Unit
		want  []string
	}{
		{"P-01", acts(4, 9, 6), []string{"B=9", "Other(2)=10", "total=19"}},
		{"P-02", acts(4, 9), []string{"total=13"}},
		{"P-03", acts(9, 6), []string{"A=9", "B=6", "total=15"}},
		{"P-04", acts(2, 30, 3, 50), []string{"B=30", "D=50", "Other(2)=5", "total=85"}},
		{"P-05", acts(3, 1), nil},
		{"nobody anywhere", acts(0, 0), []string{"A=0", "B=0", "total=0"}},
		{"P-10", []gate.Unit{
			{ID: 1, Name: "A", Cell: gate.Cell{People: 6, Of: 20, Value: 100, First: 95, Second: 1}},
			{ID: 2, Name: "B", Cell: gate.Cell{People: 60, Of: 90, Value: 400, First: 20, Second: 20}},
			{ID: 3, Name: "C", Cell: gate.Cell{People: 70, Of: 90, Value: 500, First: 20, Second: 20}},
		}, []string{"C=500", "Other(2)=500", "total=1000"}},
		{"P-11", []gate.Unit{
			{ID: 1, Name: "A", Cell: gate.Cell{People: 2, Of: 20, Value: 200}},
			{ID: 2, Name: "B", Cell: gate.Cell{People: 30, Of: 90, Value: 40}},
			{ID: 3, Name: "C", Cell: gate.Cell{People: 40, Of: 90, Value: 50}},
		}, []string{"C=50", "Other(2)=240", "total=290"}},
		{"a setting below the floor", acts(4, 9, 6), []string{"B=9", "Other(2)=10", "total=19"}},
	} {
		if tt.id == "a setting below the floor" {
			m.K = 1
		}
		if got := lines(gate.RollUp(tt.units, m)); !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.id, got, tt.want)
		}
	}
}

// TestEverybodyAndNobody is P-09 and P-27: participation is never exactly all or none.
func TestEverybodyAndNobody(t *testing.T) {
	m := gate.Measure{K: 5, Participation: true}
	part := func(n, of int) gate.Cell { return gate.Cell{People: n, Of: of, Value: int64(n)} }
	units := []gate.Unit{{ID: 1, Name: "A", Cell: part(8, 8)}, {ID: 2, Name: "B", Cell: part(0, 9)}, {ID: 3, Name: "C", Cell: part(20, 60)}}
	if got := lines(gate.RollUp(units, m)); !slices.Equal(got, []string{"C=20", "Other(2)=8", "total=28"}) {
		t.Errorf("P-09: got %v", got)
	}
	for did := range 7 {
		board := []gate.Unit{{ID: 1, Name: "A", Cell: part(did, 6)}}
		if got := lines(gate.RollUp(board, m)); got != nil {
			t.Errorf("P-27: %d of six on a board are told of: %v", did, got)
		}
		acts := gate.Cell{People: did, Of: 6, Value: int64(3 * did), First: 3, Second: 3, Silent: true}
		if s := (gate.Measure{}).Alone(acts); s == gate.Exact {
			t.Errorf("P-27: what %d of six did is told", did)
		}
	}
	states, ok := gate.Column([]gate.Cell{part(30, 30), part(0, 40), part(35, 60), part(22, 50)}, m)
	if !ok || states[0] == gate.Exact || states[1] == gate.Exact || states[3] != gate.Exact {
		t.Errorf("a column shows %v, %v", states, ok)
	}
	states, ok = gate.Column([]gate.Cell{part(40, 40), part(20, 60), part(22, 50)}, m)
	if !ok || states[0] == gate.Exact || !slices.Contains(states[1:], gate.Protected) {
		t.Errorf("what all of a unit did follows from the sum: %v, %v", states, ok)
	}
}

// table is figures where the lines of two breakdowns meet, of which the gate shows
// the lines alone.
type table struct {
	cells         [][]int
	rows, columns []bool // which are shown
}

// crossed asks the gate for both breakdowns of a table; ok is false where it shows
// neither.
func crossed(cells ...[]int) (t table, ok bool) {
	t = table{cells: cells, rows: make([]bool, len(cells)), columns: make([]bool, len(cells[0]))}
	acts := func(n int) gate.Cell { return gate.Cell{People: n, Of: 1 << 30, Value: int64(n)} }
	rows, columns := &gate.Side{Cells: make([]gate.Cell, len(cells))}, &gate.Side{Cells: make([]gate.Cell, len(cells[0]))}
	var meets []gate.Meeting
	var total int64
	for i, row := range cells {
		for j, n := range row {
			meets = append(meets, gate.Meeting{Row: i, Column: j, Cell: acts(n)})
			rows.Cells[i], columns.Cells[j] = acts(rows.Cells[i].People+n), acts(columns.Cells[j].People+n)
			total += int64(n)
		}
	}
	for _, s := range []*gate.Side{rows, columns} {
		if s.States, ok = gate.Column(s.Cells, gate.Measure{}); !ok {
			return t, false
		}
		for _, c := range s.Cells {
			s.Known = append(s.Known, gate.Known{Lo: c.Value, Hi: c.Value})
		}
	}
	ok = gate.Cross(rows, columns, meets, gate.Known{Lo: total, Hi: total}, gate.Measure{})
	for i, s := range rows.States {
		t.rows[i] = s == gate.Exact
	}
	for j, s := range columns.States {
		t.columns[j] = s == gate.Exact
	}
	return t, ok
}

// shown is how many lines of a table are.
func (t table) shown() (n int) {
	for _, lines := range [][]bool{t.rows, t.columns} {
		for _, shown := range lines {
			if shown {
				n++
			}
		}
	}
	return n
}

// TestTable is P-06 and P-07: of a table no cell is shown, and the sums that are say
// nothing of a small one.
func TestTable(t *testing.T) {
	for id, cells := range map[string][][]int{
		"P-06":              {{12, 9, 3}, {8, 14, 11}, {20, 6, 17}},
		"P-07":              {{3, 40}, {50, 60}},
		"one row is small":  {{1, 1, 3}, {8, 14, 11}, {20, 6, 17}},
		"one cell is a row": {{3, 0, 0}, {8, 14, 11}, {20, 6, 17}, {0, 0, 7}},
	} {
		x, ok := crossed(cells...)
		if !ok || x.shown() == 0 {
			t.Errorf("%s: nothing is shown", id)
		}
		for i, row := range cells {
			for j, n := range row {
				for v := 1; 0 < n && n < 5 && v < 5; v++ {
					if !x.fits(i, j, v) {
						t.Errorf("%s: the cell of %d cannot be %d", id, n, v)
					}
				}
			}
		}
	}
	if x, ok := crossed([]int{9, 40}, []int{50, 60}); !ok || x.shown() != 4 {
		t.Errorf("nothing small, and yet %+v, %v", x, ok)
	}
	if _, ok := crossed([]int{1, 1}, []int{1, 1}); ok {
		t.Error("a table of four people is shown")
	}
}

// fits tells whether somebody who tries every table with the same shown sums and the
// same empty cells finds one in which a cell is v: by sending what each row has left
// to what each column needs, one at a time, where hidden rows share what the shown
// ones leave. It shares nothing with the audit.
func (t table) fits(row, column, v int) bool {
	rows, columns, open, at := t.collapse(row, column)
	if rows[at[0]] -= v; rows[at[0]] < 0 {
		return false
	}
	if columns[at[1]] -= v; columns[at[1]] < 0 {
		return false
	}
	sent := make([][]int, len(rows))
	for a := range sent {
		sent[a] = make([]int, len(columns))
	}
	var give func(a int, seen []bool) bool
	give = func(a int, seen []bool) bool {
		for b := range columns {
			if !open[a][b] || seen[b] {
				continue
			}
			seen[b] = true
			if columns[b] > 0 {
				columns[b]--
				sent[a][b]++
				return true
			}
			for other := range sent {
				if sent[other][b] > 0 && give(other, seen) {
					sent[other][b]--
					sent[a][b]++
					return true
				}
			}
		}
		return false
	}
	for a, left := range rows {
		for range left {
			if !give(a, make([]bool, len(columns))) {
				return false
			}
		}
	}
	return true
}

// collapse makes one row of all hidden ones and one column of all hidden ones, each
// the last, and says between which lines anything but the cell in question may
// move, and where that cell is.
func (t table) collapse(row, column int) (rows, columns []int, open [][]bool, at [2]int) {
	place := func(shown []bool) (places []int, n int) {
		for _, s := range shown {
			if s {
				places = append(places, n)
				n++
			} else {
				places = append(places, -1)
			}
		}
		for i, p := range places {
			if p < 0 {
				places[i] = n
			}
		}
		return places, n + 1
	}
	byRow, r := place(t.rows)
	byColumn, c := place(t.columns)
	rows, columns, open = make([]int, r), make([]int, c), make([][]bool, r)
	for i := range open {
		open[i] = make([]bool, c)
	}
	for i, cells := range t.cells {
		for j, n := range cells {
			rows[byRow[i]] += n
			columns[byColumn[j]] += n
			if n > 0 && (i != row || j != column) {
				open[byRow[i]][byColumn[j]] = true
			}
		}
	}
	return rows, columns, open, [2]int{byRow[row], byColumn[column]}
}

// TestRandomTables is P-08: whoever tries everything finds no small figure.
func TestRandomTables(t *testing.T) {
	const k = 5
	published := 0
	for seed := range uint64(10_000) {
		r := rand.New(rand.NewPCG(seed, 1))
		cells := make([][]int, 2+r.IntN(5))
		columns := 2 + r.IntN(7)
		for i := range cells {
			for range columns {
				n := r.IntN(12)
				if r.IntN(3) == 0 {
					n += r.IntN(40)
				}
				if r.IntN(4) == 0 {
					n = 0
				}
				cells[i] = append(cells[i], n)
			}
		}
		x, ok := crossed(cells...)
		if !ok {
			continue
		}
		if x.shown() > 0 {
			published++
		}
		for i, row := range cells {
			for j, n := range row {
				for v := 1; 0 < n && n < k && v < k; v++ {
					if !x.fits(i, j, v) {
						t.Fatalf("seed %d: row %d column %d cannot be %d in %+v", seed, i, j, v, x)
					}
				}
			}
		}
	}
	if published < 8_000 {
		t.Errorf("only %d of 10,000 tables are published", published)
	}
}

// TestRandomRollUps: nothing shown, nor the rest beside it, concerns a small group.
func TestRandomRollUps(t *testing.T) {
	for seed := range uint64(20_000) {
		r := rand.New(rand.NewPCG(seed, 2))
		m := gate.Measure{K: 5 + r.IntN(4), Participation: r.IntN(2) == 0}
		var units []gate.Unit
		for i := range 1 + r.IntN(9) {
			of := r.IntN(40)
			n := r.IntN(of + 1)
			units = append(units, gate.Unit{ID: int64(i), Cell: gate.Cell{People: n, Of: of, Value: int64(n)}})
		}
		b := gate.RollUp(units, m)
		if b.Total == nil {
			continue
		}
		small := func(n int) bool { return 0 < n && n < m.K }
		for _, row := range b.Rows {
			out := b.Total.People - row.People
			if small(row.People) || small(out) || m.Participation && (small(row.Of-row.People) || row.People == row.Of) {
				t.Fatalf("seed %d: %+v of %+v shows %+v", seed, row, units, b)
			}
		}
	}
}

// TestRandomColumns: whoever tries every column with the same sum and the same
// marks finds that a hidden figure can be anything it is hidden as.
func TestRandomColumns(t *testing.T) {
	shown := 0
	for seed := range uint64(4_000) {
		r := rand.New(rand.NewPCG(seed, 3))
		m := gate.Measure{K: 5, Participation: r.IntN(2) == 0}
		cells := make([]gate.Cell, 2+r.IntN(3))
		for i := range cells {
			of := 5 + r.IntN(12)
			n := r.IntN(of + 1)
			cells[i] = gate.Cell{People: n, Of: of, Value: int64(n)}
		}
		states, ok := gate.Column(cells, m)
		if !ok {
			continue
		}
		shown++
		seen := everyColumn(cells, states)
		for i, c := range cells {
			if states[i] == gate.Exact && m.Sensitive(c) {
				t.Fatalf("seed %d: %+v is shown", seed, c)
			}
			few, nearly := c.People < 5 && (m.Participation || c.People > 0), m.Participation && c.Of-c.People < 5
			for v := 1; few && v < 5; v++ {
				if !seen[i][v] {
					t.Fatalf("seed %d: %+v of %+v as %v cannot be %d", seed, c, cells, states, v)
				}
			}
			for v := c.Of - 4; nearly && v <= c.Of; v++ {
				if !seen[i][v] {
					t.Fatalf("seed %d: %+v of %+v as %v cannot be %d", seed, c, cells, states, v)
				}
			}
		}
	}
	if shown < 1_000 {
		t.Errorf("only %d of 4,000 columns are shown", shown)
	}
}

// everyColumn is what each cell can be in all columns that look the same.
func everyColumn(cells []gate.Cell, states []gate.State) []map[int]bool {
	total := 0
	seen := make([]map[int]bool, len(cells))
	for i, c := range cells {
		total += c.People
		seen[i] = map[int]bool{}
	}
	values := make([]int, len(cells))
	var fill func(i, left int)
	fill = func(i, left int) {
		if left < 0 {
			return
		}
		if i == len(cells) {
			if left == 0 {
				for n, v := range values {
					seen[n][v] = true
				}
			}
			return
		}
		lo, hi := cells[i].People, cells[i].People
		switch states[i] {
		case gate.Few:
			lo, hi = 0, 4
		case gate.NearlyAll:
			lo, hi = cells[i].Of-4, cells[i].Of
		case gate.Protected:
			lo, hi = 0, cells[i].Of
		}
		for v := lo; v <= hi; v++ {
			values[i] = v
			fill(i+1, left-v)
		}
	}
	fill(0, total)
	return seen
}

func people(from, to int64) gate.Group {
	g := gate.Group{}
	for p := from; p < to; p++ {
		g[p] = true
	}
	return g
}

// TestDifferences is P-12, P-13 and P-15.
func TestDifferences(t *testing.T) {
	if got := lines(gate.RollUp(acts(99, 1), gate.Measure{})); !slices.Equal(got, []string{"total=100"}) {
		t.Errorf("P-12: all but one are told of: %v", got)
	}
	// Men and women, Milan and elsewhere: four women are not in Milan. How many men are
	// would give them, and is no line of a breakdown.
	x, ok := crossed([]int{30, 20}, []int{46, 4})
	if !ok || x.shown() != 4 {
		t.Errorf("P-13: %+v, %v", x, ok)
	}
	for v := range 25 {
		if !x.fits(1, 1, v) {
			t.Errorf("P-13: the women who are not in Milan cannot be %d", v)
		}
	}
	// Were those of Milan men alone, their line would leave women, and is hidden.
	if x, ok := crossed([]int{50, 0}, []int{46, 4}); !ok || x.shown() == 4 {
		t.Errorf("P-13: with %+v, %v shown four women follow", x, ok)
	}
	if gate.Same(people(0, 12), people(0, 13), 5) || !gate.Same(people(0, 12), people(0, 12), 5) || !gate.Same(people(0, 12), people(0, 20), 5) {
		t.Error("P-15: one who joins can be told from a line")
	}
}

// TestRoundingIsTheSame is P-16, and right on the whole.
func TestRoundingIsTheSame(t *testing.T) {
	secret := []byte("secret")
	first := gate.Round(13, secret, "release 3", "team 7")
	for range 1000 {
		if got := gate.Round(13, secret, "release 3", "team 7"); got != first || got != 10 && got != 15 {
			t.Fatalf("13 is rounded to %d, then to %d", first, got)
		}
	}
	var sum int64
	for cell := range 10_000 {
		sum += gate.Round(13, secret, "release 3", fmt.Sprint(cell))
	}
	if sum < 128_000 || sum > 132_000 {
		t.Errorf("ten thousand 13s are rounded to %d together", sum)
	}
	if gate.Round(15, secret, "a", "b") != 15 || gate.Round(0, secret, "a", "b") != 0 {
		t.Error("a multiple of five is changed")
	}
}
