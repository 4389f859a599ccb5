// Package language tells in which language a text is written, by its most
// common small words. It knows Italian and English, and enough German, French
// and Spanish not to take them for one of the two.
package language

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// enough is how many words are looked at: a language shows in a paragraph.
const enough = 200

// Of gives the language of a text as its two-letter code: it, en, de, fr or es.
// Where the text does not tell, or two languages come out equal, it is fallback.
func Of(text, fallback string) string {
	var score [languages]int
	words := 0
	for len(text) > 0 && words < enough {
		word, rest := nextWord(text)
		text = rest
		if word == "" {
			continue
		}
		words++
		mask, weight := look(word)
		for l := range languages {
			if mask&(1<<l) != 0 {
				score[l] += weight
			}
		}
	}
	return best(score, fallback)
}

// best is the language with the highest score, unless another has the same.
// German, French and Spanish have to be clearer: a short text of a company
// that writes Italian and English is seldom in them.
func best(score [languages]int, fallback string) string {
	first, second, at := 0, 0, 0
	for l, s := range score {
		if codes[l] == fallback {
			s++
		}
		switch {
		case s > first:
			first, second, at = s, first, l
		case s > second:
			second = s
		}
	}
	if first < minScore || first == second {
		return fallback
	}
	if at > en && (first < minForeign || first*2 < max(score[it], score[en])*3) {
		return fallback
	}
	return codes[at]
}

// nextWord takes the first word off a text; links and code words count as none.
func nextWord(text string) (word, rest string) {
	start := strings.IndexFunc(text, unicode.IsLetter)
	if start < 0 {
		return "", ""
	}
	end := start
	for end < len(text) {
		r, size := utf8.DecodeRuneInString(text[end:])
		if !unicode.IsLetter(r) && r != '\'' && r != '’' {
			break
		}
		end += size
	}
	// A word with something but a sentence around it (http://…, a.b, x_1) tells no language.
	if end < len(text) && strings.ContainsRune("/_@=\\", rune(text[end])) || start > 0 && strings.ContainsRune("/_@=\\", rune(text[start-1])) {
		return "", text[end:]
	}
	return text[start:end], text[end:]
}

// look tells which languages a word speaks for, and how strongly.
func look(word string) (mask uint8, weight int) {
	if len(word) > 30 {
		return 0, 0
	}
	lower := strings.ToLower(word)
	if m, ok := smallWords[lower]; ok {
		return m, 2
	}
	if i := strings.IndexAny(lower, "'’"); i > 0 {
		if m, ok := elided[lower[:i]]; ok {
			return m, 2
		}
		if m, ok := smallWords[lower[:i]]; ok {
			return m, 1
		}
	}
	for _, e := range endings {
		if len(lower) > len(e.end)+1 && strings.HasSuffix(lower, e.end) {
			return e.mask, 1
		}
	}
	return 0, 0
}
