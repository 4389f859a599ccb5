package bench

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"convivio/store/board"
)

func TestMiddleAndTail(t *testing.T) {
	for _, c := range []struct {
		list []float64
		want float64
	}{{nil, 0}, {[]float64{3}, 3}, {[]float64{9, 1, 4}, 4}, {[]float64{8, 2, 6, 4}, 5}} {
		if got := median(c.list); got != c.want {
			t.Errorf("median(%v) = %v, want %v", c.list, got, c.want)
		}
	}
	var hundred []time.Duration
	for i := range 100 {
		hundred = append(hundred, time.Duration(100-i))
	}
	for p, want := range map[float64]time.Duration{0: 1, 0.5: 50, 0.99: 99, 1: 100} {
		if got := percentile(hundred, p); got != want {
			t.Errorf("percentile(1 to 100, %v) = %d, want %d", p, got, want)
		}
	}
	if got := percentile(nil, 0.5); got != 0 {
		t.Errorf("percentile of nothing = %d, want 0", got)
	}
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", -1234567: "-1,234,567"} {
		if got := grouped(n); got != want {
			t.Errorf("grouped(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestTextsAreAlwaysTheSameAndAlwaysAccepted(t *testing.T) {
	a, b := newTexts(5), newTexts(5)
	seen := map[string]bool{}
	for range 300 {
		body, again := a.comment(), b.comment()
		if body != again {
			t.Fatalf("got %q and %q from the same seed", body, again)
		}
		if _, err := board.Body("body", body, true); err != nil {
			t.Errorf("%q: %v", body, err)
		}
		seen[body] = true
		if _, err := board.Line("title", a.title(), board.MaxTitle, true); err != nil {
			t.Error(err)
		}
		if words := strings.Fields(a.query()); len(words) != 2 {
			t.Errorf("%v is no query of two words", words)
		}
		b.title()
		b.query()
	}
	if len(seen) < 290 {
		t.Errorf("only %d of 300 comments differ", len(seen))
	}
}

func TestAnswersAreReadWhateverTheirFraming(t *testing.T) {
	long := strings.Repeat("perché no? ", 20_000)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/known":
			_, _ = io.WriteString(w, "known")
		case "/chunked":
			for part := range slices.Chunk([]byte(long), 7000) {
				_, _ = w.Write(part)
				w.(http.Flusher).Flush()
			}
		case "/none":
			w.WriteHeader(http.StatusNoContent)
		case "/echo":
			w.WriteHeader(http.StatusCreated)
			_, _ = io.Copy(w, r.Body)
		default:
			http.NotFound(w, r)
		}
	}))
	defer server.Close()
	addr := server.Listener.Addr().String()
	w, err := connect(t.Context(), addr)
	if err != nil {
		t.Fatal(err)
	}
	defer w.close()
	for range 2 { // each on the same connection again
		for _, c := range []struct {
			path, want string
			status     int
		}{{"/known", "known", 200}, {"/chunked", long, 200}, {"/none", "", 204}, {"/nowhere", "404 page not found\n", 404}} {
			for _, keep := range []bool{true, false} {
				got, err := w.do(newRequest("GET", addr, c.path).bare(), keep)
				if err != nil {
					t.Fatalf("%s: %v", c.path, err)
				}
				if got.status != c.status || got.size != len(c.want) || keep && string(got.body) != c.want {
					t.Errorf("%s: got %d and %d bytes, want %d and %d", c.path, got.status, got.size, c.status, len(c.want))
				}
			}
		}
		post := newRequest("POST", addr, "/echo", bearer("x"))
		for _, body := range []string{`{"body":"uno"}`, `{"body":"due, più lungo"}`} {
			got, err := w.do(post.with(1, []byte(body)), true)
			if err != nil || got.status != 201 || string(got.body) != body {
				t.Errorf("POST %s: got %d %s, %v", body, got.status, got.body, err)
			}
		}
	}
}

func TestFiguresAreFoundByTheirWholeName(t *testing.T) {
	text := []byte("# HELP a_b x\na_b 12\na_b{follower=\"search\"} 7\na_b{follower=\"live\"} 1.5e+06\n")
	for name, want := range map[string]int64{"a_b": 12, `a_b{follower="search"}`: 7, `a_b{follower="live"}`: 1_500_000} {
		if got, err := metric(text, name); err != nil || got != want {
			t.Errorf("metric %s: got %d, %v, want %d", name, got, err, want)
		}
	}
	if _, err := metric(text, "a"); err == nil {
		t.Error("found a figure that is not there")
	}
}

func TestMissedTargetsAreMarked(t *testing.T) {
	var r table
	r.hold("rate", "1", "2", "0.5", "≥ 0.4", true)
	r.hold("memory", "40 KiB", "20 KiB", "2", "≤ 30 KiB", false)
	r.say("lag", "3 events", "", "")
	var out bytes.Buffer
	r.print(&out)
	lines := strings.Split(out.String(), "\n")
	if r.missed() != 1 || !strings.HasSuffix(lines[1], "ok") || !strings.HasSuffix(lines[2], "MISSED") || strings.HasSuffix(lines[3], "ok") {
		t.Errorf("missed %d:\n%s", r.missed(), out.String())
	}
}

func TestBareServerAnswersAsOursDoes(t *testing.T) {
	server := httptest.NewServer((&bareServer{}).handler())
	defer server.Close()
	addr := server.Listener.Addr().String()
	said, err := once(t.Context(), addr, newRequest("POST", addr, "/api/v1/ideas/7/comments").with(1, []byte(`{"body":"sì","parent_id":3}`)), 201)
	if err != nil {
		t.Fatal(err)
	}
	var c board.Comment
	if err := json.Unmarshal(said, &c); err != nil || c.Idea != 7 || c.Body != "sì" || c.ParentID == nil || *c.ParentID != 3 || idOf(said) != c.ID {
		t.Errorf("got %s, %v", said, err)
	}
	page := []byte(strings.Repeat("<p>perché</p>", 5000))
	if _, err := once(t.Context(), addr, newRequest("PUT", addr, "/page", "X-Kind: text/html").with(1, page), 204); err != nil {
		t.Fatal(err)
	}
	got, err := once(t.Context(), addr, newRequest("GET", addr, "/page").bare(), 200)
	if err != nil || !bytes.Equal(got, page) {
		t.Errorf("got %d bytes, %v, want %d", len(got), err, len(page))
	}
}

// TestEverySocketHearsEveryMessage lets the process of the sockets run against
// two bare servers; one of them passes comments on, as ours does.
func TestEverySocketHearsEveryMessage(t *testing.T) {
	bare := httptest.NewServer((&bareServer{}).handler())
	defer bare.Close()
	b := &bareServer{}
	e := b.handler()
	e.POST("/api/v1/ideas/:id/comments", func(c echo.Context) error {
		go b.hub.broadcast([]byte(`{"kind":"reading","count":3}`))
		go b.hub.broadcast([]byte(`{"seq":9,"kind":"comment.added","html":"` + strings.Repeat("è", 700) + `"}`))
		return c.JSON(http.StatusCreated, board.Comment{ID: 1})
	})
	e.GET("/api/v1/ideas/:id/comments", func(c echo.Context) error { return c.String(http.StatusOK, "[]") })
	ours := httptest.NewServer(e)
	defer ours.Close()
	p := plan{Ours: ours.Listener.Addr().String(), Bare: bare.Listener.Addr().String(), OursPID: os.Getpid(), BarePID: os.Getpid(),
		Idea: 1, Tokens: []string{"a", "b"}, Sockets: 60, Bodies: []string{`"zero"`, `"uno"`, `"due"`}}
	in, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := Sockets(t.Context(), bytes.NewReader(in), &out); err != nil {
		t.Fatal(err)
	}
	var d delivered
	if err := json.Unmarshal(out.Bytes(), &d); err != nil {
		t.Fatal(err)
	}
	for name, m := range map[string]measured{"ours": d.Ours, "bare": d.Bare} {
		if m.Socket <= 0 || m.Socket > socketBytes {
			t.Errorf("%s: a socket costs %.0f bytes", name, m.Socket)
		}
		if len(m.P50) != 2 || len(m.P99) != 2 || m.Bytes < 1400 || m.P50[0] <= 0 || m.All99 < m.P50[0] {
			t.Errorf("%s: got %+v", name, m)
		}
	}
	if d.Ours.Bytes != d.Bare.Bytes {
		t.Errorf("got %d bytes through ours and %d through the bare server, want the same", d.Ours.Bytes, d.Bare.Bytes)
	}
}
