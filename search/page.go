package search

import (
	"context"
	"fmt"
	"slices"
	"time"

	"convivio/store/board"
)

const (
	rereadFew    = 25    // texts, the best of the first stage, that are read and ordered anew
	rereadSome   = 40    // where no text has all the words: nothing stands behind those read
	rereadLeast  = 10    // where nearly as many ideas as a page has hits have them all
	rereadMany   = 200   // of a question of many words, whose best texts are harder to tell
	manyAsked    = 4     // words that make many
	votedAmong   = 1_000 // ideas, the best, among which those with the most votes come first
	resultsAsked = 200   // refs, at most, in one question to the store
)

// group is one idea found. Groups stand in the order of their phase, then of
// their match: what was read and ordered anew comes first, then the rest as the
// index has it, then what has some of the words only.
type group struct {
	phase byte
	match
	idea   int64
	found  []candidate // its matching texts, the best first
	read   *board.Result
	others int

	text        string  // plain, of what was read; empty: not known
	seen, title *looked // in it, and in the title of its idea; nil: not looked at
}

// plain is the plain text of what was read.
func (g *group) plain() string {
	if g.text == "" {
		return plainText(*g.read)
	}
	return g.text
}

// The phases of an answer.
const (
	phaseRead byte = iota
	phaseRest
	phasePartial
)

func (g *group) before(o *group) bool {
	if g.phase != o.phase {
		return g.phase < o.phase
	}
	return g.match.before(o.match)
}

// grouped brings candidates, in their order, together by idea.
func grouped(found []candidate, phase byte, each bool) []*group {
	list := make([]*group, 0, len(found))
	at := make(map[int64]*group, len(found))
	for _, c := range found {
		if g := at[c.idea]; g != nil && !each {
			g.found = append(g.found, c)
			g.others++
			continue
		}
		g := &group{phase: phase, match: c.match, idea: c.idea, found: []candidate{c}}
		at[c.idea] = g
		list = append(list, g)
	}
	return list
}

// reader reads texts from the store for one reader.
type reader struct {
	ctx  context.Context
	crew *crew
	src  Source
	who  board.Who
	now  time.Time
	idf  []float64 // how telling each word of the question is
}

// texts reads what the reader may see of some candidates.
func (r reader) texts(found []candidate) (map[board.Ref]board.Result, error) {
	there := make(map[board.Ref]board.Result, len(found))
	for some := range slices.Chunk(found, resultsAsked) {
		refs := make([]board.Ref, len(some))
		for i, c := range some {
			refs[i] = c.ref()
		}
		results, err := r.src.Results(r.ctx, r.who, refs)
		if err != nil {
			return nil, fmt.Errorf("read results: %w", err)
		}
		for _, one := range results {
			there[one.Ref] = one
		}
	}
	return there, nil
}

// reread is how many texts are read to answer a question best; of those that have some
// of the words, where so many ideas have all.
func reread(q question, phase byte, whole int) int {
	switch {
	case len(q.words) >= manyAsked:
		return rereadMany
	case phase == phasePartial:
		return rereadLeast + (rereadSome-rereadLeast)*max(0, fewIdeas-whole)/fewIdeas
	}
	return rereadFew
}

// rereading are the best candidates while they are read and looked at.
type rereading struct {
	reader
	question question
	phase    byte
	best     []candidate
	seen     []passage // of each of best; idea 0: it is not there
	job      *job
}

// begin has the n best candidates read and looked at, by hands that are free.
func (r reader) begin(q question, found []candidate, phase byte, n int) *rereading {
	best := slices.Clone(topmost(found, n))
	l := &rereading{reader: r, question: q, phase: phase, best: best, seen: make([]passage, len(best))}
	l.job = r.crew.begin(r.crew.halves(len(best), l.look))
	return l
}

// look reads some of the texts and looks at them.
func (l *rereading) look(from, to int) error {
	texts, err := l.texts(l.best[from:to])
	if err != nil {
		return err
	}
	look := newLook(l.question, l.idf)
	for i := from; i < to; i++ {
		if one, ok := texts[l.best[i].ref()]; ok {
			l.seen[i] = look.passage(l.best[i], one, readBytes(len(l.best)))
		}
	}
	return nil
}

// order orders by idea what was read. It also tells how many texts of each are not
// there, or do not hold what was asked.
func (l *rereading) order(each bool) (list []*group, missing map[int64]int32, err error) {
	if err := l.job.end(); err != nil {
		return nil, nil, err
	}
	missing = map[int64]int32{}
	for _, c := range l.best {
		missing[c.idea]++
	}
	there := slices.DeleteFunc(l.seen, func(p passage) bool { return p.idea == 0 })
	for _, idea := range rerank(l.question, l.idf, there, l.now) {
		missing[idea.idea] -= int32(len(idea.passages)) // #nosec G115 -- a few hundred
		for i, p := range idea.passages {
			g := &group{phase: l.phase, match: p.match, idea: idea.idea, read: &p.result, text: p.text, seen: &p.seen, title: idea.sameTitle(p.result.Hit)}
			if !each {
				g.score, g.others = idea.score, len(idea.passages)-1
			}
			if each || i == 0 {
				list = append(list, g)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b *group) int { return order(a.before(b), b.before(a)) })
	return list, missing, nil
}

// topmost brings the n best candidates to the front, in order, and answers them.
func topmost(found []candidate, n int) []candidate {
	if len(found) > n {
		best := found[:n]
		for i := n/2 - 1; i >= 0; i-- {
			sink(best, i)
		}
		for i := n; i < len(found); i++ {
			if found[i].before(best[0].match) {
				best[0], found[i] = found[i], best[0]
				sink(best, 0)
			}
		}
		found = best
	}
	slices.SortFunc(found, byMatch)
	return found
}

// sink mends a heap whose worst candidate is on top.
func sink(heap []candidate, i int) {
	for {
		worst := i
		for _, child := range [...]int{2*i + 1, 2*i + 2} {
			if child < len(heap) && heap[worst].before(heap[child].match) {
				worst = child
			}
		}
		if worst == i {
			return
		}
		heap[i], heap[worst] = heap[worst], heap[i]
		i = worst
	}
}

// rest are the ideas among the other candidates, as the index has them: those
// of the best most candidates.
func rest(found []candidate, placed []*group, each bool, most int) []*group {
	have := make(map[int64]bool, len(placed))
	for _, g := range placed {
		have[g.idea] = !each
	}
	left := make([]candidate, 0, len(found))
	for i := range found {
		if !have[found[i].idea] {
			left = append(left, found[i])
		}
	}
	return grouped(topmost(left, most), phaseRest, each)
}

// page reads the groups behind a place until there are enough, and makes hits of them.
func (r reader) page(q question, list []*group, after *spot, limit int) (hits []board.Hit, lost int, last *group, more bool, err error) {
	if after != nil {
		list = list[firstAfter(list, after):]
	}
	var shown []*group
	for len(list) > 0 && len(shown) < limit {
		some := list[:min(len(list), limit-len(shown))]
		list = list[len(some):]
		if err := r.fill(some); err != nil {
			return nil, 0, nil, false, err
		}
		for _, g := range some {
			if g.read == nil || g.phase == phaseRest && !holds(q, *g.read) {
				lost++
				continue
			}
			shown = append(shown, g)
		}
		last = some[len(some)-1]
	}
	hits = make([]board.Hit, len(shown))
	err = r.crew.share(r.crew.halves(len(shown), func(from, to int) error {
		f := newFinder(q.words)
		for i, g := range shown[from:to] {
			h := f.hit(*g.read, g.plain(), g.seen, g.title)
			h.Others, h.Partial = g.others, g.phase == phasePartial
			hits[from+i] = h
		}
		return nil
	}))
	return hits, lost, last, len(list) > 0, err
}

// fill reads the first text of groups that have none yet.
func (r reader) fill(list []*group) error {
	var wanted []candidate
	for _, g := range list {
		if g.read == nil {
			wanted = append(wanted, g.found[0])
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	there, err := r.texts(wanted)
	if err != nil {
		return err
	}
	for _, g := range list {
		if g.read == nil {
			if one, ok := there[g.found[0].ref()]; ok {
				g.read = &one
			}
		}
	}
	return nil
}

func firstAfter(list []*group, p *spot) int {
	for i, g := range list {
		if (&group{phase: p.phase, match: p.match}).before(g) {
			return i
		}
	}
	return len(list)
}
