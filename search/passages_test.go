package search_test

import (
	"fmt"
	"slices"
	"strings"
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

// Dates are asked of a team of five and more, but not of what is left of it once
// others are taken out: that would be one person's days.
func TestATeamIsNotPeeledDownToOnePersonsDays(t *testing.T) {
	h := open(t)
	b := h.addBoard("b", false)
	h.addIdea(b, "Orario della mensa", "", "")
	h.settle()
	team := func(people, without int) string {
		q := ""
		for n := range people {
			q += fmt.Sprintf(" team:%d", n+1)
		}
		for n := range without {
			q += fmt.Sprintf(" -author:%d", n+2)
		}
		return q
	}
	for q, refused := range map[string]bool{
		team(5, 0): false, team(6, 1): false, team(5, 1): true, team(9, 8): true, team(4, 0): true,
		team(4, 0) + " team:1": true, team(1, 0): true, "author:1": true, "": false,
	} {
		for _, when := range []string{" after:2020", " before:2031", " during:2026", " -after:2031", " -before:2020"} {
			_, err := h.x.Search(t.Context(), employee, board.Query{Q: q + when})
			if (err != nil) != refused {
				t.Errorf("%q: %v, want refused: %v", q+when, err, refused)
			}
		}
	}
}

// TestPhrasesArePartOfWhatMatches: whoever quotes words means them side by side,
// also where other words are missing; only where nobody wrote them so, what has
// the words follows.
func TestPhrasesArePartOfWhatMatches(t *testing.T) {
	h := open(t)
	b := h.addBoard("lavoro", false)
	h.addIdea(b, "L'orario estivo in officina", "Dalle sei.", "")
	h.addIdea(b, "Un orario per tutti", "Anche nel periodo estivo.", "")
	h.addIdea(b, "Parcheggio estivo", "All'ombra.", "")
	h.settle()
	for _, c := range [...]struct {
		q     string
		total int
		want  string
	}{
		{`"orario estivo"`, 1, "i1"},
		{`"orario estivo" parcheggio `, 0, "i1"},
		{`"estivo orario" `, 0, "i1 i2 i3"},
		{`orario estivo `, 2, "i1 i2 i3"},
	} {
		found := h.search(employee, words(c.q))
		if got := strings.Join(names(found), " "); got != c.want || found.Total != c.total {
			t.Errorf("%s finds %d, %s, not %d, %s", c.q, found.Total, got, c.total, c.want)
		}
	}
}
