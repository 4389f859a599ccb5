package server

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"convivio/server/live"
	"convivio/store/board"
)

// withHub sets a hub going behind /live and gives what drains it.
func (f *front) withHub() {
	f.Helper()
	hub := live.New(f.store, f.server, live.Options{})
	f.server.AddLive(hub)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); _ = hub.Run(ctx) }()
	f.Cleanup(func() {
		limit, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		hub.Drain(limit)
		stop()
		<-done
	})
}

// listen opens a live connection as a browser on one of our pages does.
func (b *browser) listen(query string) (*websocket.Conn, int) {
	b.f.Helper()
	header := b.header.Clone()
	if header.Get("Origin") == "" {
		header.Set("Origin", b.f.http.URL)
	}
	if b.cookie != "" {
		header.Set("Cookie", b.cookie)
	}
	ws, answer, err := websocket.DefaultDialer.Dial(strings.Replace(b.f.http.URL, "http", "ws", 1)+"/live?"+query, header)
	if answer == nil {
		b.f.Fatal(err)
	}
	if err == nil {
		b.f.Cleanup(func() { _ = ws.Close() })
	}
	return ws, answer.StatusCode
}

// frameOf reads frames until the one of an event.
func (f *front) frameOf(ws *websocket.Conn, seq int64) (e board.Event) {
	f.Helper()
	_ = ws.SetReadDeadline(time.Now().Add(30 * time.Second))
	for e.Kind == board.HelloFrame || e.Kind == board.ReadingFrame || e.Seq < seq {
		e = board.Event{}
		if err := ws.ReadJSON(&e); err != nil {
			f.Fatal(err)
		}
	}
	if e.Seq != seq {
		f.Fatalf("got event %d, want %d", e.Seq, seq)
	}
	return e
}

// TestAFrameShowsWhatThePageShows: what a page is given live is, byte for byte,
// what the same reader gets by asking.
func TestAFrameShowsWhatThePageShows(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	f.withHub()
	anna, bruno := f.people["anna"], f.as("bruno")
	bruno.header.Set("Accept-Language", "en")
	idea, err := f.store.AddIdea(t.Context(), anna, "aperta", board.NewIdea{Title: "Pane"}, "")
	if err != nil {
		t.Fatal(err)
	}
	ws, _ := bruno.listen(fmt.Sprintf("idea=%d&html=en", idea.ID))
	c, err := f.store.Reply(t.Context(), anna, idea.ID, board.NewComment{Body: "Con **noci** <b>e</b> miele"}, "")
	if err != nil {
		t.Fatal(err)
	}
	shown := strings.TrimSpace(bruno.get(fmt.Sprintf("/comments/%d?part=1", c.ID)).has(200, "noci").body)
	if e := f.frameOf(ws, c.Seq); !strings.Contains(e.HTML, shown) || e.Actor == nil || e.Actor.ID != anna.ID {
		t.Errorf("frame %+v\nwant the part %s", e, shown)
	}
	v, err := f.store.Vote(t.Context(), anna, idea.ID)
	if err != nil {
		t.Fatal(err)
	}
	if e := f.frameOf(ws, v.Seq); e.Actor != nil || strings.Contains(e.HTML, anna.Name) {
		t.Errorf("a vote's frame says whose it is: %+v", e)
	}
}

func TestWhoReachesTheLiveConnections(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	f.withHub()
	secret, err := f.store.AddIdea(t.Context(), f.people["anna"], "riservata", board.NewIdea{Title: "Sede"}, "")
	if err != nil {
		t.Fatal(err)
	}
	evil, program := f.as("anna"), f.program("anna")
	evil.header.Set("Origin", "http://evil.example")
	program.header.Set("Origin", f.http.URL)
	never := fmt.Sprintf("idea=%d", secret.ID+1000)
	for _, try := range []struct {
		name   string
		who    *browser
		query  string
		status int
	}{
		{"a member", f.as("anna"), fmt.Sprintf("idea=%d&html=it", secret.ID), http.StatusSwitchingProtocols},
		{"a member's program", program, fmt.Sprintf("idea=%d", secret.ID), http.StatusSwitchingProtocols},
		{"nobody", f.nobody(), "", http.StatusUnauthorized},
		{"somebody who is no member", f.as("bruno"), fmt.Sprintf("idea=%d", secret.ID), http.StatusNotFound},
		{"an idea that never was", f.as("bruno"), never, http.StatusNotFound},
		{"a guest", f.as("guest"), "board=aperta", http.StatusNotFound},
		{"another site", evil, "", http.StatusForbidden},
		{"a language there is not", f.as("anna"), "html=fr", http.StatusUnprocessableEntity},
	} {
		if _, status := try.who.listen(try.query); status != try.status {
			t.Errorf("%s: status %d, want %d", try.name, status, try.status)
		}
	}
	there, not := f.as("bruno").get(fmt.Sprintf("/live?idea=%d", secret.ID)), f.as("bruno").get("/live?"+never)
	if there.status != not.status || strings.ReplaceAll(there.body, there.header.Get("X-Request-Id"), "") != strings.ReplaceAll(not.body, not.header.Get("X-Request-Id"), "") {
		t.Errorf("an idea one may not see: %d %s; one that never was: %d %s", there.status, there.body, not.status, not.body)
	}
	f.as("anna").get("/live").has(http.StatusForbidden)      // a cookie and no origin
	program.get("/live").has(http.StatusUnprocessableEntity) // no handshake
}
