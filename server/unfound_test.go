package server

import (
	"net/http"
	"testing"

	"convivio/store/board"
)

// TestWhatFivePeopleSearchInVain searches as people do, on the page.
func TestWhatFivePeopleSearchInVain(t *testing.T) {
	f := newFront(t, withIndex(t))
	f.boards()
	idea, err := f.store.AddIdea(f.Context(), f.people["bruno"], "aperta", board.NewIdea{Title: "Parcheggio per le biciclette"}, "")
	if err != nil {
		t.Fatal(err)
	}
	f.indexed()
	var crowd []*browser
	for i := range board.UnfoundFrom {
		name := "cercatore" + id(int64(i))
		f.addPerson(name, board.Employee)
		crowd = append(crowd, f.as(name))
	}
	mod := f.as("mod")
	shown := func(none ...string) {
		t.Helper()
		if err := f.store.FlushUnfound(f.Context()); err != nil {
			t.Fatal(err)
		}
		mod.get("/admin/unfound").has(http.StatusOK).hasNot(none...)
	}
	for i, b := range crowd {
		if i == len(crowd)-1 {
			b.get("/search?part=1&q=mensa+vegana").has(http.StatusOK) // while it is typed
			shown("vegana")
		}
		b.get("/search?q=Mensa+vegana").has(http.StatusOK)
		b.get("/search?q=parcheggio").has(http.StatusOK, "per le biciclette")
		b.get("/ideas/" + id(idea.ID)).has(http.StatusOK)
		b.get("/search?q=mensa+1234").has(http.StatusOK)
	}
	shown("parcheggio", "1234")
	mod.get("/admin/unfound").has(http.StatusOK, "mensa vegana", "/ideas/new?title=mensa+vegana")
	f.as("anna").get("/admin/unfound").has(http.StatusForbidden)
	mod.post("/admin/unfound/aside", fields("query", "mensa vegana")).leads("/admin/unfound?done=1")
	shown("vegana")
}
