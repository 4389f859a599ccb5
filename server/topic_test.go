package server

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"convivio/store"
	"convivio/store/board"
)

// history brings ideas of the last year to two boards: week after week the same
// talk, and lately of a canteen on one that everybody sees, of a secret on both.
func (f *front) history() {
	f.Helper()
	im := f.store.ImportFrom("history")
	people := []store.ImportPerson{{Ref: "1", Name: "Piero Rosa"}, {Ref: "2", Name: "Lina Costa"}, {Ref: "3", Name: "Ugo Serra"}, {Ref: "4", Name: "Zita Zafferano"}}
	var rows []store.Rendered[store.ImportIdea]
	add := func(n, days int, where, title string) {
		rows = append(rows, store.RenderIdea(store.ImportIdea{Ref: fmt.Sprint(len(rows)), Board: where, Author: fmt.Sprint(1 + n%4), Title: title,
			Body: "Se ne parla con Zafferano.", At: time.Now().Add(-time.Duration(days)*24*time.Hour - time.Minute)}))
	}
	for n := range 40 {
		add(n, 8*n, "1", "La macchina numero cinque resta ferma")
		add(n, 8*n+1, "2", "La macchina numero sei resta ferma")
	}
	for n := range 6 {
		add(n, 3*n, "1", "Mensa vegetariana al turno di notte")
		add(n, 3*n, "2", "CNRYfusione con il concorrente")
	}
	for _, err := range []error{
		second(im.Boards(f.Context(), []store.ImportBoard{{Ref: "1", Name: "Storia"}, {Ref: "2", Name: "Storia riservata"}})),
		second(im.People(f.Context(), people)), second(im.Ideas(f.Context(), rows))} {
		if err != nil {
			f.Fatal(err)
		}
	}
	private := board.Private
	if _, err := f.store.ChangeBoard(f.Context(), f.people["admin"], "storia-riservata", board.BoardChange{Visibility: &private}); err != nil {
		f.Fatal(err)
	}
}

func second(_ int, err error) error { return err }

func TestTopicsThatGrow(t *testing.T) {
	f := newFront(t, withIndex(t))
	f.history()
	f.indexed()
	bruno, guest := f.as("bruno"), f.as("guest")
	page := bruno.get("/topics").has(200, "mensa vegetariana", "turno di notte", "<svg", "/search?", "Mensa vegetariana al turno di notte").hasNot("CNRY", "cnry", "zafferano", "Zafferano", "Piero")
	if n := strings.Count(page.body, "<rect"); n%board.TopicWeeks != 0 || n == 0 {
		t.Errorf("%d bars are drawn", n)
	}
	bruno.get("/topics?days=90&board=storia").has(200, "mensa vegetariana")
	bruno.get("/topics?board=storia-riservata").has(404)
	bruno.get("/topics?days=31").has(404)
	bruno.get("/topics?days=x").has(404)
	bruno.get("/boards/storia").has(200, "mensa vegetariana")
	bruno.get("/").has(200, "mensa vegetariana", `href="/topics"`)
	guest.get("/topics").has(200).hasNot("mensa", "<svg")

	api := f.sdk("bruno")
	got, err := api.Topics(t.Context(), board.TopicQuery{Days: 30})
	if err != nil || len(got.Items) != 1 || got.Items[0].Ideas != 6 || len(got.Items[0].Weeks) != board.TopicWeeks || got.Days != 30 {
		t.Errorf("the API tells %+v, %v", got, err)
	}
	for _, in := range []board.TopicQuery{{Days: 3}, {Board: "storia-riservata"}} {
		if _, err := api.Topics(t.Context(), in); err == nil {
			t.Errorf("%+v is answered", in)
		}
	}
	idea := got.Items[0].Examples[0].Idea
	list, err := api.Similar(t.Context(), idea)
	if err != nil || len(list) != 5 || list[0].Idea == idea {
		t.Errorf("like idea %d: %+v, %v", idea, list, err)
	}
	if list, err = api.SimilarTo(t.Context(), "mensa vegetariana"); err != nil || len(list) != 6 {
		t.Errorf("like a title: %+v, %v", list, err)
	}
}
