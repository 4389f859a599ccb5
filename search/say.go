package search

import (
	"slices"
	"strings"

	"convivio/store/board"
)

// What was asked, said again: for the page, for links, and to be counted.

// chips are the filters, phrases and words left out, as a page shows them, each
// with the query that is left without it.
func (q question) chips() []board.Filter {
	list := make([]board.Filter, 0, len(q.pieces))
	for _, p := range q.pieces {
		rest := strings.TrimSpace(q.text[:p.start]) + " " + strings.TrimSpace(q.text[p.end:])
		list = append(list, board.Filter{Kind: p.kind, Value: p.value, Not: p.not, From: p.at, Rest: strings.TrimSpace(rest)})
	}
	return list
}

// String is the question as it could be typed to mean the same: words as they
// were typed, filters by their English names.
func (q question) String() string {
	var out []string
	at := 0
	words := func(to int) {
		if s := strings.Join(strings.Fields(q.text[at:max(at, to)]), " "); s != "" {
			out = append(out, s)
		}
	}
	for _, p := range q.pieces {
		words(p.start)
		out = append(out, p.String())
		at = p.end
	}
	words(len(q.text))
	return strings.Join(out, " ")
}

func (p piece) String() string {
	minus := ""
	if p.not {
		minus = "-"
	}
	switch p.kind {
	case board.FilterNot:
		return minus + p.value
	case board.FilterPhrase:
		return `"` + p.value + `"`
	}
	value := p.value
	if strings.ContainsFunc(value, func(r rune) bool { return !wordRune(r) && r != '-' && r != '_' && r != '/' }) {
		value = `"` + value + `"`
	}
	return minus + string(p.kind) + ":" + value
}

// normal is what is looked for without how it was written: words folded, each
// once, in order of the alphabet, without filters and without what is left out.
// Questions that differ in nothing else are the same one.
func (q question) normal() string {
	words := make([]string, len(q.words))
	for i, a := range q.words {
		words[i] = a.folded
	}
	slices.Sort(words)
	return strings.Join(slices.Compact(words), " ")
}

// replaced is what was typed with other words in the place of those that begin at
// some bytes.
func (q question) replaced(words map[int]string) string {
	var b strings.Builder
	at := 0
	for _, a := range q.words {
		if w, ok := words[a.start]; ok && a.start >= at {
			b.WriteString(q.text[at:a.start])
			b.WriteString(w)
			at = a.end
		}
	}
	b.WriteString(q.text[at:])
	return b.String()
}
