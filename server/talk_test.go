package server

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"convivio/store/board"
	"convivio/templates/words"
)

// boards adds an open board and a private one of mod's and anna's.
func (f *front) boards() {
	f.Helper()
	for _, b := range []board.NewBoard{{Slug: "aperta", Name: "Aperta"}, {Slug: "riservata", Name: "Riservata", Visibility: board.Private}} {
		if _, err := f.store.AddBoard(f.Context(), f.people["admin"], b, ""); err != nil {
			f.Fatal(err)
		}
	}
	for _, name := range []string{"anna", "mod"} {
		if _, err := f.store.AddMember(f.Context(), f.people["admin"], "riservata", f.people[name].ID); err != nil {
			f.Fatal(err)
		}
	}
}

// TestTalkingWithoutScripts goes through a whole conversation with links and
// forms alone.
func TestTalkingWithoutScripts(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	anna, bruno, mod := f.as("anna"), f.as("bruno"), f.as("mod")
	anna.get("/boards/aperta/new").has(200, "Aperta")
	anna.post("/boards/aperta/new", fields("key", "k1", "title", "Bici tra i capannoni", "body", "**Dodici** minuti.", "tags", "bici, #Mobilità")).leads("/ideas/1")
	anna.post("/boards/aperta/new", fields("key", "k1", "title", "Bici tra i capannoni", "body", "**Dodici** minuti.", "tags", "bici, #Mobilità")).leads("/ideas/1")
	bruno.get("/ideas/1").has(200, "Bici tra i capannoni", "<strong>Dodici</strong>", "mobilità", "Anna Gatti")
	bruno.post("/ideas/1/comments", fields("key", "k1", "body", "E quando piove?")).leads("/ideas/1?at=1#c1")
	anna.post("/ideas/1/comments", fields("key", "k2", "body", "Mantella.", "parent_id", "1")).leads("/ideas/1?at=2#c2")
	bruno.get("/ideas/1").has(200, "E quando piove?", "Mantella.")
	bruno.get("/comments/2").has(200, "Mantella.", "E quando piove?")
	bruno.post("/comments/1/edit", fields("key", "k3", "body", "E quando nevica?")).leads("/ideas/1?at=1#c1")
	bruno.get("/comments/1/versions").has(200, "E quando piove?")
	bruno.post("/ideas/1/vote", fields("key", "k4")).leads("/ideas/1")
	bruno.post("/ideas/1/vote", fields("key", "k4b", "part", "1")).has(200, `id="votes-1"`, "<b>1</b>") // from another window: counted once
	mod.post("/ideas/1/answers", fields("key", "k1", "body", "Da maggio.", "cites", "1")).leads("/ideas/1#answers")
	mod.post("/ideas/1/stage", fields("key", "k2", "stage", "planned", "reason", "C'è il bilancio", "owner", "@mara.conti", "due", "2099-12-31")).leads("/ideas/1")
	anna.get("/ideas/1").has(200, "Da maggio.", "nevica", "bilancio")
	anna.get("/mine").has(200, "Bici tra i capannoni")
	anna.get("/boards/aperta?sort=votes&stage=planned").has(200, "Bici tra i capannoni")
	anna.get("/").has(200)
	anna.post("/ideas/1/edit", fields("key", "k5", "title", "Biciclette", "body", "Undici.", "tags", "")).leads("/ideas/1")
	anna.get("/ideas/1/versions").has(200, "Bici tra i capannoni")
	bruno.post("/ideas/1/unvote", fields("key", "k6")).leads("/ideas/1")
	bruno.post("/comments/1/delete", fields("key", "k7")).leads("/ideas/1?at=1&deleted=1#c1")
	if page := anna.get("/ideas/1").has(200, "Mantella."); strings.Contains(page.body, "nevica") {
		t.Error("a deleted comment is still shown")
	}
	mod.post("/ideas/1/lock", fields("key", "k8")).leads("/ideas/1")
	bruno.post("/ideas/1/vote", fields("key", "k9")).has(http.StatusConflict)
	mod.post("/ideas/1/unlock", fields("key", "k10")).leads("/ideas/1")
	anna.post("/ideas/1/delete", fields("key", "k11")).leads("/boards/aperta?deleted=1")
	anna.get("/ideas/1").has(http.StatusNotFound)
}

// TestFormsKeepWhatWasTyped sends what breaks a rule: the page comes back with
// the fault, the text is not lost, and nothing is written.
func TestFormsKeepWhatWasTyped(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	anna, mod := f.as("anna"), f.as("mod")
	anna.post("/boards/aperta/new", fields("title", "Una")).leads("/ideas/1")
	anna.post("/ideas/1/comments", fields("body", "primo")).leads("/ideas/1?at=1#c1")
	anna.post("/ideas/1/comments", fields("body", "secondo")).leads("/ideas/1?at=2#c2")
	anna.post("/comments/2/delete", nil).leads("/ideas/1?at=2&deleted=2#c2")
	anna.post("/boards/aperta/new", fields("title", "Chiusa")).leads("/ideas/2")
	anna.post("/ideas/2/comments", fields("body", "terzo")).leads("/ideas/2?at=3#c3")
	mod.post("/ideas/2/lock", nil).leads("/ideas/2")
	before := f.store.Head()
	deep := strings.Repeat("> ", 30) + "in fondo"
	for _, tt := range []struct {
		who    *browser
		path   string
		form   []string
		status int
		keeps  string
	}{
		{anna, "/boards/aperta/new", []string{"title", " ", "body", "testo-tenuto"}, 422, "testo-tenuto"},
		{anna, "/boards/aperta/new", []string{"title", "titolo-tenuto", "body", deep}, 422, "titolo-tenuto"},
		{anna, "/boards/aperta/new", []string{"title", strings.Repeat("t", 201), "body", "testo-tenuto"}, 422, "testo-tenuto"},
		{anna, "/boards/aperta/new", []string{"title", "x", "tags", "a/b", "body", "testo-tenuto"}, 422, "testo-tenuto"},
		{anna, "/ideas/1/comments", []string{"body", ""}, 422, "primo"},
		{anna, "/ideas/1/comments", []string{"body", strings.Repeat("tenuto ", 3000)}, 422, "tenuto tenuto"},
		{anna, "/ideas/1/comments", []string{"body", "testo-tenuto", "parent_id", "2"}, 409, "testo-tenuto"},
		{anna, "/ideas/1/comments", []string{"body", "testo-tenuto", "parent_id", "99"}, 422, "testo-tenuto"},
		{anna, "/comments/1/edit", []string{"body", deep}, 422, "in fondo"},
		{anna, "/ideas/1/edit", []string{"title", "", "body", "testo-tenuto"}, 422, "testo-tenuto"},
		{mod, "/ideas/1/answers", []string{"body", "", "cites", "1"}, 422, "primo"},
		{mod, "/ideas/1/answers", []string{"body", "testo-tenuto", "cites", "2"}, 422, "testo-tenuto"},
		{mod, "/ideas/1/stage", []string{"stage", "grande", "reason", "motivo-tenuto"}, 422, "motivo-tenuto"},
		{anna, "/comments/2/edit", []string{"body", "testo-tenuto"}, 409, "testo-tenuto"},
		{anna, "/ideas/2/comments", []string{"body", "testo-tenuto"}, 409, "testo-tenuto"},
		{anna, "/ideas/2/comments", []string{"body", "testo-tenuto", "parent_id", "3"}, 409, "testo-tenuto"},
		{anna, "/comments/3/edit", []string{"body", "testo-tenuto"}, 409, "testo-tenuto"},
		{anna, "/ideas/2/edit", []string{"title", "Chiusa", "body", "testo-tenuto"}, 409, "testo-tenuto"},
		{mod, "/ideas/2/answers", []string{"body", "testo-tenuto"}, 409, "testo-tenuto"},
		{mod, "/ideas/2/stage", []string{"stage", "planned", "reason", "motivo-tenuto"}, 409, "motivo-tenuto"},
		{anna, "/ideas/1/comments", []string{"body", "x", "author_id", "5"}, 422, ""},
		{anna, "/ideas/1/comments", []string{"body", "testo-tenuto\xff"}, 422, "testo-tenuto"},
		{anna, "/ideas/1/comments", []string{"body", "testo-tenuto", "parent_id", "abc"}, 422, "testo-tenuto"},
		{anna, "/boards/aperta/new", []string{"title", "x\xff", "body", "testo-tenuto"}, 422, "testo-tenuto"},
		{anna, "/ideas/1/edit", []string{"title", "x\xff", "body", "testo-tenuto"}, 422, "testo-tenuto"},
		{anna, "/comments/1/edit", []string{"body", "testo-tenuto\xff"}, 422, "testo-tenuto"},
		{mod, "/ideas/1/answers", []string{"body", "testo-tenuto\xff", "cites", "1"}, 422, "testo-tenuto"},
		{mod, "/ideas/1/answers", []string{"body", "testo-tenuto", "cites", "uno"}, 422, "testo-tenuto"},
		{mod, "/ideas/1/stage", []string{"stage", "done", "reason", "motivo-tenuto\xff"}, 422, "motivo-tenuto"},
	} {
		t.Run(fmt.Sprintf("%.60v", fmt.Sprint(tt.path, tt.form)), func(t *testing.T) {
			got := tt.who.post(tt.path, fields(tt.form...))
			if got.status != tt.status || !strings.Contains(got.body, tt.keeps) {
				t.Errorf("got %d, want %d with %q kept; body: %.600s", got.status, tt.status, tt.keeps, got.body)
			}
			if tt.keeps != "" && !strings.Contains(got.body, `class="fault`) {
				t.Error("the page does not say what is wrong")
			}
		})
	}
	if f.store.Head() != before {
		t.Error("something was written")
	}
}

// TestTheAPIRefusesBadInput names the field at fault.
func TestTheAPIRefusesBadInput(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	anna, mod := f.program("anna"), f.program("mod")
	anna.send("POST", "/api/v1/boards/aperta/ideas", `{"title":"Una"}`).has(201, `"board":"aperta"`, `"seq":`)
	anna.send("POST", "/api/v1/ideas/1/comments", `{"body":"uno"}`).has(201, `"parent_id":null`)
	before := f.store.Head()
	for _, tt := range []struct {
		who              *browser
		method, path, in string
		status           int
		code             board.Code
		field            string
	}{
		{anna, "POST", "/api/v1/boards/aperta/ideas", `{"title":""}`, 422, board.Invalid, "title"},
		{anna, "POST", "/api/v1/boards/aperta/ideas", `{}`, 422, board.Invalid, ""},
		{anna, "POST", "/api/v1/boards/aperta/ideas", `{"title":"x","author":{"id":2}}`, 422, board.Invalid, ""},
		{anna, "POST", "/api/v1/boards/aperta/ideas", `{"Title":"x"}`, 422, board.Invalid, ""},
		{anna, "POST", "/api/v1/boards/aperta/ideas", `{"title":1}`, 422, board.Invalid, ""},
		{anna, "POST", "/api/v1/boards/aperta/ideas", `{"title":"x"`, 400, board.Invalid, ""},
		{anna, "POST", "/api/v1/boards/aperta/ideas", "{\"title\":\"a\xff\"}", 400, board.Invalid, "title"},
		{anna, "POST", "/api/v1/boards/aperta/ideas", "{\"title\":\"a\",\"body\":\"\xc3\"}", 400, board.Invalid, "body"},
		{anna, "POST", "/api/v1/boards/aperta/ideas", `{"title":"a","tags":["x","\ud800"]}`, 400, board.Invalid, "tags"},
		{anna, "POST", "/api/v1/boards/aperta/ideas", `{"title":"a\ud800b"}`, 400, board.Invalid, "title"},
		{anna, "POST", "/api/v1/boards/aperta/ideas", `{"title":"\udc00\ud800"}`, 400, board.Invalid, "title"},
		{anna, "POST", "/api/v1/ideas/1/comments", `{"body":"\ud800\n"}`, 400, board.Invalid, "body"},
		{anna, "POST", "/api/v1/ideas/1/comments", "\xff", 400, board.Invalid, ""},
		{anna, "POST", "/api/v1/boards/nessuna/ideas", `{"title":"x"}`, 404, board.NotFound, ""},
		{anna, "POST", "/api/v1/ideas/1/comments", `{"body":" "}`, 422, board.Invalid, "body"},
		{anna, "POST", "/api/v1/ideas/1/comments", `{"body":"x","parent_id":77}`, 422, board.Invalid, "parent_id"},
		{anna, "POST", "/api/v1/ideas/1/comments", `{"body":"x","parent_id":"1"}`, 422, board.Invalid, ""},
		{anna, "GET", "/api/v1/ideas/1/comments?sort=hot", ``, 422, board.Invalid, ""},
		{anna, "GET", "/api/v1/ideas/1/comments?cursor=zz", ``, 422, board.Invalid, "cursor"},
		{anna, "GET", "/api/v1/ideas/1/comments?limit=-1", ``, 422, board.Invalid, ""},
		{anna, "GET", "/api/v1/ideas/abc", ``, 404, board.NotFound, ""},
		{anna, "PUT", "/api/v1/ideas/1/stage", `{"stage":"done"}`, 403, board.Forbidden, ""},
		{mod, "PUT", "/api/v1/ideas/1/stage", `{"stage":"super"}`, 422, board.Invalid, ""},
		{anna, "GET", "/api/v1/nothing", ``, 404, board.NotFound, ""},
	} {
		t.Run(tt.method+" "+tt.path+" "+tt.in, func(t *testing.T) {
			got := tt.who.send(tt.method, tt.path, tt.in)
			p := got.problem()
			if got.status != tt.status || p.Code != tt.code || tt.field != "" && p.Field != tt.field {
				t.Errorf("got %d %s", got.status, got.body)
			}
		})
	}
	if f.store.Head() != before {
		t.Error("something was written")
	}
	for n, title := range []string{"\U0001F600 faccia", `\ud800 a parole`} { // whole pairs, and backslashes that escape nothing
		in := []string{`{"title":"\ud83d\ude00 faccia"}`, `{"title":"\\ud800 a parole"}`}[n]
		var i board.Idea
		if err := json.Unmarshal([]byte(anna.send("POST", "/api/v1/boards/aperta/ideas", in).has(201).body), &i); err != nil || i.Title != title {
			t.Errorf("%s came out as %q, %v", in, i.Title, err)
		}
	}
}

// TestAFormFromItsOwnPageIsTaken sends what browsers send from a page that hides
// where it is.
func TestAFormFromItsOwnPageIsTaken(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	for _, tt := range []struct {
		origin, site string
		status       int
	}{
		{"null", "same-origin", http.StatusSeeOther},
		{f.http.URL, "same-origin", http.StatusSeeOther},
		{f.http.URL, "", http.StatusSeeOther},
		{"null", "", http.StatusForbidden},
		{"null", "cross-site", http.StatusForbidden},
		{"null", "same-site", http.StatusForbidden},
		{"http://altrove.example", "same-origin", http.StatusForbidden},
		{"", "", http.StatusForbidden},
	} {
		anna := f.as("anna")
		anna.header.Set("Origin", tt.origin)
		anna.header.Set("Sec-Fetch-Site", tt.site)
		if tt.origin == "" {
			anna.header.Del("Origin")
		}
		if tt.site == "" {
			anna.header.Del("Sec-Fetch-Site")
		}
		if got := anna.do("POST", "/boards/aperta/new", "application/x-www-form-urlencoded", "title=x"); got.status != tt.status {
			t.Errorf("Origin %q, Sec-Fetch-Site %q: got %d, want %d", tt.origin, tt.site, got.status, tt.status)
		}
	}
}

func TestAddingMembersKeepsTheSearchAndSaysWhoWasAdded(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	mod, bruno := f.as("mod"), f.people["bruno"]
	id := strconv.FormatInt(bruno.ID, 10)
	const members = "/boards/riservata/members"
	mod.post(members, fields("person", id, "q", "bru & co")).leads(members + "?added=" + id + "&q=bru+%26+co")
	added := words.T("en", "Added: %s", bruno.Name)
	mod.get(members+"?q=bru&added="+id).has(http.StatusOK, added, `value="bru"`)
	mod.post(members+"/"+id+"/delete", fields()).leads(members)
	if page := mod.get(members + "?added=" + id).has(http.StatusOK); strings.Contains(page.body, added) {
		t.Error("the page says of somebody who is no member that they were added")
	}
}
