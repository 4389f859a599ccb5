package live

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"convivio/store"
	"convivio/store/board"
)

// house is a hub on a real store behind a real server, with people to listen.
type house struct {
	*testing.T
	store                    *store.Store
	url                      string
	later                    atomic.Int64 // how far the store's clock is ahead
	smallBuffers             atomic.Bool  // connections opened from now on hold little that nobody reads
	anna, bruno, guest, boss board.Who
	open, private            string // slugs; anna and boss are members of private, guest of neither

	mu     sync.Mutex
	hub    *Hub
	stop   func()
	up     chan struct{} // closed while a hub is there
	tokens map[int64]string
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{T: t, tokens: map[int64]string{}, open: "mensa", private: "direzione"}
	st, err := store.Open(t.Context(), store.Options{Dir: t.TempDir(), Now: func() time.Time { return time.Now().Add(time.Duration(h.later.Load())) }})
	if err != nil {
		t.Fatal(err)
	}
	h.store = st
	h.start()
	srv := httptest.NewUnstartedServer(http.HandlerFunc(h.serve))
	srv.Config.ConnState = func(c net.Conn, state http.ConnState) {
		if state == http.StateNew && h.smallBuffers.Load() {
			_ = c.(*net.TCPConn).SetWriteBuffer(4 << 10)
		}
	}
	srv.Start()
	h.url = "ws" + strings.TrimPrefix(srv.URL, "http") + "/live"
	t.Cleanup(func() {
		h.end()
		srv.Close()
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	h.boss = h.person("Ada Riva", board.Employee, board.Admin)
	h.anna = h.person("Anna Gatti", board.Employee)
	h.bruno = h.person("Bruno Sala", board.Employee)
	h.guest = h.person("Gino Cliente", board.Guest)
	h.must(st.AddBoard(t.Context(), h.boss, board.NewBoard{Slug: h.open, Name: "Mensa"}, ""))
	h.must(st.AddBoard(t.Context(), h.boss, board.NewBoard{Slug: h.private, Name: "Direzione", Visibility: board.Private}, ""))
	h.must(st.AddMember(t.Context(), h.boss, h.private, h.anna.ID))
	return h
}

// start sets a new hub going; the one before must have ended.
func (h *house) start() {
	hub := New(h.store, &rows{st: h.store}, Options{PerPerson: -1})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); _ = hub.Run(ctx) }()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.hub, h.stop = hub, func() { cancel(); <-done }
	if h.up == nil {
		h.up = make(chan struct{})
	}
	close(h.up)
}

// end drains the hub, as a server that stops does.
func (h *house) end() {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	h.mu.Lock()
	h.up = make(chan struct{})
	h.mu.Unlock()
	h.now().Drain(ctx)
	if ctx.Err() != nil {
		h.Error("connections were still open when the hub was drained")
	}
	h.stop()
}

// again waits until a hub is there.
func (h *house) again() {
	h.mu.Lock()
	up := h.up
	h.mu.Unlock()
	<-up
}

func (h *house) now() *Hub {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.hub
}

// serve knows people by token or cookie, as the server does.
func (h *house) serve(w http.ResponseWriter, r *http.Request) {
	var l store.Login
	var err error
	if cookie, noCookie := r.Cookie("session"); noCookie == nil {
		l, err = h.store.Session(r.Context(), cookie.Value)
	} else {
		l, err = h.store.Token(r.Context(), strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
	}
	if err == nil {
		err = h.now().Serve(w, r, l, func(r *http.Request) bool { return r.Header.Get("Origin") == "http://"+r.Host })
	}
	var fault *board.Error
	if errors.As(err, &fault) {
		status := map[board.Code]int{board.Invalid: 400, board.Unauthorized: 401, board.Forbidden: 403, board.NotFound: 404, board.Unavailable: 503}[fault.Code]
		http.Error(w, fault.Error(), status)
	} else if err != nil {
		h.Error(err)
	}
}

// rows renders what an event is about as it stands now, from the store.
type rows struct {
	st   *store.Store
	fail atomic.Pointer[func()]
}

func (r *rows) Frame(ctx context.Context, e store.Entry, lang string) (string, error) {
	if f := r.fail.Load(); f != nil {
		(*f)()
		return "half", errors.New("no")
	}
	if e.Comment != 0 {
		list, err := r.st.CommentsOf(ctx, e.Comment)
		if err != nil || len(list) == 0 {
			return "", err
		}
		return commentWords(lang, list[0]), nil
	}
	if e.Idea == 0 {
		return "", nil
	}
	idea, err := r.st.Present(ctx, e)
	return ideaWords(lang, idea), err
}

func commentWords(lang string, c board.Comment) string {
	return fmt.Sprint(lang, " ", c.Body, c.Deleted)
}

func ideaWords(lang string, i board.Idea) string {
	return fmt.Sprint(lang, " ", i.Title, " ", i.Votes, " ", i.Stage)
}

func (h *house) must(_ any, err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *house) person(name string, kind board.Kind, roles ...board.Role) board.Who {
	h.Helper()
	email := strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@example.com"
	p, _, err := h.store.AddPerson(h.Context(), store.Operator(), board.NewPerson{Name: name, Email: email, Kind: kind, Roles: roles})
	h.must(p, err)
	who := board.Who{ID: p.ID, Name: p.Name, Kind: kind, Roles: roles}
	token, err := h.store.AddToken(h.Context(), who, "test")
	h.must(token, err)
	h.tokens[who.ID] = token
	return who
}

func (h *house) idea(slug, title string) board.Idea {
	h.Helper()
	return h.ideaOf(h.anna, slug, title)
}

func (h *house) ideaOf(who board.Who, slug, title string) board.Idea {
	h.Helper()
	idea, err := h.store.AddIdea(h.Context(), who, slug, board.NewIdea{Title: title}, "")
	h.must(idea, err)
	return idea
}

func (h *house) reply(who board.Who, idea int64, body string) board.Comment {
	h.Helper()
	c, err := h.store.Reply(h.Context(), who, idea, board.NewComment{Body: body}, "")
	h.must(c, err)
	return c
}

// heard is a frame as a client decodes it; Kind is "closed" at the end, with
// the code in Count.
type heard struct {
	board.Event
	Epoch  string `json:"epoch"`
	Count  int    `json:"count"`
	Reason string `json:"-"`
}

// listener is one open connection.
type listener struct {
	h  *house
	ws *websocket.Conn
}

// dial tries to open a connection and gives the status when it is refused.
func (h *house) dial(who board.Who, query string) (*listener, int) {
	h.Helper()
	dialer := websocket.Dialer{HandshakeTimeout: 20 * time.Second}
	if h.smallBuffers.Load() {
		dialer.NetDial = func(network, addr string) (net.Conn, error) {
			c, err := net.Dial(network, addr)
			if err == nil {
				err = c.(*net.TCPConn).SetReadBuffer(4 << 10)
			}
			return c, err
		}
	}
	ws, resp, err := dialer.Dial(h.url+"?"+query, http.Header{"Authorization": {"Bearer " + h.tokens[who.ID]}})
	if err != nil {
		if resp == nil {
			h.Fatal(err)
		}
		return nil, resp.StatusCode
	}
	h.Cleanup(func() { _ = ws.Close() })
	return &listener{h, ws}, resp.StatusCode
}

// listen opens a connection and reads its hello.
func (h *house) listen(who board.Who, query string) *listener {
	h.Helper()
	l, status := h.dial(who, query)
	if l == nil {
		h.Fatalf("listening to %q: status %d", query, status)
	}
	if hello := l.next(); hello.Kind != board.HelloFrame || hello.Epoch != h.store.Epoch() {
		h.Fatalf("first frame is %+v, want hello in epoch %s", hello, h.store.Epoch())
	}
	return l
}

// any reads the next frame, or how the connection ended.
func (l *listener) any() (f heard) {
	_ = l.ws.SetReadDeadline(time.Now().Add(30 * time.Second))
	_, b, err := l.ws.ReadMessage()
	var closed *websocket.CloseError
	switch {
	case errors.As(err, &closed):
		return heard{Event: board.Event{Kind: "closed"}, Count: closed.Code, Reason: closed.Text}
	case err != nil:
		return heard{Event: board.Event{Kind: "closed"}, Reason: err.Error()}
	}
	if err := json.Unmarshal(b, &f); err != nil {
		l.h.Errorf("frame %q: %v", b, err)
	}
	return f
}

// next reads the next frame that is not about how many read.
func (l *listener) next() heard {
	for {
		if f := l.any(); f.Kind != board.ReadingFrame {
			return f
		}
	}
}

// until reads frames up to and with the one of an event.
func (l *listener) until(seq int64) (all []heard) {
	l.h.Helper()
	for {
		f := l.next()
		if f.Kind == "closed" || f.Seq > seq {
			l.h.Fatalf("got %+v, want event %d", f, seq)
		}
		all = append(all, f)
		if f.Seq == seq {
			return all
		}
	}
}

// endsWith reads the last frames: a reload where there has to be one, and a close code.
func (l *listener) endsWith(reload bool, code int) {
	l.h.Helper()
	if reload {
		if f := l.next(); f.Kind != board.ReloadFrame {
			l.h.Fatalf("got %+v, want a reload", f)
		}
	}
	if f := l.next(); f.Kind != "closed" || f.Count != code {
		l.h.Fatalf("got %+v, want close code %d", f, code)
	}
}

func query(pairs ...any) string {
	q := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		switch v := pairs[i+1].(type) {
		case int64:
			q.Set(pairs[i].(string), strconv.FormatInt(v, 10))
		case string:
			q.Set(pairs[i].(string), v)
		}
	}
	return q.Encode()
}
