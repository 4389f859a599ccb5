package server

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"convivio/store"
	"convivio/store/board"
	"convivio/store/password"
	"convivio/store/storetest"
)

// rightPassword is everybody's in these tests.
const rightPassword = "quattro gatti sul tetto"

func TestMain(m *testing.M) {
	password.Default = password.Cost{Memory: 8, Time: 1, Threads: 1}
	os.Exit(m.Run())
}

// front is a server on a real store, as the world sees it.
type front struct {
	testing.TB
	store  *store.Store
	server *Server
	http   *httptest.Server
	log    *lines
	people map[string]board.Who
	ahead  atomic.Int64 // nanoseconds that the store's clock is ahead
}

// newFront starts a server with five people: anna and bruno (employees), mod,
// admin and a guest. change may alter the configuration.
func newFront(t testing.TB, change func(*Config)) *front {
	t.Helper()
	f := &front{TB: t, log: &lines{}, people: map[string]board.Who{}}
	s, err := store.Open(t.Context(), store.Options{Dir: emptyFolder(t), Now: func() time.Time { return time.Now().Add(time.Duration(f.ahead.Load())) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	f.store = s
	hash, err := password.Hash(t.Context(), rightPassword)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []board.NewPerson{
		{Email: "anna@example.com", Name: "Anna Gatti", Kind: board.Employee},
		{Email: "bruno@example.com", Name: "Bruno Sala", Kind: board.Employee},
		{Email: "mod@example.com", Name: "Mara Conti", Kind: board.Employee, Roles: []board.Role{board.Moderator}},
		{Email: "admin@example.com", Name: "Ada Riva", Kind: board.Employee, Roles: []board.Role{board.Admin}},
		{Email: "guest@example.com", Name: "Gino Cliente", Kind: board.Guest},
	} {
		p.Hash = hash
		made, _, err := s.AddPerson(t.Context(), store.Operator(), p)
		if err != nil {
			t.Fatal(err)
		}
		name, _, _ := strings.Cut(p.Email, "@")
		f.people[name] = board.Who{ID: made.ID, Name: p.Name, Email: p.Email, Kind: p.Kind, Roles: p.Roles}
	}
	f.start(change)
	return f
}

// emptyFolder is a data folder with nothing in it.
func emptyFolder(t testing.TB) string {
	t.Helper()
	return storetest.Folder(t, func(dir string) error {
		s, err := store.Open(context.Background(), store.Options{Dir: dir})
		if err != nil {
			return err
		}
		return s.Close()
	})
}

// start serves the store, on a port of its own.
func (f *front) start(change func(*Config)) {
	f.Helper()
	c := Config{Store: f.store, Version: "test", Log: slog.New(slog.NewJSONHandler(f.log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	f.http = httptest.NewUnstartedServer(nil)
	c.Listen = f.http.Listener.Addr().String()
	if change != nil {
		change(&c)
	}
	s, err := New(c)
	if err != nil {
		f.Fatal(err)
	}
	f.server = s
	f.http.Config.Handler = s.Handler()
	f.http.Start()
	f.Cleanup(f.http.Close)
}

// lines gathers a log.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// answered is an answer, read to its end.
type answered struct {
	t      testing.TB
	status int
	header http.Header
	body   string
}

// has fails the test unless the answer has a status and contains texts.
func (a answered) has(status int, texts ...string) answered {
	a.t.Helper()
	if a.status != status {
		a.t.Errorf("got status %d, want %d; body: %.300s", a.status, status, a.body)
	}
	for _, text := range texts {
		if !strings.Contains(a.body, text) {
			a.t.Errorf("the answer does not contain %q: %.2000s", text, a.body)
		}
	}
	return a
}

// leads fails the test unless the answer is a redirect to a path.
func (a answered) leads(path string) answered {
	a.t.Helper()
	if got := a.header.Get("Location"); a.status != http.StatusSeeOther || got != path {
		a.t.Errorf("got status %d to %q, want 303 to %q; body: %.300s", a.status, got, path, a.body)
	}
	return a
}

// problem decodes the error of an API answer.
func (a answered) problem() (p problem) {
	a.t.Helper()
	if kind := a.header.Get("Content-Type"); kind != "application/problem+json" {
		a.t.Errorf("got type %q, want a problem; body: %.300s", kind, a.body)
	}
	if err := json.Unmarshal([]byte(a.body), &p); err != nil {
		a.t.Errorf("decode %q: %v", a.body, err)
	}
	return p
}

// browser is somebody's browser: it keeps its cookie and sends what browsers send.
type browser struct {
	f      *front
	cookie string // name=value, or empty
	header http.Header
}

// nobody is a browser that is not signed in.
func (f *front) nobody() *browser { return &browser{f: f, header: http.Header{}} }

// as is a browser signed in as one of the people.
func (f *front) as(name string) *browser {
	f.Helper()
	secret, err := f.store.OpenSession(f.Context(), f.people[name].ID, "Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0", false)
	if err != nil {
		f.Fatal(err)
	}
	b := f.nobody()
	b.cookie = f.server.cookieName() + "=" + secret
	return b
}

// program asks the API with a token of one of the people.
func (f *front) program(name string) *browser {
	f.Helper()
	secret, err := f.store.AddToken(f.Context(), f.people[name], "test")
	if err != nil {
		f.Fatal(err)
	}
	b := f.nobody()
	b.header.Set("Authorization", "Bearer "+secret)
	return b
}

// do asks as this browser does, with headers more (names and values in turn):
// posts may leave one browser from several goroutines, so its own are only read.
func (b *browser) do(method, path, contentType, body string, more ...string) answered {
	b.f.Helper()
	r, err := http.NewRequestWithContext(b.f.Context(), method, b.f.http.URL+path, strings.NewReader(body))
	if err != nil {
		b.f.Fatal(err)
	}
	for name, values := range b.header {
		r.Header[name] = values
	}
	for i := 0; i < len(more); i += 2 {
		if r.Header.Get(more[i]) == "" {
			r.Header.Set(more[i], more[i+1])
		}
	}
	if host := b.header.Get("Host"); host != "" {
		r.Host = host
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	if b.cookie != "" {
		r.Header.Set("Cookie", b.cookie)
	}
	a, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		b.f.Fatal(err)
	}
	defer a.Body.Close()
	got, err := io.ReadAll(a.Body)
	if err != nil {
		b.f.Fatal(err)
	}
	for _, c := range a.Cookies() {
		if b.cookie = c.Name + "=" + c.Value; c.MaxAge < 0 {
			b.cookie = ""
		}
	}
	return answered{b.f.TB, a.StatusCode, a.Header, string(got)}
}

func (b *browser) get(path string) answered {
	b.f.Helper()
	if b.header.Get("Accept") == "" && !isAPI(path) {
		b.header.Set("Accept", "text/html")
	}
	return b.do("GET", path, "", "")
}

// post sends a form as a browser does from a page here.
func (b *browser) post(path string, form url.Values) answered {
	b.f.Helper()
	return b.do("POST", path, "application/x-www-form-urlencoded", form.Encode(), "Origin", b.f.http.URL)
}

func (b *browser) send(method, path, body string) answered {
	b.f.Helper()
	return b.do(method, path, "application/json", body)
}

// fields makes a form of names and values in turn.
func fields(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}
