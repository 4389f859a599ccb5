package live

import (
	"context"
	"time"

	"github.com/gorilla/websocket"

	"convivio/store"
	"convivio/store/board"
)

const (
	pingEvery  = 25 * time.Second
	checkTicks = 4    // a login is looked at again every so many seconds
	unheard    = 1000 // events that did not concern a connection before it is told how far the log is
)

// keep does every second what has to be done in time: it tells how many read an
// idea, pings, and ends connections whose logins do not hold any more.
func (h *Hub) keep(ctx context.Context) {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	noticed, rested := h.noticed, (<-chan time.Time)(nil)
	for n := int64(0); ; {
		select {
		case now := <-ticker.C:
			n++
			h.tellReaders()
			h.tellWriters(now)
			h.ping(now)
			h.check(ctx, func(id int64) bool { return id%checkTicks == n%checkTicks })
		case <-h.revoked:
			h.check(ctx, h.takeStrangers())
		case <-noticed:
			began := time.Now()
			h.tellUnseen(ctx)
			noticed, rested = nil, time.After(min(unseenRest*time.Since(began), unseenRestMax))
		case <-rested:
			noticed = h.noticed
		case <-h.reviewed:
			h.tellReviewers(ctx)
		case <-ctx.Done():
			return
		}
	}
}

// revoke marks somebody whose sessions or tokens changed. It does not block.
func (h *Hub) revoke(person int64) {
	h.mu.Lock()
	if h.people[person] != nil {
		h.strangers[person] = true
	}
	h.mu.Unlock()
	select {
	case h.revoked <- struct{}{}:
	default:
	}
}

func (h *Hub) takeStrangers() (among func(int64) bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	taken := h.strangers
	h.strangers = map[int64]bool{}
	return func(id int64) bool { return taken[id] }
}

// credential is what a connection was opened with.
type credential struct{ person, session, token int64 }

// check looks whether the logins of some people still hold, each once however
// many connections it has. A query for each costs about ten microseconds, spread
// over the seconds, and leaves the rule in one place: store.Alive.
func (h *Hub) check(ctx context.Context, whose func(person int64) bool) {
	open := map[credential][]*conn{}
	h.mu.Lock()
	for id, p := range h.people {
		if whose(id) {
			for _, c := range p.conns {
				k := credential{id, c.login.Session, c.login.Token}
				open[k] = append(open[k], c)
			}
		}
	}
	h.mu.Unlock()
	for k, conns := range open {
		l := store.Login{Who: board.Who{ID: k.person}, Session: k.session, Token: k.token}
		holds, err := h.source.Alive(ctx, l)
		if err != nil {
			if ctx.Err() == nil {
				h.Log.Error("it cannot be seen whether a live connection's login holds", "error", err)
			}
			return
		}
		if !holds {
			h.signOut(conns)
		}
	}
}

func (h *Hub) signOut(conns []*conn) {
	h.mu.Lock()
	for _, c := range conns {
		h.remove(c)
		c.end(CloseSignedOut, "signed out", false)
	}
	h.mu.Unlock()
	h.flush(conns)
}

// ping asks connections for a sign of life. One that heard nothing for long,
// because nothing concerned it, is told how far the log is, so that it does not
// look far behind when it comes back.
func (h *Hub) ping(now time.Time) {
	var due []*conn
	h.mu.Lock()
	var hello frame
	for _, c := range h.conns {
		if now.Before(c.nextPing) {
			continue
		}
		c.nextPing = now.Add(pingEvery)
		if c.from != never && c.unheard(h.pos) {
			if hello == nil {
				hello = textFrame(board.Hello{Kind: board.HelloFrame, Epoch: h.source.Epoch(), Seq: h.pos})
			}
			c.push(hello, h.pos)
		}
		c.push(pingFrame, 0)
		due = append(due, c)
	}
	h.mu.Unlock()
	h.flush(due)
}

// unheard tells whether the connection was given all that it may hear, and
// that was long before pos.
func (c *conn) unheard(pos int64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return pos-c.told >= unheard && len(c.queue) == 0 && !c.busy
}

// tellReaders tells the pages of ideas whose number of readers changed.
func (h *Hub) tellReaders() {
	var told []*conn
	h.mu.Lock()
	for id := range h.counted {
		delete(h.counted, id)
		g := h.ideas[id]
		if g == nil {
			continue
		}
		n := g.pages()
		f := textFrame(board.Reading{Kind: board.ReadingFrame, Idea: id, Count: n})
		for _, c := range g.conns {
			if c.lang == none || c.toldCount == n {
				continue
			}
			if c.push(f, 0) {
				c.toldCount = n
				told = append(told, c)
			}
		}
	}
	h.mu.Unlock()
	h.flush(told)
}

// Drain refuses new connections, asks the open ones to come back in a moment,
// each in its own, and waits until they are gone, at most until ctx ends.
func (h *Hub) Drain(ctx context.Context) {
	h.mu.Lock()
	h.draining = true
	conns := append([]*conn(nil), h.conns...)
	for _, c := range conns {
		h.remove(c)
		c.end(websocket.CloseServiceRestart, retryHint(len(conns)), true)
	}
	h.mu.Unlock()
	h.flush(conns)
	done := make(chan struct{})
	go func() { h.wg.Wait(); close(done) }()
	select {
	case <-done:
	case <-ctx.Done():
		for _, c := range conns {
			_ = c.net.Close()
		}
	}
	h.stop()
	<-done
}
