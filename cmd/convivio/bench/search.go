package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"time"
)

// search measures how long queries of two words take, one after the other: as a
// program sees it, and what the server itself counted.
func (r *run) search(ctx context.Context) error {
	if err := r.say(ctx, "search, %d queries", r.queries); err != nil {
		return err
	}
	mine, err := connect(ctx, r.ours.addr)
	if err != nil {
		return err
	}
	defer mine.close()
	theirs, err := connect(ctx, r.bare.addr)
	if err != nil {
		return err
	}
	defer theirs.close()
	t := newTexts(99)
	var asked, bare, inside []time.Duration
	hits := 0
	for i := range r.queries + r.queries/10 {
		path := "/api/v1/search?q=" + url.QueryEscape(t.query())
		start := time.Now()
		a, err := mine.do(newRequest("GET", r.ours.addr, path, bearer(r.company.tokens[0])).bare(), true)
		took := time.Since(start)
		if err != nil {
			return err
		}
		if a.status != 200 {
			return errStatus("search", a)
		}
		var found struct {
			Total int   `json:"total"`
			Took  int64 `json:"took_us"`
		}
		if err := json.Unmarshal(a.body, &found); err != nil {
			return fmt.Errorf("read what was found: %w", err)
		}
		limit, err := r.bareAnswer(theirs, a.body, i)
		if err != nil {
			return err
		}
		if i < r.queries/10 { // warms up
			continue
		}
		asked, bare, inside = append(asked, took), append(bare, limit), append(inside, time.Duration(found.Took)*time.Microsecond)
		hits += found.Total
	}
	f, err := r.ours.index(ctx)
	if err != nil {
		return err
	}
	r.table.say("search, two words, p50 / p99", two(percentile(asked, 0.5), percentile(asked, 0.99)), two(percentile(bare, 0.5), percentile(bare, 0.99)), "")
	r.table.say("  in the server (took_us), p50 / p99", two(percentile(inside, 0.5), percentile(inside, 0.99)), "", "")
	r.table.say(fmt.Sprintf("  hits of a query, of a log of %s events", grouped(f.head)), grouped(int64(hits/max(1, len(asked)))), "", "")
	return nil
}

// bareAnswer is how long the bare server takes to answer the same bytes.
func (r *run) bareAnswer(w *wire, body []byte, i int) (time.Duration, error) {
	if i%50 == 0 { // answers differ little in size: now and then is enough
		a, err := w.do(newRequest("PUT", r.bare.addr, "/page", "X-Kind: application/json").with(0, body), true)
		if err != nil {
			return 0, err
		}
		if a.status != 204 {
			return 0, errStatus("give the bare server an answer", a)
		}
	}
	ask := newRequest("GET", r.bare.addr, "/page").bare()
	start := time.Now()
	a, err := w.do(ask, true)
	if err == nil && a.status != 200 {
		err = errStatus("read from the bare server", a)
	}
	return time.Since(start), err
}
