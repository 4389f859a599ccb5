package server

import (
	"strings"
	"testing"

	"convivio/templates/words"
)

// TestEachEditShowsWhatItChanged edits an idea and a comment, and reads what
// became of the words.
func TestEachEditShowsWhatItChanged(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	anna, bruno := f.as("anna"), f.as("bruno")
	anna.post("/boards/aperta/new", fields("title", "Bici rossa", "body", "Dodici minuti.")).leads("/ideas/1")
	anna.get("/ideas/1/versions").has(200, words.T("en", "There is only the current wording."))
	anna.post("/ideas/1/edit", fields("title", "Bici verde", "body", "Dodici minuti.")).leads("/ideas/1")
	anna.post("/ideas/1/edit", fields("title", "Bici verde", "body", "Undici <minuti>.", "tags", "bici")).leads("/ideas/1")
	anna.post("/ideas/1/edit", fields("title", "Bici verde", "body", "Undici <minuti>.", "tags", "bici due")).leads("/ideas/1")
	page := bruno.get("/ideas/1/versions").has(200, "Dodici </del>", "Undici &lt;</ins>", "rossa</del>", "verde</ins>",
		words.T("en", "Taken out:"), words.T("en", "Put in:"), words.T("en", "Only the tags were changed."))
	tags, body, title := strings.Index(page.body, words.T("en", "Only the tags were changed.")), strings.Index(page.body, "Dodici </del>"), strings.Index(page.body, "rossa</del>")
	if tags > body || body > title {
		t.Error("the last edit does not come first")
	}
	bruno.post("/ideas/1/comments", fields("body", "prima")).leads("/ideas/1?at=1#c1")
	for i := range versionsShown + 5 {
		bruno.post("/comments/1/edit", fields("body", "parola"+id(int64(i)))).leads("/ideas/1?at=1#c1")
	}
	first := anna.get("/comments/1/versions").has(200, "parola24</ins>", "parola5</ins>", "before=20").hasNot("parola4</ins>")
	if n := strings.Count(first.body, `class="card version"`); n != versionsShown {
		t.Errorf("%d edits on a page", n)
	}
	anna.get("/comments/1/versions?before=20").has(200, "parola4</ins>", "prima</del>").hasNot("parola5</ins>", "data-more")
	anna.get("/comments/1/versions?before=x").has(200, "parola24</ins>")
	anna.get("/comments/1/versions?before=999").has(200, "parola24</ins>")
}
