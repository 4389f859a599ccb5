package server

import (
	"net/http"
	"testing"

	"convivio/store/board"
)

// TestWhoKnowsStandsBesideASearchAndAnIdea goes the way of somebody who offers to
// be asked, and of those who may or may not see why.
func TestWhoKnowsStandsBesideASearchAndAnIdea(t *testing.T) {
	f := newFront(t, withIndex(t))
	f.boards()
	add := func(slug, title string) board.Idea {
		i, err := f.store.AddIdea(f.Context(), f.people["anna"], slug, board.NewIdea{Title: title, Body: "La brugola del tornio."}, "")
		if err == nil {
			_, err = f.store.MoveIdea(f.Context(), f.people["mod"], i.ID, board.Move{Stage: board.Planned, Reason: "Serve.", Owner: f.people["mod"].ID, Due: "2099-12-31"})
		}
		if err != nil {
			t.Fatal(err)
		}
		return i
	}
	open, near := add("aperta", "Brugole nuove per il tornio"), add("aperta", "Il tornio e le brugole vecchie")
	add("riservata", "Brugole riservate")
	f.indexed()
	anna, bruno, guest := f.as("anna"), f.as("bruno"), f.as("guest")
	const title, name = "Who knows about this", "<mark>Brugole</mark> nuove"
	bruno.get("/search?q=brugole").has(http.StatusOK, name).hasNot(title)
	anna.get("/account").has(http.StatusOK, `name="expert"`)
	anna.post("/account/expert", fields("expert", "true")).leads("/account?done=expert#expert")
	bruno.get("/search?q=brugole").has(http.StatusOK, title, `href="/ideas/`+id(open.ID)+`"`).hasNot("riservate")
	bruno.get("/ideas/"+id(near.ID)+"/similar?part=1").has(http.StatusOK, title)
	guest.get("/search?q=brugole").has(http.StatusOK).hasNot(title)
	anna.get("/search?q=brugole").has(http.StatusOK, "riservate").hasNot(title) // not oneself
	anna.post("/account/expert", fields()).leads("/account?done=expert#expert")
	bruno.get("/search?q=brugole").has(http.StatusOK, name).hasNot(title)
}
