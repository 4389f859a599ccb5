package search

import (
	"container/heap"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
	index "github.com/blevesearch/bleve_index_api"

	"convivio/store/board"
)

// spare is how many matches are kept beyond those wanted, for what the reader may no longer see.
const spare = 20

// countedMatches is how many matches are scored and counted; of more, those written last.
const countedMatches = 10_000

// match is a text that matches, with what orders it: the better score, then the
// newer, then the higher id.
type match struct {
	score float64
	at    int64
	ref   board.Ref
}

func (m match) before(o match) bool {
	switch {
	case m.score != o.score:
		return m.score > o.score
	case m.at != o.at:
		return m.at > o.at
	case m.ref.ID != o.ref.ID:
		return m.ref.ID > o.ref.ID
	}
	return m.ref.Part > o.ref.Part
}

// worstFirst is a heap of the best matches so far, the worst of them on top.
type worstFirst []match

func (h worstFirst) Len() int           { return len(h) }
func (h worstFirst) Less(i, j int) bool { return h[j].before(h[i]) }
func (h worstFirst) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *worstFirst) Push(x any)        { *h = append(*h, x.(match)) }
func (h *worstFirst) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}

// collector walks over the matches of a query once: it keeps the best after a
// place, counts all, and counts the first by board and stage.
type collector struct {
	keep     int
	after    *match      // only what comes behind; nil: from the best
	from, to int64       // microseconds, to excluded; 0: no bound
	only     board.Where // part; empty: all
	not      int64       // idea left out
	best     worstFirst
	total    int
	behind   int // of them after the place
	boards   map[int64]int
	stages   map[string]int
}

// collect runs a query on a snapshot. The average lengths come from the index's
// state: bleve would take the number of different words for the number of words.
func (c *collector) collect(ctx context.Context, r index.IndexReader, q query.Query, st *state) (err error) {
	c.boards, c.stages = map[int64]int{}, map[string]int{}
	docs, err := r.DocCount()
	if err != nil {
		return fmt.Errorf("count documents: %w", err)
	}
	if docs == 0 {
		return nil
	}
	s, err := q.Searcher(scoring(ctx, docs, st), r, fixedMapping, search.SearcherOptions{})
	if err != nil {
		return fmt.Errorf("begin a search: %w", err)
	}
	defer func() {
		if e := s.Close(); err == nil && e != nil {
			err = fmt.Errorf("end a search: %w", e)
		}
	}()
	look, err := newLooker(r)
	if err != nil {
		return err
	}
	sctx := &search.SearchContext{DocumentMatchPool: search.NewDocumentMatchPool(s.DocumentMatchPoolSize()+1, 0), IndexReader: r}
	for n := 0; ; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		m, err := s.Next(sctx)
		if err != nil {
			return fmt.Errorf("next match: %w", err)
		}
		if m == nil {
			slices.SortFunc(c.best, func(a, b match) int {
				if a.before(b) {
					return -1
				}
				return 1
			})
			return nil
		}
		if err := c.take(m, look); err != nil {
			return err
		}
		sctx.DocumentMatchPool.Put(m)
	}
}

// take considers one match. The facts are read only where they decide something.
func (c *collector) take(m *search.DocumentMatch, look *looker) error {
	look.at(m.IndexInternalID)
	if c.only != "" {
		f, err := look.facts()
		if err != nil || f.ref.Part != c.only || f.idea == c.not {
			return err
		}
	}
	if c.from != 0 || c.to != 0 {
		f, err := look.facts()
		if err != nil {
			return err
		}
		if f.at < c.from || c.to != 0 && f.at >= c.to {
			return nil
		}
	}
	c.total++
	if c.total <= countedMatches {
		f, err := look.facts()
		if err != nil {
			return err
		}
		c.boards[f.board]++
		c.stages[f.stage]++
	}
	return c.rank(m.Score, look)
}

// rank keeps the match if it is one of the best behind the place.
func (c *collector) rank(score float64, look *looker) error {
	full := len(c.best) == c.keep
	if full && score < c.best[0].score {
		c.behind++
		return nil
	}
	if c.after != nil && score > c.after.score {
		return nil
	}
	f, err := look.facts()
	if err != nil {
		return err
	}
	this := match{score, f.at, f.ref}
	if c.after != nil && !c.after.before(this) {
		return nil
	}
	c.behind++
	switch {
	case !full:
		heap.Push(&c.best, this)
	case this.before(c.best[0]):
		c.best[0] = this
		heap.Fix(&c.best, 0)
	}
	return nil
}

// looker reads the facts of one document after another, each at most once.
type looker struct {
	values index.DocValueReader
	id     index.IndexInternalID
	read   bool
	found  facts
	ok     bool
}

func newLooker(r index.IndexReader) (*looker, error) {
	values, err := r.DocValueReader([]string{factsField})
	if err != nil {
		return nil, fmt.Errorf("read facts: %w", err)
	}
	return &looker{values: values}, nil
}

func (l *looker) at(id index.IndexInternalID) { l.id, l.read = id, false }

func (l *looker) facts() (facts, error) {
	if l.read {
		return l.found, nil
	}
	l.ok = false
	if err := l.values.VisitDocValues(l.id, l.visit); err != nil {
		return facts{}, fmt.Errorf("read facts: %w", err)
	}
	if !l.ok {
		return facts{}, fmt.Errorf("a document of the index has no facts")
	}
	l.read = true
	return l.found, nil
}

func (l *looker) visit(_ string, term []byte) { l.found, l.ok = parseFacts(term) }

// scoring tells bleve by which model and averages to score.
func scoring(ctx context.Context, docs uint64, st *state) context.Context {
	text, title := st.lengths()
	n := float64(docs)
	ctx = context.WithValue(ctx, search.GetScoringModelCallbackKey, search.GetScoringModelCallbackFn(func() string { return index.BM25Scoring }))
	return context.WithValue(ctx, search.BM25StatsKey, &search.BM25Stats{DocCount: n, FieldCardinality: map[string]int{
		textField: int(text * n), titleField: int(title * n),
		typedField: int(n), beginField: int(n), accessField: int(n), boardField: int(n), stageField: int(n), authorField: int(n), ideaField: int(n),
		"*": int(n), // what bleve calls the field of several terms taken together
	}})
}

// window turns the times of a query into microseconds.
func (c *collector) window(from, to time.Time) {
	if !from.IsZero() {
		c.from = from.UnixMicro()
	}
	if !to.IsZero() {
		c.to = max(1, to.UnixMicro())
	}
}
