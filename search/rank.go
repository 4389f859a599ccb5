package search

import (
	"cmp"
	"math"
	"slices"
	"time"

	"convivio/store/board"
)

// Weights of the first stage, in which the index alone tells what may answer
// best: BM25 over the stemmed words of a text, and a word in the title once more.
const (
	bm25K       = 1.2
	bm25B       = 0.6
	titleWeight = 0.6 // of a word in the title, beside its weight in the text
)

// Weights of the second stage, in which the best texts are read. Each is a share
// of how telling the word is, as the weights above are.
const (
	tagWeight   = 0.9 // a word among the tags
	exactWeight = 0.3 // a word stands as it was typed, not only in another form
	fixedWeight = 1.0 // the same of a code or a number, which have no other forms
	begunWeight = 0.5 // a word is only the beginning of one, where others have it whole: this is lost
	nearWeight  = 0.5 // two words stand side by side; less with their distance
	orderWeight = 0.2 // and in the order in which they were typed
	alikeWeight = 0.6 // a word is missing, and one that begins alike stands there
	moreWeight  = 0.1 // of what other texts of the idea are worth, at most twice the best
	otherWeight = 0.3 // a word that the passage lacks stands elsewhere in the idea

	shortest = 40.0 // words that a comment or an answer counts as having, at least: a word is not the more telling for standing nearly alone there
)

// Boosts of an idea, as shares of its score. They settle what is as good as
// equal by words: a hundred votes or an answer weigh less than a word does.
const (
	voteBoost   = 0.01 // for each doubling of its votes, up to voteDoubles
	voteDoubles = 7
	answerBoost = 0.03 // an official answer stands on it
	newBoost    = 0.03 // written just now; half of it half a year ago
	newHalves   = 182 * 24 * time.Hour
)

// questionWords are those by which people ask, whatever they ask about. The stop
// words of a language, which count for nothing, are not among them.
var questionWords = set(`posso possiamo puo possono potrei possibile devo dobbiamo deve dovrei bisogna serve servono
vorrei vorremmo voglio fare fa faccio facciamo sapere trovo trovare avere esiste esistono funziona succede
can could do does did should would may might must anyone someone somebody get find want need know happens work works there`)

// weight is how much a word of a question counts beside others as rare.
func (a asked) weight() float64 {
	if questionWords[a.folded] && a.prefix == "" {
		return 0.5
	}
	return 1
}

// ranked is one idea found, with its passages, the best first.
type ranked struct {
	idea     int64
	score    float64
	passages []passage
	title    looked
	titled   board.Hit // whose title was looked at
	tags     looked
}

// sameTitle is what was seen in the title of the idea, if a text read at another
// moment stands under the same; nil otherwise.
func (r *ranked) sameTitle(h board.Hit) *looked {
	if h.Title != r.titled.Title || h.TitleLang != r.titled.TitleLang {
		return nil
	}
	return &r.title
}

// passage is a text of an idea that matches, as it stands in the store.
type passage struct {
	candidate
	result board.Result
	text   string // of it, plain
	seen   looked // of it
	worth  float64
}

// passage is what a look at the beginning of a text says of it.
func (l *look) passage(c candidate, r board.Result, most int) passage {
	p := passage{candidate: c, result: r, text: plainText(r)}
	p.seen = l.read(r.Hit.Lang, p.text, most)
	return p
}

// rerank orders the best texts by what was seen in them, and groups them by idea.
// idf tells how telling each word of the question is. What does not hold the
// phrases asked for is left out.
func rerank(q question, idf []float64, seen []passage, now time.Time) []ranked {
	l := newLook(q, idf)
	var list []ranked
	place := map[int64]int{}
	for _, p := range seen {
		r := p.result
		at, known := place[p.idea]
		if !known {
			at = len(list)
			place[p.idea] = at
			list = append(list, ranked{idea: p.idea, title: l.read(r.Hit.TitleLang, r.Hit.Title, math.MaxInt), titled: r.Hit})
		}
		if r.Tags != "" && p.isIdea() {
			list[at].tags = l.read(r.Hit.Lang, r.Tags, 1<<10)
		}
		if !l.holds(p.seen, list[at].title) {
			continue
		}
		l.whole |= p.seen.whole | list[at].title.whole
		list[at].passages = append(list[at].passages, p)
	}
	list = slices.DeleteFunc(list, func(r ranked) bool { return len(r.passages) == 0 })
	for i := range list {
		l.settle(&list[i], now)
	}
	slices.SortStableFunc(list, func(a, b ranked) int { return cmp.Compare(b.score, a.score) })
	return list
}

// readBytes is how much of each text is read to order so many: all of a few,
// the beginning of many.
func readBytes(texts int) int { return min(scanned, max(2<<10, (1<<18)/max(1, texts))) }

// settle gives an idea the worth of its best passage and of its title, for the
// words that the passage lacks a part of what they are worth elsewhere in the
// idea, and its boosts.
func (l *look) settle(r *ranked, now time.Time) {
	elsewhere, most, sum := r.title.has, 0.0, 0.0
	for i := range r.passages {
		p := &r.passages[i]
		p.worth = l.worth(*p, r)
		elsewhere |= p.has
		most = max(most, p.worth)
		sum += max(0, p.worth)
	}
	most += moreWeight * min(sum-most, 2*most)
	title := l.title(r)
	shown := func(p passage) float64 { // the idea itself is shown where its title answers, surely where it says it all
		switch {
		case !p.isIdea():
			return p.worth
		case elsewhere != 0 && r.title.has == elsewhere:
			return math.Inf(1)
		}
		return p.worth + title
	}
	slices.SortStableFunc(r.passages, func(a, b passage) int { return cmp.Compare(shown(b), shown(a)) })
	best := r.passages[0]
	score := most + title
	for i := range l.words {
		if bit := uint32(1) << i; best.has&bit == 0 && elsewhere&bit != 0 {
			score += otherWeight * l.rarity[i]
		}
	}
	r.score = score * boost(best.result.Hit, now)
}

// boost is what an idea gains by its votes, its answer and its youth.
func boost(h board.Hit, now time.Time) float64 {
	b := 1 + voteBoost*math.Min(voteDoubles, math.Log2(1+float64(max(0, h.Votes))))
	if h.Answered {
		b += answerBoost
	}
	age := max(0, now.Sub(h.At))
	return b + newBoost*math.Exp2(-float64(age)/float64(newHalves))
}

// holds tells whether a text has the phrases asked for, and none of what must
// not stand in it.
func holds(q question, r board.Result) bool {
	if len(q.phrases)+len(q.withoutPhrases) == 0 {
		return true
	}
	l := newLook(q, nil)
	return l.holds(l.read(r.Hit.Lang, plainText(r), scanned), l.read(r.Hit.TitleLang, r.Hit.Title, math.MaxInt))
}
