package store

import (
	"fmt"
	"strings"
	"testing"

	"convivio/store/board"
)

// experts writes out who is named to somebody on some ideas, and why.
func (c *company) experts(who board.Who, ideas ...int64) string {
	c.t.Helper()
	list, err := c.Experts(c.ctx, who, ideas)
	if err != nil {
		c.t.Fatal(err)
	}
	var out []string
	for _, e := range list {
		line := e.Name
		for _, r := range e.Credits {
			line += fmt.Sprintf(" %d %s", r.Idea, r.For)
			if r.Comment != nil {
				line += fmt.Sprintf("/%d", *r.Comment)
			}
		}
		out = append(out, line)
	}
	return strings.Join(out, ", ")
}

func TestWhoOfferedIsNamedForWhatOthersFoundGood(t *testing.T) {
	c := newCompany(t)
	defer c.followCitations()()
	crowd := c.crowd(4)
	idea := c.idea(c.anna, c.open, "Torni")
	named := func(who board.Who, want string) {
		t.Helper()
		c.do(nil, c.WaitCitations(c.ctx, c.Head()))
		if got := c.experts(who, idea.ID); got != want {
			t.Errorf("named is %q, want %q", got, want)
		}
	}
	for _, p := range crowd[:3] {
		c.do(c.Vote(c.ctx, p, idea.ID))
	}
	c.do(c.Vote(c.ctx, c.anna, idea.ID)) // her own says nothing
	said := c.reply(c.bruno, idea.ID, nil, "Provato: regge.")
	named(c.mod, "") // nobody offered
	c.recorded(func() { c.do(c.OfferToBeAsked(c.ctx, c.anna, true)) }, board.PersonChanged)
	c.recorded(func() { c.do(c.OfferToBeAsked(c.ctx, c.anna, true)) })
	c.do(c.OfferToBeAsked(c.ctx, c.bruno, true))
	anna := fmt.Sprintf("%s %d voted", c.anna.Name, idea.ID)
	named(c.mod, anna)
	named(c.anna, "")
	c.do(c.Unvote(c.ctx, crowd[0], idea.ID))
	named(c.mod, "")
	c.do(c.Answer(c.ctx, c.mod, idea.ID, board.NewAnswer{Body: "Sì.", Cites: []int64{said.ID}}, ""))
	bruno := fmt.Sprintf("%s %d cited/%d", c.bruno.Name, idea.ID, said.ID)
	named(c.mod, bruno)
	c.do(c.MoveIdea(c.ctx, c.mod, idea.ID, c.promise("Bilancio.")))
	named(c.mod, fmt.Sprintf("%s %d accepted, %s", c.anna.Name, idea.ID, bruno))
	c.do(c.DeleteComment(c.ctx, c.bruno, said.ID))
	c.do(c.OfferToBeAsked(c.ctx, c.anna, false))
	named(c.mod, "")
}

// What stands on a private board speaks for nobody outside it.
func TestPrivateBoardsNameNobody(t *testing.T) {
	c := newCompany(t)
	defer c.followCitations()()
	c.do(c.OfferToBeAsked(c.ctx, c.anna, true))
	open := c.idea(c.anna, c.open, "Aperta")
	hidden, err := c.AddIdea(c.ctx, c.mod, c.private, board.NewIdea{Title: "Riservata", Body: fmt.Sprintf("Come #%d", open.ID)}, "")
	if err != nil {
		t.Fatal(err)
	}
	own, err := c.AddIdea(c.ctx, c.anna, c.private, board.NewIdea{Title: "Sua"}, "")
	if err != nil {
		t.Fatal(err)
	}
	c.do(c.MoveIdea(c.ctx, c.mod, own.ID, c.promise("Sì.")))
	c.do(nil, c.WaitCitations(c.ctx, c.Head()))
	if got := c.experts(c.mod, open.ID, own.ID); got != fmt.Sprintf("%s %d cited %d accepted", c.anna.Name, open.ID, own.ID) {
		t.Errorf("a member is told %q", got)
	}
	if got := c.experts(c.bruno, open.ID, own.ID, hidden.ID); got != "" {
		t.Errorf("who is no member is told %q", got)
	}
}
