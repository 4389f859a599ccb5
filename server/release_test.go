package server

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"convivio/store"
	"convivio/store/board"
	"convivio/templates/words"
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
	f.makesReleases()
	return f, month
}

// makesReleases makes what is ordered, as the program does, until the test ends.
func (f *front) makesReleases() {
	ctx, stop := context.WithCancel(f.Context())
	ended := make(chan error, 1)
	go func() { ended <- f.server.RunReleases(ctx) }()
	f.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			f.Error(err)
		}
	})
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
	kept := f.releaseActs()
	for _, want := range []string{`release.asked done {"number":1`, `release.made done {"number":1`, `release.taken done {"number":1,"file":"figures.csv"`, `"least_group":5`, `"states":{`} {
		if !strings.Contains(kept, want) {
			t.Errorf("the audit log does not say %s:\n%s", want, kept)
		}
	}
	for name, was := range first {
		if sum := fmt.Sprintf("%x", sha256.Sum256([]byte(was))); strings.Count(kept, sum) < 3 { // made, and taken twice
			t.Errorf("the audit log does not know %s of %s", sum, name)
		}
	}
}

// releaseActs is what the audit log says of releases, a line each.
func (f *front) releaseActs() string {
	f.Helper()
	var out strings.Builder
	for _, e := range f.auditLog() {
		if strings.HasPrefix(string(e.Act), "release") {
			fmt.Fprintln(&out, e.Act, e.Outcome, e.After.Value, e.Address.Value)
		}
	}
	return out.String()
}

// TestWhoMakesReleases: HR alone; the works council reads them; nobody else finds
// a file by guessing.
func TestWhoMakesReleases(t *testing.T) {
	f, month := closedFront(t)
	f.as("carlo").post("/releases", askFor(month)).has(403)
	f.as("admin").post("/releases", askFor(month)).has(403)
	f.as("rita").post("/releases", askFor(month)).leads("/releases/1")
	f.as("carlo").get("/releases/1/files/figures.csv").has(200)
	f.as("carlo").get("/releases").has(200, "Rita", "took away a file of a release.", "Release 1, figures.csv").hasNot("tried to use")
	f.as("rita").get("/releases").has(200).hasNot("took away a file")
	for _, name := range []string{"anna", "mod", "admin"} {
		for _, path := range []string{"/releases", "/releases/1", "/releases/1/files/figures.csv"} {
			f.as(name).get(path).has(403)
		}
	}
	f.as("guest").get("/releases/1/files/figures.csv").has(404)
	kept := f.releaseActs()
	for _, want := range []string{`release.asked refused {"asked":`, `release.taken refused {"number":1,"file":"figures.csv"}`} {
		if !strings.Contains(kept, want) {
			t.Errorf("the audit log does not say %s:\n%s", want, kept)
		}
	}
	f.as("rita").get("/releases/1/files/convivio.db").has(404)
	f.as("rita").get("/releases/2").has(404)
	f.as("rita").post("/releases", askFor(month+1)).has(422, "3")
	before := strings.Count(f.releaseActs(), "release.asked refused")
	f.as("rita").post("/releases", askFor(month+2)).has(422)
	f.as("rita").post("/releases/plan", url.Values{"by": {"person"}, "lang": {"it"}}).has(422)
	if kept := f.releaseActs(); strings.Count(kept, "release.asked refused") != before+1 || !strings.Contains(kept, "releases.planned refused") {
		t.Errorf("what cannot be released leaves no trace:\n%s", kept)
	}
	f.as("anna").get("/figures?by=team").has(403, `class="btn primary" href="/figures"`)
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
		for _, bad := range []string{"<f>", "<f ", "<hyperlink", "externalLink", "TargetMode=\"External\"", "state=\"hidden\"", "hidden=\"1\"", "pivot", "Canarino", "Persona", "xuri"} {
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

// TestAFileOfAReleaseIsSentWhole and in parts, to who may have it and kept nowhere
// on the way.
func TestAFileOfAReleaseIsSentWhole(t *testing.T) {
	f, month := closedFront(t)
	rita := f.as("rita")
	rita.post("/releases", askFor(month)).leads("/releases/1")
	whole := rita.get("/releases/1/files/figures.csv").has(200)
	for name, want := range map[string]string{"Cache-Control": "no-store", "Content-Type": "text/csv; charset=utf-8", "X-Content-Type-Options": "nosniff",
		"Content-Disposition": `attachment; filename="convivio-1-figures.csv"`, "Content-Security-Policy": "sandbox; default-src 'none'"} {
		if got := whole.header.Get(name); !strings.HasPrefix(got, want) {
			t.Errorf("%s is %q", name, got)
		}
	}
	part := rita.do("GET", "/releases/1/files/figures.csv", "", "", "Range", "bytes=3-20", "Accept-Encoding", "gzip").has(206)
	if part.body != whole.body[3:21] || part.header.Get("Content-Encoding") != "" {
		t.Errorf("a part is %q, %v", part.body, part.header)
	}
	f.as("guest").do("GET", "/releases/1/files/figures.csv", "", "", "Range", "bytes=3-20").has(404)
	program := f.sdk("rita")
	made, err := program.MakeRelease(t.Context(), board.Asked{From: month, To: month, Lang: "en", Separator: ","})
	if err != nil || made.State != board.ReleaseReady || made.Number != 2 || len(made.Files) != 5 {
		t.Fatalf("a program gets %+v, %v", made, err)
	}
	file, err := program.OpenRelease(t.Context(), 1, "figures.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if got, err := io.ReadAll(file); err != nil || string(got) != whole.body {
		t.Errorf("a program gets %d bytes, %v", len(got), err)
	}
	if list, err := program.Releases(t.Context()); err != nil || len(list) != 2 {
		t.Errorf("a program gets %+v, %v", list, err)
	}
	if _, err := f.sdk("anna").OpenRelease(t.Context(), 1, "figures.csv"); !isForbidden(err) {
		t.Errorf("others get %v", err)
	}
}

// TestWhatIsPlannedIsReleased has months released by themselves: the last closed
// one at once, and those that are closed together later, each once.
func TestWhatIsPlannedIsReleased(t *testing.T) {
	f, month := closedFront(t)
	rita := f.as("rita")
	f.as("carlo").post("/releases/plan", fields("lang", "it", "by", "team", "separator", ";")).has(403)
	rita.post("/releases/plan", fields("lang", "it", "by", "team", "separator", ";")).leads("/releases")
	ready := func(number int64, of board.Month) {
		t.Helper()
		r, err := f.store.AwaitRelease(t.Context(), f.people["rita"], number, time.Minute)
		if err != nil || r.State != board.ReleaseReady || r.Asked.From != of || r.Asked.To != of || r.MadeBy != "" {
			t.Fatalf("release %d is %+v, %v", number, r, err)
		}
	}
	ready(1, month)
	f.ahead.Add(int64(65 * 24 * time.Hour)) // the server was away for two months
	for range 2 {
		if err := f.store.CloseMonths(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := f.store.OrderPlanned(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	months, err := f.store.Months(t.Context(), f.people["rita"])
	if err != nil || len(months) < 3 {
		t.Fatalf("closed are %v, %v", months, err)
	}
	for n := range months {
		ready(int64(n+1), month+board.Month(n))
	}
	rita = f.as("rita") // that was a long time
	last := words.Month("en", (month + board.Month(len(months)-1)).Begins(time.UTC))
	rita.get("/notices").has(200, "The release of "+last+" is ready")
	carlo := f.as("carlo") // of the works council
	carlo.get("/").has(200, "The release of "+last+" is ready")
	told := regexp.MustCompile(`/notices/\d+`).FindString(carlo.get("/notices").body) // the newest first
	carlo.get(told).leads(fmt.Sprintf("/releases/%d", len(months)))
	next := fmt.Sprintf("/releases/%d", len(months)+1)
	rita.get("/releases").has(200, "/releases/3", "by the schedule", "the next one, ").hasNot(next)
	f.as("anna").get("/").has(200).hasNot("The release of")
	f.as("anna").get("/notices").has(200).hasNot("The release of")
	rita.post("/releases/plan", fields("lang", "it", "end", "true")).leads("/releases")
	f.ahead.Add(int64(31 * 24 * time.Hour))
	if err := errors.Join(f.store.CloseMonths(t.Context()), f.store.OrderPlanned(t.Context())); err != nil {
		t.Fatal(err)
	}
	f.as("rita").get("/releases").has(200).hasNot(next)
}

// TestEverybodySeesWhatTheyWerePartOf: numbers and months, and no file; who came
// later, or had left the figures before, was part of nothing.
func TestEverybodySeesWhatTheyWerePartOf(t *testing.T) {
	f, month := closedFront(t)
	f.as("p1").get("/figures/releases").has(200).hasNot("Release 1")
	f.as("rita").post("/releases", askFor(month)).leads("/releases/1")
	f.employ("Nuova Arrivata", "nuova", "Logistica")
	f.as("p1").get("/figures/releases").has(200, "Release 1").hasNot("/releases/1", "figures.csv", "Rita")
	f.as("nuova").get("/figures/releases").has(200).hasNot("Release 1")
	f.as("guest").get("/figures/releases").has(404)
}

func isForbidden(err error) bool {
	var fault *board.Error
	return errors.As(err, &fault) && fault.Code == board.Forbidden
}
