package search

import (
	"cmp"
	"slices"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
	index "github.com/blevesearch/bleve_index_api"

	"convivio/store/board"
)

// fewIdeas is how many ideas with all the words make partial matches needless.
const fewIdeas = 20

// fewFound is how many ideas with all the words leave no doubt that they are spelt well.
const fewFound = 3

// answer is a search on its way from words to hits.
type answer struct {
	reader
	memos    *memos
	room     *room
	sight    sight
	query    board.Query
	question question
	full     []candidate // have all the words
	census   *census     // of these
	partial  []candidate // have some
	loose    []candidate // have all the words, but not the phrases
	more     bool        // more than full have all the words
	list     []*group
	beyond   bool       // more stands behind the list
	lost     int        // ideas counted that are no longer there
	instead  string     // what is looked for where what was typed found too little
	whole    *rereading // of full
}

// walk finds candidates in the index, and tries misspelt words as they may have
// been meant where few ideas have what was typed.
func (a *answer) walk(r index.IndexReader, st *state) error {
	v, err := a.memos.view(a.ctx, r, st, a.sight, a.crew, a.room)
	if err != nil {
		return err
	}
	k, err := v.seek(a.question)
	if err != nil {
		return err
	}
	other := *a
	if err := a.through(v, k); err != nil || a.query.Exact || a.sure(fewFound) {
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

// sure tells whether so many ideas have all the words that nothing else is tried;
// in one idea, which may be looked into for what was found otherwise, any.
func (a *answer) sure(enough int) bool {
	return a.census.ideas.held >= enough || a.query.Idea != 0 && len(a.full) > 0
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
	few, more, err := v.capped(k, every, countedMatches)
	if err != nil {
		return err
	}
	a.more = more
	if a.full, err = v.whole(k, few, a.question.filter); err != nil {
		return err
	}
	if a.by() == board.ByRelevance && len(a.question.phrases)+len(a.question.withoutPhrases) == 0 {
		a.reread() // from the store, while this goes on with the index
	}
	a.census = count(a.full)
	if len(a.question.words) < 2 || a.sure(fewIdeas) {
		return nil
	}
	a.partial, err = v.partial(k, every, a.question.filter)
	return err
}

// reread begins to read the best texts that have all the words.
func (a *answer) reread() {
	a.whole = a.begin(a.question, a.full, phaseRead, reread(a.question, phaseRead, 0))
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
func (a *answer) order(after *spot) (err error) {
	if err := a.phrased(); err != nil {
		return err
	}
	each := a.query.Idea != 0
	some := a.begin(a.question, a.partial, phasePartial, reread(a.question, phasePartial, a.census.ideas.held))
	switch a.by() {
	case board.ByNewest:
		a.latest(after, each)
	case board.ByVotes:
		a.list, err = a.voted(a.full, each, a.question.uncounted(a.who))
	default:
		err = a.best(after, each)
	}
	if err != nil || len(a.partial)+len(a.loose) == 0 {
		return err
	}
	list, _, err := some.order(each)
	if err == nil && len(list)+len(a.list) == 0 && len(a.question.phrases) > 0 { // nothing read holds the phrases: what has their words is better than nothing
		q := a.question
		q.phrases = nil
		list, _, err = a.begin(q, append(a.loose, a.partial...), phasePartial, reread(q, phasePartial, 0)).order(each)
	}
	for _, g := range list {
		if _, whole := a.census.ideas.get(g.idea); !whole {
			a.list = append(a.list, g)
		}
	}
	return err
}

// by is the order asked for; without words nothing is more relevant than another.
func (a *answer) by() board.Order {
	switch {
	case a.query.Sort != board.ByRelevance || len(a.question.words) > 0:
		return a.query.Sort
	case a.question.uncounted(a.who):
		return board.ByVotes
	}
	return board.ByNewest
}

// best orders by relevance. What lies behind the texts read is put in order only
// where a page may reach it.
func (a *answer) best(after *spot, each bool) error {
	if a.whole == nil {
		a.reread()
	}
	list, missing, err := a.whole.order(each)
	if err != nil {
		return err
	}
	for _, g := range list {
		if !each {
			g.others = int(max(0, a.census.texts(g.idea)-missing[g.idea]-1))
		}
	}
	for idea, n := range missing {
		if n > 0 && n == a.census.texts(idea) {
			a.lost++
		}
	}
	left := a.full[min(len(a.full), reread(a.question, phaseRead, 0)):]
	if a.list = list; len(left) == 0 {
		return nil
	}
	if after == nil && a.enough(left, each) {
		return nil
	}
	a.list = append(list, rest(left, list, each, len(left))...)
	return nil
}

// enough fills the list for a first page, and tells whether it could without
// putting everything in order.
func (a *answer) enough(left []candidate, each bool) bool {
	read, most := a.list, 0
	if len(read) < a.query.Limit {
		most = restFirst * a.query.Limit
		a.list = append(slices.Clip(read), rest(left, read, each, most)...)
		if len(a.list) < a.query.Limit+spare { // some of these may be gone
			return false
		}
	}
	a.beyond = each && len(left) > most || !each && len(a.list) < a.census.ideas.held-a.lost
	return true
}

// latest orders by time, the newest text of each idea first.
func (a *answer) latest(after *spot, each bool) {
	for i := range a.full {
		a.full[i].score = 0
	}
	if after != nil || !a.enough(a.full, each) {
		a.list = rest(a.full, nil, each, len(a.full))
	}
}

// restFirst is how many texts for each hit of a first page are put in order
// behind those read.
const restFirst = 8

// phrasedAmong is how many texts, the best, are read for those that hold a phrase.
const phrasedAmong = 600

// phrased leaves those of the best texts that hold the phrases asked for: the
// index keeps no order of words.
func (a *answer) phrased() error {
	if len(a.question.phrases)+len(a.question.withoutPhrases) == 0 {
		return nil
	}
	best := topmost(a.full, phrasedAmong)
	texts, err := a.texts(best)
	if err != nil {
		return err
	}
	a.more = a.more || len(a.full) > len(best)
	a.full = slices.DeleteFunc(slices.Clone(best), func(c candidate) bool {
		r, there := texts[c.ref()]
		if there = there && holds(a.question, r); !there {
			a.loose = append(a.loose, c)
		}
		return !there
	})
	a.census = count(a.full)
	return nil
}

// voted orders the best candidates by the votes of their ideas, then the newest
// first; scattered, where that would draw what one person wrote when, in no order
// that tells anything.
func (r reader) voted(found []candidate, each, scattered bool) ([]*group, error) {
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
		if scattered {
			g.at = int64(uint32(g.idea) * 2654435769) // #nosec G115 -- any number does that is always the same
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
	if (more || a.beyond) && last != nil {
		found.Next = sealCursor(key, a.query, spot{last.phase, last.match, a.now.UnixMicro()})
	}
	if found.Uncounted {
		for i := range found.Hits { // times would give the order that is refused
			found.Hits[i].At = time.Time{}
		}
		return nil
	}
	found.Total = max(0, a.census.ideas.held-a.lost-lost)
	if found.AtLeast = a.more || found.Total > shownTotal; found.AtLeast {
		found.Total = min(found.Total, shownTotal)
	}
	found.Facets = a.census.facets(a.sight)
	return nil
}
