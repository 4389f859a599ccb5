package server

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"convivio/store/board"
)

// secretRows fills the private board with words that stand nowhere else.
// It returns the ids of an idea and of a comment there.
func (f *front) secretRows() (idea, comment int64) {
	f.Helper()
	anna, mod := f.people["anna"], f.people["mod"]
	files := "" // their ids are among those of the idea and the comment
	for _, name := range []string{"CNRYfile.txt", "CNRYfile.csv"} {
		file, err := f.store.AddFile(f.Context(), anna, name, strings.NewReader("CNRYbytes;zafferano"), "")
		if err != nil {
			f.Fatal(err)
		}
		files += " " + file.Markdown
	}
	i, err := f.store.AddIdea(f.Context(), anna, "riservata", board.NewIdea{Title: "CNRYtitle zafferano", Body: "CNRYbody zafferano" + files, Tags: []string{"cnrytag"}}, "")
	if err != nil {
		f.Fatal(err)
	}
	c, err := f.store.Reply(f.Context(), mod, i.ID, board.NewComment{Body: "CNRYcomment zafferano"}, "")
	if err != nil {
		f.Fatal(err)
	}
	if _, err := f.store.Answer(f.Context(), mod, i.ID, board.NewAnswer{Body: "CNRYanswer zafferano", Cites: []int64{c.ID}}, ""); err != nil {
		f.Fatal(err)
	}
	if _, err := f.store.MoveIdea(f.Context(), mod, i.ID, board.Move{Stage: board.Planned, Reason: "CNRYreason", Owner: mod.ID, Due: "2099-12-31"}); err != nil {
		f.Fatal(err)
	}
	title := "CNRYtitle di nuovo"
	if _, err := f.store.EditIdea(f.Context(), anna, i.ID, board.IdeaChange{Title: &title}); err != nil {
		f.Fatal(err)
	}
	name, about := "CNRYboard", "CNRYdescription"
	if _, err := f.store.ChangeBoard(f.Context(), f.people["admin"], "riservata", board.BoardChange{Name: &name, Description: &about}); err != nil {
		f.Fatal(err)
	}
	return i.ID, c.ID
}

// TestAPrivateBoardLeaksNothing asks every route, with the private board's own
// ids in every place an id can stand, as everybody who is no member, and looks
// for its words in all that comes back.
func TestAPrivateBoardLeaksNothing(t *testing.T) {
	f := newFront(t, withIndex(t))
	f.boards()
	public, err := f.store.AddIdea(f.Context(), f.people["bruno"], "aperta", board.NewIdea{Title: "Pubblica zafferano"}, "")
	if err != nil {
		t.Fatal(err)
	}
	f.tells()
	for _, name := range []string{"bruno", "guest", "anna"} {
		if _, err := f.store.SaveSearch(f.Context(), f.people[name], board.NewSaved{Query: "q=zafferano"}); err != nil {
			t.Fatal(err)
		}
	}
	idea, comment := f.secretRows()
	f.matches()
	if list, err := f.store.SavedSearches(f.Context(), f.people["mod"]); err != nil || len(list) != 0 {
		t.Errorf("a moderator keeps %+v, %v", list, err)
	}
	ids := []string{fmt.Sprint(idea), fmt.Sprint(comment), fmt.Sprint(public.ID), fmt.Sprint(f.people["anna"].ID), fmt.Sprint(f.people["mod"].ID)}
	queries := []string{"", "?part=1", "?q=zafferano", "?q=CNRYtitle", "?q=cnry&part=1", "?q=x&board=riservata", "?q=CNRYcomment&author=" + ids[3],
		"?after=0&limit=100", "?q=@&board=riservata", "?q=%23zafferano&board=aperta", "?title=zafferano", "?sort=oldest", "?cite=" + ids[1],
		"?q=zafferano&idea=" + ids[0], "?q=zafferano&sort=newest", "?q=zaferano", "?q=zafferano&sort=votes&part=quick", "?q=zafferano&author=" + ids[3]}
	head := f.store.Head()
	asked := 0
	for _, name := range []string{"bruno", "guest", "other"} {
		if name == "other" { // an administrator who is no member
			f.addPerson("other", board.Employee, board.Admin, board.Moderator)
		}
		for _, who := range []*browser{f.as(name), f.program(name)} {
			who.header.Set("Origin", f.http.URL)
			for _, route := range f.server.Routes() {
				if route.Method == http.MethodHead || route.Method == echo.RouteNotFound || strings.Contains(route.Path, "sign") || strings.HasPrefix(route.Path, "/account/") {
					continue
				}
				if isAPI(route.Path) == (who.cookie != "") { // a token opens the API alone, and there says what a session does
					continue
				}
				asking := queries
				if strings.Count(route.Path, ":") > 1 { // every pair of ids is enough
					asking = queries[:2]
				}
				for _, path := range filled(route.Path, ids) {
					for _, q := range asking {
						if route.Method != http.MethodGet && q != "" {
							break
						}
						kind, body := "application/x-www-form-urlencoded", "body=x&title=x&stage=done&person="+ids[3]
						if isAPI(path) {
							kind, body = "application/json", `{"body":"x"}`
						}
						if route.Method == http.MethodGet || strings.Contains(path, "/admin/") {
							body = ""
						}
						got := who.do(route.Method, path+q, kind, body)
						asked++
						all := formKeys.ReplaceAllString(got.body, "") + fmt.Sprint(got.header) // a key is random letters, also these four
						if n := strings.Index(strings.ToLower(all), "cnry"); n >= 0 && !echoes(q, all) {
							t.Errorf("%s %s%s as %s shows …%.80s…", route.Method, path, q, name, all[max(0, n-30):])
						}
					}
				}
			}
		}
	}
	if asked < 1000 {
		t.Errorf("only %d requests: the crawl saw little", asked)
	}
	for _, e := range f.entriesAbout(idea, head) {
		t.Errorf("somebody who is no member did %s on the private idea", e)
	}
}

// echoes tells whether a page shows nothing but the reader's own search words.
func echoes(q, body string) bool {
	_, words, ok := strings.Cut(q, "q=")
	if !ok {
		return false
	}
	words, _, _ = strings.Cut(words, "&")
	rest := strings.ReplaceAll(strings.ToLower(body), strings.ToLower(words), "")
	return !strings.Contains(rest, "cnry")
}

// filled puts ids, the private board and known words in the places of a route.
func filled(route string, ids []string) []string {
	out := []string{""}
	for _, part := range strings.Split(strings.TrimPrefix(route, "/"), "/") {
		values := []string{part}
		switch {
		case part == ":slug":
			values = []string{"riservata", "aperta"}
		case strings.HasPrefix(part, ":"):
			values = ids
		case part == "*":
			values = []string{"x"}
		}
		var next []string
		for _, o := range out {
			for _, v := range values {
				next = append(next, o+"/"+v)
			}
		}
		out = next
	}
	return out
}

// TestWhatMayNotBeSeenLooksLikeWhatIsNotThere compares the answers for a hidden
// id and for one that was never used.
func TestWhatMayNotBeSeenLooksLikeWhatIsNotThere(t *testing.T) {
	f := newFront(t, withIndex(t))
	f.boards()
	idea, comment := f.secretRows()
	bruno, program := f.as("bruno"), f.program("bruno")
	for _, pair := range [][2]string{
		{fmt.Sprint("/ideas/", idea), "/ideas/424242"},
		{fmt.Sprint("/comments/", comment), "/comments/424242"},
		{"/answers/1", "/answers/424242"},
		{"/notices/9", "/notices/424242"},
		{"/boards/riservata", "/boards/inventata"},
		{"/boards/riservata/members", "/boards/inventata/members"},
		{"/boards/riservata/clock", "/boards/inventata/clock"},
		{"/boards/riservata/owners", "/boards/inventata/owners"},
		{"/boards/riservata/new", "/boards/inventata/new"},
	} {
		a, b := bruno.get(pair[0]), bruno.get(pair[1])
		if x, y := sameBut(a, pair[0]), sameBut(b, pair[1]); x != y {
			t.Errorf("%s and %s differ:\n%s\n%s", pair[0], pair[1], x, y)
		}
		if strings.HasSuffix(pair[0], "/new") {
			continue
		}
		a, b = program.get("/api/v1"+pair[0]), program.get("/api/v1"+pair[1])
		if x, y := sameBut(a, pair[0]), sameBut(b, pair[1]); x != y {
			t.Errorf("/api/v1%s and %s differ:\n%s\n%s", pair[0], pair[1], x, y)
		}
	}
}

// sameBut is an answer without what differs between any two: the request's own
// id and address, and the keys of its forms.
func sameBut(a answered, path string) string {
	h := a.header.Clone()
	h.Del("X-Request-Id")
	h.Del("Date")
	h.Del("Content-Length")
	body := formKeys.ReplaceAllString(strings.ReplaceAll(a.body, path, "PATH"), "KEY")
	return fmt.Sprint(a.status, h, body)
}
