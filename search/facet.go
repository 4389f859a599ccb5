package search

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"convivio/store/board"
)

// shownTotal is where counting ends for people: 1,000+.
const shownTotal = 1_000

// tally counts ideas found by one thing they are told apart by.
type tally map[string]int

// facets counts the ideas among the matches: once by board and stage, and once
// for each year and language their matching texts are of.
func facets(found []candidate, s sight) board.Facets {
	boards, stages, years, langs := tally{}, tally{}, tally{}, tally{}
	type part struct {
		idea int64
		lang string
		year int
	}
	seen := make(map[part]bool, len(found))
	first := func(p part) bool {
		if seen[p] {
			return false
		}
		seen[p] = true
		return true
	}
	for _, c := range found {
		if first(part{idea: c.idea}) {
			if slug, ok := s.slug(c.board); ok {
				boards[slug]++
			}
			stages[c.stage]++
		}
		if y := yearOf(c.at); first(part{idea: c.idea, year: y}) {
			years[strconv.Itoa(y)]++
		}
		if c.lang != "" && first(part{idea: c.idea, lang: c.lang}) {
			langs[c.lang]++
		}
	}
	f := board.Facets{Boards: boards.most(), Stages: stages.most(), Years: years.most(), Langs: langs.most()}
	slices.SortFunc(f.Years, func(a, b board.Facet) int { return cmp.Compare(b.Value, a.Value) })
	return f
}

// most lists the values, those most ideas have first.
func (t tally) most() []board.Facet {
	list := make([]board.Facet, 0, len(t))
	for v, n := range t {
		list = append(list, board.Facet{Value: v, Count: n})
	}
	slices.SortFunc(list, func(a, b board.Facet) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
	})
	return list
}

// ideasAmong counts ideas.
func ideasAmong(found []candidate) int {
	seen := make(map[int64]bool, len(found))
	for _, c := range found {
		seen[c.idea] = true
	}
	return len(seen)
}

// yearOf is the year a text counts for, as it is indexed.
func yearOf(at int64) int { return time.UnixMicro(at).UTC().Year() }
