package server

import (
	"regexp"
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

// TestAnEditThatCameTooLateLosesNothing saves from two windows that both began
// with the same words.
func TestAnEditThatCameTooLateLosesNothing(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	anna := f.as("anna")
	anna.post("/boards/aperta/new", fields("title", "Bici", "body", "Dodici minuti.", "tags", "uno")).leads("/ideas/1")
	anna.post("/ideas/1/comments", fields("body", "Prima versione.")).leads("/ideas/1?at=1#c1")
	for _, tt := range []struct{ edit, page, leads string }{
		{"/ideas/1/edit", "/ideas/1/edit", "/ideas/1"},
		{"/comments/1/edit", "/comments/1", "/ideas/1?at=1#c1"},
	} {
		was := wasIn(t, anna.get(tt.page).has(200).body)
		typed := func(body, was string) answered {
			form := fields("body", "Uno.\r\n\r\n"+body+"\r\n", "was", was) // as browsers send lines
			if tt.leads == "/ideas/1" {
				form.Set("title", "Bici")
			}
			return anna.post(tt.edit, form)
		}
		typed("Parole della prima finestra.", was).leads(tt.leads)
		typed("Parole della prima finestra.", was).leads(tt.leads) // sent twice: there is nothing to lose
		head := f.store.Head()
		late := typed("Parole della seconda finestra.", was).has(409, `class="fault`, "prima</del>", "seconda</ins>", "Parole della prima finestra.", "Parole della seconda finestra.\r\n</textarea>").hasNot("</span>\r\n")
		if f.store.Head() != head {
			t.Error("the later edit was saved over the other")
		}
		if typed("Parole della seconda finestra.", wasIn(t, late.body)).leads(tt.leads); f.store.Head() == head {
			t.Error("saving again saved nothing")
		}
		anna.get(strings.Replace(tt.edit, "edit", "versions", 1)).has(200, "prima</del>", "seconda</ins>")
	}
	anna.post("/comments/1/edit", fields("body", "Senza segno.")).leads("/ideas/1?at=1#c1") // a form of before
}

var wasField = regexp.MustCompile(`name="was" value="([0-9a-f]+)"`)

func wasIn(t *testing.T, page string) string {
	t.Helper()
	m := wasField.FindStringSubmatch(page)
	if m == nil {
		t.Fatal("the form does not say which words it changes")
	}
	return m[1]
}
