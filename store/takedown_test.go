package store

import (
	"reflect"
	"testing"

	"convivio/store/board"
)

// takeDown deletes what somebody else wrote, with a reason.
func (c *company) takeDown(who board.Who, idea, comment int64) int64 {
	c.t.Helper()
	d, _, err := c.TakeDown(c.ctx, who, idea, comment, board.Removal{Ground: board.OffTopic, Note: "Qui si parla d'altro."})
	if err != nil {
		c.t.Fatal(err)
	}
	return d
}

// concerns is the last decision about what is somebody's own.
func (c *company) concerns(who board.Who) board.Judgement {
	c.t.Helper()
	list, err := c.Judgements(c.ctx, who, 1)
	if err != nil || len(list) != 1 {
		c.t.Fatalf("decisions about %s: %+v, %v", who.Name, list, err)
	}
	j, err := c.Judgement(c.ctx, who, list[0].ID)
	if err != nil {
		c.t.Fatal(err)
	}
	return j
}

// overturned appeals against the last decision about somebody's own and lets an
// administrator take it back.
func (c *company) overturned(who board.Who) {
	c.t.Helper()
	j, err := c.Appeal(c.ctx, who, c.concerns(who).ID, "Non sono d'accordo.")
	if err != nil {
		c.t.Fatal(err)
	}
	_, err = c.DecideAppeal(c.ctx, c.mod, j.Appeal.ID, true, "Ho ragione io.")
	wants(c.t, err, board.Forbidden, "") // who decided
	c.do(c.DecideAppeal(c.ctx, c.admin, j.Appeal.ID, true, "Ha ragione chi scrive."))
	if j = c.concerns(who); j.OverturnedAt == nil {
		c.t.Errorf("overturned, it reads %+v", j)
	}
}

// TestWhatAnotherWroteIsDeletedByOneRoad: with its reason, of which the author is
// told; it settles reports, stands in ledger and audit log, and can be taken back.
func TestWhatAnotherWroteIsDeletedByOneRoad(t *testing.T) {
	c := newCompany(t)
	com, it := c.reported("CNRYdetto")
	_, err := c.DeleteComment(c.ctx, c.mod, com.ID)
	wants(t, err, board.Invalid, "ground")
	_, err = c.DeleteComment(c.ctx, c.anna, com.ID)
	wants(t, err, board.Forbidden, "")
	_, err = c.DeleteIdea(c.ctx, c.mod, com.Idea)
	wants(t, err, board.Invalid, "ground")
	for _, wrong := range []struct {
		who  board.Who
		in   board.Removal
		code board.Code
	}{
		{c.mod, board.Removal{}, board.Invalid}, {c.mod, board.Removal{Ground: "because"}, board.Invalid},
		{c.anna, board.Removal{Ground: board.OffTopic}, board.Forbidden}, {c.guest, board.Removal{Ground: board.OffTopic}, board.NotFound},
	} {
		_, _, err := c.TakeDown(c.ctx, wrong.who, 0, com.ID, wrong.in)
		wants(t, err, wrong.code, map[board.Code]string{board.Invalid: "ground"}[wrong.code])
	}
	own := c.reply(c.mod, com.Idea, nil, "Mio")
	_, _, err = c.TakeDown(c.ctx, c.mod, 0, own.ID, board.Removal{Ground: board.OffTopic})
	wants(t, err, board.Conflict, "")
	c.do(c.DeleteComment(c.ctx, c.mod, own.ID))

	n := c.Head()
	d := c.takeDown(c.mod, 0, com.ID)
	if c.Head() == n {
		t.Error("nothing was recorded")
	}
	if it, err = c.ReviewItem(c.ctx, c.mod, it.ID); err != nil || !it.Closed {
		t.Errorf("what was reported still waits: %+v, %v", it, err)
	}
	if r, err := c.OwnReports(c.ctx, c.anna, 10); err != nil || len(r) != 1 || r[0].Outcome != board.WasRight {
		t.Errorf("who reported it reads %+v, %v", r, err)
	}
	if e := c.lastAct(board.DecisionMadeAct); e.Actor != c.mod.ID || e.Comment != com.ID {
		t.Errorf("the audit log says %+v", e)
	}
	if j := c.concerns(c.bruno); j.ID != d || j.Action != board.Delete || j.Ground != board.OffTopic || j.Note == "" || j.AppealBy == nil || j.Body != "CNRYdetto" {
		t.Errorf("its author reads %+v", j)
	}
	c.do(c.DeleteComment(c.ctx, c.mod, com.ID)) // again changes nothing
	c.do(c.UndoDecision(c.ctx, c.mod, d))
	if got, err := c.Comment(c.ctx, c.anna, com.ID); err != nil || got.Body != "CNRYdetto" {
		t.Errorf("taken back it reads %+v, %v", got, err)
	}
	c.takeDown(c.mod, com.Idea, 0)
	c.overturned(c.anna) // whose idea it is
	c.clean()
	c.takeDown(c.mod, com.Idea, 0)
	c.clock.Add(board.RegretTime.Microseconds())
	c.do(nil, c.ForgetRemoved(c.ctx))
	if c.stands("CNRYdetto") {
		t.Error("what was deleted still stands in the database")
	}
	c.clean()
}

// TestWhatIsDoneWithAnotherIdeaCanBeAppealedAgainst: merging, moving and locking it
// beside the review page are decisions as well, told once, and overturned they
// leave everything as it was.
func TestWhatIsDoneWithAnotherIdeaCanBeAppealedAgainst(t *testing.T) {
	c := newCompany(t)
	c.do(c.AddBoard(c.ctx, c.admin, board.NewBoard{Slug: "altrove", Name: "Altrove", Visibility: board.Open}, ""))
	idea, other := c.idea(c.anna, c.open, "Una"), c.idea(c.bruno, c.open, "Altra")
	c.reply(c.bruno, idea.ID, nil, "Detto")
	c.do(c.Vote(c.ctx, c.bruno, idea.ID))
	look := func() board.Idea {
		i, err := c.Idea(c.ctx, c.anna, idea.ID)
		if err != nil {
			t.Fatal(err)
		}
		i.Seq, i.ThreadSeq = 0, 0
		return i
	}
	before := look()
	for name, do := range map[string]func() error{
		"merge": func() error { _, err := c.MergeIdea(c.ctx, c.mod, idea.ID, into(other.ID)); return err },
		"move": func() error {
			_, err := c.RelocateIdea(c.ctx, c.mod, idea.ID, board.Relocation{Board: "altrove", Reason: "Sta meglio lì."})
			return err
		},
		"lock": func() error { _, err := c.LockIdea(c.ctx, c.mod, idea.ID, true); return err },
		"slow": func() error { c.ruled(c.mod, idea.ID, board.Ruling{Action: board.Slow, Ground: board.OffTopic, Minutes: 5}); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			if err := do(); err != nil {
				t.Fatal(err)
			}
			if j := c.concerns(c.anna); string(j.Action) != name || j.AppealBy == nil {
				t.Fatalf("its author reads %+v", j)
			}
			c.overturned(c.anna)
			if after := look(); !reflect.DeepEqual(after, before) {
				t.Errorf("overturned, the idea reads %+v\nbefore %+v", after, before)
			}
			c.clean()
		})
	}
	// What is undone beside the decision is nothing to appeal against any more.
	c.do(c.LockIdea(c.ctx, c.mod, idea.ID, true))
	d := c.concerns(c.anna).ID
	c.do(c.LockIdea(c.ctx, c.mod, idea.ID, false))
	_, err := c.Appeal(c.ctx, c.anna, d, "Ormai.")
	wants(t, err, board.Conflict, "")
	// One's own idea is one's own: no decision.
	mine := c.idea(c.mod, c.open, "Mia")
	c.do(c.LockIdea(c.ctx, c.mod, mine.ID, true))
	if list, err := c.Judgements(c.ctx, c.mod, 5); err != nil || len(list) > 0 {
		t.Errorf("of their own idea a moderator reads %+v, %v", list, err)
	}
	c.clean()
}

// ruled decides about an idea that nobody reported.
func (c *company) ruled(who board.Who, idea int64, in board.Ruling) board.Decision {
	c.t.Helper()
	var err error
	if in.Item, err = c.OpenReview(c.ctx, who, idea, 0); err != nil {
		c.t.Fatal(err)
	}
	d, err := c.Decide(c.ctx, who, in)
	if err != nil {
		c.t.Fatal(err)
	}
	return d
}

// TestAnEditWithANoteIsOverturnedWordForWord for an idea and for a comment.
func TestAnEditWithANoteIsOverturnedWordForWord(t *testing.T) {
	c := newCompany(t)
	idea := c.idea(c.anna, c.open, "Il titolo di Anna")
	com := c.reply(c.anna, idea.ID, nil, "Le *parole* di Anna, con <b>quel</b> segno.")
	was, err := c.Comment(c.ctx, c.anna, com.ID)
	if err != nil {
		t.Fatal(err)
	}
	c.ruled(c.mod, idea.ID, board.Ruling{Action: board.EditWords, Ground: board.PersonalData, Note: "Tolto un nome.", Title: "Un altro titolo", Body: "Senza nomi."})
	if got, _ := c.Idea(c.ctx, c.anna, idea.ID); got.Title != "Un altro titolo" || got.Body != "Senza nomi." {
		t.Fatalf("edited, it reads %+v", got)
	}
	c.overturned(c.anna)
	if got, _ := c.Idea(c.ctx, c.anna, idea.ID); got.Title != idea.Title || got.Body != idea.Body || got.HTML != idea.HTML || got.Excerpt != idea.Excerpt {
		t.Errorf("overturned, it reads %+v, before %+v", got, idea)
	}
	item, err := c.OpenReview(c.ctx, c.mod, 0, com.ID)
	if err != nil {
		t.Fatal(err)
	}
	c.do(c.Decide(c.ctx, c.mod, board.Ruling{Item: item, Action: board.EditWords, Ground: board.PersonalData, Note: "Tolto un nome.", Body: "Senza nomi."}))
	c.overturned(c.anna)
	if got, _ := c.Comment(c.ctx, c.anna, com.ID); got.Body != was.Body || got.HTML != was.HTML || got.Lang != was.Lang {
		t.Errorf("overturned, it reads %+v, before %+v", got, was)
	}
	c.clean()
}
