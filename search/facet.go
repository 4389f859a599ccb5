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

// census is what was found, counted: each idea once by board and stage, and once
// for each year and language its matching texts are of.
type census struct {
	ideas  byID[ideaCount]
	boards byID[int]
	stages [256]int // by letter
	years  [64]int  // from earliest on
	langs  []langCount
}

// ideaCount is what a census has seen of an idea.
type ideaCount struct {
	texts int32
	langs uint32 // bits, by the order in which languages came up
	years uint64 // bits, from earliest on
}

type langCount struct {
	lang  [2]byte
	ideas int
}

// earliest is one that no text is older than, for counting by bits.
const earliest = 1990

// count takes a census of candidates.
func count(found []candidate) *census {
	c := &census{ideas: newByID[ideaCount](min(len(found), 1024)), boards: newByID[int](32)}
	for i := range found {
		one := &found[i]
		idea := c.ideas.at(one.idea)
		if idea.texts++; idea.texts == 1 {
			*c.boards.at(one.board)++
			c.stages[one.stage]++
		}
		if y := yearOf(one.at) - earliest; y >= 0 && y < len(c.years) && idea.years&(1<<y) == 0 {
			idea.years |= 1 << y
			c.years[y]++
		}
		if one.lang == ([2]byte{}) {
			continue
		}
		if at := c.lang(one.lang); at < 32 && idea.langs&(1<<at) == 0 {
			idea.langs |= 1 << at
			c.langs[at].ideas++
		}
	}
	return c
}

// lang is which language this is, by the order in which they came up.
func (c *census) lang(lang [2]byte) int {
	for i := range c.langs {
		if c.langs[i].lang == lang {
			return i
		}
	}
	c.langs = append(c.langs, langCount{lang: lang})
	return len(c.langs) - 1
}

// texts is how many matching texts an idea has.
func (c *census) texts(idea int64) int32 {
	of, _ := c.ideas.get(idea)
	return of.texts
}

// facets are the counts for a reader, most first.
func (c *census) facets(s sight) board.Facets {
	boards, stages, years, langs := tally{}, tally{}, tally{}, tally{}
	for id, n := range c.boards.all() {
		if slug, ok := s.slug(id); ok {
			boards[slug] = *n
		}
	}
	for i, stage := range lettered {
		if n := c.stages['A'+i]; n > 0 {
			stages[string(stage)] = n
		}
	}
	for y, n := range c.years {
		if n > 0 {
			years[strconv.Itoa(earliest+y)] = n
		}
	}
	for _, l := range c.langs[:min(len(c.langs), 32)] {
		langs[string(l.lang[:])] = l.ideas
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

// yearOf is the year a text counts for, as it is indexed.
func yearOf(at int64) int {
	const mean = 365.2425 * 24 * 3600 * 1_000_000
	switch y := int(at/mean) + 1970 - earliest; { // the year, or one beside it
	case y < 1 || y+2 > len(yearStarts):
		return time.UnixMicro(at).UTC().Year()
	case at < yearStarts[y]:
		return earliest + y - 1
	case at >= yearStarts[y+1]:
		return earliest + y + 1
	default:
		return earliest + y
	}
}

// yearStarts are when the years from earliest on begin: a calendar costs more.
var yearStarts = func() (list [64]int64) {
	for i := range list {
		list[i] = time.Date(earliest+i, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
	}
	return list
}()
