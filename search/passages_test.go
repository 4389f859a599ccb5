package search_test

import (
	"slices"
	"testing"

	"convivio/store/board"
)

// Whatever led to an idea, its further passages are there where the link to them
// leads: also behind a correction, and where some of the words stand only.
func TestFurtherPassagesAreThere(t *testing.T) {
	h := open(t)
	b := h.addBoard("b", false)
	one := h.addIdea(b, "Orario della mensa", "La mensa apre presto", "")
	h.addComment(one, "La mensa chiude tardi")
	h.addIdea(b, "Parcheggio", "biciclette", "")
	h.settle()
	for _, q := range []string{"mensa", "mesna", "mensa biciclette", "mesna biciclette"} {
		others := -1
		for _, hit := range h.search(employee, board.Query{Q: q}).Hits {
			if hit.Idea == one {
				others = hit.Others
			}
		}
		if in := h.search(employee, board.Query{Q: q, Idea: one}); others != 1 || len(in.Hits) != 2 {
			t.Errorf("%s tells of %d more passages, then shows %+v", q, others, in.Hits)
		}
	}
}

// What one person wrote is not listed by date where nobody voted either, on
// whichever page.
func TestIdeasOfOnePersonAreInNoOrderOfTime(t *testing.T) {
	h := open(t)
	b := h.addBoard("b", false)
	for range 24 {
		h.addIdea(b, "Orario della mensa", "", "")
	}
	h.settle()
	list := func(who board.Who) (ideas []int64) {
		q := board.Query{Q: "author:1", Sort: board.ByVotes, Limit: 7}
		for range 9 {
			found := h.search(who, q)
			for _, hit := range found.Hits {
				ideas = append(ideas, hit.Idea)
			}
			if q.Cursor = found.Next; q.Cursor == "" {
				break
			}
		}
		return ideas
	}
	newestFirst := func(a, b int64) int { return int(b - a) }
	own, others := list(board.Who{ID: 1, Kind: board.Employee}), list(employee)
	if !slices.IsSortedFunc(own, newestFirst) || slices.IsSorted(others) || slices.IsSortedFunc(others, newestFirst) {
		t.Errorf("one's own stand as %v, another's as %v", own, others)
	}
	if slices.Sort(others); len(slices.Compact(others)) != 24 {
		t.Errorf("pages hold %v", others)
	}
}
