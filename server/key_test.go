package server

import (
	"fmt"
	"net/http"
	"testing"
)

// TestAFormIsSentByWhoeverOpenedItsPage keeps a tab that was left open from
// speaking for who signed in after its reader.
func TestAFormIsSentByWhoeverOpenedItsPage(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	anna, bruno := f.as("anna"), f.as("bruno")
	annas := fmt.Sprint("p", f.people["anna"].ID, "-AAAAAAAAAAAAAAAAAAAA.idea")
	form := fields("key", annas, "title", "Una panca", "body", "Davanti al portone.", "tags", "")
	bruno.post("/boards/aperta/new", form).has(http.StatusForbidden, "Davanti al portone.", "Somebody else had opened this page", fmt.Sprint(`name="key" value="p`, f.people["bruno"].ID, "-"))
	bruno.sendForm("/boards/aperta/new", part{"key", "", annas}, part{"title", "", "Una"}, part{"body", "", "Con un file."}, part{"tags", "", ""}, part{"file", "due.txt", "due"}).
		has(http.StatusForbidden, "Con un file.").hasNot("/files/")
	anna.post("/boards/aperta/new", form).leads("/ideas/1")
	bruno.post("/ideas/1/vote", fields("key", annas)).has(http.StatusForbidden, "Somebody else had opened this page")
	anna.get("/ideas/1").has(http.StatusOK, `name="key" value="p`+fmt.Sprint(f.people["anna"].ID)+"-")
}
