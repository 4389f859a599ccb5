package store

import (
	"context"
	"database/sql"
	"fmt"

	"convivio/store/board"
)

// ReleasesWith lists the releases that somebody's data was part of, the latest
// first, without their files: those of months in which they were counted. Everybody
// may ask that of themselves.
func (s *Store) ReleasesWith(ctx context.Context, who board.Who) ([]board.Release, error) {
	rows, err := s.readDB.QueryContext(ctx, releaseRows+`WHERE x.ready = 1 ORDER BY x.number DESC`)
	if err != nil {
		return nil, fmt.Errorf("list releases: %w", err)
	}
	all, err := collect(rows, func(rows *sql.Rows) (board.Release, error) { return s.scanRelease(rows) })
	if err != nil || len(all) == 0 {
		return nil, err
	}
	counted, err := s.countedIn(ctx, who.ID)
	if err != nil {
		return nil, err
	}
	var out []board.Release
	for _, r := range all {
		for m := r.Asked.From; m <= r.Asked.To; m++ {
			if counted(m) {
				out = append(out, r)
				break
			}
		}
	}
	return out, nil
}

// countedIn tells of months whether somebody was counted in them, as the figures do.
func (s *Store) countedIn(ctx context.Context, person int64) (func(board.Month) bool, error) {
	rows, err := s.readDB.QueryContext(ctx, `SELECT since, CASE WHEN kind = 'employee' THEN 1 ELSE 0 END, counted FROM place WHERE person_id = $1 ORDER BY since`, person)
	if err != nil {
		return nil, fmt.Errorf("read where somebody stood: %w", err)
	}
	places, err := collect(rows, func(rows *sql.Rows) (x stand, err error) {
		err = rows.Scan(&x.since, &x.employee, &x.counted)
		return x, err
	})
	if err != nil {
		return nil, err
	}
	var first sql.NullInt64 // what they said, where it was imported, is older than they are here
	if err := s.readDB.QueryRowContext(ctx, `
		SELECT MIN(at) FROM (SELECT MIN(created_at) AS at FROM idea WHERE author_id = $1 UNION ALL SELECT MIN(created_at) FROM comment WHERE author_id = $1
			UNION ALL SELECT MIN(at) FROM vote WHERE person_id = $1) w`, person).Scan(&first); err != nil {
		return nil, fmt.Errorf("read when somebody first took part: %w", err)
	}
	if len(places) > 0 && first.Valid {
		places[0].since = min(places[0].since, first.Int64)
	}
	zone, stood := board.Zone(), stands{person: places}
	return func(m board.Month) bool {
		_, counted := stood.counting(person, micros(m.Begins(zone)), micros((m + 1).Begins(zone)))
		return counted
	}, nil
}
