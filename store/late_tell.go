package store

import (
	"context"
	"fmt"
	"slices"

	"convivio/store/board"
)

// untold are the ideas whose answer is late and of which nobody was told since it was due.
const untold = ` FROM clock k WHERE k.due_at < $1 AND (k.told_at IS NULL OR k.told_at < k.due_at)`

// TellLate tells who answers for a board that answers are late there, each idea once.
// One notice stands for all of a board until it was seen: how many is read from the
// clock as it is shown, and what was answered meanwhile takes it away. The server
// calls it now and then.
func (s *Store) TellLate(ctx context.Context) error {
	var some bool
	if err := s.readDB.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1`+untold+`)`, micros(s.now())).Scan(&some); err != nil || !some {
		return missingIfNone(err, "look for answers that are late")
	}
	_, err := s.write(ctx, 0, func(tx *Tx) error {
		rows, err := tx.query(`SELECT DISTINCT k.board_id`+untold, tx.Now)
		if err != nil {
			return fmt.Errorf("list boards where answers are late: %w", err)
		}
		boards, err := collect(rows, scanID)
		if err != nil {
			return err
		}
		for _, b := range boards {
			if err := tx.tellLate(b); err != nil {
				return err
			}
		}
		return nil
	})
	return err
}

// tellLate tells who answers for a board of what is late there since they were told
// last, unless such a notice waits for them already.
func (tx *Tx) tellLate(boardID int64) error {
	// The event names the board alone: nobody else hears of it.
	if _, err := tx.record(board.AnswersLate, about{subject: boardID}); err != nil {
		return err
	}
	var idea int64
	if err := tx.row(`SELECT k.idea_id`+untold+` AND k.board_id = $2 ORDER BY k.due_at, k.idea_id LIMIT 1`, tx.Now, boardID).Scan(&idea); err != nil {
		return fmt.Errorf("find what is late on board %d: %w", boardID, err)
	}
	if _, err := tx.exec(`UPDATE clock SET told_at = $1 WHERE idea_id IN (SELECT k.idea_id`+untold+` AND k.board_id = $2)`, tx.Now, boardID); err != nil {
		return fmt.Errorf("keep what was told of board %d: %w", boardID, err)
	}
	people, err := tx.answerers(boardID)
	if err != nil {
		return err
	}
	for _, p := range people {
		if _, err := tx.exec(`
			INSERT INTO notice (person_id, seq, reason, idea_id, at) SELECT $1, $2, $3, $4, $5
			WHERE NOT EXISTS (SELECT 1 FROM notice n JOIN idea x ON x.id = n.idea_id WHERE n.person_id = $1 AND n.reason = $3 AND n.seen = 0 AND x.board_id = $6)`,
			p, tx.seq, slices.Index(board.Reasons, board.Late)+1, idea, tx.Now, boardID); err != nil {
			return fmt.Errorf("tell person %d what is late: %w", p, err)
		}
	}
	tx.told = append(tx.told, people...)
	return nil
}
