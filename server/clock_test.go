package server

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"convivio/client"
	"convivio/store/board"
	"convivio/templates/words"
)

// TestTheClockSaysTheSameEverywhere looks at a late idea wherever it is shown.
func TestTheClockSaysTheSameEverywhere(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	id := f.idea("anna", "aperta", "Una panca").ID
	f.idea("anna", "aperta", "Un albero") // not looked at again: told only so that the other is not alone
	f.ahead.Store(int64(20 * 24 * time.Hour))
	i, err := f.store.Idea(t.Context(), f.people["anna"], id)
	if err != nil || !i.Late || i.DueDays < 5 {
		t.Fatalf("after 20 days the idea is %+v, %v", i, err)
	}
	for _, lang := range []string{"en", "it"} {
		want := ">" + words.Clock(lang, i) + "<"
		for _, x := range []struct{ who, path string }{
			{"bruno", "/boards/aperta"}, {"bruno", "/boards/aperta?sort=late"}, {"bruno", "/boards/aperta?sort=unanswered"},
			{"bruno", fmt.Sprint("/ideas/", id)}, {"anna", "/mine"}, {"mod", "/"}, {"mod", "/review?kind=late"},
		} {
			b := f.as(x.who)
			b.header.Set("Accept-Language", lang)
			b.get(x.path).has(http.StatusOK, want)
		}
	}
	api := fmt.Sprintf(`"late":true,"due_days":%d`, i.DueDays)
	for who, path := range map[string]string{"bruno": fmt.Sprint("/ideas/", id), "anna": "/boards/aperta/ideas?sort=late", "mod": "/late"} {
		f.program(who).get("/api/v1"+path).has(http.StatusOK, api, `"waits":true`)
	}
	f.program("bruno").get("/api/v1/late").has(http.StatusOK, `"items":[]`)
	if list, err := f.sdk("mod").Late(t.Context(), client.Page{}); err != nil || len(list.Items) != 2 || !list.Items[0].Late {
		t.Errorf("the client lists %+v, %v", list.Items, err)
	}
	f.as("bruno").get("/boards/aperta").has(http.StatusOK, "sort=late", "2 answers are late", "answers within 5 working days")
}

// TestTheClockStopsOnOpenPages answers as who owes it, and as who does not.
func TestTheClockStopsOnOpenPages(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	id := f.idea("anna", "aperta", "Una panca").ID
	f.as("admin").post("/boards/aperta/owners", url.Values{"person": {fmt.Sprint(f.people["bruno"].ID)}}).leads("/boards/aperta/edit?done=owners#owners")
	answer := func(who string) string {
		t.Helper()
		f.as(who).post(fmt.Sprint("/ideas/", id, "/answers"), url.Values{"body": {"Sì, da maggio."}}).has(http.StatusSeeOther)
		list, err := f.store.Entries(t.Context(), f.store.Head()-1, 1)
		if err != nil || len(list) != 1 || list[0].Kind != board.IdeaAnswered {
			t.Fatalf("recorded %+v, %v", list, err)
		}
		html, err := f.server.Frame(t.Context(), list[0], "en")
		if err != nil {
			t.Fatal(err)
		}
		return html
	}
	i, err := f.store.Idea(t.Context(), f.people["anna"], id)
	if err != nil || i.DueAt == nil {
		t.Fatalf("nothing is due: %+v, %v", i, err)
	}
	const note = "The answer below is a moderator"
	running := ">" + words.Clock("en", i) + "</span>"
	if html := answer("mod"); !strings.Contains(html, running) || !strings.Contains(html, note) {
		t.Errorf("a moderator's answer stopped the clock of a board with owners: %s", html)
	}
	f.as("anna").get(fmt.Sprint("/ideas/", id)).has(http.StatusOK, running, note)
	if html := answer("bruno"); !strings.Contains(html, fmt.Sprintf(`<span id="clock-%d" hidden>`, id)) || strings.Contains(html, note) {
		t.Errorf("an owner's answer leaves %s", html)
	}
	f.as("anna").get(fmt.Sprint("/ideas/", id)).hasNot(running, note)
}

// TestBoardSettings keeps what was typed, says what is wrong and saves what is right.
func TestBoardSettings(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	admin := f.as("admin")
	form := url.Values{"time": {"2"}, "unit": {"days"}, "zone": {"Europe/Rome"}, "holidays": {"it"}, "extra": {"7/12\n24/12/2026"}, "week-4": {"9-13"}}
	for day := range 4 {
		form.Set(board.WeekField(day), "9-13, 14-18")
	}
	form.Set("week-5", "noon")
	admin.post("/boards/aperta/clock", form).has(http.StatusUnprocessableEntity, `value="noon"`, "Write working hours such as", "24/12/2026")
	form.Set("week-5", "")
	form.Set("time", "two")
	admin.post("/boards/aperta/clock", form).has(http.StatusUnprocessableEntity, `value="two"`, "Write a number here.")
	form.Set("time", "2")
	admin.post("/boards/aperta/clock", form).leads("/boards/aperta/edit?done=clock#clock")
	admin.get("/boards/aperta/edit?done=clock").has(http.StatusOK, "The change was saved.", "09:00-13:00 14:00-18:00", ">7/12\n24/12/2026<")
	f.program("bruno").get("/api/v1/boards/aperta/clock").has(http.StatusOK, `"time":2`, `"extra":["12-07","2026-12-24"]`)
	sdk := f.sdk("admin")
	clock, err := sdk.Clock(t.Context(), "aperta")
	clock.Time, clock.Unit, clock.Calendar.Week = 0, board.Hours, [7]string{"9-18"}
	if err == nil {
		_, err = sdk.SetClock(t.Context(), "aperta", clock)
	}
	if err != nil {
		t.Error(err)
	}
	f.program("admin").send("PUT", "/api/v1/boards/aperta/clock", `{"time":0,"unit":"hours","calendar":{"zone":"Europe/Rome","week":["9-18","","","","","",""],"holidays":""}}`).has(http.StatusOK)
	f.as("mod").post("/boards/aperta/clock", form).has(http.StatusForbidden)

	admin.get("/boards/aperta/edit?q=gatti").has(http.StatusOK, "Anna Gatti", `name="person"`)
	admin.post("/boards/aperta/owners", url.Values{"person": {fmt.Sprint(f.people["guest"].ID)}}).has(http.StatusUnprocessableEntity, "can see this board")
	admin.post("/boards/aperta/owners", url.Values{"person": {fmt.Sprint(f.people["anna"].ID)}}).has(http.StatusSeeOther)
	f.as("bruno").get("/boards/aperta").has(http.StatusOK, "Owners, who answer: Anna Gatti")
	if _, err := f.store.AddMember(t.Context(), f.people["admin"], "aperta", f.people["guest"].ID); err != nil {
		t.Fatal(err)
	}
	f.as("guest").get("/boards/aperta").has(http.StatusOK).hasNot("Owners, who answer")
	f.program("guest").get("/api/v1/boards/aperta/owners").has(http.StatusNotFound)
	owners, err := sdk.Owners(t.Context(), "aperta")
	if err != nil || len(owners) != 1 {
		t.Fatalf("owners are %+v, %v", owners, err)
	}
	f.as("mod").post(fmt.Sprint("/boards/aperta/owners/", owners[0].ID, "/delete"), nil).has(http.StatusForbidden)
	admin.post(fmt.Sprint("/boards/riservata/owners/", owners[0].ID, "/delete"), nil).has(http.StatusNotFound) // of another board
	admin.post(fmt.Sprint("/boards/aperta/owners/", owners[0].ID, "/delete"), nil).has(http.StatusSeeOther)
	f.as("bruno").get("/boards/aperta").hasNot("Owners, who answer")
	if _, err := sdk.AddOwner(t.Context(), "aperta", board.NewOwner{Person: f.people["bruno"].ID}); err != nil {
		t.Error(err)
	}
	if owners, err = sdk.Owners(t.Context(), "aperta"); err != nil || len(owners) != 1 {
		t.Fatalf("owners are %+v, %v", owners, err)
	}
	if _, err := sdk.RemoveOwner(t.Context(), "aperta", owners[0].ID); err != nil {
		t.Error(err)
	}
}

// TestWhoOwesAnswersIsToldThatTheyAreLate once, of all that is late on a board, in one
// line that leads to what waits; what is answered takes it away.
func TestWhoOwesAnswersIsToldThatTheyAreLate(t *testing.T) {
	f := newFront(t, withIndex(t))
	f.boards()
	f.tells()
	f.as("admin").post("/boards/aperta/owners", url.Values{"person": {fmt.Sprint(f.people["bruno"].ID)}}).has(http.StatusSeeOther)
	one, two := f.idea("anna", "aperta", "Una panca").ID, f.idea("anna", "aperta", "Un albero").ID
	f.idea("anna", "riservata", "CNRYchiusa")
	tell := func() {
		t.Helper()
		if err := f.store.TellLate(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	var bruno *browser
	said := func(want string) {
		t.Helper()
		f.told()
		bruno = f.as("bruno") // sessions end meanwhile
		if got := bellOf(bruno.get("/boards")); got != want {
			t.Errorf("the bell says %q, want %q", got, want)
		}
	}
	tell()
	said("") // nothing is late
	f.ahead.Store(int64(20 * 24 * time.Hour))
	tell()
	head := f.store.Head()
	tell()
	if f.store.Head() != head {
		t.Error("told again of the same")
	}
	said("1")
	told := bruno.get("/notices").has(200, "2 ideas on “", "” wait for an answer of yours, which is late", "Una panca").hasNot("CNRYchiusa")
	bruno.header.Set("Accept-Language", "it")
	bruno.get("/notices").has(200, "2 idee di «", "» aspettano una tua risposta, che è in ritardo")
	bruno.header.Del("Accept-Language")
	f.as("anna").get("/notices").hasNot("which is late")
	f.as("mod").get("/notices").has(200, "CNRYchiusa", words.T("en", "This idea waits for an answer of yours, which is late")).hasNot("Una panca") // who moderates answers where nobody owns
	f.program("bruno").send("GET", "/api/v1/notices", "").has(200, `"reason":"late"`, `"others":1`)

	// Another one becomes late: still one line. Answered, they go.
	three := f.idea("anna", "aperta", "Una fontana").ID
	f.ahead.Store(int64(40 * 24 * time.Hour))
	tell()
	said("1")
	bruno.get("/notices").has(200, "3 ideas on “")
	f.indexed()
	seq := between(told.body, `href="/notices/`, `"`)
	place := bruno.get("/notices/" + seq).has(http.StatusSeeOther).header.Get("Location")
	f.program("bruno").send("PUT", "/api/v1/notices/"+seq+"/seen", "").has(200)
	bruno.get(place).has(200, "Una panca", "Un albero", "Una fontana", words.T("en", "owed an answer that is late")).hasNot("CNRYchiusa")
	bruno.get("/search?q="+url.QueryEscape("è:in ritardo")).has(200, "Una panca").hasNot("CNRYchiusa")
	said("")
	four := f.idea("anna", "aperta", "Una siepe").ID
	f.ahead.Store(int64(60 * 24 * time.Hour))
	tell()
	said("1") // of the new one alone: the others were told
	bruno.get("/notices").has(200, "Una siepe")
	for _, id := range []int64{one, two, three, four} {
		bruno.post(fmt.Sprint("/ideas/", id, "/answers"), url.Values{"body": {"Sì, da maggio."}}).has(http.StatusSeeOther)
	}
	said("")
	bruno.get("/notices").has(200).hasNot("which is late")
	f.indexed()
	bruno.get(place).has(200).hasNot("Una panca")
	if faults, err := f.store.Check(t.Context()); err != nil || len(faults) > 0 {
		t.Errorf("check says %v, %v", faults, err)
	}
}
