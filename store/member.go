package store

import (
	"context"
	"database/sql"
	"fmt"

	"convivio/store/board"
)

// Members lists who is on a board, by name; the employees who see an open board
// anyway are not listed. Errors: not_found, forbidden for guests, who have no directory.
func (s *Store) Members(ctx context.Context, who board.Who, slug string) ([]board.Member, error) {
	if who.Kind != board.Employee {
		return nil, board.Missing()
	}
	b, err := s.Board(ctx, who, slug)
	if err != nil {
		return nil, err
	}
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT p.id, p.name, p.kind, COALESCE(t.name, ''), p.site, m.since
		FROM member m JOIN person p ON p.id = m.person_id LEFT JOIN team t ON t.id = p.team_id
		WHERE m.board_id = $1 ORDER BY p.name, p.id`, b.ID)
	if err != nil {
		return nil, fmt.Errorf("list members of %s: %w", slug, err)
	}
	return collect(rows, func(rows *sql.Rows) (m board.Member, err error) {
		var since int64
		err = rows.Scan(&m.ID, &m.Name, &m.Kind, &m.Team, &m.Site, &since)
		m.Since = at(since)
		return m, err
	})
}

// AddMember puts a person on a board. Adding a member again changes nothing.
// Errors: forbidden, not_found, invalid (field person) for nobody that exists.
func (s *Store) AddMember(ctx context.Context, who board.Who, slug string, person int64) (int64, error) {
	if err := moderatorsOnly(who); err != nil {
		return 0, err
	}
	return s.write(ctx, who.ID, func(tx *Tx) error {
		id, err := tx.boardFor(who, slug)
		if err != nil {
			return err
		}
		var known int
		if err := tx.row(`SELECT COUNT(*) FROM person WHERE id = $1 AND disabled_at IS NULL`, person).Scan(&known); err != nil {
			return fmt.Errorf("look for person %d: %w", person, err)
		}
		if known == 0 {
			return board.FieldFault("person", "Choose a person from the list.")
		}
		return tx.join(id, person)
	})
}

// join makes somebody a member, and records it when they were not.
func (tx *Tx) join(boardID, person int64) error {
	res, err := tx.exec(`INSERT INTO member (board_id, person_id, since) VALUES ($1, $2, $3) ON CONFLICT (board_id, person_id) DO NOTHING`,
		boardID, person, tx.Now)
	if err != nil {
		return fmt.Errorf("add a member: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err
	}
	if _, err := tx.record(board.MemberAdded, about{board: boardID, subject: person}); err != nil {
		return err
	}
	return tx.audit(act{kind: board.MemberAddedAct, board: boardID, person: person})
}

// RemoveMember takes a person off a board; people may also leave by themselves.
// The last member who can add others stays, or a private board would be closed
// for ever. Errors: forbidden, not_found, conflict.
func (s *Store) RemoveMember(ctx context.Context, who board.Who, slug string, person int64) (int64, error) {
	if who.ID != person {
		if err := moderatorsOnly(who); err != nil {
			return 0, err
		}
	}
	return s.write(ctx, who.ID, func(tx *Tx) error {
		id, err := tx.boardFor(who, slug)
		if err != nil {
			return err
		}
		res, err := tx.exec(`DELETE FROM member WHERE board_id = $1 AND person_id = $2`, id, person)
		if err != nil {
			return fmt.Errorf("remove a member: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		if err := tx.keepsSomebodyInCharge(id); err != nil {
			return err
		}
		if _, err = tx.record(board.MemberRemoved, about{board: id, subject: person}); err != nil || who.ID == person {
			return err
		}
		return tx.audit(act{kind: board.MemberRemovedAct, board: id, person: person})
	})
}

func (tx *Tx) keepsSomebodyInCharge(boardID int64) error {
	var private bool
	var inCharge int
	err := tx.row(`
		SELECT b.visibility = 'private', (
			SELECT COUNT(*) FROM member m JOIN person p ON p.id = m.person_id AND p.disabled_at IS NULL
			WHERE m.board_id = b.id AND EXISTS (SELECT 1 FROM person_role r WHERE r.person_id = p.id AND r.role IN ('admin', 'moderator')))
		FROM board b WHERE b.id = $1`, boardID).Scan(&private, &inCharge)
	if err != nil {
		return fmt.Errorf("count who is in charge of a board: %w", err)
	}
	if private && inCharge == 0 {
		return board.Fault(board.Conflict, "This is the last moderator or administrator on the board. Add another one first, or nobody could add people any more.").On("person")
	}
	return nil
}
