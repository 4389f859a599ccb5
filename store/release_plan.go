package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"convivio/store/board"
)

// ReleasePlan is what is released every month by itself; nil: nothing. Errors: forbidden.
func (s *Store) ReleasePlan(ctx context.Context, who board.Who) (*board.Asked, error) {
	if err := releasesOnly(who); err != nil {
		return nil, err
	}
	return s.releasePlan(ctx)
}

func (s *Store) releasePlan(ctx context.Context) (*board.Asked, error) {
	var text string
	err := s.readDB.QueryRowContext(ctx, `SELECT asked FROM release_plan`).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read what is released every month: %w", err)
	}
	a := &board.Asked{}
	return a, json.Unmarshal([]byte(text), a)
}

// readsReleases is the condition on a notice's person p to read releases, as
// SeesReleases is for a reader who asks.
const readsReleases = `EXISTS (SELECT 1 FROM person_role o WHERE o.person_id = p.id AND o.role IN ('` + string(board.HR) + `', '` + string(board.Council) + `'))`

// tellReleased tells those who read releases that one is ready which nobody of them
// asked for. Called after the event that says so.
func (tx *Tx) tellReleased() error {
	rows, err := tx.query(`
		INSERT INTO notice (person_id, seq, reason, at)
		SELECT p.id, $1, 19, $2 FROM person p WHERE p.email IS NOT NULL AND p.disabled_at IS NULL AND `+readsReleases+`
		ON CONFLICT (person_id, seq) DO NOTHING RETURNING person_id`, tx.seq, tx.Now)
	if err != nil {
		return fmt.Errorf("tell who reads releases: %w", err)
	}
	told, err := collect(rows, scanID)
	tx.told = append(tx.told, told...)
	return err
}

// PlanReleases has every month released when it is closed, from the last one that
// is, as asked but for the months; nil ends that. Errors: forbidden for others than HR, invalid.
func (s *Store) PlanReleases(ctx context.Context, who board.Who, a *board.Asked) (int64, error) {
	err := makesReleases(who)
	var tidy board.Asked
	if err == nil && a != nil {
		tidy, err = tidyAsked(*a)
	}
	if err != nil {
		return 0, errors.Join(err, s.auditHourly(ctx, who.ID, act{kind: board.ReleasesPlannedAct, outcome: board.ActRefused, after: a}))
	}
	var text []byte
	if a != nil {
		tidy.From, tidy.To, a = 0, 0, &tidy
		if text, err = json.Marshal(a); err != nil {
			return 0, fmt.Errorf("write what is released every month: %w", err)
		}
	}
	return s.write(ctx, who.ID, func(tx *Tx) error {
		if _, err := tx.exec(`DELETE FROM release_plan`); err != nil {
			return fmt.Errorf("end monthly releases: %w", err)
		}
		if a != nil {
			if _, err := tx.exec(`INSERT INTO release_plan (id, asked, since) SELECT 1, $1, COALESCE(MAX(month), 0) FROM month`, string(text)); err != nil {
				return fmt.Errorf("plan monthly releases: %w", err)
			}
		}
		if err := tx.audit(act{kind: board.ReleasesPlannedAct, after: a}); err != nil {
			return err
		}
		_, err := tx.record(board.ReleasesPlanned, about{})
		return err
	})
}

// OrderPlanned orders the releases of closed months that are planned and were never
// asked for: all of them, also where several months were closed at once. Called by
// the server after months were closed, and when the plan changes.
func (s *Store) OrderPlanned(ctx context.Context) error {
	a, err := s.releasePlan(ctx)
	if err != nil || a == nil {
		return err
	}
	rows, err := s.readDB.QueryContext(ctx, `SELECT month FROM month WHERE month >= (SELECT since FROM release_plan) ORDER BY month`)
	if err != nil {
		return fmt.Errorf("list the months to release: %w", err)
	}
	months, err := collect(rows, func(rows *sql.Rows) (m board.Month, err error) { err = rows.Scan(&m); return m, err })
	if err != nil {
		return err
	}
	known, err := s.releasesKnown(ctx)
	if err != nil {
		return err
	}
	for _, m := range months {
		a.From, a.To = m, m
		month, err := s.checkAsked(ctx, *a)
		if err != nil {
			return err
		}
		text, err := json.Marshal(month)
		if err != nil {
			return fmt.Errorf("write what is released every month: %w", err)
		}
		if known[string(text)] {
			continue
		}
		if err := s.orderPlanned(ctx, month, string(text)); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) orderPlanned(ctx context.Context, a board.Asked, text string) error {
	err := s.noteAs(ctx, 0, func(tx *Tx) error {
		number, err := tx.orderRelease(board.Who{}, text)
		if err != nil {
			return err
		}
		return tx.audit(act{kind: board.ReleaseAskedAct, after: releaseAsk{number, a}})
	})
	s.releasing.wake()
	return err
}

// releasesKnown are the requests that were made or ordered from the month on from
// which every month is released.
func (s *Store) releasesKnown(ctx context.Context) (map[string]bool, error) {
	rows, err := s.readDB.QueryContext(ctx, `SELECT asked FROM release WHERE first >= (SELECT since FROM release_plan) UNION ALL SELECT asked FROM release_order`)
	if err != nil {
		return nil, fmt.Errorf("list what was released: %w", err)
	}
	known := map[string]bool{}
	list, err := collect(rows, func(rows *sql.Rows) (text string, err error) { err = rows.Scan(&text); return text, err })
	for _, text := range list {
		known[text] = true
	}
	return known, err
}
