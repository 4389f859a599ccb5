package search

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"convivio/store/board"
)

const (
	defaultLimit = 20
	spare        = 20                     // matches kept beyond the page, for those the reader may no longer see
	turn         = 300 * time.Millisecond // how long a search waits for its turn
	longest      = 5 * time.Second        // a search that takes longer is given up
	resultsAsked = 200                    // refs, at most, in one question to the store
)

// Search finds what has all the words of a query, in any of their forms, and the
// reader may see. Errors: invalid (limit, cursor, board, stage), too_many when
// its turn does not come in time, unavailable when it takes too long, ctx's.
func (x *Index) Search(ctx context.Context, who board.Who, q board.Query) (board.Found, error) {
	began := time.Now()
	found := board.Found{Hits: []board.Hit{}, Facets: board.Facets{Boards: []board.Facet{}, Stages: []board.Facet{}}}
	if err := x.takeTurn(ctx); err != nil {
		return found, err
	}
	defer func() { <-x.slots }()
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	seen, err := x.src.SeenBoards(ctx, who)
	if err != nil {
		return found, fmt.Errorf("read what may be seen: %w", err)
	}
	s := sight{guest: who.Kind != board.Employee, boards: seen}
	if q, err = checkQuery(q, s); err != nil {
		return found, err
	}
	err = x.find(ctx, who, s, q, &found)
	found.TookUS = time.Since(began).Microseconds()
	return found, err
}

// takeTurn waits for one of the few searches that may run at once. Errors: too_many, ctx's.
func (x *Index) takeTurn(ctx context.Context) error {
	select {
	case x.slots <- struct{}{}:
		return nil
	default:
	}
	t := time.NewTimer(turn)
	defer t.Stop()
	select {
	case x.slots <- struct{}{}:
		return nil
	case <-t.C:
		return board.Fault(board.TooMany, "Many people are searching right now. Try again in a moment.")
	case <-ctx.Done():
		return ctx.Err()
	}
}

func checkQuery(q board.Query, s sight) (board.Query, error) {
	switch {
	case q.Limit < 0:
		return q, board.FieldFault("limit", "The limit is a number from 1 to %d.", board.MaxPage)
	case q.Limit > board.MaxPage:
		q.Limit = board.MaxPage
	case q.Limit == 0:
		q.Limit = defaultLimit
	}
	if q.Stage != "" && !q.Stage.Known() {
		return q, board.FieldFault("stage", "There is no stage of this name.")
	}
	if _, ok := s.board(q.Board); q.Board != "" && !ok {
		return q, board.FieldFault("board", "There is no board with this address.")
	}
	return q, nil
}

// find does what Search promises, once it may run and the query is sound.
func (x *Index) find(ctx context.Context, who board.Who, s sight, q board.Query, found *board.Found) error {
	words := readQuestion(q, time.Now()).words
	f, r, st, err := x.snapshot()
	if err != nil {
		found.Rebuilding = true
		return x.fault(ctx, f, err)
	}
	defer func() { _ = r.Close() }()
	found.Rebuilding = st.Building != nil
	c := &collector{keep: q.Limit + spare}
	c.window(q.From, q.To)
	if q.Cursor != "" {
		if c.after, err = openCursor(st.Key, q); err != nil {
			return err
		}
	}
	if len(words) == 0 || len(s.boards) == 0 {
		return nil
	}
	asking := matching(words)
	restrict(asking, s, q, st.Held)
	if err := contained(func() error { return c.collect(ctx, r, asking, st) }); err != nil {
		found.Rebuilding = true
		return x.fault(ctx, f, err)
	}
	if err := x.show(ctx, who, q, c, words, found, st.Key); err != nil {
		return err
	}
	found.Facets = c.facets(s)
	return nil
}

// fault answers what went wrong in the index. Damaged files are told to Run,
// which builds them anew, and to people as such; anything else is a failure of
// ours and throws nothing away.
func (x *Index) fault(ctx context.Context, f *files, err error) error {
	switch {
	case errors.Is(err, errNoFiles):
		return nil
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return board.Fault(board.Unavailable, "This search takes too long. Use fewer words, or rarer ones.")
	case ctx.Err() != nil:
		return fmt.Errorf("search: %w", ctx.Err())
	}
	if f.doubt(err) {
		return nil
	}
	return fmt.Errorf("search: %w", err)
}

// show reads the best matches from the store for this reader, as many as asked
// for, and makes their snippets.
func (x *Index) show(ctx context.Context, who board.Who, q board.Query, c *collector, words []asked, found *board.Found, key []byte) error {
	found.Total = c.total
	left, f := c.best, newFinder(words)
	for len(left) > 0 && len(found.Hits) < q.Limit {
		some := left[:min(len(left), q.Limit-len(found.Hits), resultsAsked)]
		refs := make([]board.Ref, len(some))
		for i, m := range some {
			refs[i] = m.ref
		}
		results, err := x.src.Results(ctx, who, refs)
		if err != nil {
			return fmt.Errorf("read results: %w", err)
		}
		there := make(map[board.Ref]board.Result, len(results))
		for _, r := range results {
			there[r.Ref] = r
		}
		for _, ref := range refs {
			if r, ok := there[ref]; ok {
				found.Hits = append(found.Hits, f.hit(r))
			} else {
				found.Total-- // gone, or out of sight, since it was indexed
			}
		}
		left = left[len(some):]
		found.Next = ""
		if len(left) > 0 || c.behind > len(c.best) {
			found.Next = sealCursor(key, q, some[len(some)-1])
		}
	}
	return nil
}

// facets are the counts by board and by stage, most first.
func (c *collector) facets(s sight) board.Facets {
	f := board.Facets{Boards: []board.Facet{}, Stages: []board.Facet{}}
	for id, n := range c.boards {
		if slug, ok := s.slug(id); ok {
			f.Boards = append(f.Boards, board.Facet{Value: slug, Count: n})
		}
	}
	for stage, n := range c.stages {
		f.Stages = append(f.Stages, board.Facet{Value: stage, Count: n})
	}
	for _, list := range [...][]board.Facet{f.Boards, f.Stages} {
		slices.SortFunc(list, func(a, b board.Facet) int {
			if a.Count != b.Count {
				return b.Count - a.Count
			}
			if a.Value < b.Value {
				return -1
			}
			return 1
		})
	}
	return f
}
