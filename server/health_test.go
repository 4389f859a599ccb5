package server

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
)

func TestHealth(t *testing.T) {
	f := newFront(t, nil)
	b := f.nobody()
	b.get("/healthz").has(http.StatusOK)
	b.get("/readyz").has(http.StatusOK)
	f.server.Drain()
	b.get("/readyz").has(http.StatusServiceUnavailable)
	b.get("/healthz").has(http.StatusOK)
	b.get("/signin").has(http.StatusOK) // what comes is still answered
}

func TestNotReadyWithoutADatabase(t *testing.T) {
	f := newFront(t, nil)
	if err := f.store.Close(); err != nil {
		t.Fatal(err)
	}
	f.nobody().get("/readyz").has(http.StatusServiceUnavailable)
	f.nobody().get("/healthz").has(http.StatusOK)
}

func TestReportsOfBrowsersAreCountedNotKept(t *testing.T) {
	f := newFront(t, nil)
	b := f.as("anna")
	b.header.Set("Sec-Fetch-Site", "same-origin")
	b.do("POST", "/csp-reports", "application/reports+json", `[{"type":"csp-violation","body":{"sample":"CNRY-sample"}}]`).has(http.StatusNoContent)
	f.nobody().get("/metrics").has(http.StatusOK, "convivio_policy_reports_total 1")
	if strings.Contains(f.log.String(), "CNRY") {
		t.Error("the report stands in the log")
	}
}

type behind struct{}

func (behind) Name() string { return "search" }
func (behind) Seq() int64   { return 2 }

func TestFiguresAreForThisMachineAndAdministrators(t *testing.T) {
	f := newFront(t, func(c *Config) { c.Followers = []Follower{behind{}} })
	f.as("anna").get("/account")
	f.nobody().get("/ideas/4711")
	f.nobody().get("/no/such/page/canary")
	a := f.nobody().get("/metrics").has(http.StatusOK,
		"convivio_log_head 5", `convivio_follower_lag{follower="search"} 3`,
		`convivio_requests_total{method="GET",route="/account",status="200"} 1`,
		`convivio_requests_total{method="GET",route="/ideas/:id",status="303"} 1`)
	if strings.Contains(a.body, "4711") || strings.Contains(a.body, "canary") {
		t.Error("an address stands in the figures")
	}
	through := func(b *browser) *browser { b.header.Set("X-Forwarded-For", "10.0.0.1"); return b }
	through(f.nobody()).get("/metrics").has(http.StatusNotFound)
	through(f.as("admin")).get("/metrics").has(http.StatusNotFound) // a page of another site could ask with the cookie
	through(f.program("anna")).get("/metrics").has(http.StatusNotFound)
	through(f.program("admin")).get("/metrics").has(http.StatusOK, "convivio_log_head")
}

// TestLogsHoldNothingThatIsSomebodys greps the log of a busy server for what
// people typed, who they are, and what opens doors.
func TestLogsHoldNothingThatIsSomebodys(t *testing.T) {
	f := newFront(t, nil)
	b := f.nobody()
	b.header.Set("User-Agent", "CNRY-agent")
	b.post("/signin", fields("email", "cnry-unknown@example.com", "password", "CNRY-password-that-is-wrong"))
	b.post("/signin", fields("email", "anna@example.com", "password", rightPassword))
	b.get("/search?q=CNRY-term")
	b.get("/CNRY-path%1b[31m?token=CNRY-query")
	b.do("CNRYMETHOD", "/account", "", "")
	b.post("/account/tokens", fields("name", "CNRY-name"))
	program := f.program("anna")
	program.send("POST", "/api/v1/boards", `{"slug":"CNRY-slug"}`)
	page := f.as("admin").post("/admin/people/2/reset", fields()).body
	link := linkIn(t, f, page, "/resets/")
	b.get(link)
	log := f.log.String()
	_, cookie, _ := strings.Cut(b.cookie, "=")
	for _, secret := range []string{"CNRY", "cnry", "anna", "Anna", "example.com", rightPassword, cookie, strings.TrimPrefix(link, "/resets/"),
		strings.TrimPrefix(program.header.Get("Authorization"), "Bearer "), "\x1b", "127.0.0.1"} {
		if secret != "" && strings.Contains(log, secret) {
			t.Errorf("the log holds %q:\n%s", secret, log)
		}
	}
	if strings.Contains(log, `"person"`) {
		t.Errorf("the log says whose request it was:\n%s", log)
	}
	for _, part := range []string{`"route":"/signin"`, `"route":"/resets/:token"`, `"status":303`, `"us":`, `"id":"`} {
		if !strings.Contains(log, part) {
			t.Errorf("the log lacks %s:\n%s", part, log)
		}
	}
}

func TestWhatBreaksIsWrittenDownUnderANumber(t *testing.T) {
	f := newFront(t, nil)
	f.server.route("GET", "/breaks", anyone, func(*request) error { return errors.New("SELECT secret FROM table") })
	f.server.route("GET", "/panics", anyone, func(*request) error { panic("SELECT secret FROM table") })
	f.server.route("GET", "/api/breaks", anyone, func(*request) error { return errors.New("SELECT secret FROM table") })
	for _, path := range []string{"/breaks", "/panics", "/api/breaks"} {
		a := f.nobody().get(path).has(http.StatusInternalServerError)
		if strings.Contains(a.body, "SELECT") {
			t.Errorf("%s tells: %s", path, a.body)
		}
		id := a.header.Get("X-Request-Id")
		if id == "" || !strings.Contains(a.body, id) || !strings.Contains(f.log.String(), `"msg":"request failed","id":"`+id+`"`) {
			t.Errorf("%s: number %q is not in the answer and the log: %s", path, id, a.body)
		}
		if got := a.header.Get("X-Content-Type-Options"); got != "nosniff" {
			t.Errorf("%s lacks the headers", path)
		}
	}
}

func TestARequestThatWasGivenUpIsNoFault(t *testing.T) {
	f := newFront(t, nil)
	gone, leave := context.WithCancel(t.Context())
	leave()
	r := httptest.NewRequestWithContext(gone, "GET", f.http.URL+"/mine", nil)
	r.Header.Set("Cookie", f.as("anna").cookie)
	w := httptest.NewRecorder()
	f.server.Handler().ServeHTTP(w, r)
	if w.Code != http.StatusServiceUnavailable || strings.Contains(f.log.String(), "request failed") {
		t.Errorf("got status %d, want 503; the log: %s", w.Code, f.log)
	}
}

func TestForwardingHeadersCountOnlyFromTrustedProxies(t *testing.T) {
	for name, c := range map[string]struct {
		trusted []netip.Prefix
		want    string
	}{
		"nobody trusted":      {nil, "127.0.0.1"},
		"somebody else":       {[]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, "127.0.0.1"},
		"the proxy here":      {[]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, "192.0.2.7"},
		"a chain of them":     {[]netip.Prefix{netip.MustParsePrefix("127.0.0.1/32"), netip.MustParsePrefix("192.0.2.0/24")}, "203.0.113.9"},
		"an unmasked prefix":  {[]netip.Prefix{netip.MustParsePrefix("127.0.0.9/8")}, "192.0.2.7"},
		"version six as well": {[]netip.Prefix{netip.MustParsePrefix("::1/128")}, "127.0.0.1"},
	} {
		var got string
		f := newFront(t, func(c2 *Config) { c2.TrustedProxies = c.trusted })
		f.server.route("GET", "/address", anyone, func(r *request) error { got = r.address(); return r.see("/") })
		b := f.nobody()
		b.header.Set("X-Forwarded-For", "203.0.113.9, 192.0.2.7")
		b.header.Set("X-Real-Ip", "198.51.100.1")
		b.get("/address")
		if got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

func TestOneSubscriberIsOneNetwork(t *testing.T) {
	f := newFront(t, func(c *Config) { c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} })
	var got string
	f.server.route("GET", "/network", anyone, func(r *request) error { got = r.network(); return r.see("/") })
	for address, want := range map[string]string{
		"203.0.113.9": "203.0.113.9", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64", "2001:db8:1:2::9": "2001:db8:1:2::/64", "::ffff:203.0.113.9": "203.0.113.9",
	} {
		b := f.nobody()
		b.header.Set("X-Forwarded-For", address)
		if b.get("/network"); got != want {
			t.Errorf("%s: got %s, want %s", address, got, want)
		}
	}
}

func TestTooOftenIsRefused(t *testing.T) {
	f := newFront(t, func(c *Config) { c.RateLimit = true })
	anna, bruno := f.program("anna"), f.program("bruno")
	refused := 0
	for range writesAtOnce + 20 {
		if a := anna.send("PUT", "/api/v1/ideas/999/vote", ""); a.status == http.StatusTooManyRequests {
			if p := a.problem(); p.Code != "too_many" || a.header.Get("Retry-After") == "" {
				t.Errorf("got %+v", p)
			}
			refused++
		}
	}
	if refused == 0 {
		t.Error("nothing was refused")
	}
	bruno.send("PUT", "/api/v1/ideas/999/vote", "").has(http.StatusNotFound)
}

func TestTheLimitsForgetAndStayBounded(t *testing.T) {
	l := newLimits()
	now := time.Unix(1_000_000, 0)
	for i := range maxLimited + 10 {
		l.allow(strings.Repeat("x", i%7)+string(rune(i+1)), false, now)
	}
	if len(l.of) > maxLimited {
		t.Errorf("%d are remembered", len(l.of))
	}
}

func TestEchoIsOnlyARouter(t *testing.T) {
	f := newFront(t, nil)
	if f.server.echo.Debug || !f.server.echo.HideBanner {
		t.Error("echo would say who it is")
	}
	for _, r := range f.server.echo.Routes() {
		if r.Method == echo.RouteNotFound {
			t.Errorf("%s hides the answer for other methods", r.Path)
		}
	}
}
