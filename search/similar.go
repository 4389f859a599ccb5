package search

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
	index "github.com/blevesearch/bleve_index_api"

	"convivio/store/board"
)

const (
	fewWords     = 8   // of a title, the rarest, that ideas are compared by: two of them are enough
	manyWords    = 32  // of an idea: here it takes three
	comparedText = 600 // characters of a text that are read
)

// Similar finds ideas that the reader may see and that share the most telling
// words of a text (a title, the first words of an idea), the nearest first and n
// at most; not is the idea the text is of, 0 for a new one. Board, Title, Stage and Votes of the hits are filled, as they
// are now. Errors: too_many, unavailable, ctx's.
func (x *Index) Similar(ctx context.Context, who board.Who, text string, not int64, n int) ([]board.Hit, error) {
	words := compared(text)
	if len(words) == 0 {
		return nil, nil
	}
	if err := x.takeTurn(ctx); err != nil {
		return nil, err
	}
	defer func() { <-x.slots }()
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	s, err := x.sightOf(ctx, who)
	if err != nil || len(s.boards) == 0 {
		return nil, err
	}
	found, err := x.near(ctx, words, s, not, n)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return x.shown(ctx, who, found, n)
}

// near finds the ideas nearest to some words, with some to spare.
func (x *Index) near(ctx context.Context, words []asked, s sight, not int64, n int) ([]match, error) {
	f, r, st, err := x.snapshot()
	if err != nil {
		return nil, x.fault(ctx, f, err)
	}
	defer func() { _ = r.Close() }()
	c := &collector{keep: n + spare, only: board.InText, not: not}
	err = contained(func() error {
		most, enough := fewWords, 2
		if not != 0 {
			most, enough = manyWords, 3
		}
		telling, err := rarest(ctx, r, words, most, seenBy(s, st.Held))
		if enough = min(enough, len(words)); err != nil || len(telling) < enough {
			return err // most words tell of something else
		}
		q := resembling(telling, enough)
		restrict(q, s, board.Query{}, st.Held)
		return c.collect(ctx, r, q, st)
	})
	if err != nil {
		return nil, x.fault(ctx, f, err)
	}
	return c.best, nil
}

// titledAmong is how many ideas that have the words somewhere are looked at for
// those that have them in their title.
const titledAmong = 60

// Titled finds ideas that the reader may see whose titles have all the words of
// q, the last of which may be growing; n at most. Errors: those of Similar.
func (x *Index) Titled(ctx context.Context, who board.Who, q string, n int) ([]board.Hit, error) {
	words := wordsOf(q)
	s, err := x.sightOf(ctx, who)
	if err != nil || len(words) == 0 || len(s.boards) == 0 {
		return nil, err
	}
	if err := x.takeTurn(ctx); err != nil {
		return nil, err
	}
	defer func() { <-x.slots }()
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	f, r, st, err := x.snapshot()
	if err != nil {
		return nil, x.fault(ctx, f, err)
	}
	defer func() { _ = r.Close() }()
	c := &collector{keep: titledAmong, only: board.InText}
	asking := matching(words)
	restrict(asking, s, board.Query{}, st.Held)
	if err := contained(func() error { return c.collect(ctx, r, asking, st) }); err != nil {
		return nil, x.fault(ctx, f, err)
	}
	hits, err := x.shown(ctx, who, c.best, titledAmong)
	hits = slices.DeleteFunc(hits, func(h board.Hit) bool { return !titled(h.Title, words) })
	return hits[:min(len(hits), n)], err
}

// titled tells whether a title has all the words, in any of their forms.
func titled(title string, words []asked) bool {
	return !slices.ContainsFunc(words, func(a asked) bool {
		found := false
		eachWord(title, func(w word) bool {
			terms, _ := meanings(w.folded)
			found = a.prefix != "" && strings.HasPrefix(w.folded, a.prefix) || slices.Contains(w.parts, a.folded) ||
				slices.ContainsFunc(terms, func(t string) bool { return slices.Contains(a.terms, t) })
			return !found
		})
		return !found
	})
}

// sightOf reads what somebody may see now.
func (x *Index) sightOf(ctx context.Context, who board.Who) (sight, error) {
	seen, err := x.src.SeenBoards(ctx, who)
	if err != nil {
		return sight{}, fmt.Errorf("read what may be seen: %w", err)
	}
	return sight{guest: who.Kind != board.Employee, boards: seen}, nil
}

// shown reads matches from the store for this reader.
func (x *Index) shown(ctx context.Context, who board.Who, found []match, n int) ([]board.Hit, error) {
	refs := make([]board.Ref, len(found))
	for i, m := range found {
		refs[i] = m.ref
	}
	results, err := x.src.Results(ctx, who, refs)
	if err != nil {
		return nil, fmt.Errorf("read results: %w", err)
	}
	there := make(map[board.Ref]board.Hit, len(results))
	for _, r := range results {
		there[r.Ref] = r.Hit
	}
	hits := make([]board.Hit, 0, n)
	for _, ref := range refs {
		if h, ok := there[ref]; ok && len(hits) < n {
			h.Where = board.InTitle
			hits = append(hits, h)
		}
	}
	return hits, nil
}

// compared takes a text apart. A title's last word may still be growing.
func compared(text string) []asked {
	text = firstRunes(text, comparedText)
	var list []asked
	seen := map[string]bool{}
	eachWord(text, func(w word) bool {
		a := ask(w, w.end == len(text))
		if !seen[w.folded] && (!a.common || a.prefix != "") && len(w.folded) > 1 {
			seen[w.folded] = true
			list = append(list, a)
		}
		return true
	})
	return list
}

// rarest are the words that fewest texts have, the rarest first; of those that
// many have, the longest. Words that no text has at all tell nothing. Only texts
// that the reader may see are counted: which words are chosen would otherwise
// tell what stands in the others.
func rarest(ctx context.Context, r index.IndexReader, words []asked, most int, seen seenTexts) ([]asked, error) {
	type counted struct {
		asked
		texts int
	}
	var list []counted
	for _, w := range words {
		n, err := seen.count(ctx, r, w.terms)
		if err != nil {
			return nil, err
		}
		if n > 0 || w.prefix != "" || len(w.parts) > 0 {
			list = append(list, counted{w, n})
		}
	}
	slices.SortStableFunc(list, func(a, b counted) int {
		return cmp.Or(cmp.Compare(a.texts, b.texts), cmp.Compare(len(b.folded), len(a.folded)))
	})
	out := make([]asked, 0, most)
	for _, c := range list[:min(len(list), most)] {
		out = append(out, c.asked)
	}
	return out, nil
}

// seenTexts are the texts that a reader may see, in two parts: a word is looked
// for in the second, which takes longer, where the first does not have it.
type seenTexts struct {
	parts []query.Query
	not   []query.Query
}

func seenBy(s sight, held map[int64]hold) (t seenTexts) {
	var boards, private []string
	seen := map[int64]bool{}
	for _, b := range s.boards {
		seen[b.ID] = true
		boards = append(boards, strconv.FormatInt(b.ID, 10))
		if held[b.ID].Private {
			private = append(private, access(b.ID, true))
		}
	}
	if s.guest {
		t.parts = []query.Query{oneOf(anyTerm(boardField, boards))}
		return t
	}
	t.parts = anyTerm(accessField, []string{access(0, false)})
	if len(private) > 0 {
		t.parts = append(t.parts, oneOf(anyTerm(accessField, private)))
	}
	for id, h := range held {
		if h.Open && !seen[id] {
			t.not = append(t.not, anyTerm(boardField, []string{strconv.FormatInt(id, 10)})...)
		}
	}
	return t
}

// manyTexts is how many texts are counted that have a word: one that more have
// is common.
const manyTexts = 200

// count tells how many texts have any of some terms.
func (t seenTexts) count(ctx context.Context, r index.IndexReader, terms []string) (n int, err error) {
	for _, part := range t.parts {
		var q query.Query = query.NewConjunctionQuery([]query.Query{oneOf(anyTerm(textField, terms)), part})
		if len(t.not) > 0 {
			q = query.NewBooleanQuery([]query.Query{q}, nil, t.not)
		}
		if n, err = texts(ctx, r, q); n > 0 || err != nil {
			return n, err
		}
	}
	return 0, nil
}

// texts counts the texts that match, up to manyTexts.
func texts(ctx context.Context, r index.IndexReader, q query.Query) (n int, err error) {
	s, err := q.Searcher(ctx, r, fixedMapping, search.SearcherOptions{Score: "none"})
	if err != nil {
		return 0, fmt.Errorf("count texts: %w", err)
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	sctx := &search.SearchContext{DocumentMatchPool: search.NewDocumentMatchPool(s.DocumentMatchPoolSize()+1, 0), IndexReader: r}
	for ; n < manyTexts; n++ {
		m, err := s.Next(sctx)
		if err != nil {
			return 0, fmt.Errorf("count texts: %w", err)
		}
		if m == nil {
			break
		}
		sctx.DocumentMatchPool.Put(m)
	}
	return n, nil
}

// resembling is the query for texts with enough of the words, or with two of them
// in the title, where they weigh most. Of fewer than two it takes all.
func resembling(words []asked, enough int) *query.BooleanQuery {
	var anywhere, titled []query.Query
	for _, w := range words {
		anywhere = append(anywhere, w.anywhere())
		terms := anyTerm(titleField, w.terms)
		for _, t := range terms {
			t.(*query.TermQuery).SetBoost(3)
		}
		titled = append(titled, oneOf(terms))
	}
	q := query.NewBooleanQuery(nil, nil, nil)
	q.AddMust(oneOf([]query.Query{atLeast(enough, anywhere), atLeast(2, titled)}))
	return q
}

// atLeast matches what so many queries match, or all of fewer.
func atLeast(n int, list []query.Query) query.Query {
	q := query.NewDisjunctionQuery(list)
	q.SetMin(float64(min(n, len(list))))
	return q
}
