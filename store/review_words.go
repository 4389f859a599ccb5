package store

import (
	"context"
	"database/sql"
	"fmt"

	"convivio/store/board"
	"convivio/store/markdown"
)

// fillWords adds to rows the words that stand in no thread: of posts that wait, and
// of appeals. What is for the officer alone is left out unless sealed.
func (s *Store) fillWords(ctx context.Context, items []board.ReviewItem, sealed bool) error {
	held, appeals := map[int64]*board.ReviewItem{}, map[int64]*board.ReviewItem{}
	var heldIDs, appealIDs []int64
	for i := range items {
		it := &items[i]
		switch {
		case it.Sealed || it.Officer && !sealed:
		case it.Kind == board.HeldItem:
			held[it.Subject], heldIDs = it, append(heldIDs, it.Subject)
		case it.Kind == board.AppealItem:
			appeals[it.Subject], appealIDs = it, append(appealIDs, it.Subject)
		}
	}
	if err := s.fillHeld(ctx, held, heldIDs); err != nil {
		return err
	}
	return s.fillAppeals(ctx, appeals, appealIDs)
}

func (s *Store) fillHeld(ctx context.Context, place map[int64]*board.ReviewItem, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	rows, err := s.readDB.QueryContext(ctx, `SELECT `+heldColumns+` WHERE h.id IN (SELECT value FROM JSON_EACH($1))`, idList(ids))
	if err != nil {
		return fmt.Errorf("read what waits: %w", err)
	}
	_, err = collect(rows, func(rows *sql.Rows) (struct{}, error) {
		h, err := scanHeld(rows)
		if err != nil {
			return struct{}{}, err
		}
		it := place[h.ID]
		it.Title, it.Lang, it.Rule, it.Body, it.HTML = h.Title, h.Lang, h.Rule, h.Body, h.HTML
		if h.Idea != 0 {
			it.Title = h.IdeaTitle
		}
		it.Excerpt = markdown.Excerpt(h.HTML, reviewExcerpt)
		return struct{}{}, nil
	})
	return err
}

func (s *Store) fillAppeals(ctx context.Context, place map[int64]*board.ReviewItem, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	rows, err := s.readDB.QueryContext(ctx, `SELECT a.id, a.body, d.action FROM appeal a JOIN decision d ON d.id = a.decision_id WHERE a.id IN (SELECT value FROM JSON_EACH($1))`, idList(ids))
	if err != nil {
		return fmt.Errorf("read appeals: %w", err)
	}
	_, err = collect(rows, func(rows *sql.Rows) (struct{}, error) {
		var id int64
		var body string
		var against board.Action
		err := rows.Scan(&id, &body, &against)
		if it := place[id]; it != nil {
			it.Excerpt, it.Against, it.Gone = body, against, false
		}
		return struct{}{}, err
	})
	return err
}
