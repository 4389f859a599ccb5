package server

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

var (
	keys   = regexp.MustCompile(`name="key" value="[^"]*"`)
	tokens = regexp.MustCompile(`cvt_[A-Za-z0-9_-]{43}`)
)

func TestThePasswordChangesForThoseWhoKnowIt(t *testing.T) {
	f := newFront(t, nil)
	here, there, program := f.as("anna"), f.as("anna"), f.program("anna")
	const fresh = "cinque cani nel cortile"
	here.post("/account/password", fields("current", "non la ricordo più, forse", "password", fresh, "again", fresh)).has(http.StatusUnprocessableEntity, "This is not your current password.")
	here.post("/account/password", fields("current", rightPassword, "password", fresh, "again", "altro")).has(http.StatusUnprocessableEntity)
	old := *here
	here.post("/account/password", fields("current", rightPassword, "password", fresh, "again", fresh)).leads("/account?done=password")
	here.get("/account?done=password").has(http.StatusOK, "Your password was changed.")
	old.get("/account").leads("/signin?next=%2Faccount")
	there.get("/account").leads("/signin?next=%2Faccount")
	program.get("/api/v1/me").has(http.StatusUnauthorized)
	f.nobody().post("/signin", fields("email", "anna@example.com", "password", fresh)).leads("/")
}

func TestDevicesAreListedAndSignedOut(t *testing.T) {
	f := newFront(t, nil)
	here, there, third, bruno := f.as("anna"), f.as("anna"), f.as("anna"), f.as("bruno")
	here.get("/account").has(http.StatusOK, "Firefox", "Linux")
	for id := range 10 { // bruno cannot end anna's
		bruno.post(fmt.Sprintf("/account/devices/%d/signout", id+1), fields())
	}
	there.get("/account").has(http.StatusOK)
	ids := regexp.MustCompile(`/account/devices/(\d+)/signout`).FindAllStringSubmatch(there.get("/account").body, -1)
	if len(ids) == 0 {
		t.Fatal("no device can be signed out")
	}
	there.post("/account/devices/signout", fields()).leads("/account?done=devices")
	there.get("/account").has(http.StatusOK)
	here.get("/account").leads("/signin?next=%2Faccount")
	third.get("/account").leads("/signin?next=%2Faccount")
}

func TestATokenIsShownOnceAndWorksUntilRemoved(t *testing.T) {
	f := newFront(t, nil)
	anna := f.as("anna")
	anna.post("/account/tokens", fields("name", "")).has(http.StatusUnprocessableEntity)
	secret := tokens.FindString(anna.post("/account/tokens", fields("name", "Cruscotto")).has(http.StatusOK, "Cruscotto").body)
	if secret == "" {
		t.Fatal("no token in the page")
	}
	if page := anna.get("/account").has(http.StatusOK, "Cruscotto"); strings.Contains(page.body, secret) {
		t.Error("the token is shown again")
	}
	program := f.nobody()
	program.header.Set("Authorization", "Bearer "+secret)
	program.get("/api/v1/me").has(http.StatusOK, `"name":"Anna Gatti"`, `"epoch"`, `"seq"`)
	program.header.Set("Accept", "text/html")
	program.get("/account").leads("/signin?next=%2Faccount") // a token cannot make tokens
	id := regexp.MustCompile(`/account/tokens/(\d+)/delete`).FindString(anna.get("/account").body)
	f.as("bruno").post(id, fields()).leads("/account?done=token")
	program.get("/api/v1/me").has(http.StatusOK)
	anna.post(id, fields()).leads("/account?done=token")
	if p := program.get("/api/v1/me").has(http.StatusUnauthorized).problem(); p.Code != "unauthorized" {
		t.Errorf("got %+v", p)
	}
}

func TestADoubleClickMakesOneTokenAndOnePerson(t *testing.T) {
	f := newFront(t, nil)
	anna, admin := f.as("anna"), f.as("admin")
	form := fields("key", "0123456789abcdefXY.token", "name", "Cruscotto")
	first := tokens.FindString(anna.post("/account/tokens", form).has(http.StatusOK).body)
	second := tokens.FindString(anna.post("/account/tokens", form).has(http.StatusOK).body)
	if first == "" || first != second {
		t.Errorf("got tokens %q and %q", first, second)
	}
	if n := strings.Count(anna.get("/account").body, "/account/tokens/"); n != 1 {
		t.Errorf("%d tokens are listed", n)
	}
	if other := tokens.FindString(f.as("bruno").post("/account/tokens", form).has(http.StatusOK).body); other == "" || other == first {
		t.Errorf("somebody else's form of the same key gave %q", other)
	}
	form = fields("key", "0123456789abcdefXY.invite", "name", "Carla Neri", "email", "carla@example.com", "kind", "employee")
	linkIn(t, f, admin.post("/admin/people/invite", form).has(http.StatusOK).body, "/invitations/")
	path := linkIn(t, f, admin.post("/admin/people/invite", form).has(http.StatusOK).body, "/invitations/")
	f.nobody().get(path).has(http.StatusOK, "Carla Neri")
	form.Set("key", "0123456789abcdefXY.other")
	admin.post("/admin/people/invite", form).has(http.StatusConflict, "There is already a person with this e-mail address.", "Carla Neri")
}

func TestTheLanguageIsThePersonsThenTheBrowsers(t *testing.T) {
	f := newFront(t, nil)
	b := f.nobody()
	b.header.Set("Accept-Language", "it-IT,it;q=0.9,en;q=0.5")
	b.get("/signin").has(http.StatusOK, `lang="it"`)
	b.get("/signin?lang=en").has(http.StatusOK, `lang="en"`)
	anna := f.as("anna")
	anna.get("/account").has(http.StatusOK, `<html lang="en"`)
	anna.post("/account/language", fields("lang", "it", "back", "/people?q=x")).leads("/people?q=x")
	anna.get("/account").has(http.StatusOK, `<html lang="it"`)
	anna.post("/account/language", fields("lang", "xx")).has(http.StatusUnprocessableEntity)
	anna.post("/account/language", fields("lang", "", "back", "//evil.example")).leads("/account")
}

func TestFormsTakeTheirOwnFieldsOnce(t *testing.T) {
	f := newFront(t, nil)
	anna := f.as("anna")
	before := f.store.Head()
	for _, form := range []string{"lang=it&admin=1", "lang=it&lang=en", "lang=it&Lang=en", "lang=%ff%fe", "lang=it&role=admin", "lang=%zz"} {
		anna.header.Set("Origin", f.http.URL)
		a := anna.do("POST", "/account/language", "application/x-www-form-urlencoded", form)
		if a.status < 400 || a.status >= 500 {
			t.Errorf("%q: got status %d", form, a.status)
		}
	}
	for _, kind := range []string{"application/json", "text/plain", "multipart/form-data; boundary=x", ""} {
		anna.do("POST", "/account/language", kind, "lang=it").has(http.StatusUnsupportedMediaType)
	}
	if f.store.Head() != before {
		t.Error("something was written")
	}
}

func TestOnlyAdministratorsGrantAndOneOfThemStays(t *testing.T) {
	f := newFront(t, nil)
	admin := f.as("admin")
	me, anna := f.people["admin"].ID, f.people["anna"].ID
	admin.post(fmt.Sprintf("/admin/people/%d/roles", me), fields("role", "moderator")).has(http.StatusConflict, "This is the last administrator.")
	admin.post(fmt.Sprintf("/admin/people/%d/disable", me), fields()).has(http.StatusConflict, "This is the last administrator.")
	admin.post(fmt.Sprintf("/admin/people/%d/roles", anna), fields("role", "king")).has(http.StatusUnprocessableEntity)
	admin.post(fmt.Sprintf("/admin/people/%d/roles", f.people["guest"].ID), fields("role", "admin")).has(http.StatusUnprocessableEntity)
	admin.post(fmt.Sprintf("/admin/people/%d/roles", anna), fields("role", "admin", "role", "hr")).leads(fmt.Sprintf("/admin/people/%d?done=1", anna))
	f.as("anna").post(fmt.Sprintf("/admin/people/%d/disable", me), fields()).leads(fmt.Sprintf("/admin/people/%d?done=1", me))
	admin.get("/account").leads("/signin?next=%2Faccount")
	f.nobody().post("/signin", fields("email", "admin@example.com", "password", rightPassword)).has(http.StatusUnprocessableEntity)
	f.as("anna").post(fmt.Sprintf("/admin/people/%d/reset", me), fields()).has(http.StatusConflict)
	f.as("anna").post(fmt.Sprintf("/admin/people/%d/enable", me), fields()).leads(fmt.Sprintf("/admin/people/%d?done=1", me))
	f.nobody().post("/signin", fields("email", "admin@example.com", "password", rightPassword)).leads("/")
}

func TestADisabledPersonIsOutAtOnce(t *testing.T) {
	f := newFront(t, nil)
	anna, program := f.as("anna"), f.program("anna")
	f.as("admin").post(fmt.Sprintf("/admin/people/%d/disable", f.people["anna"].ID), fields()).leads(fmt.Sprintf("/admin/people/%d?done=1", f.people["anna"].ID))
	anna.get("/account").leads("/signin?next=%2Faccount")
	program.get("/api/v1/me").has(http.StatusUnauthorized)
	if _, err := f.store.OpenSession(t.Context(), f.people["anna"].ID, "", false); err == nil {
		t.Error("a disabled person was signed in")
	}
	if _, err := f.store.AddToken(t.Context(), f.people["anna"], "x"); err == nil {
		t.Error("a disabled person got a token")
	}
}

func TestTheDirectory(t *testing.T) {
	f := newFront(t, nil)
	anna := f.as("anna")
	page := anna.get("/people").has(http.StatusOK, "Anna Gatti", "Bruno Sala")
	if strings.Contains(page.body, "Gino Cliente") {
		t.Error("the directory shows a guest")
	}
	if page := anna.get("/people?q=bru").has(http.StatusOK, "Bruno Sala"); strings.Contains(page.body, "Mara Conti") {
		t.Error("the search for bru finds Mara Conti")
	}
	anna.get(fmt.Sprintf("/people/%d", f.people["bruno"].ID)).has(http.StatusOK, "Bruno Sala")
	anna.get("/people/@bruno.sala").has(http.StatusOK, "Bruno Sala", "@bruno.sala")
	anna.get("/people/@bruno").leads("/people?q=bruno")
	for _, path := range []string{"/people/0", "/people/-1", "/people/+1", "/people/01", "/people/x", "/people/@", "/people/9223372036854775808"} {
		anna.get(path).has(http.StatusNotFound)
	}
}
