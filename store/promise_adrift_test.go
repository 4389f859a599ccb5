package store

import (
	"strings"
	"testing"
	"time"

	"convivio/store/board"
)

// TestAPromiseThatNobodySeesToAsksForSomebody when who made it was disabled, or the
// idea went where they do not see it: who answers for the board is told, once.
func TestAPromiseThatNobodySeesToAsksForSomebody(t *testing.T) {
	c := newCompany(t)
	c.tell()
	c.owns(c.open, c.anna)
	carla := c.person("Carla Neri", board.Employee)
	due := board.DayOf(time.UnixMicro(c.clock.Load()).AddDate(0, 0, 30))
	one, other := c.idea(c.anna, c.open, "Una"), c.idea(c.anna, c.open, "Altra")
	c.do(c.MoveIdea(c.ctx, c.mod, one.ID, board.Move{Stage: board.Planned, Owner: c.bruno.ID, Due: due}))
	c.do(c.MoveIdea(c.ctx, c.mod, other.ID, board.Move{Stage: board.Planned, Owner: carla.ID, Due: due}))
	adrift := func(want string) {
		t.Helper()
		c.do(0, c.TellAdrift(c.ctx))
		c.recorded(func() { c.do(0, c.TellAdrift(c.ctx)) }) // once
		got, err := c.Promises(c.ctx, c.anna, PromiseListing{})
		if err != nil {
			t.Fatal(err)
		}
		var list []string
		for _, p := range got.Items {
			if p.Adrift {
				list = append(list, p.Title)
			}
		}
		if now := strings.Join(list, ", "); now != want {
			t.Errorf("nobody sees to %q, want %q", now, want)
		}
	}
	tells := func(who board.Who, want int) {
		t.Helper()
		if got := c.told(who); strings.Count(got, "adrift") != want {
			t.Errorf("%s was told %q, want %d of promises without anybody", who.Name, got, want)
		}
	}
	adrift("")
	tells(c.anna, 0)
	yes, no := true, false
	c.do(c.ChangePerson(c.ctx, c.admin, carla.ID, PersonChange{Disabled: &yes}))
	adrift("Altra")
	tells(c.anna, 1)
	tells(c.mod, 0)
	c.do(c.ChangePerson(c.ctx, c.admin, carla.ID, PersonChange{Disabled: &no}))
	adrift("")
	c.do(c.ChangePerson(c.ctx, c.admin, carla.ID, PersonChange{Disabled: &yes}))
	adrift("Altra")
	tells(c.anna, 2)
	c.do(c.MoveIdea(c.ctx, c.mod, other.ID, board.Move{Stage: board.InProgress, Owner: c.anna.ID, Due: due}))
	adrift("")

	c.do(c.RelocateIdea(c.ctx, c.mod, one.ID, board.Relocation{Board: c.private, Reason: "È riservata."}))
	adrift("Una")
	tells(c.mod, 1) // nobody owns that board
	tells(c.bruno, 0)
	c.clean()
}

// TestWhoAnswersForABoardHearsOfAnAnswerThatWasWithheld because its writer was disabled.
func TestWhoAnswersForABoardHearsOfAnAnswerThatWasWithheld(t *testing.T) {
	c := newCompany(t)
	c.tell()
	c.owns(c.open, c.anna, c.bruno)
	idea := c.idea(c.mod, c.open, "Aspetta")
	c.draft(c.now(c.anna), idea.ID, "Sì.", "")
	at := time.UnixMicro(c.clock.Load()).Add(time.Hour).UTC()
	c.do(c.ScheduleAnswerDraft(c.ctx, c.now(c.anna), idea.ID, &at, ""))
	yes := true
	c.do(c.ChangePerson(c.ctx, c.admin, c.anna.ID, PersonChange{Disabled: &yes}))
	c.clock.Store(at.UnixMicro())
	c.do(0, c.PublishDue(c.ctx))
	c.do(0, c.PublishDue(c.ctx))
	if got := c.told(c.bruno); strings.Count(got, "withheld") != 1 {
		t.Errorf("the other owner was told %q", got)
	}
	d, err := c.AnswerDraft(c.ctx, c.now(c.bruno), idea.ID)
	if err != nil || d.Refused == nil || !strings.HasPrefix(d.Refused.Error(), "Anna") || !strings.Contains(d.Refused.Error(), "cannot sign in any more") {
		t.Errorf("the draft is %+v, %v", d, err)
	}
	c.do(c.PublishAnswerDraft(c.ctx, c.now(c.bruno), idea.ID, d.Was, ""))
	c.clean()
}
