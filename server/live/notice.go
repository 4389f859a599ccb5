package live

import (
	"context"

	"convivio/store/board"
)

// How many notices somebody has not seen goes to the pages of that person alone.

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
	if !some {
		return
	}
	select {
	case h.noticed <- struct{}{}:
	default:
	}
}

// tellUnseen tells the people marked how many notices they have not seen.
func (h *Hub) tellUnseen(ctx context.Context) {
	h.mu.Lock()
	people := make([]int64, 0, len(h.unseen))
	for id := range h.unseen {
		people = append(people, id)
	}
	clear(h.unseen)
	h.mu.Unlock()
	counts, err := h.source.UnseenOf(ctx, people)
	if err != nil {
		if ctx.Err() == nil {
			h.Log.Error("people cannot be told live how many notices they have", "error", err)
		}
		return
	}
	var told []*conn
	h.mu.Lock()
	for _, id := range people {
		p := h.people[id]
		if p == nil {
			continue
		}
		f := textFrame(board.Unseen{Kind: board.NoticesFrame, Count: counts[id]})
		for _, c := range p.conns {
			if c.lang != none && c.push(f, 0) {
				told = append(told, c)
			}
		}
	}
	h.mu.Unlock()
	h.flush(told)
}
