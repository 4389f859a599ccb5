package store

import (
	"fmt"
	"testing"
	"time"

	"convivio/store/board"
)

func TestTheLedgerNamesNobody(t *testing.T) {
	c := newCompany(t)
	ideas := []int64{}
	for i := range 9 {
		ideas = append(ideas, c.idea(c.bruno, c.open, fmt.Sprint("Idea ", i)).ID)
	}
	private := c.idea(c.anna, c.private, "Di pochi")
	decide := func(idea int64, what board.Action, why board.Ground) {
		t.Helper()
		item, err := c.OpenReview(c.ctx, c.mod, idea, 0)
		if err != nil {
			t.Fatal(err)
		}
		c.do(c.Decide(c.ctx, c.mod, board.Ruling{Item: item, Action: what, Ground: why, Note: "perché"}))
	}
	for _, i := range ideas[:4] {
		decide(i, board.Hide, board.OffTopic)
	}
	decide(ideas[4], board.Warn, board.Disrespect) // one of its kind
	decide(private.ID, board.Hide, board.OffTopic)
	if l, err := c.Ledger(c.ctx, c.bruno, ""); err != nil || len(l.Months) != 0 {
		t.Errorf("a month that is not over stands there: %+v, %v", l.Months, err)
	}
	c.clock.Store(time.Date(2026, 4, 2, 9, 0, 0, 0, time.UTC).UnixMicro())
	decide(ideas[5], board.Hide, board.Advertising) // April: one in all
	c.clock.Store(time.Date(2026, 5, 2, 9, 0, 0, 0, time.UTC).UnixMicro())
	l, err := c.Ledger(c.ctx, c.bruno, "")
	if err != nil || len(l.Months) != 2 {
		t.Fatalf("%+v, %v", l.Months, err)
	}
	if april := l.Months[0]; april.Total != 0 || len(april.Actions)+len(april.Grounds) != 0 {
		t.Errorf("one decision of a month is told apart: %+v", april)
	}
	march := l.Months[1]
	if march.Total != 5 {
		t.Errorf("March counts %d", march.Total)
	}
	for _, list := range [][]board.LedgerCount{march.Actions, march.Grounds} {
		for _, n := range list {
			if n.Count < board.LedgerFew {
				t.Errorf("%s stands there %d times", n.What, n.Count)
			}
		}
	}
	if l, err := c.Ledger(c.ctx, c.mod, ""); err != nil || l.Months[1].Total != 6 {
		t.Errorf("a member sees %+v, %v", l.Months, err)
	}
	_, err = c.Ledger(c.ctx, c.bruno, c.private)
	wants(t, err, board.NotFound, "")
}

func TestSmallNumbersStandTogether(t *testing.T) {
	for _, tt := range []struct {
		in, want []board.LedgerCount
	}{
		{[]board.LedgerCount{{What: "a", Count: 1}, {What: "b", Count: 5}, {What: "c", Count: 2}}, []board.LedgerCount{{What: "b", Count: 5}, {What: board.OtherCount, Count: 3}}},
		{[]board.LedgerCount{{What: "a", Count: 1}, {What: "b", Count: 5}}, []board.LedgerCount{{What: board.OtherCount, Count: 6}}},
		{[]board.LedgerCount{{What: "a", Count: 3}, {What: "b", Count: 5}}, []board.LedgerCount{{What: "b", Count: 5}, {What: "a", Count: 3}}},
	} {
		if got := board.FoldFew(append([]board.LedgerCount{}, tt.in...)); fmt.Sprint(got) != fmt.Sprint(tt.want) {
			t.Errorf("%v gives %v, want %v", tt.in, got, tt.want)
		}
	}
}

func TestAnAppealWithNobodyElse(t *testing.T) {
	c := newCompany(t)
	idea := c.idea(c.bruno, c.open, "Una")
	item, err := c.OpenReview(c.ctx, c.admin, idea.ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	d, err := c.Decide(c.ctx, c.admin, board.Ruling{Item: item, Action: board.Hide, Ground: board.OffTopic})
	if err != nil {
		t.Fatal(err)
	}
	j, err := c.Appeal(c.ctx, c.bruno, d.ID, "No.")
	if err != nil || j.Appeal == nil {
		t.Fatal(j, err)
	}
	_, err = c.Appeal(c.ctx, c.anna, d.ID, "Neanch'io.")
	wants(t, err, board.NotFound, "")
	_, err = c.DecideAppeal(c.ctx, c.admin, j.Appeal.ID, false, "Resta.") // there is mod
	wants(t, err, board.Forbidden, "")
	off := true
	c.do(c.ChangePerson(c.ctx, c.admin, c.mod.ID, PersonChange{Disabled: &off}))
	c.do(c.DecideAppeal(c.ctx, c.admin, j.Appeal.ID, false, "Resta."))
	if j, err = c.Judgement(c.ctx, c.bruno, d.ID); err != nil || !j.Appeal.Alone || j.Appeal.Overturned {
		t.Errorf("%+v, %v", j.Appeal, err)
	}
	if err := c.ForgetRemoved(c.ctx); err != nil {
		t.Fatal(err)
	}
	if j, err = c.Judgement(c.ctx, c.bruno, d.ID); err != nil || j.Body != "" {
		t.Errorf("the words stand aside after all was said: %q, %v", j.Body, err)
	}
	c.clean()
}
