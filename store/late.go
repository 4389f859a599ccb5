package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"

	"convivio/store/board"
)

// Late lists the ideas that are owed an answer and late, on the boards that
// somebody moderates or owns, the latest first. Errors: invalid (field cursor).
func (s *Store) Late(ctx context.Context, who board.Who, limit int, after string) (out board.List[board.Idea], err error) {
	out.Items = []board.Idea{}
	c, _, err := parseCursor("late", after)
	if err != nil || !who.Moderates() && len(who.Keeps)+len(who.Owns) == 0 {
		return out, err
	}
	limit = pageSize(limit)
	chosen, err := idsText(slices.Concat(who.Keeps, who.Owns))
	if err != nil {
		return out, err
	}
	rows, err := s.dueRows(ctx, who, `k.due_at < $4 AND (k.due_at, k.idea_id) > ($5, $6) AND ($7 OR k.board_id IN (SELECT value FROM JSON_EACH($8))) ORDER BY k.due_at, k.idea_id LIMIT $3`,
		limit+1, micros(s.now()), c.value, c.id, who.Moderates(), chosen)
	if err != nil {
		return out, err
	}
	return duePage("late", rows, limit), nil
}

// LateCount counts what Late lists, for whoever moderates or owns boards.
func (s *Store) LateCount(ctx context.Context, who board.Who) (n int, err error) {
	if !who.Moderates() && len(who.Keeps)+len(who.Owns) == 0 {
		return 0, nil
	}
	chosen, err := idsText(slices.Concat(who.Keeps, who.Owns))
	if err != nil {
		return 0, err
	}
	err = s.readDB.QueryRowContext(ctx, `
		SELECT COUNT(*) FROM clock k JOIN board b ON b.id = k.board_id
		WHERE k.due_at < $3 AND ($4 OR k.board_id IN (SELECT value FROM JSON_EACH($5))) AND `+sees,
		string(who.Kind), who.ID, micros(s.now()), who.Moderates(), chosen).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count what is late: %w", err)
	}
	return n, nil
}

// lateOn counts what is late on a board that its reader was found to see.
func (s *Store) lateOn(ctx context.Context, boardID int64) (n int, err error) {
	err = s.readDB.QueryRowContext(ctx, `SELECT COUNT(*) FROM clock k WHERE k.board_id = $1 AND k.due_at < $2`, boardID, micros(s.now())).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count what is late on board %d: %w", boardID, err)
	}
	return n, nil
}

// idsText is how a statement takes ids as one value: JSON_EACH.
func idsText(ids []int64) (string, error) {
	text, err := json.Marshal(ids)
	if err != nil {
		return "", fmt.Errorf("write ids: %w", err)
	}
	return string(text), nil
}

// dueRows reads ideas in the order of a query on clock k, its idea i and its
// board b: which first, so that the index of due times is walked and no further
// than it must be.
func (s *Store) dueRows(ctx context.Context, who board.Who, which string, args ...any) ([]ideaRow, error) {
	// #nosec G202 -- which is a literal of this package
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT k.idea_id FROM clock k CROSS JOIN idea i CROSS JOIN board b
		WHERE i.id = k.idea_id AND b.id = k.board_id AND `+sees+` AND `+which, append([]any{string(who.Kind), who.ID}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("list what waits for an answer: %w", err)
	}
	ids, err := collect(rows, func(rows *sql.Rows) (id int64, err error) { err = rows.Scan(&id); return id, err })
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	chosen, err := idsText(ids)
	if err != nil {
		return nil, err
	}
	list, err := s.ideaRows(ctx, who, ` AND i.id IN (SELECT value FROM JSON_EACH($3))`, chosen)
	slices.SortFunc(list, func(a, b ideaRow) int { return slices.Index(ids, a.ID) - slices.Index(ids, b.ID) })
	return list, err
}

// duePage cuts rows, of which one more than limit was asked for, to a page.
func duePage(list string, rows []ideaRow, limit int) board.List[board.Idea] {
	out := board.List[board.Idea]{Items: []board.Idea{}}
	if len(rows) > limit {
		rows = rows[:limit]
		if last := rows[limit-1]; last.DueAt != nil {
			out.Next = cursor{list: list, value: micros(*last.DueAt), id: last.ID}.String()
		}
	}
	for _, r := range rows {
		out.Items = append(out.Items, r.Idea)
	}
	return out
}

// owing lists the boards on which somebody owes answers: those they own, and
// those they moderate that nobody owns.
func (s *Store) owing(ctx context.Context, who board.Who) ([]int64, error) {
	if !who.ModeratesAny() {
		return who.Owns, nil
	}
	owns, err := idsText(who.Owns)
	if err != nil {
		return nil, err
	}
	keeps, err := idsText(who.Keeps)
	if err != nil {
		return nil, err
	}
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT b.id FROM board b WHERE b.waiting > 0 AND `+sees+` AND (b.id IN (SELECT value FROM JSON_EACH($3))
			OR ($4 OR b.id IN (SELECT value FROM JSON_EACH($5))) AND NOT `+owned+`)`,
		string(who.Kind), who.ID, owns, who.Moderates(), keeps)
	if err != nil {
		return nil, fmt.Errorf("list the boards %d answers for: %w", who.ID, err)
	}
	return collect(rows, func(rows *sql.Rows) (id int64, err error) { err = rows.Scan(&id); return id, err })
}

// owedBy lists ideas that wait for an answer of somebody's, the latest first,
// those without a time last; at most n that were not shown yet.
func (s *Store) owedBy(ctx context.Context, who board.Who, shown map[int64]bool, n int) ([]board.Idea, error) {
	boards, err := s.owing(ctx, who)
	if err != nil || len(boards) == 0 {
		return nil, err
	}
	chosen, err := idsText(boards)
	if err != nil {
		return nil, err
	}
	out := []board.Idea{}
	for _, which := range []string{`k.due_at IS NOT NULL AND k.board_id IN (SELECT value FROM JSON_EACH($4)) ORDER BY k.due_at, k.idea_id LIMIT $3`,
		`k.due_at IS NULL AND k.board_id IN (SELECT value FROM JSON_EACH($4)) ORDER BY k.idea_id LIMIT $3`} {
		if len(out) == n {
			break
		}
		rows, err := s.dueRows(ctx, who, which, n+len(shown), chosen)
		if err != nil {
			return out, err
		}
		for _, r := range rows {
			if len(out) < n && !shown[r.ID] {
				shown[r.ID] = true
				out = append(out, r.Idea)
			}
		}
	}
	return out, nil
}
