package bench

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	"convivio/store/board"
)

// ideas counts how ideas were answered, decided and talked about.
func (c *recount) ideas() error {
	answers, comments, changes := map[int64][]row{}, map[int64][]row{}, map[int64][]row{}
	for _, a := range c.tables["answer"] {
		answers[a.n("idea_id")] = append(answers[a.n("idea_id")], a)
	}
	for _, m := range c.tables["comment"] {
		if m["deleted_at"] == nil {
			comments[m.n("idea_id")] = append(comments[m.n("idea_id")], m)
		}
	}
	for _, x := range c.tables["change"] {
		changes[x.n("idea_id")] = append(changes[x.n("idea_id")], x)
	}
	boards := map[int64]row{}
	for _, b := range c.tables["board"] {
		boards[b.n("id")] = b
	}
	for _, i := range c.tables["idea"] {
		id, b := i.n("id"), boards[i.n("board_id")]
		if i["deleted_at"] != nil || i.n("created_at") >= c.ends || b.n("created_at") >= c.ends {
			continue
		}
		if err := c.answered(i, b, answers[id], changes[id]); err != nil {
			return err
		}
		if i.s("stage") != "withdrawn" {
			c.decided(i, changes[id])
			c.talked(i, comments[id], answers[id])
		}
	}
	return nil
}

// answered counts whether an idea was answered before it was due, and its wait.
func (c *recount) answered(i, b row, answers, changes []row) error {
	calendar := board.DefaultCalendar()
	if text := b.s("calendar"); text != "" {
		if err := json.Unmarshal([]byte(text), &calendar); err != nil {
			return fmt.Errorf("read a calendar: %w", err)
		}
	}
	w, err := calendar.Working()
	if err != nil {
		return fmt.Errorf("read a calendar: %w", err)
	}
	first := int64(math.MaxInt64)
	for _, a := range answers {
		if a.n("by_owner") == 1 {
			first = min(first, a.n("created_at"))
		}
	}
	since := i.n("created_at") + stood(changes)
	owed := first != math.MaxInt64 || !slices.Contains([]string{"parked", "withdrawn", "merged"}, i.s("stage"))
	if b.n("answer_time") > 0 && owed {
		clock := board.AnswerTime{Time: int(b.n("answer_time")), Unit: board.Unit(b.s("answer_unit"))}
		due := clock.Due(w, time.UnixMicro(max(since, b.n("clock_from")))).UnixMicro()
		if c.within(due) {
			c.share(board.AnsweredDue, i.n("id"), first <= due)
		}
	}
	if !c.within(i.n("created_at")) || i.s("stage") == "merged" || i.s("stage") == "withdrawn" {
		return nil
	}
	end := (c.month + 1).Begins(c.zone).Add(board.MonthRest).UnixMicro()
	wait := waited{w.Between(time.UnixMicro(i.n("created_at")), time.UnixMicro(min(first, end))).Hours(), first < end}
	for _, m := range []board.Measure{board.FirstMedian, board.FirstMost} {
		c.share(m, i.n("id"), false)
		if c.open(m, i) {
			for _, u := range []Unit{{By: board.ByCompany}, {By: board.ByBoard, ID: i.n("board_id")}} {
				if u.By == board.ByCompany && c.private[i.n("board_id")] {
					continue
				}
				c.at(m, u).waits = append(c.at(m, u).waits, wait)
			}
		}
	}
	return nil
}

// stood is how long an idea's clock stood still, in microseconds.
func stood(changes []row) (still int64) {
	aside := func(stage string) bool { return stage == "parked" || stage == "withdrawn" }
	left := int64(0)
	for _, x := range changes {
		was, is := aside(x.s("from_stage")), aside(x.s("to_stage"))
		switch {
		case is && !was:
			left = x.n("at")
		case was && !is && left != 0:
			still += x.n("at") - left
		}
	}
	return still
}

func (c *recount) decided(i row, changes []row) {
	first := int64(math.MaxInt64)
	for _, x := range changes {
		if slices.Contains([]string{"planned", "in_progress", "done", "declined", "parked", "merged"}, x.s("to_stage")) {
			first = min(first, x.n("at"))
		}
	}
	for months, m := range map[board.Month]board.Measure{1: board.Decided30, 2: board.Decided60, 3: board.Decided90} {
		if board.MonthOf(time.UnixMicro(i.n("created_at")).In(c.zone)) == c.month-months {
			c.share(m, i.n("id"), first-i.n("created_at") <= int64(months)*30*24*3600*1e6)
		}
	}
}

// talked counts whether an idea was heard at once, and became a conversation.
func (c *recount) talked(i row, comments, answers []row) {
	if !c.within(i.n("created_at")) || i.s("stage") == "merged" {
		return
	}
	soon := func(at int64) bool { return at-i.n("created_at") <= 3600*1e6 }
	heard, deep, writers := false, false, map[int64]bool{}
	for _, a := range answers {
		heard = heard || soon(a.n("created_at"))
	}
	for _, m := range comments {
		if m.n("author_id") != i.n("author_id") {
			heard = heard || soon(m.n("created_at"))
		}
		if m.n("created_at") < c.ends {
			writers[m.n("author_id")] = true
			to, ok := c.comment[m.n("parent_id")]
			deep = deep || ok && to.s("label") == ""
		}
	}
	writers[i.n("author_id")] = true
	c.share(board.AnsweredHour, i.n("id"), heard)
	c.share(board.Conversations, i.n("id"), len(writers) >= 3 && deep)
}

// reports counts what was reported on open boards.
func (c *recount) reports() {
	company := Unit{By: board.ByCompany}
	x := c.at(board.Reported, company)
	for _, r := range c.tables["report"] {
		if _, ok := c.person[r.n("person_id")]; ok && c.within(r.n("at")) && !c.private[c.idea[r.n("idea_id")].n("board_id")] {
			x.Part++
			x.People[r.n("person_id")] = true
		}
	}
	x.Of = c.at(board.IdeasPosted, company).Part + c.at(board.CommentsMade, company).Part
}

func (c *recount) answers() {
	cites := map[int64]bool{}
	for _, x := range c.tables["cite"] {
		cites[x.n("answer_id")] = true
	}
	for _, a := range c.tables["answer"] {
		if c.within(a.n("created_at")) && c.stands(a.n("idea_id")) {
			c.share(board.CreditGiven, a.n("idea_id"), cites[a.n("id")])
		}
	}
}

// leads counts what was promised and done.
func (c *recount) leads() {
	planned := map[int64]bool{}
	for _, x := range c.tables["change"] {
		if !c.stands(x.n("idea_id")) {
			continue
		}
		if x.s("to_stage") == "planned" && x.n("at") >= (c.month-11).Begins(c.zone).UnixMicro() && x.n("at") < c.ends {
			planned[x.n("idea_id")] = true
		}
		if x.s("to_stage") == "done" && c.within(x.n("at")) {
			c.share(board.OutcomeStated, x.n("idea_id"), x.s("measured") != "")
		}
	}
	for idea := range planned {
		if stage := c.idea[idea].s("stage"); stage != "merged" {
			c.share(board.PlannedDone, idea, stage == "done")
		}
	}
	for _, p := range c.tables["promise"] {
		due, err := time.ParseInLocation(time.DateOnly, p.s("due"), c.zone)
		if err != nil || !c.within(due.UnixMicro()) || !c.stands(p.n("idea_id")) || p.s("ended") != "" && p.s("ended") != "done" {
			continue
		}
		c.share(board.PromisesKept, p.n("idea_id"), p.s("ended") == "done" && p.s("ended_on") <= p.s("due"))
	}
	c.reports()
}
