package search

import (
	"strings"
	"sync"

	langen "github.com/blevesearch/bleve/v2/analysis/lang/en"
	langit "github.com/blevesearch/bleve/v2/analysis/lang/it"
	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/spanish"
)

// A tongue is how the words of one language become terms: its stop words are
// left out, the others are folded and then stemmed. Folding comes first, so that
// città and citta, idea and idée end the same.
type tongue struct {
	stop map[string]bool
	stem func(folded string) string // nil: a word is itself
}

// Italian and English share their terms, so that a word that both know is found
// in texts of both. Stems of other languages end in a sign of their own: what
// somebody finds in Italian does not hang on whether there is a German text.
// These have no stop words either: German die and war are telling English words.
var (
	italianTongue = &tongue{stop: stopWords(langit.ItalianStopWords), stem: italianStem}
	englishTongue = &tongue{stop: stopWords(langen.EnglishStopWords), stem: snowball(english.Stem, "")}
	germanTongue  = &tongue{stem: snowball(german.Stem, signed[0].sign)}
	frenchTongue  = &tongue{stem: snowball(french.Stem, signed[1].sign)}
	spanishTongue = &tongue{stem: snowball(spanish.Stem, signed[2].sign)}
	otherTongue   = &tongue{}
	unsureTongue  = &tongue{} // a text too short to tell: its words stand under every form of Italian and English
)

// signed are the languages whose terms end in a sign, and the signs.
var signed = [...]struct{ name, sign string }{{"de", "~d"}, {"fr", "~f"}, {"es", "~s"}}

// tongueOf is how a text of a language is read.
func tongueOf(lang string) *tongue {
	switch lang {
	case "it":
		return italianTongue
	case "en":
		return englishTongue
	case "de":
		return germanTongue
	case "fr":
		return frenchTongue
	case "es":
		return spanishTongue
	case "":
		return unsureTongue
	}
	return otherTongue
}

// maxKnown bounds the stems remembered by each language.
const maxKnown = 100_000

// snowball is a stemmer of the snowball family, with the stems of words seen
// lately kept; sign ends what it stemmed.
func snowball(stem func(*snowballstem.Env) bool, sign string) func(string) string {
	var mu sync.RWMutex
	known := map[string]string{}
	return func(folded string) string {
		mu.RLock()
		s, ok := known[folded]
		mu.RUnlock()
		if ok {
			return s
		}
		env := snowballstem.NewEnv(folded)
		stem(env)
		if s = env.Current(); s == "" {
			s = folded
		}
		s += sign
		mu.Lock()
		if len(known) >= maxKnown {
			clear(known)
		}
		known[strings.Clone(folded)] = s
		mu.Unlock()
		return s
	}
}

// stopWords reads a list of one word a line, with comments behind a bar, and
// folds it: piu is as common as più.
func stopWords(list []byte) map[string]bool {
	m := map[string]bool{}
	for line := range strings.SplitSeq(string(list), "\n") {
		line, _, _ = strings.Cut(line, "|")
		for w := range strings.FieldsSeq(line) {
			m[fold(w)] = true
			m[strings.ReplaceAll(fold(w), "'", "")] = true
		}
	}
	return m
}

// term is the form under which a folded word is found in this language; empty
// for a stop word.
func (t *tongue) term(folded string) string {
	switch {
	case t.stem == nil:
		return folded
	case t.stop[folded]:
		return ""
	case !stemmable(folded):
		return folded
	}
	return t.stem(folded)
}

// meanings are the terms a word may stand under: as it is, and one for each
// language. It is common where it is a stop word of Italian or English, which
// may be a telling word of the other.
func meanings(folded string) (terms []string, common bool) {
	terms, common = bothForms(folded)
	if stemmable(folded) {
		for _, t := range [...]*tongue{germanTongue, frenchTongue, spanishTongue} {
			terms = append(terms, t.stem(folded))
		}
	}
	return terms, common
}

// bothForms are those of a text that is Italian or English, but nobody knows which.
func bothForms(folded string) (terms []string, common bool) {
	terms = append(make([]string, 0, 6), folded)
	for _, t := range [...]*tongue{italianTongue, englishTongue} {
		switch term := t.term(folded); term {
		case "":
			common = true
		case terms[0], terms[len(terms)-1]:
		default:
			terms = append(terms, term)
		}
	}
	return terms, common
}

// stemmable tells words from codes and numbers, which mean only themselves.
func stemmable(folded string) bool {
	for i := 0; i < len(folded); i++ {
		if c := folded[i]; c < 'a' || c > 'z' {
			return false
		}
	}
	return true
}
