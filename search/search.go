package search

import (
	"context"
	"errors"
	"fmt"
	"time"

	"convivio/store/board"
)

const (
	defaultLimit = 20
	turn         = 300 * time.Millisecond // how long a search waits for its turn
	longest      = 5 * time.Second        // a search that takes longer is given up
)

// Search finds the ideas that the reader may see and that have all the words of
// a query in one of their texts, in any form, and behind them, where they are
// few, those that have the most telling ones. Errors: invalid (limit, cursor, board,
// stage, sort), too_many when its turn does not come in time, unavailable when it
// takes too long, ctx's.
func (x *Index) Search(ctx context.Context, who board.Who, q board.Query) (board.Found, error) {
	began := time.Now()
	found := board.Found{Hits: []board.Hit{}, Filters: []board.Filter{}, Facets: count(nil).facets(sight{})}
	if err := x.takeTurn(ctx); err != nil {
		return found, err
	}
	defer func() { <-x.slots }()
	hands := x.assemble()
	defer hands.dismiss()
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
	err = x.find(ctx, hands, who, s, q, &found)
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
	if q.Sort != board.ByRelevance && q.Sort != board.ByNewest && q.Sort != board.ByVotes {
		return q, board.FieldFault("sort", "There is no order of this name.")
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
func (x *Index) find(ctx context.Context, hands *crew, who board.Who, s sight, q board.Query, found *board.Found) error {
	now := time.Now()
	asked := readQuestion(q, now)
	if err := x.settle(ctx, who, s, q, &asked); err != nil {
		return err
	}
	found.Filters, found.Normal, found.Uncounted = asked.chips(), asked.normal(), asked.uncounted(who)
	f, r, st, err := x.snapshot()
	if err != nil {
		found.Rebuilding = true
		return x.fault(ctx, f, err)
	}
	defer func() { _ = r.Close() }()
	found.Rebuilding = st.Building != nil
	var after *spot
	if q.Cursor != "" {
		if after, err = openCursor(st.Key, q); err != nil {
			return err
		}
		now = time.UnixMicro(after.now)
	}
	if len(s.boards) == 0 || len(asked.words) == 0 && asked.filter.empty() && asked.except.empty() {
		return nil
	}
	a := answer{reader: reader{ctx: ctx, crew: hands, src: x.src, who: who, now: now}, memos: &x.memos, room: rooms.Get().(*room), sight: s, query: q, question: asked}
	defer a.room.free()
	if err := contained(func() error { return a.walk(r, st) }); err != nil {
		found.Rebuilding = true
		return x.fault(ctx, f, err)
	}
	if err := a.order(after); err != nil {
		return err
	}
	return a.show(found, after, st.Key)
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
