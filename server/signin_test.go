package server

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"convivio/store"
	"convivio/store/board"
)

func TestSigningInAndOut(t *testing.T) {
	f := newFront(t, nil)
	b := f.nobody()
	a := b.post("/signin", fields("email", " Anna@Example.com ", "password", rightPassword, "next", "/account")).leads("/account")
	cookie := a.header.Get("Set-Cookie")
	for _, part := range []string{"session=", "; Path=/", "; HttpOnly", "; SameSite=Lax", "; Max-Age=604800"} {
		if !strings.Contains(cookie, part) {
			t.Errorf("cookie %q lacks %q", cookie, part)
		}
	}
	b.get("/account").has(http.StatusOK, "Anna Gatti", "Anna Gatti")
	b.get("/signin").leads("/")
	old := *b
	out := b.post("/signout", fields()).leads("/signin")
	if got := out.header.Get("Clear-Site-Data"); got != `"cache"` {
		t.Errorf("got Clear-Site-Data %q", got)
	}
	old.get("/account").leads("/signin?next=%2Faccount")
}

func TestOnASharedDeviceTheCookieEndsWithTheBrowser(t *testing.T) {
	f := newFront(t, nil)
	b := f.nobody()
	b.post("/signin", fields("email", "anna@example.com", "password", "la password sbagliata", "shared", "yes")).has(422, `value="yes" checked`)
	in := b.post("/signin", fields("email", "anna@example.com", "password", rightPassword, "shared", "yes")).leads("/")
	again := b.post("/account/password", fields("current", rightPassword, "password", "quattro gatti neri in fila", "again", "quattro gatti neri in fila")).leads("/account?done=password")
	for _, a := range []answered{in, again} {
		if cookie := a.header.Get("Set-Cookie"); !strings.HasPrefix(cookie, "session=") || strings.Contains(cookie, "Max-Age") || strings.Contains(cookie, "Expires") {
			t.Errorf("got cookie %q", cookie)
		}
	}
}

func TestOverHTTPSTheCookieIsBoundToTheHost(t *testing.T) {
	f := newFront(t, func(c *Config) { c.BaseURL = "https://idee.example.it" })
	b := f.nobody()
	b.header.Set("Host", "idee.example.it")
	b.header.Set("Origin", "https://idee.example.it")
	cookie := b.post("/signin", fields("email", "anna@example.com", "password", rightPassword)).leads("/").header.Get("Set-Cookie")
	if !strings.HasPrefix(cookie, "__Host-session=") || !strings.Contains(cookie, "; Secure") || strings.Contains(cookie, "Domain") {
		t.Errorf("got cookie %q", cookie)
	}
}

func TestWhoIsUnknownGetsTheAnswerOfAWrongPassword(t *testing.T) {
	f := newFront(t, nil)
	disabled := true
	if _, err := f.store.ChangePerson(t.Context(), store.Operator(), f.people["bruno"].ID, store.PersonChange{Disabled: &disabled}); err != nil {
		t.Fatal(err)
	}
	answers := map[string]string{}
	for email, secret := range map[string]string{"anna@example.com": "la password sbagliata", "nobody@example.com": rightPassword, "bruno@example.com": rightPassword} {
		b := f.nobody()
		a := b.post("/signin", fields("email", email, "password", secret, "next", "/mine")).has(http.StatusUnprocessableEntity, email, `value="/mine"`)
		if b.cookie != "" {
			t.Errorf("%s got a cookie", email)
		}
		if strings.Contains(a.body, secret) {
			t.Errorf("%s: the password came back", email)
		}
		answers[email] = keyless(strings.ReplaceAll(a.body, email, "E"))
	}
	if answers["anna@example.com"] != answers["nobody@example.com"] || answers["anna@example.com"] != answers["bruno@example.com"] {
		t.Errorf("the answers differ: %v", answers)
	}
}

// keyless takes the random keys out of a page.
func keyless(page string) string { return keys.ReplaceAllString(page, "") }

func TestSigningInEndsTheSessionBefore(t *testing.T) {
	f := newFront(t, nil)
	b := f.as("anna")
	old := *b
	b.post("/signin", fields("email", "bruno@example.com", "password", rightPassword)).leads("/")
	if b.cookie == old.cookie {
		t.Error("the session kept its id")
	}
	old.get("/account").leads("/signin?next=%2Faccount")
	planted := f.nobody()
	planted.cookie = "session=planted-by-somebody"
	planted.post("/signin", fields("email", "anna@example.com", "password", rightPassword)).leads("/")
	if strings.Contains(planted.cookie, "planted") {
		t.Error("a session id from before was kept")
	}
}

func TestGuessingIsSlowedWhateverTheHeadersSay(t *testing.T) {
	f := newFront(t, nil)
	slowed := 0
	for i := range 20 {
		b := f.nobody()
		for _, name := range []string{"X-Forwarded-For", "X-Real-Ip", "Forwarded"} {
			b.header.Set(name, fmt.Sprintf("10.0.0.%d", i))
		}
		a := b.post("/signin", fields("email", "anna@example.com", "password", fmt.Sprint("la password sbagliata ", i)))
		if a.status == http.StatusTooManyRequests {
			slowed++
			if a.header.Get("Retry-After") == "" {
				t.Error("no Retry-After")
			}
		}
	}
	if slowed < 10 {
		t.Errorf("got %d of 20 attempts slowed", slowed)
	}
	f.nobody().post("/signin", fields("email", "bruno@example.com", "password", rightPassword)).leads("/")
}

func TestOnlyOurOwnPathsAreGoneToAfterSigningIn(t *testing.T) {
	f := newFront(t, nil)
	for next, ok := range map[string]bool{
		"/": true, "/boards/lavoro?sort=new": true, "/ideas/7#c3": true, "/search?q=a%2Fb": true,
		"": false, "boards": false, "//e": false, "///e": false, "/\\e": false, "\\\\e": false, "/%5ce": false, "/%2Fe": false, "/%2f%2fe": false,
		"https:e": false, "https://e": false, "http:/e": false, "javascript:alert(1)": false, "/./\\e": false, "/.//e": false, "/..//e": false,
		"/\t/e": false, "/\n/e": false, "/%0d%0aSet-Cookie:x": false, "/%09/e": false, "/a//e": false, " /e": false, "/\x00": false, "@e": false,
		"/" + strings.Repeat("a", 2000): false,
	} {
		want := "/"
		if ok {
			want = next
		}
		f.nobody().post("/signin", fields("email", "anna@example.com", "password", rightPassword, "next", next)).leads(want)
	}
}

func TestADemosPeopleAreBecomeFromThisMachineAlone(t *testing.T) {
	var cast []DemoPerson
	f := newFront(t, nil)
	anna, bruno := f.people["anna"], f.people["bruno"]
	cast = append(cast, DemoPerson{Person: board.Person{ID: anna.ID, Name: anna.Name, Kind: anna.Kind}, Notes: map[string]string{"en": "Plans the loads."}})
	f.start(func(c *Config) { c.Demo = cast })
	f.nobody().get("/signin").has(http.StatusOK, "Plans the loads.")
	b := f.nobody()
	b.post("/signin", fields("person", fmt.Sprint(anna.ID))).leads("/")
	b.get("/account").has(http.StatusOK, "Anna Gatti")
	f.nobody().post("/signin", fields("person", fmt.Sprint(bruno.ID))).has(http.StatusNotFound)
	for _, name := range []string{"X-Forwarded-For", "Forwarded", "X-Real-Ip", "Via", "X-Forwarded-Proto"} {
		b := f.nobody()
		b.header.Set(name, "127.0.0.1")
		b.post("/signin", fields("person", fmt.Sprint(anna.ID))).has(http.StatusNotFound)
		if strings.Contains(b.get("/signin").body, "Plans the loads.") {
			t.Errorf("with %s one click is offered", name)
		}
	}
	f.start(nil)
	f.nobody().post("/signin", fields("person", fmt.Sprint(anna.ID))).has(http.StatusNotFound)
}

func TestAnInvitationIsUsedOnce(t *testing.T) {
	f := newFront(t, nil)
	admin := f.as("admin")
	page := admin.post("/admin/people/invite", fields("name", "Carla Neri", "email", "carla@example.com", "kind", "employee", "team", "Qualità", "role", "hr")).
		has(http.StatusOK, "Carla Neri").body
	path := linkIn(t, f, page, "/invitations/")
	f.nobody().get(path).has(http.StatusOK, "Carla Neri")
	b := f.nobody()
	b.post(path, fields("password", "corta", "again", "corta")).has(http.StatusUnprocessableEntity)
	b.post(path, fields("password", rightPassword, "again", rightPassword+"!")).has(http.StatusUnprocessableEntity)
	b.post(path, fields("password", "carla.neri@example.com", "again", "carla.neri@example.com")).has(http.StatusUnprocessableEntity)

	var in atomic.Int32
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			b := f.nobody()
			if a := b.post(path, fields("password", rightPassword, "again", rightPassword)); a.status == http.StatusSeeOther && b.cookie != "" {
				in.Add(1)
			}
		})
	}
	wait.Wait()
	if in.Load() != 1 {
		t.Errorf("%d of 4 got in with one link", in.Load())
	}
	f.nobody().get(path).has(http.StatusOK, "This link does not work any more")
	f.nobody().post("/signin", fields("email", "carla@example.com", "password", rightPassword)).leads("/")
	admin.get("/admin/people?q=carla").has(http.StatusOK, "Carla Neri", "carla<wbr>@example.com", "Qualità")
}

// linkIn finds the one absolute link of a kind in a page and gives its path.
func linkIn(t *testing.T, f *front, page, kind string) string {
	t.Helper()
	_, rest, ok := strings.Cut(page, f.server.URL(kind))
	if !ok {
		t.Fatalf("no link %s in the page: %.3000s", f.server.URL(kind), page)
	}
	end := strings.IndexFunc(rest, func(r rune) bool { return !strings.ContainsRune("-_", r) && (r < '0' || r > 'z') })
	return kind + rest[:end]
}

func TestAResetEndsWhatTheOldPasswordOpened(t *testing.T) {
	f := newFront(t, nil)
	anna, program, admin := f.as("anna"), f.program("anna"), f.as("admin")
	program.get("/api/v1/me").has(http.StatusOK)
	reset := fmt.Sprintf("/admin/people/%d/reset", f.people["anna"].ID)
	first := linkIn(t, f, admin.post(reset, fields()).has(http.StatusOK).body, "/resets/")
	second := linkIn(t, f, admin.post(reset, fields()).has(http.StatusOK).body, "/resets/")
	const fresh = "cinque cani nel cortile"
	f.nobody().post(first, fields("password", fresh, "again", fresh)).has(http.StatusOK, "This link does not work any more")
	f.nobody().post(strings.Replace(second, "/resets/", "/invitations/", 1), fields("password", fresh, "again", fresh)).has(http.StatusOK, "This link does not work any more")
	f.nobody().post(second, fields("password", fresh, "again", fresh)).leads("/")
	anna.get("/account").leads("/signin?next=%2Faccount")
	program.get("/api/v1/me").has(http.StatusUnauthorized)
	f.nobody().post("/signin", fields("email", "anna@example.com", "password", rightPassword)).has(http.StatusUnprocessableEntity)
	f.nobody().post("/signin", fields("email", "anna@example.com", "password", fresh)).leads("/")
}

func TestTheFirstAdministratorComesByALinkThatThenIsDead(t *testing.T) {
	s, err := store.Open(t.Context(), store.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	f := &front{TB: t, store: s, log: &lines{}, people: map[string]board.Who{}}
	f.start(nil)
	old, err := s.FirstAdminLink(t.Context())
	if err != nil || old == "" {
		t.Fatalf("got %q, %v", old, err)
	}
	secret, err := s.FirstAdminLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	form := fields("name", "Ada Riva", "email", "ada@example.com", "password", rightPassword, "again", rightPassword)
	f.nobody().post("/first/"+old, form).has(http.StatusOK, "This link does not work any more")
	f.nobody().get("/first/"+secret).has(http.StatusOK, "You will be the first administrator")
	f.nobody().post("/first/"+secret, fields("name", "Ada Riva", "email", "ada", "password", rightPassword, "again", rightPassword)).has(http.StatusUnprocessableEntity, "Ada Riva")
	b := f.nobody()
	b.post("/first/"+secret, form).leads("/")
	b.get("/admin/people").has(http.StatusOK, "ada@example.com")
	f.nobody().post("/first/"+secret, form).has(http.StatusOK, "This link does not work any more")
	if again, err := s.FirstAdminLink(t.Context()); again != "" || err != nil {
		t.Errorf("with an administrator there: got %q, %v", again, err)
	}
}
