package server

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"convivio/store/board"
	"convivio/templates/words"
)

// TestAModeratorSaysWhyBeforeDeleting what somebody else wrote, on the page and
// through the API, can take it back from where it stood, and the author is told.
func TestAModeratorSaysWhyBeforeDeleting(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	anna, bruno, mod := f.as("anna"), f.as("bruno"), f.as("mod")
	anna.post("/boards/aperta/new", fields("title", "Mensa")).leads("/ideas/1")
	bruno.post("/ideas/1/comments", fields("body", "detto-male")).has(http.StatusSeeOther)
	mod.get("/comments/1").has(200, `name="ground"`)
	bruno.get("/comments/1").has(200, `action="/comments/1/delete"`).hasNot(`name="ground"`)
	for _, path := range []string{"/comments/1/delete", "/ideas/1/delete"} {
		mod.post(path, fields()).has(422, "somebody else")
		anna.post("/comments/1/delete", fields("ground", "off_topic")).has(http.StatusForbidden)
	}
	mod.post("/comments/1/delete", fields("ground", "disrespect", "note", "Così no.")).leads("/ideas/1?at=1&decided=1#c1")
	mod.get("/ideas/1?at=1&decided=1").has(200, `action="/review/decisions/1/undo"`).hasNot("detto-male")
	anna.get("/ideas/1?at=1&decided=1").has(200).hasNot(`/review/decisions/1/undo`)
	bruno.get("/notices").has(200, words.T("en", "A moderator deleted something you wrote"))
	bruno.get("/decisions/1").has(200, "detto-male", "Così no.", words.Ground("en", board.Disrespect), "/decisions/1/appeal")
	mod.post("/review/decisions/1/undo", fields("there", "1")).leads("/ideas/1?at=1#c1")
	mod.get("/ideas/1").has(200, "detto-male")

	api := f.program("mod")
	n := len(f.auditLog())
	api.send("DELETE", "/api/v1/ideas/1", "").has(422, "ground")
	api.send("DELETE", "/api/v1/comments/1", "").has(422, "ground")
	api.send("DELETE", "/api/v1/comments/1?ground=because", "").has(422)
	f.program("anna").send("DELETE", "/api/v1/ideas/1?ground=off_topic", "").has(http.StatusForbidden)
	api.send("DELETE", "/api/v1/comments/1?ground=advertising&note=Ancora", "").has(200, `"seq":`)
	api.send("DELETE", "/api/v1/ideas/1?ground=off_topic", "").has(200)
	api.send("DELETE", "/api/v1/ideas/1?ground=off_topic", "").has(404)
	if got := fmt.Sprint(f.since(n)); strings.Count(got, string(board.DecisionMadeAct)+" done") != 2 {
		t.Errorf("the audit log says %s", got)
	}
	anna.get("/decisions").has(200, words.T("en", "A moderator deleted something you wrote"))
	f.consistent()
}

// consistent fails the test where the rows do not agree with each other.
func (f *front) consistent() {
	f.Helper()
	if faults, err := f.store.Check(f.Context()); err != nil || len(faults) > 0 {
		f.Error(faults, err)
	}
}
