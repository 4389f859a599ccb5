package live

import (
	"context"
	"maps"
	"time"

	"convivio/store/board"
)

// How many notices somebody has not seen goes to the pages of that person alone.
// A hub rests so many times as long as it took to count: what many are told in a
// burst is counted once.
const (
	unseenRest    = 50
	unseenRestMax = time.Second
)

// notice marks people whose unseen notices changed. It does not block.
func (h *Hub) notice(people []int64) {
	h.mu.Lock()
	some := false
	for _, id := range people {
		if h.people[id] != nil {
			h.unseen[id], some = true, true
		}
	}
	h.mu.Unlock()
	if some {
		h.callNoticed()
	}
}

// arrive marks somebody whose page was just opened. h.mu is held.
func (h *Hub) arrive(c *conn) {
	if c.lang != none {
		h.arrived[c.person.id] = true
		h.callNoticed()
	}
}

func (h *Hub) callNoticed() {
	select {
	case h.noticed <- struct{}{}:
	default:
	}
}

// tellUnseen tells the people marked how many notices they have not seen. Pages
// that were just opened have said so themselves, unless there were none then.
func (h *Hub) tellUnseen(ctx context.Context) {
	h.mu.Lock()
	changed := h.unseen
	people := make([]int64, 0, len(h.unseen)+len(h.arrived))
	for id := range h.arrived {
		if !changed[id] {
			people = append(people, id)
		}
	}
	for id := range changed {
		people = append(people, id)
	}
	arrived := h.arrived
	h.unseen, h.arrived = map[int64]bool{}, map[int64]bool{}
	h.mu.Unlock()
	counts, err := h.source.UnseenOf(ctx, people)
	if err != nil {
		if ctx.Err() == nil {
			h.Log.Error("people cannot be told live how many notices they have; trying again", "error", err)
			h.tellLater(changed, arrived)
		}
		return
	}
	var told []*conn
	h.mu.Lock()
	for _, id := range people {
		if n := counts[id]; n > 0 || changed[id] {
			told = append(told, h.pushUnseen(h.people[id], n)...)
		}
	}
	h.mu.Unlock()
	h.flush(told)
}

// unseenRetry is how long after a failure people are told again.
const unseenRetry = time.Second

// tellLater puts people back who could not be told, those who left meanwhile too:
// nobody's pages are theirs then.
func (h *Hub) tellLater(changed, arrived map[int64]bool) {
	h.mu.Lock()
	maps.Copy(h.unseen, changed)
	maps.Copy(h.arrived, arrived)
	h.mu.Unlock()
	time.AfterFunc(unseenRetry, h.callNoticed)
}

// pushUnseen queues a count for the pages of somebody who were not told the same
// before. h.mu is held.
func (h *Hub) pushUnseen(p *person, n int) (told []*conn) {
	if p == nil {
		return nil
	}
	f := textFrame(board.Unseen{Kind: board.NoticesFrame, Count: n})
	for _, c := range p.conns {
		if c.lang != none && c.toldUnseen != n && c.push(f, 0) {
			c.toldUnseen = n
			told = append(told, c)
		}
	}
	return told
}
