package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"sync"

	"convivio/store/board"
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
	counts board.ReviewCounts
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

// ReviewCount is how many items wait for somebody, by kind.
func (s *Store) ReviewCount(ctx context.Context, person int64) (board.ReviewCounts, error) {
	access := s.AccessHead()
	s.reviews.mu.Lock()
	kept, ok := s.reviews.counts[person]
	turn := s.reviews.turn
	s.reviews.mu.Unlock()
	if ok && kept.access == access {
		return kept.counts, nil
	}
	sight, err := s.reviewSight(ctx, person)
	if err != nil {
		return nil, err
	}
	counts, err := s.reviewCounts(ctx, sight, 0)
	if err != nil {
		return nil, err
	}
	s.reviews.mu.Lock()
	defer s.reviews.mu.Unlock()
	if s.reviews.turn == turn {
		if s.reviews.counts == nil || len(s.reviews.counts) >= maxCounts {
			s.reviews.counts = map[int64]reviewCount{}
		}
		s.reviews.counts[person] = reviewCount{counts, access}
	}
	return counts, nil
}

// Reviewing tells how many items wait for somebody, and which of some that
// changed concern them.
func (s *Store) Reviewing(ctx context.Context, person int64, items []int64) (counts board.ReviewCounts, some []int64, err error) {
	sight, err := s.reviewSight(ctx, person)
	if err != nil || sight.none() {
		return nil, nil, err
	}
	if counts, err = s.ReviewCount(ctx, person); err != nil {
		return nil, nil, err
	}
	rows, err := s.readDB.QueryContext(ctx, `SELECT r.id FROM review r WHERE r.id IN (SELECT value FROM JSON_EACH($3)) AND `+reviewSees,
		sight.boards, sight.sealed, idList(items))
	if err != nil {
		return nil, nil, err
	}
	some, err = collect(rows, scanID)
	return counts, some, err
}

// ReviewersAmong finds those of some people for whom there is a review page.
func (s *Store) ReviewersAmong(ctx context.Context, people []int64) ([]int64, error) {
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT o.person_id FROM person_role o WHERE o.role IN ('admin', 'moderator', 'officer') AND o.person_id IN (SELECT value FROM JSON_EACH($1))
		UNION SELECT o.person_id FROM board_role o WHERE o.role IN ('moderator', 'officer') AND o.person_id IN (SELECT value FROM JSON_EACH($1))`, idList(people))
	if err != nil {
		return nil, fmt.Errorf("look who reviews: %w", err)
	}
	return collect(rows, scanID)
}

// OpenReview lets a moderator decide about an idea or, with comment, about a
// comment that nobody reported: it waits for them, and they are looking at it.
// Errors: not_found, forbidden, conflict for one's own words.
func (s *Store) OpenReview(ctx context.Context, who board.Who, idea, comment int64) (id int64, err error) {
	_, err = s.write(ctx, who.ID, func(tx *Tx) error {
		if id, err = tx.openAbout(who, idea, comment); err != nil {
			return err
		}
		return tx.claim(who, id)
	})
	return id, err
}

// claim lets an item be looked at by somebody, unless it is already.
func (tx *Tx) claim(who board.Who, id int64) error {
	res, err := tx.exec(`UPDATE review SET claimed_by = $1, claimed_at = $2, version = version + 1 WHERE id = $3 AND (claimed_by IS NULL OR claimed_at < $4)`,
		who.ID, tx.Now, id, tx.Now-board.ClaimTime.Microseconds())
	if err != nil {
		return fmt.Errorf("claim review item %d: %w", id, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err
	}
	tx.store.reviews.touch(id)
	_, err = tx.record(board.ReviewClaimed, about{subject: id})
	return err
}

// Reviewers lists who else may be given what waits on a board: by name.
func (s *Store) Reviewers(ctx context.Context, who board.Who, slug string) ([]board.Author, error) {
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT p.id, p.name, '' FROM board b JOIN person p ON p.disabled_at IS NULL AND p.email IS NOT NULL AND p.id <> $2 AND `+mayRead+`
		WHERE b.slug = $1 AND (p.id IN (SELECT o.person_id FROM person_role o WHERE o.role IN ('admin', 'moderator'))
			OR p.id IN (SELECT o.person_id FROM board_role o WHERE o.board_id = b.id AND o.role = 'moderator')) ORDER BY p.handle`, slug, who.ID)
	if err != nil {
		return nil, fmt.Errorf("list who moderates %s: %w", slug, err)
	}
	return collect(rows, func(rows *sql.Rows) (a board.Author, err error) {
		err = rows.Scan(&a.ID, &a.Name, &a.Team)
		return a, err
	})
}
