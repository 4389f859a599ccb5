package search_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"convivio/search"
	"convivio/store/board"
)

func TestCheckTellsDifferences(t *testing.T) {
	h := filled(t)
	x, err := search.Open(h.dir, h.memory)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = x.Close() }()
	h.mu.Lock() // rows change and no event says so
	delete(h.texts, board.Ref{Part: board.InComment, ID: 3})
	added := board.Ref{Part: board.InAnswer, ID: 9}
	h.last[board.InAnswer] = 9
	h.texts[added] = board.Document{Ref: added, Idea: 1, Board: 1, HTML: "<p>x</p>"}
	changed := board.Ref{Part: board.InText, ID: 5}
	d := h.texts[changed]
	d.Title = "Altro"
	h.texts[changed] = d
	h.mu.Unlock()
	list, err := x.Check(context.Background())
	if err != nil || len(list) != 3 {
		t.Fatalf("Check: %v, %v", list, err)
	}
	for i, want := range []string{"text 5 stands", "comment 3, which is no more", "answer 9 is not"} {
		if !strings.Contains(list[i], want) {
			t.Errorf("%q does not say %q", list[i], want)
		}
	}
	last := 0
	if err := x.Rebuild(context.Background(), func(n int) { last = n }); err != nil || last != 80 {
		t.Fatalf("Rebuild: %v after %d", err, last)
	}
	if list, err := x.Check(context.Background()); err != nil || len(list) > 0 {
		t.Errorf("after Rebuild: %v, %v", list, err)
	}
}

// People may write while the index is compared: what only came later is no difference.
func TestCheckWhilePeopleWrite(t *testing.T) {
	h := filled(t)
	x, err := search.Open(h.dir, h.memory)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = x.Close() }()
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for i := range int64(1000) {
			select {
			case <-stop:
				return
			default:
			}
			h.addComment(h.addIdea(1, "Altro", "", ""), "commento")
			h.change(board.Ref{Part: board.InText, ID: 1 + i%40}, board.IdeaEdited, func(d *board.Document) { d.Title += "x" })
			h.deleteComment(41 + i)
		}
	}()
	for range 10 {
		if list, err := x.Check(context.Background()); err != nil || len(list) > 0 {
			t.Errorf("Check: %v, %v", list, err)
		}
	}
	close(stop)
	<-done
}

// Segments that were merged hold what they held before.
func TestMergedSegments(t *testing.T) {
	h := open(t)
	b := h.addBoard("b", false)
	for i := range 12 {
		for j := range 30 {
			id := h.addIdea(b, fmt.Sprintf("Mensa %d", i), "testo", "cibo")
			if j%3 == 0 {
				h.deleteIdea(id)
			}
		}
		h.settle()
	}
	if err := h.x.Merge(context.Background()); err != nil {
		t.Fatal(err)
	}
	found := h.search(employee, board.Query{Q: "mensa", From: time.UnixMicro(1)})
	if found.Total != 240 || fmt.Sprint(found.Facets.Boards, found.Facets.Stages) != "[{b 240}] [{new 240}]" {
		t.Errorf("total %d, facets %v", found.Total, found.Facets)
	}
	h.finds(employee, words("12345"))
	problems(t, h)
}

// Searches run while texts come, change and go. The race detector looks on.
func TestSearchWhileIndexing(t *testing.T) {
	h := open(t)
	b := h.addBoard("b", false)
	p := h.addBoard("p", true, member.ID)
	var wg sync.WaitGroup
	stop := make(chan struct{})
	for range 3 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				found, err := h.x.Search(context.Background(), employee, words("mensa"))
				var fault *board.Error
				if err != nil && !(errors.As(err, &fault) && fault.Code == board.TooMany) {
					t.Errorf("Search: %v", err)
					return
				}
				for _, hit := range found.Hits {
					if hit.Board == "p" && hit.Title == "Mensa privata" {
						t.Errorf("a private idea: %+v", hit)
					}
				}
			}
		})
	}
	for i := range 300 {
		id := h.addIdea(b, "Mensa aperta", "testo", "")
		h.addIdea(p, "Mensa privata", "testo", "")
		c := h.addComment(id, "La mensa")
		switch i % 4 {
		case 0:
			h.deleteComment(c)
		case 1:
			h.deleteIdea(id)
		case 2:
			h.stage(id, board.Planned)
		}
	}
	h.settle()
	close(stop)
	wg.Wait()
	problems(t, h)
}

func TestOnlySomeSearchesAtOnce(t *testing.T) {
	h := open(t)
	h.addIdea(h.addBoard("b", false), "Mensa", "", "")
	h.settle()
	slow := &slowSource{Source: h.memory, gate: make(chan struct{})}
	h.stop()
	x, err := search.Open(h.dir, slow)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = x.Close() }()
	results := make(chan error, 5)
	for range 5 {
		go func() {
			_, err := x.Search(context.Background(), employee, words("mensa"))
			results <- err
		}()
	}
	var fault *board.Error
	if err := <-results; !errors.As(err, &fault) || fault.Code != board.TooMany {
		t.Errorf("the fifth search: %v", err)
	}
	close(slow.gate)
	for range 4 {
		if err := <-results; err != nil {
			t.Errorf("one of four: %v", err)
		}
	}
}

// slowSource answers what may be seen only when the gate is open.
type slowSource struct {
	search.Source
	gate chan struct{}
}

func (s *slowSource) SeenBoards(ctx context.Context, who board.Who) ([]board.SeenBoard, error) {
	<-s.gate
	return s.Source.SeenBoards(ctx, who)
}
