package search

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
	"github.com/blevesearch/vellum/levenshtein"

	"convivio/store/board"
)

// A word that hardly any text has is tried with its neighbours: words of the
// texts that the reader may see, and of no others, that differ by a letter or
// two. Codes, numbers and quoted words are what they are.
const (
	fewTexts  = 2     // a word that more texts have is taken for what it is
	fewBegun  = 3     // texts that have the neighbour of a word which begins otherwise: people hardly miss the first letter
	farMore   = 20    // times as many texts have the neighbour of a word that some have
	halfSpelt = 6     // letters from which two of them may be wrong, where the slips are likely ones
	longSpelt = 8     // letters from which any two may be
	mostSpelt = 6     // words of a question that are tried
	closest   = 8     // of them, the likeliest, that are looked for beside the other words of the question
	nearWords = 5_000 // words of a shard that are looked at for one
)

// automata accept the words within one and two letters of one, two letters
// changing places counting as one.
var automata = [...]*levenshtein.LevenshteinAutomatonBuilder{automaton(1), automaton(2)}

func automaton(distance uint8) *levenshtein.LevenshteinAutomatonBuilder {
	b, err := levenshtein.NewLevenshteinAutomatonBuilder(distance, true)
	if err != nil {
		panic(err) // of its own tables
	}
	return b
}

// neighbour is a word that may have been meant.
type neighbour struct {
	word  string // or two, with a space between
	texts int    // that the reader may see and that have it
	score float64
	far   float64 // from what was typed
}

// corrected is the question with its misspelt words as they may have been meant;
// false where none is. Its filters are those of the question, as they were settled.
func (v *view) corrected(q question, k *sought, now time.Time) (question, bool, error) {
	instead := map[int]string{}
	tried := 0
	for i, a := range k.words {
		if a.fixed || a.common || k.texts[i] > fewTexts || tried == mostSpelt || !correctable(a) {
			continue
		}
		tried++
		best, err := v.meant(a, k.texts[i], hints{beside: k.beside(i), not: q.foreign()})
		if err != nil {
			return q, false, err
		}
		if best != "" {
			instead[a.start] = best
		}
	}
	if len(instead) == 0 {
		return q, false, nil
	}
	again := readQuestion(board.Query{Q: q.replaced(instead)}, now)
	again.filter, again.except = q.filter, q.except
	return again, true, nil
}

// hints say what was meant, where several words may be.
type hints struct {
	beside []*roaring.Bitmap // by shard: texts with other words of the question
	not    string            // the language that the question is surely not in; empty: it may be any
}

// foreign is Italian for a question with small words of English alone, and the
// other way round; empty where they do not tell.
func (q question) foreign() string {
	it, en := 0, 0
	for _, w := range q.said {
		switch italian, english := italianTongue.stop[w], englishTongue.stop[w]; {
		case italian && !english:
			it++
		case english && !italian:
			en++
		}
	}
	switch {
	case en > 0 && it == 0:
		return "it"
	case it > 0 && en == 0:
		return "en"
	}
	return ""
}

// beside are the texts of each shard that have any other word of the question:
// what was meant stands there more likely than elsewhere.
func (k *sought) beside(i int) []*roaring.Bitmap {
	sets := make([]*roaring.Bitmap, len(k.sets))
	for n := range sets {
		var others []*roaring.Bitmap
		for other, set := range k.sets[n] {
			if other != i && !k.words[other].common {
				others = append(others, common(set, k.open[n]))
			}
		}
		sets[n] = union(others)
	}
	return sets
}

// meant is what a misspelt word may have been meant as; empty: nothing better.
// Words with one slip come first, and two words that stand together; only where
// there are none, words with two slips that begin as this one does.
func (v *view) meant(a asked, texts int, h hints) (string, error) {
	list, err := v.neighbours(a.folded, 1)
	if err != nil {
		return "", err
	}
	apart, err := v.apart(a.folded)
	if err != nil {
		return "", err
	}
	best, err := v.likeliest(append(list, apart...), texts, h)
	if err != nil || best != "" || utf8.RuneCountInString(a.folded) < halfSpelt {
		return best, err
	}
	if list, err = v.neighbours(a.folded, 2); err != nil {
		return "", err
	}
	return v.likeliest(list, texts, h)
}

// likeliest is the likeliest of some words that many more texts have than so many.
func (v *view) likeliest(list []neighbour, texts int, h hints) (string, error) {
	list = slices.DeleteFunc(list, func(n neighbour) bool { return n.texts <= texts*farMore })
	by := func(a, b neighbour) int { return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.word, b.word)) }
	slices.SortFunc(list, by)
	list = list[:min(len(list), closest)]
	for i := range list {
		if err := v.hinted(&list[i], h); err != nil {
			return "", err
		}
	}
	list = slices.DeleteFunc(list, func(n neighbour) bool { return n.texts == 0 })
	slices.SortFunc(list, by)
	if len(list) == 0 {
		return "", nil
	}
	return list[0].word, nil
}

// hinted makes a word likelier that stands beside others of the question, and
// takes its texts from one that stands in texts of a foreign language alone,
// unless it is as good as what was typed: people write focacia in English too.
func (v *view) hinted(n *neighbour, h hints) error {
	beside, foreign, all := false, 0, 0
	for at, s := range v.shards {
		has, err := s.term(typedField, n.word)
		if err != nil {
			return err
		}
		if has = common(has, s.seen); size(has) == 0 {
			continue
		}
		beside = beside || h.beside[at] != nil && has.Intersects(h.beside[at])
		all += size(has)
		if h.not != "" {
			strange, err := s.term(langField, h.not)
			if err != nil {
				return err
			}
			foreign += size(common(has, strange))
		}
	}
	if beside {
		n.score += besideOthers
	}
	if all > 0 && foreign == all && n.far > sounding {
		n.texts = 0
	}
	return nil
}

// neighbours are the words with one slip, or with at most two and the same first
// letter, that stand in texts which the reader may see.
func (v *view) neighbours(word string, slips int) ([]neighbour, error) {
	near, err := automata[slips-1].BuildDfa(word, uint8(slips)) // #nosec G115 -- 1 or 2
	if err != nil {
		return nil, fmt.Errorf("look for the neighbours of a word: %w", err)
	}
	var from, to []byte
	if slips > 1 {
		_, first := utf8.DecodeRuneInString(word)
		from, to = []byte(word[:first]), []byte(word[:first])
		to[first-1]++ // UTF-8 never ends a letter with 0xff
	}
	of := make([]map[string]int, len(v.shards))
	err = v.each(func(n int, s *shard) error {
		of[n] = map[string]int{}
		return s.near(near, from, to, word, of[n])
	})
	if err != nil {
		return nil, err
	}
	texts := map[string]int{}
	for _, some := range of {
		for w, n := range some {
			texts[w] += n
		}
	}
	letters := utf8.RuneCountInString(word)
	list := make([]neighbour, 0, len(texts))
	for w, n := range texts {
		if d := distance(word, w); n > 0 && d <= bearable(letters) && (n >= fewBegun || firstRune(w) == firstRune(word)) {
			list = append(list, neighbour{w, n, likely(d, w, n), d})
		}
	}
	return list, nil
}

// near adds in how many texts that the reader may see the words stand which an
// automaton accepts.
func (s *shard) near(accepts segment.Automaton, from, to []byte, word string, texts map[string]int) error {
	d, err := s.dict(typedField)
	if err != nil {
		return err
	}
	it := d.AutomatonIterator(accepts, from, to)
	for range nearWords {
		e, err := it.Next()
		if err != nil {
			return fmt.Errorf("look for the neighbours of a word: %w", err)
		}
		if e == nil {
			break
		}
		if e.Term == word || !wordly(e.Term) {
			continue
		}
		has, err := s.term(typedField, e.Term)
		if err != nil {
			return err
		}
		if has != nil && s.seen != nil {
			texts[strings.Clone(e.Term)] += int(has.AndCardinality(s.seen)) // #nosec G115 -- of 32 bits
		}
	}
	return nil
}

// wordly tells words from codes.
func wordly(s string) bool {
	return len(s) >= shortestSpelt && strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) }) < 0
}

// likely orders neighbours: the nearer and the more frequent, the likelier. A
// word that nobody looks for by itself, such as della, is hardly ever meant.
func likely(distance float64, word string, texts int) float64 {
	score := math.Log(1+float64(texts)) - 3*distance
	if _, common := meanings(word); common {
		score -= 8
	}
	return score
}

// apart are the pairs of words that one is made of when a space was forgotten,
// where texts that the reader may see have both.
func (v *view) apart(word string) (list []neighbour, err error) {
	for i := range word {
		first, second := word[:i], word[i:]
		if i < shortestSpelt || len(second) < shortestSpelt {
			continue
		}
		n := 0
		for _, s := range v.shards {
			a, err := s.term(typedField, first)
			if err != nil {
				return nil, err
			}
			if a == nil || s.seen == nil {
				continue
			}
			b, err := s.term(typedField, second)
			if err != nil {
				return nil, err
			}
			if both := common(a, b); both != nil {
				n += int(both.AndCardinality(s.seen)) // #nosec G115 -- of 32 bits
			}
		}
		if n > 0 {
			list = append(list, neighbour{first + " " + second, n, math.Log(1+float64(n)) - 3*spaceForgotten, spaceForgotten})
		}
	}
	return list, nil
}

// What slips of the hand and of the ear cost, the likelier the less.
const (
	swapped        = 0.5 // mesna
	doubled        = 0.4 // comunicazzione, acqua as aqua
	mute           = 0.6 // an h too many or too few
	beside         = 0.7 // a key beside the right one
	sounding       = 0.8 // one vowel for another
	slip           = 1.0
	firstLetter    = 0.5 // besides, where the word begins otherwise
	spaceForgotten = 0.6

	besideOthers = 3 // that a word is likelier which stands in a text with others of the question: as much as a slip less
)

// bearable is how far a word of so many letters may be from what is typed.
func bearable(letters int) float64 {
	switch {
	case letters < 5:
		return 0.8
	case letters < longSpelt:
		return 1 + firstLetter
	}
	return 1.8
}

// distance is how far what was typed is from a word, by letters left out, put in,
// changed or swapped with the next one.
func distance(typed, word string) float64 {
	a, b := []rune(typed), []rune(word)
	before, last, row := make([]float64, len(b)+1), make([]float64, len(b)+1), make([]float64, len(b)+1)
	for j := 1; j <= len(b); j++ {
		last[j] = last[j-1] + extra(b, j-1)
	}
	for i := 1; i <= len(a); i++ {
		row[0] = last[0] + extra(a, i-1)
		for j := 1; j <= len(b); j++ {
			row[j] = min(last[j]+extra(a, i-1), row[j-1]+extra(b, j-1), last[j-1]+changed(a[i-1], b[j-1]))
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+swapped)
			}
		}
		before, last, row = last, row, before
	}
	d := last[len(b)]
	if len(a) > 0 && len(b) > 0 && a[0] != b[0] {
		d += firstLetter
	}
	return d
}

// extra is what a letter costs that one word has and the other has not.
func extra(w []rune, i int) float64 {
	switch {
	case i > 0 && w[i] == w[i-1] || i+1 < len(w) && w[i] == w[i+1], w[i] == 'c' && i+1 < len(w) && w[i+1] == 'q':
		return doubled
	case w[i] == 'h':
		return mute
	}
	return slip
}

func changed(a, b rune) float64 {
	switch {
	case a == b:
		return 0
	case strings.ContainsRune(besides[a], b):
		return beside
	case strings.ContainsRune("aeiouy", a) && strings.ContainsRune("aeiouy", b):
		return sounding
	}
	return slip
}

// besides are the keys around a key, where Italian and English keyboards agree.
var besides = map[rune]string{
	'q': "wa", 'w': "qeas", 'e': "wrsd", 'r': "etdf", 't': "ryfg", 'y': "tugh", 'u': "yihj", 'i': "uojk", 'o': "ipkl", 'p': "ol",
	'a': "qwsz", 's': "awedzx", 'd': "serfxc", 'f': "drtgcv", 'g': "ftyhvb", 'h': "gyujbn", 'j': "huiknm", 'k': "jiolm", 'l': "kop",
	'z': "asx", 'x': "zsdc", 'c': "xdfv", 'v': "cfgb", 'b': "vghn", 'n': "bhjm", 'm': "njk",
}
