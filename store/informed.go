package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"convivio/store/board"
)

// Inform keeps that somebody says to have read a version of the notice about
// personal data, and on which day. Saying it again, or of an older one, changes nothing.
func (s *Store) Inform(ctx context.Context, who board.Who, version int) error {
	return s.note(ctx, statement{`
		INSERT INTO informed (person_id, version, day) VALUES ($1, $2, $3)
		ON CONFLICT (person_id) DO UPDATE SET version = excluded.version, day = excluded.day WHERE informed.version < excluded.version`,
		[]any{who.ID, version, dayOf(s.now())}})
}

// Informed tells which version somebody said to have read last, and on which day;
// 0: none.
func (s *Store) Informed(ctx context.Context, who board.Who) (version int, on time.Time, err error) {
	var day int64
	err = s.readDB.QueryRowContext(ctx, `SELECT version, day FROM informed WHERE person_id = $1`, who.ID).Scan(&version, &day)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, on, nil
	}
	if err != nil {
		return 0, on, fmt.Errorf("read what person %d was told: %w", who.ID, err)
	}
	return version, time.Unix(day*24*60*60, 0).UTC(), nil
}
