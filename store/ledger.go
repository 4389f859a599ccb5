package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"convivio/store/board"
)

// Ledger counts what moderators did on the boards that somebody sees, or on one
// of them, month by month. Months that are not over are left out: whoever looked
// every day could tell what was done today, and to whom. Errors: not_found.
func (s *Store) Ledger(ctx context.Context, who board.Who, slug string) (board.Ledger, error) {
	now := s.now().Local()
	l := board.Ledger{Board: slug, Months: []board.LedgerMonth{}, Until: time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, now.Location())}
	l.Since = l.Until.AddDate(0, -board.LedgerMonths, 0)
	if slug != "" {
		if _, err := s.Board(ctx, who, slug); err != nil {
			return l, err
		}
	}
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT d.at, d.kind, d.action, d.ground, COALESCE(r.at, 0), d.overturned_at IS NOT NULL
		FROM decision d JOIN board b ON b.id = d.board_id LEFT JOIN review r ON r.id = d.review_id
		WHERE d.at >= $3 AND d.at < $4 AND d.undone_at IS NULL AND d.action <> 'handover' AND ($5 = '' OR b.slug = $5) AND `+sees,
		string(who.Kind), who.ID, micros(l.Since), micros(l.Until), slug)
	if err != nil {
		return l, fmt.Errorf("count decisions: %w", err)
	}
	list, err := collect(rows, func(rows *sql.Rows) (d ledgerRow, err error) {
		err = rows.Scan(&d.at, &d.kind, &d.action, &d.ground, &d.opened, &d.overturned)
		return d, err
	})
	if err != nil {
		return l, err
	}
	months := map[time.Time][]ledgerRow{}
	for _, d := range list {
		t := at(d.at).In(now.Location())
		month := time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, now.Location())
		months[month] = append(months[month], d)
	}
	for month := l.Until.AddDate(0, -1, 0); !month.Before(l.Since); month = month.AddDate(0, -1, 0) {
		if some := months[month]; len(some) > 0 {
			l.Months = append(l.Months, monthOf(month, some))
		}
	}
	l.Appeals, l.Hours = appealsOf(list), hoursOf(list)
	return l, nil
}

// ledgerRow is a decision as the ledger counts it.
type ledgerRow struct {
	at, opened int64
	kind       board.ReviewKind
	action     board.Action
	ground     board.Ground
	overturned bool
}

func monthOf(month time.Time, list []ledgerRow) board.LedgerMonth {
	m := board.LedgerMonth{Month: month, Actions: []board.LedgerCount{}, Grounds: []board.LedgerCount{}}
	if len(list) < board.LedgerFew {
		return m
	}
	m.Total = len(list)
	actions, grounds := map[string]int{}, map[string]int{}
	for _, d := range list {
		actions[string(d.action)]++
		if d.ground != "" {
			grounds[string(d.ground)]++
		}
	}
	m.Actions, m.Grounds = counts(actions), counts(grounds)
	return m
}

// counts puts what was ledgerRow in order, what is too little to be named together;
// so little in all that it would be told apart is left out.
func counts(of map[string]int) []board.LedgerCount {
	out := []board.LedgerCount{}
	for what, n := range of {
		out = append(out, board.LedgerCount{What: what, Count: n})
	}
	out = board.FoldFew(out)
	if len(out) == 1 && out[0].Count < board.LedgerFew {
		return []board.LedgerCount{}
	}
	return out
}

func appealsOf(list []ledgerRow) *board.AppealCount {
	var a board.AppealCount
	for _, d := range list {
		switch d.action {
		case board.Uphold:
			a.Decided++
		case board.Overturn:
			a.Decided++
			a.Overturned++
		}
	}
	if a.Decided < board.LedgerFew {
		return nil
	}
	return &a
}

// hoursOf is in how many hours half of what waited was decided.
func hoursOf(list []ledgerRow) int {
	var took []int64
	for _, d := range list {
		if d.opened > 0 && d.at >= d.opened {
			took = append(took, d.at-d.opened)
		}
	}
	if len(took) < board.LedgerFew {
		return 0
	}
	slices.Sort(took)
	return max(1, int((took[len(took)/2]+int64(time.Hour/time.Microsecond)-1)/int64(time.Hour/time.Microsecond)))
}
