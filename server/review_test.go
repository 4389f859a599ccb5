package server

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"convivio/store"
	"convivio/store/board"
)

// talked posts an idea of bruno's with a comment of his own and returns their ids.
func (f *front) talked(slug, title, comment string) (idea, com int64) {
	f.Helper()
	i, err := f.store.AddIdea(f.Context(), f.people["bruno"], slug, board.NewIdea{Title: title, Body: "Parole di " + title}, "")
	if err != nil {
		f.Fatal(err)
	}
	c, err := f.store.Reply(f.Context(), f.people["bruno"], i.ID, board.NewComment{Body: comment}, "")
	if err != nil {
		f.Fatal(err)
	}
	return i.ID, c.ID
}

// waiting reads what waits for somebody.
func (f *front) waiting(name string) []board.ReviewItem {
	f.Helper()
	p, err := f.store.Reviews(f.Context(), f.people[name], store.ReviewListing{})
	if err != nil {
		f.Fatal(err)
	}
	return p.Items
}

var versionField = regexp.MustCompile(`name="version" value="(\d+)"`)

// TestAReportIsDecidedWithoutScripts goes the whole way with links and forms.
func TestAReportIsDecidedWithoutScripts(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	idea, com := f.talked("aperta", "Bici", "CNRY parole brutte")
	anna, bruno, mod := f.as("anna"), f.as("bruno"), f.as("mod")
	report := fmt.Sprintf("/comments/%d/report", com)
	anna.get(fmt.Sprintf("/comments/%d", com)).has(200, report)
	if page := bruno.get(fmt.Sprintf("/comments/%d", com)).has(200); strings.Contains(page.body, report) {
		t.Error("somebody is offered to report their own words")
	}
	anna.get(report).has(200, "CNRY parole brutte")
	anna.post(report, fields("key", "k1", "ground", "other", "note", "")).has(http.StatusUnprocessableEntity, "Write something here.")
	anna.post(report, fields("key", "k1", "ground", "disrespect", "note", "Offende Carla")).leads("/reports?done=1")
	anna.post(report, fields("key", "k2", "ground", "disrespect", "note", "Offende Carla")).leads("/reports?done=1")
	anna.get("/reports").has(200, "has not looked at it yet")
	bruno.post(report, fields("key", "k3", "ground", "off_topic")).has(http.StatusConflict, "your own words")
	anna.get("/review").has(http.StatusForbidden)

	list := f.waiting("mod")
	if len(list) != 1 || list[0].Reporters != 1 || list[0].Grounds[0].Ground != board.Disrespect || list[0].Notes[0].Note != "Offende Carla" {
		t.Fatalf("what waits is %+v", list)
	}
	page := mod.get("/review").has(200, "CNRY parole brutte", "Offende Carla", "Bruno Sala")
	if strings.Contains(page.body, "Anna") {
		t.Error("the review page names who reported")
	}
	item := fmt.Sprintf("/review/%d", list[0].ID)
	version := versionField.FindStringSubmatch(mod.get(item).has(200, "Offende Carla").body)[1]
	mod.post(item, fields("key", "k4", "version", version, "do", "hide", "ground", "")).has(http.StatusUnprocessableEntity, "Give the reason")
	mod.post(item, fields("key", "k5", "version", version, "do", "hide", "ground", "disrespect", "note", "Parla delle idee.")).
		leads("/review?results=" + fmt.Sprint(list[0].ID) + ".1")
	mod.get("/review?results="+fmt.Sprint(list[0].ID)+".1").has(200, "hidden", "/review/decisions/1/undo", "Nothing waits here")
	for _, b := range []*browser{anna, bruno, mod} {
		if p := b.get(fmt.Sprintf("/ideas/%d", idea)); strings.Contains(p.body, "CNRY") {
			t.Error("hidden words are still shown")
		}
	}
	anna.get("/reports").has(200, "did something")
	mod.post(item, fields("key", "k6", "version", version, "do", "keep")).has(http.StatusConflict, "Mara Conti decided this meanwhile: hidden")
	mod.get("/review/decisions").has(200, "Disrespect", "Mara Conti")
	mod.post("/review/decisions/1/undo", fields("key", "k7")).leads("/review/decisions?done=1")
	anna.get(fmt.Sprintf("/ideas/%d", idea)).has(200, "CNRY parole brutte")
	anna.get("/reports").has(200, "has not looked at it yet")
	mod.post("/review/decisions/1/undo", fields("key", "k8")).has(http.StatusConflict)

	again := f.waiting("mod")
	if len(again) != 1 || again[0].ID != list[0].ID || again[0].Version <= list[0].Version {
		t.Fatalf("after the undo %+v waits", again)
	}
	mod.post("/review", fields("key", "k9", "one", fmt.Sprintf("%d.%d.keep", again[0].ID, again[0].Version))).leads("/review?results=" + fmt.Sprint(again[0].ID) + ".2")
	anna.get("/reports").has(200, "left it as it is")
	anna.post(report, fields("key", "k10", "ground", "off_topic")).has(http.StatusConflict, "it has not changed")
}

// TestModeratorsDoNotCollide lets two decide about the same items.
func TestModeratorsDoNotCollide(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	var ids []int64
	for n := range 3 {
		_, com := f.talked("aperta", fmt.Sprint("Idea ", n), fmt.Sprint("Parole ", n))
		if _, err := f.store.Report(t.Context(), f.people["anna"], 0, com, board.NewReport{Ground: board.OffTopic}); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, com)
	}
	list := f.waiting("mod")
	mod, admin := f.as("mod"), f.as("admin")
	admin.post(fmt.Sprintf("/review/%d", list[1].ID), fields("key", "a", "version", fmt.Sprint(list[1].Version), "do", "keep")).has(http.StatusSeeOther)
	if _, err := f.store.ClaimItem(t.Context(), f.people["admin"], list[2].ID, true); err != nil {
		t.Fatal(err)
	}
	mod.get("/review").has(200, "Ada Riva is looking at this")
	var tickets []string
	for _, it := range list {
		tickets = append(tickets, "item", fmt.Sprintf("%d.%d", it.ID, it.Version))
	}
	done := mod.post("/review", fields(append(tickets, "key", "b", "do", "hide", "ground", "off_topic", "note", "", "until", "")...))
	want := fmt.Sprintf("/review?results=%d.2%%2C%d.stale%%2C%d.stale", list[0].ID, list[1].ID, list[2].ID)
	done.leads(want)
	mod.get(want).has(200, "hidden", "changed meanwhile: look again")
	c, err := f.store.Comment(t.Context(), f.people["anna"], ids[1])
	if err != nil || c.Deleted {
		t.Error("a decision of somebody else's was overruled", err)
	}
	if left := f.waiting("mod"); len(left) != 1 || left[0].ID != list[2].ID {
		t.Errorf("%+v is left", left)
	}
}

// TestABoardModeratorSeesNothingOfOtherBoards gives bruno one board of two.
func TestABoardModeratorSeesNothingOfOtherBoards(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	made, _, err := f.store.AddPerson(t.Context(), store.Operator(), board.NewPerson{Email: "capo@example.com", Name: "Capo", Kind: board.Employee, Roles: []board.Role{board.Admin}})
	if err != nil {
		t.Fatal(err)
	}
	boss := board.Who{ID: made.ID, Kind: board.Employee, Roles: made.Roles}
	b, err := f.store.AddBoard(t.Context(), boss, board.NewBoard{Slug: "sua", Name: "Sua", Visibility: board.Private}, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"anna", "bruno", "guest"} {
		if _, err := f.store.AddMember(t.Context(), boss, "sua", f.people[name].ID); err != nil {
			t.Fatal(err)
		}
	}
	f.join("aperta", "guest")
	gone := true
	if _, err := f.store.ChangePerson(t.Context(), f.people["admin"], made.ID, store.PersonChange{Disabled: &gone}); err != nil {
		t.Fatal(err)
	}
	if _, err := f.store.NameKeeper(t.Context(), f.people["admin"], b.ID, f.people["anna"].ID); err != nil {
		t.Fatal(err)
	}
	_, own := f.talked("sua", "Sua", "Parole sue")
	_, foreign := f.talked("aperta", "CNRYaltra", "CNRYparole")
	for _, com := range []int64{own, foreign} {
		if _, err := f.store.Report(t.Context(), f.people["guest"], 0, com, board.NewReport{Ground: board.OffTopic}); err != nil {
			t.Fatal(err)
		}
	}
	anna := f.as("anna")
	page := anna.get("/review").has(200, "Parole sue")
	if strings.Contains(page.body, "CNRY") {
		t.Error("a board moderator sees another board's reports")
	}
	anna.get("/review?board=aperta").has(http.StatusNotFound)
	for _, it := range f.waiting("mod") {
		path := fmt.Sprintf("/review/%d", it.ID)
		anna.get(path).has(http.StatusNotFound)
		anna.post(path, fields("key", "k", "version", fmt.Sprint(it.Version), "do", "hide", "ground", "off_topic")).has(http.StatusNotFound)
		anna.post(path+"/claim", fields("key", "c")).has(http.StatusNotFound)
		anna.post("/review", fields("key", "m", "one", fmt.Sprintf("%d.%d.keep", it.ID, it.Version))).leads(fmt.Sprintf("/review?results=%d.forbidden", it.ID))
	}
	if n := len(f.waiting("mod")); n != 1 {
		t.Errorf("%d items wait for the moderator of open boards, want 1", n)
	}
}

// TestWhatIsIllegalGoesToTheOfficerAlone reports it on an open and on a private board.
func TestWhatIsIllegalGoesToTheOfficerAlone(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	_, com := f.talked("aperta", "Idea", "CNRYillecito")
	if _, err := f.store.Report(t.Context(), f.people["anna"], 0, com, board.NewReport{Ground: board.Illegal, Note: "CNRYnota"}); err != nil {
		t.Fatal(err)
	}
	secret, err := f.store.AddIdea(t.Context(), f.people["mod"], "riservata", board.NewIdea{Title: "CNRYriservata", Body: "CNRYcorpo"}, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.store.Report(t.Context(), f.people["anna"], secret.ID, 0, board.NewReport{Ground: board.Illegal, Note: "Qualcuno si farà male"}); err != nil {
		t.Fatal(err)
	}
	if _, err := f.store.RemoveMember(t.Context(), f.people["admin"], "riservata", f.people["admin"].ID); err != nil {
		t.Fatal(err)
	}
	if p := f.as("mod").get("/review").has(200); strings.Contains(p.body, "CNRY") {
		t.Error("a moderator sees what is for the officer alone")
	}
	admin := f.as("admin")
	if p := admin.get("/review").has(200, "For the officer", "private board"); strings.Contains(p.body, "CNRYillecito") || strings.Contains(p.body, "CNRYriservata") || strings.Contains(p.body, "CNRYnota") {
		t.Error("the list shows what is read with an entry in the audit log")
	}
	for _, it := range f.waiting("admin") {
		page := admin.get(fmt.Sprintf("/review/%d", it.ID)).has(200)
		if it.Sealed != !strings.Contains(page.body, "CNRYillecito") || strings.Contains(page.body, "CNRYriservata") || strings.Contains(page.body, "CNRYcorpo") {
			t.Errorf("item %+v shows %.3000s", it, page.body)
		}
		f.as("mod").get(fmt.Sprintf("/review/%d", it.ID)).has(http.StatusNotFound)
	}
}

// TestReportsAreLimited holds a person to board.MaxReports a day.
func TestReportsAreLimited(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	idea, _ := f.talked("aperta", "Idea", "Prima")
	for n := range board.MaxReports + 1 {
		c, err := f.store.Reply(t.Context(), f.people["bruno"], idea, board.NewComment{Body: fmt.Sprint("Parole ", n)}, "")
		if err != nil {
			t.Fatal(err)
		}
		_, err = f.store.Report(t.Context(), f.people["anna"], 0, c.ID, board.NewReport{Ground: board.OffTopic})
		var fault *board.Error
		if n < board.MaxReports && err != nil || n == board.MaxReports && (!errors.As(err, &fault) || fault.Code != board.TooMany) {
			t.Errorf("report %d: %v", n, err)
		}
	}
}

// TestOnePressLaysOneMeasureUponAPerson however many of their words are ticked: one
// notice, one appeal, and granted nothing is left of it.
func TestOnePressLaysOneMeasureUponAPerson(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	form := fields("do", "suspend", "ground", "disrespect", "note", "Basta.", "until", f.store.Now().AddDate(0, 0, 30).Format("2006-01-02"))
	for range 3 {
		idea := f.posted("bruno", "aperta", "Offensiva")
		if _, err := f.store.Report(f.Context(), f.people["anna"], idea.ID, 0, board.NewReport{Ground: board.Disrespect}); err != nil {
			t.Fatal(err)
		}
	}
	for _, it := range f.waiting("mod") {
		form.Add("item", fmt.Sprintf("%d.%d", it.ID, it.Version))
	}
	f.as("mod").post("/review", form)
	if left := f.waiting("mod"); len(left) != 0 {
		t.Errorf("there wait %+v", left)
	}
	if list, err := f.store.InForce(f.Context(), f.people["bruno"].ID); err != nil || len(list) != 1 {
		t.Errorf("there hold %+v, %v", list, err)
	}
	list, err := f.store.Judgements(f.Context(), f.people["bruno"], 10)
	if err != nil || len(list) != 1 {
		t.Fatalf("bruno was told of %+v, %v", list, err)
	}
	j, err := f.store.Appeal(f.Context(), f.people["bruno"], list[0].ID, "Non ero io.")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.store.DecideAppeal(f.Context(), f.people["admin"], j.Appeal.ID, true, "Ha ragione."); err != nil {
		t.Fatal(err)
	}
	if list, err := f.store.InForce(f.Context(), f.people["bruno"].ID); err != nil || len(list) != 0 {
		t.Errorf("after the appeal there hold %+v, %v", list, err)
	}
}

// TestAReportIsHandedOver to a colleague, who is told, or to the officer, after which
// moderators do not see it any more; what the officer has of the same words takes it in.
func TestAReportIsHandedOver(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	f.addPerson("second", board.Employee, board.Moderator)
	_, com := f.talked("aperta", "Idea", "Parole")
	report := func(by string, ground board.Ground) {
		t.Helper()
		if _, err := f.store.Report(t.Context(), f.people[by], 0, com, board.NewReport{Ground: ground, Note: "Ecco perché."}); err != nil {
			t.Fatal(err)
		}
	}
	report("anna", board.OffTopic)
	it := f.waiting("mod")[0]
	at := fmt.Sprintf("/review/%d", it.ID)
	give := func(to string) answered {
		it, err := f.store.ReviewItem(t.Context(), f.people["mod"], it.ID)
		if err != nil {
			t.Fatal(err)
		}
		return f.as("mod").post(at, fields("version", fmt.Sprint(it.Version), "do", string(board.HandOver), "to", to, "note", "Guarda tu"))
	}
	give(fmt.Sprint(f.people["anna"].ID)).has(http.StatusUnprocessableEntity, "Choose somebody who moderates this board.")
	if a := give(fmt.Sprint(f.people["second"].ID)); a.status != http.StatusSeeOther {
		t.Fatalf("got %d: %.2000s", a.status, a.body)
	}
	f.as("second").get(at).has(http.StatusOK, "Guarda tu")

	f.addPerson("third", board.Employee)
	report("third", board.Illegal) // to the officer
	if a := give("0"); a.status != http.StatusSeeOther {
		t.Fatalf("got %d: %.2000s", a.status, a.body)
	}
	for _, name := range []string{"mod", "second"} {
		if left := f.waiting(name); len(left) > 0 {
			t.Errorf("%s still has %+v", name, left)
		}
	}
	if own := f.waiting("admin"); len(own) != 1 || !own[0].Officer || own[0].Reporters != 2 {
		t.Errorf("the officer has %+v", own)
	}
}

// TestAnIdeaIsMergedOrMovedAsADecision, and stands where it stood when that is undone.
func TestAnIdeaIsMergedOrMovedAsADecision(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	into, _ := f.talked("aperta", "Altra", "Parole")
	if _, err := f.store.AddBoard(t.Context(), f.people["admin"], board.NewBoard{Slug: "terza", Name: "Terza"}, ""); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		form url.Values
		done func(board.Idea) bool
	}{
		"merge":    {fields("do", string(board.MergeInto), "into", fmt.Sprint(into), "ground", string(board.Duplicate)), func(i board.Idea) bool { return i.Stage == "merged" }},
		"relocate": {fields("do", string(board.Relocate), "board", "terza", "ground", string(board.OffTopic)), func(i board.Idea) bool { return i.Board == "terza" }},
	} {
		idea, _ := f.talked("aperta", "Idea "+name, "Parole")
		if _, err := f.store.Report(t.Context(), f.people["anna"], idea, 0, board.NewReport{Ground: board.OffTopic}); err != nil {
			t.Fatal(err)
		}
		it := f.waiting("mod")[0]
		c.form.Set("version", fmt.Sprint(it.Version))
		c.form.Set("note", "Sta meglio lì.")
		if a := f.as("mod").post(fmt.Sprintf("/review/%d", it.ID), c.form); a.status != http.StatusSeeOther {
			t.Fatalf("%s: got %d: %.3000s", name, a.status, a.body)
		}
		got, err := f.store.Idea(t.Context(), f.people["anna"], idea)
		if err != nil || !c.done(got) {
			t.Errorf("%s: the idea is %+v, %v", name, got, err)
		}
		list, err := f.store.Decisions(t.Context(), f.people["mod"], store.DecisionListing{Item: it.ID, Limit: 1})
		if err != nil || len(list.Items) != 1 {
			t.Fatalf("%s: decided was %+v, %v", name, list, err)
		}
		if _, err := f.store.UndoDecision(t.Context(), f.people["mod"], list.Items[0].ID); err != nil {
			t.Errorf("%s: undo: %v", name, err)
		}
		if got, err = f.store.Idea(t.Context(), f.people["anna"], idea); err != nil || c.done(got) || got.Board != "aperta" {
			t.Errorf("%s: after the undo the idea is %+v, %v", name, got, err)
		}
		// The item waits again; it is closed, so that the next round begins with its own.
		if it, err = f.store.ReviewItem(t.Context(), f.people["mod"], it.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := f.store.Decide(t.Context(), f.people["mod"], board.Ruling{Item: it.ID, Version: it.Version, Action: board.Keep}); err != nil {
			t.Fatal(err)
		}
	}
}
