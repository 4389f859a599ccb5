package server

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"convivio/store/board"
	"convivio/templates/words"
)

func TestTheAppCanBeInstalled(t *testing.T) {
	f := newFront(t, nil)
	b := f.nobody()
	for _, lang := range words.Langs {
		a := b.get("/manifest.webmanifest?lang="+lang).has(200, words.T(lang, "New idea"))
		if got := a.header.Get("Content-Type"); got != "application/manifest+json" {
			t.Errorf("got content type %q", got)
		}
		var m manifest
		if err := json.Unmarshal([]byte(a.body), &m); err != nil {
			t.Fatal(err)
		}
		if m.Lang != lang || m.Display != "standalone" || m.Scope != "/" || m.StartURL != "/" || len(m.Theme) != 7 {
			t.Errorf("got %+v", m)
		}
		maskable := false
		for _, icon := range m.Icons {
			got := b.get(icon.Source).has(200)
			if got.header.Get("Content-Type") != icon.Type {
				t.Errorf("%s has type %q", icon.Source, got.header.Get("Content-Type"))
			}
			maskable = maskable || icon.Purpose == "maskable"
		}
		if !maskable {
			t.Error("no icon can be cut round")
		}
	}
	b.get("/signin?lang=it").has(200, `rel="manifest" href="/manifest.webmanifest?lang=it"`, `name="theme-color" media="(prefers-color-scheme: dark)"`, "viewport-fit=cover", `rel="apple-touch-icon"`)
}

func TestTheWorkerAndItsPageAreNobodys(t *testing.T) {
	f := newFront(t, nil)
	anna := f.as("anna")
	a := anna.get("/sw.js").has(200, `const build = {`, "/offline?lang=it", "addEventListener(\"fetch\"")
	if a.header.Get("Content-Type") != "text/javascript; charset=utf-8" || a.header.Get("Cache-Control") != "no-cache" ||
		!strings.Contains(a.header.Get("Content-Security-Policy"), "trusted-types part") {
		t.Errorf("got %v", a.header)
	}
	if b := f.nobody().get("/sw.js"); b.body != a.body {
		t.Error("the worker differs by reader")
	}
	page := anna.get("/offline?lang=it").has(200, words.T("it", "What you can read meanwhile"), `lang="it"`)
	for _, secret := range []string{"Anna", "data-who", `name="key"`} {
		if strings.Contains(page.body, secret) {
			t.Errorf("the page for everybody has %q", secret)
		}
	}
	anna.get("/offline?lang=xx").has(200, `lang="en"`)
}

func TestAnswersSayForWhomTheyAreAndWhatMayBeKept(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	idea, comment := f.secretRows()
	anna, admin := f.as("anna"), f.as("admin")
	reader := anna.get("/").header.Get("Convivio-Reader")
	if !strings.HasPrefix(reader, fmt.Sprint(f.people["anna"].ID, ".")) || !strings.HasSuffix(reader, ".en") {
		t.Fatalf("the reader is %q", reader)
	}
	for path, kept := range map[string]bool{
		"/": true, "/mine": true, "/boards": true, "/boards/riservata": true, fmt.Sprint("/ideas/", idea): true, fmt.Sprint("/ideas/", idea, "?sort=oldest"): true,
		fmt.Sprint("/comments/", comment): true, "/account": false, "/people": false, "/search?q=x": false, "/ideas/new": false,
		"/boards/riservata/new": false, "/boards/riservata/members": false, fmt.Sprint("/ideas/", idea, "/versions"): false, "/ideas/424242": true,
	} {
		h := anna.get(path).header
		if h.Get("Convivio-Reader") != reader || (h.Get("Convivio-Keep") != "") != kept {
			t.Errorf("%s: reader %q, keep %q", path, h.Get("Convivio-Reader"), h.Get("Convivio-Keep"))
		}
	}
	for _, path := range []string{"/admin/people", "/account"} {
		if h := admin.get(path).header; h.Get("Convivio-Keep") != "" {
			t.Errorf("%s may be kept", path)
		}
	}
	if h := f.nobody().get("/signin").header; h.Get("Convivio-Reader") != "0..en" || h.Get("Convivio-Keep") != "" {
		t.Errorf("nobody is %q", h.Get("Convivio-Reader"))
	}
	if _, err := f.store.RemoveMember(t.Context(), f.people["mod"], "riservata", f.people["anna"].ID); err != nil {
		t.Fatal(err)
	}
	if now := anna.get("/").header.Get("Convivio-Reader"); now == reader {
		t.Error("who left a board is the same reader to the device: copies of it would stay")
	}
}

// TestABoardMadePrivateLeavesTheDevicesOfThoseOutside: copies of it were lawful
// while it was open, and must go when it is not any more.
func TestABoardMadePrivateLeavesTheDevicesOfThoseOutside(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	bruno := f.as("bruno")
	reader := bruno.get("/").header.Get("Convivio-Reader")
	private := board.Private
	if _, err := f.store.ChangeBoard(t.Context(), f.people["admin"], "aperta", board.BoardChange{Visibility: &private}); err != nil {
		t.Fatal(err)
	}
	if now := bruno.get("/").header.Get("Convivio-Reader"); now == reader {
		t.Error("who may not see a board any more is the same reader to the device: copies of it would stay")
	}
}

func TestOnASharedDeviceTheReaderIsNobody(t *testing.T) {
	f := newFront(t, nil)
	b := f.nobody()
	b.post("/signin", fields("email", "anna@example.com", "password", rightPassword, "shared", "yes")).leads("/")
	h := b.get("/").has(200, "data-shared", "nothing can be sent until you are back").header
	if h.Get("Convivio-Reader") != "0..en" || h.Get("Convivio-Keep") != "" {
		t.Errorf("got reader %q, keep %q", h.Get("Convivio-Reader"), h.Get("Convivio-Keep"))
	}
}

// TestWhatADeviceKeptIsSentForItsWriterAlone sends forms as the worker does.
func TestWhatADeviceKeptIsSentForItsWriterAlone(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	idea, err := f.store.AddIdea(t.Context(), f.people["bruno"], "aperta", board.NewIdea{Title: "Una panca"}, "")
	if err != nil {
		t.Fatal(err)
	}
	path := fmt.Sprint("/ideas/", idea.ID, "/comments")
	anna := f.as("anna")
	anna.header.Set("Accept", "application/problem+json")
	anna.header.Set("Accept-Language", "it")
	send := func(who string, body string) answered {
		anna.header.Set("Convivio-Sender", fmt.Sprint(f.people[who].ID))
		return anna.post(path, fields("key", "k", "parent_id", "", "body", body))
	}
	send("bruno", "Di Bruno").has(http.StatusUnauthorized, `"code":"unauthorized"`)
	for range 3 {
		send("anna", "Di Anna").has(http.StatusNoContent)
	}
	refused := send("anna", "Altro testo").has(http.StatusConflict, "Questo modulo era già stato inviato")
	if refused.header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("got %q", refused.header.Get("Content-Type"))
	}
	list, err := f.store.Comments(t.Context(), f.people["anna"], idea.ID, board.OldestFirst, 10, "")
	if err != nil || len(list.Items) != 1 || list.Items[0].Body != "Di Anna" {
		t.Errorf("got %+v, %v", list.Items, err)
	}
}
