package search

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// lateWords numbers the terms of late texts as they are read.
type lateWords struct {
	ids  map[string]uint32
	list []string
}

func newLateWords() *lateWords {
	return &lateWords{map[string]uint32{}, []string{""}} // 0 is a break
}

// furthest is how many letters may stand between two words of an expression:
// room for " d'" and " della ", not for a word that tells something.
const furthest = 7

// read lists the numbers of a text's telling words in order, with a 0 where two
// do not stand side by side.
func (w *lateWords) read(t *tongue, texts ...string) []uint32 {
	var out []uint32
	for _, text := range texts {
		end := -1
		eachWord(text, func(one word) bool {
			term := ""
			if tellable(one) {
				term = t.term(one.folded)
			}
			if term == "" {
				if !stopWord(one.folded) {
					end = -1
				}
				return true
			}
			if len(out) > 0 && !joint(text, end, one.start) {
				out = append(out, 0)
			}
			id, ok := w.ids[term]
			if !ok {
				id = uint32(len(w.list)) // #nosec G115 -- words of a few weeks
				term = strings.Clone(term)
				w.ids[term] = id
				w.list = append(w.list, term)
			}
			out = append(out, id)
			end = one.end
			return true
		})
		out = append(out, 0)
	}
	return out
}

// apart keeps tags from being read as expressions.
func apart(tags string) string { return strings.ReplaceAll(tags, " ", "\n") }

// joint tells whether what stands between the end of a word and the start of the
// next lets them be one expression. An end below 0 is none.
func joint(text string, end, start int) bool {
	return end >= 0 && start > end && start-end <= furthest && !strings.ContainsAny(text[end:start], ".,;:!?()[]{}\"\n/|")
}

// dull are words that come and go with the calendar or tell of the talk itself.
var dull = set(`gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
	january february march april may june july august september october november december
	lunedi martedi mercoledi giovedi venerdi sabato domenica monday tuesday wednesday thursday friday saturday sunday
	oggi ieri domani stamattina stasera today yesterday tomorrow tonight settimana settimane week weeks mese mesi month months
	giorno giorni day days anno anni year years problema problemi problem problems proposta proposte proposal soluzione solution grazie ciao thanks thank hello hi idea idee ideas commento comment`)

// stopWord tells the stop words of any language: a text's language may be a guess.
func stopWord(folded string) bool {
	_, stop := meanings(folded)
	return stop
}

// tellable tells whether a word may be a topic's: numbers, addresses and the
// commonest words are none.
func tellable(w word) bool {
	if utf8.RuneCountInString(w.folded) < 3 && !unspaced(firstRune(w.folded)) || len(w.folded) > 40 {
		return false
	}
	if strings.ContainsAny(w.folded, "@_") || stopWord(w.folded) || dull[w.folded] {
		return false
	}
	digits, letters := 0, 0
	for _, r := range w.folded {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case unicode.IsLetter(r):
			letters++
		}
	}
	return letters > 1 && digits <= letters+4
}

// terms are the words and pairs that came up in enough ideas, from enough people,
// with their texts. A reader may see fewer of those, never more.
func (w *lateWords) terms(texts []lateText, said [][]uint32) []lateTerm {
	at := make([]uint32, len(w.list)) // place of a word among the kept; 0: left out
	postings := make([][]uint32, len(w.list))
	for n, ids := range said {
		for _, id := range ids {
			if p := postings[id]; id != 0 && (len(p) == 0 || p[len(p)-1] != uint32(n)) { // #nosec G115 -- texts of a few weeks
				postings[id] = append(p, uint32(n)) // #nosec G115
			}
		}
	}
	var out []lateTerm
	for id, p := range postings {
		if enough(texts, p) {
			out = append(out, lateTerm{words: []string{w.list[id]}, texts: p})
			at[id] = uint32(len(out)) // #nosec G115
		}
	}
	pairs := map[uint64][]uint32{}
	for n, ids := range said {
		for i := 1; i < len(ids); i++ {
			a, b := at[ids[i-1]], at[ids[i]]
			if a == 0 || b == 0 || a == b {
				continue
			}
			key := uint64(a)<<32 | uint64(b)
			if p := pairs[key]; len(p) == 0 || p[len(p)-1] != uint32(n) { // #nosec G115
				pairs[key] = append(p, uint32(n)) // #nosec G115
			}
		}
	}
	keys := make([]uint64, 0, len(pairs))
	for key, p := range pairs {
		if enough(texts, p) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	for _, key := range keys {
		a, b := out[key>>32-1], out[uint32(key)-1] // #nosec G115 -- the lower half
		out = append(out, lateTerm{words: []string{a.words[0], b.words[0]}, texts: common32(a.texts, b.texts), beside: pairs[key]})
	}
	return out
}

// enough tells whether texts are of enough ideas and people.
func enough(texts []lateText, in []uint32) bool {
	var ideas, people [fewest]uint32
	i, p := 0, 0
	for _, n := range in {
		t := texts[n]
		if i < fewest && !slices.Contains(ideas[:i], t.idea) {
			ideas[i] = t.idea
			i++
		}
		if p < fewest && !slices.Contains(people[:p], t.author) {
			people[p] = t.author
			p++
		}
		if i == fewest && p == fewest {
			return true
		}
	}
	return false
}

// common32 are the elements that two ascending lists share.
func common32(a, b []uint32) (both []uint32) {
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch cmp.Compare(a[i], b[j]) {
		case 0:
			both = append(both, a[i])
			i++
			j++
		case -1:
			i++
		default:
			j++
		}
	}
	return both
}
