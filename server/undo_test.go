package server

import (
	"net/http"
	"testing"

	"convivio/store/board"
	"convivio/templates/words"
)

// TestADeletionIsTakenBackWithAForm deletes and restores without a script, and
// looks at what others see meanwhile.
func TestADeletionIsTakenBackWithAForm(t *testing.T) {
	f := newFront(t, withIndex(t))
	f.boards()
	anna, bruno := f.as("anna"), f.as("bruno")
	anna.post("/boards/aperta/new", fields("title", "Tettoia rossa", "body", "Idea-testo")).leads("/ideas/1")
	bruno.post("/ideas/1/comments", fields("body", "parole-tolte zafferano")).has(http.StatusSeeOther)
	bruno.post("/ideas/1/vote", nil).leads("/ideas/1")
	f.indexed()
	bruno.get("/search?q=zafferano&part=1").has(200, "parole-tolte")

	after := bruno.post("/comments/1/delete", nil).has(http.StatusSeeOther).header.Get("Location")
	undo := words.T("en", "Undo")
	bruno.get(after).has(200, `action="/comments/1/restore"`, undo, words.T("en", "Comment deleted")).hasNot("parole-tolte")
	anna.get(after).has(200).hasNot("/restore", "parole-tolte") // the way back is one person's
	f.indexed()
	anna.get("/search?q=zafferano&part=1").hasNot("parole-tolte")
	anna.post("/comments/1/restore", nil).has(http.StatusConflict, words.T("en", "It is too late to undo this: the words have been erased."))
	bruno.post("/comments/1/restore", nil).has(http.StatusSeeOther)
	bruno.post("/comments/1/restore", nil).has(http.StatusSeeOther)
	anna.get("/ideas/1").has(200, "parole-tolte")
	bruno.get(after).hasNot("/restore")
	f.indexed()
	anna.get("/search?q=zafferano&part=1").has(200, "parole-tolte")

	after = anna.post("/ideas/1/delete", nil).has(http.StatusSeeOther).header.Get("Location")
	anna.get(after).has(200, `action="/ideas/1/restore"`, words.T("en", "Idea deleted")).hasNot("Tettoia rossa")
	bruno.get(after).has(200).hasNot("/restore")
	bruno.get("/ideas/1").has(404)
	bruno.post("/ideas/1/restore", nil).has(http.StatusConflict)
	bruno.post("/ideas/77/restore", nil).has(http.StatusConflict)
	anna.post("/ideas/1/restore", nil).leads("/ideas/1")
	bruno.get("/ideas/1").has(200, "Tettoia rossa", "parole-tolte", `aria-pressed="true"`)
	bruno.get("/boards/aperta").has(200, "Tettoia rossa")
	f.indexed()
	bruno.get("/search?q=tettoia&part=1").has(200, "rossa")
	f.nobody().post("/ideas/1/restore", nil).has(http.StatusUnauthorized)
}

// TestRestoringReachesOpenPages listens while a comment goes and comes back.
func TestRestoringReachesOpenPages(t *testing.T) {
	f := newFront(t, nil)
	f.withHub()
	f.boards()
	idea, err := f.store.AddIdea(f.Context(), f.people["anna"], "aperta", board.NewIdea{Title: "Una"}, "")
	if err != nil {
		t.Fatal(err)
	}
	c, err := f.store.Reply(f.Context(), f.people["bruno"], idea.ID, board.NewComment{Body: "parole-tolte"}, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		do   func() error
		kind board.EventKind
		has  string
		not  string
	}{
		{func() error { _, err := f.store.DeleteComment(f.Context(), f.people["bruno"], c.ID); return err }, board.CommentDeleted, "tombstone", "parole-tolte"},
		{func() error { _, err := f.store.RestoreComment(f.Context(), f.people["bruno"], c.ID); return err }, board.CommentRestored, "parole-tolte", "tombstone"},
		{func() error { _, err := f.store.DeleteIdea(f.Context(), f.people["anna"], idea.ID); return err }, board.IdeaDeleted, "", "Una"},
		{func() error { _, err := f.store.RestoreIdea(f.Context(), f.people["anna"], idea.ID); return err }, board.IdeaRestored, ">Una<", "tombstone"},
	} {
		ws, _ := f.as("anna").listen("board=aperta&html=en&after=" + id(f.store.Head()) + "&epoch=" + f.store.Epoch())
		if err := tt.do(); err != nil {
			t.Fatal(err)
		}
		e := f.frameOf(ws, f.store.Head())
		if got := (answered{t: t, body: e.HTML}); e.Kind != tt.kind || e.Actor != nil {
			t.Errorf("heard %+v, want %s without an actor", e, tt.kind)
		} else {
			got.has(0, tt.has).hasNot(tt.not)
		}
	}
}
