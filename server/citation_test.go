package server

import (
	"context"
	"testing"

	"convivio/store/board"
)

// What links two ideas is shown on both, to whoever may see both.
func TestLinkedIdeasOnBothPages(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	ctx, stop := context.WithCancel(f.Context())
	done := make(chan error, 1)
	go func() { done <- f.store.RunCitations(ctx, "") }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	add := func(slug, title, body string) board.Idea {
		i, err := f.store.AddIdea(f.Context(), f.people["anna"], slug, board.NewIdea{Title: title, Body: body}, "")
		if err != nil {
			t.Fatal(err)
		}
		return i
	}
	first := add("aperta", "Una tettoia", "Per le biciclette.")
	second := add("aperta", "Rastrelliere", "Sotto la tettoia di #"+id(first.ID)+".")
	hidden := add("riservata", "CNRY preventivi", "Di #"+id(first.ID)+".")
	said, err := f.store.Reply(f.Context(), f.people["bruno"], first.ID, board.NewComment{Body: "E #" + id(second.ID) + "?"}, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := f.store.WaitCitations(f.Context(), f.store.Head()); err != nil {
		t.Fatal(err)
	}
	anna, bruno := f.as("anna"), f.as("bruno")
	bruno.get("/ideas/"+id(first.ID)).has(200, `id="cites"`, second.Title).hasNot(hidden.Title)
	anna.get("/ideas/"+id(first.ID)).has(200, second.Title, hidden.Title)
	bruno.get("/ideas/"+id(second.ID)).has(200, first.Title, `href="/comments/`+id(said.ID))
	bruno.get("/ideas/" + id(hidden.ID)).has(404)
}
