package gate

import "slices"

// Known is what readers can tell of a sum: from Lo to Hi.
type Known struct{ Lo, Hi int64 }

// Side is a breakdown of one figure by one dimension: its lines, how each may be
// shown, and what readers can tell of each that is shown.
type Side struct {
	Cells  []Cell
	States []State
	Known  []Known // where States is Exact
}

// Meeting is where a line of one breakdown and a line of another meet: the same
// people, or the same acts, are in both.
type Meeting struct {
	Row, Column int
	Seen        bool // by everybody anyway, as who wrote on an open board
	Cell
}

// Cross audits two breakdowns of the same figure: nothing of where their lines
// meet is shown, but lines of one taken from lines of the other may leave a few
// people, as a site without the one team that works there leaves its guests from
// other teams. What readers can tell of each meeting and each hidden line is found
// exactly, by the largest flow through sums that are known (Gusfield, 1988); where
// it is too much, lines are hidden until it is not: columns first, rows only when
// none is left. States of both sides are changed in place. More hidden never says
// more, so what was looked at once need not be looked at again. ok is false where even
// the sum of all says too much.
func Cross(rows, columns *Side, meets []Meeting, total Known, m Measure) (ok bool) {
	x := newCrossing(rows, columns, meets, total, m)
	ok = true
	for i := range meets {
		if meets[i].Seen {
			continue
		}
		ok = x.protect(x.meet[i], &meets[i].Cell, Protected, meets[i].Row) && ok
	}
	for i := range rows.Cells {
		if rows.States[i] != Exact {
			ok = x.protectLine(rows, x.row, i, i) && ok
		}
	}
	for i := range columns.Cells {
		if columns.States[i] != Exact {
			ok = x.protectLine(columns, x.column, i, -1) && ok
		}
	}
	return ok
}

type crossing struct {
	m             Measure
	net           *flow
	rows, columns *Side
	row, column   []arc
	meet          []arc
	meets         []Meeting
	small         map[int]int // meetings of fewer than k people, by their first edge
}

// arc is a figure in the net: how much it is, and the edges of how far it may go.
type arc struct {
	from, to int
	amount   int64
	people   int
	edge     int // the first of its two pairs of edges
}

func newCrossing(rows, columns *Side, meets []Meeting, total Known, m Measure) *crossing {
	r, c := len(rows.Cells), len(columns.Cells)
	x := &crossing{m: m, net: newFlow(r + c + 2), rows: rows, columns: columns, meets: meets, small: map[int]int{}}
	source, sink := r+c, r+c+1
	var sum int64
	for i, cell := range rows.Cells {
		x.row = append(x.row, x.arc(source, i, cell, x.knownOf(rows, i)))
		sum += x.amount(cell)
	}
	for i, cell := range columns.Cells {
		x.column = append(x.column, x.arc(r+i, sink, cell, x.knownOf(columns, i)))
	}
	for i, n := range meets {
		free := x.free(n.Cell)
		if n.People == 0 && !m.Participation { // what nobody did does not lend itself to what few did
			free = Known{}
		}
		x.meet = append(x.meet, x.arc(n.Row, r+n.Column, n.Cell, free))
		if 0 < n.People && n.People < m.k() {
			x.small[x.meet[i].edge] = i
		}
	}
	x.net.edge(sink, source, max(total.Hi-sum, 0))
	x.net.edge(source, sink, max(sum-total.Lo, 0))
	return x
}

// amount is what is summed: people, or what they did.
func (x *crossing) amount(c Cell) int64 {
	if x.m.Participation {
		return int64(c.People)
	}
	return c.Value
}

// free is what a figure can be of which nothing is shown.
func (x *crossing) free(c Cell) Known {
	if x.m.Participation {
		return Known{0, int64(c.Of)}
	}
	return Known{0, plenty}
}

func (x *crossing) knownOf(s *Side, i int) Known {
	if s.States[i] == Exact {
		return s.Known[i]
	}
	return x.hidden(s.Cells[i], s.States[i])
}

// hidden is what readers can tell of a line from how it is hidden.
func (x *crossing) hidden(c Cell, s State) Known {
	if s == Protected {
		return x.free(c)
	}
	lo, hi := x.m.reach(c, s)
	return Known{int64(lo), int64(hi)}
}

func (x *crossing) arc(from, to int, c Cell, k Known) arc {
	a := arc{from, to, x.amount(c), c.People, len(x.net.to)}
	x.net.edge(from, to, max(k.Hi-a.amount, 0))
	x.net.edge(to, from, max(a.amount-k.Lo, 0))
	return a
}

// protectLine protects a hidden line: what it was hidden as must stay possible, be
// it by those of it who did nothing.
func (x *crossing) protectLine(s *Side, arcs []arc, i, row int) bool {
	for n, meet := range x.meets {
		if meet.People == 0 && (s == x.rows && meet.Row == i || s == x.columns && meet.Column == i) {
			edge := x.meet[n].edge
			was := x.net.room[edge]
			x.net.room[edge] = x.free(meet.Cell).Hi
			defer func() { x.net.room[edge] = was }()
		}
	}
	return x.protect(arcs[i], &s.Cells[i], s.States[i], row)
}

// protect hides lines until a figure could be all that it must be able to be.
func (x *crossing) protect(a arc, c *Cell, s State, row int) bool {
	lo, hi := x.must(*c, s)
	for !x.spans(a, lo, hi) {
		if !x.hideOne(a, row) {
			return false
		}
	}
	return true
}

// must is what a figure must be able to be; what is about enough people may be
// known.
func (x *crossing) must(c Cell, s State) (lo, hi int64) {
	at, k := x.amount(c), x.m.of(c)
	switch {
	case s != Protected:
		l, h := x.m.reach(c, s)
		return int64(l), int64(h)
	case x.m.Participation && c.Of < k:
		return 0, int64(c.Of)
	case x.m.Participation && c.Of-c.People < k && c.People >= k:
		return min(at, int64(c.Of-k+1)), int64(c.Of)
	case c.People == 0 && !x.m.Participation && !c.Silent:
		return 0, 0
	case c.People < k:
		return min(at, 1), max(at, int64(k-1))
	case !x.m.Participation && c.small(k):
		return max(at-int64(k)+1, 0), at + int64(k) - 1
	case x.m.Participation || !x.m.dominated(c):
		return at, at
	}
	return at - c.margin(), at + c.margin()
}

// spans tells whether a figure could be anything from lo to hi and nothing else
// that is known would change.
func (x *crossing) spans(a arc, lo, hi int64) bool {
	return x.moves(a, up, hi-a.amount) && x.moves(a, down, a.amount-lo)
}

// Which way a figure moves: the offset of the pair of edges that lets it.
const (
	up   = 0
	down = 2
)

// moves tells whether a figure could be so much more, or less. Not by what the
// figures of a few others would be the other way round: then those of all of them
// together would be known, and they are still about few people. That is so when it
// can move in more ways than such a group has others, and no two ways use the same;
// else every group that a way uses is tried without.
func (x *crossing) moves(a arc, way int, much int64) bool {
	if much <= 0 {
		return true
	}
	var used []int
	for range max(1, x.m.k()-a.people) {
		with, ok := x.sends(a, way, much, used)
		switch {
		case !ok && len(used) == 0:
			return false
		case !ok:
			left := x.tries()
			return x.without(a, way, much, nil, a.people, &left)
		case len(with) == 0:
			return true
		}
		used = append(used, with...)
	}
	return true
}

// tries is how many groups are tried at most, the fewer the more there is to look
// through; beyond, a figure counts as known.
func (x *crossing) tries() int { return min(max(200_000/len(x.meets), 60), 4000) }

// without tells whether a figure moves although some others do not, and although
// any further ones that are still few people with them do not either.
func (x *crossing) without(a arc, way int, much int64, fixed []int, people int, left *int) bool {
	if *left--; *left < 0 {
		return false
	}
	with, ok := x.sends(a, way, much, fixed)
	for _, i := range with {
		if n := people + x.meet[i].people; ok && n < x.m.k() {
			ok = x.without(a, way, much, append(slices.Clone(fixed), i), n, left)
		}
	}
	return ok
}

// sends finds a way for a figure to be so much more, or less, and which figures of
// a few people it uses the other way round. fixed are not to be used.
func (x *crossing) sends(a arc, way int, much int64, fixed []int) (with []int, ok bool) {
	type was struct {
		edge int
		room int64
	}
	var shut []was
	shutting := func(edge int) {
		shut = append(shut, was{edge, x.net.room[edge]})
		x.net.room[edge] = 0
	}
	for e := a.edge; e < a.edge+4; e++ {
		shutting(e)
	}
	for _, i := range fixed {
		shutting(x.meet[i].edge + down - way)
	}
	from, to := a.to, a.from
	if way == down {
		from, to = to, from
	}
	x.net.log = x.net.log[:0]
	ok = x.net.most(from, to, much) >= much
	for _, s := range x.net.log {
		i, small := x.small[s.edge&^3]
		if small && s.edge&2 == down-way && a.people+x.meet[i].people < x.m.k() && !slices.Contains(with, i) {
			with = append(with, i)
		}
	}
	x.net.take()
	for _, w := range slices.Backward(shut) {
		x.net.room[w.edge] = w.room
	}
	return with, ok
}

// hideOne hides a shown line because of a figure that says too much: its own
// column, else the column with the fewest people, of those that meet its row if
// there is one; then rows.
func (x *crossing) hideOne(a arc, row int) bool {
	best, near := -1, false
	own := a.to - len(x.rows.Cells)
	touches := map[int]bool{}
	for _, n := range x.meets {
		if n.Row == row {
			touches[n.Column] = true
		}
	}
	for i, c := range x.columns.Cells {
		if x.columns.States[i] == Protected {
			continue
		}
		if i == own {
			best = i
			break
		}
		if closer := touches[i]; best < 0 || closer && !near || closer == near && c.People < x.columns.Cells[best].People {
			best, near = i, closer
		}
	}
	if best >= 0 {
		x.hide(x.columns, x.column, best)
		return true
	}
	for i, c := range x.rows.Cells {
		if x.rows.States[i] != Protected && (best < 0 || i == row || best != row && c.People < x.rows.Cells[best].People) {
			best = i
		}
	}
	if best < 0 {
		return false
	}
	x.hide(x.rows, x.row, best)
	return true
}

// hide takes a line from what is known.
func (x *crossing) hide(s *Side, arcs []arc, i int) {
	s.States[i] = Protected
	k := x.free(s.Cells[i])
	x.net.room[arcs[i].edge] = k.Hi - arcs[i].amount
	x.net.room[arcs[i].edge+2] = arcs[i].amount - k.Lo
}
