package search_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"convivio/search"
	"convivio/store/board"
)

func TestPagesHoldEachTextOnce(t *testing.T) {
	h := open(t)
	b := h.addBoard("b", false)
	for i := range 250 {
		h.addIdea(b, fmt.Sprintf("Mensa numero %d", i), strings.Repeat("parole ", i%7), "")
	}
	h.settle()
	for _, limit := range []int{1, 7, 50, 100} {
		seen := map[string]bool{}
		q := board.Query{Q: "mensa", Limit: limit}
		pages := 0
		for {
			found := h.search(employee, q)
			if found.Total != 250 {
				t.Fatalf("total %d", found.Total)
			}
			for _, n := range names(found) {
				if seen[n] {
					t.Fatalf("%s twice, pages of %d", n, limit)
				}
				seen[n] = true
			}
			pages++
			if found.Next == "" {
				break
			}
			if len(found.Hits) != limit {
				t.Fatalf("a page of %d instead of %d", len(found.Hits), limit)
			}
			q.Cursor = found.Next
		}
		if len(seen) != 250 || pages != (250+limit-1)/limit {
			t.Errorf("%d texts on %d pages of %d", len(seen), pages, limit)
		}
	}
	// What is gone by the time it is read leaves no gap on the page.
	h.stop()
	h.start()
	h.settle()
	h.fail(errors.New("the store is busy"))
	for i := range 10 {
		h.deleteIdea(int64(250 - i))
	}
	if found := h.search(employee, board.Query{Q: "mensa", Limit: 20}); len(found.Hits) != 20 || found.Next == "" {
		t.Errorf("%d hits, next %q", len(found.Hits), found.Next)
	}
	h.fail(nil)
}

// Of a word that very many texts have, those that have it in their titles are
// found, and of the others the newest; the count says that there are more.
func TestCountingEnds(t *testing.T) {
	t.Cleanup(search.CountAtMost(11))
	h := open(t)
	b := h.addBoard("b", false)
	for i := range 40 {
		title := fmt.Sprintf("Proposta numero %d", i)
		if i < 3 {
			title = "Mensa vecchia"
		}
		id := h.addIdea(b, title, "Si parla della mensa", "")
		h.change(board.Ref{Part: board.InText, ID: id}, board.IdeaEdited, func(d *board.Document) {
			d.At = time.Date(2026, time.Month(1+i/4), 1+i%4, 0, 0, 0, 0, time.UTC).UnixMicro()
		})
	}
	h.settle()
	found := h.search(employee, board.Query{Q: "mensa ", Sort: board.ByNewest})
	if got, want := strings.Join(names(found), " "), "i40 i39 i38 i37 i36 i35 i34 i33 i3 i2 i1"; got != want || !found.AtLeast || found.Total != 11 {
		t.Errorf("%s, total %d, at least %t; want %s", got, found.Total, found.AtLeast, want)
	}
	if found := h.search(employee, board.Query{Q: "vecchia "}); found.AtLeast || found.Total != 3 {
		t.Errorf("total %d, at least %t", found.Total, found.AtLeast)
	}
}

// What is newer, or older, than what is asked for takes nobody's place, however
// many texts it is.
func TestTimesAreFoundBehindManyOthers(t *testing.T) {
	t.Cleanup(search.CountAtMost(5))
	h := open(t)
	b := h.addBoard("b", false)
	for i := range 60 { // one a month, and ten in the last of them
		id := h.addIdea(b, fmt.Sprintf("Proposta numero %d", i), "Si parla della mensa", "")
		h.change(board.Ref{Part: board.InText, ID: id}, board.IdeaEdited, func(d *board.Document) {
			d.At = time.Date(2022, time.Month(1+min(i, 50)), 1+max(0, i-50), 12, 0, 0, 0, time.UTC).UnixMicro()
		})
	}
	h.settle()
	for q, want := range map[string]string{
		"mensa before:2022-03-01":                  "i2 i1",
		"before:2022-03-01":                        "i2 i1",
		"mensa before:2022-02-02":                  "i2 i1",
		"mensa before:2022-02-01":                  "i1",
		"mensa after:1999-01-01 before:2022-02-02": "i2 i1",
		"mensa after:2022-11-02 before:2023-01-02": "i13 i12",
		"mensa before:2026-03-03":                  "i52 i51 i50 i49 i48",
	} {
		if got := strings.Join(names(h.search(employee, board.Query{Q: q, Sort: board.ByNewest})), " "); got != want {
			t.Errorf("%s found %s, want %s", q, got, want)
		}
	}
}

// Whatever is typed is plain words, and costs little.
func TestHostileQueries(t *testing.T) {
	h := open(t)
	b := h.addBoard("b", false)
	for i := range 300 {
		h.addIdea(b, fmt.Sprintf("Idea %d mensa", i), strings.Repeat(fmt.Sprintf("parola%d testo ", i), 20), "")
	}
	h.settle()
	many := make([]string, 10_000)
	for i := range many {
		many[i] = fmt.Sprintf("parola%d", i)
	}
	for _, q := range []string{
		"*", "?", "/.*/", "a~2", "mensa~2", "a^1e9", "mensa*", "*ensa", "+mensa -idea", "title:mensa", "access:b1", "facts:open", `"mensa`, "(mensa", "mensa AND", "NOT NOT NOT NOT mensa",
		strings.Repeat("NOT ", 1000), strings.Repeat("(", 1000), ">2020", "at:>2020-01-01", "\\", "\x00", "\xff\xfe", "  ", "\u202e", strings.Repeat("a", 1<<20), strings.Repeat("a ", 1<<19),
		strings.Join(many, " "), strings.Repeat("parola1.", 1000), strings.Repeat("+", 1000), "l'", "'", "'s", strings.Repeat("l'", 500), strings.Repeat("世", 1000), "_all:*", "i1",
	} {
		found, err := h.x.Search(context.Background(), employee, board.Query{Q: q})
		if err != nil {
			t.Errorf("%.40q: %v", q, err)
		}
		if found.Hits == nil || found.Facets.Boards == nil || found.Facets.Stages == nil {
			t.Errorf("%.40q: a list is null", q)
		}
		if found.Rebuilding {
			t.Errorf("%.40q broke the index", q)
		}
	}
	h.finds(employee, board.Query{Q: "*"})
	h.finds(employee, board.Query{Q: "/.*/"})
	if n := h.search(employee, board.Query{Q: "+mensa ~idea^"}).Total; n != 300 {
		t.Errorf("signs are no operators: %d", n)
	}
	if n := h.search(employee, board.Query{Q: "+mensa -idea"}).Total; n != 0 {
		t.Errorf("a word left out is there: %d", n)
	}
	if n := h.search(employee, board.Query{Q: "parola7* "}).Total; n != 1 {
		t.Errorf("a star is no wildcard: %d", n)
	}
	if n := h.search(employee, board.Query{Q: "access:b1"}).Total; n != 0 {
		t.Errorf("a field can be asked: %d", n)
	}
}
