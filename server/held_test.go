package server

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"convivio/store/board"
	"convivio/templates/words"
)

// TestHeldWordsAppearNowhere holds an idea and a comment, and looks for their words
// wherever anybody but their author and their moderators can look.
func TestHeldWordsAppearNowhere(t *testing.T) {
	f := newFront(t, withIndex(t))
	f.boards()
	if _, err := f.store.AddRule(f.Context(), f.people["admin"], board.NewRule{Kind: board.WordRule, Words: "cnryparola"}, ""); err != nil {
		t.Fatal(err)
	}
	anna, bruno := f.as("anna"), f.as("bruno")
	anna.post("/boards/aperta/new", fields("title", "Aperta a tutti")).leads("/ideas/1")
	head := f.store.Head()
	bruno.post("/ideas/1/comments", fields("key", "k1", "body", "Ecco cnryparola e cnryaltra zafferano")).leads("/held/1")
	bruno.post("/ideas/1/comments", fields("key", "k1", "body", "Ecco cnryparola e cnryaltra zafferano")).leads("/held/1")
	program := f.program("bruno")
	program.header.Set("Idempotency-Key", "k2")
	for range 2 {
		program.send("POST", "/api/v1/boards/aperta/ideas", `{"title":"cnryparola","body":"@anna.gatti cnryaltra zafferano","tags":["cnrytag"]}`).has(http.StatusAccepted, `"id":2`, `"state":"waiting"`, `"rule":`)
	}
	bruno.get("/held/1").has(200, "cnryaltra zafferano", "cnryparola")
	bruno.get("/held").has(200, "/held/1", "/held/2")
	bruno.get("/ideas/1").has(200, "/held/1")
	program.get("/api/v1/held").has(200, "cnryaltra zafferano")
	anna.post("/ideas/1/comments", fields("body", "dopo")).has(http.StatusSeeOther)
	f.indexed()
	f.tells()
	entries, err := f.store.Entries(f.Context(), head, 100)
	if err != nil || len(entries) == 0 {
		t.Fatal(entries, err)
	}
	for _, e := range entries {
		html, err := f.server.Frame(f.Context(), e, "en")
		if err != nil || strings.Contains(strings.ToLower(html), "cnry") {
			t.Errorf("%s shows %s, %v", e.Kind, html, err)
		}
	}
	queries := []string{"", "?q=zafferano", "?q=zafferano&part=1", "?part=1", "?q=@&board=aperta", "?title=zafferano", "?after=0&limit=100", "?q=%23zaff&board=aperta"}
	ids := []string{"1", "2", fmt.Sprint(f.people["bruno"].ID)}
	asked := 0
	for _, who := range []*browser{anna, f.program("anna"), f.as("guest"), f.nobody()} {
		for _, route := range f.server.Routes() {
			if route.Method != http.MethodGet || strings.Contains(route.Path, "sign") {
				continue
			}
			for _, path := range filled(route.Path, ids) {
				for _, q := range queries {
					got := who.do(http.MethodGet, path+q, "", "")
					asked++
					if all := got.body + fmt.Sprint(got.header); strings.Contains(strings.ToLower(all), "cnry") {
						t.Errorf("GET %s%s shows what waits", path, q)
					}
				}
			}
		}
	}
	if asked < 500 {
		t.Errorf("only %d requests", asked)
	}
	if strings.Contains(strings.ToLower(f.log.String()), "cnry") {
		t.Error("the server's log tells what waits")
	}
}

// TestWhoModeratesLetsPostsThroughOrNot goes the way of two held posts with forms.
func TestWhoModeratesLetsPostsThroughOrNot(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	admin, anna, bruno, mod := f.as("admin"), f.as("anna"), f.as("bruno"), f.as("mod")
	anna.get("/admin/rules").has(http.StatusForbidden)
	mod.get("/admin/rules").has(http.StatusForbidden)
	admin.get("/admin/rules").has(200)
	admin.post("/admin/rules", fields("kind", "word", "words", "casa", "board", "", "example", "Il casale", "try", "1")).has(200, words.T("en", "This text would appear at once."))
	admin.post("/admin/rules", fields("kind", "word", "words", "casa", "board", "", "example", "La CASA!", "try", "1")).has(200, words.T("en", "This text would wait, because of:"))
	admin.post("/admin/rules", fields("kind", "word", "words", " ", "example", "testo-tenuto")).has(422, "testo-tenuto")
	admin.post("/admin/rules", fields("kind", "word", "words", "casa", "board", "aperta", "example", "")).leads("/admin/rules?done=1")
	admin.post("/admin/rules/first", fields("employees", "99", "guests", "0")).has(422)
	admin.post("/admin/rules/first", fields("employees", "0", "guests", "2")).leads("/admin/rules?done=1")
	admin.get("/admin/rules").has(200, "“casa”", `value="2"`)

	bruno.post("/boards/aperta/new", fields("title", "Casa per le bici", "body", "parole-mie")).leads("/held/1")
	anna.get("/held/1").has(404)
	anna.get("/review/held/1").has(http.StatusForbidden)
	mod.get("/held/1").leads("/review/held/1")
	page := mod.get("/review/held/1").has(200, "parole-mie", "casa", "Bruno Sala")
	was := between(page.body, `name="was" value="`, `"`)
	bruno.post("/held/1/edit", fields("title", "Casa per le bici", "body", "parole-nuove", "tags", "bici")).leads("/held/1?done=1")
	mod.post("/review/held/1", fields("do", "approve", "was", was)).has(http.StatusConflict, "parole-nuove")
	mod.post("/review/held/1", fields("do", "reject", "ground", "")).has(422)
	mod.post("/review/held/1", fields("do", "approve")).leads("/review/held/1")
	anna.get("/ideas/1").has(200, "Casa per le bici", "parole-nuove", "Bruno Sala")
	bruno.get("/notices").has(200, words.T("en", "A moderator let your post through: it is here now")).hasNot("Mara Conti")

	bruno.post("/ideas/1/comments", fields("body", "casa mia")).leads("/held/2")
	mod.post("/review/held/2", fields("do", "reject", "ground", "off_topic", "note", "Meglio altrove.")).leads("/review/held/2")
	bruno.get("/notices").has(200, words.T("en", "Your post was not published")).hasNot("Mara Conti")
	bruno.get("/decisions").has(200, "/decisions/2")
	bruno.get("/decisions/2").has(200, "casa mia", "Meglio altrove.", words.T("en", "by a moderator")).hasNot("Mara Conti")
	anna.get("/decisions/2").has(404)
	bruno.post("/ideas/1/comments", fields("body", "casa tua")).leads("/held/3")
	bruno.post("/held/3/withdraw", nil).leads("/held?withdrawn=1")
	bruno.get("/held/3").has(200).hasNot("casa tua")
}

func between(s, from, to string) string {
	_, s, _ = strings.Cut(s, from)
	s, _, _ = strings.Cut(s, to)
	return s
}
