package search_test

import (
	"context"
	"fmt"
	"testing"

	"convivio/search"
	"convivio/store/board"
)

// A build leaves few segments, whatever its batches were.
func TestABuildLeavesFewSegments(t *testing.T) {
	h := newMemory()
	b := h.addBoard("b", false)
	for i := range 5_000 {
		h.addIdea(b, fmt.Sprintf("Mensa %d", i), "testo", "cibo")
	}
	x, err := search.Open(t.TempDir(), h)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = x.Close() }()
	if err := x.Rebuild(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	if n := x.Segments(); n > 2 {
		t.Errorf("%d segments", n)
	}
	found, err := x.Search(context.Background(), employee, board.Query{Q: "mensa 4321"})
	if err != nil || len(found.Hits) == 0 || found.Hits[0].Title != "Mensa 4321" {
		t.Errorf("found %v, %v", found.Hits, err)
	}
}

// Many small changes do not leave as many segments.
func TestLiveSegmentsStayFew(t *testing.T) {
	h := open(t)
	b := h.addBoard("b", false)
	for i := range 60 {
		h.addIdea(b, fmt.Sprintf("Mensa %d", i), "testo", "")
		h.settle()
	}
	if n := h.x.Segments(); n > 30 {
		t.Errorf("%d segments", n)
	}
	if found := h.search(employee, words("mensa")); found.Total != 60 {
		t.Errorf("%d found", found.Total)
	}
}
