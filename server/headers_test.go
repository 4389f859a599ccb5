package server

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"convivio/store/board"
)

func TestEveryAnswerCarriesTheStrictHeaders(t *testing.T) {
	f := newFront(t, nil)
	anna := f.as("anna")
	for path, status := range map[string]int{
		"/": 200, "/signin": 303, "/account": 200, "/people": 200, "/boards": 200, "/no/such/page": 404, "/static/none": 404,
		"/admin/people": 403, "/healthz": 200, "/readyz": 200, "/metrics": 200, "/api/v1/me": 200, "/api/v1/openapi.json": 200, "/api/nothing": 404,
	} {
		a := anna.get(path).has(status)
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin", "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
			"Content-Security-Policy": contentPolicy,
		} {
			if got := a.header.Get(name); got != want {
				t.Errorf("%s: got %s %q, want %q", path, name, got, want)
			}
		}
		if got := a.header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s: got Cache-Control %q", path, got)
		}
		if !strings.Contains(strings.Join(a.header.Values("Vary"), ","), "Cookie") {
			t.Errorf("%s: got Vary %q", path, a.header.Values("Vary"))
		}
		for _, name := range []string{"Server", "X-Powered-By", "Strict-Transport-Security"} {
			if got := a.header.Get(name); got != "" {
				t.Errorf("%s: got %s %q over http", path, name, got)
			}
		}
	}
	for _, words := range []string{"unsafe-inline", "unsafe-eval", "*", "http:"} {
		if strings.Contains(contentPolicy, words) {
			t.Errorf("the policy allows %s", words)
		}
	}
}

func TestFilesMayBeKept(t *testing.T) {
	f := newFront(t, nil)
	page := f.nobody().get("/signin").has(http.StatusOK).body
	_, rest, _ := strings.Cut(page, `href="/static/`)
	path, _, _ := strings.Cut(rest, `"`)
	a := f.nobody().get("/static/" + path).has(http.StatusOK)
	if got := a.header.Get("Cache-Control"); !strings.Contains(got, "immutable") {
		t.Errorf("got Cache-Control %q", got)
	}
	if got := a.header.Get("X-Content-Type-Options"); got != "nosniff" {
		t.Errorf("got X-Content-Type-Options %q", got)
	}
}

func TestOnlyTheBaseURLsHostIsAnswered(t *testing.T) {
	f := newFront(t, func(c *Config) { c.BaseURL = "https://idee.example.it" })
	for host, status := range map[string]int{
		"idee.example.it": 200, "IDEE.example.it:443": 200,
		"idee.example.it:8080": 421, "evil.example": 421, "localhost": 421, "127.0.0.1": 421, "idee.example.it.evil.example": 421, "": 421,
	} {
		b := f.nobody()
		b.header.Set("Host", host)
		b.header.Set("X-Forwarded-Host", "idee.example.it")
		if host == "" {
			b.header.Set("Host", f.http.Listener.Addr().String())
		}
		b.get("/signin").has(status)
	}
	b := f.nobody()
	b.header.Set("Host", "10.0.0.7")
	b.get("/healthz").has(http.StatusOK)
	b.get("/readyz").has(http.StatusOK)
	b.header.Set("Host", "idee.example.it")
	if got := b.get("/signin").header.Get("Strict-Transport-Security"); got != "max-age=31536000; includeSubDomains" {
		t.Errorf("got Strict-Transport-Security %q", got)
	}
}

func TestWithoutABaseURLOnlyLoopbackNamesAreAnswered(t *testing.T) {
	f := newFront(t, nil)
	for host, status := range map[string]int{
		"localhost:9000": 200, "127.0.0.1": 200, "[::1]:8080": 200, "127.8.8.8": 200, "evil.example": 421, "localhost.evil.example": 421, "192.168.1.5": 421,
	} {
		b := f.nobody()
		b.header.Set("Host", host)
		b.get("/signin").has(status)
	}
}

func TestLinksComeFromTheBaseURLAlone(t *testing.T) {
	f := newFront(t, func(c *Config) { c.BaseURL = "https://idee.example.it/" })
	admin := f.as("admin")
	admin.header.Set("Host", "idee.example.it")
	admin.header.Set("Origin", "https://idee.example.it")
	admin.header.Set("X-Forwarded-Host", "evil.example")
	admin.header.Set("Forwarded", "host=evil.example")
	a := admin.post("/admin/people/2/reset", fields()).has(http.StatusOK, "https://idee.example.it/resets/")
	if strings.Contains(a.body, "evil.example") {
		t.Error("a forwarding header got into the page")
	}
}

func TestABaseURLMustBeOne(t *testing.T) {
	for _, base := range []string{"idee.example.it", "ftp://idee.example.it", "https://", "https://a/b", "https://a?x", "https://u:p@a", "://"} {
		if _, err := New(Config{BaseURL: base}); err == nil {
			t.Errorf("%q was taken", base)
		}
	}
}

// TestWritesFromElsewhereAreRefused sends a form that would change something,
// with the headers that browsers and attackers send.
func TestWritesFromElsewhereAreRefused(t *testing.T) {
	f := newFront(t, nil)
	own := f.http.URL
	for name, c := range map[string]struct {
		header map[string]string
		ok     bool
	}{
		"our own page":                     {map[string]string{"Sec-Fetch-Site": "same-origin", "Origin": own}, true},
		"our own page in an old browser":   {map[string]string{"Origin": own}, true},
		"another site":                     {map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, false},
		"another site without origin":      {map[string]string{"Sec-Fetch-Site": "cross-site"}, false},
		"a site next to ours":              {map[string]string{"Sec-Fetch-Site": "same-site", "Origin": own}, false},
		"none, which no form sends":        {map[string]string{"Sec-Fetch-Site": "none"}, false},
		"no header at all, with a cookie":  {nil, false},
		"origin null":                      {map[string]string{"Origin": "null"}, false},
		"another scheme":                   {map[string]string{"Origin": strings.Replace(own, "http:", "https:", 1)}, false},
		"another port":                     {map[string]string{"Origin": own + "1"}, false},
		"our name as the start of another": {map[string]string{"Origin": own + ".evil.example"}, false},
		"a token, which pages do not take": {map[string]string{"Authorization": "Bearer cvt_x", "Origin": "https://evil.example"}, false},
		"contradicting headers":            {map[string]string{"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"}, false},
	} {
		anna := f.as("anna")
		for k, v := range c.header {
			anna.header.Set(k, v)
		}
		before := f.store.Head()
		a := anna.do("POST", "/account/language", "application/x-www-form-urlencoded", "lang=it")
		if c.ok != (a.status == http.StatusSeeOther) || c.ok != (f.store.Head() > before) {
			t.Errorf("%s: got status %d and %d events", name, a.status, f.store.Head()-before)
		}
		if !c.ok && a.status != http.StatusForbidden {
			t.Errorf("%s: got status %d, want 403", name, a.status)
		}
	}
}

func TestAnotherSiteCannotSignAnyoneIn(t *testing.T) {
	f := newFront(t, nil)
	b := f.nobody()
	b.header.Set("Origin", "https://evil.example")
	b.header.Set("Sec-Fetch-Site", "cross-site")
	b.post("/signin", fields("email", "anna@example.com", "password", rightPassword)).has(http.StatusForbidden)
	if b.cookie != "" {
		t.Errorf("got cookie %q", b.cookie)
	}
}

func TestBehindAProxyTheOriginIsTheBaseURLs(t *testing.T) {
	f := newFront(t, func(c *Config) { c.BaseURL = "https://idee.example.it" })
	for origin, status := range map[string]int{"https://idee.example.it": 303, "http://idee.example.it": 403, "https://idee.example.it:8443": 403} {
		anna := f.as("anna")
		anna.header.Set("Host", "idee.example.it")
		anna.header.Set("Origin", origin)
		anna.post("/account/language", fields("lang", "it")).has(status)
	}
}

func TestTooMuchAtOnceIsRefused(t *testing.T) {
	f := newFront(t, nil)
	anna := f.as("anna")
	long := fields("lang", strings.Repeat("x", maxRequestBody))
	anna.post("/account/language", long).has(http.StatusRequestEntityTooLarge)
	r, err := http.NewRequestWithContext(t.Context(), "POST", f.http.URL+"/account/language", struct{ io.Reader }{strings.NewReader(long.Encode())})
	if err != nil {
		t.Fatal(err)
	}
	r.Header = http.Header{"Origin": {f.http.URL}, "Cookie": {anna.cookie}, "Content-Type": {"application/x-www-form-urlencoded"}}
	chunked, err := http.DefaultTransport.RoundTrip(r) // of no length told beforehand
	if err != nil {
		t.Fatal(err)
	}
	if _ = chunked.Body.Close(); chunked.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("in chunks: got status %d", chunked.StatusCode)
	}
	p := f.program("anna").send("POST", "/api/v1/boards/x/ideas", `{"title":"`+strings.Repeat("x", maxRequestBody)+`"}`).has(http.StatusRequestEntityTooLarge).problem()
	if p.Code != board.Invalid {
		t.Errorf("got %+v", p)
	}
}
