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
	rows, err := s.dueRows(ctx, who, onClock+` AND k.due_at < $4 AND (k.due_at, k.idea_id) > ($5, $6)
		AND ($7 OR k.board_id IN (SELECT value FROM JSON_EACH($8))) ORDER BY k.due_at, k.idea_id LIMIT $3`,
		limit+1, micros(s.now()), c.value, c.id, who.Moderates(), chosen)
	if len(rows) > limit {
		rows = rows[:limit]
		out.Next = cursor{list: "late", value: micros(*rows[limit-1].DueAt), id: rows[limit-1].ID}.String()
	}
	for _, r := range rows {
		out.Items = append(out.Items, r.Idea)
	}
	return out, err
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

// CountLate fills in how much is late on boards that their reader was found to see.
func (s *Store) CountLate(ctx context.Context, boards []board.Board) error {
	rows, err := s.readDB.QueryContext(ctx, `SELECT k.board_id, COUNT(*) FROM clock k WHERE k.due_at < $1 GROUP BY k.board_id`, micros(s.now()))
	if err != nil {
		return fmt.Errorf("count what is late: %w", err)
	}
	defer rows.Close()
	late := map[int64]int{}
	for rows.Next() {
		var id int64
		var n int
		if err := rows.Scan(&id, &n); err != nil {
			return fmt.Errorf("count what is late: %w", err)
		}
		late[id] = n
	}
	for i := range boards {
		boards[i].Late = late[boards[i].ID]
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("count what is late: %w", err)
	}
	return nil
}

// idsText is how a statement takes ids as one value: JSON_EACH.
func idsText(ids []int64) (string, error) {
	text, err := json.Marshal(ids)
	if err != nil {
		return "", fmt.Errorf("write ids: %w", err)
	}
	return string(text), nil
}

// onClock is where lists in the order of due times begin: the clock first, so that
// its index is walked and no further than it must be.
const onClock = `SELECT k.idea_id FROM clock k CROSS JOIN idea i CROSS JOIN board b WHERE i.id = k.idea_id AND b.id = k.board_id AND ` + sees

// dueRows reads ideas in the order in which a query names them.
func (s *Store) dueRows(ctx context.Context, who board.Who, query string, args ...any) ([]ideaRow, error) {
	rows, err := s.readDB.QueryContext(ctx, query, append([]any{string(who.Kind), who.ID}, args...)...)
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

// owing are the boards on which a reader owes answers: those they own, and those
// they moderate that nobody owns. $3 and $4 are ids, $5 whether they moderate all.
const owing = `k.board_id IN (SELECT b.id FROM board b WHERE b.id IN (SELECT value FROM JSON_EACH($3))
	OR ($5 OR b.id IN (SELECT value FROM JSON_EACH($4))) AND NOT ` + owned + `)`

// owedBy lists ideas that wait for an answer of somebody's, the latest first,
// those without a time last; at most n that were not shown yet.
func (s *Store) owedBy(ctx context.Context, who board.Who, shown map[int64]bool, n int) ([]board.Idea, error) {
	if !who.ModeratesAny() && len(who.Owns) == 0 {
		return nil, nil
	}
	owns, err := idsText(who.Owns)
	if err != nil {
		return nil, err
	}
	keeps, err := idsText(who.Keeps)
	if err != nil {
		return nil, err
	}
	rows, err := s.dueRows(ctx, who, `
		SELECT idea_id FROM (`+onClock+` AND k.due_at IS NOT NULL AND `+owing+` ORDER BY k.due_at, k.idea_id LIMIT $6)
		UNION ALL SELECT idea_id FROM (`+onClock+` AND k.due_at IS NULL AND `+owing+` ORDER BY k.idea_id LIMIT $6)`,
		owns, keeps, who.Moderates(), n+len(shown))
	out := []board.Idea{}
	for _, r := range rows {
		if len(out) < n && !shown[r.ID] {
			shown[r.ID] = true
			out = append(out, r.Idea)
		}
	}
	return out, err
}
