package store

import (
	"strings"
	"sync"
	"testing"
	"time"

	"convivio/store/board"
)

func (c *company) reactions(who board.Who, on board.Said) board.Reactions {
	c.t.Helper()
	got, err := c.Reactions(c.ctx, who, on)
	if err != nil {
		c.t.Fatal(err)
	}
	return got
}

func TestReactionsAreCountedAndNobodyIsNamed(t *testing.T) {
	c := newCompany(t)
	idea := c.idea(c.anna, c.open, "Una")
	said := c.reply(c.bruno, idea.ID, nil, "Dodici minuti.")
	answer, err := c.Answer(c.ctx, c.mod, idea.ID, board.NewAnswer{Body: "Sì."}, "")
	if err != nil {
		t.Fatal(err)
	}
	on, onAnswer := board.Said{Comment: said.ID}, board.Said{Answer: answer.ID}
	thread := func() int64 {
		i, err := c.Idea(c.ctx, c.anna, idea.ID)
		if err != nil {
			t.Fatal(err)
		}
		return i.ThreadSeq
	}
	before := thread()
	c.recorded(func() { c.do(c.React(c.ctx, c.anna, on, board.Agree)) }, board.ReactionAdded)
	if thread() == before {
		t.Error("the thread does not know that it changed")
	}
	c.recorded(func() { c.do(c.React(c.ctx, c.anna, on, board.Agree)) })
	c.recorded(func() { c.do(c.React(c.ctx, c.mod, on, board.Agree)) }, board.ReactionAdded)
	c.recorded(func() { c.do(c.React(c.ctx, c.anna, on, board.Cheer)) }, board.ReactionAdded)
	c.recorded(func() { c.do(c.React(c.ctx, c.bruno, onAnswer, board.Thanks)) }, board.ReactionAdded)
	if got := c.reactions(c.anna, on); len(got.Counts) != 2 || got.Counts[0] != (board.ReactionCount{Kind: board.Agree, Count: 2}) || len(got.Mine) != 2 {
		t.Errorf("reactions are %+v", got)
	}
	list, err := c.Comments(c.ctx, c.bruno, idea.ID, board.Best, 0, "")
	if err != nil || len(list.Items[0].Reactions) != 2 {
		t.Errorf("the thread has %+v, %v", list.Items, err)
	}
	if got, err := c.Idea(c.ctx, c.anna, idea.ID); err != nil || got.Reacted != 2 {
		t.Errorf("one's own on the idea are %d, %v", got.Reacted, err)
	}
	c.recorded(func() { c.do(c.Unreact(c.ctx, c.bruno, on, board.Agree)) }) // only one's own can be taken back
	c.recorded(func() { c.do(c.Unreact(c.ctx, c.anna, on, board.Agree)) }, board.ReactionWithdrawn)
	if got := c.reactions(c.mod, on); got.Counts[0].Count != 1 || len(got.Mine) != 1 {
		t.Errorf("reactions are %+v", got)
	}
	entries, err := c.Entries(c.ctx, 0, 1000)
	for _, e := range entries {
		if strings.HasPrefix(string(e.Kind), "reaction") && e.Actor.ID != 0 {
			t.Errorf("the log tells who reacted: %+v", e)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	c.clean()
}

func TestReactionsThatBreakARule(t *testing.T) {
	c := newCompany(t)
	idea := c.idea(c.anna, c.open, "Una")
	said, gone := c.reply(c.bruno, idea.ID, nil, "qui"), c.reply(c.bruno, idea.ID, nil, "via")
	c.do(c.DeleteComment(c.ctx, c.bruno, gone.ID))
	locked := c.idea(c.anna, c.open, "Chiusa")
	inLocked := c.reply(c.bruno, locked.ID, nil, "qui")
	c.do(c.LockIdea(c.ctx, c.mod, locked.ID, true))
	secret := c.idea(c.anna, c.private, "Segreta")
	hidden := c.reply(c.mod, secret.ID, nil, "qui")
	head := c.Head()
	for _, tt := range []struct {
		name  string
		who   board.Who
		on    int64
		kind  board.ReactionKind
		code  board.Code
		field string
	}{
		{"no such reaction", c.anna, said.ID, "heart", board.Invalid, "kind"},
		{"an emoji", c.anna, said.ID, "👍", board.Invalid, "kind"},
		{"a long value", c.anna, said.ID, board.ReactionKind(strings.Repeat("agree", 100_000)), board.Invalid, "kind"},
		{"nothing", c.anna, said.ID, "", board.Invalid, "kind"},
		{"a deleted comment", c.anna, gone.ID, board.Agree, board.Conflict, "comment"},
		{"a locked idea", c.anna, inLocked.ID, board.Agree, board.Conflict, "idea"},
		{"out of sight", c.bruno, hidden.ID, board.Agree, board.NotFound, ""},
		{"a guest", c.guest, said.ID, board.Agree, board.NotFound, ""},
		{"never there", c.anna, 4242, board.Agree, board.NotFound, ""},
	} {
		_, err := c.React(c.ctx, tt.who, board.Said{Comment: tt.on}, tt.kind)
		wants(t, err, tt.code, tt.field)
		_, err = c.Unreact(c.ctx, tt.who, board.Said{Comment: tt.on}, tt.kind)
		wants(t, err, tt.code, tt.field)
	}
	_, err := c.Reactions(c.ctx, c.bruno, board.Said{Comment: hidden.ID})
	wants(t, err, board.NotFound, "")
	_, err = c.React(c.ctx, c.anna, board.Said{Answer: 4242}, board.Agree)
	wants(t, err, board.NotFound, "")
	if c.Head() != head {
		t.Error("something was recorded")
	}
}

func TestTwoHundredAtOnceAreOneReaction(t *testing.T) {
	c := newCompany(t)
	idea := c.idea(c.anna, c.open, "Una")
	on := board.Said{Comment: c.reply(c.bruno, idea.ID, nil, "qui").ID}
	c.recorded(func() {
		var wg sync.WaitGroup
		for range 200 {
			wg.Go(func() {
				if _, err := c.React(c.ctx, c.anna, on, board.Thanks); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}, board.ReactionAdded)
	if got := c.reactions(c.anna, on); len(got.Counts) != 1 || got.Counts[0].Count != 1 {
		t.Errorf("reactions are %+v", got.Counts)
	}
	c.clean()
}

func TestReactionsGoWithWhatWasErased(t *testing.T) {
	c := newCompany(t)
	idea, other := c.idea(c.anna, c.open, "Una"), c.idea(c.anna, c.open, "Due")
	gone, back := c.reply(c.bruno, idea.ID, nil, "via"), c.reply(c.bruno, idea.ID, nil, "resta")
	elsewhere := c.reply(c.bruno, other.ID, nil, "qui")
	for _, id := range []int64{gone.ID, back.ID, elsewhere.ID} {
		c.do(c.React(c.ctx, c.anna, board.Said{Comment: id}, board.Agree))
	}
	c.do(c.DeleteComment(c.ctx, c.bruno, gone.ID))
	c.do(c.DeleteIdea(c.ctx, c.anna, other.ID))
	left := func() (n int) {
		t.Helper()
		if err := c.readDB.QueryRowContext(c.ctx, `SELECT COUNT(*) FROM reaction`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if left() != 3 {
		t.Errorf("%d reactions are left before the words are erased", left())
	}
	c.clock.Add(time.Hour.Microseconds())
	if err := c.ForgetRemoved(c.ctx); err != nil {
		t.Fatal(err)
	}
	if left() != 1 {
		t.Errorf("%d reactions are left, want the one that is still shown", left())
	}
	c.clean()
}
