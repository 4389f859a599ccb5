package store

import (
	"strings"
	"testing"

	"convivio/store/board"
)

func TestDraftsAreTheirAuthorsAlone(t *testing.T) {
	c := newCompany(t)
	before := c.Head()
	words := board.DraftIdea{Board: c.open, Title: "CNRY tettoia", Body: "CNRY mezza", Tags: []string{"cnry"}}
	d, err := c.KeepIdeaDraft(c.ctx, c.anna, 0, words, "k1")
	if err != nil {
		t.Fatal(err)
	}
	if again, err := c.KeepIdeaDraft(c.ctx, c.anna, 0, words, "k1"); err != nil || again.ID != d.ID {
		t.Errorf("pressed twice it is draft %d, %v", again.ID, err)
	}
	if c.Head() != before {
		t.Error("a draft stands in the log")
	}
	for _, who := range []board.Who{c.bruno, c.mod, c.admin, c.guest} {
		_, err := c.IdeaDraft(c.ctx, who, d.ID)
		wants(t, err, board.NotFound, "")
		_, err = c.KeepIdeaDraft(c.ctx, who, d.ID, words, "")
		wants(t, err, board.NotFound, "")
		_, err = c.AddIdea(c.ctx, who, c.private, board.NewIdea{Title: "x", Draft: d.ID}, "")
		if who.ID == c.mod.ID {
			wants(t, err, board.Conflict, "")
		}
		c.do(0, c.DeleteIdeaDraft(c.ctx, who, d.ID))
		if list, err := c.IdeaDrafts(c.ctx, who); err != nil || len(list) != 0 {
			t.Errorf("%s reads %+v, %v", who.Name, list, err)
		}
	}
	if list, err := c.Ideas(c.ctx, c.anna, Listing{Board: c.open}); err != nil || len(list.Items) != 0 {
		t.Errorf("a draft stands in a list: %+v, %v", list, err)
	}
	changed, err := c.KeepIdeaDraft(c.ctx, c.anna, d.ID, board.DraftIdea{Title: "CNRY tettoia lunga", Was: d.Wording()}, "")
	if err != nil || changed.Title != "CNRY tettoia lunga" || changed.Board != c.open {
		t.Errorf("changed it reads %+v, %v", changed, err)
	}
	_, err = c.KeepIdeaDraft(c.ctx, c.anna, d.ID, board.DraftIdea{Title: "altro", Was: d.Wording()}, "")
	wants(t, err, board.Conflict, "was")
	_, err = c.KeepIdeaDraft(c.ctx, c.anna, 0, board.DraftIdea{Board: c.open}, "")
	wants(t, err, board.Invalid, "title")
	c.clean()
}

func TestADraftGoesAsItsIdeaComes(t *testing.T) {
	c := newCompany(t)
	d, err := c.KeepIdeaDraft(c.ctx, c.anna, 0, board.DraftIdea{Board: c.open, Title: "Tettoia"}, "k")
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.AddIdea(c.ctx, c.anna, c.open, board.NewIdea{Title: "", Draft: d.ID}, "")
	wants(t, err, board.Invalid, "title") // refused, it stays
	in := board.NewIdea{Title: "Tettoia", Draft: d.ID}
	c.recorded(func() { c.do(c.AddIdea(c.ctx, c.anna, c.open, in, "once")) }, board.IdeaAdded)
	c.recorded(func() { c.do(c.AddIdea(c.ctx, c.anna, c.open, in, "once")) })
	_, err = c.AddIdea(c.ctx, c.anna, c.open, in, "another-window")
	wants(t, err, board.Conflict, "")
	if list, err := c.IdeaDrafts(c.ctx, c.anna); err != nil || len(list) != 0 {
		t.Errorf("the draft is still there: %+v, %v", list, err)
	}
	for range board.MaxDrafts {
		c.do(c.KeepIdeaDraft(c.ctx, c.anna, 0, board.DraftIdea{Board: c.open, Title: "x"}, ""))
	}
	_, err = c.KeepIdeaDraft(c.ctx, c.anna, 0, board.DraftIdea{Board: c.open, Title: "x"}, "")
	wants(t, err, board.Conflict, "")
	c.clean()
}

// TestADraftKeepsItsFiles looks at files long after they were attached.
func TestADraftKeepsItsFiles(t *testing.T) {
	c := newCompany(t)
	f, err := c.AddFile(c.ctx, c.anna, "misure.txt", strings.NewReader("12 minuti"), "")
	if err != nil {
		t.Fatal(err)
	}
	d, err := c.KeepIdeaDraft(c.ctx, c.anna, 0, board.DraftIdea{Board: c.open, Body: f.Reference()}, "k")
	if err != nil {
		t.Fatal(err)
	}
	c.days(30)
	if err := c.Forget(c.ctx); err != nil {
		t.Fatal(err)
	}
	idea, err := c.AddIdea(c.ctx, c.anna, c.open, board.NewIdea{Title: "Misure", Body: d.Body, Draft: d.ID}, "")
	if err != nil || !strings.Contains(idea.HTML, "misure.txt") {
		t.Errorf("posted it reads %s, %v", idea.HTML, err)
	}
	gone, err := c.AddFile(c.ctx, c.anna, "altro.txt", strings.NewReader("13 minuti"), "")
	if err != nil {
		t.Fatal(err)
	}
	if d, err = c.KeepIdeaDraft(c.ctx, c.anna, 0, board.DraftIdea{Board: c.open, Body: gone.Reference()}, "k2"); err != nil {
		t.Fatal(err)
	}
	c.do(0, c.DeleteIdeaDraft(c.ctx, c.anna, d.ID))
	c.days(30)
	if err := c.Forget(c.ctx); err != nil {
		t.Fatal(err)
	}
	_, err = c.KeepIdeaDraft(c.ctx, c.anna, 0, board.DraftIdea{Board: c.open, Body: gone.Reference()}, "k3")
	wants(t, err, board.Invalid, "body")
	c.clean()
}
