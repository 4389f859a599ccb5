package search

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	index "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// Bounds of the walk over an index.
const (
	begunCount = 0.3    // of a word, where a text has but its beginning
	walked     = 30_000 // places, at most, that are walked for how often a word stands in a text
)

// view is the index as one reader may see it, for one search.
type view struct {
	ctx    context.Context
	crew   *crew
	room   *room
	shards []*shard
	who    sight
	texts  int     // that the reader may see
	length float64 // words of an average text
}

// view looks at a snapshot with a reader's eyes.
func (c *memos) view(ctx context.Context, r index.IndexReader, st *state, who sight, hands *crew, in *room) (*view, error) {
	shards, err := shardsOf(r)
	if err != nil {
		return nil, err
	}
	length, _ := st.lengths()
	// Rounded, so that it tells little of texts that the reader may not see.
	v := &view{ctx: ctx, crew: hands, room: in, shards: shards, who: who, length: math.Exp2(math.Round(math.Log2(length)))}
	c.attach(shards)
	key := who.key(st.Held)
	for _, s := range shards {
		if kept := s.col.facts.Load(); kept != nil {
			s.kept = *kept
		}
		if err := s.see(who, st.Held, key); err != nil {
			return nil, err
		}
		v.texts += size(s.seen)
	}
	return v, nil
}

// candidate is a text that may be shown, as the index knows it.
type candidate struct {
	match
	idea, board int64
	has         uint32 // bit i: the i-th word of the question stands in it
	stage       byte   // its letter
	lang        [2]byte
}

// sought is a question looked up in the index.
type sought struct {
	words []asked
	texts []int               // that the reader may see and that have each word
	sets  [][]*roaring.Bitmap // by shard: what has each word, seen or not
	open  []*roaring.Bitmap   // by shard: what may be found
	all   []*roaring.Bitmap   // by shard: what of that has every word; nil: not known yet
}

// seek looks up the words of a question and what its filters let through.
func (v *view) seek(q question) (*sought, error) {
	k := &sought{words: q.words, texts: make([]int, len(q.words)), sets: make([][]*roaring.Bitmap, len(v.shards)), open: make([]*roaring.Bitmap, len(v.shards)), all: make([]*roaring.Bitmap, len(v.shards))}
	texts := make([][]int, len(v.shards))
	err := v.each(func(n int, s *shard) (err error) {
		if err := s.narrow(q); err != nil {
			return err
		}
		k.open[n] = s.open
		if k.sets[n], texts[n], err = s.look(q.words); err == nil && len(q.words) <= maxWanted {
			k.all[n] = within(s.open, k.sets[n], rarest(texts[n]))
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, counts := range texts {
		for i, c := range counts {
			k.texts[i] += c
		}
	}
	return k.fewer(), nil
}

// look looks up words, each with how many texts that the reader may see have it.
func (s *shard) look(words []asked) (sets []*roaring.Bitmap, texts []int, err error) {
	sets, texts = make([]*roaring.Bitmap, len(words)), make([]int, len(words))
	for i, a := range words {
		if sets[i], err = s.has(a); err != nil {
			return nil, nil, err
		}
		if sets[i] != nil && s.seen != nil {
			texts[i] = int(sets[i].AndCardinality(s.seen)) // #nosec G115 -- of 32 bits
		}
	}
	return sets, texts, nil
}

// maxWanted is how many words are looked for.
const maxWanted = 32

// fewer leaves out the words that most texts have, where there are many words.
func (k *sought) fewer() *sought {
	if len(k.words) <= maxWanted {
		return k
	}
	some := rarest(k.texts)[:maxWanted]
	slices.Sort(some) // as they were typed
	few := &sought{open: k.open, sets: make([][]*roaring.Bitmap, len(k.sets))}
	for _, i := range some {
		few.words = append(few.words, k.words[i])
		few.texts = append(few.texts, k.texts[i])
		for n := range k.sets {
			few.sets[n] = append(few.sets[n], k.sets[n][i])
		}
	}
	return few
}

// rarity is how telling a word is that so many texts have.
func (v *view) rarity(texts int) float64 {
	n := float64(max(v.texts, texts))
	return math.Log(1 + (n-float64(texts)+0.5)/(float64(texts)+0.5))
}

// every are the documents of each shard that have all the words.
func (k *sought) every() []*roaring.Bitmap {
	if k.all == nil {
		k.all = make([]*roaring.Bitmap, len(k.open))
		for n, open := range k.open {
			k.all[n] = within(open, k.sets[n], rarest(k.texts))
		}
	}
	return slices.Clone(k.all)
}

// within are the documents of a set that are in some others, too; nil: none.
func within(set *roaring.Bitmap, others []*roaring.Bitmap, order []int) *roaring.Bitmap {
	for _, i := range order {
		if set = common(set, others[i]); size(set) == 0 {
			return nil
		}
	}
	return set
}

// rarest are the places of words that so many texts have, the rarest first.
func rarest(texts []int) []int {
	order := make([]int, len(texts))
	for i := range order {
		order[i] = i
	}
	for i := 1; i < len(order); i++ { // a handful of words: sorting in place beats a closure
		for j := i; j > 0 && texts[order[j]] < texts[order[j-1]]; j-- {
			order[j], order[j-1] = order[j-1], order[j]
		}
	}
	return order
}

// counted are the words, the rarest, of which it is read how often they stand in
// a text. A word that very many texts have counts as once, in every text alike:
// reading how often would cost more than it tells.
func (k *sought) counted() (words uint32) {
	left := walked
	for _, i := range rarest(k.texts) {
		for n := range k.sets {
			left -= size(k.sets[n][i])
		}
		if left < 0 {
			break
		}
		words |= 1 << i
	}
	return words
}

// scored is a document with its score.
type scored struct {
	score float64
	doc   uint32
	has   uint32
	shard int32
}

// score scores documents of every shard by the words they have: all, where they are whole.
func (v *view) score(k *sought, sets []*roaring.Bitmap, whole bool) ([]scored, error) {
	list := v.room.scored(sum(sets))
	return list, v.scores(k, sets, whole, func(i int, d scored) error {
		list[i] = d
		return nil
	})
}

// whole scores documents that have all the words, with what the index keeps of them.
// Those outside the times of the filter are left out.
func (v *view) whole(k *sought, sets []*roaring.Bitmap, f filter) ([]candidate, error) {
	list := v.room.candidates(sum(sets))
	err := v.scores(k, sets, true, func(i int, d scored) (err error) {
		list[i], err = v.candidate(d)
		return err
	})
	return f.between(list), err
}

// scores scores documents of every shard, and puts each in its place of a list of all.
func (v *view) scores(k *sought, sets []*roaring.Bitmap, whole bool, put func(i int, d scored) error) error {
	from := make([]int, len(sets)) // where in the list each shard's documents go
	for n := 1; n < len(sets); n++ {
		from[n] = from[n-1] + size(sets[n-1])
	}
	counted, order := k.counted(), rarest(k.texts)
	return v.each(func(n int, s *shard) error {
		if sets[n] == nil {
			return nil
		}
		sc := scorer{shard: s, set: sets[n], length: v.length, counted: counted, whole: whole}
		sc.begin()
		defer sc.end()
		for _, i := range order {
			if err := sc.word(k.words[i], i, k.sets[n][i], v.rarity(k.texts[i])*k.words[i].weight()); err != nil {
				return err
			}
		}
		for i, doc := range sc.docs {
			if err := put(from[n]+i, scored{sc.scores[i], doc, sc.words[i], int32(n)}); err != nil { // #nosec G115 -- a few segments
				return err
			}
		}
		return nil
	})
}

// facts reads what the index keeps of documents. Those outside the times of the
// filter are left out.
func (v *view) facts(list []scored, f filter) ([]candidate, error) {
	out := make([]candidate, len(list))
	for i, d := range list {
		var err error
		if out[i], err = v.candidate(d); err != nil {
			return nil, err
		}
	}
	return f.between(out), nil
}

// candidate reads what the index keeps of a document.
func (v *view) candidate(d scored) (candidate, error) {
	s := v.shards[d.shard]
	if s.kept != nil {
		if k := &s.kept[d.doc]; k.part != 0 {
			return candidate{match{d.score, k.at, int64(k.id), k.part}, int64(k.idea), int64(k.board), d.has, k.stage, k.lang}, nil
		}
	}
	f, err := s.facts(d.doc)
	c := candidate{match{d.score, f.at, f.ref.ID, partLetter[f.ref.Part]}, f.idea, f.board, d.has, stageLetter(f.stage), [2]byte{}}
	copy(c.lang[:], f.lang)
	return c, err
}

// between leaves those of a list that were written within the times of a filter.
func (f filter) between(list []candidate) []candidate {
	if f.from == 0 && f.to == 0 {
		return list
	}
	return slices.DeleteFunc(list, func(c candidate) bool { return c.at < f.from || f.to != 0 && c.at >= f.to })
}

// scorer scores some documents of one shard, one word after another.
type scorer struct {
	*shard
	set     *roaring.Bitmap
	length  float64
	counted uint32 // bit i: how often the i-th word stands in a text is read
	whole   bool   // every document has every word
	*sheet
}

func (c *scorer) begin() {
	c.sheet = sheetOf(size(c.set))
	c.set.ManyIterator().NextMany(c.docs)
	clear(c.scores)
	clear(c.words)
	for i := range c.long {
		c.long[i] = float32(c.length)
	}
}

func (c *scorer) end() { c.sheet.free() }

// word adds what a word is worth in each document that has it.
func (c *scorer) word(a asked, i int, all *roaring.Bitmap, rarity float64) error {
	clear(c.counts)
	start := float32(1)
	if c.counted&(1<<i) != 0 && (a.prefix != "" || a.code()) {
		start = begunCount // where it is no more than a beginning, or the parts of a code: the whole words are counted below
	}
	if c.whole {
		for at := range c.docs {
			c.counts[at] = start
			c.words[at] |= 1 << i
		}
	} else if !c.each(all, func(at int) {
		c.counts[at] = start
		c.words[at] |= 1 << i
	}) {
		return nil
	}
	for n := 0; n < len(a.terms) && c.counted&(1<<i) != 0; n++ {
		if err := c.count(a.terms[n]); err != nil {
			return err
		}
	}
	for at, n := range c.counts {
		if n > 0 {
			n := float64(n)
			c.scores[at] += rarity * n * (bm25K + 1) / (n + bm25K*(1-bm25B+bm25B*float64(c.long[at])/c.length))
		}
	}
	title, err := c.any(titleField, a.terms)
	if err != nil {
		return err
	}
	c.each(title, func(at int) { c.scores[at] += titleWeight * rarity })
	return nil
}

// each calls with the place among docs of every document of a set that is one of
// them, and tells whether any is.
func (c *scorer) each(set *roaring.Bitmap, found func(at int)) (any bool) {
	if set = common(set, c.set); set == nil {
		return false
	}
	at := 0
	it := set.Iterator()
	for it.HasNext() {
		at = c.place(at, it.Next())
		found(at)
		any = true
	}
	return any
}

// place is where a document stands among docs, or would, at or after a place.
func (c *scorer) place(at int, doc uint32) int {
	step := 1
	for at+step < len(c.docs) && c.docs[at+step] < doc {
		at += step
		step *= 2
	}
	for at < len(c.docs) && c.docs[at] < doc {
		at++
	}
	return at
}

// count reads how often a term stands in each document and how long it is.
func (c *scorer) count(term string) error {
	list, err := c.postings(textField, term)
	if err != nil {
		return err
	}
	if list.Count() == 0 {
		return nil
	}
	there := common(bitmapOf(list), c.set)
	if size(there) == 0 {
		return nil
	}
	it := list.Iterator(true, true, false, nil)
	if o, ok := it.(segment.OptimizablePostingsIterator); ok {
		if _, one := o.DocNum1Hit(); !one {
			o.ReplaceActual(there)
		}
	}
	at := 0
	for {
		p, err := it.Next()
		if err != nil {
			return fmt.Errorf("read how often a word stands in a text: %w", err)
		}
		if p == nil {
			return nil
		}
		at = c.place(at, uint32(p.Number())) // #nosec G115 -- of 32 bits
		if at == len(c.docs) || uint64(c.docs[at]) != p.Number() {
			continue
		}
		c.counts[at] = max(c.counts[at], float32(p.Frequency()))
		if norm := p.Norm(); norm > 0 {
			c.long[at] = float32(1 / (norm * norm))
		}
	}
}
