package server

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"convivio/store"
	"convivio/store/board"
)

func TestABoardIsLookedAfterByWhoIsNamed(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	admin, anna := f.as("admin"), f.people["anna"].ID
	admin.get("/admin/boards").has(http.StatusOK, "Aperta")
	admin.post("/admin/boards/aperta/roles", fields("person", "@nobody", "role", "moderator")).has(http.StatusUnprocessableEntity, "Write the name behind @", `value="@nobody"`)
	admin.post("/admin/boards/aperta/roles", fields("person", "@anna.gatti", "role", "owner")).has(http.StatusUnprocessableEntity)
	admin.post("/admin/boards/aperta/roles", fields("person", "@anna.gatti", "role", "moderator")).leads("/admin/boards?done=1")
	admin.get("/admin/boards").has(http.StatusOK, "Anna Gatti", "moderator of this board")
	idea := f.idea("bruno", "aperta", "Una bacheca curata").ID
	f.as("bruno").post(fmt.Sprintf("/ideas/%d/pin", idea), fields()).has(http.StatusForbidden)
	f.as("anna").post(fmt.Sprintf("/ideas/%d/pin", idea), fields()).leads("/boards/aperta")
	admin.post(fmt.Sprintf("/admin/boards/aperta/roles/%d/delete", anna), fields("role", "moderator")).leads("/admin/boards?done=1")
	f.as("anna").post(fmt.Sprintf("/ideas/%d/unpin", idea), fields()).has(http.StatusForbidden)

	admin.post("/admin/boards/aperta/visibility", fields("visibility", "private", "confirm", "Aperto")).has(http.StatusUnprocessableEntity, "Write the name exactly")
	f.as("anna").get("/boards/aperta").has(http.StatusOK)
	admin.post("/admin/boards/aperta/visibility", fields("visibility", "private", "confirm", "aperta")).leads("/admin/boards?done=1")
	f.as("anna").get("/boards/aperta").has(http.StatusNotFound)
}

// TestAPrivateBoardWithNobodyInChargeIsHandedOnUnread: roles open no private
// board, and naming somebody opens it to them alone.
func TestAPrivateBoardWithNobodyInChargeIsHandedOnUnread(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	idea, _ := f.secretRows()
	f.addPerson("other", board.Employee, board.Admin)
	other := f.as("other")
	if page := other.get("/admin/boards").has(http.StatusOK); strings.Contains(page.body, "stuck") || strings.Contains(strings.ToLower(page.body), "cnry") {
		t.Error("a private board is shown to an administrator")
	}
	yes := true
	for _, name := range []string{"mod", "admin"} {
		if _, err := f.store.ChangePerson(t.Context(), f.people["other"], f.people[name].ID, store.PersonChange{Disabled: &yes}); err != nil {
			t.Fatal(err)
		}
	}
	page := other.get("/admin/boards").has(http.StatusOK, "Private board no. ", "Mara Conti cannot sign in", "Anna Gatti")
	other.get("/admin").has(http.StatusOK, "1 private board has nobody in charge")
	if strings.Contains(strings.ToLower(page.body), "cnry") {
		t.Error("an administrator reads what a private board is called")
	}
	list, err := f.store.StuckBoards(t.Context(), f.people["other"])
	if err != nil || len(list) != 1 {
		t.Fatalf("got %+v, %v", list, err)
	}
	path := fmt.Sprintf("/admin/stuck/%d", list[0].ID)
	for _, name := range []string{"other", "bruno", "guest"} {
		other.post(path, fields("person", fmt.Sprint(f.people[name].ID))).has(http.StatusUnprocessableEntity)
	}
	other.post(path, fields("person", fmt.Sprint(f.people["anna"].ID))).leads("/admin/boards?done=1")
	if got := f.since(0); got[len(got)-1] != string(board.KeeperNamedAct)+" done" {
		t.Errorf("the audit log ends with %s", got[len(got)-1])
	}
	other.post(path, fields("person", fmt.Sprint(f.people["anna"].ID))).has(http.StatusNotFound)
	other.get(fmt.Sprintf("/ideas/%d", idea)).has(http.StatusNotFound)
	f.as("anna").post(fmt.Sprintf("/ideas/%d/pin", idea), fields()).leads("/boards/riservata")
}

func TestPinnedIdeasStandFirst(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	mod := f.as("mod")
	var ids []int64
	for i := range 5 {
		ids = append(ids, f.idea("anna", "aperta", fmt.Sprintf("Idea numero %d", i)).ID)
	}
	for _, id := range ids[:3] {
		mod.post(fmt.Sprintf("/ideas/%d/pin", id), fields()).leads("/boards/aperta")
	}
	mod.post(fmt.Sprintf("/ideas/%d/pin", ids[3]), fields()).has(http.StatusConflict, "3 ideas are pinned")
	order := func(path string) (list []int) {
		t.Helper()
		page := f.as("anna").get(path).has(http.StatusOK).body
		for i := range ids {
			title := fmt.Sprintf("Idea numero %d</a>", i)
			if n := strings.Count(page, title); n != 1 {
				t.Errorf("%s shows idea %d %d times", path, i, n)
			}
			list = append(list, strings.Index(page, title))
		}
		return list
	}
	for _, sort := range []string{"", "?sort=new", "?sort=votes"} {
		at := order("/boards/aperta" + sort)
		if !(at[2] < at[1] && at[1] < at[0] && at[0] < at[3] && at[0] < at[4]) {
			t.Errorf("%s: the pinned do not stand first, the last one at the top: %v", sort, at)
		}
	}
	mod.post(fmt.Sprintf("/ideas/%d/unpin", ids[0]), fields()).leads("/boards/aperta")
	mod.post(fmt.Sprintf("/ideas/%d/pin", ids[3]), fields()).leads("/boards/aperta")
	if at := order("/boards/aperta"); at[3] > at[2] {
		t.Errorf("the one pinned last is not at the top: %v", at)
	}
	if wrong, err := f.store.Check(t.Context()); err != nil || len(wrong) > 0 {
		t.Error(wrong, err)
	}
}

func TestAnnouncementsStandOnPagesForATime(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	admin, anna, guest := f.as("admin"), f.as("anna"), f.as("guest")
	until := time.Now().Add(time.Hour).Format(localTime)
	say := func(pairs ...string) answered {
		return admin.post("/admin/announcements", fields(append(pairs, "until", until)...))
	}
	say("text_it", "", "text_en", " ").has(http.StatusUnprocessableEntity, "Write the announcement in one language at least.")
	admin.post("/admin/announcements", fields("text_en", "Late", "until", "2020-01-01T10:00")).has(http.StatusUnprocessableEntity, "Choose an end", "Late")
	say("text_it", "Domani **chiusi**", "text_en", "Closed <b>tomorrow</b>").leads("/admin/announcements?done=1")
	say("text_en", "Only on the open board", "board", "aperta").leads("/admin/announcements?done=1")
	say("text_en", "Not yet", "from", time.Now().Add(30*time.Minute).Format(localTime)).leads("/admin/announcements?done=1")
	home := anna.get("/").has(http.StatusOK, "Closed")
	for _, not := range []string{"Only on the open board", "Not yet", "<b>tomorrow"} {
		if strings.Contains(home.body, not) {
			t.Errorf("the first page shows %q", not)
		}
	}
	anna.get("/boards/aperta").has(http.StatusOK, "Only on the open board", "Closed")
	if strings.Contains(guest.get("/").has(http.StatusOK).body, "Closed") {
		t.Error("a guest reads what is for employees")
	}
	anna.post("/announcements/1/away", fields("back", "/mine")).leads("/mine")
	if strings.Contains(anna.get("/").body, "Closed") {
		t.Error("what was put away is shown")
	}
	f.as("bruno").get("/").has(http.StatusOK, "Closed")
	admin.post("/admin/announcements/1/end", fields()).leads("/admin/announcements?done=1")
	if strings.Contains(f.as("bruno").get("/").body, "Closed") {
		t.Error("what was taken down is shown")
	}
}
