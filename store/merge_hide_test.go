package store

import (
	"math/rand/v2"
	"testing"

	"convivio/store/board"
)

// family is an idea with everything that can hang on one, into which two others were
// merged, the one with an idea of its own.
func (c *company) family() (survivor, first, inner board.Idea) {
	c.t.Helper()
	carla := c.person("Carla Neri", board.Employee)
	survivor, _ = c.eventful()
	first, inner = c.idea(carla, c.open, "CNRY ramo"), c.idea(c.bruno, c.open, "CNRY ramo del ramo")
	body := "CNRY detto meglio"
	c.do(c.EditIdea(c.ctx, carla, first.ID, board.IdeaChange{Body: &body}))
	said := c.reply(c.bruno, inner.ID, nil, "CNRY nel ramo")
	c.do(c.Answer(c.ctx, c.mod, first.ID, board.NewAnswer{Body: "CNRY si vedrà"}, ""))
	c.do(c.Vote(c.ctx, c.anna, inner.ID))
	c.do(c.MergeIdea(c.ctx, c.mod, inner.ID, into(first.ID)))
	c.do(c.MergeIdea(c.ctx, c.mod, first.ID, into(survivor.ID)))
	c.do(c.React(c.ctx, c.anna, board.Said{Comment: said.ID}, board.ReactionKinds[0]))
	return survivor, first, inner
}

// TestWhatOthersWereMergedIntoIsHiddenAtOnce with its branches, whose addresses lead
// nowhere then, and taken back everything is as it was: separating is, too.
func TestWhatOthersWereMergedIntoIsHiddenAtOnce(t *testing.T) {
	c := newCompany(t)
	survivor, first, inner := c.family()
	before := c.rows()
	_, _, err := c.TakeDown(c.ctx, c.mod, survivor.ID, 0, board.Removal{Ground: board.Disrespect})
	wants(t, err, board.Conflict, "action") // erased it would take others' words along
	_, err = c.DeleteIdea(c.ctx, c.anna, survivor.ID)
	wants(t, err, board.Conflict, "idea")
	c.same(before)

	c.do(c.Report(c.ctx, c.bruno, survivor.ID, 0, board.NewReport{Ground: board.Disrespect}))
	d := c.ruled(c.mod, survivor.ID, board.Ruling{Action: board.Hide, Ground: board.Disrespect})
	c.clean()
	for _, id := range []int64{survivor.ID, first.ID, inner.ID} {
		_, err := c.Idea(c.ctx, c.bruno, id)
		wants(t, err, board.NotFound, "")
	}
	if list, err := c.Notices(c.ctx, c.bruno, 2, ""); err != nil || list.Unseen == 0 || len(list.Items) != 2 || list.Items[0].Reason != board.Heard ||
		list.Items[1].Reason != board.OutOfSight || !list.Items[1].Along {
		t.Errorf("whose idea had been merged into it was told %+v, %v", list, err)
	}
	for _, part := range []board.Where{board.InText, board.InComment, board.InAnswer} {
		if list, err := c.DocumentsAfter(c.ctx, part, board.Scope{Idea: survivor.ID}, 0, 100); err != nil || len(list) != 0 {
			t.Errorf("search reads of it: %+v, %v", list, err)
		}
	}
	if j := c.concerns(c.anna); j.ID != d.ID || j.Title == "" {
		t.Errorf("its author reads %+v", j)
	}
	c.do(c.UndoDecision(c.ctx, c.mod, d.ID))
	c.same(before)
	if list, err := c.Notices(c.ctx, c.bruno, 1, ""); err != nil || len(list.Items) != 0 && list.Items[0].Reason == board.OutOfSight {
		t.Errorf("who sees it again is still told %+v, %v", list, err)
	}
	c.clean()
	c.do(c.UnmergeIdea(c.ctx, c.mod, first.ID, ""))
	c.do(c.UnmergeIdea(c.ctx, c.mod, inner.ID, ""))
	c.clean()
	if i, err := c.Idea(c.ctx, c.bruno, inner.ID); err != nil || i.Title != inner.Title || i.Comments != 1 || i.Votes != 1 {
		t.Errorf("apart again it reads %+v, %v", i, err)
	}
}

// TestWhatWasHiddenWithItsBranchesIsErasedWithThem when nothing can be said against it.
func TestWhatWasHiddenWithItsBranchesIsErasedWithThem(t *testing.T) {
	c := newCompany(t)
	survivor, _, _ := c.family()
	c.ruled(c.mod, survivor.ID, board.Ruling{Action: board.Hide, Ground: board.Disrespect})
	c.clock.Add(board.AppealTime.Microseconds() + 1)
	c.do(nil, c.ForgetRemoved(c.ctx))
	c.do(nil, c.Forget(c.ctx))
	if c.stands("CNRY") {
		t.Error("what was hidden still stands in the database")
	}
	c.clean()
}

// TestAReportAboutAMergedIdeaIsOneAboutItsWords: they are hidden where they stand.
func TestAReportAboutAMergedIdeaIsOneAboutItsWords(t *testing.T) {
	c := newCompany(t)
	dup, sur := c.idea(c.anna, c.open, "CNRY una"), c.idea(c.bruno, c.open, "Altra")
	c.do(c.Report(c.ctx, c.bruno, dup.ID, 0, board.NewReport{Ground: board.Disrespect}))
	c.do(c.MergeIdea(c.ctx, c.mod, dup.ID, into(sur.ID)))
	p, err := c.Reviews(c.ctx, c.mod, ReviewListing{Kind: board.ReportItem})
	if err != nil || len(p.Items) != 1 || p.Items[0].Idea != sur.ID || p.Items[0].Comment == 0 {
		t.Fatalf("what waits is %+v, %v", p.Items, err)
	}
	before := c.rows()
	d, err := c.Decide(c.ctx, c.mod, board.Ruling{Item: p.Items[0].ID, Version: p.Items[0].Version, Action: board.Hide, Ground: board.Disrespect})
	if err != nil {
		t.Fatal(err)
	}
	if list, err := c.MergedInto(c.ctx, c.bruno, sur.ID); err != nil || len(list) != 1 || list[0].Title != "" {
		t.Errorf("hidden, it stands there as %+v, %v", list, err)
	}
	c.clean()
	c.do(c.UndoDecision(c.ctx, c.mod, d.ID))
	c.same(before)
	c.do(c.UnmergeIdea(c.ctx, c.mod, dup.ID, ""))
	if it, err := c.ReviewItem(c.ctx, c.mod, p.Items[0].ID); err != nil || it.Closed || it.Idea != dup.ID || it.Comment != 0 {
		t.Errorf("apart again it waits as %+v, %v", it, err)
	}
	c.clean()
}

// TestHidingAndMergingAtRandomUndoesWordForWord: whatever was merged and separated,
// what is hidden and taken back is as it was.
func TestHidingAndMergingAtRandomUndoesWordForWord(t *testing.T) {
	c := newCompany(t)
	r := rand.New(rand.NewPCG(5, 10)) // #nosec G404 -- a game that comes out the same
	var ideas []int64
	for range 6 {
		i := c.idea([]board.Who{c.anna, c.bruno, c.admin}[r.IntN(3)], c.open, "Idea")
		c.reply(c.bruno, i.ID, nil, "Detto")
		c.do(c.Vote(c.ctx, c.anna, i.ID))
		ideas = append(ideas, i.ID)
	}
	hidden := 0
	for range 60 {
		id := ideas[r.IntN(len(ideas))]
		switch r.IntN(4) {
		case 0, 1:
			_, _ = c.MergeIdea(c.ctx, c.mod, id, into(ideas[r.IntN(len(ideas))]))
		case 2:
			_, _ = c.UnmergeIdea(c.ctx, c.mod, id, "")
		case 3:
			before := c.rows()
			d := c.ruled(c.mod, id, board.Ruling{Action: board.Hide, Ground: board.OffTopic})
			c.clean()
			c.do(c.UndoDecision(c.ctx, c.mod, d.ID))
			c.same(before)
			hidden++
		}
		if t.Failed() {
			return
		}
	}
	c.clean()
	if hidden == 0 {
		t.Error("nothing was hidden")
	}
}
