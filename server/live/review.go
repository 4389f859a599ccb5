package live

import (
	"context"
	"maps"
	"slices"
	"time"

	"convivio/store/board"
)

// What waits for moderators goes to their pages alone: how many items, and which
// of those that changed they may see. The items themselves are fetched.

// review marks items that changed. It does not block.
func (h *Hub) review(items []int64) {
	h.mu.Lock()
	for _, id := range items {
		h.judged[id] = true
	}
	h.mu.Unlock()
	select {
	case h.reviewed <- struct{}{}:
	default:
	}
}

// tellReviewers tells everybody with an open page for whom something changed.
func (h *Hub) tellReviewers(ctx context.Context) {
	h.mu.Lock()
	changed := h.judged
	h.judged = map[int64]bool{}
	people := slices.Collect(maps.Keys(h.people))
	h.mu.Unlock()
	if len(changed) == 0 || len(people) == 0 {
		return
	}
	items := slices.Sorted(maps.Keys(changed))
	reviewers, err := h.source.ReviewersAmong(ctx, people)
	for _, id := range reviewers {
		if err == nil {
			err = h.tellReviewer(ctx, id, items)
		}
	}
	if err != nil && ctx.Err() == nil {
		h.Log.Error("moderators cannot be told live what waits; trying again", "error", err)
		time.AfterFunc(unseenRetry, func() { h.review(items) })
	}
}

func (h *Hub) tellReviewer(ctx context.Context, id int64, items []int64) error {
	counts, some, err := h.source.Reviewing(ctx, id, items)
	if err != nil || len(some) == 0 {
		return err
	}
	f := textFrame(board.Reviewing{Kind: board.ReviewsFrame, Count: counts.All(), Counts: counts, Items: some})
	var told []*conn
	h.mu.Lock()
	if p := h.people[id]; p != nil {
		for _, c := range p.conns {
			if c.lang != none && c.push(f, 0) {
				told = append(told, c)
			}
		}
	}
	h.mu.Unlock()
	h.flush(told)
	return nil
}
