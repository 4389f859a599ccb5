package store

import (
	"testing"

	"convivio/store/board"
)

// TestVotesOfADuplicateCountWhenVotingOpensAgain, each person once, and go with it
// when it is separated.
func TestVotesOfADuplicateCountWhenVotingOpensAgain(t *testing.T) {
	c := newCompany(t)
	dup, sur := c.idea(c.anna, c.open, "Una"), c.idea(c.bruno, c.open, "Altra")
	for _, who := range []board.Who{c.anna, c.bruno, c.mod} {
		c.do(c.Vote(c.ctx, who, dup.ID))
	}
	for _, who := range []board.Who{c.anna, c.admin} {
		c.do(c.Vote(c.ctx, who, sur.ID))
	}
	votes := func(want int) {
		t.Helper()
		if i, err := c.Idea(c.ctx, c.anna, sur.ID); err != nil || i.Votes != want {
			t.Errorf("there are %d votes, want %d, %v", i.Votes, want, err)
		}
		c.clean()
	}
	c.do(c.MoveIdea(c.ctx, c.mod, sur.ID, board.Move{Stage: board.Declined, Reason: "No."}))
	c.do(c.MergeIdea(c.ctx, c.mod, dup.ID, into(sur.ID)))
	votes(2)
	c.do(c.MoveIdea(c.ctx, c.mod, sur.ID, board.Move{Stage: board.InReview, Reason: "Ci ripensiamo."}))
	votes(4)
	c.do(c.Unvote(c.ctx, c.mod, sur.ID))
	c.do(c.MoveIdea(c.ctx, c.mod, sur.ID, board.Move{Stage: board.Declined, Reason: "No."}))
	c.do(c.MoveIdea(c.ctx, c.mod, sur.ID, board.Move{Stage: board.InReview, Reason: "Sì."}))
	votes(3) // a vote taken back does not come again
	c.do(c.UnmergeIdea(c.ctx, c.mod, dup.ID, ""))
	votes(2)
	if i, err := c.Idea(c.ctx, c.anna, dup.ID); err != nil || i.Votes != 3 {
		t.Errorf("apart again it has %d votes, %v", i.Votes, err)
	}
}

// TestUnmergeIsTheIdentityWhateverStagesTheTwoStandIn: planned with its promise and
// parked with its day, on either side.
func TestUnmergeIsTheIdentityWhateverStagesTheTwoStandIn(t *testing.T) {
	moves := map[string]func(c *company) board.Move{
		"new":      nil,
		"planned":  func(c *company) board.Move { return c.promise("Si fa.") },
		"parked":   func(c *company) board.Move { return c.full(board.Parked) },
		"declined": func(c *company) board.Move { return c.full(board.Declined) },
	}
	for from, one := range moves {
		for to, other := range moves {
			t.Run(from+" into "+to, func(t *testing.T) {
				t.Parallel()
				c := newCompany(t)
				dup, sur := c.idea(c.anna, c.open, "Una"), c.idea(c.bruno, c.open, "Altra")
				c.reply(c.bruno, dup.ID, nil, "Detto")
				for _, id := range []int64{dup.ID, sur.ID} {
					c.do(c.Vote(c.ctx, c.admin, id))
				}
				c.do(c.Vote(c.ctx, c.anna, dup.ID))
				for id, move := range map[int64]func(*company) board.Move{dup.ID: one, sur.ID: other} {
					if move != nil {
						c.do(c.MoveIdea(c.ctx, c.mod, id, move(c)))
					}
				}
				before := c.dump(t)
				c.do(c.MergeIdea(c.ctx, c.mod, dup.ID, into(sur.ID)))
				c.clean()
				c.do(c.UnmergeIdea(c.ctx, c.mod, dup.ID, ""))
				c.clean()
				same(t, before, c.dump(t))
			})
		}
	}
}

// TestWhoReportedWhatItsAuthorDeletedWasNotWrong and reports it again when it is back.
func TestWhoReportedWhatItsAuthorDeletedWasNotWrong(t *testing.T) {
	c := newCompany(t)
	com, it := c.reported("Detto")
	c.do(c.DeleteComment(c.ctx, c.bruno, com.ID))
	it, err := c.ReviewItem(c.ctx, c.mod, it.ID)
	if err != nil {
		t.Fatal(err)
	}
	c.do(c.Decide(c.ctx, c.mod, board.Ruling{Item: it.ID, Version: it.Version, Action: board.Keep}))
	if r, err := c.OwnReports(c.ctx, c.anna, 1); err != nil || r[0].Outcome != board.TakenAway {
		t.Errorf("who reported it reads %+v, %v", r, err)
	}
	c.do(c.RestoreComment(c.ctx, c.bruno, com.ID))
	c.do(c.Report(c.ctx, c.anna, 0, com.ID, board.NewReport{Ground: board.OffTopic}))
	p, err := c.Reviews(c.ctx, c.mod, ReviewListing{})
	if err != nil || len(p.Items) != 1 || p.Items[0].Trust.Of != 0 {
		t.Errorf("what waits is %+v, %v", p.Items, err)
	}
	c.clean()
}
