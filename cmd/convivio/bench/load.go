package bench

import (
	"context"
	"sync"
	"time"
)

// step does one thing on a connection of its own; it is called again and again.
type step func() error

// work lets everyone do their step over and over until the time is up, and
// answers how often per second a step was done, counted to the end of the last.
func work(ctx context.Context, everyone []step, span time.Duration) (rate float64, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	done := make([]int, len(everyone))
	start := time.Now()
	end := start.Add(span)
	var wg sync.WaitGroup
	for i, do := range everyone {
		wg.Go(func() {
			for ctx.Err() == nil && time.Now().Before(end) {
				if err := do(); err != nil {
					cancel(err)
					return
				}
				done[i]++
			}
		})
	}
	wg.Wait()
	took := time.Since(start)
	if err := context.Cause(ctx); err != nil {
		return 0, err
	}
	sum := 0
	for _, n := range done {
		sum += n
	}
	return float64(sum) / took.Seconds(), nil
}

// times lets everyone do their step until n steps are done, and answers how long it took.
func times(ctx context.Context, everyone []step, n int) (time.Duration, error) {
	left := make(chan struct{}, n)
	for range n {
		left <- struct{}{}
	}
	close(left)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	start := time.Now()
	var wg sync.WaitGroup
	for _, do := range everyone {
		wg.Go(func() {
			for range left {
				if ctx.Err() != nil {
					return
				}
				if err := do(); err != nil {
					cancel(err)
				}
			}
		})
	}
	wg.Wait()
	return time.Since(start), context.Cause(ctx)
}

// contest is the rates of ours and the limit's, measured in turns.
type contest struct{ ours, bare, ratio []float64 }

func (c *contest) add(ours, bare float64) {
	c.ours, c.bare = append(c.ours, ours), append(c.bare, bare)
	c.ratio = append(c.ratio, ours/bare)
}
