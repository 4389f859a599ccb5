package bench

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// A copy of a text in the same words would teach an index nothing: its
// dictionary would not grow and every list would only be longer. A mixer writes
// copies in which three words in twenty are another word of the set, taken by
// how often they stand there, one in ten changes places with the next, and as
// many are words never seen before as the second half of the set has that its
// first does not.

const (
	mixExchanged = 0.15
	mixSwapped   = 0.10
	mixPool      = 200_000 // running words that are drawn from
)

type mixer struct {
	random *rand.Rand
	pool   []string
	fresh  float64 // share of the running words that are new
	coined []string
}

func newMixer(s *set) *mixer {
	m := &mixer{random: newRandom(41)}
	seen := map[string]bool{}
	var posts, words, halfWords, halfSeen int
	each := func(text string) {
		eachRun(text, func(from, to int) {
			w := text[from:to]
			if words++; len(m.pool) < mixPool {
				m.pool = append(m.pool, w)
			} else if n := m.random.IntN(words); n < mixPool {
				m.pool[n] = w
			}
			seen[strings.ToLower(w)] = true
		})
		if posts++; posts == s.posts/2 {
			halfWords, halfSeen = words, len(seen)
		}
	}
	for _, t := range s.talks {
		each(t.idea.Title + "\n" + t.idea.Body)
		for _, c := range t.comments {
			each(c.Body)
		}
	}
	if words > halfWords {
		m.fresh = float64(len(seen)-halfSeen) / float64(words-halfWords)
	}
	return m
}

// other is a talk in other words, written a little later.
func (m *mixer) other(t talk, copies int) talk {
	later := func(at time.Time) time.Time { return at.Add(time.Duration(copies) * time.Hour) }
	end := fmt.Sprint("-", copies)
	t.idea.Ref += end
	t.idea.Title, t.idea.Body, t.idea.At = m.mix(t.idea.Title), m.mix(t.idea.Body), later(t.idea.At)
	comments := t.comments
	t.comments = nil
	for _, c := range comments {
		c.Ref += end
		c.Body, c.At = m.mix(c.Body), later(c.At)
		t.comments = append(t.comments, c)
	}
	return t
}

// mix writes a text in other words; what stands between them stays.
func (m *mixer) mix(text string) string {
	type span struct{ from, to int }
	var spans []span
	var words []string
	eachRun(text, func(from, to int) {
		spans, words = append(spans, span{from, to}), append(words, text[from:to])
	})
	for i := range words {
		switch p := m.random.Float64(); {
		case p < m.fresh:
			words[i] = m.coin(words[i])
		case p < m.fresh+mixExchanged:
			words[i] = m.pool[m.random.IntN(len(m.pool))]
		case p < m.fresh+mixExchanged+mixSwapped && i > 0:
			words[i], words[i-1] = words[i-1], words[i]
		}
	}
	var b strings.Builder
	end := 0
	for i, s := range spans {
		b.WriteString(text[end:s.from] + words[i])
		end = s.to
	}
	return b.String() + text[end:]
}

var mixSyllables = strings.Fields("ba ce di fo gu la me ni po ra se ti vo zan ter lin mor pas ken lor")

// coin makes a word of another that nobody has seen. Some come again later, as
// names do.
func (m *mixer) coin(word string) string {
	if n := len(m.coined); n > 0 && m.random.IntN(8) == 0 {
		return m.coined[m.random.IntN(n)]
	}
	at := 0
	for range m.random.IntN(utf8.RuneCountInString(word)) + 1 {
		_, n := utf8.DecodeRuneInString(word[at:])
		at += n
	}
	word = word[:at] + mixSyllables[m.random.IntN(len(mixSyllables))] + mixSyllables[m.random.IntN(len(mixSyllables))] + word[at:]
	if len(m.coined) < 50_000 {
		m.coined = append(m.coined, word)
	}
	return word
}

// eachRun calls f for every run of three letters or more.
func eachRun(text string, f func(from, to int)) {
	from, letters := 0, 0
	for i, r := range text {
		if unicode.IsLetter(r) {
			if letters == 0 {
				from = i
			}
			letters++
			continue
		}
		if letters >= 3 {
			f(from, i)
		}
		letters = 0
	}
	if letters >= 3 {
		f(from, len(text))
	}
}
