package store

import (
	"testing"

	"convivio/store/board"
)

// TestWhoDecidesAboutAPostSeesItsFiles, and nobody else does while it waits.
func TestWhoDecidesAboutAPostSeesItsFiles(t *testing.T) {
	c := newCompany(t)
	idea := c.idea(c.anna, c.open, "Biciclette")
	c.rule(board.NewRule{Kind: board.WordRule, Words: "zafferano"})
	pic := c.attach(c.bruno, "giallo.png", pngOf(t, 40, 30, 1))
	_, err := c.Reply(c.ctx, c.bruno, idea.ID, board.NewComment{Body: "Lo zafferano: " + pic.Markdown}, "")
	held := waits(t, err)
	c.seen(pic, c.bruno, c.mod, c.admin)
	c.do(c.decideHeld(c.mod, held.ID, board.Reject))
	c.seen(pic, c.bruno)

	c.do(c.RemoveMember(c.ctx, c.admin, c.private, c.admin.ID))
	c.do(c.AddMember(c.ctx, c.mod, c.private, c.guest.ID))
	doc := c.attach(c.guest, "misure.csv", []byte("1;2\r\n"))
	_, err = c.AddIdea(c.ctx, c.guest, c.private, board.NewIdea{Title: "Zafferano", Body: doc.Markdown}, "")
	held = waits(t, err)
	c.seen(doc, c.guest, c.mod) // who administers does not see this board
	c.do(c.decideHeld(c.mod, held.ID, board.Approve))
	c.seen(doc, c.anna, c.guest, c.mod)
	c.clean()
}

// TestAFileThatWasEditedOutIsNotServed to others than its author and moderators,
// until the edit is taken back; when nothing can be said against it, to nobody.
func TestAFileThatWasEditedOutIsNotServed(t *testing.T) {
	c := newCompany(t)
	out, stays := c.attach(c.anna, "tessera.png", pngOf(t, 40, 30, 2)), c.attach(c.anna, "orari.csv", []byte("1;2\r\n"))
	idea, err := c.AddIdea(c.ctx, c.anna, c.open, board.NewIdea{Title: "Tessere", Body: out.Markdown + " e " + stays.Markdown}, "")
	if err != nil {
		t.Fatal(err)
	}
	all := []board.Who{c.anna, c.bruno, c.mod, c.admin}
	c.seen(out, all...)
	edit := board.Ruling{Action: board.EditWords, Ground: board.PersonalData, Note: "Tolto un nome.", Title: "Tessere", Body: "Restano gli " + stays.Markdown}
	d := c.ruled(c.mod, idea.ID, edit)
	c.seen(out, c.anna, c.mod, c.admin)
	c.seen(stays, all...)
	c.do(c.UndoDecision(c.ctx, c.mod, d.ID))
	c.seen(out, all...)
	c.ruled(c.mod, idea.ID, edit)
	c.overturned(c.anna)
	c.seen(out, all...)

	said := c.reply(c.anna, idea.ID, nil, "Eccola: "+out.Markdown)
	item, err := c.OpenReview(c.ctx, c.mod, 0, said.ID)
	if err != nil {
		t.Fatal(err)
	}
	c.do(c.Decide(c.ctx, c.mod, board.Ruling{Item: item, Action: board.EditWords, Ground: board.PersonalData, Note: "Tolto.", Body: "Senza."}))
	c.seen(out, all...) // the idea names it still
	c.ruled(c.mod, idea.ID, edit)
	c.seen(out, c.anna, c.mod, c.admin)
	c.later(board.AppealTime + board.RegretTime)
	if err := c.ForgetRemoved(c.ctx); err != nil {
		t.Fatal(err)
	}
	c.seen(out)
	c.seen(stays, all...)
	c.forget()
	if n := c.kept(); n != 1 {
		t.Errorf("%d files are kept, want the one that a text names", n)
	}
	c.clean()
}
