package server

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/gorilla/websocket"

	"convivio/client"
	"convivio/store/board"
)

// tells runs the follower of notices until the test ends.
func (f *front) tells() {
	f.Helper()
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); _ = f.store.RunNotices(ctx) }()
	f.Cleanup(func() { stop(); <-done })
}

// told waits until everybody was told everything.
func (f *front) told() {
	f.Helper()
	if err := f.store.WaitNotices(f.Context(), f.store.Head()); err != nil {
		f.Fatal(err)
	}
}

// sdk is the Go client as somebody uses it.
func (f *front) sdk(name string) *client.Client {
	f.Helper()
	c, err := client.New(f.http.URL, strings.TrimPrefix(f.program(name).header.Get("Authorization"), "Bearer "))
	if err != nil {
		f.Fatal(err)
	}
	return c
}

// bellOf is what the bell of a page says.
func bellOf(page answered) string {
	_, rest, _ := strings.Cut(page.body, `id="bell"`)
	_, rest, _ = strings.Cut(rest, `<b aria-hidden="true">`)
	n, _, _ := strings.Cut(rest, "<")
	return strings.TrimSpace(n)
}

// TestTheBellWithoutScripts follows, is told, opens and marks with links and forms alone.
func TestTheBellWithoutScripts(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	f.tells()
	anna, bruno, mod := f.as("anna"), f.as("bruno"), f.as("mod")
	for _, b := range []*browser{anna, bruno, mod} {
		b.header.Set("Accept-Language", "it")
	}
	bruno.post("/boards/aperta/follow", fields("key", "k1")).leads("/boards/aperta")
	bruno.get("/boards/aperta").has(200, "La segui", "/boards/aperta/unfollow")
	anna.post("/boards/aperta/new", fields("title", "Bici tra i capannoni")).leads("/ideas/1")
	anna.get("/ideas/1").has(200, "La segui", "/ideas/1/unfollow") // who posts follows
	f.told()
	home := bruno.get("/").has(200, "Nuove nelle bacheche che segui", "Bici tra i capannoni")
	if got := bellOf(home); got != "1" {
		t.Errorf("the bell says %q, want 1", got)
	}
	bruno.get("/notices").has(200, "Anna Gatti ha pubblicato una nuova idea", "Bici tra i capannoni")
	bruno.get(fmt.Sprint("/notices/", f.store.Head())).leads("/ideas/1")
	if got := bellOf(bruno.get("/")); got != "" {
		t.Errorf("after opening it the bell says %q", got)
	}
	bruno.post("/ideas/1/comments", fields("body", "E quando piove?")).leads("/ideas/1?at=1#c1")
	mod.post("/ideas/1/comments", fields("body", "Mantella, @bruno.sala.", "parent_id", "1")).leads("/ideas/1?at=2#c2")
	mod.post("/ideas/1/answers", fields("body", "Da maggio.", "cites", "1")).leads("/ideas/1#answers")
	f.told()
	bruno.get("/notices").has(200, "Mara Conti ti ha menzionato", "Mara Conti ha citato il tuo commento", "Mantella")
	if got := bellOf(bruno.get("/")); got != "2" {
		t.Errorf("the bell says %q, want 2", got)
	}
	anna.get("/notices").has(200, "Bruno Sala e un&#39;altra persona hanno commentato la tua idea", "Mara Conti ha dato la risposta ufficiale alla tua idea")
	anna.get("/notices?part=1").has(200, "Segna tutte come viste")
	anna.post("/notices/seen", fields("upto", fmt.Sprint(f.store.Head()))).leads("/notices")
	if got := bellOf(anna.get("/")); got != "" {
		t.Errorf("after marking all the bell says %q", got)
	}
	bruno.get("/ideas/1").has(200) // who looks at the idea has seen what is told of it
	if got := bellOf(bruno.get("/")); got != "" {
		t.Errorf("after a visit the bell says %q", got)
	}
	bruno.post("/ideas/1/unfollow", fields("key", "k2")).leads("/ideas/1")
	mod.post("/ideas/1/stage", fields("stage", "in_review")).leads("/ideas/1")
	f.told()
	if got := bellOf(bruno.get("/")); got != "" {
		t.Errorf("who stopped following is told: %q", got)
	}
	bruno.get("/notices/424242").has(http.StatusNotFound)
	bruno.get(fmt.Sprint("/notices/", f.store.Head())).has(http.StatusNotFound) // anna's
}

// TestNoticesThroughTheAPI does the same as a program.
func TestNoticesThroughTheAPI(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	f.tells()
	anna, bruno := f.sdk("anna"), f.sdk("bruno")
	idea, err := anna.AddIdea(t.Context(), "aperta", board.NewIdea{Title: "Pane"})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := bruno.FollowIdea(t.Context(), idea.ID); err != nil || !got.Following {
		t.Errorf("following is %+v, %v", got, err)
	}
	said, err := anna.Reply(t.Context(), idea.ID, board.NewComment{Body: "Con le noci"})
	if err != nil {
		t.Fatal(err)
	}
	f.told()
	list, err := bruno.Notices(t.Context(), client.Page{})
	if err != nil || list.Unseen != 1 || len(list.Items) != 1 || list.Items[0].Reason != board.Commented || list.Items[0].Comment != said.ID || list.Items[0].Excerpt != "Con le noci" {
		t.Errorf("notices are %+v, %v", list, err)
	}
	if _, err := bruno.SeeNotice(t.Context(), said.Seq); err != nil {
		t.Error(err)
	}
	if _, err := anna.SeeNotice(t.Context(), said.Seq); !client.IsNotFound(err) {
		t.Errorf("somebody else's notice: %v", err)
	}
	if _, err := bruno.UnfollowIdea(t.Context(), idea.ID); err != nil {
		t.Error(err)
	}
	if _, err := bruno.FollowBoard(t.Context(), "aperta"); err != nil {
		t.Error(err)
	}
	if _, err := bruno.FollowBoard(t.Context(), "riservata"); !client.IsNotFound(err) {
		t.Errorf("a hidden board can be followed: %v", err)
	}
	second, err := anna.AddIdea(t.Context(), "aperta", board.NewIdea{Title: "Vino"})
	if err != nil {
		t.Fatal(err)
	}
	f.told()
	if n, err := bruno.SeeNotices(t.Context(), second.Seq-1); err != nil || n != 1 {
		t.Errorf("%d are unseen, %v", n, err)
	}
	if n, err := bruno.SeeNotices(t.Context(), second.Seq); err != nil || n != 0 {
		t.Errorf("%d are unseen, %v", n, err)
	}
	if _, err := bruno.UnfollowBoard(t.Context(), "aperta"); err != nil {
		t.Error(err)
	}
}

// TestNoticesLeakNothing: what somebody was told of a board does not outlive
// their place on it, and a text that names who may not read it tells them nothing.
func TestNoticesLeakNothing(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	f.tells()
	mod := f.people["mod"]
	f.addPerson("other", board.Employee, board.Admin, board.Moderator)
	bruno, outsiders := f.as("bruno"), []*browser{f.as("guest"), f.as("other")}
	quiet := bruno.get("/notices").body
	if _, err := f.store.AddMember(t.Context(), mod, "riservata", f.people["bruno"].ID); err != nil {
		t.Fatal(err)
	}
	if _, err := f.store.FollowBoard(t.Context(), f.people["bruno"], "riservata"); err != nil {
		t.Fatal(err)
	}
	f.secretRows()
	idea, err := f.store.AddIdea(t.Context(), mod, "riservata", board.NewIdea{Title: "CNRY", Body: "@bruno.sala @gino.cliente @persona.other"}, "")
	if err != nil {
		t.Fatal(err)
	}
	said, err := f.store.Reply(t.Context(), mod, idea.ID, board.NewComment{Body: "CNRY @bruno.sala @gino.cliente @persona.other"}, "")
	if err != nil {
		t.Fatal(err)
	}
	f.told()
	bruno.get("/notices").has(200, "CNRY")
	for _, b := range outsiders {
		for _, path := range []string{"/", "/notices", "/notices?part=1", fmt.Sprint("/notices/", said.Seq)} {
			if got := b.get(path); strings.Contains(got.body, "CNRY") || bellOf(got) != "" && path != "/notices?part=1" {
				t.Errorf("%s tells somebody who may not read the board", path)
			}
		}
	}
	if _, err := f.store.RemoveMember(t.Context(), mod, "riservata", f.people["bruno"].ID); err != nil {
		t.Fatal(err)
	}
	f.told()
	after := bruno.get("/notices")
	if a, b := formKeys.ReplaceAllString(after.body, "KEY"), formKeys.ReplaceAllString(quiet, "KEY"); withoutSeq(a) != withoutSeq(b) {
		t.Errorf("the page of notices remembers a board that was left: %d bytes, %d before", len(a), len(b))
	}
	for _, path := range []string{"/", "/notices?part=1", "/api/v1/notices"} {
		if got := bruno.get(path); strings.Contains(got.body, "CNRY") || strings.Contains(got.body, `"unseen":1`) {
			t.Errorf("%s remembers a board that was left", path)
		}
	}
	bruno.get(fmt.Sprint("/notices/", said.Seq)).has(http.StatusNotFound)
}

// withoutSeq leaves out how far the log goes, which differs with the hour.
func withoutSeq(page string) string {
	return strings.Join(strings.FieldsFunc(page, func(r rune) bool { return r >= '0' && r <= '9' }), "")
}

// TestTheBellCountsLive opens two windows of one person and one of another.
func TestTheBellCountsLive(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	f.withHub()
	f.tells()
	idea, err := f.store.AddIdea(t.Context(), f.people["anna"], "aperta", board.NewIdea{Title: "Pane"}, "")
	if err != nil {
		t.Fatal(err)
	}
	anna, bruno := f.as("anna"), f.as("bruno")
	first, _ := anna.listen(fmt.Sprintf("idea=%d&html=it", idea.ID))
	second, _ := anna.listen("own=1&html=en") // a page that shows no conversation
	other, _ := bruno.listen(fmt.Sprintf("idea=%d&html=it", idea.ID))
	said, err := f.store.Reply(t.Context(), f.people["bruno"], idea.ID, board.NewComment{Body: "Con le noci"}, "")
	if err != nil {
		t.Fatal(err)
	}
	wants := func(want int) {
		t.Helper()
		for _, ws := range []*websocket.Conn{first, second} {
			for {
				var frame struct {
					board.Unseen
					HTML string `json:"html"`
				}
				if err := ws.ReadJSON(&frame); err != nil {
					t.Fatal(err)
				}
				if ws == second && frame.HTML != "" {
					t.Errorf("a page that shows no conversation is sent one: %+v", frame)
				}
				if frame.Kind != board.NoticesFrame {
					continue
				}
				if frame.Count != want {
					t.Errorf("the bell counts %d, want %d", frame.Count, want)
				}
				break
			}
		}
	}
	wants(1)
	anna.get(fmt.Sprint("/notices/", said.Seq))
	wants(0)
	last, err := f.store.Reply(t.Context(), f.people["anna"], idea.ID, board.NewComment{Body: "E il miele"}, "")
	if err != nil {
		t.Fatal(err)
	}
	for seen := int64(0); seen < last.Seq; { // bruno, who wrote, hears of his own idea's comments alone
		var frame struct {
			board.Event
			Count int `json:"count"`
		}
		if err := other.ReadJSON(&frame); err != nil {
			t.Fatal(err)
		}
		if frame.Kind == board.NoticesFrame {
			t.Errorf("somebody else's count came: %+v", frame)
		}
		seen = frame.Seq
	}
}

// TestReactionsWithoutScripts reacts on the pages of a comment and of an answer.
func TestReactionsWithoutScripts(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	anna, mod := f.as("anna"), f.as("mod")
	anna.header.Set("Accept-Language", "it")
	anna.post("/boards/aperta/new", fields("title", "Bici")).leads("/ideas/1")
	mod.post("/ideas/1/comments", fields("body", "Sì")).leads("/ideas/1?at=1#c1")
	mod.post("/ideas/1/answers", fields("body", "Da maggio.")).leads("/ideas/1#answers")
	anna.get("/comments/1").has(200, `formaction="/comments/1/react" aria-pressed="false">D&#39;accordo`)
	anna.post("/comments/1/react", fields("key", "k", "kind", "agree")).leads("/comments/1#react")
	anna.get("/comments/1").has(200, `formaction="/comments/1/unreact" aria-pressed="true">D&#39;accordo`)
	anna.get("/answers/1").has(200, "Da maggio.", `formaction="/answers/1/react"`)
	anna.get("/ideas/1").hasNot(`class="re thanks"`) // and is read again when that is not so any more
	anna.post("/answers/1/react", fields("kind", "thanks", "part", "1")).has(200, `id="on-a1"`, `class="re thanks"`)
	anna.get("/ideas/1").has(200, `class="re agree"`, `class="re thanks"`, `data-mine="1:agree a1:thanks"`)
	if page := mod.get("/ideas/1").has(200, `class="re agree"`); strings.Contains(page.body, "data-mine") {
		t.Error("somebody else's reactions are marked as one's own")
	}
	anna.post("/comments/1/unreact", fields("kind", "agree")).leads("/comments/1#react")
	if page := anna.get("/ideas/1"); strings.Contains(page.body, `class="re agree"`) {
		t.Error("what was taken back is still shown")
	}
	anna.post("/comments/1/react", fields("kind", strings.Repeat("agree", 1000))).has(http.StatusUnprocessableEntity)
	anna.post("/comments/99/react", fields("kind", "agree")).has(http.StatusNotFound)
	f.as("guest").post("/comments/1/react", fields("kind", "agree")).has(http.StatusNotFound)
	api := f.sdk("bruno")
	got, err := api.React(t.Context(), board.Said{Answer: 1}, board.Cheer)
	if err != nil || len(got.Counts) != 2 || len(got.Mine) != 1 {
		t.Errorf("reactions are %+v, %v", got, err)
	}
	if _, err := api.React(t.Context(), board.Said{Comment: 1}, "heart"); err == nil {
		t.Error("a reaction that is none is taken")
	}
	if got, err = api.Unreact(t.Context(), board.Said{Answer: 1}, board.Cheer); err != nil || len(got.Mine) != 0 {
		t.Errorf("reactions are %+v, %v", got, err)
	}
	if got, err = api.Reactions(t.Context(), board.Said{Answer: 1}); err != nil || len(got.Counts) != 1 {
		t.Errorf("reactions are %+v, %v", got, err)
	}
}

// TestReactionsAtOnceAndLive: two hundred posts of one person are one reaction,
// and open pages get the part that the same page shows.
func TestReactionsAtOnceAndLive(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	f.withHub()
	idea, err := f.store.AddIdea(t.Context(), f.people["anna"], "aperta", board.NewIdea{Title: "Pane"}, "")
	if err != nil {
		t.Fatal(err)
	}
	c, err := f.store.Reply(t.Context(), f.people["anna"], idea.ID, board.NewComment{Body: "Con le noci"}, "")
	if err != nil {
		t.Fatal(err)
	}
	bruno := f.as("bruno")
	ws, _ := bruno.listen(fmt.Sprintf("idea=%d&html=it", idea.ID))
	var wg sync.WaitGroup
	for range 200 {
		wg.Go(func() { bruno.post(fmt.Sprintf("/comments/%d/react", c.ID), fields("kind", "thanks")) })
	}
	wg.Wait()
	if f.store.Head() != c.Seq+1 {
		t.Errorf("%d events were recorded, want one", f.store.Head()-c.Seq)
	}
	e := f.frameOf(ws, c.Seq+1)
	if e.Kind != board.ReactionAdded || e.Actor != nil || !strings.Contains(e.HTML, fmt.Sprintf(`id="on-%d"`, c.ID)) || !strings.Contains(e.HTML, "</span>1</a>") {
		t.Errorf("the frame is %+v", e)
	}
}
