package server

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"convivio/store/board"
)

// thread adds an idea of bruno's on the open board with his comments; each
// line of the plan names a comment's parent by its place, 0 for none.
func (f *front) thread(plan ...int) (idea int64, comments []int64) {
	f.Helper()
	i, err := f.store.AddIdea(f.Context(), f.people["bruno"], "aperta", board.NewIdea{Title: "Lunga"}, "")
	if err != nil {
		f.Fatal(err)
	}
	for n, parent := range plan {
		in := board.NewComment{Body: fmt.Sprint("commento ", n+1)}
		if parent > 0 {
			in.ParentID = &comments[parent-1]
		}
		comments = append(comments, f.comment("bruno", i.ID, in))
	}
	return i.ID, comments
}

func (f *front) comment(who string, idea int64, in board.NewComment) int64 {
	f.Helper()
	c, err := f.store.Reply(f.Context(), f.people[who], idea, in, "")
	if err != nil {
		f.Fatal(err)
	}
	return c.ID
}

var (
	unreadMark = regexp.MustCompile(`<li class="comment[^"]* unread" id="c(\d+)"`)
	threadHTML = regexp.MustCompile(`(?s)<ol class="thread".*<p class="arrivals"`)
	foldedOnes = regexp.MustCompile(`<details class="branch">`)
)

// marked lists the comments that a page marks as new.
func marked(body string) (ids []int64) {
	for _, m := range unreadMark.FindAllStringSubmatch(body, -1) {
		id, _ := strconv.ParseInt(m[1], 10, 64)
		ids = append(ids, id)
	}
	return ids
}

// TestWhatIsNewIsMarkedForEachReader reads one thread as three people: the bytes
// are the same but for the marks, which are each one's own.
func TestWhatIsNewIsMarkedForEachReader(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	idea, c := f.thread(0, 1, 0)
	path := fmt.Sprint("/ideas/", idea)
	anna, mod, admin := f.as("anna"), f.as("mod"), f.as("admin")
	first := mod.get(path).has(200)
	if got := marked(first.body); len(got) > 0 {
		t.Errorf("on a first visit %v are marked", got)
	}
	anna.get(path).has(200)
	reply := f.comment("bruno", idea, board.NewComment{Body: "nuovo", ParentID: &c[1]})
	own := f.comment("mod", idea, board.NewComment{Body: "mio"})
	for _, tt := range []struct {
		who  *browser
		want []int64
	}{{anna, []int64{reply, own}}, {mod, []int64{reply}}, {admin, nil}, {anna, []int64{reply, own}}} {
		page := tt.who.get(path).has(200)
		if got := marked(page.body); !slices.Equal(got, tt.want) {
			t.Errorf("marked are %v, want %v", got, tt.want)
		}
		if n := len(tt.want); n > 0 {
			page.has(200, fmt.Sprintf(`href="#c%d"`, tt.want[0]), fmt.Sprintf(">%d new", n), `<span class="sr">New: </span>`)
		}
	}
	plain := threadHTML.FindString(admin.get(path).body)
	seen := threadHTML.FindString(anna.get(path).body)
	seen = strings.NewReplacer(` unread"`, `"`, `<span class="sr">New: </span>`, "").Replace(seen)
	if plain == "" || plain != seen {
		t.Errorf("the thread differs between readers by more than their marks:\n%s\n%s", plain, seen)
	}
}

// TestMarksLastForAVisit comes back within half an hour, and after it.
func TestMarksLastForAVisit(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	idea, _ := f.thread(0)
	path := fmt.Sprint("/ideas/", idea)
	anna, who := f.as("anna"), f.people["anna"]
	anna.get(path)
	one := f.comment("bruno", idea, board.NewComment{Body: "uno"})
	row := anna.get("/boards/aperta").has(200, fmt.Sprintf(`href="/ideas/%d/unread">1 new`, idea))
	if strings.Contains(row.body, "2 new") {
		t.Error("the list counts more than there is")
	}
	anna.get(path + "/unread").leads(fmt.Sprintf("/ideas/%d?at=%d#c%d", idea, one, one))
	for range 2 {
		if got := marked(anna.get(path).has(200).body); !slices.Equal(got, []int64{one}) {
			t.Errorf("marked are %v, want %d", got, one)
		}
	}
	if list := anna.get("/boards/aperta").has(200); strings.Contains(list.body, "/unread") {
		t.Error("the list still says that something is new, although it was shown")
	}
	if i, err := f.store.Idea(t.Context(), who, idea); err != nil || i.Seen != f.store.Head() {
		t.Errorf("the mark stands at %d, want %d: %v", i.Seen, f.store.Head(), err)
	}
}

// TestAPageKeptOpenIsRead takes from the page how far it was read, never further
// than there is, and from nobody who may not see it.
func TestAPageKeptOpenIsRead(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	idea, _ := f.thread(0)
	path := fmt.Sprint("/ideas/", idea)
	anna := f.as("anna")
	anna.get(path)
	f.comment("bruno", idea, board.NewComment{Body: "mentre si legge"})
	anna.post(path+"/read", fields("seq", "999999999")).leads(path)
	i, err := f.store.Idea(t.Context(), f.people["anna"], idea)
	if err != nil || i.New != 0 || i.Seen != f.store.Head() {
		t.Errorf("new is %d, seen %d of %d: %v", i.New, i.Seen, f.store.Head(), err)
	}
	f.as("guest").post(path+"/read", fields("seq", "1")).has(http.StatusNotFound)
	f.nobody().post(path+"/read", fields("seq", "1")).has(http.StatusUnauthorized)
}

// longPlan is a thread of a chain of 30, a bushy branch of 30, and single comments.
func longPlan() (plan []int) {
	for n := range 30 {
		plan = append(plan, n) // each replies to the one before
	}
	plan = append(plan, 0)
	for range 29 {
		plan = append(plan, 31)
	}
	for range 60 {
		plan = append(plan, 0)
	}
	return plan
}

// TestLongBranchesBeginFolded opens them for what is new, for what changed the
// decision and for who comes by a link.
func TestLongBranchesBeginFolded(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	idea, c := f.thread(longPlan()...)
	path := fmt.Sprint("/ideas/", idea)
	anna, admin := f.as("anna"), f.as("admin")
	folded := func(b *browser, path string, want int) answered {
		t.Helper()
		page := b.get(path).has(200)
		if got := len(foldedOnes.FindAllString(page.body, -1)); got != want {
			t.Errorf("%s: %d branches begin folded, want %d", path, got, want)
		}
		return page
	}
	folded(anna, path+"?sort=oldest", 2).has(200, "29 replies")
	spot := fmt.Sprintf("%s?at=%d&sort=oldest", path, c[25])
	folded(anna, spot, 1).has(200, fmt.Sprintf(`id="c%d"`, c[25]))
	f.comment("mod", idea, board.NewComment{Body: "nuovo", ParentID: &c[40]})
	folded(anna, path+"?sort=oldest", 1)
	folded(admin, path+"?sort=oldest", 2)
	if _, err := f.store.Answer(t.Context(), f.people["mod"], idea, board.NewAnswer{Body: "Sì", Cites: []int64{c[29]}}, ""); err != nil {
		t.Fatal(err)
	}
	folded(admin, path+"?sort=oldest", 1).has(200, `class="comment deep cited"`, "the comment by Bruno Sala", fmt.Sprintf(`href="/comments/%d/in-thread"`, c[29]))
}

// TestALinkLeadsIntoTheThread follows permalinks to comments on every piece, in
// every order.
func TestALinkLeadsIntoTheThread(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	idea, c := f.thread(longPlan()...)
	anna := f.as("anna")
	for _, id := range []int64{c[0], c[29], c[59], c[110], c[119]} {
		for _, sort := range []string{"", "?sort=newest", "?sort=oldest"} {
			got := anna.get(fmt.Sprintf("/comments/%d/in-thread%s", id, sort))
			to := got.header.Get("Location")
			if got.status != http.StatusSeeOther || !strings.HasPrefix(to, fmt.Sprintf("/ideas/%d?at=%d", idea, id)) || !strings.HasSuffix(to, fmt.Sprintf("#c%d", id)) {
				t.Errorf("comment %d %s leads to %d %q", id, sort, got.status, to)
			}
			to, _, _ = strings.Cut(to, "#")
			anna.get(to).has(200, fmt.Sprintf(`id="c%d"`, id), strings.TrimPrefix(sort, "?"))
		}
	}
	second := anna.get(fmt.Sprintf("/ideas/%d?at=%d&sort=oldest", idea, c[119])).has(200, "Previous comments")
	if strings.Contains(second.body, fmt.Sprintf(`id="c%d"`, c[0])) {
		t.Error("the last piece shows the first comment")
	}
	anna.get(fmt.Sprint("/comments/", c[20])).has(200, "9 replies", "commento 21", "commento 30", `class="above"`)
	anna.post(fmt.Sprintf("/ideas/%d/comments?sort=newest", idea), fields("body", "resta in ordine")).
		leads(fmt.Sprintf("/ideas/%d?at=%d&sort=newest#c%d", idea, c[119]+1, c[119]+1))
	f.as("guest").get(fmt.Sprintf("/comments/%d/in-thread", c[0])).has(http.StatusNotFound)
}

// TestTheListToJumpByNamesEverybodyOnce counts nobody's comments.
func TestTheListToJumpByNamesEverybodyOnce(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	idea, c := f.thread(longPlan()...)
	path := fmt.Sprint("/ideas/", idea, "/outline")
	f.comment("anna", idea, board.NewComment{Body: "anch'io"})
	mod := f.as("mod")
	page := mod.get(path+"?part=1").has(200, "By date", "By author", fmt.Sprintf("at=%d#c%d", c[0], c[0]))
	if n := strings.Count(page.body, "Bruno Sala"); n != 1 {
		t.Errorf("somebody who wrote %d comments is named %d times", len(c), n)
	}
	if a, b := strings.Index(page.body, "Anna Gatti"), strings.Index(page.body, "Bruno Sala"); a < 0 || b < a {
		t.Error("people do not stand in the order of the alphabet")
	}
	mod.get(path).has(200, "<h1>Jump to</h1>")
	mod.get(path + "?sort=worst").has(http.StatusUnprocessableEntity)
	f.as("guest").get(path).has(http.StatusNotFound)
}
