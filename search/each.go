package search

import (
	"cmp"
	"runtime"
	"sync"
	"sync/atomic"
)

// handsWorth is from how many texts on more than one processor looks at the
// segments: below, waking it takes longer than it saves.
const handsWorth = 50_000

// mostHands is how many processors one search has at most.
const mostHands = 4

// each does something with every shard, where there is much to do on more than
// one processor. What is done may write only what is of its own shard. Errors:
// those of do, and ctx's.
func (v *view) each(do func(n int, s *shard) error) error {
	var next atomic.Int64
	var left sync.WaitGroup
	errs := make([]error, len(v.shards))
	left.Add(len(v.shards))
	work := func() {
		for n := int(next.Add(1)) - 1; n < len(v.shards); n = int(next.Add(1)) - 1 {
			if errs[n] = v.ctx.Err(); errs[n] == nil {
				errs[n] = contained(func() error { return do(n, v.shards[n]) })
			}
			left.Done()
		}
	}
	for range v.hands() - 1 {
		go work() // comes late where all processors are busy, and finds nothing left to do
	}
	work()
	left.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// hands is how many processors look at the shards.
func (v *view) hands() int {
	var texts uint64
	for _, s := range v.shards {
		texts += s.seg.Count()
	}
	if texts < handsWorth {
		return 1
	}
	return min(runtime.GOMAXPROCS(0), mostHands, len(v.shards))
}

// worthAHand is of how many texts another hand takes half, at least: to wake it for
// fewer takes longer than they do.
const worthAHand = 16

// inHalves does something with so many things, with the second half of many on
// another processor. What is done may write only what is of its own half. Errors:
// those of do.
func inHalves(n int, do func(from, to int) error) error {
	if n < worthAHand {
		return do(0, n)
	}
	var other error
	var left sync.WaitGroup
	left.Go(func() { other = contained(func() error { return do(n/2, n) }) })
	err := do(0, n/2)
	left.Wait()
	return cmp.Or(err, other)
}
