package bench

import (
	"context"
	"fmt"
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

// contest is the rates of ours and the limit's, measured in turns, and the
// processors' time that a server spent on one step: that depends less on who
// else is using the machine.
type contest struct {
	ours, bare, ratio  []float64
	oursBusy, bareBusy []float64 // in seconds
}

// turns lets the limit and ours work in turns, one right after the other, since
// what else the machine does changes with time. The first turn of each warms up.
// After ours, whatever it still has to do is waited for, or it would take the
// processors from the limit. The limit is always the same: half a turn is enough.
func (r *run) turns(ctx context.Context, what string, slice time.Duration, mine, theirs []step, after func(context.Context) error) (c contest, err error) {
	for round := range r.rounds + 1 {
		if err := r.say(ctx, "%s, round %d of %d", what, round, r.rounds); err != nil {
			return c, err
		}
		limit, bareBusy, err := r.bare.turn(ctx, theirs, slice/2)
		if err != nil {
			return c, err
		}
		fast, busy, err := r.ours.turn(ctx, mine, slice)
		if err == nil {
			err = after(ctx)
		}
		if err != nil {
			return c, err
		}
		if round > 0 {
			c.ours, c.bare, c.ratio = append(c.ours, fast), append(c.bare, limit), append(c.ratio, fast/limit)
			c.oursBusy, c.bareBusy = append(c.oursBusy, busy), append(c.bareBusy, bareBusy)
		}
	}
	return c, nil
}

// turn is one turn of a server: its rate, and how long it was busy for a step.
func (c *child) turn(ctx context.Context, everyone []step, span time.Duration) (rate, busy float64, err error) {
	before, err := c.busy()
	if err != nil {
		return 0, 0, err
	}
	start := time.Now()
	if rate, err = work(ctx, everyone, span); err != nil {
		return 0, 0, err
	}
	took := time.Since(start)
	after, err := c.busy()
	return rate, (after - before).Seconds() / (rate * took.Seconds()), err
}

// say adds what the contest found, with a share of the limit's rate to reach; zero: none.
func (c *contest) say(t *table, name string, share float64) {
	ours, bare, ratio := perSecond(median(c.ours)), perSecond(median(c.bare)), fmt.Sprintf("%.3f", median(c.ratio))
	if share > 0 {
		t.hold(name, ours, bare, ratio, fmt.Sprintf("≥ %.2f", share), median(c.ratio) >= share)
	} else {
		t.say(name, ours, bare, ratio)
	}
	t.say("  processor time of the server for one", micros(median(c.oursBusy)), micros(median(c.bareBusy)),
		fmt.Sprintf("%.3f", median(c.bareBusy)/median(c.oursBusy)))
}
