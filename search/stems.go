package search

import (
	"strings"
	"sync"

	langen "github.com/blevesearch/bleve/v2/analysis/lang/en"
	langit "github.com/blevesearch/bleve/v2/analysis/lang/it"
	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/italian"
)

// A tongue is how the words of one language become terms: its stop words are
// left out, the others are folded and then stemmed. Folding comes first, so that
// città and citta, idea and idée end the same.
type tongue struct {
	code  string
	stop  map[string]bool
	stem  func(*snowballstem.Env) bool
	mu    sync.RWMutex
	known map[string]string // words seen lately and their stems
}

// maxKnown bounds the stems remembered by each language.
const maxKnown = 50_000

// Italian and English are stemmed; in any other language a word is itself.
var (
	italianTongue = &tongue{code: "it", stop: stopWords(langit.ItalianStopWords), stem: italian.Stem, known: map[string]string{}}
	englishTongue = &tongue{code: "en", stop: stopWords(langen.EnglishStopWords), stem: english.Stem, known: map[string]string{}}
	otherTongue   = &tongue{}
	unsureTongue  = &tongue{} // a text too short to tell: its words stand under every form
)

// tongueOf is how a text of a language is read.
func tongueOf(lang string) *tongue {
	switch lang {
	case "it":
		return italianTongue
	case "en":
		return englishTongue
	case "":
		return unsureTongue
	}
	return otherTongue
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
	if t.stem == nil {
		return folded
	}
	if t.stop[folded] {
		return ""
	}
	if !stemmable(folded) {
		return folded
	}
	t.mu.RLock()
	s, ok := t.known[folded]
	t.mu.RUnlock()
	if ok {
		return s
	}
	env := snowballstem.NewEnv(folded)
	t.stem(env)
	s = env.Current()
	if s == "" {
		s = folded
	}
	t.mu.Lock()
	if len(t.known) >= maxKnown {
		t.known = map[string]string{}
	}
	t.known[strings.Clone(folded)] = s
	t.mu.Unlock()
	return s
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
