package store

import (
	"context"
	"database/sql"
	"fmt"

	"convivio/store/board"
)

// answerers are who answers for a board, a few of them: its owners or, where nobody
// owns it who can sign in and see it, its moderators.
func (tx *Tx) answerers(boardID int64) ([]int64, error) {
	const most = 50
	for _, query := range []string{`
		SELECT p.id FROM board b JOIN board_role r ON r.board_id = b.id AND r.role = 'owner' JOIN person p ON p.id = r.person_id WHERE b.id = $1 AND ` + canOwn + `
		UNION SELECT p.id FROM board b JOIN board_role r ON r.board_id = b.id AND r.role = 'owner'
		JOIN person p ON p.team_id = r.team_id OR p.team_id IN (SELECT a.team_id FROM team_above a WHERE a.above_id = r.team_id) WHERE b.id = $1 AND ` + canOwn + ` LIMIT $2`, `
		SELECT p.id FROM board b JOIN person p ON p.id IN (SELECT r.person_id FROM board_role r WHERE r.board_id = b.id AND r.role = 'moderator'
			UNION SELECT r.person_id FROM person_role r WHERE r.role IN ('moderator', 'admin')) WHERE b.id = $1 AND ` + canOwn + ` LIMIT $2`} {
		rows, err := tx.query(query, boardID, most)
		if err != nil {
			return nil, fmt.Errorf("find who answers for board %d: %w", boardID, err)
		}
		if list, err := collect(rows, scanID); err != nil || len(list) > 0 {
			return list, err
		}
	}
	return nil, nil
}

// tellAnswerers tells who answers for a board of the event recorded last.
func (tx *Tx) tellAnswerers(boardID int64, reason board.Reason, idea int64) error {
	list, err := tx.answerers(boardID)
	if err != nil {
		return err
	}
	for _, p := range list {
		if err := tx.tell(p, reason, idea, 0); err != nil {
			return err
		}
	}
	return nil
}

// seesTo tells whether person p who promised something on board b can still see to it.
const seesTo = `EXISTS (SELECT 1 FROM person p WHERE p.id = q.owner_id AND ` + canOwn + `)`

// TellAdrift tells who answers for a board of promises that nobody sees to any more,
// because who made them can no longer sign in or see the idea: each once, as long as
// that lasts. The server calls it now and then.
func (s *Store) TellAdrift(ctx context.Context) error {
	const open = ` FROM promise q JOIN idea i ON i.id = q.idea_id AND i.deleted_at IS NULL JOIN board b ON b.id = i.board_id WHERE q.ended = '' `
	const adrift = open + `AND q.adrift_at IS NULL AND NOT ` + seesTo
	const found = open + `AND q.adrift_at IS NOT NULL AND ` + seesTo
	var some bool
	if err := s.readDB.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1`+adrift+`) OR EXISTS (SELECT 1`+found+`)`).Scan(&some); err != nil || !some {
		return missingIfNone(err, "look for promises that nobody sees to")
	}
	_, err := s.write(ctx, 0, func(tx *Tx) error {
		rows, err := tx.query(`SELECT q.id, i.id, b.id, 1`+adrift+` UNION ALL SELECT q.id, i.id, b.id, 0`+found+` LIMIT $1`, dueAtOnce)
		if err != nil {
			return fmt.Errorf("read promises that nobody sees to: %w", err)
		}
		list, err := collect(rows, func(rows *sql.Rows) (p [4]int64, err error) {
			err = rows.Scan(&p[0], &p[1], &p[2], &p[3])
			return p, err
		})
		if err != nil {
			return err
		}
		for _, p := range list {
			if err := tx.adrift(p[0], p[1], p[2], p[3] == 1); err != nil {
				return err
			}
		}
		return nil
	})
	return err
}

// adrift keeps that nobody sees to a promise, or somebody does again.
func (tx *Tx) adrift(promise, idea, boardID int64, nobody bool) error {
	if _, err := tx.record(board.PromiseAdrift, about{subject: promise}); err != nil { // names the promise alone
		return err
	}
	var since any
	if nobody {
		since = tx.Now
	}
	if _, err := tx.exec(`UPDATE promise SET adrift_at = $1 WHERE id = $2`, since, promise); err != nil {
		return fmt.Errorf("keep that nobody sees to promise %d: %w", promise, err)
	}
	if !nobody {
		return nil
	}
	return tx.tellAnswerers(boardID, board.Adrift, idea)
}
