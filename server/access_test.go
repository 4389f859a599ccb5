package server

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"
)

func TestEveryRouteStandsInTheAccessTable(t *testing.T) {
	f := newFront(t, nil)
	known := map[string]access{}
	for _, r := range f.server.Routes() {
		if r.Access == nobody {
			t.Errorf("%s %s lets nobody in", r.Method, r.Path)
		}
		known[r.Method+" "+r.Path] = r.Access
	}
	for _, r := range f.server.echo.Routes() {
		if _, ok := known[r.Method+" "+r.Path]; !ok {
			t.Errorf("%s %s has no entry in the access table", r.Method, r.Path)
		}
	}
}

var parameter = regexp.MustCompile(`:\w+|\*`)

// TestNobodyGetsPastTheAccessTable asks every route as everybody who has no
// business there.
func TestNobodyGetsPastTheAccessTable(t *testing.T) {
	f := newFront(t, nil)
	anonymous, anna, guest := f.nobody(), f.as("anna"), f.as("guest")
	for _, route := range f.server.Routes() {
		if route.Method == echo.RouteNotFound || route.Method == http.MethodHead {
			continue
		}
		path := parameter.ReplaceAllString(route.Path, "999")
		ask := func(b *browser) answered {
			b.header.Set("Origin", f.http.URL)
			b.header.Set("Accept", "application/json")
			defer b.header.Del("Origin")
			kind := "application/x-www-form-urlencoded"
			if isAPI(path) {
				kind = "application/json"
			}
			return b.do(route.Method, path, kind, "")
		}
		wants := func(who string, b *browser, status int) {
			if got := ask(b); got.status != status {
				t.Errorf("%s %s as %s: got %d, want %d", route.Method, route.Path, who, got.status, status)
			}
		}
		if route.Access >= signedIn {
			wants("nobody", anonymous, http.StatusUnauthorized)
		}
		if route.Access >= employee {
			wants("a guest", guest, http.StatusNotFound)
		}
		if route.Access >= moderator {
			wants("an employee", anna, http.StatusForbidden)
		}
	}
}

func TestWhatIsNowhereLooksLikeWhatMayNotBeSeen(t *testing.T) {
	f := newFront(t, nil)
	guest := f.as("guest")
	for _, pair := range [][2]string{
		{"/people/1", "/people/99999"}, // an employee who wrote nothing the guest sees
		{"/people", "/no/such/page"},   // the directory
		{"/people/@anna.gatti", "/people/@nobody.at.all"},
		{"/api/v1/nothing", "/api/v1/nothing/else"},
	} {
		a, b := guest.get(pair[0]).has(http.StatusNotFound), guest.get(pair[1]).has(http.StatusNotFound)
		if a.body != b.body {
			t.Errorf("%s and %s give different answers:\n%s\n%s", pair[0], pair[1], a.body, b.body)
		}
		for name := range a.header {
			if name != "X-Request-Id" && name != "Date" && a.header.Get(name) != b.header.Get(name) {
				t.Errorf("%s and %s differ in %s: %q and %q", pair[0], pair[1], name, a.header.Get(name), b.header.Get(name))
			}
		}
	}
}

func TestSigningInIsAskedOfPeopleAndSaidToPrograms(t *testing.T) {
	f := newFront(t, nil)
	b := f.nobody()
	b.get("/account?x=1").leads("/signin?next=%2Faccount%3Fx%3D1")
	b.get("/").leads("/signin")
	for form, page := range map[string]string{
		"/ideas/7/comments": "/ideas/7", "/ideas/7/edit": "/ideas/7/edit", "/boards/aperta/new": "/boards/aperta/new", "/boards/aperta/members/3/delete": "/boards/aperta/members",
		"/account/devices/3/signout": "/account", "/account/devices/signout": "/account", "/admin/people/3/roles": "/admin/people/3", "/comments/3/delete": "/comments/3",
	} {
		b.post(form, fields("body", "x")).leads("/signin?next=" + url.QueryEscape(page))
	}
	b.post("/signout", fields()).leads("/signin")
	b.header.Set("Sec-Fetch-Mode", "cors")
	b.get("/account").has(http.StatusUnauthorized)
	if p := b.get("/api/v1/me").has(http.StatusUnauthorized).problem(); p.Code != "unauthorized" || p.Status != 401 {
		t.Errorf("got %+v", p)
	}
}

func TestAnotherMethodIsRefusedWithThoseThatAreTaken(t *testing.T) {
	f := newFront(t, nil)
	b := f.as("anna")
	b.header.Set("Origin", f.http.URL)
	a := b.do("DELETE", "/account", "", "").has(http.StatusMethodNotAllowed)
	if allow := a.header.Get("Allow"); !strings.Contains(allow, "GET") {
		t.Errorf("got Allow %q", allow)
	}
	for _, method := range []string{"TRACE", "PROPFIND"} {
		b.do(method, "/account", "", "").has(http.StatusMethodNotAllowed)
	}
	if p := b.do("DELETE", "/api/v1/me", "", "").has(http.StatusMethodNotAllowed).problem(); p.Code != "invalid" {
		t.Errorf("got %+v", p)
	}
}
