package search_test

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"convivio/store/board"
)

const canary = "zafferanocanarino"

// standing tells where a word still stands: terms of dictionaries, and files of the index.
func (h *house) standing(word string) (found []string) {
	h.t.Helper()
	terms, err := h.x.Terms()
	if err != nil {
		h.t.Fatal(err)
	}
	for _, term := range terms {
		if strings.Contains(term, word[:6]) {
			found = append(found, term)
		}
	}
	err = filepath.WalkDir(h.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if bytes.Contains(bytes.ToLower(b), []byte(word[:10])) {
			found = append(found, filepath.Base(path))
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return found
}

func (h *house) forget() {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := h.x.Forget(ctx); err != nil {
		h.t.Fatalf("Forget: %v", err)
	}
}

// Words that were deleted or changed stand in no byte of the index's files and
// in no dictionary once the maintenance job ran (S-083).
func TestForget(t *testing.T) {
	for name, c := range map[string]struct {
		others int
		lose   func(h *house, idea, comment int64)
	}{
		"a comment":            {300, func(h *house, _, comment int64) { h.deleteComment(comment) }},
		"an idea":              {300, func(h *house, idea, _ int64) { h.deleteIdea(idea) }},
		"nothing else is left": {0, func(h *house, idea, _ int64) { h.deleteIdea(idea) }},
		"one segment":          {3, func(h *house, idea, _ int64) { h.deleteIdea(idea) }},
		"other words": {20, func(h *house, idea, comment int64) {
			h.change(board.Ref{Part: board.InText, ID: idea}, board.IdeaEdited, func(d *board.Document) { d.Title, d.Tags, d.HTML = "Mensa", "", "<p>altro</p>" })
			h.change(board.Ref{Part: board.InComment, ID: comment}, board.CommentEdited, func(d *board.Document) { d.HTML = "<p>altro</p>" })
		}},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t)
			b := h.addBoard("b", false)
			for range c.others {
				h.addComment(h.addIdea(b, "Mensa", "testo", "cibo"), "Una mensa vicina")
			}
			title := "Il " + canary
			if name == "a comment" {
				title = "Mensa"
			}
			idea := h.addIdea(b, title, "Uno e altro", "")
			comment := h.addComment(idea, "Ancora "+canary)
			h.settle()
			if found := h.search(employee, words(canary)); found.Total != 1 {
				t.Fatalf("the word is found %d times", found.Total)
			}
			if len(h.standing(canary)) == 0 {
				t.Fatal("the word does not even stand in the dictionaries")
			}
			c.lose(h, idea, comment)
			h.settle()
			h.forget()
			if at := h.standing(canary); len(at) > 0 {
				t.Errorf("the word still stands in %v", at)
			}
			if found := h.search(employee, words(canary)); found.Total != 0 {
				t.Errorf("the word is found %d times", found.Total)
			}
			if found := h.search(employee, words("mensa")); found.Total < c.others {
				t.Errorf("%d of %d ideas are left", found.Total, c.others)
			}
			h.forget() // nothing to do
			h.stop()
			h.start()
			h.settle()
		})
	}
}
