package bench

import (
	"context"
	"fmt"
	"time"
)

// pagesShare is the share of the bare rate that warm pages are to reach.
const pagesShare = 0.15

// pages measures how many pages of an idea with a whole thread are served per
// second: warm, of ideas that got a vote since they were last read, and compressed.
func (r *run) pages(ctx context.Context) error {
	warm, err := r.pageRounds(ctx, "page")
	if err != nil {
		return err
	}
	warm.say(&r.table, fmt.Sprintf("idea page, %d comments, warm", r.thread), pagesShare)
	r.table.say("  bytes of it", grouped(int64(r.pageBytes)), "", "")
	cold, err := r.changedPages(ctx)
	if err != nil {
		return err
	}
	r.table.say("  each for the first time after a vote", perSecond(cold), perSecond(median(warm.bare)), fmt.Sprintf("%.3f", cold/median(warm.bare)))
	packed, err := r.pageRounds(ctx, "page, compressed", "Accept-Encoding: zstd")
	if err != nil {
		return err
	}
	packed.say(&r.table, "  compressed for each (zstd), warm", 0)
	return nil
}

// pageRounds lets ours and the limit serve the same bytes in turns.
func (r *run) pageRounds(ctx context.Context, what string, headers ...string) (c contest, err error) {
	first, err := once(ctx, r.ours.addr, r.askPage(r.company.read[0], 0, headers...), 200)
	if err != nil {
		return c, fmt.Errorf("read a page: %w", err)
	}
	r.pageBytes = len(first)
	kind := "text/html; charset=utf-8"
	set := newRequest("PUT", r.bare.addr, "/page", "X-Kind: "+kind).with(0, first)
	if _, err := once(ctx, r.bare.addr, set, 204); err != nil {
		return c, fmt.Errorf("give the bare server a page: %w", err)
	}
	mine, theirs := &readers{}, &readers{}
	defer mine.close()
	defer theirs.close()
	for i := range r.readers {
		if err := mine.add(ctx, r.ours.addr, r.askPage(r.company.read[0], i, headers...)); err != nil {
			return c, err
		}
		if err := theirs.add(ctx, r.bare.addr, newRequest("GET", r.bare.addr, "/page", headers...).bare()); err != nil {
			return c, err
		}
	}
	return r.turns(ctx, what, r.glance, mine.steps, theirs.steps, func(context.Context) error { return nil })
}

// askPage asks for the page of an idea as one of the people who are signed in.
func (r *run) askPage(idea int64, person int, headers ...string) []byte {
	who := cookie(r.company.cookies[person%len(r.company.cookies)])
	return newRequest("GET", r.ours.addr, fmt.Sprintf("/ideas/%d", idea), append([]string{who}, headers...)...).bare()
}

// readers are connections that ask for a page again and again.
type readers struct {
	wires []*wire
	steps []step
}

func (s *readers) add(ctx context.Context, addr string, ask []byte) error {
	w, err := connect(ctx, addr)
	if err != nil {
		return err
	}
	s.wires = append(s.wires, w)
	s.steps = append(s.steps, func() error { return read(w, ask) })
	return read(w, ask) // a server hangs up on who says nothing at first
}

func (s *readers) close() {
	for _, w := range s.wires {
		w.close()
	}
}

// read asks for a page and looks that it is one.
func read(w *wire, ask []byte) error {
	a, err := w.do(ask, false)
	if err == nil && (a.status != 200 || a.size < 1000) {
		return fmt.Errorf("read a page: the server answered %d with %d bytes", a.status, a.size)
	}
	return err
}

// changedPages reads many ideas' pages, each of which got or lost a vote since
// it was read the last time. Only the reading is timed.
func (r *run) changedPages(ctx context.Context) (rate float64, err error) {
	var all readers
	defer all.close()
	for i := range r.readers {
		if err := all.add(ctx, r.ours.addr, r.askPage(r.company.read[0], i)); err != nil {
			return 0, err
		}
	}
	reading, pages := time.Duration(0), 0
	for round := range r.rounds + 1 {
		if err := r.say(ctx, "page after a vote, round %d of %d", round, r.rounds); err != nil {
			return 0, err
		}
		if _, err := r.eachIdea(ctx, all.wires, func(w *wire, id int64, _ int) error { return r.changeVote(w, id, round) }); err != nil {
			return 0, err
		}
		if _, _, err := r.catchUp(ctx); err != nil {
			return 0, err
		}
		took, err := r.eachIdea(ctx, all.wires, func(w *wire, id int64, i int) error {
			return read(w, r.askPage(id, i))
		})
		if err != nil {
			return 0, err
		}
		if round > 0 {
			reading, pages = reading+took, pages+len(r.company.read)
		}
	}
	return float64(pages) / reading.Seconds(), nil
}

// eachIdea does something with every idea there is to read, on several
// connections; i is the connection's number.
func (r *run) eachIdea(ctx context.Context, wires []*wire, do func(w *wire, id int64, i int) error) (time.Duration, error) {
	ids := make(chan int64, len(r.company.read))
	for _, id := range r.company.read {
		ids <- id
	}
	var all []step
	for i, w := range wires {
		all = append(all, func() error { return do(w, <-ids, i) })
	}
	return times(ctx, all, len(r.company.read))
}

// changeVote casts a vote in one round and takes it back in the next.
func (r *run) changeVote(w *wire, id int64, round int) error {
	method := "PUT"
	if round%2 == 1 {
		method = "DELETE"
	}
	a, err := w.do(newRequest(method, r.ours.addr, fmt.Sprintf("/api/v1/ideas/%d/vote", id), bearer(r.company.tokens[0])).bare(), true)
	if err == nil && a.status != 200 {
		return errStatus("change a vote", a)
	}
	return err
}
