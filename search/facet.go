package search

import (
	"cmp"
	"slices"
	"sort"
	"strconv"
	"time"

	"convivio/store/board"
)

// shownTotal is where counting ends for people: 1,000+.
const shownTotal = 1_000

// tally counts ideas found by one thing they are told apart by.
type tally map[string]int

// census is what was found, counted: each idea once by board and stage, and once
// for each year and language its matching texts are of.
type census struct {
	ideas  map[int64]ideaCount
	boards map[int64]int
	stages tally
	langs  tally
	years  map[int]int
}

// ideaCount is what a census has seen of an idea.
type ideaCount struct {
	texts int32
	langs uint32 // bits, by the order in which languages came up
	years uint64 // bits, from earliest on
}

// earliest is one that no text is older than, for counting by bits.
const earliest = 1990

// count takes a census of candidates.
func count(found []candidate) census {
	c := census{ideas: make(map[int64]ideaCount, min(len(found), 4096)), boards: map[int64]int{}, stages: tally{}, langs: tally{}, years: map[int]int{}}
	var langs []string
	for _, one := range found {
		idea := c.ideas[one.idea]
		if idea.texts++; idea.texts == 1 {
			c.boards[one.board]++
			c.stages[one.stage]++
		}
		y := yearOf(one.at)
		if bit := uint64(1) << min(63, max(0, y-earliest)); idea.years&bit == 0 {
			idea.years |= bit
			c.years[y]++
		}
		if one.lang != "" {
			at := slices.Index(langs, one.lang)
			if at < 0 && len(langs) < 32 {
				at, langs = len(langs), append(langs, one.lang)
			}
			if bit := uint32(1) << max(0, at); at >= 0 && idea.langs&bit == 0 {
				idea.langs |= bit
				c.langs[one.lang]++
			}
		}
		c.ideas[one.idea] = idea
	}
	return c
}

// facets are the counts for a reader, most first.
func (c census) facets(s sight) board.Facets {
	boards, years := tally{}, tally{}
	for id, n := range c.boards {
		if slug, ok := s.slug(id); ok {
			boards[slug] = n
		}
	}
	for y, n := range c.years {
		years[strconv.Itoa(y)] = n
	}
	f := board.Facets{Boards: boards.most(), Stages: c.stages.most(), Years: years.most(), Langs: c.langs.most()}
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

// yearOf is the year a text counts for, as it is indexed.
func yearOf(at int64) int {
	if y := sort.Search(len(yearStarts), func(i int) bool { return yearStarts[i] > at }); y > 0 && y < len(yearStarts) {
		return earliest + y - 1
	}
	return time.UnixMicro(at).UTC().Year()
}

// yearStarts are when the years from earliest on begin: a calendar costs more.
var yearStarts = func() (list [64]int64) {
	for i := range list {
		list[i] = time.Date(earliest+i, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
	}
	return list
}()
