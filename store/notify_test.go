package store

import (
	"fmt"
	"strings"
	"testing"

	"convivio/store/board"
)

// crowd adds people who can sign in.
func (c *company) crowd(n int) []board.Who {
	c.t.Helper()
	out := make([]board.Who, n)
	for i := range out {
		out[i] = c.person(fmt.Sprintf("Folla %03d", i), board.Employee)
	}
	return out
}

// names are n handles that nobody has.
func names(n, from int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "@nessuno%d ", from+i)
	}
	return b.String()
}

func TestManyNamesAtOnceStopNobodysNotices(t *testing.T) {
	c := newCompany(t)
	idea := c.idea(c.anna, c.open, "Una")
	for i := range 450 {
		c.reply(c.bruno, idea.ID, nil, names(board.MaxMentions-1, 20*i)+"@mara.conti")
	}
	last := c.reply(c.bruno, idea.ID, nil, "@ada.riva?")
	c.tell()
	c.hears(c.admin, fmt.Sprintf("mentioned 1/%d", last.ID))
	if n, err := c.Unseen(c.ctx, c.mod.ID); err != nil || n != 450 {
		t.Errorf("%d notices, %v; want 450", n, err)
	}
}

func TestManyEditsAtOnceTellEverybodyOnce(t *testing.T) {
	c := newCompany(t)
	idea := c.idea(c.anna, c.open, "Una")
	var last board.Comment
	for i := range 2*mostEdits + 3 {
		last = c.reply(c.bruno, idea.ID, nil, fmt.Sprint(i))
	}
	for i := range last.ID {
		c.do(c.EditComment(c.ctx, c.bruno, i+1, board.CommentChange{Body: "@mara.conti"}))
	}
	c.tell()
	c.told(c.anna)
	if n, err := c.Unseen(c.ctx, c.mod.ID); err != nil || n != int(last.ID) {
		t.Errorf("%d notices, %v; want %d", n, err, last.ID)
	}
}

// TestNoticesOfOneBatchAreSeveralNotes holds what one stretch of the log makes to
// bounds, and finds that nobody was left out.
func TestNoticesOfOneBatchAreSeveralNotes(t *testing.T) {
	c := newCompany(t)
	people := c.crowd(40)
	const ideas = 200
	for i := range ideas {
		idea := c.idea(c.anna, c.open, fmt.Sprint("Idea ", i))
		for _, who := range people {
			c.do(c.Vote(c.ctx, who, idea.ID))
		}
	}
	before := c.Head()
	for i := range ideas {
		c.do(c.MoveIdea(c.ctx, c.mod, int64(i+1), c.promise("")))
	}
	seq, err := c.within(c.ctx, before, c.Head())
	if n := (seq - before) * int64(len(people)+1); err != nil || seq <= before || n > notifyRows {
		t.Errorf("%d events make %d rows at once, %v", seq-before, n, err)
	}
	if seq, err = c.within(c.ctx, before, before+1); err != nil || seq != before+1 {
		t.Errorf("one event alone goes to %d, %v", seq, err)
	}
	c.tell()
	if err := c.WaitNotices(c.ctx, c.Head()); err != nil {
		t.Fatal(err)
	}
	for _, who := range people {
		if n, err := c.Unseen(c.ctx, who.ID); err != nil || n != ideas {
			t.Fatalf("%s was told of %d, %v; want %d", who.Name, n, err, ideas)
		}
	}
}

// TestWhatIsBeingReadIsNotTold opens the page while the follower is behind.
func TestWhatIsBeingReadIsNotTold(t *testing.T) {
	c := newCompany(t)
	idea := c.idea(c.anna, c.open, "Una")
	said := c.reply(c.bruno, idea.ID, nil, "prima")
	now, err := c.Idea(c.ctx, c.anna, idea.ID)
	if err != nil {
		t.Fatal(err)
	}
	c.Visit(c.anna.ID, now, c.Head())
	c.tell()
	c.hears(c.anna, fmt.Sprintf("commented 1/%d seen", said.ID))
	next := c.reply(c.bruno, idea.ID, nil, "seconda")
	c.hears(c.anna, fmt.Sprintf("commented 1/%d seen", said.ID), fmt.Sprintf("commented 1/%d", next.ID))
}
