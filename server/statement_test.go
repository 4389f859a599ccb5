package server

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"convivio/store"
	"convivio/store/board"
)

// asks counts the statements that are run for a page; of a comment, they are counted
// in the store.
func (f *front) asks(who *browser, path string) int64 {
	f.Helper()
	ctx, n := store.Counting(context.Background())
	r := httptest.NewRequestWithContext(ctx, "GET", f.http.URL+path, http.NoBody)
	r.Header.Set("Cookie", who.cookie)
	r.Header.Set("Accept", "text/html")
	w := httptest.NewRecorder()
	f.server.Handler().ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		f.Fatalf("%s: %d", path, w.Code)
	}
	return n.Load()
}

// linked waits until what the texts of now cite is known.
func (f *front) linked() {
	f.Helper()
	if err := f.store.WaitCitations(f.Context(), f.store.Head()); err != nil {
		f.Fatal(err)
	}
}

// TestAnIdeaThatIsReadAgainIsReadOnce counts the statements of an idea's page: few,
// and one where nothing happened since, whoever cites it and however long its thread.
func TestAnIdeaThatIsReadAgainIsReadOnce(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	anna := f.as("anna")
	idea := f.idea("anna", "aperta", "Letta spesso")
	path := fmt.Sprint("/ideas/", idea.ID)
	for n := range 30 {
		f.comment("bruno", idea.ID, board.NewComment{Body: fmt.Sprint("Commento ", n)})
	}
	other := f.idea("bruno", "aperta", "Una tettoia")
	f.comment("bruno", other.ID, board.NewComment{Body: fmt.Sprintf("Vedi #%d.", idea.ID)})
	ctx, stop := context.WithCancel(f.Context())
	done := make(chan error, 1)
	go func() { done <- f.store.RunCitations(ctx, "") }()
	defer func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}()
	f.linked()
	anna.get(path).has(200, other.Title)
	if again := f.asks(anna, path); again != 1 {
		t.Errorf("read again, the page asks %d times, want once: for the idea", again)
	}
	if _, err := f.store.Vote(f.Context(), f.people["bruno"], idea.ID); err != nil {
		t.Fatal(err)
	}
	if after := f.asks(anna, path); after != 1 {
		t.Errorf("after a vote the page asks %d times, want once: for the idea", after)
	}
	// What is kept is not shown longer than it is so.
	third := f.idea("bruno", "aperta", "Una rastrelliera")
	anna.get(path)
	f.comment("bruno", third.ID, board.NewComment{Body: fmt.Sprintf("Come in #%d.", idea.ID)})
	f.linked()
	anna.get(path).has(200, other.Title, third.Title)
	said := f.comment("bruno", idea.ID, board.NewComment{Body: "Un'ultima cosa"})
	if after := f.asks(anna, path); after > 5 {
		t.Errorf("after a comment the page asks %d times, want at most 5: for the idea and its thread", after)
	}
	if _, err := f.store.React(f.Context(), f.people["bruno"], board.Said{Comment: said}, board.ReactionKinds[0]); err != nil {
		t.Fatal(err)
	}
	if after := f.asks(anna, path); after > 5 {
		t.Errorf("after a reaction to a comment the page asks %d times, want at most 5", after)
	}
	// What is kept is never shown to who may not see it.
	if _, err := f.store.DeleteIdea(f.Context(), f.people["bruno"], other.ID); err != nil {
		t.Fatal(err)
	}
	anna.get(path).has(200).hasNot(other.Title)
}
