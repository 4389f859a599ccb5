package server

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"convivio/store"
	"convivio/store/board"
)

// matches tells of saved searches until everything is told.
func (f *front) matches() {
	f.Helper()
	f.indexed()
	f.told()
	find := f.server.searches.Index.(store.Finder)
	for done := int64(0); done < f.store.Head(); {
		var err error
		if done, err = f.store.TellSaved(f.Context(), find, done); err != nil {
			f.Fatal(err)
		}
	}
}

// idea posts an idea of a title.
func (f *front) idea(who, slug, title string) board.Idea {
	f.Helper()
	i, err := f.store.AddIdea(f.Context(), f.people[who], slug, board.NewIdea{Title: title}, "")
	if err != nil {
		f.Fatal(err)
	}
	return i
}

func TestASearchIsSavedToldOpenedRenamedAndDeleted(t *testing.T) {
	f := newFront(t, withIndex(t))
	f.boards()
	f.tells()
	anna, bruno := f.as("anna"), f.as("bruno")
	anna.get("/search?q=zafferano").has(200, "Save this search")
	anna.post("/search/saved", url.Values{"query": {"q=zafferano"}}).leads("/search?done=saved&q=zafferano")
	anna.get("/search?q=zafferano&sort=votes").has(200, "Saved: you will be told")
	bruno.get("/search?q=zafferano").has(200, "Save this search")

	f.idea("bruno", "aperta", "Risotto allo zafferano")
	f.idea("anna", "aperta", "Zafferano di chi lo cerca")
	f.matches()
	anna.get("/notices").has(200, "Search: zafferano", "“Risotto allo zafferano” matches")
	anna.get("/").has(200, "Search: zafferano")
	anna.get("/search/saved").has(200, "1 new result")
	bruno.get("/notices").hasNot("zafferano")

	saved := regexp.MustCompile(`/search/saved/\d+`).FindString(anna.get("/search/saved").body)
	bruno.get(saved).has(404)
	notice := regexp.MustCompile(`/notices/\d+`).FindString(anna.get("/notices").body)
	anna.get(notice).leads(saved)
	anna.get(saved).leads("/search?q=zafferano&sort=newest")
	anna.get("/search/saved").hasNot("1 new result")
	anna.get("/").hasNot("Search: zafferano")

	anna.post(saved+"/name", url.Values{"name": {strings.Repeat("x", board.MaxSavedName+1)}}).has(422, "A name has 100 characters at most.")
	anna.post(saved+"/name", url.Values{"name": {"Spezie"}}).leads("/search/saved")
	anna.get("/search/saved").has(200, "Spezie")
	bruno.post(saved+"/delete", nil).leads("/search/saved")
	anna.post(saved+"/delete", nil).leads("/search/saved")
	anna.get("/search/saved").has(200, "None yet")
	anna.get("/notices").hasNot("Spezie")
}

func TestTheSearchPageIsAnAddressThatSaysItAll(t *testing.T) {
	f := newFront(t, withIndex(t))
	f.boards()
	for i := range 3 {
		f.idea("anna", "aperta", fmt.Sprintf("Biciclette numero %d", i))
	}
	f.idea("anna", "riservata", "Biciclette dei soli soci")
	f.indexed()
	anna, bruno := f.as("anna"), f.as("bruno")
	anna.get("/search?q=+biciclette+&board=&stage=&from=&to=&sort=").leads("/search?q=biciclette")
	anna.get("/search?q=biciclette").has(200, "4 results", "dei soli soci", "Narrow down", `href="/search?board=aperta&amp;q=biciclette"`)
	bruno.get("/search?q=biciclette").has(200, "3 results").hasNot("soli soci")
	bruno.get("/search?board=riservata&q=biciclette").has(200, "There is no board with this address.")
	anna.get("/search?board=aperta&q=biciclette").has(200, "3 results", "Without the filter")
	anna.get("/search?q=biciclette&sort=score").has(200, "There is no order of this name.")
	anna.get("/search?q="+strings.Repeat("a", board.MaxQuery+1)).has(200, "A search has 1,000 characters at most.")
	anna.get("/search?q=inesistente&from=ieri").has(200, "Write a date such as")
	anna.get("/search?q=perch%C3%A9+zzzz+board:aperta").has(200, "Nothing found.", "/ideas/new?title=Perch%C3%A9+zzzz")
	anna.get("/ideas/new?title=Perch%C3%A9+zzzz").has(200, "/boards/aperta/new?title=Perch%C3%A9+zzzz")
	anna.get("/boards/aperta/new?title=Perch%C3%A9+zzzz").has(200, `value="Perché zzzz"`)
	anna.get("/search?q=biciclette&part=quick").has(200, "/ideas/1").hasNot("<html")
}

// TestNobodyIsWatched asks for what one person wrote in all the ways that would
// draw their days, or tell whenever they write.
func TestNobodyIsWatched(t *testing.T) {
	f := newFront(t, withIndex(t))
	f.boards()
	f.tells()
	anna, bruno := f.as("anna"), f.people["bruno"]
	const watched = "nobody is watched here"
	f.idea("bruno", "aperta", "Risotto allo zafferano")
	f.indexed()
	anna.get("/search?q=zafferano+author:bruno").has(200, "Risotto allo").hasNot("Save this search")
	for _, q := range []string{"q=zafferano+author:bruno", "q=autore:bruno", "q=zafferano&author=" + id(bruno.ID)} {
		anna.post("/search/saved", url.Values{"query": {q}}).has(422, watched)
	}
	_, err := f.sdk("anna").SaveSearch(f.Context(), board.NewSaved{Query: "q=author:bruno"})
	if err == nil || !strings.Contains(err.Error(), watched) {
		t.Errorf("a program saved a search for somebody: %v", err)
	}
	day := time.Now().AddDate(0, 0, -1)
	for _, q := range []board.Query{
		{Q: "author:bruno", Sort: board.ByNewest}, {Q: "author:bruno after:ieri"}, {Q: "zafferano author:bruno during:2026"},
		{Q: "author:bruno", From: day}, {Q: "author:bruno", To: day}, {Q: "author:bruno", Year: 2026}, {Author: bruno.ID, From: day}, {Q: "author:nessuno after:ieri"},
	} {
		if _, err := f.server.Index.Search(f.Context(), f.people["anna"], q); err == nil {
			t.Errorf("%+v was answered", q)
		}
	}
	for _, q := range []board.Query{{Q: "author:me after:2020", Sort: board.ByNewest}, {Q: "zafferano after:ieri"}} {
		if _, err := f.server.Index.Search(f.Context(), f.people["anna"], q); err != nil {
			t.Errorf("%+v: %v", q, err)
		}
	}
	anna.post("/search/saved", url.Values{"query": {"q=zafferano+author:me"}}).has(303)
	for _, q := range []string{"q=author:bruno+after:ieri", "q=autore:+bruno+dopo:+ieri", "q=author:bruno&sort=newest"} { // what is refused is not kept
		anna.post("/search/saved", url.Values{"query": {q}}).has(422)
	}
	if list, err := f.store.SavedSearches(f.Context(), f.people["anna"]); err != nil || len(list) != 1 {
		t.Errorf("kept are %+v, %v", list, err)
	}
}

func TestWhatIsLeftOutStandsForItself(t *testing.T) {
	f := newFront(t, withIndex(t))
	f.boards()
	posted := f.idea("anna", "aperta", "Zafferano postato")
	f.idea("bruno", "aperta", "Zafferano di altri")
	if _, err := f.store.UnfollowIdea(f.Context(), f.people["anna"], posted.ID); err != nil {
		t.Fatal(err)
	}
	f.indexed()
	for _, q := range []string{"zafferano -author:anna -team:vendite", "zafferano -is:mine -is:followed"} {
		found, err := f.server.Index.Search(f.Context(), f.people["anna"], board.Query{Q: q})
		if err != nil || len(found.Hits) != 1 || found.Hits[0].Idea == posted.ID {
			t.Errorf("%s found %+v, %v", q, found.Hits, err)
		}
	}
}

func TestResultsTellWhatIsAnswered(t *testing.T) {
	f := newFront(t, withIndex(t))
	f.boards()
	f.idea("anna", "aperta", "Biciclette da carico")
	answered := f.idea("anna", "aperta", "Biciclette a noleggio")
	if _, err := f.store.Answer(f.Context(), f.people["mod"], answered.ID, board.NewAnswer{Body: "Si fa."}, ""); err != nil {
		t.Fatal(err)
	}
	f.indexed()
	anna := f.as("anna")
	found, err := f.server.Index.Search(f.Context(), f.people["anna"], board.Query{Q: "biciclette"})
	if err != nil || len(found.Hits) != 2 {
		t.Fatalf("%+v, %v", found.Hits, err)
	}
	for _, h := range found.Hits {
		if h.Answered != (h.Idea == answered.ID) {
			t.Errorf("idea %d: answered is %t", h.Idea, h.Answered)
		}
	}
	anna.get("/search?q=noleggio").has(200, "✓ Answered")
	anna.get("/search?q=carico").has(200, "carico").hasNot("✓ Answered")
}

func TestSavedSearchesOfAProgram(t *testing.T) {
	f := newFront(t, withIndex(t))
	f.boards()
	f.tells()
	c := f.sdk("anna")
	ctx := context.Background()
	v, err := c.SaveSearch(ctx, board.NewSaved{Query: "q=pane&board=aperta"})
	if err != nil || v.Query != "board=aperta&q=pane" || v.Name != "pane" {
		t.Fatalf("saved %+v, %v", v, err)
	}
	f.idea("bruno", "aperta", "Pane fresco")
	f.matches()
	list, err := c.SavedSearches(ctx)
	if err != nil || len(list) != 1 || list[0].New != 1 {
		t.Errorf("listed %+v, %v", list, err)
	}
	if v, err = c.OpenSaved(ctx, v.ID); err != nil || v.New != 1 {
		t.Errorf("opened %+v, %v", v, err)
	}
	if v, err = c.RenameSaved(ctx, v.ID, board.SavedChange{Name: "Forno"}); err != nil || v.Name != "Forno" || v.New != 0 {
		t.Errorf("renamed %+v, %v", v, err)
	}
	if err = c.DeleteSaved(ctx, v.ID); err != nil {
		t.Error(err)
	}
	found, err := c.Search(ctx, board.Query{Q: "pane", Board: "aperta", Year: 1999, Exact: true, Sort: board.ByVotes}, 0)
	if err != nil || found.Total != 0 {
		t.Errorf("found %+v, %v", found, err)
	}
}
