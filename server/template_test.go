package server

import (
	"testing"

	"convivio/store/board"
	"convivio/templates"
	"convivio/templates/words"
)

// TestABoardOffersATemplate makes a board without an address and posts on it.
func TestABoardOffersATemplate(t *testing.T) {
	f := newFront(t, nil)
	admin, anna := f.as("admin"), f.as("anna")
	admin.get("/boards/new").has(200, templates.SuggestedTemplate("en"), templates.SuggestedTemplate("it"))
	offered := "**Il problema:** …\n\n**A chi serve:** …"
	for _, slug := range []string{"eta-dell-oro-perche-no", "eta-dell-oro-perche-no-2"} {
		admin.post("/boards/new", fields("name", "Età dell'oro: perché no?", "template", offered)).leads("/boards/" + slug)
	}
	admin.post("/boards/new", fields("name", "日本語", "key", "k9")).leads("/boards/board")
	admin.post("/boards/new", fields("name", "日本語", "key", "k9")).leads("/boards/board") // sent twice, made once
	admin.post("/boards/new", fields("name", "Nome-tenuto", "slug", "New", "template", offered)).has(422, "Nome-tenuto", "A chi serve")
	admin.post("/boards/new", fields("name", "Nome\xff", "template", "modello-tenuto")).has(422, "modello-tenuto", `class="fault"`)
	const path = "/boards/eta-dell-oro-perche-no"
	anna.get(path+"/new").has(200, "**A chi serve:**")
	still := words.T("en", "This is still the board's template. Write your own words into it, or empty it.")
	head := f.store.Head()
	anna.post(path+"/new", fields("title", "Titolo-tenuto", "body", "**Il problema:** …\r\n\r\n **A chi serve:**  …\r\n")).has(422, "Titolo-tenuto", "&#39;s template", `aria-invalid`)
	if f.store.Head() != head {
		t.Error("a template was posted as an idea")
	}
	anna.post(path+"/new", fields("title", "Una", "body", "**Il problema:** freddo\n\n**A chi serve:** …")).leads("/ideas/1")
	anna.post(path+"/new", fields("title", "Due", "body", "")).leads("/ideas/2")
	p := f.program("anna").send("POST", "/api/v1"+path+"/ideas", `{"title":"Tre","body":"**Il problema:** …\n\n**A chi serve:** …"}`).has(422).problem()
	if p.Field != "body" || p.Detail != still || p.Code != board.Invalid {
		t.Errorf("got %+v", p)
	}
	admin.get(path+"/edit").has(200, "**A chi serve:**")
	admin.post(path+"/edit", fields("name", "Età", "template", "")).leads(path)
	anna.get(path + "/new").hasNot("A chi serve")
	f.program("admin").send("PATCH", "/api/v1"+path, `{"template":"### Perché"}`).has(200, `"template":"### Perché"`)
	f.program("admin").send("POST", "/api/v1/boards", `{"name":"Senza indirizzo"}`).has(201, `"slug":"senza-indirizzo"`)
}
