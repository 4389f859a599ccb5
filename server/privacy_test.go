package server

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"convivio/store/board"
)

// TestEverybodyReadsWhatIsCollected: the notice and the list are for everybody, the
// drafts for those who have to decide on them, in both languages.
func TestEverybodyReadsWhatIsCollected(t *testing.T) {
	f := newFront(t, nil)
	f.addPerson("hr", board.Employee, board.HR)
	f.addPerson("council", board.Employee, board.Council)
	f.addPerson("auditor", board.Employee, board.Auditor)
	for name, drafts := range map[string]int{"anna": 403, "guest": 404, "mod": 403, "auditor": 403, "hr": 200, "council": 200, "admin": 200} {
		who := f.as(name)
		who.get("/privacy?in=en").has(200, "emotion of persons", "Garante")
		who.get("/privacy?in=it").has(200, "emozioni", `lang="it"`)
		who.get("/privacy/collected?in=en").has(200, "idea_version", "Not kept here")
		for _, path := range []string{"/privacy/agreement", "/privacy/dpia"} {
			if who.get(path).has(drafts); drafts == 200 {
				who.get(path+"?in=it").has(200, "legge", "2024/1689")
			}
		}
	}
}

// TestTheNoticeIsAskedForOnce: a line on the first page leads to it until one says
// to have read it; an older version, or another's saying so, does not count.
func TestTheNoticeIsAskedForOnce(t *testing.T) {
	f := newFront(t, nil)
	anna, line := f.as("anna"), "law-line"
	anna.get("/").has(200, line)
	anna.post("/privacy", fields("version", "0")).leads("/privacy")
	f.as("bruno").post("/privacy", fields("version", "1")).leads("/privacy?done=1")
	anna.get("/").has(200, line)
	anna.get("/privacy").has(200, "I have read it")
	anna.post("/privacy", fields("version", "1")).leads("/privacy?done=1")
	if page := anna.get("/"); strings.Contains(page.body, line) {
		t.Error("it is asked for again")
	}
	if page := anna.get("/privacy?done=1").has(200); strings.Contains(page.body, "I have read it") {
		t.Error("the notice asks again")
	}
}

// beyond are the routes that a role opens and a plain employee does not, by what
// their addresses begin with.
var beyond = map[board.Role][]string{
	board.HR:        {"/releases", "/privacy/", "/figures"},
	board.Council:   {"/releases", "/privacy/", "/figures"},
	board.Auditor:   {"/audit"},
	board.Officer:   {"/review", "/decisions", "/admin/review"},
	board.Moderator: {"/review", "/decisions", "/unfound", "/admin/unfound", "/ideas/", "/comments/", "/boards/", "/late", "/parked", "/answer"},
}

// TestHRSeesNoMoreOfAPersonThanAnybody is P-19: every page and answer of the
// program, asked by every role with one colleague's own numbers. A role opens what
// stands in beyond and nothing else; there are no lists of voters, readers or one
// person's acts; search by author tells HR what it tells everybody.
func TestHRSeesNoMoreOfAPersonThanAnybody(t *testing.T) {
	f := newFront(t, withIndex(t))
	f.boards()
	for role := range beyond {
		f.addPerson("the"+string(role), board.Employee, role)
	}
	f.history()
	anna := f.people["anna"].ID
	ids := []string{"1", fmt.Sprint(anna)}
	watches := regexp.MustCompile(`voters|likers|readers|viewers|timeline|activity|last.?seen|reactors|followers`)
	plain, seen := f.as("bruno"), 0
	for _, route := range f.server.Routes() {
		if watches.MatchString(route.Path) {
			t.Errorf("%s is a list of who did something", route.Path)
		}
		if route.Method != http.MethodGet || route.Method == echo.RouteNotFound || isAPI(route.Path) && strings.Contains(route.Path, "openapi") {
			continue
		}
		for _, path := range filled(route.Path, ids) {
			want := plain.get(path).status
			if want == 200 {
				seen++
			}
			for role, opens := range beyond {
				got := f.as("the" + string(role)).get(path).status
				short := strings.TrimPrefix(path, "/api/v1")
				if got < 300 && want >= 300 && !slices.ContainsFunc(opens, func(p string) bool { return strings.HasPrefix(short, p) }) {
					t.Errorf("GET %s: %d for %s, %d for an employee", path, got, role, want)
				}
			}
		}
	}
	if seen < 40 {
		t.Errorf("an employee sees %d pages: this test holds little", seen)
	}
	hr, program := f.as("thehr"), f.program("thehr")
	hr.get("/audit").has(403)
	hr.get("/audit/export").has(403)
	hr.get("/admin/people").has(403)
	hr.get(fmt.Sprintf("/admin/people/%d", anna)).has(403)
	program.get("/api/v1/audit?person=" + fmt.Sprint(anna)).has(403)
	for _, q := range []string{"?author=" + fmt.Sprint(anna) + "&sort=newest", "?author=" + fmt.Sprint(anna) + "&from=2020-01-01", "?q=" + url.QueryEscape("author:anna after:2020"), "?q=" + url.QueryEscape("author:anna") + "&year=2026"} {
		if got := program.get("/api/v1/search" + q); got.status != http.StatusUnprocessableEntity {
			t.Errorf("search%s by HR: %d %.200s", q, got.status, got.body)
		}
	}
	same := func(a answered) string {
		return regexp.MustCompile(`"took_us":\d+|"next":"[^"]*"`).ReplaceAllString(a.body, "")
	}
	q := "/api/v1/search?q=" + url.QueryEscape("author:anna")
	a, b := program.get(q).has(200, `"uncounted":true`, `"total":0`), f.program("bruno").get(q).has(200)
	if strings.Contains(a.body, `"at":`) {
		t.Errorf("search by author tells times, which are a timeline: %s", a.body)
	}
	if same(a) != same(b) {
		t.Errorf("search by author tells HR\n%s\nand an employee\n%s", a.body, b.body)
	}
}

// measures are names of fields that tell how much somebody does, or when they were there.
var measures = regexp.MustCompile(`(^|_)(last_seen|seen_at|last_login|last_active|online|visits?|views?|reads?|logins?|streak|rank|score|karma|points|activity|posts|ideas|comments|votes|reactions|reports|count|total|number_of)($|_)`)

// TestTheAPIMeasuresNobody walks the schema of the API: whatever has a name and a
// number of its own, as people do, has no other number and no time; and lists of
// one person's doings can be asked for nowhere but where it says.
func TestTheAPIMeasuresNobody(t *testing.T) {
	f := newFront(t, nil)
	type property struct {
		Type   any    `json:"type"`
		Format string `json:"format"`
	}
	var api struct {
		Paths map[string]map[string]struct {
			Parameters []struct{ Name, In string }
		}
		Components struct {
			Schemas map[string]struct{ Properties map[string]property }
		}
	}
	if err := json.Unmarshal([]byte(f.nobody().get("/api/v1/openapi.json").has(200).body), &api); err != nil {
		t.Fatal(err)
	}
	people := 0
	for name, s := range api.Components.Schemas {
		_, id := s.Properties["id"]
		_, named := s.Properties["name"]
		_, body := s.Properties["slug"]
		isPerson := id && named && !body && (slices.Contains([]string{"Author", "Person", "Who", "Me", "Member", "Expert"}, name) || s.Properties["handle"].Type != nil || s.Properties["email"].Type != nil)
		for field, p := range s.Properties {
			if regexp.MustCompile(`last_seen|last_login|last_active|online|streak|karma`).MatchString(field) {
				t.Errorf("%s.%s tells when somebody was there", name, field)
			}
			if !isPerson || field == "id" || field == "seq" && name == "Me" || field == "since" && name == "Member" {
				continue
			}
			if measures.MatchString(field) || p.Type == "integer" || p.Type == "number" || p.Format == "date-time" {
				t.Errorf("%s.%s measures a person", name, field)
			}
		}
		if isPerson {
			people++
		}
	}
	if people < 3 || len(api.Paths) < 50 {
		t.Fatalf("%d schemas of people, %d paths: this test holds nothing", people, len(api.Paths))
	}
	may := map[string]string{
		"/search author": "without a total, dates and order by date",
		"/audit actor":   "what is done with power over others, for auditors",
		"/audit person":  "the same, of whom it concerned",
	}
	for path, methods := range api.Paths {
		for _, p := range methods["get"].Parameters {
			if p.In == "query" && slices.Contains([]string{"author", "person", "actor", "by_person", "owner", "voter", "member", "moderator", "reporter"}, p.Name) && may[path+" "+p.Name] == "" {
				t.Errorf("GET %s can be asked by %s: that lists what one person did", path, p.Name)
			}
		}
	}
}
