package bench

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// A server that has just started holds memory it needed for that alone, until
// the collector has been there. It is weighed after that, or sockets would seem
// to cost less than nothing.

// Bounds of the waiting for a server to become calm.
const (
	readsAtMost = 20_000
	steadyWait  = 60 * time.Second
	steadyBytes = 1 << 20 // between the readings of a settle
)

// collect reads from our server until its collector has run twice.
func (c *crowd) collect(ctx context.Context, p plan) error {
	w, err := connect(ctx, c.addr)
	if err != nil {
		return err
	}
	defer w.close()
	first := int64(-1)
	ask := newRequest("GET", c.addr, fmt.Sprintf("/api/v1/ideas/%d/comments?limit=100", p.Idea), bearer(p.Tokens[0])).bare()
	for n := range readsAtMost {
		if a, err := w.do(ask, true); err != nil || a.status != 200 {
			return errors.Join(err, errStatus("read comments", a))
		}
		if n%100 != 0 {
			continue
		}
		text, err := figures(ctx, c.addr)
		if err != nil {
			return err
		}
		runs, err := metric(text, "go_gc_duration_seconds_count")
		if err != nil {
			return err
		}
		if first < 0 {
			first = runs
		}
		if runs >= first+2 {
			return nil
		}
	}
	return nil // it is as calm as it gets
}

// warm opens and closes some sockets, so that what the server needs once is
// there before it is weighed.
func (c *crowd) warm(ctx context.Context, p plan) error {
	return parallel(ctx, min(p.Sockets, 4*dialers), func(i int) error {
		ws, err := listen(ctx, c.addr, p.Tokens[i%len(p.Tokens)], p.Idea)
		if err != nil {
			return err
		}
		_, _, err = ws.NextReader()
		if err := errors.Join(err, ws.Close()); err != nil {
			return fmt.Errorf("open a socket and close it again: %w", err)
		}
		return nil
	})
}

// steady waits until a process' memory stays where it is, and reads it.
func steady(ctx context.Context, pid int, settle time.Duration) (now int64, err error) {
	last := int64(-1)
	end := time.Now().Add(steadyWait)
	for {
		if now, err = resident(pid); err != nil {
			return 0, err
		}
		if last >= 0 && max(now, last)-min(now, last) < steadyBytes || time.Now().After(end) {
			return now, nil
		}
		last = now
		if err := pause(ctx, settle); err != nil {
			return 0, err
		}
	}
}

// weigh finds what a socket costs the server, once it has settled.
func (c *crowd) weigh(ctx context.Context, settle time.Duration, to *float64) error {
	now, err := steady(ctx, c.pid, settle)
	if err != nil {
		return err
	}
	*to = float64(now-c.before) / float64(len(c.open))
	return nil
}
