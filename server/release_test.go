package server

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"convivio/store"
	"convivio/store/board"
)

// hostileTeam is what a spreadsheet would take for a formula.
const hostileTeam = `=HYPERLINK("http://evil.example","x")`

// closedFront is a front whose company has talked for a month that is closed: HR is
// "rita", the works council "carlo"; a team of two says what nobody may read off.
func closedFront(t *testing.T) (*front, board.Month) {
	t.Helper()
	f := newFront(t, nil)
	f.boards()
	for i := range 42 {
		team := [...]string{"Logistica", "Officina", hostileTeam}[i%3]
		if i >= 40 {
			team = "Canarino"
		}
		f.employ(fmt.Sprintf("Persona %c%c", 'A'+i/26, 'a'+i%26), fmt.Sprintf("p%d", i), team)
	}
	f.employ("Rita Risorse", "rita", "Logistica", board.HR)
	f.employ("Carlo Consiglio", "carlo", "Officina", board.Council)
	for i := range 42 {
		if i%3 != 1 || i%4 == 0 {
			if _, err := f.store.AddIdea(t.Context(), f.people[fmt.Sprintf("p%d", i)], "aperta", board.NewIdea{Title: fmt.Sprintf("Idea %d", i)}, ""); err != nil {
				t.Fatal(err)
			}
		}
	}
	zone, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	month := board.MonthOf(time.Now().In(zone))
	f.ahead.Store(int64(40 * 24 * time.Hour))
	if err := f.store.CloseMonths(t.Context()); err != nil {
		t.Fatal(err)
	}
	return f, month
}

func (f *front) employ(name, key, team string, roles ...board.Role) {
	f.Helper()
	p := board.NewPerson{Email: key + "@example.com", Name: name, Kind: board.Employee, Roles: roles, Team: team, Site: "Sede"}
	made, _, err := f.store.AddPerson(f.Context(), store.Operator(), p)
	if err != nil {
		f.Fatal(err)
	}
	f.people[key] = board.Who{ID: made.ID, Name: name, Email: p.Email, Kind: p.Kind, Roles: roles}
}

func askFor(m board.Month) url.Values {
	return fields("from", m.String(), "to", m.String(), "by", "team", "by", "site", "by", "board", "lang", "it", "separator", ";", "bom", "true")
}

// TestAReleaseStaysAsItIs is P-14, P-16 and P-23: asked again, also after words were
// deleted and people left, it is the same release with the same bytes, and both
// making and taking stand in the audit log.
func TestAReleaseStaysAsItIs(t *testing.T) {
	f, month := closedFront(t)
	rita := f.as("rita")
	made := rita.post("/releases", askFor(month))
	made.leads("/releases/1")
	page := rita.get("/releases/1").has(200, "figures.xlsx", "manifest.json", "Logistica")
	if strings.Contains(page.body, "Canarino") {
		t.Error("a team of two stands on the page")
	}
	first := map[string]string{}
	for _, name := range []string{"figures.xlsx", "figures.csv", "figures.jsonl", "dictionary.csv", "manifest.json"} {
		first[name] = rita.get("/releases/1/files/" + name).has(200).body
	}
	for i := range 10 {
		id := int64(i*3 + 1)
		_, _ = f.store.DeleteIdea(t.Context(), f.people["admin"], id)
	}
	disabled := true
	if _, err := f.store.ChangePerson(t.Context(), store.Operator(), f.people["p0"].ID, store.PersonChange{Disabled: &disabled}); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		rita.post("/releases", askFor(month)).leads("/releases/1")
	}
	for name, was := range first {
		if rita.get("/releases/1/files/"+name).body != was {
			t.Errorf("%s changed", name)
		}
	}
}

// TestWhoMakesReleases: HR alone; the works council reads them; nobody else finds
// a file by guessing.
func TestWhoMakesReleases(t *testing.T) {
	f, month := closedFront(t)
	f.as("carlo").post("/releases", askFor(month)).has(403)
	f.as("admin").post("/releases", askFor(month)).has(403)
	f.as("rita").post("/releases", askFor(month)).leads("/releases/1")
	f.as("carlo").get("/releases/1/files/figures.csv").has(200)
	for _, name := range []string{"anna", "mod", "admin"} {
		for _, path := range []string{"/releases", "/releases/1", "/releases/1/files/figures.csv"} {
			f.as(name).get(path).has(403)
		}
	}
	f.as("guest").get("/releases/1/files/figures.csv").has(404)
	f.as("rita").get("/releases/1/files/convivio.db").has(404)
	f.as("rita").get("/releases/2").has(404)
	f.as("rita").post("/releases", askFor(month+1)).has(422, "3")
	f.as("anna").get("/figures?by=team").has(403)
	f.as("anna").get("/figures").has(200)
}

// TestAReleaseOpensHarmlessly is P-18 and S-078: typed cells, no formula, no link,
// nothing hidden, and text that looks like a formula stays text.
func TestAReleaseOpensHarmlessly(t *testing.T) {
	f, month := closedFront(t)
	rita := f.as("rita")
	rita.post("/releases", askFor(month)).leads("/releases/1")
	book := rita.get("/releases/1/files/figures.xlsx").has(200).body
	archive, err := zip.NewReader(strings.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range archive.File {
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(r)
		for _, bad := range []string{"<f>", "<f ", "<hyperlink", "TargetMode=\"External\"", "state=\"hidden\"", "hidden=\"1\"", "pivot", "Canarino", "Persona", "xuri"} {
			if bytes.Contains(text, []byte(bad)) {
				t.Errorf("%s holds %q", part.Name, bad)
			}
		}
	}
	x, err := excelize.OpenReader(strings.NewReader(book))
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	if sheets := x.GetSheetList(); fmt.Sprint(sheets) != "[Azienda Reparti Sedi Bacheche Dizionario Informazioni]" {
		t.Errorf("sheets are %v", sheets)
	}
	if kind, err := x.GetCellType("Azienda", "C2"); err != nil || kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber {
		t.Errorf("how many people there are is of type %v, %v", kind, err)
	}
	table := rita.get("/releases/1/files/figures.csv").has(200).body
	if !strings.HasPrefix(table, "\ufeff") || strings.Contains(table, "Canarino") || !strings.Contains(table, "'=HYPERLINK") {
		t.Errorf("the CSV is %.600q", table)
	}
	c := csv.NewReader(strings.NewReader(strings.TrimPrefix(table, "\ufeff")))
	c.Comma = ';'
	rows, err := c.ReadAll()
	if err != nil || len(rows) < 20 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows[1:] {
		if hidden := row[7] != "mostrato"; hidden != (row[6] == "") {
			t.Errorf("a figure that is %q has the value %q", row[7], row[6])
		}
	}
}
