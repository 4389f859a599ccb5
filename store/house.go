package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"convivio/store/board"
	"convivio/store/markdown"
)

// HouseRules reads the house rules that administrators wrote in a language; an
// empty text where they wrote none.
func (s *Store) HouseRules(ctx context.Context, lang string) (board.HouseRules, error) {
	r := board.HouseRules{Lang: lang}
	var when, renderer int64
	err := s.readDB.QueryRowContext(ctx, `SELECT at, renderer, body, html FROM house_rules WHERE lang = $1`, lang).Scan(&when, &renderer, &r.Body, &r.HTML)
	if errors.Is(err, sql.ErrNoRows) {
		return r, nil
	}
	if err != nil {
		return r, fmt.Errorf("read the house rules: %w", err)
	}
	r.HTML = fresh(r.HTML, r.Body, renderer)
	changed := at(when)
	r.ChangedAt = &changed
	return r, nil
}

// SetHouseRules writes the house rules in a language; empty, those that come with
// Convivio hold again. Errors: forbidden, invalid (fields lang, body).
func (s *Store) SetHouseRules(ctx context.Context, who board.Who, lang, body string) (int64, error) {
	if err := checkLang(lang); err != nil || lang == "" {
		return 0, board.FieldFault("lang", "A language is named by its code, such as it or en, or left empty.")
	}
	text, err := s.render(ctx, who, "body", body, false)
	if err != nil {
		return 0, err
	}
	return s.write(ctx, who.ID, func(tx *Tx) error {
		if err := tx.admin(who); err != nil {
			return err
		}
		if len(text.files.Used) > 0 || len(text.files.Absent) > 0 {
			return board.FieldFault("body", "The house rules are words alone: take the files out.")
		}
		if _, err := tx.exec(`DELETE FROM house_rules WHERE lang = $1`, lang); err != nil {
			return fmt.Errorf("change the house rules: %w", err)
		}
		if text.body != "" {
			if _, err := tx.exec(`INSERT INTO house_rules (lang, at, renderer, body, html) VALUES ($1, $2, $3, $4, $5)`,
				lang, tx.Now, markdown.Version, text.body, text.html); err != nil {
				return fmt.Errorf("change the house rules: %w", err)
			}
		}
		if _, err := tx.record(board.HouseRulesChanged, about{}); err != nil {
			return err
		}
		return tx.audit(act{kind: board.HouseRulesChangedAct, after: map[string]any{"lang": lang, "own": text.body != ""}})
	})
}
