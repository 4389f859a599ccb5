package store

import (
	"errors"
	"reflect"
	"slices"
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
	c.overturned(c.anna) // it is said, though the words are gone
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
		"slow": func() error {
			c.ruled(c.mod, idea.ID, board.Ruling{Action: board.Slow, Ground: board.OffTopic, Minutes: 5})
			return nil
		},
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

// TestNobodyJudgesTheirOwnCase: what is about a moderator is not shown to them, not
// decided and not taken back by them.
func TestNobodyJudgesTheirOwnCase(t *testing.T) {
	c := newCompany(t)
	keeper := c.keeper("Sara Poli", c.open)
	own := c.idea(keeper, c.open, "Mia")
	c.do(c.Report(c.ctx, c.anna, own.ID, 0, board.NewReport{Ground: board.Disrespect, Note: "CNRY segreto"}))
	if p, err := c.Reviews(c.ctx, keeper, ReviewListing{}); err != nil || len(p.Items) > 0 || p.Counts.All() > 0 {
		t.Errorf("about herself she is shown %+v, %v", p, err)
	}
	p, err := c.Reviews(c.ctx, c.mod, ReviewListing{})
	if err != nil || len(p.Items) != 1 {
		t.Fatalf("for others waits %+v, %v", p, err)
	}
	it := p.Items[0]
	_, err = c.ReviewItem(c.ctx, keeper, it.ID)
	wants(t, err, board.NotFound, "")
	_, err = c.Decide(c.ctx, keeper, board.Ruling{Item: it.ID, Action: board.Keep})
	wants(t, err, board.NotFound, "")
	_, err = c.OpenReview(c.ctx, keeper, own.ID, 0)
	wants(t, err, board.Conflict, "")
	d, err := c.Decide(c.ctx, c.mod, board.Ruling{Item: it.ID, Action: board.Warn, Ground: board.Disrespect, Note: "Così no."})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.UndoDecision(c.ctx, keeper, d.ID)
	wants(t, err, board.Forbidden, "")
	c.clean()
}

// TestWhatHoldsEverywhereIsNotLiftedByOneBoard nor heard there on appeal.
func TestWhatHoldsEverywhereIsNotLiftedByOneBoard(t *testing.T) {
	c := newCompany(t)
	keeper := c.keeper("Sara Poli", c.open)
	idea := c.idea(c.bruno, c.open, "Una")
	until := c.Now().AddDate(0, 0, 7)
	for _, what := range []board.Action{board.Silence, board.Suspend} {
		d := c.ruled(c.mod, idea.ID, board.Ruling{Action: what, Ground: board.Disrespect, Note: "Basta.", Until: &until})
		_, err := c.UndoDecision(c.ctx, keeper, d.ID)
		wants(t, err, board.Forbidden, "")
		j, err := c.Appeal(c.ctx, c.bruno, d.ID, "Non è giusto.")
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.DecideAppeal(c.ctx, keeper, j.Appeal.ID, true, "Ha ragione.")
		wants(t, err, board.Forbidden, "")
		c.do(c.DecideAppeal(c.ctx, c.admin, j.Appeal.ID, true, "Ha ragione."))
	}
	c.clean()
}

// TestADecisionTakenBackWhileAppealedAgainstIsGranted: the appeal is not spent.
func TestADecisionTakenBackWhileAppealedAgainstIsGranted(t *testing.T) {
	c := newCompany(t)
	com, it := c.reported("Detto")
	d, err := c.Decide(c.ctx, c.mod, board.Ruling{Item: it.ID, Action: board.Hide, Ground: board.OffTopic})
	if err != nil {
		t.Fatal(err)
	}
	j, err := c.Appeal(c.ctx, c.bruno, d.ID, "Era a proposito.")
	if err != nil {
		t.Fatal(err)
	}
	c.do(c.UndoDecision(c.ctx, c.mod, d.ID))
	if got, _ := c.Comment(c.ctx, c.anna, com.ID); got.Body != "Detto" {
		t.Errorf("taken back it reads %+v", got)
	}
	if j, err = c.Judgement(c.ctx, c.bruno, d.ID); err != nil || j.Appeal == nil || j.Appeal.DecidedAt == nil || !j.Appeal.Overturned {
		t.Errorf("who appealed reads %+v, %v", j, err)
	}
	if p, err := c.Reviews(c.ctx, c.admin, ReviewListing{}); err != nil || len(p.Items) > 0 {
		t.Errorf("there waits %+v, %v", p.Items, err)
	}
	c.clean()
}

// TestADecisionIsTakenBackWhereItsIdeaStandsNow: by who reviews there, with what was
// there before, and nobody reads on by it what they may not see any more.
func TestADecisionIsTakenBackWhereItsIdeaStandsNow(t *testing.T) {
	c := newCompany(t)
	keeper := c.keeper("Sara Poli", c.open)
	idea := c.idea(c.anna, c.open, "Una")
	c.do(c.SlowIdea(c.ctx, c.mod, idea.ID, 10))
	slow := c.ruled(keeper, idea.ID, board.Ruling{Action: board.Slow, Ground: board.OffTopic, Minutes: 60})
	lock := c.ruled(keeper, idea.ID, board.Ruling{Action: board.Lock, Ground: board.OffTopic})
	c.do(c.RelocateIdea(c.ctx, c.mod, idea.ID, board.Relocation{Board: c.private, Reason: "Sta meglio lì."}))
	for _, id := range []int64{slow.ID, lock.ID} {
		_, err := c.UndoDecision(c.ctx, keeper, id)
		wants(t, err, board.NotFound, "")
		_, err = c.Judgement(c.ctx, keeper, id)
		wants(t, err, board.NotFound, "")
		_, err = c.Decision(c.ctx, keeper, id)
		wants(t, err, board.NotFound, "")
		d, err := c.UndoDecision(c.ctx, c.mod, id)
		if err != nil {
			t.Fatal(err)
		}
		if it, err := c.ReviewItem(c.ctx, c.mod, d.Item); err != nil || !it.Closed && it.Board != c.private {
			t.Errorf("opened again it stands on %+v, %v", it.Board, err)
		}
	}
	if got, err := c.Idea(c.ctx, c.mod, idea.ID); err != nil || got.Slow != 10 || got.Locked {
		t.Errorf("taken back it reads %+v, %v", got, err)
	}
	var on int64
	if err := c.readDB.QueryRowContext(c.ctx, `SELECT b.id FROM log l JOIN board b ON b.id = l.board_id WHERE l.kind = 'idea.unlocked' AND b.slug = $1`, c.private).Scan(&on); err != nil {
		t.Errorf("that it was unlocked was not told on the board where it stands: %v", err)
	}
	c.clean()
}

// TestAReportJoinsWhatWaitsAlready when the decision about it is taken back.
func TestAReportJoinsWhatWaitsAlready(t *testing.T) {
	c := newCompany(t)
	com, it := c.reported("Detto")
	d, err := c.Decide(c.ctx, c.mod, board.Ruling{Item: it.ID, Action: board.Keep})
	if err != nil {
		t.Fatal(err)
	}
	c.do(c.Report(c.ctx, c.admin, 0, com.ID, board.NewReport{Ground: board.Disrespect}))
	c.do(c.UndoDecision(c.ctx, c.mod, d.ID))
	p, err := c.Reviews(c.ctx, c.mod, ReviewListing{})
	if err != nil || len(p.Items) != 1 || p.Items[0].Reporters != 2 {
		t.Fatalf("there waits %+v, %v", p.Items, err)
	}
	c.do(c.Decide(c.ctx, c.mod, board.Ruling{Item: p.Items[0].ID, Action: board.Hide, Ground: board.Disrespect}))
	if r, err := c.OwnReports(c.ctx, c.anna, 5); err != nil || r[0].Outcome != board.WasRight {
		t.Errorf("the first report came to %+v, %v", r, err)
	}
	c.clean()
}

// TestWhatAModeratorTookOutIsReadByNobodyElse, and is erased when the decision is final.
func TestWhatAModeratorTookOutIsReadByNobodyElse(t *testing.T) {
	c := newCompany(t)
	idea := c.idea(c.anna, c.open, "CNRYnumero")
	title := "Un titolo"
	c.do(c.EditIdea(c.ctx, c.anna, idea.ID, board.IdeaChange{Title: &title}))
	c.ruled(c.mod, idea.ID, board.Ruling{Action: board.EditWords, Ground: board.PersonalData, Note: "Tolto.", Title: "Altro", Body: "Senza."})
	for who, n := range map[*board.Who]int{&c.anna: 2, &c.mod: 2, &c.bruno: 0} {
		if v, err := c.IdeaVersions(c.ctx, *who, idea.ID); err != nil || len(v) != n {
			t.Errorf("%s reads %+v, %v", who.Name, v, err)
		}
	}
	c.clock.Add(board.AppealTime.Microseconds() + 1)
	c.do(nil, c.ForgetRemoved(c.ctx))
	if v, err := c.IdeaVersions(c.ctx, c.anna, idea.ID); err != nil || len(v) != 0 || c.stands("CNRYnumero") {
		t.Errorf("when it is final, it reads %+v, %v", v, err)
	}
	c.clean()
}

// TestAWordWithTheAuthorLeavesAHeldPostWaiting, and its row says what it is.
func TestAWordWithTheAuthorLeavesAHeldPostWaiting(t *testing.T) {
	c := newCompany(t)
	c.rule(board.NewRule{Kind: board.WordRule, Words: "zafferano"})
	_, err := c.AddIdea(c.ctx, c.bruno, c.open, board.NewIdea{Title: "Lo zafferano", Body: "In mensa."}, "")
	var held *board.Held
	if !errors.As(err, &held) {
		t.Fatal(err)
	}
	look := func() board.ReviewItem {
		p, err := c.Reviews(c.ctx, c.mod, ReviewListing{Kind: board.HeldItem})
		if err != nil || len(p.Items) != 1 {
			t.Fatalf("there waits %+v, %v", p.Items, err)
		}
		return p.Items[0]
	}
	it := look()
	if it.Title != "Lo zafferano" || it.Excerpt != "In mensa." || it.Rule == nil || it.Rule.Words != "zafferano" || !slices.Contains(it.Actions, board.Approve) {
		t.Errorf("its row reads %+v", it)
	}
	c.do(c.Decide(c.ctx, c.mod, board.Ruling{Item: it.ID, Version: it.Version, Action: board.Warn, Ground: board.OtherGround, Note: "Attento."}))
	if again := look(); again.Version == it.Version {
		t.Errorf("warned, its row reads %+v", again)
	}
	_, err = c.Decide(c.ctx, c.mod, board.Ruling{Item: it.ID, Version: it.Version, Action: board.Approve})
	wants(t, err, board.Conflict, "version")
	c.do(c.Decide(c.ctx, c.mod, board.Ruling{Item: it.ID, Version: look().Version, Action: board.Approve}))
	c.clean()
}
