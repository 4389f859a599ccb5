package store

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"sync"

	"convivio/store/board"
)

// settings keeps in memory what administrators chose: it is asked for on every
// page, and changes a few times a year.
type settings struct {
	mu     sync.Mutex
	access int64 // AccessHead it was read at
	values map[string]string
}

// setting is a choice of the administrators, empty where they made none.
func (s *Store) setting(name string) string {
	access := s.AccessHead()
	k := &s.chosen
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.values == nil || k.access != access {
		values, err := s.readSettings()
		if err != nil {
			slog.Error("what administrators chose cannot be read; going on with what was chosen before", "error", err)
			return k.values[name]
		}
		k.values, k.access = values, access
	}
	return k.values[name]
}

func (s *Store) readSettings() (map[string]string, error) {
	rows, err := s.readDB.QueryContext(context.Background(), `SELECT name, value FROM setting`)
	if err != nil {
		return nil, fmt.Errorf("read settings: %w", err)
	}
	values := map[string]string{}
	_, err = collect(rows, func(rows *sql.Rows) (name string, err error) {
		var value string
		err = rows.Scan(&name, &value)
		values[name] = value
		return name, err
	})
	return values, err
}

const featurePrefix, switchedOn, switchedOff = "feature.", "on", "off"

// On tells whether a feature works here. It asks no rows.
func (s *Store) On(f board.Feature) bool {
	switch s.setting(featurePrefix + string(f)) {
	case switchedOn:
		return true
	case switchedOff:
		return false
	}
	for _, sw := range board.Switches {
		if sw.Feature == f {
			return sw.Default
		}
	}
	return false
}

// SetFeature switches a feature on or off. Only administrators may. Without
// guests, those who are here are signed out. Errors: forbidden, not_found.
func (s *Store) SetFeature(ctx context.Context, who board.Who, f board.Feature, on bool) (int64, error) {
	if err := adminsOnly(who); err != nil {
		return 0, err
	}
	known := false
	for _, sw := range board.Switches {
		known = known || sw.Feature == f
	}
	if !known {
		return 0, board.Missing()
	}
	var out []int64
	seq, err := s.write(ctx, who.ID, func(tx *Tx) (err error) {
		if err := tx.admin(who); err != nil {
			return err
		}
		if f == board.FeatureGuests && !on {
			if out, err = tx.endGuests(); err != nil {
				return err
			}
		}
		return tx.setSetting(featurePrefix+string(f), switchWord(on))
	})
	if err == nil {
		for _, id := range out {
			s.revoked.tell(id)
		}
	}
	return seq, err
}

func switchWord(on bool) string {
	if on {
		return switchedOn
	}
	return switchedOff
}

// setSetting keeps a choice and records it, unless it is as it was.
func (tx *Tx) setSetting(name, value string) error {
	was := ""
	if err := tx.row(`SELECT COALESCE((SELECT value FROM setting WHERE name = $1), '')`, name).Scan(&was); err != nil {
		return fmt.Errorf("read setting %s: %w", name, err)
	}
	if was == value {
		return nil
	}
	if _, err := tx.exec(`INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value); err != nil {
		return fmt.Errorf("keep setting %s: %w", name, err)
	}
	if _, err := tx.record(board.SettingChanged, about{}); err != nil {
		return err
	}
	return tx.audit(act{kind: board.SettingChangedAct, before: map[string]string{name: was}, after: map[string]string{name: value}})
}

// endGuests signs every guest out, and says who they are.
func (tx *Tx) endGuests() ([]int64, error) {
	rows, err := tx.query(`SELECT id FROM person WHERE kind = 'guest' AND disabled_at IS NULL`)
	if err != nil {
		return nil, fmt.Errorf("list guests: %w", err)
	}
	ids, err := collect(rows, scanID)
	if err != nil {
		return nil, err
	}
	for _, table := range []string{"session", "token"} {
		if _, err := tx.exec(`DELETE FROM ` + table + ` WHERE person_id IN (SELECT id FROM person WHERE kind = 'guest')`); err != nil {
			return nil, fmt.Errorf("sign guests out: %w", err)
		}
	}
	return ids, nil
}

// keptOut tells whether somebody is a guest while there are none.
func (s *Store) keptOut(who board.Who) bool {
	return who.Kind == board.Guest && !s.On(board.FeatureGuests)
}
