package live

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"time"

	"convivio/store"
	"convivio/store/board"
)

// never is where a connection stands that hears nothing from the hub yet.
const never = math.MaxInt64

// start decides where a connection begins and returns what sets it going, to be
// called without the hub's lock, which is held here. The hello never names an
// event beyond what the connection will have been told: who takes it for a
// position, and loses the connection, loses nothing.
func (h *Hub) start(c *conn, a ask) func() {
	epoch := h.source.Epoch()
	now := max(h.pos, h.source.Head())
	seq, trouble := a.after, ""
	switch {
	case a.epoch != "" && a.epoch != epoch:
		trouble, seq = "another epoch", now
	case a.after < 0:
		seq = now
	case a.after > now:
		trouble = "after the end of the log"
	case now-a.after > TooFar:
		trouble = "too far behind"
	}
	hello := textFrame(board.Hello{Kind: board.HelloFrame, Epoch: epoch, Seq: seq})
	if a.after >= 0 && trouble == "" {
		h.resumes.Add(1)
		if seq < h.pos {
			c.from = never
			c.busy = true
			h.wg.Add(1)
			return func() { go c.catchUp(h.ctx, hello, seq) }
		}
	}
	c.push(hello, seq)
	if trouble != "" {
		c.from = never
		h.remove(c)
		h.reloads.Add(1)
		c.end(CloseReload, trouble, true, reloadFrame)
		return c.flushNow
	}
	c.from = seq // the hub comes to everything that is missing
	return c.flushNow
}

// catchUp reads what a connection missed from the store until it stands where
// the hub stands, and leaves it to the hub.
func (c *conn) catchUp(ctx context.Context, hello frame, seq int64) {
	h := c.hub
	c.write(hello)
	for !c.caughtUp(seq) {
		var err error
		if seq, err = c.catchUpSome(ctx, seq); err != nil {
			if !errors.Is(err, errGone) && ctx.Err() == nil {
				h.Log.Error("a live connection cannot be told what it missed", "error", err)
			}
			h.mu.Lock()
			h.remove(c)
			h.mu.Unlock()
			c.end(1013, "try again", true)
			break
		}
	}
	c.flush() // what was queued meanwhile; it also says that this goroutine is done
}

// caughtUp puts the connection under the hub's care when it missed nothing up
// to the hub's position.
func (c *conn) caughtUp(seq int64) bool {
	c.hub.mu.Lock()
	defer c.hub.mu.Unlock()
	if c.gone || seq < c.hub.pos {
		return c.gone
	}
	c.from = seq
	return true
}

// errGone says that the connection ended while it was told what it missed.
var errGone = errors.New("the connection ended")

// catchUpSome tells the next events, up to where the hub stands, and returns
// how far it came.
func (c *conn) catchUpSome(ctx context.Context, seq int64) (int64, error) {
	frames, last, err := c.missed(ctx, seq)
	if err != nil {
		return seq, err
	}
	for _, f := range frames {
		c.mu.Lock()
		over := c.ending || c.dead
		c.mu.Unlock()
		if over || !c.write(f) {
			return seq, errGone
		}
		c.hub.frames.Add(1)
	}
	c.mu.Lock()
	c.told = last
	c.mu.Unlock()
	return last, nil
}

// missed reads and renders the next events a connection may hear. Few do so at
// once: after a restart everybody comes back.
func (c *conn) missed(ctx context.Context, seq int64) (frames []frame, last int64, err error) {
	h := c.hub
	select {
	case h.reading <- struct{}{}:
		defer func() { <-h.reading }()
	case <-ctx.Done():
		return nil, seq, ctx.Err()
	}
	pos := h.Seq()
	rows, err := h.source.Entries(ctx, seq, batchSize)
	if err != nil {
		return nil, seq, err
	}
	for len(rows) > 0 && rows[len(rows)-1].Seq > pos {
		rows = rows[:len(rows)-1] // the hub's to deliver, if it stands there by then
	}
	if len(rows) == 0 {
		return nil, max(seq, pos), nil
	}
	last = rows[len(rows)-1].Seq
	html, wanted := c.renderMissed(ctx, rows)
	if !wanted {
		return nil, last, nil
	}
	if rows, err = h.source.Entries(ctx, seq, len(rows)); err != nil {
		return nil, seq, err
	}
	access, err := h.source.Access(ctx, c.person.id)
	if err != nil {
		return nil, seq, err
	}
	for _, e := range rows {
		if ev, ok := access.Event(e); ok && c.concerns(e) {
			out := framed{html: html, entry: e}
			frames = append(frames, out.in(c.lang, ev))
		}
	}
	return frames, last, nil
}

// renderMissed renders those of the rows that concern the connection, if any do.
func (c *conn) renderMissed(ctx context.Context, rows []store.Entry) (html rendered, wanted bool) {
	html = rendered{}
	for _, e := range rows {
		if !c.concerns(e) {
			continue
		}
		wanted = true
		key := keyOf(e, c.lang)
		if _, done := html[key]; !done && c.lang != none {
			html[key] = c.hub.renderOne(ctx, e, c.lang)
		}
	}
	return html, wanted
}

// concerns tells whether an event is about what the connection listens to.
func (c *conn) concerns(e store.Entry) bool {
	switch g := c.group; {
	case e.Kind.Audience() == board.Nobody:
		return false
	case g == c.hub.own:
		return false
	case g.idea != 0:
		return g.idea == e.Idea
	case g.board != 0:
		return g.board == e.BoardID
	}
	return true
}

// firstPing spreads the pings of connections that were opened together.
func firstPing(now time.Time) time.Time { return now.Add(rand.N(pingEvery)) } // #nosec G404 -- no secret

// jitter spreads clients that come back: at least half a second, and a second
// more for every thousand of them, at most half a minute.
func jitter(clients int) time.Duration {
	spread := min(time.Second+time.Duration(clients)*time.Millisecond, 30*time.Second)
	return 500*time.Millisecond + rand.N(spread) // #nosec G404 -- no secret
}
