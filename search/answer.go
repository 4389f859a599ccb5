package search

import (
	"cmp"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	index "github.com/blevesearch/bleve_index_api"

	"convivio/store/board"
)

// few is how many ideas with all the words make partial matches needless.
const few = 20

// fewFound is how many ideas with all the words leave no doubt that they are spelt well.
const fewFound = 3

// answer is a search on its way from words to hits.
type answer struct {
	reader
	memos    *memos
	sight    sight
	query    board.Query
	question question
	full     []candidate // have all the words
	partial  []candidate // have some
	more     bool        // more than full have all the words
	list     []*group
	lost     int    // ideas counted that are no longer there
	instead  string // what is looked for where what was typed found too little
}

// walk finds candidates in the index, and tries misspelt words as they may have
// been meant where few ideas have what was typed.
func (a *answer) walk(r index.IndexReader, st *state) error {
	v, err := a.memos.view(a.ctx, r, st, a.sight)
	if err != nil {
		return err
	}
	k, err := v.seek(a.question)
	if err != nil {
		return err
	}
	other := *a
	if err := a.through(v, k); err != nil || a.query.Exact || a.query.Idea != 0 || ideasAmong(a.full) >= fewFound {
		return err
	}
	again, ok, err := v.corrected(a.question, k, a.now)
	if err != nil || !ok {
		return err
	}
	if k, err = v.seek(again); err != nil {
		return err
	}
	other.question, other.instead = again, again.text
	if err := other.through(v, k); err != nil {
		return err
	}
	if len(other.full) > len(a.full) || len(a.full) == 0 && len(other.partial) > 0 {
		*a = other
	}
	return nil
}

// through finds candidates that have the words of the question.
func (a *answer) through(v *view, k *sought) (err error) {
	a.question.words = k.words
	for _, n := range k.texts {
		a.idf = append(a.idf, v.rarity(n))
	}
	every := k.every()
	if len(a.question.words) == 0 && !a.question.uncounted(a.who) && a.query.Idea == 0 {
		if err := v.ideasOnly(every); err != nil {
			return err
		}
	}
	total := 0
	for _, b := range every {
		total += size(b)
	}
	a.more = total > countedMatches
	list, err := v.score(k, lastWritten(slices.Clone(every), countedMatches))
	if err != nil {
		return err
	}
	if a.full, err = v.facts(list, a.question.filter); err != nil || len(a.question.words) < 2 || a.query.Idea != 0 || ideasAmong(a.full) >= few {
		return err
	}
	a.partial, err = v.partial(k, every, a.question.filter)
	return err
}

// ideasOnly leaves the documents of ideas in sets, for a question without words.
func (v *view) ideasOnly(sets []*roaring.Bitmap) error {
	for n, s := range v.shards {
		ideas, err := s.term(kindField, string(partLetter[board.InText]))
		if err != nil {
			return err
		}
		if sets[n] = common(sets[n], ideas); size(sets[n]) == 0 {
			sets[n] = nil
		}
	}
	return nil
}

// order puts what was found in the order asked for.
func (a *answer) order() (err error) {
	q, each := a.question, a.query.Idea != 0
	by := a.query.Sort
	if len(q.words) == 0 && by == board.ByRelevance {
		by = board.ByNewest
		if q.uncounted(a.who) {
			by = board.ByVotes
		}
	}
	switch by {
	case board.ByNewest:
		a.list = latest(a.full, each)
	case board.ByVotes:
		a.list, err = a.voted(a.full, each)
	default:
		a.list, a.lost, err = a.relevant(q, a.full, phaseRead, each)
	}
	if err != nil || len(a.partial) == 0 {
		return err
	}
	q.phrases = nil
	some, _, err := a.relevant(q, a.partial, phasePartial, false)
	whole := map[int64]bool{}
	for _, g := range a.list {
		whole[g.idea] = true
	}
	for _, g := range some {
		if !whole[g.idea] {
			a.list = append(a.list, g)
		}
	}
	return err
}

// voted orders the best candidates by the votes of their ideas.
func (r reader) voted(found []candidate, each bool) ([]*group, error) {
	slices.SortFunc(found, byMatch)
	list := grouped(found, phaseRest, each)
	list = list[:min(len(list), votedAmong)]
	if err := r.fill(list); err != nil {
		return nil, err
	}
	for _, g := range list {
		g.score = 0
		if g.read != nil {
			g.score = float64(g.read.Hit.Votes)
		}
	}
	slices.SortStableFunc(list, func(a, b *group) int {
		return cmp.Or(order(a.before(b), b.before(a)))
	})
	return list, nil
}

// show reads one page and counts.
func (a *answer) show(found *board.Found, after *spot, key []byte) error {
	hits, lost, last, more, err := a.page(a.question, a.list, after, a.query.Limit)
	if err != nil {
		return err
	}
	if found.Hits = append(found.Hits, hits...); len(hits) > 0 {
		found.Corrected = a.instead
	}
	if more && last != nil {
		found.Next = sealCursor(key, a.query, spot{last.phase, last.match, a.now.UnixMicro()})
	}
	if found.Uncounted = a.question.uncounted(a.who); found.Uncounted {
		return nil
	}
	found.Total = max(0, ideasAmong(a.full)-a.lost-lost)
	if found.AtLeast = a.more || found.Total > shownTotal; found.AtLeast {
		found.Total = min(found.Total, shownTotal)
	}
	found.Facets = facets(a.full, a.sight)
	return nil
}
