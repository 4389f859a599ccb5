package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"convivio/store"
	"convivio/store/board"
)

// brings sends a list of people as a browser does.
func (b *browser) brings(file string) answered {
	b.f.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "elenco.csv")
	if err == nil {
		_, err = part.Write([]byte(file))
	}
	if err != nil || form.Close() != nil {
		b.f.Fatal(err)
	}
	return b.do("POST", rosterPath, form.FormDataContentType(), body.String(), "Origin", b.f.http.URL)
}

// shows follows a list that was brought to its page.
func (b *browser) shows(a answered) string {
	b.f.Helper()
	path := a.header.Get("Location")
	if a.status != http.StatusSeeOther || !strings.HasPrefix(path, rosterPath+"/") {
		b.f.Fatalf("got %d to %q: %.2000s", a.status, path, a.body)
	}
	return path
}

// imported waits until a list is imported, and gives its page.
func (b *browser) imported(path string) answered {
	b.f.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if strings.Contains(b.get(path+"?part=1").has(http.StatusOK).body, "data-over") {
			return b.get(path).has(http.StatusOK)
		}
	}
	b.f.Fatal("the list was not imported within a minute")
	return answered{}
}

func TestAListOfPeopleIsShownFirstAndThenImportedAsShown(t *testing.T) {
	f := newFront(t, nil)
	admin := f.as("admin")
	anna := f.as("anna")
	good := "\ufeffE-mail;Cognome;Nome;Reparto;Sede;Badge\r\n" +
		"anna@example.com;Gatti;Anna;Qualità;Brescia;1\r\n" +
		"Carla.Neri@Example.com;Neri;=Carla;Linea 2;;2\r\n" +
		"mod@example.com;;;linea 2;;3\r\n" +
		"admin@example.com;Riva;Ada;;;4\r\n" +
		"nuovo@example.com;;;;;5\r\n"
	faulty := admin.get(admin.shows(admin.brings(good+"carla.neri@example.com;Neri;Carla;;;6\r\nniente;Rossi;Ugo;;;7\r\n"))).
		has(http.StatusOK, "Line 7", "stands on line 3 already", "Line 8", "Write an e-mail address", "when no line of it has an error")
	if strings.Contains(faulty.body, "Shut out") {
		t.Error("who is missing is told although lines could not be read")
	}
	path := admin.shows(admin.brings(good))
	head := f.store.Head()
	page := admin.get(path).has(http.StatusOK, "Line 6", "does not say their name",
		"Columns that were not: Badge", "Teams that would be made: Qualità, Linea 2", "— → Brescia", "Shut out 1 employee who is not in the file", "Bruno Sala")
	if f.store.Head() != head {
		t.Error("looking changed something")
	}
	if strings.Contains(page.body, "Gino") {
		t.Error("guests are shut out by a list of employees")
	}
	f.as("mod").get(path).has(http.StatusForbidden)
	f.addPerson("other", board.Employee, board.Admin)
	f.as("other").get(path).has(http.StatusNotFound)
	if _, err := f.store.ChangePerson(t.Context(), store.Operator(), f.people["other"].ID, store.PersonChange{Roles: &[]board.Role{}}); err != nil {
		t.Fatal(err)
	}
	admin.post(path, fields("disable", "1", "confirm", "2")).has(http.StatusUnprocessableEntity, "Write how many people are to be shut out: 1.")
	admin.post(path, fields("disable", "1", "confirm", "1", "invite", "1")).has(http.StatusConflict, "The company changed since you looked", "Shut out 2 employees")
	bruno := f.as("bruno")
	admin.post(path, fields("disable", "1", "confirm", "2", "invite", "1")).leads(path)
	admin.imported(path).has(http.StatusOK, "1 person is new", "2 people changed", "2 people were shut out", "1 invitation link is ready")
	bruno.get("/").leads("/signin")
	anna.get("/people?q=brescia").has(http.StatusOK, "Anna Gatti", "Qualità")

	links := admin.post(path+"/links", fields()).has(http.StatusOK, "'=Carla Neri,carla.neri@example.com,http")
	if !strings.Contains(links.header.Get("Content-Disposition"), "invitations.csv") {
		t.Errorf("got %v", links.header)
	}
	f.nobody().get(linkIn(t, f, links.body, "/invitations/")).has(http.StatusOK, "Carla Neri")
	admin.post(path+"/links", fields()).has(http.StatusConflict, "These links were taken already.")
}

func TestImportingAListAgainChangesNothing(t *testing.T) {
	f := newFront(t, nil)
	admin := f.as("admin")
	var b strings.Builder
	b.WriteString("email,name,department\n")
	for i := range 250 {
		fmt.Fprintf(&b, "p%d@example.com,Persona %d,\"Linea, %d\"\n", i, i, i%3)
	}
	path := admin.shows(admin.brings(b.String()))
	admin.post(path, fields()).leads(path)
	admin.imported(path).has(http.StatusOK, "250 people are new")
	head := f.store.Head()
	again := admin.shows(admin.brings(b.String()))
	admin.get(again).has(http.StatusOK, "<b>250</b> <span>as they are</span>")
	if f.store.Head() != head {
		t.Error("something was written")
	}
	admin.get("/admin/people?q=persona").has(http.StatusOK, "250 people")
}

func TestFilesOfSpreadsheetsAreRead(t *testing.T) {
	f := newFront(t, nil)
	admin := f.as("admin")
	for name, file := range map[string]string{
		"Windows-1252": "e-mail;nome\r\nx@example.com;Nicol\xf2 D\x92Amico\r\n",
		"UTF-16":       "\xff\xfee\x00-\x00m\x00a\x00i\x00l\x00\t\x00n\x00o\x00m\x00e\x00\n\x00x\x00@\x00y\x00.\x00i\x00t\x00\t\x00N\x00i\x00c\x00o\x00l\x00\xf2\x00\n\x00",
	} {
		admin.get(admin.shows(admin.brings(file))).has(http.StatusOK, "it was taken for "+name, "Nicolò")
	}
	admin.get(admin.shows(admin.brings("sep=;\nMail;Nominativo\nx@example.com;Ugo Foà\n"))).has(http.StatusOK, "Ugo Foà")
	admin.get(admin.shows(admin.brings("mail,nome\nx@example.com,Ugo\ny@example.com,\"Ada\nz@example.com,Eva\n"))).has(http.StatusOK, "Line 3", "quotes of this line")
	for file, fault := range map[string]string{
		"": "Choose a file first.", "nome;reparto\nUgo;A\n": "No column of this file is called e-mail",
		strings.Repeat("x", store.MaxRoster+1): "This file is larger than 5 MB.",
	} {
		admin.brings(file).has(http.StatusUnprocessableEntity, fault)
	}
	f.as("anna").brings("mail\nx@example.com\n").has(http.StatusForbidden)
}

func TestAnImportEndsWithTheServer(t *testing.T) {
	f := newFront(t, nil)
	admin := f.as("admin")
	var b strings.Builder
	b.WriteString("email,name\n")
	for i := range 3000 {
		fmt.Fprintf(&b, "p%d@example.com,Persona %d\n", i, i)
	}
	path := admin.shows(admin.brings(b.String()))
	admin.post(path, fields()).leads(path)
	f.server.Close()
	admin.get(path+"?part=1").has(http.StatusOK, "data-over")
	var kept board.Audit
	f.addPerson("auditor", board.Employee, board.Auditor)
	if err := json.Unmarshal([]byte(f.program("auditor").get("/api/v1/audit").has(http.StatusOK).body), &kept); err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(kept.Items, func(e board.AuditEntry) bool { return e.Act == board.PeopleImportedAct }) {
		t.Error("the audit log does not say that people were imported")
	}
}
