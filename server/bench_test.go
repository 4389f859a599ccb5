package server

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"convivio/store/board"
)

// BenchmarkIdeaPage serves the page of an idea with 100 comments: as it is, with
// marks of what is new, and after something happened to the idea each time.
func BenchmarkIdeaPage(b *testing.B) {
	for _, tt := range []struct {
		name   string
		unread int
		before func(f *front, idea int64, n int) error
	}{
		{"warm", 0, nil},
		{"20 unread", 20, nil},
		{"after a vote", 0, func(f *front, idea int64, n int) error {
			vote := f.store.Vote
			if n%2 == 1 {
				vote = f.store.Unvote
			}
			_, err := vote(f.Context(), f.people["bruno"], idea)
			return err
		}},
		{"after an edit", 0, func(f *front, idea int64, n int) error {
			_, err := f.store.EditComment(f.Context(), f.people["bruno"], 7, board.CommentChange{Body: fmt.Sprint("n", n)})
			return err
		}},
	} {
		b.Run(tt.name, func(b *testing.B) {
			f := newFront(b, func(c *Config) { c.Log = slog.New(slog.DiscardHandler) })
			f.boards()
			text := strings.Repeat("Una frase di **otto** parole, detta con calma. ", 8)
			i, err := f.store.AddIdea(f.Context(), f.people["bruno"], "aperta", board.NewIdea{Title: "Lunga", Body: text}, "")
			if err != nil {
				b.Fatal(err)
			}
			anna := f.as("anna")
			path := fmt.Sprint("/ideas/", i.ID)
			for n := range 100 {
				in := board.NewComment{Body: text}
				if n%3 > 0 {
					parent := int64(n)
					in.ParentID = &parent
				}
				f.comment("bruno", i.ID, in)
				if n == 99-tt.unread {
					anna.get(path)
				}
			}
			anna.get(path)
			ask := httptest.NewRequestWithContext(b.Context(), "GET", path, nil)
			ask.Host = f.http.Listener.Addr().String()
			ask.Header = http.Header{"Cookie": {anna.cookie}}
			size := 0
			for n := 0; b.Loop(); n++ {
				if tt.before != nil {
					b.StopTimer()
					if err := tt.before(f, i.ID, n); err != nil {
						b.Fatal(err)
					}
					b.StartTimer()
				}
				w := httptest.NewRecorder()
				f.server.Handler().ServeHTTP(w, ask)
				if size = w.Body.Len(); w.Code != 200 || size < 10_000 {
					b.Fatal(w.Code, w.Body.String())
				}
			}
			b.ReportMetric(float64(size), "bytes")
		})
	}
}
