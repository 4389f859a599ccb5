package store

import (
	"context"
	"fmt"
	"time"

	"convivio/store/board"
)

// gatherPromises measures whether what was planned came about: promises that were
// due in the month, ideas planned in a year, and ideas done in the month.
func (q *closing) gatherPromises(ctx context.Context) error {
	zone := q.begins.Location()
	first, last := q.begins.Format(time.DateOnly), q.ends.AddDate(0, 0, -1).Format(time.DateOnly) // whatever the server's own zone is
	for _, x := range []struct {
		measure board.Measure
		query   string
		args    []any
	}{
		{board.PromisesKept, `
			SELECT i.author_id, i.board_id, p.ended = 'done' AND p.ended_on <= p.due FROM promise p JOIN idea i ON i.id = p.idea_id
			WHERE p.due >= $1 AND p.due <= $2 AND p.ended IN ('', 'done') AND i.deleted_at IS NULL`, []any{first, last}},
		{board.PlannedDone, `
			SELECT i.author_id, i.board_id, i.stage = 'done' FROM idea i WHERE i.deleted_at IS NULL AND i.stage <> 'merged' AND EXISTS (
				SELECT 1 FROM stage_change c WHERE c.idea_id = i.id AND c.to_stage = 'planned' AND c.at >= $1 AND c.at < $2)`,
			[]any{micros((q.month - 11).Begins(zone)), micros(q.ends)}},
		{board.OutcomeStated, `
			SELECT i.author_id, i.board_id, c.measured <> '' FROM stage_change c JOIN idea i ON i.id = c.idea_id
			WHERE c.to_stage = 'done' AND c.at >= $1 AND c.at < $2 AND i.deleted_at IS NULL`, []any{micros(q.begins), micros(q.ends)}},
	} {
		if err := q.gatherShare(ctx, x.measure, x.query, x.args...); err != nil {
			return err
		}
	}
	return nil
}

// gatherShare puts rows of author, board and whether it counts on a share's piles.
func (q *closing) gatherShare(ctx context.Context, m board.Measure, query string, args ...any) error {
	rows, err := q.tx.QueryContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("read for %s: %w", m, err)
	}
	defer rows.Close()
	for rows.Next() {
		var author, boardID int64
		var part bool
		if err := rows.Scan(&author, &boardID, &part); err != nil {
			return fmt.Errorf("scan for %s: %w", m, err)
		}
		q.share(m, author, boardID, part)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read for %s: %w", m, err)
	}
	return nil
}

// gatherModeration measures how much is reported, and how appeals end.
func (q *closing) gatherModeration(ctx context.Context) error {
	company := unitKey{by: board.ByCompany}
	rows, err := q.tx.QueryContext(ctx, `
		SELECT r.person_id FROM report r JOIN idea i ON i.id = r.idea_id JOIN board b ON b.id = i.board_id
		WHERE r.at >= $1 AND r.at < $2 AND b.visibility = 'open'`, micros(q.begins), micros(q.ends))
	if err != nil {
		return fmt.Errorf("read reports: %w", err)
	}
	people, err := collect(rows, scanID)
	if err != nil {
		return err
	}
	for _, person := range people {
		q.add(board.Reported, person, 0, 1)
	}
	x := q.piles.at(board.Reported, company)
	for _, m := range []board.Measure{board.IdeasPosted, board.CommentsMade} {
		for _, n := range q.piles.at(m, company).parts {
			x.of += n
		}
	}
	return q.gatherShare(ctx, board.AppealsUpheld, `
		SELECT a.person_id, d.board_id, a.overturned = 1 FROM appeal a JOIN decision d ON d.id = a.decision_id
		WHERE a.decided_at >= $1 AND a.decided_at < $2`, micros(q.begins), micros(q.ends))
}
