package live

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"convivio/store"
	"convivio/store/board"
)

func kinds(frames []heard) (all []string) {
	for _, f := range frames {
		all = append(all, string(f.Kind))
	}
	return all
}

func TestOpenPagesHearWhatHappens(t *testing.T) {
	h := newHouse(t)
	idea, other := h.idea(h.open, "Più pane"), h.idea(h.open, "Meno sale")
	onIdea := h.listen(h.bruno, query("idea", idea.ID, "html", "it"))
	onBoard := h.listen(h.bruno, query("board", h.open, "html", "en"))
	onAll := h.listen(h.bruno, "")

	c := h.reply(h.anna, idea.ID, "Anche integrale")
	h.reply(h.anna, other.ID, "No")
	vote, err := h.store.Vote(t.Context(), h.boss, idea.ID)
	h.must(vote, err)
	moved, err := h.store.MoveIdea(t.Context(), h.boss, idea.ID, board.Move{Stage: board.InReview})
	h.must(moved, err)
	h.must(h.store.EditComment(t.Context(), h.anna, c.ID, board.CommentChange{Body: "Anche di segale"}))
	seq, err := h.store.DeleteComment(t.Context(), h.anna, c.ID)
	h.must(seq, err)
	last := h.idea(h.open, "Frutta").Seq

	got := onIdea.until(seq)
	want := []string{"comment.added", "vote.cast", "idea.staged", "comment.edited", "comment.deleted"}
	if !slices.Equal(kinds(got), want) {
		t.Fatalf("on the idea: %v, want %v", kinds(got), want)
	}
	if f := got[0]; f.Comment != c.ID || f.Board != h.open || f.Actor == nil || f.Actor.Name != h.anna.Name || !strings.HasPrefix(f.HTML, "it ") {
		t.Errorf("comment frame %+v", f)
	}
	if f := got[1]; f.Actor != nil || f.HTML == "" {
		t.Errorf("vote frame %+v: it must not say who voted", f)
	}
	wantAll := []string{"comment.added", "comment.added", "vote.cast", "idea.staged", "comment.edited", "comment.deleted", "idea.added"}
	if got := onBoard.until(last); !slices.Equal(kinds(got), wantAll) || !strings.HasPrefix(got[6].HTML, "en Frutta") {
		t.Errorf("on the board: %v, want %v; %+v", kinds(got), wantAll, got[6])
	}
	if got := onAll.until(last); !slices.Equal(kinds(got), wantAll) || got[6].HTML != "" {
		t.Errorf("everywhere: %v, want %v without HTML; %+v", kinds(got), wantAll, got[6])
	}
}

func TestFramesAreTheEventsOfTheReader(t *testing.T) {
	h := newHouse(t)
	everywhere := h.listen(h.bruno, query("after", int64(0)))
	for i := range 5 {
		idea := h.idea([]string{h.open, h.private}[i%2], fmt.Sprint("Idea ", i))
		h.reply(h.anna, idea.ID, "Sì")
		h.must(h.store.Vote(t.Context(), h.anna, idea.ID))
		h.must(h.store.Unvote(t.Context(), h.anna, idea.ID))
	}
	last := h.idea(h.open, "Ultima").Seq
	got := everywhere.until(last)
	want, err := h.store.Events(t.Context(), h.bruno, 0, 100)
	h.must(want, err)
	if len(got) != len(want.Items) {
		t.Fatalf("%d frames, want the %d events", len(got), len(want.Items))
	}
	for i, f := range got {
		if w := want.Items[i]; f.Seq != w.Seq || f.Kind != w.Kind || f.Board != w.Board || f.Idea != w.Idea || f.Comment != w.Comment || (f.Actor == nil) != (w.Actor == nil) {
			t.Errorf("frame %+v, want event %+v", f, w)
		}
	}
}

func TestAFrameWithoutItsHTMLStillArrives(t *testing.T) {
	h := newHouse(t)
	idea := h.idea(h.open, "Pane")
	l := h.listen(h.bruno, query("idea", idea.ID, "html", "it"))
	renderer := h.now().render.(*rows)
	for _, fail := range []func(){func() {}, func() { panic("no template") }} {
		renderer.fail.Store(&fail)
		c := h.reply(h.anna, idea.ID, "Sì")
		if f := l.next(); f.Seq != c.Seq || f.HTML != "" {
			t.Errorf("got %+v, want event %d without HTML", f, c.Seq)
		}
	}
	renderer.fail.Store(nil)
	if c := h.reply(h.anna, idea.ID, "Ora"); l.next().HTML != commentWords("it", c) {
		t.Error("the renderer works again but the frame has no HTML")
	}
}

func TestPagesAreToldHowManyRead(t *testing.T) {
	h := newHouse(t)
	idea := h.idea(h.open, "Pane")
	counts := func(l *listener, want int) {
		t.Helper()
		for {
			f := l.any()
			if f.Kind != board.ReadingFrame || f.Idea != idea.ID {
				t.Fatalf("got %+v, want how many read", f)
			}
			if f.Count == want {
				return
			}
		}
	}
	first := h.listen(h.anna, query("idea", idea.ID, "html", "it"))
	counts(first, 1)
	program := h.listen(h.anna, query("idea", idea.ID)) // reads nothing on a page
	second := h.listen(h.bruno, query("idea", idea.ID, "html", "en"))
	counts(first, 2)
	counts(second, 2)
	_ = second.ws.Close()
	counts(first, 1)
	c := h.reply(h.anna, idea.ID, "Sì")
	if f := program.any(); f.Seq != c.Seq {
		t.Errorf("a program got %+v, want event %d and no count", f, c.Seq)
	}
}

func TestPagesAreToldHowManyWrite(t *testing.T) {
	h := newHouse(t)
	idea, other := h.idea(h.open, "Pane"), h.idea(h.open, "Sale")
	program := h.listen(h.anna, query("idea", idea.ID))
	elsewhere := h.listen(h.anna, query("idea", other.ID, "html", "it"))
	reader := h.listen(h.anna, query("idea", idea.ID, "html", "it"))
	writer := h.listen(h.bruno, query("idea", idea.ID, "html", "en"))
	says := func(l *listener, word string) {
		t.Helper()
		if err := l.ws.WriteMessage(websocket.TextMessage, []byte(word)); err != nil {
			t.Fatal(err)
		}
	}
	counts := func(l *listener, want int) {
		t.Helper()
		f := l.any()
		for f.Kind == board.ReadingFrame {
			f = l.any()
		}
		if f.Kind != board.WritingFrame || f.Idea != idea.ID || f.Count != want || f.Actor != nil || f.Seq != 0 {
			t.Fatalf("got %+v, want that %d write", f, want)
		}
	}
	for _, word := range []string{`{"kind":"reading","count":900}`, `{"kind":"wri`, "ciao", `{"kind":"comment.added"}`} {
		says(writer, word)
	}
	says(program, `{"kind":"writing"}`)
	says(writer, `{"kind":"writing","count":900,"idea":`+fmt.Sprint(other.ID)+`}`)
	counts(reader, 1)
	counts(writer, 1)
	_ = writer.ws.Close()
	counts(reader, 0)
	head := h.store.Head()
	c := h.reply(h.anna, idea.ID, "Sì")
	if c.Seq != head+1 {
		t.Errorf("the log went from %d to %d: writing is no event", head, c.Seq)
	}
	h.reply(h.anna, other.ID, "No")
	for _, l := range []*listener{program, elsewhere} {
		if f := l.next(); f.Kind != board.CommentAdded {
			t.Errorf("a program, or a page of another idea, was told %+v", f)
		}
	}
}

func TestTheOldestPageMakesWay(t *testing.T) {
	h := newHouse(t)
	h.now().PerPerson = 2
	first, second := h.listen(h.anna, ""), h.listen(h.anna, "")
	others := h.listen(h.bruno, "")
	third := h.listen(h.anna, "")
	first.endsWith(false, CloseReplaced)
	c := h.idea(h.open, "Pane")
	for _, l := range []*listener{second, third, others} {
		l.until(c.Seq)
	}
	h.now().mu.Lock()
	h.now().Sockets = 3
	h.now().mu.Unlock()
	if l, status := h.dial(h.guest, ""); l != nil || status != http.StatusServiceUnavailable {
		t.Errorf("a fourth connection: status %d, want 503", status)
	}
}

func TestWhoMayOpenAConnection(t *testing.T) {
	h := newHouse(t)
	idea, secret := h.idea(h.open, "Pane"), h.idea(h.private, "Cambio sede")
	gone := h.idea(h.open, "Via")
	h.must(h.store.DeleteIdea(t.Context(), h.anna, gone.ID))
	for _, try := range []struct {
		who    board.Who
		query  string
		status int
	}{
		{h.bruno, query("idea", idea.ID), 101},
		{h.bruno, query("idea", idea.ID, "board", h.open), 101},
		{h.bruno, query("idea", idea.ID, "board", h.private), 404},
		{h.anna, query("idea", secret.ID), 101},
		{h.bruno, query("idea", secret.ID), 404},
		{h.bruno, query("idea", int64(9999)), 404},
		{h.bruno, query("idea", gone.ID), 404},
		{h.bruno, query("board", h.private), 404},
		{h.boss, query("board", h.private), 101},
		{h.bruno, query("board", "nessuna"), 404},
		{h.guest, query("board", h.open), 404},
		{h.guest, "", 101},
		{h.bruno, "idea=-1", 400},
		{h.bruno, "idea=7x", 400},
		{h.bruno, "after=-1", 400},
		{h.bruno, "after=x", 400},
		{h.bruno, "html=fr", 400},
		{board.Who{}, "", 401},
	} {
		if _, status := h.dial(try.who, try.query); status != try.status {
			t.Errorf("%s asks %q: status %d, want %d", try.who.Name, try.query, status, try.status)
		}
	}
}

func TestOriginOfAConnection(t *testing.T) {
	h := newHouse(t)
	cookie, err := h.store.OpenSession(t.Context(), h.anna.ID, "", false)
	h.must(cookie, err)
	own := "http" + strings.TrimSuffix(strings.TrimPrefix(h.url, "ws"), "/live")
	session := http.Header{"Cookie": {"session=" + cookie}}
	token := http.Header{"Authorization": {"Bearer " + h.tokens[h.anna.ID]}}
	for _, try := range []struct {
		with   http.Header
		origin []string
		status int
	}{
		{session, []string{own}, 101},
		{session, nil, 403},
		{session, []string{"null"}, 403},
		{session, []string{"https" + strings.TrimPrefix(own, "http")}, 403},
		{session, []string{own + ".evil.example"}, 403},
		{session, []string{own + "1"}, 403},
		{session, []string{"http://127.0.0.1"}, 403},
		{session, []string{own, "http://evil.example"}, 403},
		{token, nil, 101},
		{token, []string{own}, 101},
		{token, []string{"http://evil.example"}, 403},
	} {
		header := try.with.Clone()
		header["Origin"] = try.origin
		if try.origin == nil {
			header.Del("Origin")
		}
		ws, resp, err := websocket.DefaultDialer.Dial(h.url, header)
		if err == nil {
			_ = ws.Close()
		}
		if resp == nil || resp.StatusCode != try.status {
			t.Errorf("origin %v with %v: %v, want %d", try.origin, try.with, resp, try.status)
		}
	}
}

func TestLoginsThatEndCloseTheirConnections(t *testing.T) {
	h := newHouse(t)
	keeps := h.listen(h.bruno, "")
	stays, err := h.store.AddToken(t.Context(), h.anna, "altro")
	h.must(stays, err)
	removed := h.listen(h.anna, "")
	h.tokens[h.anna.ID] = stays
	other := h.listen(h.anna, "")
	tokens, err := h.store.Tokens(t.Context(), h.anna)
	h.must(tokens, err)
	h.must(0, h.store.RemoveToken(t.Context(), h.anna, tokens[1].ID))
	removed.endsWith(false, CloseSignedOut)
	other.until(h.idea(h.open, "Pane").Seq)

	disabled := true
	h.must(h.store.ChangePerson(t.Context(), h.boss, h.anna.ID, store.PersonChange{Disabled: &disabled}))
	other.endsWith(false, CloseSignedOut)
	if _, status := h.dial(h.anna, ""); status != http.StatusUnauthorized {
		t.Errorf("a disabled person opens a connection: status %d", status)
	}
	keeps.until(h.ideaOf(h.boss, h.open, "Acqua").Seq)
}

func TestClientsThatTalkTooMuch(t *testing.T) {
	h := newHouse(t)
	polite := h.listen(h.bruno, "")
	pongs := 0
	polite.ws.SetPongHandler(func(string) error { pongs++; return nil })
	h.must(0, polite.ws.WriteControl(websocket.PingMessage, []byte("qui"), zero))
	polite.until(h.idea(h.open, "Pane").Seq)
	if pongs != 1 {
		t.Errorf("%d pongs for one ping", pongs)
	}
	loud := h.listen(h.anna, "")
	for range heardAtOnce + 1 {
		_ = loud.ws.WriteMessage(websocket.TextMessage, []byte("ciao"))
	}
	loud.endsWith(false, websocket.ClosePolicyViolation)
	long := h.listen(h.anna, "")
	_ = long.ws.WriteMessage(websocket.BinaryMessage, make([]byte, readLimit+1))
	long.endsWith(false, websocket.CloseMessageTooBig)
	broken := h.listen(h.anna, "")
	_, err := broken.ws.NetConn().Write([]byte{0xf1, 0x80, 0, 0, 0, 0}) // reserved bits
	h.must(0, err)
	broken.endsWith(false, websocket.CloseProtocolError)
}

func TestASessionThatEndsByItselfClosesItsConnections(t *testing.T) {
	h := newHouse(t)
	cookie, err := h.store.OpenSession(t.Context(), h.anna.ID, "", false)
	h.must(cookie, err)
	own := "http" + strings.TrimSuffix(strings.TrimPrefix(h.url, "ws"), "/live")
	ws, _, err := websocket.DefaultDialer.Dial(h.url, http.Header{"Cookie": {"session=" + cookie}, "Origin": {own}})
	h.must(ws, err)
	defer ws.Close()
	token := h.listen(h.anna, "")
	h.later.Store(int64(store.SessionIdle))
	l := &listener{h, ws}
	l.next()
	l.endsWith(false, CloseSignedOut)
	token.until(h.idea(h.open, "Pane").Seq)
}

// TestOverTLS: where a write cannot be tried, a goroutine of the connection writes.
func TestOverTLS(t *testing.T) {
	h := newHouse(t)
	srv := httptest.NewTLSServer(http.HandlerFunc(h.serve))
	defer srv.Close()
	dialer := websocket.Dialer{TLSClientConfig: srv.Client().Transport.(*http.Transport).TLSClientConfig}
	idea := h.idea(h.private, "Pane")
	ws, _, err := dialer.Dial("wss"+strings.TrimPrefix(srv.URL, "https")+"/live?after=0&html=it", http.Header{"Authorization": {"Bearer " + h.tokens[h.anna.ID]}})
	h.must(ws, err)
	defer ws.Close()
	l := &listener{h, ws}
	if f := l.next(); f.Kind != board.HelloFrame {
		t.Fatalf("first frame %+v", f)
	}
	var last int64
	for range 50 {
		last = h.reply(h.anna, idea.ID, "Sì").Seq
	}
	want, err := h.store.Events(t.Context(), h.anna, 0, 100)
	h.must(want, err)
	h.sameSeqs(l.until(last), want.Items)
}

// TestAQuietConnectionLearnsHowFarTheLogIs, so that it need not reload after
// much happened that did not concern it.
func TestAQuietConnectionLearnsHowFarTheLogIs(t *testing.T) {
	h := newHouse(t)
	idea, other := h.idea(h.open, "Pane"), h.idea(h.open, "Sale")
	quiet := h.listen(h.bruno, query("idea", idea.ID))
	busy := h.listen(h.bruno, query("idea", other.ID))
	for range unheard / 2 {
		h.must(h.store.Vote(t.Context(), h.anna, other.ID))
		h.must(h.store.Unvote(t.Context(), h.anna, other.ID))
	}
	head := h.store.Head()
	busy.until(head)
	h.now().ping(time.Now().Add(pingEvery))
	if f := quiet.next(); f.Kind != board.HelloFrame || f.Seq != head {
		t.Errorf("got %+v, want hello at event %d", f, head)
	}
	quiet.until(h.reply(h.anna, idea.ID, "Sì").Seq)
}
