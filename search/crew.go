package search

import (
	"runtime"
	"sync/atomic"
	"time"
)

// A search is a handful of steps of a tenth of a millisecond each, and to wake a
// processor takes as long as one of them. So whoever works on a search waits for
// its next step without sleeping.
const (
	mostHands = 4                      // on one search
	patience  = 300 * time.Microsecond // until who waits sleeps after all
)

// handsWorth is how many texts an index has, at least, that more than one hand
// searches. Tests change it.
var handsWorth uint64 = 50_000

// crew are the hands that work on a search beside its own, and what they were told to do.
type crew struct {
	hands []hand
	begun []*job
}

// hand does one thing after another, on a goroutine that comes when it is called
// and goes when nobody calls it any more.
type hand struct {
	state atomic.Int32
	task  atomic.Pointer[func()]
}

// What a hand may be.
const (
	away int32 = iota
	taken
	idle
)

// assemble calls hands for a search, so that they are awake when there is something to
// do: as many as there are processors that no other search is on.
func (x *Index) assemble() *crew {
	c := &crew{}
	if x.memos.texts.Load() >= handsWorth {
		c.hands = make([]hand, max(0, min(runtime.GOMAXPROCS(0), mostHands)-max(1, len(x.slots))))
	}
	for i := range c.hands {
		c.hands[i].call(func() {})
	}
	return c
}

// dismiss lets the hands go once the search is over, and waits for what they are still at.
func (c *crew) dismiss() {
	for _, j := range c.begun {
		j.drop()
	}
	for i := range c.hands {
		c.hands[i].state.CompareAndSwap(idle, away)
	}
}

// call has a hand do something, unless it is at something else.
func (h *hand) call(task func()) {
	switch {
	case h.state.CompareAndSwap(idle, taken):
		h.task.Store(&task)
	case h.state.CompareAndSwap(away, taken):
		h.task.Store(&task)
		go h.work()
	}
}

func (h *hand) work() {
	for {
		(*h.task.Swap(nil))()
		h.state.Store(idle)
		spin(func() bool { return h.state.Load() != idle })
		if h.state.CompareAndSwap(idle, away) || h.state.Load() == away {
			return
		}
		for h.task.Load() == nil { // called, and about to be told
			runtime.Gosched()
		}
	}
}

// spin waits for something without sleeping, and tells whether it came in time.
func spin(come func() bool) bool {
	for began := time.Now(); time.Since(began) < patience; runtime.Gosched() {
		for range 50 {
			if come() {
				return true
			}
		}
	}
	return come()
}

// job is a number of things that several hands do, each once. What is done may write
// only what is its own.
type job struct {
	crew       *crew
	do         func(i int) error
	next, left atomic.Int64
	errs       []error
	done       chan struct{}
}

func (c *crew) job(n int, do func(i int) error) *job {
	j := &job{crew: c, do: do, errs: make([]error, n), done: make(chan struct{})}
	j.left.Store(int64(n))
	return j
}

// begin has the hands that are free do n things. Who begins ends it, too.
func (c *crew) begin(n int, do func(i int) error) *job {
	j := c.job(n, do)
	c.begun = append(c.begun, j)
	j.call(n)
	return j
}

// share does n things by all hands that are free. Errors: those of do.
func (c *crew) share(n int, do func(i int) error) error { return c.job(n, do).end() }

// call calls so many hands. One that comes late finds nothing left to do.
func (j *job) call(n int) {
	for i := range min(len(j.crew.hands), n) {
		j.crew.hands[i].call(j.some)
	}
}

// some does of the things what nobody does yet.
func (j *job) some() {
	for i, more := j.one(); more; i, more = j.one() {
		j.errs[i] = contained(func() error { return j.do(i) })
		j.did()
	}
}

// one is one of the things, which nobody else does.
func (j *job) one() (i int, ok bool) {
	i = int(j.next.Add(1)) - 1
	return i, i < len(j.errs)
}

func (j *job) did() {
	if j.left.Add(-1) == 0 {
		close(j.done)
	}
}

// end does what nobody does yet, and waits for what others do. Errors: those of what was done.
func (j *job) end() error {
	j.call(len(j.errs) - int(j.next.Load()) - 1)
	j.some()
	j.wait()
	for _, err := range j.errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// drop waits for what others do, and leaves undone what nobody does yet.
func (j *job) drop() {
	for _, more := j.one(); more; _, more = j.one() {
		j.did()
	}
	j.wait()
}

func (j *job) wait() {
	if len(j.errs) > 0 && !spin(func() bool { return j.left.Load() == 0 }) {
		<-j.done
	}
}

// each does something with every shard. Errors: those of do, and ctx's.
func (v *view) each(do func(n int, s *shard) error) error {
	return v.crew.share(len(v.shards), func(n int) error {
		if err := v.ctx.Err(); err != nil {
			return err
		}
		return do(n, v.shards[n])
	})
}

// worthAHand is of how many texts another hand takes half, at least.
const worthAHand = 8

// halves are what so many things are done in: where several hands are, in two.
func (c *crew) halves(n int, do func(from, to int) error) (parts int, part func(i int) error) {
	if n < worthAHand || len(c.hands) == 0 {
		return min(n, 1), func(int) error { return do(0, n) }
	}
	return 2, func(i int) error { return do(i*n/2, (i+1)*n/2) }
}
