package server

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"convivio/store/board"
)

// searches is the index with a watch beside it: how long it takes is told with
// every answer, in the figures and to administrators. What was looked for, and by
// whom, is not kept.
type searches struct {
	Index
	took *prometheus.SummaryVec
	mu   sync.Mutex
	last [1_000]time.Duration // the latest searches, in a ring
	n    int                  // ever
}

func newSearches(x Index) *searches {
	return &searches{Index: x, took: prometheus.NewSummaryVec(prometheus.SummaryOpts{Name: "convivio_search_seconds",
		Help: "How long the index took to answer in the last ten minutes: search, similar ideas, titles while typing.", Objectives: map[float64]float64{.5: .02, .95: .005, .99: .001}}, []string{"what"})}
}

// Search, Similar and Titled are those of the index, measured.
func (x *searches) Search(ctx context.Context, who board.Who, q board.Query) (board.Found, error) {
	defer x.measure(ctx, "search", time.Now())
	return x.Index.Search(ctx, who, q)
}

// Similar finds ideas that are like a text.
func (x *searches) Similar(ctx context.Context, who board.Who, text string, not int64, n int) ([]board.Hit, error) {
	defer x.measure(ctx, "similar", time.Now())
	return x.Index.Similar(ctx, who, text, not, n)
}

// Titled finds ideas by the words of their titles.
func (x *searches) Titled(ctx context.Context, who board.Who, q string, n int) ([]board.Hit, error) {
	defer x.measure(ctx, "titled", time.Now())
	return x.Index.Titled(ctx, who, q, n)
}

// measure notes how long something took that began then, and tells who asked, if
// the context is of a request (see inside).
func (x *searches) measure(ctx context.Context, what string, began time.Time) {
	took := time.Since(began)
	x.took.WithLabelValues(what).Observe(took.Seconds())
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		r.w.Header().Add("Server-Timing", fmt.Sprintf("search;dur=%.2f", float64(took.Microseconds())/1000))
	}
	if what != "search" {
		return
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.last[x.n%len(x.last)] = took
	x.n++
}

// quantiles are times within which shares of the latest searches were answered,
// of how many; none where nobody has searched yet.
func (x *searches) quantiles(shares ...float64) (list []time.Duration, of int) {
	if x == nil {
		return nil, 0
	}
	x.mu.Lock()
	of = min(x.n, len(x.last))
	sorted := slices.Clone(x.last[:of])
	x.mu.Unlock()
	if of == 0 {
		return nil, 0
	}
	slices.Sort(sorted)
	for _, share := range shares {
		list = append(list, sorted[int(share*float64(of-1)+0.5)])
	}
	return list, of
}

// inside is the request's context, which knows the request, as that of an API call does.
func (r *request) inside() context.Context { return context.WithValue(r.Context(), requestKey{}, r) }
