package server

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"convivio/store"
	"convivio/store/board"
)

func TestPeopleAreFoundByWhatAdministratorsKnowOfThem(t *testing.T) {
	f := newFront(t, nil)
	admin := f.as("admin")
	for _, p := range []board.NewPerson{
		{Email: "carla@fornitore.example", Name: "Càrla Neri", Kind: board.Guest},
		{Email: "dario@example.com", Name: "Dario Blu", Kind: board.Employee, Team: "Qualità", Site: "Brescia", Roles: []board.Role{board.HR}},
	} {
		if _, _, err := f.store.AddPerson(t.Context(), store.Operator(), p); err != nil {
			t.Fatal(err)
		}
	}
	for q, want := range map[string]string{
		"q=carla": "Càrla Neri", "q=fornitore+CARL": "Càrla Neri", "q=qualita+dario": "Dario Blu", "site=Brescia": "Dario Blu",
		"role=hr": "Dario Blu", "state=invited&kind=guest": "Càrla Neri",
	} {
		page := admin.get("/admin/people?"+q).has(http.StatusOK, want, "1 person")
		if strings.Contains(page.body, "Bruno Sala") {
			t.Errorf("%s finds Bruno too", q)
		}
	}
	admin.get("/admin/people?q=nobody+at+all").has(http.StatusOK, "Nobody found.")
	if page := f.as("anna").get("/people?q=fornitore"); strings.Contains(page.body, "Neri") {
		t.Error("an address finds somebody in the directory")
	}
}

func TestWhoSomebodyIsIsChangedAtOnceEverywhere(t *testing.T) {
	f := newFront(t, nil)
	admin, anna := f.as("admin"), f.people["anna"].ID
	path := fmt.Sprintf("/admin/people/%d", anna)
	form := func(name, email, kind string) url.Values {
		return fields("name", name, "email", email, "kind", kind, "team", "Qualità", "site", "Brescia")
	}
	admin.post(path, form("Anna Gatti Rossi", "anna.rossi@example.com", "employee")).leads(path + "?done=1")
	admin.get("/admin/people?q=rossi").has(http.StatusOK, "Anna Gatti Rossi", "anna.rossi<wbr>@example.com", "Brescia")
	admin.get("/admin/people?q=anna%40example.com").has(http.StatusOK, "Nobody found.")
	f.as("bruno").get("/people?q=qualita").has(http.StatusOK, "Anna Gatti Rossi")
	admin.post(path, form("", "anna.rossi@example.com", "employee")).has(http.StatusUnprocessableEntity, "Write something here.")
	admin.post(path, form("Anna", "bruno@example.com", "employee")).has(http.StatusConflict, "There is already a person with this e-mail address.", `value="bruno@example.com"`)
	head := f.store.Head()
	admin.post(path, form("Anna Gatti Rossi", "anna.rossi@example.com", "employee")).leads(path + "?done=1")
	if f.store.Head() != head {
		t.Error("what was as it is was recorded")
	}
	admin.post(path, form("Anna Gatti Rossi", "anna.rossi@example.com", "guest")).leads(path + "?done=1")
	f.as("anna").get("/people").has(http.StatusNotFound)
}

func TestTeamsAreATree(t *testing.T) {
	f := newFront(t, nil)
	admin := f.as("admin")
	id := func(name string) int64 {
		t.Helper()
		list, err := f.store.TeamTree(t.Context(), f.people["admin"])
		if err != nil {
			t.Fatal(err)
		}
		for _, team := range list {
			if team.Name == name {
				return team.ID
			}
		}
		t.Fatalf("there is no team %s", name)
		return 0
	}
	post := func(path string, pairs ...string) answered { return admin.post(path, fields(pairs...)) }
	post("/admin/teams", "name", "Operazioni", "parent", "").leads("/admin/teams?done=1")
	post("/admin/teams", "name", "Linea 2", "parent", fmt.Sprint(id("Operazioni"))).leads("/admin/teams?done=1")
	post("/admin/teams", "name", "linea due", "parent", fmt.Sprint(id("Linea 2"))).leads("/admin/teams?done=1")
	post("/admin/teams", "name", "Linea 2", "parent", "").has(http.StatusConflict, "There is already a team with this name.")
	post(fmt.Sprintf("/admin/teams/%d", id("Operazioni")), "name", "Operazioni", "parent", fmt.Sprint(id("linea due"))).has(http.StatusConflict, "A team cannot stand below itself")
	post(fmt.Sprintf("/admin/teams/%d/delete", id("Linea 2"))).has(http.StatusConflict, "This team is not empty")

	anna, line := f.people["anna"].ID, "linea due"
	if _, err := f.store.ChangePerson(t.Context(), f.people["admin"], anna, store.PersonChange{Team: &line}); err != nil {
		t.Fatal(err)
	}
	admin.get(fmt.Sprintf("/admin/people?team=%d", id("Operazioni"))).has(http.StatusOK, "Anna Gatti", "1 person")
	post(fmt.Sprintf("/admin/teams/%d/merge", id("Linea 2")), "into", fmt.Sprint(id("linea due"))).has(http.StatusConflict, "A team cannot stand below itself")
	post(fmt.Sprintf("/admin/teams/%d/merge", id("linea due")), "into", fmt.Sprint(id("Linea 2"))).leads("/admin/teams?done=1")
	f.as("bruno").get("/people?q=linea").has(http.StatusOK, "Anna Gatti", "Linea 2")
	post(fmt.Sprintf("/admin/teams/%d", id("Linea 2")), "name", "Linea Due", "parent", "").leads("/admin/teams?done=1")
	admin.get(fmt.Sprintf("/admin/people?team=%d", id("Operazioni"))).has(http.StatusOK, "Nobody found.")
	f.as("bruno").get("/people?q=due").has(http.StatusOK, "Anna Gatti", "Linea Due")
	post(fmt.Sprintf("/admin/teams/%d/delete", id("Operazioni"))).leads("/admin/teams?done=1")
	if a := f.program("bruno").get("/api/v1/teams").has(http.StatusOK, "Linea Due"); strings.Contains(a.body, "eople") {
		t.Errorf("employees learn how many are in a team: %s", a.body)
	}
}

// TestATeamsBoardsAreThoseOfTheTeamsAboveIt: what is given to a team reaches who
// is in a team below it, and ends with the tree.
func TestATeamsBoardsAreThoseOfTheTeamsAboveIt(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	who := f.people["admin"]
	top, _, err := f.store.AddTeam(t.Context(), who, "Operazioni", 0)
	if err != nil {
		t.Fatal(err)
	}
	below, _, err := f.store.AddTeam(t.Context(), who, "Linea 2", top)
	if err != nil {
		t.Fatal(err)
	}
	line := "Linea 2"
	if _, err := f.store.ChangePerson(t.Context(), who, f.people["anna"].ID, store.PersonChange{Team: &line}); err != nil {
		t.Fatal(err)
	}
	if _, err := f.store.AddOwner(t.Context(), who, "aperta", board.NewOwner{Team: top}); err != nil {
		t.Fatal(err)
	}
	owns := func() bool {
		t.Helper()
		secret, err := f.store.OpenSession(t.Context(), f.people["anna"].ID, "", false)
		if err != nil {
			t.Fatal(err)
		}
		l, err := f.store.Session(t.Context(), secret)
		if err != nil {
			t.Fatal(err)
		}
		return len(l.Owns) == 1
	}
	if !owns() {
		t.Error("who is in a team below does not answer for its board")
	}
	if _, err := f.store.ChangeTeam(t.Context(), who, below, "Linea 2", 0); err != nil {
		t.Fatal(err)
	}
	if owns() {
		t.Error("who is in a team of its own still answers for the other's board")
	}
}

func TestFeaturesAreSwitchedOffAndOn(t *testing.T) {
	f := newFront(t, nil)
	admin, guest, program := f.as("admin"), f.as("guest"), f.program("guest")
	guest.get("/").has(http.StatusOK)
	admin.post("/admin/features/guests", fields("confirm", "")).has(http.StatusUnprocessableEntity, "Write the name exactly")
	guest.get("/").has(http.StatusOK)
	admin.post("/admin/features/guests", fields("confirm", " guests ")).leads("/admin/features?done=1#f-guests")
	guest.get("/").leads("/signin")
	program.get("/api/v1/me").has(http.StatusUnauthorized)
	f.nobody().post("/signin", fields("email", "guest@example.com", "password", rightPassword)).has(http.StatusForbidden, "Guests cannot come in just now.")
	admin.post("/admin/features/guests", fields("on", "1")).leads("/admin/features?done=1#f-guests")
	f.nobody().post("/signin", fields("email", "guest@example.com", "password", rightPassword)).leads("/")
	admin.post("/admin/features/topics", fields()).leads("/admin/features?done=1#f-topics")
	if page := f.as("anna").get("/").has(http.StatusOK, `data-off="topics"`); strings.Contains(page.body, `href="/topics"`) {
		t.Error("topics are offered while they are off")
	}
	admin.post("/admin/features/nothing", fields()).has(http.StatusNotFound)
	f.as("anna").post("/admin/features/topics", fields("on", "1")).has(http.StatusForbidden)
}
