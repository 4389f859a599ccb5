package search_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"convivio/search"
	"convivio/store/board"
)

// opened is an index of what is in memory, brought up to date.
func opened(t *testing.T, src search.Source) *search.Index {
	t.Helper()
	x, err := search.Open(t.TempDir(), src)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Close() })
	if err := x.Rebuild(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	return x
}

func TestDeletedWordsLeaveTheFilesOfAnIndexLookedAtWhileItWasBuilt(t *testing.T) {
	t.Cleanup(search.LookAround(0))
	m := newMemory()
	b := m.addBoard("b", false)
	for i := range 6000 {
		m.addIdea(b, fmt.Sprintf("Mensa %d", i), "testo", "cibo")
	}
	h := &house{memory: m, t: t, dir: t.TempDir()}
	h.start()
	defer h.stop()
	h.settle()
	h.deleteIdea(7)
	h.settle()
	if err := h.x.Forget(context.Background()); err != nil {
		t.Error(err)
	}
}

// retitled is a store in which a title changes from one read to the next.
type retitled struct {
	*memory
	reads atomic.Int64
}

func (m *retitled) Results(ctx context.Context, who board.Who, refs []board.Ref) ([]board.Result, error) {
	list, err := m.memory.Results(ctx, who, refs)
	if m.reads.Add(1)%2 == 0 {
		for i := range list {
			list[i].Hit.Title = "Mensa"
		}
	}
	return list, err
}

func TestATitleThatChangesWhileItIsSearchedIsMarkedAsItIsShown(t *testing.T) {
	m := &retitled{memory: newMemory()}
	id := m.addIdea(m.addBoard("b", false), strings.Repeat("parola ", 12)+"mensa", "testo", "")
	for range 12 {
		m.addComment(id, "la mensa grande")
	}
	x := opened(t, m)
	for range 40 {
		found, err := x.Search(context.Background(), employee, board.Query{Q: "mensa", Idea: id})
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range found.Hits {
			if marked := "<mark>" + h.Title[len(h.Title)-len("mensa"):] + "</mark>"; !strings.HasSuffix(h.Headline, marked) {
				t.Fatalf("%q is marked as %q", h.Title, h.Headline)
			}
		}
	}
}
