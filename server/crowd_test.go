package server

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"convivio/server/live"
	"convivio/store"
	"convivio/store/board"
)

// TestThePagesOfAdministratorsAskAsOftenForManyAsForFew counts the statements of
// each page of the administration, with a few people and with a few hundred more.
func TestThePagesOfAdministratorsAskAsOftenForManyAsForFew(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	admin := f.as("admin")
	pages := []string{"/admin", "/admin/people", "/admin/people?q=persona&state=invited", "/admin/teams", "/admin/boards", "/admin/announcements", "/admin/features", "/admin/state"}
	asked := func() map[string]int64 {
		t.Helper()
		out := map[string]int64{}
		for _, path := range pages {
			for range 2 { // what is kept in memory is read the first time
				ctx, n := store.Counting(context.Background())
				r := httptest.NewRequestWithContext(ctx, "GET", f.http.URL+path, http.NoBody)
				r.Header.Set("Cookie", admin.cookie)
				r.Header.Set("Accept", "text/html")
				w := httptest.NewRecorder()
				f.server.Handler().ServeHTTP(w, r)
				if w.Code != http.StatusOK {
					t.Fatalf("%s: %d", path, w.Code)
				}
				out[path] = n.Load()
			}
		}
		return out
	}
	few := asked()
	var list strings.Builder
	list.WriteString("e-mail;nome;reparto;sede\n")
	for i := range 300 {
		fmt.Fprintf(&list, "p%d@example.com;Persona %d;Reparto %d;Sede %d\n", i, i, i%40, i%7)
	}
	path := admin.shows(admin.brings(list.String()))
	admin.post(path, fields()).leads(path)
	admin.imported(path)
	many := asked()
	for page, n := range many {
		if n > few[page] || n > 12 {
			t.Errorf("%s asks %d times, with few people %d times", page, n, few[page])
		}
	}
	if many["/admin"] == 0 {
		t.Error("nothing was counted")
	}
}

// TestWhoIsShutOutHearsNothingMore: an open page and a program's connection of
// somebody who is disabled end at once, each with a word of why.
func TestWhoIsShutOutHearsNothingMore(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	f.withHub()
	page, _ := f.as("anna").listen("board=aperta&html=en")
	program, _ := f.program("anna").listen("board=aperta")
	other, _ := f.as("bruno").listen("board=aperta")
	for _, ws := range []*websocket.Conn{page, program, other} {
		if _, _, err := ws.ReadMessage(); err != nil { // hello
			t.Fatal(err)
		}
	}
	f.as("admin").post(fmt.Sprintf("/admin/people/%d/disable", f.people["anna"].ID), fields()).has(http.StatusSeeOther)
	for _, ws := range []*websocket.Conn{page, program} {
		_ = ws.SetReadDeadline(time.Now().Add(30 * time.Second))
		_, _, err := ws.ReadMessage()
		if !websocket.IsCloseError(err, live.CloseSignedOut) {
			t.Errorf("the connection ended with %v", err)
		}
	}
	made, err := f.store.AddIdea(t.Context(), f.people["bruno"], "aperta", board.NewIdea{Title: "Ancora qui"}, "")
	if err != nil {
		t.Fatal(err)
	}
	f.frameOf(other, made.Seq)
}

// TestTheReviewPageAsksAsOftenForManyAsForFew counts the statements of the whole page
// and of an item's own, with three things waiting and with many.
func TestTheReviewPageAsksAsOftenForManyAsForFew(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	mod := f.as("mod")
	idea := f.idea("anna", "aperta", "Molte parole")
	waits := func(n int) {
		t.Helper()
		for range n {
			c, err := f.store.Reply(f.Context(), f.people["bruno"], idea.ID, board.NewComment{Body: "Fuori tema."}, "")
			if err == nil {
				_, err = f.store.OpenReview(f.Context(), f.people["mod"], 0, c.ID)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	asked := func(path string) (n int64) {
		t.Helper()
		for range 2 { // what is kept in memory is read the first time
			ctx, count := store.Counting(context.Background())
			r := httptest.NewRequestWithContext(ctx, "GET", f.http.URL+path, http.NoBody)
			r.Header.Set("Cookie", mod.cookie)
			r.Header.Set("Accept", "text/html")
			w := httptest.NewRecorder()
			f.server.Handler().ServeHTTP(w, r)
			if w.Code != http.StatusOK {
				t.Fatalf("%s: %d", path, w.Code)
			}
			n = count.Load()
		}
		return n
	}
	waits(3)
	pages := []string{"/review", "/review?kind=report&board=aperta", "/review/1", "/review/decisions"}
	few := map[string]int64{}
	for _, path := range pages {
		few[path] = asked(path)
	}
	waits(60)
	for _, path := range pages {
		if n := asked(path); n == 0 || n > few[path] || n > 14 {
			t.Errorf("%s asks %d times, with few items %d times", path, n, few[path])
		}
	}
}
