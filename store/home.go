package store

import (
	"context"
	"fmt"
	"time"

	"convivio/store/board"
)

// Home is what concerns one person now. No idea stands in it twice.
type Home struct {
	Told     []board.Notice // not seen yet, newest first; new ideas stand in Fresh
	Again    []board.Idea   // parked, and to be looked at again, on boards the reader moderates or owns
	Waiting  []board.Idea   // for an answer of the reader's; the latest first
	Fresh    []board.Idea   // on boards the reader follows, not read yet
	Moved    []board.Idea   // visited before, and something was said or decided since
	Growing  []board.Idea
	Newcomer bool // has voted, commented and posted nothing yet
	Silent   bool // there is no idea at all that the reader may see
}

const (
	freshFor    = 14 * 24 * time.Hour // how long an unread idea is offered
	newcomerFor = 30 * 24 * time.Hour
)

// homeNotices is how many notices the first page shows.
const homeNotices = 12

// Home gathers somebody's first page; each list has at most n ideas.
func (s *Store) Home(ctx context.Context, who board.Who, n int) (h Home, err error) {
	readOn("how far people have read", s.FlushMarks(ctx))
	if h.Told, err = s.notices(ctx, ` AND n.person_id = $1 AND n.seen = 0 AND n.reason <> 7 ORDER BY n.seq DESC LIMIT $2`, who.ID, homeNotices); err != nil {
		return h, err
	}
	shown := map[int64]bool{}
	for _, t := range h.Told {
		shown[t.Idea] = true
	}
	if h.Waiting, err = s.owedBy(ctx, who, shown, n); err != nil {
		return h, err
	}
	if h.Again, err = s.again(ctx, who, shown, n); err != nil {
		return h, err
	}
	h.Fresh, err = s.others(ctx, who, shown, n, ` AND r.seq IS NULL AND i.author_id <> $2 AND i.created_at > $4
		AND EXISTS (SELECT 1 FROM board_follow f WHERE f.board_id = i.board_id AND f.person_id = $2) ORDER BY i.id DESC LIMIT $3`, micros(s.now().Add(-freshFor)))
	if err != nil {
		return h, err
	}
	if h.Moved, err = s.others(ctx, who, shown, n, ` AND i.moved_seq > r.seq ORDER BY i.moved_seq DESC LIMIT $3`); err != nil {
		return h, err
	}
	before := len(shown)
	if h.Growing, err = s.others(ctx, who, shown, n, ` ORDER BY i.heat DESC, i.id DESC LIMIT $3`); err != nil {
		return h, err
	}
	h.Silent = before == 0 && len(h.Growing) == 0
	h.Newcomer, err = s.newcomer(ctx, who.ID)
	return h, err
}

// others lists at most n ideas that were not shown yet, and counts them as shown.
func (s *Store) others(ctx context.Context, who board.Who, shown map[int64]bool, n int, tail string, args ...any) ([]board.Idea, error) {
	list, err := s.some(ctx, who, alone+tail, append([]any{n + len(shown)}, args...)...)
	out := make([]board.Idea, 0, n)
	for _, i := range list {
		if len(out) < n && !shown[i.ID] {
			shown[i.ID] = true
			out = append(out, i)
		}
	}
	return out, err
}

func (s *Store) newcomer(ctx context.Context, person int64) (yes bool, err error) {
	err = s.readDB.QueryRowContext(ctx, `
		SELECT p.created_at > $2
		   AND NOT EXISTS (SELECT 1 FROM vote v WHERE v.person_id = p.id)
		   AND NOT EXISTS (SELECT 1 FROM comment c WHERE c.author_id = p.id)
		   AND NOT EXISTS (SELECT 1 FROM idea i WHERE i.author_id = p.id)
		FROM person p WHERE p.id = $1`, person, micros(s.now().Add(-newcomerFor))).Scan(&yes)
	if err != nil {
		return false, fmt.Errorf("look what person %d has done: %w", person, err)
	}
	return yes, nil
}
