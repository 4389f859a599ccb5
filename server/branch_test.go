package server

import (
	"fmt"
	"strings"
	"testing"

	"convivio/store/board"
	"convivio/templates"
)

// A branch is cut out of its thread once for each state of the thread, and what
// is kept of it is counted: looking again keeps nothing more.
func TestABranchIsCutOutOnce(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	idea, err := f.store.AddIdea(t.Context(), f.people["anna"], "aperta", board.NewIdea{Title: "Una"}, "")
	if err != nil {
		t.Fatal(err)
	}
	var parent *int64
	for i := range 20 {
		c, err := f.store.Reply(t.Context(), f.people["anna"], idea.ID, board.NewComment{Body: fmt.Sprintf("parola-%d", i), ParentID: parent}, "")
		if err != nil {
			t.Fatal(err)
		}
		if i < 3 {
			parent = &c.ID
		}
	}
	idea, err = f.store.Idea(t.Context(), f.people["anna"], idea.ID)
	if err != nil {
		t.Fatal(err)
	}
	k := shapeKey{idea.ID, idea.ThreadSeq, board.Best}
	cache := f.server.threads
	whole, err := cache.shape(t.Context(), f.store, k)
	if err != nil {
		t.Fatal(err)
	}
	at, _ := whole.Find(2)
	first := cache.below(k, whole, at)
	if cache.below(k, whole, at) != first || len(first.Nodes) != 18 {
		t.Errorf("it was cut out again, %d comments", len(first.Nodes))
	}
	if again, err := cache.shape(t.Context(), f.store, k); err != nil || again != whole {
		t.Errorf("the whole thread was mixed up with a branch: %v", err)
	}
	anna := f.as("anna")
	for range 2 {
		if a := anna.get("/comments/2").has(200, "parola-19"); strings.Contains(a.body, "parola-0<") && !strings.Contains(a.body, "parola-1") {
			t.Error(a.body)
		}
	}
}

// The list to jump by does not grow with the thread.
func TestTheListToJumpByIsBounded(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	idea, err := f.store.AddIdea(t.Context(), f.people["anna"], "aperta", board.NewIdea{Title: "Una"}, "")
	if err != nil {
		t.Fatal(err)
	}
	bruno := f.as("bruno")
	bruno.get("/ideas/" + id(idea.ID))
	for i := range templates.MostListed + 20 {
		who := f.people["anna"]
		if i >= 10 {
			name := fmt.Sprintf("persona%d", i)
			f.addPerson(name, board.Employee)
			who = f.people[name]
		}
		if _, err := f.store.Reply(t.Context(), who, idea.ID, board.NewComment{Body: "parole"}, ""); err != nil {
			t.Fatal(err)
		}
	}
	list := bruno.get("/ideas/" + id(idea.ID) + "/outline?part=1").has(200)
	if n := strings.Count(list.body, "<li>"); n < templates.MostListed || n > 2*templates.MostListed+1 {
		t.Errorf("%d entries", n)
	}
}
