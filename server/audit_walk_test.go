package server

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"convivio/store"
	"convivio/store/board"
)

// TestWhatPeopleDoEveryDayIsNotAudited lets an employee and a guest do all that
// they may: nobody is watched, so nothing of it stands in the audit log.
func TestWhatPeopleDoEveryDayIsNotAudited(t *testing.T) {
	f := newFront(t, withIndex(t))
	f.boards()
	if _, err := f.store.AddMember(f.Context(), f.people["admin"], "riservata", f.people["guest"].ID); err != nil {
		t.Fatal(err)
	}
	before := len(f.auditLog())
	f.nobody().post("/signin", fields("email", "anna@example.com", "password", rightPassword)).leads("/")
	f.nobody().post("/signin", fields("email", "anna@example.com", "password", "sbagliata del tutto")).has(http.StatusUnprocessableEntity)
	for name, slug := range map[string]string{"anna": "aperta", "guest": "riservata"} {
		b := f.as(name)
		at := b.post("/boards/"+slug+"/new", fields("key", "k1", "title", "Bici", "body", "Dodici minuti.", "tags", "bici")).header.Get("Location")
		for _, step := range []struct {
			path string
			form url.Values
		}{
			{at + "/comments", fields("key", "k2", "body", "E quando piove?")},
			{at + "/edit", fields("title", "Bici tra i capannoni", "body", "Tredici minuti.", "tags", "bici")},
			{at + "/vote", fields()}, {at + "/unvote", fields()}, {at + "/unfollow", fields()}, {at + "/follow", fields()},
			{at + "/stage", fields("stage", "withdrawn", "reason", "Ci ho ripensato.")},
			{at + "/delete", fields()}, {at + "/restore", fields()},
			{"/account/language", fields("lang", "en")},
		} {
			if a := b.post(step.path, step.form); a.status >= 400 {
				t.Errorf("%s as %s: %d %.500s", step.path, name, a.status, a.body)
			}
		}
		for _, path := range []string{"/", at, "/boards/" + slug, "/search?q=bici", "/notices", "/account", "/mine", "/people", "/nowhere", "/admin/unfound"} {
			b.get(path)
		}
		b.post("/signout", fields()).leads("/signin")
	}
	for _, e := range f.auditLog()[before:] {
		t.Errorf("the audit log says %s of %s", e.Act, e.Name.Value)
	}
}

func TestHowAdministratorsComeInIsAudited(t *testing.T) {
	f := newFront(t, nil)
	n := len(f.auditLog())
	wants := func(acts ...string) {
		t.Helper()
		if got := f.since(n); fmt.Sprint(got) != fmt.Sprint(acts) {
			t.Errorf("got %v, want %v", got, acts)
		}
	}
	b := f.nobody()
	b.post("/signin", fields("email", "admin@example.com", "password", rightPassword)).leads("/")
	wants("session.opened done")
	b.post("/signout", fields()).leads("/signin")
	wants("session.opened done", "session.ended done")
	for _, name := range []string{"anna", "mod"} {
		c := f.nobody()
		c.post("/signin", fields("email", name+"@example.com", "password", "sbagliata del tutto")).has(http.StatusUnprocessableEntity)
		c.post("/signin", fields("email", name+"@example.com", "password", rightPassword)).leads("/")
		c.post("/signout", fields()).leads("/signin")
	}
	wants("session.opened done", "session.ended done") // of nobody else
	for _, e := range f.auditLog()[n:] {
		if e.Person != f.people["admin"].ID || e.Address.Value == "" || e.Request == "" {
			t.Errorf("kept as %+v", e)
		}
	}
}

// TestWhoTriesAFormOfPowerIsKeptOnceAnHour: and nobody who follows a link.
func TestWhoTriesAFormOfPowerIsKeptOnceAnHour(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	anna, guest, program := f.as("anna"), f.as("guest"), f.program("anna")
	n := len(f.auditLog())
	for range 3 {
		anna.get("/admin/unfound").has(http.StatusForbidden)
		anna.post("/boards/aperta/members", fields("person", fmt.Sprint(f.people["anna"].ID))).has(http.StatusForbidden)
		guest.post("/boards/aperta/members", fields("person", "1")).has(http.StatusNotFound)
		program.send("POST", "/api/v1/boards", `{"name":"Mia"}`).has(http.StatusForbidden)
		f.nobody().post("/boards/aperta/members", fields("person", "1")).has(http.StatusUnauthorized)
	}
	list := f.auditLog()[n:]
	got := map[string]bool{}
	for _, e := range list {
		got[e.Name.Value+" "+e.Means[:5]+" "+e.After.Value+" "+string(e.Outcome)] = true
	}
	for _, want := range []string{
		`Anna Gatti sessi {"route":"POST /boards/:slug/members"} refused`,
		`Gino Cliente sessi {"route":"POST /boards/:slug/members"} refused`,
		`Anna Gatti token {"route":"POST /api/v1/boards"} refused`,
	} {
		if !got[want] {
			t.Errorf("missing %s in %v", want, got)
		}
	}
	if len(list) != 3 {
		t.Errorf("%d entries, want 3: %v", len(list), got)
	}
}

// step is one use of a route of power, and what the audit log must say of it.
type step struct {
	who, method, path, body string // body: a form, or JSON where the path is of the API
	act                     board.Act
}

// TestEveryRouteOfPowerIsAudited uses each route of moderators and administrators
// that changes something, and looks for its entry.
func TestEveryRouteOfPowerIsAudited(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	id := func(name string) string { return fmt.Sprint(f.people[name].ID) }
	idea := fmt.Sprint(f.idea("anna", "aperta", "Una").ID)
	used := map[string]bool{}
	for _, s := range powerSteps(id, idea) {
		s.path, s.body = f.filledIn(s.path), f.filledIn(s.body)
		route := f.routeOf(s.method, s.path)
		if route == "" {
			t.Errorf("%s %s leads nowhere", s.method, s.path)
			continue
		}
		used[route] = true
		n := len(f.auditLog())
		var a answered
		if isAPI(s.path) {
			a = f.program(s.who).send(s.method, s.path, s.body)
			n++ // the token
		} else {
			form, err := url.ParseQuery(s.body)
			if err != nil {
				t.Fatal(err)
			}
			a = f.as(s.who).post(s.path, form)
			if s.who == "admin" {
				n++ // signing in
			}
		}
		if a.status >= 400 {
			t.Errorf("%s %s %s as %s: %d %.600s", s.method, s.path, s.body, s.who, a.status, faultOf(a.body))
			continue
		}
		if s.act == "" {
			continue
		}
		list := f.auditLog()[n:]
		if len(list) == 0 {
			t.Errorf("%s %s left nothing in the audit log", s.method, s.path)
			continue
		}
		if !slices.ContainsFunc(list, func(e board.AuditEntry) bool {
			return e.Act == s.act && e.Actor == f.people[s.who].ID && e.Outcome == board.ActDone && e.Address.Value != "" && e.Request != ""
		}) {
			t.Errorf("%s %s left %+v", s.method, s.path, list)
		}
	}
	for _, r := range f.server.Routes() {
		if name := r.Method + " " + r.Path; r.Access >= moderator && r.Method != http.MethodGet && r.Method != http.MethodHead && !used[name] && walkedElsewhere[name] == "" {
			t.Errorf("%s is not walked: add a step to powerSteps, or say in walkedElsewhere why not", name)
		}
	}
}

// filledIn puts the newest decision, and the open report with its version, where a
// step names them.
func (f *front) filledIn(text string) string {
	f.Helper()
	if !strings.Contains(text, "{last}") && !strings.Contains(text, "{item}") && !strings.Contains(text, "{version}") {
		return text
	}
	made, err := f.store.Decisions(f.Context(), f.people["mod"], store.DecisionListing{})
	if err != nil {
		f.Fatal(err)
	}
	if len(made.Items) > 0 {
		text = strings.ReplaceAll(text, "{last}", fmt.Sprint(made.Items[0].ID))
	}
	open, err := f.store.Reviews(f.Context(), f.people["mod"], store.ReviewListing{Kind: board.ReportItem})
	if err != nil {
		f.Fatal(err)
	}
	if len(open.Items) > 0 {
		text = strings.NewReplacer("{item}", fmt.Sprint(open.Items[0].ID), "{version}", fmt.Sprint(open.Items[0].Version)).Replace(text)
	}
	return text
}

// routeOf finds which route a path leads to.
func (f *front) routeOf(method, path string) string {
	path, _, _ = strings.Cut(path, "?")
	best := ""
	for _, r := range f.server.Routes() {
		want, got := strings.Split(r.Path, "/"), strings.Split(path, "/")
		if r.Method != method || len(want) != len(got) {
			continue
		}
		same := true
		for i := range want {
			same = same && (want[i] == got[i] || strings.HasPrefix(want[i], ":"))
		}
		if same && (best == "" || strings.Count(r.Path, ":") < strings.Count(best, ":")) {
			best = r.Method + " " + r.Path
		}
	}
	return best
}

// walkedElsewhere are routes of power that need more than one step to be used,
// with the test that uses them.
var walkedElsewhere = map[string]string{
	"POST /admin/unfound/aside":               "store: TestWhatIsPutAsideIsAudited",
	"POST /review/:id/claim":                  "that somebody looks at an item is no act, and ends by itself",
	"POST /review/:id/unclaim":                "the same",
	"PUT /api/v1/review/:id/claim":            "the same",
	"DELETE /api/v1/review/:id/claim":         "the same",
	"POST /admin/stuck/:id":                   "TestAPrivateBoardWithNobodyInChargeIsHandedOnUnread",
	"POST /admin/people/import":               "changes nothing; TestAListOfPeopleIsAnAct goes on",
	"POST /admin/people/import/:roster":       "TestAListOfPeopleIsAnAct",
	"POST /admin/people/import/:roster/links": "TestAListOfPeopleIsAnAct",
}

func TestAListOfPeopleIsAnAct(t *testing.T) {
	f := newFront(t, nil)
	admin := f.as("admin")
	n := len(f.auditLog())
	path := admin.shows(admin.brings("email,name\nnuova@example.com,Nuova Persona\n"))
	if got := f.since(n); len(got) != 0 {
		t.Errorf("before anything is imported: %v", got)
	}
	admin.post(path, fields("invite", "1")).leads(path)
	admin.imported(path)
	admin.post(path+"/links", fields()).has(http.StatusOK, "nuova@example.com")
	got := f.since(n)
	for _, act := range []board.Act{board.PersonAddedAct, board.PeopleImportedAct, board.InvitationsReadAct} {
		if !slices.Contains(got, string(act)+" done") {
			t.Errorf("%s is missing in %v", act, got)
		}
	}
}

func powerSteps(id func(string) string, idea string) []step {
	return []step{
		{"admin", "POST", "/boards/new", "name=Nuova&slug=nuova&visibility=open", board.BoardAddedAct},
		{"admin", "POST", "/boards/nuova/edit", "name=Nuovissima", board.BoardChangedAct},
		{"admin", "POST", "/api/v1/boards", `{"name":"Altra","slug":"altra"}`, board.BoardAddedAct},
		{"admin", "PATCH", "/api/v1/boards/altra", `{"visibility":"private"}`, board.BoardChangedAct},
		{"mod", "POST", "/boards/aperta/members", "person=" + id("bruno"), board.MemberAddedAct},
		{"mod", "PUT", "/api/v1/boards/aperta/members/" + id("guest"), "", board.MemberAddedAct},
		{"admin", "POST", "/boards/aperta/clock", "time=3&unit=days&zone=Europe/Rome&week-0=09:00-17:00&holidays=it", board.ClockChangedAct},
		{"admin", "POST", "/boards/aperta/owners", "person=" + id("bruno"), board.OwnerAddedAct},
		{"admin", "POST", "/boards/aperta/owners/1/delete", "", board.OwnerRemovedAct},
		{"admin", "POST", "/api/v1/boards/aperta/owners", `{"person":` + id("anna") + `}`, board.OwnerAddedAct},
		{"admin", "DELETE", "/api/v1/boards/aperta/owners/1", "", board.OwnerRemovedAct},
		{"admin", "PUT", "/api/v1/boards/aperta/clock", `{"time":2,"unit":"days","calendar":{"zone":"Europe/Rome","week":["09:00-13:00","","","","","",""],"holidays":"it"}}`, board.ClockChangedAct},
		{"admin", "POST", "/boards/aperta/stages", "stage=planned&name=In+cantiere&on=planned", board.BoardChangedAct},
		{"admin", "PUT", "/api/v1/boards/aperta/stages", `{"items":[{"stage":"planned","name":"Deciso"}]}`, board.BoardChangedAct},
		{"mod", "POST", "/ideas/" + idea + "/lock", "", board.IdeaLockedAct},
		{"mod", "POST", "/ideas/" + idea + "/unlock", "", board.IdeaUnlockedAct},
		{"mod", "PUT", "/api/v1/ideas/" + idea + "/lock", "", board.IdeaLockedAct},
		{"mod", "DELETE", "/api/v1/ideas/" + idea + "/lock", "", board.IdeaUnlockedAct},
		{"admin", "POST", "/admin/people/invite", "name=Carla+Neri&email=carla@example.com&kind=employee", board.PersonAddedAct},
		{"admin", "POST", "/admin/people/" + id("bruno"), "name=Bruno+Sala&email=bruno@example.com&kind=employee&team=Acquisti&site=Bari", board.PersonChangedAct},
		{"admin", "POST", "/admin/people/" + id("bruno") + "/roles", "role=council", board.RolesChangedAct},
		{"admin", "POST", "/admin/people/" + id("bruno") + "/disable", "", board.PersonDisabledAct},
		{"admin", "POST", "/admin/people/" + id("bruno") + "/enable", "", board.PersonEnabledAct},
		{"admin", "POST", "/admin/people/" + id("bruno") + "/reset", "", board.LinkMadeAct},
		{"admin", "POST", "/admin/rules/first", "employees=0&guests=2", board.FirstPostsAct},
		{"admin", "POST", "/admin/rules", "kind=word&words=zafferano", board.RuleAddedAct},
		{"anna", "POST", "/boards/aperta/new", "title=Zafferano&body=per+tutti", ""},
		{"mod", "POST", "/review/held/1", "do=reject&ground=off_topic&note=Non+qui", board.DecisionMadeAct},
		{"admin", "POST", "/admin/rules/1/delete", "", board.RuleEndedAct},
		{"admin", "POST", "/api/v1/rules", `{"kind":"word","words":"cannella"}`, board.RuleAddedAct},
		{"admin", "DELETE", "/api/v1/rules/2", "", board.RuleEndedAct},
		{"admin", "POST", "/admin/house-rules", "lang=it&body=Cortesia.", board.HouseRulesChangedAct},
		{"mod", "POST", "/ideas/" + idea + "/slow", "minutes=5", board.IdeaSlowedAct},
		{"mod", "PUT", "/api/v1/ideas/" + idea + "/slow", `{"minutes":0}`, board.IdeaSlowedAct},
		{"anna", "POST", "/ideas/" + idea + "/comments", "body=Vero.", ""},
		{"mod", "POST", "/comments/1/review", "", ""}, // a place to decide: the decision is the act
		{"mod", "POST", "/review/{item}", "do=hide&ground=off_topic&note=Non+qui&version={version}", board.DecisionMadeAct},
		{"mod", "POST", "/review/decisions/{last}/undo", "", board.DecisionUndoneAct},
		{"mod", "POST", "/review/{item}", "do=keep&version={version}", board.DecisionMadeAct},
		{"mod", "POST", "/ideas/" + idea + "/review", "", ""},
		{"mod", "POST", "/review/{item}", "do=warn&ground=disrespect&note=Con+garbo&version={version}", board.DecisionMadeAct},
		{"anna", "POST", "/decisions/{last}/appeal", "body=Non+era+scortese.", ""},
		{"admin", "POST", "/review/appeals/1", "do=overturn&note=È+vero", board.DecisionMadeAct},
		{"bruno", "POST", "/ideas/" + idea + "/report", "ground=off_topic", ""},
		{"mod", "POST", "/review/{item}", "do=hide&ground=off_topic&note=Non+qui&version={version}", board.DecisionMadeAct},
		{"mod", "DELETE", "/api/v1/decisions/{last}", "", board.DecisionUndoneAct},
		{"mod", "POST", "/api/v1/review/{item}/decision", `{"action":"hide","ground":"off_topic","note":"Non qui","version":{version}}`, board.DecisionMadeAct},
		{"mod", "POST", "/review/decisions/{last}/undo", "", board.DecisionUndoneAct},
		{"mod", "POST", "/review", "item={item}.{version}&do=keep", board.DecisionMadeAct},
		{"admin", "POST", "/admin/teams", "name=Vendite", board.TeamAddedAct},
		{"admin", "POST", "/admin/teams/2", "name=Vendite+estere", board.TeamChangedAct},
		{"admin", "POST", "/admin/teams/2/merge", "into=1", board.TeamMergedAct},
		{"admin", "POST", "/admin/teams", "name=Vuoto", board.TeamAddedAct},
		{"admin", "POST", "/admin/teams/2/delete", "", board.TeamRemovedAct},
		{"admin", "POST", "/admin/features/topics", "", board.SettingChangedAct},
		{"anna", "POST", "/boards/aperta/new", "title=Due&body=x", ""},
		{"anna", "POST", "/ideas/2/comments", "body=Una+cosa+tutta+sua.", ""},
		{"anna", "POST", "/ideas/2/comments", "body=E+un'altra+ancora.", ""},
		{"mod", "POST", "/ideas/2/pin", "", board.IdeaPinnedAct},
		{"mod", "POST", "/ideas/2/unpin", "", board.IdeaUnpinnedAct},
		{"mod", "PUT", "/api/v1/ideas/2/pin", "", board.IdeaPinnedAct},
		{"mod", "DELETE", "/api/v1/ideas/2/pin", "", board.IdeaUnpinnedAct},
		{"mod", "POST", "/comments/2/split", "title=Tre", board.CommentSplitAct},
		{"mod", "POST", "/api/v1/comments/3/split", `{"title":"Quattro"}`, board.CommentSplitAct},
		{"mod", "POST", "/ideas/2/merge", "into=" + idea + "&reason=La+stessa", board.IdeaMergedAct},
		{"mod", "POST", "/ideas/2/unmerge", "", board.IdeaUnmergedAct},
		{"mod", "POST", "/api/v1/ideas/2/merge", `{"into":` + idea + `,"reason":"La stessa"}`, board.IdeaMergedAct},
		{"mod", "DELETE", "/api/v1/ideas/2/merge", "", board.IdeaUnmergedAct},
		{"admin", "POST", "/boards/new", "name=Terza&slug=terza&visibility=open", board.BoardAddedAct},
		{"mod", "POST", "/ideas/2/move", "board=nuova&reason=Qui+sta+meglio", board.IdeaRelocatedAct},
		{"mod", "PUT", "/api/v1/ideas/2/board", `{"board":"terza","reason":"No"}`, board.IdeaRelocatedAct},
		{"admin", "POST", "/admin/announcements", "text_it=Ciao&text_en=Hello&until=" + time.Now().AddDate(0, 0, 7).Format(localTime), board.AnnouncedAct},
		{"admin", "POST", "/admin/announcements/1/end", "", board.AnnouncementEndAct},
		{"admin", "POST", "/admin/boards/aperta/roles", "person=@bruno.sala&role=moderator", board.BoardRoleGivenAct},
		{"admin", "POST", "/admin/boards/aperta/roles/" + id("bruno") + "/delete", "role=moderator", board.BoardRoleTakenAct},
		{"admin", "POST", "/admin/boards/nuova/visibility", "visibility=private&confirm=Nuovissima", board.BoardChangedAct},
	}
}

// faultOf is what a page says is wrong, or all of an answer that is none.
func faultOf(body string) string {
	if _, after, ok := strings.Cut(body, `class="fault`); ok {
		return after
	}
	return body
}
