package store

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"convivio/store/board"
)

// at sets the company's clock to a time in Italy.
func (c *company) at(rome string) {
	c.t.Helper()
	zone, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		c.t.Fatal(err)
	}
	t, err := time.ParseInLocation("2006-01-02 15:04", rome, zone)
	if err != nil {
		c.t.Fatal(err)
	}
	c.clock.Store(t.UnixMicro())
}

// owed says how an idea's clock stands: "late 2", "due 3", "waits" or "settled".
func (c *company) owed(idea int64) string {
	c.t.Helper()
	i, err := c.Idea(c.ctx, c.mod, idea)
	switch {
	case err != nil:
		c.t.Fatal(err)
	case i.DueAt != nil && !i.Waits || i.Late && i.DueAt == nil:
		c.t.Fatalf("idea %d contradicts itself: %+v", idea, i)
	case i.Late:
		return fmt.Sprint("late ", i.DueDays)
	case i.DueAt != nil:
		return fmt.Sprint("due ", i.DueDays)
	case i.Waits:
		return "waits"
	}
	return "settled"
}

func (c *company) owes(idea int64, want string) {
	c.t.Helper()
	if got := c.owed(idea); got != want {
		c.t.Errorf("the clock of idea %d says %q, want %q", idea, got, want)
	}
	c.clean()
}

// TestTheClockRunsInWorkingDays posts on a Friday before the clocks change and
// looks again over the weekend, Easter and its Monday.
func TestTheClockRunsInWorkingDays(t *testing.T) {
	c := newCompany(t)
	c.at("2026-03-27 10:00")
	id := c.idea(c.anna, c.open, "Una").ID
	i, err := c.Idea(c.ctx, c.bruno, id)
	if got := i.DueAt.Format("2006-01-02 15:04 MST"); err != nil || got != "2026-04-03 10:00 CEST" {
		t.Errorf("due %s, %v", got, err)
	}
	for _, x := range []struct{ at, want string }{
		{"2026-03-27 23:00", "due 5"}, {"2026-03-28 12:00", "due 5"}, {"2026-03-29 23:59", "due 5"}, {"2026-03-30 00:01", "due 4"},
		{"2026-04-02 20:00", "due 1"}, {"2026-04-03 00:01", "due 0"}, {"2026-04-03 09:59", "due 0"}, {"2026-04-03 10:01", "late 0"},
		{"2026-04-06 12:00", "late 0"}, {"2026-04-07 08:00", "late 1"}, {"2026-04-10 08:00", "late 4"},
	} {
		c.at(x.at)
		if got := c.owed(id); got != x.want {
			t.Errorf("at %s the clock says %q, want %q", x.at, got, x.want)
		}
	}
	if b, err := c.Board(c.ctx, c.anna, c.open); err != nil || b.Unanswered != 1 || b.Late != 1 {
		t.Errorf("the board counts %d that wait, %d late, %v", b.Unanswered, b.Late, err)
	}
}

// TestOnlyAnOwnersAnswerStopsTheClock tries everything else first.
func TestOnlyAnOwnersAnswerStopsTheClock(t *testing.T) {
	c := newCompany(t)
	c.do(c.AddOwner(c.ctx, c.admin, c.open, board.NewOwner{Person: c.bruno.ID}))
	idea := c.idea(c.anna, c.open, "Una")
	c.owes(idea.ID, "due 5")
	c.reply(c.bruno, idea.ID, nil, "Ci penso.")
	c.do(c.MoveIdea(c.ctx, c.mod, idea.ID, board.Move{Stage: board.InReview}))
	c.owes(idea.ID, "due 5")
	c.do(c.Answer(c.ctx, c.mod, idea.ID, board.NewAnswer{Body: "Vedremo."}, ""))
	c.owes(idea.ID, "due 5")
	c.do(c.MoveIdea(c.ctx, c.mod, idea.ID, board.Move{Stage: board.Declined, Reason: "Costa troppo."}))
	c.owes(idea.ID, "due 5")
	c.do(c.Answer(c.ctx, c.now(c.bruno), idea.ID, board.NewAnswer{Body: "No, e questo è il perché."}, ""))
	c.owes(idea.ID, "settled")
	c.do(c.MoveIdea(c.ctx, c.now(c.bruno), idea.ID, board.Move{Stage: board.InReview, Reason: "Ci abbiamo ripensato."}))
	c.owes(idea.ID, "settled") // it had its answer
	i, err := c.Idea(c.ctx, c.anna, idea.ID)
	if err != nil || i.Answers != 2 || i.AnsweredAt == nil {
		t.Errorf("idea reads %+v, %v", i, err)
	}
}

// TestAMergedIdeaOwesNothing merges, separates and moves to another board.
func TestAMergedIdeaOwesNothing(t *testing.T) {
	c := newCompany(t)
	other, err := c.AddBoard(c.ctx, c.admin, board.NewBoard{Name: "Altrove"}, "")
	if err != nil {
		t.Fatal(err)
	}
	clock := board.Clock{AnswerTime: board.AnswerTime{Time: 10, Unit: board.Days}, Calendar: board.DefaultCalendar()}
	c.do(c.SetClock(c.ctx, c.admin, other.Slug, clock))
	one, two := c.idea(c.anna, c.open, "Una").ID, c.idea(c.bruno, c.open, "La stessa").ID
	c.later(24 * time.Hour)
	c.do(c.RelocateIdea(c.ctx, c.mod, one, board.Relocation{Board: other.Slug, Reason: "Sta meglio qui."}))
	c.owes(one, "due 9") // the author has waited a day already
	for slug, n := range map[string]int{c.open: 1, other.Slug: 1} {
		if b, err := c.Board(c.ctx, c.mod, slug); err != nil || b.Unanswered != n {
			t.Errorf("on %s %d wait, want %d, %v", slug, b.Unanswered, n, err)
		}
	}
	c.do(c.MergeIdea(c.ctx, c.mod, two, board.NewMerge{Into: one, Reason: "È la stessa idea."}))
	var waits int
	if err := c.readDB.QueryRow(`SELECT COUNT(*) FROM clock WHERE idea_id = $1`, two).Scan(&waits); err != nil || waits != 0 {
		t.Errorf("a merged idea waits: %d, %v", waits, err)
	}
	c.owes(one, "due 9")
	c.do(c.UnmergeIdea(c.ctx, c.mod, two, ""))
	c.owes(two, "due 4") // as if nothing had been
}

// TestWhatOwesNothing follows an idea through what stops and starts its clock besides.
func TestWhatOwesNothing(t *testing.T) {
	c := newCompany(t)
	id := c.idea(c.anna, c.open, "Una").ID
	c.later(9 * 24 * time.Hour)
	c.owes(id, "late 2")
	c.do(c.MoveIdea(c.ctx, c.mod, id, board.Move{Stage: board.Parked, Reason: "Dopo l'estate.", Until: "2026-09-01"}))
	c.owes(id, "settled")
	c.do(c.MoveIdea(c.ctx, c.mod, id, board.Move{Stage: board.InReview, Reason: "È passata l'estate."}))
	c.owes(id, "late 2") // as before: parking is no answer
	c.do(c.DeleteIdea(c.ctx, c.anna, id))
	c.clean()
	c.do(c.RestoreIdea(c.ctx, c.anna, id))
	c.owes(id, "late 2")
	c.do(c.MoveIdea(c.ctx, c.anna, id, board.Move{Stage: board.Withdrawn}))
	c.owes(id, "settled")
}

// TestWhoStandsIn answers on a board as its owners come and go.
func TestWhoStandsIn(t *testing.T) {
	c := newCompany(t)
	settles := func(who board.Who, want string) {
		t.Helper()
		id := c.idea(c.anna, c.open, "Una").ID
		c.do(c.Answer(c.ctx, c.now(who), id, board.NewAnswer{Body: "Sì."}, ""))
		c.owes(id, want)
	}
	settles(c.mod, "settled") // nobody owns the board
	c.do(c.AddOwner(c.ctx, c.admin, c.open, board.NewOwner{Person: c.bruno.ID}))
	settles(c.mod, "due 5")
	settles(c.bruno, "settled")
	off := true
	c.do(c.ChangePerson(c.ctx, c.admin, c.bruno.ID, PersonChange{Disabled: &off}))
	settles(c.mod, "settled") // its one owner can answer no more
	team, _, err := c.AddTeam(c.ctx, c.admin, "Acquisti", 0)
	if err != nil {
		t.Fatal(err)
	}
	c.do(c.AddOwner(c.ctx, c.admin, c.open, board.NewOwner{Team: team}))
	settles(c.mod, "settled") // a team without people
	name := "Acquisti"
	c.do(c.ChangePerson(c.ctx, c.admin, c.anna.ID, PersonChange{Team: &name}))
	settles(c.mod, "due 5")
	settles(c.anna, "settled")
	owners, err := c.Owners(c.ctx, c.anna, c.open)
	if err != nil || len(owners) != 1 || owners[0].Name != "Acquisti" {
		t.Errorf("owners are %+v, %v", owners, err)
	}
	c.do(c.RemoveOwner(c.ctx, c.admin, c.open, owners[0].ID))
	settles(c.mod, "settled")
	for kind, n := range map[board.Act]int{board.OwnerAddedAct: 2, board.OwnerRemovedAct: 1} {
		if got := len(slices.DeleteFunc(c.acts(), func(e board.AuditEntry) bool { return e.Act != kind })); got != n {
			t.Errorf("%d acts %s, want %d", got, kind, n)
		}
	}
}

// TestWhoMayOwn refuses those who could not answer, and those who may not choose.
func TestWhoMayOwn(t *testing.T) {
	c := newCompany(t)
	add := func(who board.Who, slug string, in board.NewOwner) error {
		_, err := c.AddOwner(c.ctx, who, slug, in)
		return err
	}
	wants(t, add(c.mod, c.open, board.NewOwner{Person: c.anna.ID}), board.Forbidden, "")
	wants(t, add(c.admin, c.private, board.NewOwner{Person: c.bruno.ID}), board.Invalid, "owner") // no member
	wants(t, add(c.admin, c.open, board.NewOwner{Person: c.guest.ID}), board.Invalid, "owner")
	wants(t, add(c.admin, c.open, board.NewOwner{}), board.Invalid, "owner")
	wants(t, add(c.admin, c.open, board.NewOwner{Person: c.anna.ID, Team: 1}), board.Invalid, "owner")
	wants(t, add(c.admin, c.open, board.NewOwner{Team: 99}), board.Invalid, "owner")
	wants(t, add(c.admin, "altrove", board.NewOwner{Person: c.anna.ID}), board.NotFound, "")
	_, err := c.Owners(c.ctx, c.bruno, c.private)
	wants(t, err, board.NotFound, "")
	_, err = c.SetClock(c.ctx, c.mod, c.open, board.Clock{})
	wants(t, err, board.Forbidden, "")
	_, err = c.Clock(c.ctx, c.bruno, c.private)
	wants(t, err, board.NotFound, "")
	_, err = c.SetClock(c.ctx, c.admin, c.open, board.Clock{AnswerTime: board.AnswerTime{Time: 1, Unit: "weeks"}, Calendar: board.DefaultCalendar()})
	wants(t, err, board.Invalid, "unit")
	_, err = c.SetClock(c.ctx, c.admin, c.open, board.Clock{AnswerTime: board.AnswerTime{Time: 5000, Unit: board.Hours}, Calendar: board.DefaultCalendar()})
	wants(t, err, board.Invalid, "time")
}

// TestAChangedClockCountsAtOnce sets the clock of a board on which hundreds wait.
func TestAChangedClockCountsAtOnce(t *testing.T) {
	c := newCompany(t)
	first := c.idea(c.anna, c.open, "Prima").ID
	text, err := c.newIdeaText(c.ctx, c.anna, board.NewIdea{Title: "Altra"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.write(c.ctx, c.anna.ID, func(tx *Tx) error {
		boardID, err := tx.boardFor(c.anna, c.open)
		for range 1100 {
			if err == nil {
				_, err = tx.addIdea(boardID, c.anna.ID, text, 0)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	last := c.idea(c.anna, c.open, "Ultima").ID
	set := func(time int, unit board.Unit, change func(*board.Calendar)) {
		t.Helper()
		in := board.Clock{AnswerTime: board.AnswerTime{Time: time, Unit: unit}, Calendar: board.DefaultCalendar()}
		change(&in.Calendar)
		c.do(c.SetClock(c.ctx, c.admin, c.open, in))
		got, err := c.Clock(c.ctx, c.anna, c.open)
		if err != nil || got.Time != time || got.Unit != unit {
			t.Errorf("the clock is %+v, %v", got, err)
		}
	}
	same := func(*board.Calendar) {}
	for _, id := range []int64{first, last} {
		c.owes(id, "due 5") // Monday 2 March to Monday 9 March
	}
	c.recorded(func() { set(2, board.Days, same) }, board.BoardChanged)
	c.recorded(func() { set(2, board.Days, same) })
	c.owes(last, "due 2")
	set(16, board.Hours, func(cal *board.Calendar) { cal.Extra = []string{"2026-03-03"} })
	c.owes(first, "due 2") // until Thursday: Tuesday is off
	set(3, board.Days, func(cal *board.Calendar) { cal.Week = [7]string{"", "", "", "", "9-13", "", ""} })
	c.owes(last, "due 3") // three Fridays
	set(0, board.Days, same)
	c.owes(first, "waits")
	c.later(100 * 24 * time.Hour)
	c.owes(last, "waits")
	if b, err := c.Board(c.ctx, c.anna, c.open); err != nil || b.Unanswered != 1102 || b.Late != 0 {
		t.Errorf("the board counts %d that wait, %d late, %v", b.Unanswered, b.Late, err)
	}
	set(5, board.Days, same) // nothing is born late
	c.owes(first, "due 5")
	c.later(30 * 24 * time.Hour)
	c.owes(first, "late 17")
	set(0, board.Days, same)
	c.later(time.Hour)
	within := c.idea(c.anna, c.open, "Intanto").ID
	c.later(14 * 24 * time.Hour)
	set(5, board.Days, same) // it is as late as it was, and what nobody promised anything is not
	c.owes(first, "late 17")
	c.owes(within, "due 5")
	if e := c.lastAct(board.ClockChangedAct); e.Board == 0 || e.After.Value == "" {
		t.Errorf("the audit log keeps %+v", e)
	}
}

// TestClocksAreWound opens a folder as the migration left it.
func TestClocksAreWound(t *testing.T) {
	c := newCompany(t)
	id := c.idea(c.anna, c.open, "Una").ID
	c.later(90 * 24 * time.Hour)
	c.do(c.write(c.ctx, c.anna.ID, func(tx *Tx) error {
		if _, err := tx.exec(`UPDATE clock SET due_at = 0`); err != nil {
			return err
		}
		_, err := tx.record(board.BoardChanged, about{board: 1})
		return err
	}))
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	c.Store = c.reopen(c.dir)
	c.owes(id, "due 5")
}

// TestLateIdeas lists what is late for those who answer or moderate, page by page,
// and on the board itself.
func TestLateIdeas(t *testing.T) {
	c := newCompany(t)
	var ids []int64
	for i := range 7 {
		slug := c.open
		if i%3 == 2 {
			slug = c.private
		}
		ids = append(ids, c.idea(c.anna, slug, fmt.Sprint("Idea ", i)).ID)
		c.later(time.Hour)
	}
	c.later(8 * 24 * time.Hour)
	fresh := c.idea(c.anna, c.open, "Fresca").ID
	late := func(who board.Who) (got []int64) {
		t.Helper()
		for next := ""; ; {
			page, err := c.Late(c.ctx, who, 2, next)
			if err != nil {
				t.Fatal(err)
			}
			for _, i := range page.Items {
				got = append(got, i.ID)
			}
			if next = page.Next; next == "" {
				break
			}
			if len(got) == 2 { // an answer between two pages moves nothing
				c.do(c.Answer(c.ctx, c.mod, ids[0], board.NewAnswer{Body: "Sì."}, ""))
			}
		}
		if n, err := c.LateCount(c.ctx, who); err != nil || n != len(got) && n+1 != len(got) {
			t.Errorf("%s counts %d late, lists %v, %v", who.Name, n, got, err)
		}
		return got
	}
	if got := late(c.mod); !slices.Equal(got, ids) {
		t.Errorf("late are %v, want %v", got, ids)
	}
	c.do(c.AddOwner(c.ctx, c.admin, c.open, board.NewOwner{Person: c.bruno.ID}))
	open := []int64{ids[1], ids[3], ids[4], ids[6]}
	if got := late(c.now(c.bruno)); !slices.Equal(got, open) { // not those of the private board
		t.Errorf("late for their owner are %v, want %v", got, open)
	}
	if got := late(c.anna); len(got) != 0 {
		t.Errorf("who answers nothing sees %v", got)
	}
	list, err := c.Ideas(c.ctx, c.anna, Listing{Board: c.open, Sort: board.Latest, Limit: 3})
	for err == nil && list.Next != "" && len(list.Items) < 100 {
		var more board.List[board.Idea]
		more, err = c.Ideas(c.ctx, c.anna, Listing{Board: c.open, Sort: board.Latest, Limit: 3, Cursor: list.Next})
		list.Items, list.Next = append(list.Items, more.Items...), more.Next
	}
	var got []int64
	for _, i := range list.Items {
		got = append(got, i.ID)
	}
	if err != nil || !slices.Equal(got, open) {
		t.Errorf("late on the board are %v, %v", got, err)
	}
	h, err := c.Home(c.ctx, c.now(c.bruno), 5)
	if err != nil || len(h.Waiting) != 5 || h.Waiting[0].ID != ids[1] || h.Waiting[4].ID != fresh {
		t.Errorf("the owner's first page has %v, %v", h.Waiting, err)
	}
	h, err = c.Home(c.ctx, c.mod, 9) // the private board has no owner, the open one has
	if err != nil || len(h.Waiting) != 2 || h.Waiting[0].ID != ids[2] {
		t.Errorf("the moderator's first page has %v, %v", h.Waiting, err)
	}
	set := board.Clock{AnswerTime: board.AnswerTime{Unit: board.Days}, Calendar: board.DefaultCalendar()}
	c.do(c.SetClock(c.ctx, c.admin, c.open, set))
	if h, err = c.Home(c.ctx, c.now(c.bruno), 9); err != nil || len(h.Waiting) != 5 {
		t.Errorf("without a clock they still wait: %v, %v", h.Waiting, err)
	}
}
