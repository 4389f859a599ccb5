package server

import (
	"testing"

	"convivio/store/board"
)

func TestTheDesignPageIsThereInADemoAlone(t *testing.T) {
	f := newFront(t, nil)
	if got := f.as("anna").get("/design"); got.status != 404 {
		t.Errorf("a company's server: got %d, want 404", got.status)
	}
	demo := newFront(t, func(c *Config) { c.Demo = []DemoPerson{{Person: board.Person{ID: 1}}} })
	if got := demo.as("anna").get("/design"); got.status != 200 {
		t.Errorf("a demo: got %d, want 200", got.status)
	}
}
