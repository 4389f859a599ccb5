package server

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"convivio/store"
	"convivio/store/board"
	"convivio/store/chain"
)

// auditLog reads the whole audit log, oldest first, checking it on the way.
func (f *front) auditLog() []board.AuditEntry {
	f.Helper()
	var list []board.AuditEntry
	auditor := board.Who{Kind: board.Employee, Roles: []board.Role{board.Auditor}}
	var v chain.Verifier
	err := f.store.ExportAudit(f.Context(), auditor, board.AuditFilter{}, chain.JSONLines, func(e board.AuditEntry) error {
		if e.Act != board.AuditExportedAct || e.Actor != 0 { // not this test's own reading
			list = append(list, e)
		}
		return v.Next(e)
	})
	if err != nil {
		f.Fatal(err)
	}
	return list
}

// since are the acts after the first n entries, each as "act outcome".
func (f *front) since(n int) (list []string) {
	f.Helper()
	for _, e := range f.auditLog()[n:] {
		list = append(list, string(e.Act)+" "+string(e.Outcome))
	}
	return list
}

func TestAuditorsAloneReadTheAuditLog(t *testing.T) {
	f := newFront(t, nil)
	f.addPerson("rita", board.Employee, board.Auditor)
	for _, name := range []string{"anna", "mod", "admin"} {
		f.as(name).get("/audit").has(http.StatusForbidden)
		f.as(name).get("/audit/export").has(http.StatusForbidden)
		f.program(name).get("/api/v1/audit").has(http.StatusForbidden)
	}
	f.as("guest").get("/audit").has(http.StatusNotFound)
	rita := f.as("rita")
	rita.get("/audit").has(http.StatusOK, "Convivio added the person Anna Gatti.", "Ada Riva signed in as an administrator.",
		"Anna Gatti tried to use a function they have no right to.", "Gino Cliente tried", "GET /audit/export", "Export as CSV", "127.0.0.1")
	rita.get("/audit?lang=it").has(http.StatusOK)
	rita.post("/account/language", fields("lang", "it")).leads("/account")
	rita.get("/audit").has(http.StatusOK, "Anna Gatti ha tentato di usare una funzione senza averne il diritto.", "ha effettuato l&#39;accesso come amministratore")
	if n := strings.Count(strings.Join(f.since(0), "\n"), "audit.read done"); n != 1 {
		t.Errorf("%d entries say that somebody read the log, want one for the hour", n)
	}
}

func TestTheAuditLogIsFilteredAndPaged(t *testing.T) {
	f := newFront(t, nil)
	f.addPerson("rita", board.Employee, board.Auditor)
	rita, program := f.as("rita"), f.program("rita")
	for n := range 120 {
		if _, err := f.store.AddToken(store.WithOrigin(f.Context(), store.Origin{Means: "session"}), f.people["bruno"], fmt.Sprint(n)); err != nil && n < 50 {
			t.Fatal(err)
		} else if err != nil {
			break
		}
	}
	page := rita.get("/audit").has(http.StatusOK, "Earlier entries")
	rita.get(html(regexpFind(t, `href="(/audit\?after=[^"]+)"`, page.body))).has(http.StatusOK, "Convivio added the person Anna Gatti.")
	rita.get("/audit?whom=gatti").has(http.StatusOK, "Convivio added the person Anna Gatti.")
	for query, none := range map[string]string{"whom=gatti": "Bruno", "who=sala": "Convivio added", "act=token.added": "added the person", "outcome=refused": "added the person",
		"from=2999-01-01": "added the person", "to=1999-01-01": "added the person", "idea=7": "added the person", "who=%25": "class=\"what\""} {
		if got := rita.get("/audit?" + query).has(http.StatusOK); strings.Contains(entriesOf(got.body), none) {
			t.Errorf("?%s shows %q", query, none)
		}
	}
	rita.get("/audit?idea=x").has(http.StatusUnprocessableEntity, "Give a number")
	rita.get("/audit?from=ieri").has(http.StatusUnprocessableEntity, "Give a day")
	rita.get("/audit?after=x").has(http.StatusUnprocessableEntity)
	program.get("/api/v1/audit?act=person.added&limit=2").has(http.StatusOK, `"act":"person.added"`, `"next":"`, `"hash":"`)
	program.get("/api/v1/audit?act=token.removed").has(http.StatusOK, `"items":[]`)
	program.get("/api/v1/audit?cursor=x").has(http.StatusUnprocessableEntity)
}

func regexpFind(t *testing.T, pattern, in string) string {
	t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(in)
	if m == nil {
		t.Fatalf("no %s in %.500s", pattern, in)
	}
	return m[1]
}

func html(s string) string { return strings.ReplaceAll(s, "&amp;", "&") }

// entriesOf is the part of the page that lists entries.
func entriesOf(body string) string {
	_, list, _ := strings.Cut(body, `id="entries"`)
	list, _, _ = strings.Cut(list, "</ol>")
	return list
}

// TestAnExportProvesItselfAndIsHarmless exports by both formats, with names that a
// spreadsheet would take for formulas.
func TestAnExportProvesItselfAndIsHarmless(t *testing.T) {
	f := newFront(t, nil)
	f.addPerson("rita", board.Employee, board.Auditor)
	for i, name := range []string{`=HYPERLINK("http://evil.example";"x")`, "+1", "-1", "@x", "'quoted", "＝1+1", "a;b,\"c\"", "'=2"} {
		if _, _, err := f.store.AddPerson(store.WithOrigin(f.Context(), store.Origin{Address: "192.0.2.1", Means: "command"}), store.Operator(),
			board.NewPerson{Name: name, Email: fmt.Sprintf("p%d@example.com", i), Kind: board.Employee}); err != nil {
			t.Fatal(err)
		}
	}
	rita := f.as("rita")
	want := f.auditLog()
	for _, c := range []struct{ lang, query string }{{"en", "format=csv"}, {"it", "format=csv"}, {"en", "format=jsonl"}} {
		rita.post("/account/language", fields("lang", c.lang))
		a := rita.get("/audit/export?" + c.query).has(http.StatusOK)
		if kind := a.header.Get("Content-Disposition"); !strings.HasPrefix(kind, "attachment; filename=") {
			t.Errorf("%s: sent as %q", c.query, kind)
		}
		var v chain.Verifier
		n := 0
		if err := chain.Read(strings.NewReader(a.body), func(e board.AuditEntry) error {
			if n < len(want) && e != want[n] {
				t.Errorf("%s: entry %+v came out as %+v", c.query, want[n], e)
			}
			n++
			return v.Next(e)
		}); err != nil {
			t.Errorf("%+v: %v", c, err)
		}
		if last := lastLine(a.body); !strings.Contains(last, "audit.exported") || n < len(want) {
			t.Errorf("%+v: %d entries, the last is %s", c, n, last)
		}
		flipped := strings.Replace(a.body, "HYPERLINK", "HYPERLINQ", 1)
		if err := chain.Read(strings.NewReader(flipped), new(chain.Verifier).Next); err == nil {
			t.Errorf("%+v: a changed letter is not found", c)
		}
		if !strings.HasSuffix(c.query, "csv") {
			continue
		}
		cells := csv.NewReader(strings.NewReader(strings.TrimPrefix(a.body, "\ufeff")))
		if c.lang == "it" {
			cells.Comma = ';'
		}
		rows, err := cells.ReadAll()
		if err != nil || len(rows) < 10 {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		for _, row := range rows {
			for _, cell := range row {
				if bare := strings.TrimLeft(cell, " \"\ufeff"); bare != "" && strings.ContainsAny(string([]rune(bare)[0]), "=+-@\t\r\n＝＋－＠") {
					t.Errorf("a spreadsheet would run %q", cell)
				}
			}
		}
	}
	part := rita.get("/audit/export?format=jsonl&whom=sala").has(http.StatusOK, "Bruno Sala")
	if err := chain.Read(strings.NewReader(part.body), new(chain.Verifier).Next); err == nil {
		t.Error("a part of the log is taken for all of it")
	}
	v := chain.Verifier{Partial: true}
	if err := chain.Read(strings.NewReader(part.body), v.Next); err != nil || v.Count == 0 {
		t.Errorf("a part: %+v, %v", v, err)
	}
	rita.get("/audit/export?format=xlsx").has(http.StatusNotFound)
	before := len(f.auditLog())
	rita.do("HEAD", "/audit/export", "", "").has(http.StatusOK)
	if after := len(f.auditLog()); after != before {
		t.Error("asking for the headers is kept as an export")
	}
}

func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return lines[len(lines)-1]
}
