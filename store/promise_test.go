package store

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"convivio/store/board"
)

// promised writes down what somebody sees of the promises: the idea and its state.
func (c *company) promised(who board.Who, l PromiseListing) string {
	c.t.Helper()
	var out []string
	l.Limit = 1
	for {
		got, err := c.Promises(c.ctx, who, l)
		if err != nil {
			c.t.Fatal(err)
		}
		for _, p := range got.Items {
			out = append(out, fmt.Sprintf("%s %s", p.Title, p.State))
		}
		if l.Cursor = got.Next; l.Cursor == "" {
			return strings.Join(out, ", ")
		}
	}
}

func (c *company) days(n int) { c.clock.Add((time.Duration(n) * 24 * time.Hour).Microseconds()) }

func TestPromisesAreKeptLateOverdueOrTakenBack(t *testing.T) {
	c := newCompany(t)
	c.tell()
	today := board.DayOf(time.UnixMicro(c.clock.Load()))
	made := map[string]board.Idea{}
	for i, title := range []string{"kept", "late", "overdue", "due", "back", "secret"} {
		slug := c.open
		if title == "secret" {
			slug = c.private
		}
		idea := c.idea(c.anna, slug, title)
		owner := c.bruno.ID
		if title == "secret" {
			owner = c.anna.ID
		}
		due := board.DayOf(today.Time().AddDate(0, 0, 10))
		if title == "due" {
			due = board.DayOf(today.Time().AddDate(0, 0, 60))
		}
		c.do(c.MoveIdea(c.ctx, c.mod, idea.ID, board.Move{Stage: []board.Stage{board.Planned, board.InProgress}[i%2], Owner: owner, Due: due}))
		made[title] = idea
	}
	done := board.Move{Stage: board.Done, Reason: "Fatta.", Measured: "Si vede."}
	c.days(9)
	c.do(c.MoveIdea(c.ctx, c.mod, made["kept"].ID, done))
	c.do(c.MoveIdea(c.ctx, c.mod, made["back"].ID, board.Move{Stage: board.Declined, Reason: "Costa troppo."}))
	c.do(0, c.TellDue(c.ctx))
	if got := c.told(c.bruno); strings.Contains(got, "due") {
		t.Errorf("told before the day is past: %s", got)
	}
	c.days(2)
	c.do(c.MoveIdea(c.ctx, c.mod, made["late"].ID, done))
	c.do(0, c.TellDue(c.ctx))
	c.do(0, c.TellDue(c.ctx)) // once
	if got := c.told(c.bruno); strings.Count(got, "due") != 1 || !strings.HasSuffix(got, fmt.Sprintf("due %d", made["overdue"].ID)) {
		t.Errorf("who promised was told: %s", got)
	}
	for _, tt := range []struct {
		who   board.Who
		board string
		state board.PromiseState
		want  string
	}{
		{c.bruno, "", "", "overdue overdue, due due"},
		{c.anna, "", "", "overdue overdue, secret overdue, due due"},
		{c.anna, c.private, "", "secret overdue"},
		{c.bruno, "", board.PromiseOverdue, "overdue overdue"},
		{c.bruno, "", board.PromiseDue, "due due"},
		{c.bruno, "", board.PromiseKept, "kept kept"},
		{c.bruno, "", board.PromiseLate, "late late"},
		{c.bruno, "", board.PromiseTakenBack, "back taken_back"},
		{c.guest, "", "", ""},
	} {
		if got := c.promised(tt.who, PromiseListing{Board: tt.board, State: tt.state}); got != tt.want {
			t.Errorf("%s sees of %s in %q: %s; want %s", tt.who.Name, tt.state, tt.board, got, tt.want)
		}
	}
	_, err := c.Promises(c.ctx, c.bruno, PromiseListing{Board: c.private})
	wants(t, err, board.NotFound, "")
	got, err := c.Promises(c.ctx, c.bruno, PromiseListing{State: board.PromiseTakenBack})
	if err != nil || got.Items[0].Reason != "Costa troppo." || fmt.Sprint(got.Counts) != "{1 1 1 1 1}" {
		t.Errorf("it reads %+v, %v", got, err)
	}
	c.do(c.DeleteIdea(c.ctx, c.anna, made["overdue"].ID))
	if got := c.promised(c.bruno, PromiseListing{}); got != "due due" {
		t.Errorf("with an idea deleted: %s", got)
	}
	c.clean()
}

func TestAPromiseMovedAndTakenUpAgain(t *testing.T) {
	c := newCompany(t)
	idea := c.idea(c.anna, c.open, "Tettoia")
	move := func(m board.Move) { c.t.Helper(); c.do(c.MoveIdea(c.ctx, c.mod, idea.ID, m)) }
	move(board.Move{Stage: board.Planned, Owner: c.mod.ID, Due: "2026-06-01"})
	move(board.Move{Stage: board.Planned, Due: "2026-07-01", Reason: "La gru."})
	move(board.Move{Stage: board.Done, Reason: "Fatta.", Measured: "Si vede."})
	move(board.Move{Stage: board.InProgress, Reason: "Perde acqua."}) // the same promise goes on
	got, err := c.Promises(c.ctx, c.anna, PromiseListing{})
	if err != nil || len(got.Items) != 1 || got.Items[0].Due != "2026-07-01" || got.Items[0].FirstDue != "2026-06-01" || fmt.Sprint(got.Counts) != "{0 1 0 0 0}" {
		t.Errorf("it reads %+v, %v", got, err)
	}
	move(board.Move{Stage: board.Done, Reason: "Ora sì.", Measured: "Una pioggia senza gocce."})
	move(board.Move{Stage: board.InReview, Reason: "Serve più larga."})
	if got, err = c.Promises(c.ctx, c.anna, PromiseListing{}); err != nil || fmt.Sprint(got.Counts) != "{0 0 0 0 1}" {
		t.Errorf("stepped back, the counts are %+v, %v", got.Counts, err)
	}
	c.clean()
}

func TestParkedIdeasComeBackOnTheirDay(t *testing.T) {
	c := newCompany(t)
	idea, other := c.idea(c.anna, c.open, "Una"), c.idea(c.anna, c.open, "Altra")
	c.do(c.AddOwner(c.ctx, c.admin, c.open, board.NewOwner{Person: c.bruno.ID}))
	owner, err := c.who(c.ctx, c.bruno.ID)
	if err != nil {
		t.Fatal(err)
	}
	parked := board.Move{Stage: board.Parked, Reason: "Prima il tetto.", Until: "2026-04-01"}
	c.do(c.MoveIdea(c.ctx, owner, idea.ID, parked))
	parked.Until = "2026-09-01"
	c.do(c.MoveIdea(c.ctx, c.mod, other.ID, parked))
	again := func(who board.Who) string {
		h, err := c.Home(c.ctx, who, 10)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, i := range h.Again {
			out = append(out, i.Title)
		}
		return strings.Join(out, " ")
	}
	if got := again(owner); got != "" {
		t.Errorf("before its day: %s", got)
	}
	c.days(40)
	for _, tt := range []struct {
		who  board.Who
		want string
	}{{owner, "Una"}, {c.mod, "Una"}, {c.admin, "Una"}, {c.anna, ""}, {c.guest, ""}} {
		if got := again(tt.who); got != tt.want {
			t.Errorf("%s is to look again at %q, want %q", tt.who.Name, got, tt.want)
		}
	}
	list, err := c.Parked(c.ctx, owner, false, 1, "")
	if err != nil || len(list.Items) != 1 || list.Items[0].Until != "2026-04-01" || list.Next == "" {
		t.Errorf("the list begins %+v, %v", list, err)
	}
	if list, err = c.Parked(c.ctx, owner, false, 1, list.Next); err != nil || len(list.Items) != 1 || list.Items[0].Title != "Altra" {
		t.Errorf("it goes on %+v, %v", list, err)
	}
	if list, err = c.Parked(c.ctx, c.anna, false, 0, ""); err != nil || len(list.Items) != 0 {
		t.Errorf("who looks after no board reads %+v, %v", list, err)
	}
	c.do(c.MoveIdea(c.ctx, owner, idea.ID, board.Move{Stage: board.InReview, Reason: "Il tetto c'è."}))
	if got := again(owner); got != "" {
		t.Errorf("looked at again, and still there: %s", got)
	}
	c.clean()
}
