package search_test

import (
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
