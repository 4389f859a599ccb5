package server

import (
	"net/http"
	"strings"
	"testing"

	"convivio/store/board"
	"convivio/templates/words"
)

// TestASuspendedPersonMayAppealAndNothingElse signs in with a password, is turned
// away, appeals by the link, and comes in again when somebody else takes it back.
func TestASuspendedPersonMayAppealAndNothingElse(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	anna, mod, admin := f.as("anna"), f.as("mod"), f.as("admin")
	bruno := f.as("bruno")
	bruno.post("/boards/aperta/new", fields("title", "Parole grosse", "body", "parole-offese")).leads("/ideas/1")
	f.suspends("mod", 1)
	bruno.get("/account").leads("/signin?next=%2Faccount")
	signin := f.nobody()
	form := fields("key", "k", "email", "bruno@example.com", "password", rightPassword, "next", "")
	page := signin.post("/signin", form)
	link := page.has(http.StatusSeeOther).header.Get("Location")
	if !strings.HasPrefix(link, "/suspended/") || signin.cookie != "" {
		t.Fatalf("led to %q with cookie %q", link, signin.cookie)
	}
	signin.get(link).has(200, "parole-offese", words.T("en", "Send the appeal"), words.T("en", "by a moderator")).hasNot("Mara Conti")
	signin.get(strings.Replace(link, "suspended", "resets", 1)).has(200).hasNot("Bruno")
	signin.get("/suspended/invented").has(200).hasNot("parole-offese")
	signin.post(link, fields("body", "")).has(422)
	signin.post(link, fields("body", "Non era per nessuno.")).leads(link)
	signin.post(link, fields("body", "Ancora.")).has(http.StatusConflict)
	signin.get(link).has(200, "Non era per nessuno.")
	anna.get("/review/appeals/1").has(http.StatusForbidden)
	mod.get("/review/appeals/1").has(200, "Non era per nessuno.").hasNot(`name="do"`)
	mod.post("/review/appeals/1", fields("do", "overturn", "note", "Ho cambiato idea.")).has(http.StatusForbidden)
	admin.get("/review/appeals/1").has(200, `name="do"`)
	admin.post("/review/appeals/1", fields("note", "Va bene.")).has(422, "Choose whether the decision stands.", "Va bene.")
	admin.post("/review/appeals/1", fields("do", "overturn", "note", "")).has(422)
	admin.post("/review/appeals/1", fields("do", "overturn", "note", "Non era un'offesa.")).leads("/review/appeals/1")
	signin.get(link).has(200, words.T("en", "You can come in again"))
	signin.post("/signin", form).leads("/")
	signin.get("/notices").has(200, words.T("en", "Your appeal was heard: the decision was taken back"))
	mod.get("/notices").has(200, words.T("en", "An appeal against a decision of yours was heard: it was taken back"))
}

// suspends has a moderator suspend the author of an idea through the review page.
func (f *front) suspends(name string, idea int64) {
	f.Helper()
	f.rules(name, idea, board.Ruling{Action: board.Suspend, Ground: board.Disrespect, Note: "Basta così."})
}

// rules decides about an idea as the review page does, for a week where that matters.
func (f *front) rules(name string, idea int64, r board.Ruling) {
	f.Helper()
	who := f.people[name]
	item, err := f.store.OpenReview(f.Context(), who, idea, 0)
	if err != nil {
		f.Fatal(err)
	}
	until := f.store.Now().AddDate(0, 0, 7)
	r.Item = item
	if r.Action == board.Suspend || r.Action == board.Silence {
		r.Until = &until
	}
	if _, err := f.store.Decide(f.Context(), who, r); err != nil {
		f.Fatal(err)
	}
}

// TestAnAppealRestoresEverything hides an idea, tells its author, and has somebody
// else take it back.
func TestAnAppealRestoresEverything(t *testing.T) {
	f := newFront(t, withIndex(t))
	f.boards()
	anna, bruno, mod, admin := f.as("anna"), f.as("bruno"), f.as("mod"), f.as("admin")
	bruno.post("/boards/aperta/new", fields("title", "Mensa zafferano", "body", "parole-nascoste")).leads("/ideas/1")
	anna.post("/boards/aperta/new", fields("title", "Un'altra")).leads("/ideas/2")
	anna.post("/ideas/1/comments", fields("body", "detto-sotto")).has(http.StatusSeeOther)
	anna.post("/ideas/1/vote", nil).leads("/ideas/1")
	f.rules("mod", 1, board.Ruling{Action: board.Hide, Ground: board.OffTopic, Note: "Qui si parla d'altro."})
	bruno.get("/ideas/1").leads("/decisions/1") // to what was decided, and why
	anna.get("/ideas/1").has(404)
	f.indexed()
	bruno.get("/search?q=zafferano&part=1").hasNot("Mensa")
	bruno.get("/").has(200, words.T("en", "A moderator hid something you wrote"), `href="/notices/`)
	told := bruno.get("/notices").has(200, words.T("en", "A moderator hid something you wrote")).hasNot("Mara Conti")
	seq := between(told.body, `href="/notices/`, `"`)
	bruno.get("/notices/" + seq).leads("/decisions/1")
	bruno.get("/decisions/1").has(200, "parole-nascoste", "Qui si parla d&#39;altro.", words.Ground("en", board.OffTopic), "/house-rules", "/ledger").hasNot("Mara Conti", "detto-sotto")
	anna.get("/decisions/1").has(404)
	anna.post("/decisions/1/appeal", fields("body", "io no")).has(404)
	bruno.post("/decisions/1/appeal", fields("body", " ")).has(422, "parole-nascoste")
	bruno.post("/decisions/1/appeal", fields("body", "Della mensa si parla qui.")).leads("/decisions/1?done=1")
	bruno.post("/decisions/1/appeal", fields("body", "Della mensa si parla qui.")).leads("/decisions/1?done=1") // sent twice
	bruno.post("/decisions/1/appeal", fields("body", "E ancora.")).has(http.StatusConflict)
	bruno.get("/review/appeals/1").has(http.StatusForbidden)
	mod.get("/review/appeals/1").has(200, "Della mensa si parla qui.").hasNot(`value="overturn"`)
	mod.post("/review/appeals/1", fields("do", "uphold", "note", "Resta.")).has(http.StatusForbidden)
	admin.get("/review/appeals/1").has(200, "parole-nascoste", `value="overturn"`)
	admin.post("/review/appeals/1", fields("do", "overturn", "note", "Ha ragione.")).leads("/review/appeals/1")
	admin.post("/review/appeals/1", fields("do", "uphold", "note", "No.")).has(http.StatusConflict)
	bruno.get("/ideas/1").has(200, "Mensa zafferano", "parole-nascoste", "detto-sotto")
	anna.get("/ideas/1").has(200, `aria-pressed="true"`)
	f.indexed()
	bruno.get("/search?q=zafferano&part=1").has(200, "Mensa")
	bruno.get("/decisions/1").has(200, "Ha ragione.", words.T("en", "This decision was taken back. Everything is as it was before.")).hasNot("Ada Riva")
	mod.get("/notices").has(200, words.T("en", "An appeal against a decision of yours was heard: it was taken back"))
	anna.get("/ledger").has(200).hasNot("Bruno Sala", "Mara Conti", "Mensa")
	bruno.get("/house-rules").has(200, words.T("en", "House rules"))
	faults, err := f.store.Check(f.Context())
	if err != nil || len(faults) > 0 {
		t.Error(faults, err)
	}
}
