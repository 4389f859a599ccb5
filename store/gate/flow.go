package gate

// flow is a network for the audit: what can be moved around among hidden cells
// without any shown sum changing.
type flow struct {
	to, next []int // edges, in pairs: an edge and its way back
	room     []int64
	first    []int // of each node, its last edge
	came     []int // of each node, by which edge the search came
	queue    []int
	log      []sent
}

// sent is what was sent through an edge, so that it can be taken back.
type sent struct {
	edge int
	much int64
}

// take takes back all that was sent since the log was empty.
func (f *flow) take() {
	for _, s := range f.log {
		f.room[s.edge] += s.much
		f.room[s.edge^1] -= s.much
	}
	f.log = f.log[:0]
}

// plenty is more than any sum of people.
const plenty = int64(1) << 40

func newFlow(nodes int) *flow {
	f := &flow{first: make([]int, nodes)}
	for i := range f.first {
		f.first[i] = -1
	}
	return f
}

func (f *flow) edge(from, to int, room int64) {
	for _, e := range [2]struct {
		from, to int
		room     int64
	}{{from, to, room}, {to, from, 0}} {
		f.to, f.room, f.next = append(f.to, e.to), append(f.room, e.room), append(f.next, f.first[e.from])
		f.first[e.from] = len(f.to) - 1
	}
}

// most is the largest flow from one node to another, but no more than limit
// (Edmonds and Karp, 1972: shortest ways first).
func (f *flow) most(from, to int, limit int64) int64 {
	var sum int64
	if f.came == nil {
		f.came = make([]int, len(f.first))
	}
	came := f.came
	for sum < limit {
		for i := range came {
			came[i] = -1
		}
		f.queue = append(f.queue[:0], from)
		for n := 0; n < len(f.queue) && came[to] < 0; n++ {
			for e := f.first[f.queue[n]]; e >= 0; e = f.next[e] {
				if at := f.to[e]; f.room[e] > 0 && came[at] < 0 && at != from {
					came[at] = e
					f.queue = append(f.queue, at)
				}
			}
		}
		if came[to] < 0 {
			return sum
		}
		step := limit - sum
		for at := to; at != from; at = f.to[came[at]^1] {
			step = min(step, f.room[came[at]])
		}
		for at := to; at != from; at = f.to[came[at]^1] {
			f.room[came[at]] -= step
			f.room[came[at]^1] += step
			f.log = append(f.log, sent{came[at], step})
		}
		sum += step
	}
	return sum
}
