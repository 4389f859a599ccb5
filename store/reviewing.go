package store

import (
	"context"
	"slices"
	"sync"
)

// reviews knows which items changed, and keeps how many wait for people until
// something changes.
type reviews struct {
	mu      sync.Mutex
	touched []int64
	turn    int64
	counts  map[int64]reviewCount
	tells   []func(items []int64)
}

type reviewCount struct {
	n      int
	access int64 // AccessHead it was read at
}

// touch marks items that a verb changes; what comes of it is told after the group.
func (r *reviews) touch(items ...int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.touched = append(r.touched, items...)
}

// tell is called by the writer after each group.
func (r *reviews) tell() {
	r.mu.Lock()
	items, tells := r.touched, r.tells
	if len(items) > 0 {
		r.touched, r.counts = nil, nil
		r.turn++
	}
	r.mu.Unlock()
	if len(items) == 0 {
		return
	}
	slices.Sort(items)
	items = slices.Compact(items)
	for _, f := range tells {
		f(items)
	}
}

// OnReviews calls f whenever items of the review page changed: ask Reviewing what
// somebody may hear of it. f must not block.
func (s *Store) OnReviews(f func(items []int64)) {
	s.reviews.mu.Lock()
	defer s.reviews.mu.Unlock()
	s.reviews.tells = append(s.reviews.tells, f)
}

// ReviewCount is how many items wait for somebody.
func (s *Store) ReviewCount(ctx context.Context, person int64) (int, error) {
	access := s.AccessHead()
	s.reviews.mu.Lock()
	kept, ok := s.reviews.counts[person]
	turn := s.reviews.turn
	s.reviews.mu.Unlock()
	if ok && kept.access == access {
		return kept.n, nil
	}
	sight, err := s.reviewSight(ctx, person)
	if err != nil {
		return 0, err
	}
	counts, err := s.reviewCounts(ctx, sight, 0)
	if err != nil {
		return 0, err
	}
	s.reviews.mu.Lock()
	defer s.reviews.mu.Unlock()
	if s.reviews.turn == turn {
		if s.reviews.counts == nil || len(s.reviews.counts) >= maxCounts {
			s.reviews.counts = map[int64]reviewCount{}
		}
		s.reviews.counts[person] = reviewCount{counts.All(), access}
	}
	return counts.All(), nil
}

// Reviewing tells how many items wait for somebody, and which of some that
// changed concern them.
func (s *Store) Reviewing(ctx context.Context, person int64, items []int64) (count int, some []int64, err error) {
	sight, err := s.reviewSight(ctx, person)
	if err != nil || sight.none() {
		return 0, nil, err
	}
	if count, err = s.ReviewCount(ctx, person); err != nil {
		return 0, nil, err
	}
	rows, err := s.readDB.QueryContext(ctx, `SELECT r.id FROM review r WHERE r.id IN (SELECT value FROM JSON_EACH($3)) AND `+reviewSees,
		sight.boards, sight.sealed, idList(items))
	if err != nil {
		return 0, nil, err
	}
	some, err = collect(rows, scanID)
	return count, some, err
}
