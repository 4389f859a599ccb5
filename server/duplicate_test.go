package server

import (
	"fmt"
	"testing"

	"convivio/store"
)

// TestTheRowOfAPossibleDuplicateLeadsToBoth lets a moderator decide from the list.
func TestTheRowOfAPossibleDuplicateLeadsToBoth(t *testing.T) {
	f := newFront(t, withIndex(t))
	f.boards()
	old := f.idea("anna", "aperta", "Rastrelliera coperta per le biciclette").ID
	f.indexed()
	late := f.idea("bruno", "aperta", "Una rastrelliera coperta per le biciclette").ID
	f.indexed()
	if _, err := f.store.LookForDuplicates(t.Context(), f.server.Index.(store.Likener), 0, f.store.Head()); err != nil {
		t.Fatal(err)
	}
	list := f.waiting("mod")
	if len(list) != 1 || list[0].Idea != late || list[0].Subject != old || list[0].Person.Name == "" {
		t.Fatalf("what waits is %+v", list)
	}
	mod := f.as("mod")
	both := fmt.Sprintf("/ideas/%d/merge?into=%d", late, old)
	mod.get("/review").has(200, both, list[0].Person.Name, "Keep both")
	mod.get(both).has(200, "Rastrelliera coperta", "Una rastrelliera coperta")
	mod.post("/review", fields("key", "k", "one", fmt.Sprintf("%d.%d.keep", list[0].ID, list[0].Version))).leads(fmt.Sprintf("/review?results=%d.1", list[0].ID))
	mod.get("/review").hasNot(both)
}
