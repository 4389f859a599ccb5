package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"convivio/store/board"
)

// dueIdea is an idea whose answer may have fallen due in the month.
type dueIdea struct {
	author, board, since int64
	owed                 bool
	answered             sql.NullInt64 // by an owner
}

// gatherDue measures whether answers came in time: of ideas whose answer fell due
// in the month, and that were owed one. The clock stands still while an idea is
// parked, as everywhere else.
func (q *closing) gatherDue(ctx context.Context) error {
	since, err := q.owedFrom()
	if err != nil {
		return err
	}
	rows, err := q.tx.QueryContext(ctx, `
		SELECT i.author_id, i.board_id, `+owedSince+`, `+owed+`, (SELECT MIN(a.created_at) FROM answer a WHERE a.idea_id = i.id AND a.by_owner = 1)
		FROM idea i WHERE i.created_at < $2 AND i.deleted_at IS NULL AND (i.created_at >= $1 OR i.id IN (
			SELECT c.idea_id FROM stage_change c WHERE c.from_stage IN ('parked', 'withdrawn') AND c.at >= $1))`, micros(since), micros(q.ends))
	if err != nil {
		return fmt.Errorf("read whether ideas were answered in time: %w", err)
	}
	list, err := collect(rows, func(rows *sql.Rows) (o dueIdea, err error) {
		err = rows.Scan(&o.author, &o.board, &o.since, &o.owed, &o.answered)
		return o, err
	})
	if err != nil {
		return err
	}
	for _, o := range list {
		b := q.boards[o.board]
		if b == nil || !o.owed && !o.answered.Valid {
			continue
		}
		due, err := b.clock.due(o.since)
		if err != nil {
			return err
		}
		if due, ok := due.(int64); ok && due >= micros(q.begins) && due < micros(q.ends) {
			q.share(board.AnsweredDue, o.author, o.board, o.answered.Valid && o.answered.Int64 <= due)
		}
	}
	return nil
}

// owedFrom is a time before which nothing was posted that falls due in the month,
// by the slowest clock.
func (q *closing) owedFrom() (time.Time, error) {
	back := board.Month(1)
	for _, b := range q.boards {
		for b.clock.Time != 0 && back < 60 {
			w, err := working(b.clock.calendar)
			if err != nil {
				return time.Time{}, err
			}
			if b.clock.Due(w, (q.month - back).Begins(q.begins.Location())).Before(q.begins) {
				break
			}
			back++
		}
	}
	return (q.month - back).Begins(q.begins.Location()), nil
}

// From how many voters on support is called broad, and from how many teams.
const (
	broadVoters = board.LeastGroup
	broadTeams  = 3
)

// gatherBreadths measures whether support comes from several teams: of ideas that
// got a vote in the month and have enough voters with a team at its end.
func (q *closing) gatherBreadths(ctx context.Context) error {
	rows, err := q.tx.QueryContext(ctx, `
		SELECT v.idea_id, i.author_id, i.board_id, v.person_id FROM vote v JOIN idea i ON i.id = v.idea_id
		WHERE v.idea_id IN (SELECT m.idea_id FROM vote m WHERE m.at >= $1 AND m.at < $2) AND v.at < $2 AND i.deleted_at IS NULL AND i.stage <> 'merged'
		ORDER BY v.idea_id`, micros(q.begins), micros(q.ends))
	if err != nil {
		return fmt.Errorf("read where support comes from: %w", err)
	}
	defer rows.Close()
	var idea, author, boardID, voters int64
	teams := map[int64]bool{}
	settle := func() {
		if voters >= broadVoters {
			q.share(board.Breadths, author, boardID, len(teams) >= broadTeams)
		}
		voters = 0
		clear(teams)
	}
	for rows.Next() {
		var id, by, on, person int64
		if err := rows.Scan(&id, &by, &on, &person); err != nil {
			return fmt.Errorf("scan where support comes from: %w", err)
		}
		if id != idea {
			settle()
			idea, author, boardID = id, by, on
		}
		if p, ok := q.counts(person); ok && p.team != 0 {
			voters++
			teams[p.team] = true
		}
	}
	settle()
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read where support comes from: %w", err)
	}
	return nil
}
