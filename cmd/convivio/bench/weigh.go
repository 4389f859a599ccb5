package bench

import (
	"context"
	"errors"
	"fmt"
)

// What a server uses is what its collector finds in use, and its stacks. What the
// system says that it holds tells little of a socket: the collector lets garbage
// pile up to several times what is in use, and gives the room back when it likes.

// readsAtMost bounds the waiting for the collector.
const readsAtMost = 50_000

// The figures of a server's memory, as Prometheus names them.
const (
	collections = "go_gc_duration_seconds_count"
	heapLive    = "go_gc_heap_live_bytes" // found in use by the last collection
	stacks      = "go_memstats_stack_inuse_bytes"
)

// weigh reads how many bytes a server uses, once its collector has run twice: the
// first run may have begun before what is to be weighed was there. A server that
// has nothing to do collects nothing, so ours reads comments meanwhile; the bare
// one collects whenever it is asked.
func (c *crowd) weigh(ctx context.Context, p plan) (used int64, err error) {
	w, err := connect(ctx, c.addr)
	if err != nil {
		return 0, err
	}
	defer w.close()
	path, every := fmt.Sprintf("/api/v1/ideas/%d/comments?limit=100", p.Idea), 100
	if c.addr == p.Bare {
		path, every = "/readyz", 1
	}
	ask := newRequest("GET", c.addr, path, bearer(p.Tokens[0])).bare()
	first := int64(-1)
	for n := range readsAtMost {
		if a, err := w.do(ask, true); err != nil || a.status != 200 {
			return 0, errors.Join(err, errStatus("keep a server busy", a))
		}
		if n%every != 0 {
			continue
		}
		text, err := figures(ctx, c.addr)
		if err != nil {
			return 0, err
		}
		runs, err := metric(text, collections)
		if err != nil {
			return 0, err
		}
		if first < 0 {
			first = runs
		}
		if runs < first+2 {
			continue
		}
		heap, err := metric(text, heapLive)
		if err != nil {
			return 0, err
		}
		stack, err := metric(text, stacks)
		return heap + stack, err
	}
	return 0, fmt.Errorf("wait for the collector of %s: %w", c.addr, errLate)
}

// cost is what each open socket adds to what the server used without them, in bytes.
func (c *crowd) cost(ctx context.Context, p plan) (float64, error) {
	now, err := c.weigh(ctx, p)
	return float64(now-c.before) / float64(len(c.open)), err
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
