package store

import (
	"context"
	"fmt"

	"convivio/store/board"
)

// placed keeps where people stand from now on, of one person, or of everybody with
// 0: figures count people as they stood in the period. It must follow every change
// of a person's kind, team or site, and of whether they can sign in or are counted.
func (tx *Tx) placed(person int64) error {
	_, err := tx.exec(`
		INSERT INTO place (person_id, since, kind, team_id, site, counted)
		SELECT p.id, $1, p.kind, p.team_id, p.site, CASE WHEN p.disabled_at IS NULL AND p.uncounted = 0 THEN 1 ELSE 0 END
		FROM person p WHERE (p.id = $2 OR $2 = 0) AND NOT EXISTS (
			SELECT 1 FROM place l WHERE l.person_id = p.id
			AND l.since = (SELECT MAX(m.since) FROM place m WHERE m.person_id = p.id)
			AND l.kind = p.kind AND COALESCE(l.team_id, 0) = COALESCE(p.team_id, 0) AND l.site = p.site
			AND l.counted = CASE WHEN p.disabled_at IS NULL AND p.uncounted = 0 THEN 1 ELSE 0 END)
		ON CONFLICT (person_id, since) DO UPDATE SET kind = excluded.kind, team_id = excluded.team_id, site = excluded.site, counted = excluded.counted`,
		tx.Now, person)
	if err != nil {
		return fmt.Errorf("keep where people stand: %w", err)
	}
	return nil
}

// LeaveFigures takes somebody out of the figures from the next month on, or back
// in: they stand in no number, and not among those who could (GDPR, article 21).
func (s *Store) LeaveFigures(ctx context.Context, who board.Who, leave bool) (int64, error) {
	return s.write(ctx, who.ID, func(tx *Tx) error {
		res, err := tx.exec(`UPDATE person SET uncounted = $1 WHERE id = $2 AND uncounted <> $1`, asInt(leave), who.ID)
		if err != nil {
			return fmt.Errorf("leave the figures: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return tx.personChanged(who.ID)
	})
}

// LeftFigures tells whether somebody left the figures. Errors: not_found.
func (s *Store) LeftFigures(ctx context.Context, who board.Who) (left bool, err error) {
	err = s.readDB.QueryRowContext(ctx, `SELECT uncounted = 1 FROM person WHERE id = $1`, who.ID).Scan(&left)
	return left, missingIfNone(err, "read person %d", who.ID)
}

// standpoint is where a person stood in a month.
type standpoint struct {
	team int64
	site string
}

// standing reads where those stood at the end of a month who count in it; left are
// employees who left the figures, and could still sign in then.
func (q *closing) standing(ctx context.Context) (people, left map[int64]standpoint, err error) {
	stood, err := readStands(ctx, q.tx)
	if err != nil {
		return nil, nil, err
	}
	begins, ends := micros(q.begins), micros(q.ends)
	rows, err := q.tx.QueryContext(ctx, `SELECT id FROM person WHERE disabled_at < $1`, ends)
	if err != nil {
		return nil, nil, fmt.Errorf("read who has gone: %w", err)
	}
	list, err := collect(rows, scanID)
	if err != nil {
		return nil, nil, err
	}
	gone := map[int64]bool{}
	for _, person := range list {
		gone[person] = true
	}
	people, left = map[int64]standpoint{}, map[int64]standpoint{}
	for person := range stood {
		switch x, ok := stood.at(person, begins, ends); {
		case !ok || !x.employee:
		case x.counted:
			people[person] = standpoint{x.team, x.site}
		case !gone[person]:
			left[person] = standpoint{x.team, x.site}
		}
	}
	return people, left, nil
}

// firstActs is when each person first wrote or voted.
func (q *closing) firstActs(ctx context.Context) (map[int64]int64, error) {
	rows, err := q.tx.QueryContext(ctx, `
		SELECT w.person, MIN(w.at) FROM (
			SELECT author_id AS person, MIN(created_at) AS at FROM idea GROUP BY author_id
			UNION ALL SELECT author_id, MIN(created_at) FROM comment GROUP BY author_id
			UNION ALL SELECT person_id, MIN(at) FROM vote GROUP BY person_id) w GROUP BY w.person`)
	if err != nil {
		return nil, fmt.Errorf("read when people first took part: %w", err)
	}
	defer rows.Close()
	out := map[int64]int64{}
	for rows.Next() {
		var person, first int64
		if err := rows.Scan(&person, &first); err != nil {
			return nil, fmt.Errorf("scan when people first took part: %w", err)
		}
		out[person] = first
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read when people first took part: %w", err)
	}
	return out, nil
}
