package search

import (
	"maps"
	"math"
	"slices"

	"convivio/store/board"
	"convivio/store/markdown"
)

// look reads texts with the eyes of a question: which of its words stand where,
// as typed or in another form, how near each other, and what stands there in
// their place where they are missing.
type look struct {
	question
	finder  *finder
	rarity  []float64          // of each word, what it is worth once
	known   map[string]kinship // words of texts already looked at, in the language read
	langs   map[string]map[string]kinship
	loose   uint32 // bit i: the index also finds the i-th word where it only begins so, or where its parts stand apart
	whole   uint32 // bit i: some text read has the i-th word whole, not only as a beginning
	phrased bool
}

// kinship is what a word of a text is to the question.
type kinship struct {
	asked int     // which word it is; -1: none
	exact bool    // as it was typed
	begun bool    // only begins as the word that is being typed
	like  int     // which word it resembles, where it is none; -1: none
	alike float64 // how much, up to 1
}

// looked is what a look at a text has found.
type looked struct {
	has, exact uint32
	whole      uint32          // of those it has: words that stand there whole, not only as a beginning
	near       float64         // worth of words near each other
	alike      map[int]float64 // of words that are missing: how much the closest resembles
	words      []string        // folded, where phrases are asked for
	count      int             // words of the text
	cut        bool            // the text goes on behind what was looked at
	spans      []span          // where the words stand
}

func newLook(q question, idf []float64) *look {
	l := &look{question: q, finder: newFinder(q.words), rarity: make([]float64, len(q.words)), langs: map[string]map[string]kinship{},
		phrased: len(q.phrases)+len(q.withoutPhrases) > 0}
	for i, a := range q.words {
		if i < len(idf) {
			l.rarity[i] = idf[i] * a.weight()
		}
		if a.prefix != "" || a.code() {
			l.loose |= 1 << min(i, 31)
		}
	}
	return l
}

// plainText is what is read of a result beside its title.
func plainText(r board.Result) string { return markdown.Text(r.HTML) }

// listen is told the language of what is read next.
func (l *look) listen(lang string) {
	l.finder.listen(lang)
	if l.known = l.langs[lang]; l.known == nil {
		l.known = map[string]kinship{}
		l.langs[lang] = l.known
	}
}

// read looks at a text, or at the beginning of a long one.
func (l *look) read(lang, text string, most int) looked {
	l.listen(lang)
	r := perusal{look: l, last: -1, codes: l.finder.codesIn()}
	if len(text) > most && !l.phrased {
		text = text[:most]
		r.out.cut = true
	}
	kin := l.finder
	if l.phrased {
		kin = nil // every word counts
	}
	eachKin(text, kin, &r.out.count, func(w word) bool {
		r.out.count++
		if l.phrased {
			r.out.words = append(r.out.words, w.folded)
		}
		if i := r.one(w.folded); i >= 0 {
			return r.stands(w, i)
		}
		if i, _ := r.codes.read(w, r.out.count); i >= 0 {
			r.met(kinship{asked: i, like: -1})
			return true
		}
		if len(w.parts) == 0 {
			return true
		}
		if whole := joined(w); whole != "" {
			if i := r.one(whole); i >= 0 {
				return r.stands(w, i)
			}
		}
		first := -1
		for _, p := range w.parts {
			if i := r.one(p); first < 0 {
				first = i
			}
		}
		return first < 0 || r.stands(w, first)
	})
	for _, v := range slices.Sorted(maps.Values(r.near)) { // a sum of any other order may differ in its last bit, and pages with it
		r.out.near += v
	}
	return r.out
}

// perusal is a look at one text, word by word.
type perusal struct {
	*look
	out          looked
	codes        *codes
	near         map[[2]int]float64 // the closest meeting of each two words
	last, lastAt int                // the word of the question seen last, and where; -1: none
}

// stands notes where a word of the question stands.
func (r *perusal) stands(w word, asked int) bool {
	r.out.spans = append(r.out.spans, span{w.start, w.end, asked})
	return true
}

// one looks at a word and tells which of the question it is; -1: none.
func (r *perusal) one(folded string) int {
	s := r.word(folded)
	if s.asked < 0 {
		if s.like >= 0 && s.alike > r.out.alike[s.like] {
			if r.out.alike == nil {
				r.out.alike = map[int]float64{}
			}
			r.out.alike[s.like] = s.alike
		}
		return -1
	}
	r.met(s)
	return s.asked
}

// met notes that a word of the question stands here.
func (r *perusal) met(s kinship) {
	if s.asked < 32 {
		bit := uint32(1) << s.asked
		r.out.has |= bit
		if s.exact {
			r.out.exact |= bit
		}
		if !s.begun {
			r.out.whole |= bit
		}
	}
	if r.last >= 0 && r.last != s.asked && r.out.count-r.lastAt <= nearest {
		if r.near == nil {
			r.near = map[[2]int]float64{}
		}
		r.pair(r.near, r.last, s.asked, r.out.count-r.lastAt)
	}
	r.last, r.lastAt = s.asked, r.out.count
}

// nearest is the distance in words up to which two words stand near each other.
const nearest = 8

// pair keeps the closest meeting of two words.
func (l *look) pair(near map[[2]int]float64, first, second, gap int) {
	gap = max(1, gap)
	least := math.Min(l.rarity[first], l.rarity[second])
	worth := nearWeight * least / float64(gap)
	if second == first+1 && gap <= 3 {
		worth += orderWeight * least
	}
	key := [2]int{min(first, second), max(first, second)}
	near[key] = math.Max(near[key], worth)
}

// word tells what a word of a text is to the question.
func (l *look) word(folded string) kinship {
	if l.finder.stranger(folded) {
		return kinship{asked: -1, like: -1}
	}
	if s, ok := l.known[folded]; ok {
		return s
	}
	s := kinship{like: -1}
	k := l.finder.whichOf(folded)
	if s.asked, s.begun = k.asked, k.begun; s.asked >= 0 {
		a := l.words[s.asked]
		s.exact = a.folded == folded
	} else {
		for i, a := range l.words {
			if v := resembles(a.folded, folded); v > s.alike && !a.fixed {
				s.like, s.alike = i, v
			}
		}
	}
	l.known[folded] = s
	return s
}

// resembles is how much of two words is their common beginning, from 0 to 1; below
// half it is 0.
func resembles(a, b string) float64 {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	if share := float64(2*n) / float64(len(a)+len(b)); n >= 4 && share >= 0.5 {
		return share
	}
	return 0
}

// worth is what a text of an idea is worth, without its title: what the index
// says of it, and what reading it adds.
func (l *look) worth(p passage, r *ranked) float64 {
	score, text, title := p.score, p.seen, r.title
	itself := p.isIdea()
	if itself { // the tags are a part of it
		text.has |= r.tags.has
		text.exact |= r.tags.exact
		text.whole |= r.tags.whole
	}
	if n := float64(p.seen.count); !itself && n < shortest {
		score *= (1 + bm25K*(1-bm25B+bm25B*n/shortest)) / (1 + bm25K)
	}
	for i, rarity := range l.rarity {
		bit := uint32(1) << min(i, 31)
		if itself && title.has&bit != 0 {
			score -= titleWeight * rarity // comes with the title, also for the other texts of the idea
		}
		switch exact := (text.exact | title.exact) & bit; {
		case exact != 0 && l.words[i].fixed:
			score += fixedWeight * rarity
		case exact != 0:
			score += exactWeight * rarity
		case l.loose&l.whole&bit != 0 && (text.whole|title.whole)&bit == 0 && p.has&bit != 0 && !text.cut:
			score -= begunWeight * rarity // or parts of a code that stand apart
		}
		if (text.has|title.has)&bit == 0 {
			score += alikeWeight * rarity * math.Max(text.alike[i], title.alike[i])
		}
	}
	return score + math.Max(text.near, title.near)
}

// title is what the title and the tags of an idea are worth.
func (l *look) title(r *ranked) float64 {
	var score float64
	long := math.Sqrt(8 / math.Max(4, float64(r.title.count))) // a word is more of a short title
	for i, rarity := range l.rarity {
		bit := uint32(1) << min(i, 31)
		if r.title.has&bit != 0 {
			worth := titleWeight * rarity * long
			if l.loose&l.whole&bit != 0 && r.title.whole&bit == 0 {
				worth *= begunWeight
			}
			score += worth
		}
		if r.tags.has&bit != 0 {
			score += tagWeight * rarity
		}
	}
	return score
}

// holds tells whether the phrases asked for stand in a text or in its title, and
// those that must not stand there do not.
func (l *look) holds(text, title looked) bool {
	for _, p := range l.phrases {
		if !stands(p, text.words) && !stands(p, title.words) {
			return false
		}
	}
	for _, p := range l.withoutPhrases {
		if stands(p, text.words) || stands(p, title.words) {
			return false
		}
	}
	return true
}

// stands tells whether the words of a phrase stand side by side.
func stands(phrase []asked, words []string) bool {
	for at := 0; at+len(phrase) <= len(words); at++ {
		n := 0
		for n < len(phrase) && words[at+n] == phrase[n].folded {
			n++
		}
		if n == len(phrase) {
			return true
		}
	}
	return false
}
