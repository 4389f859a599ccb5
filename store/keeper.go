package store

import (
	"context"
	"database/sql"
	"fmt"

	"convivio/store/board"
)

// A private board whose last moderator left the company is closed to everybody
// who could add people. Roles never open it: an administrator may name somebody,
// which stands in the audit log, but learns nothing of what is on it.

// StuckBoard is a private board on which nobody is in charge who can sign in. It
// has no name here: to whoever is no member it does not exist.
type StuckBoard struct {
	ID      int64
	Left    []board.Author // who was in charge and cannot sign in any more
	Members []board.Author // who can sign in: one of them takes charge; none: anybody may
}

// inCharge tells whether person p may add people to board b, being able to sign in.
const inCharge = `p.disabled_at IS NULL AND (
	EXISTS (SELECT 1 FROM person_role r WHERE r.person_id = p.id AND r.role IN ('admin', 'moderator'))
	OR EXISTS (SELECT 1 FROM board_role r WHERE r.person_id = p.id AND r.board_id = b.id AND r.role = 'moderator'))`

// stuck tells whether nobody is in charge of board b.
const stuck = `b.visibility = 'private' AND NOT EXISTS (
	SELECT 1 FROM member m JOIN person p ON p.id = m.person_id WHERE m.board_id = b.id AND ` + inCharge + `)`

// StuckBoards lists the private boards that nobody is in charge of. Errors: forbidden.
func (s *Store) StuckBoards(ctx context.Context, who board.Who) ([]StuckBoard, error) {
	if err := adminsOnly(who); err != nil {
		return nil, err
	}
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT b.id, COALESCE(p.id, 0), COALESCE(p.name, ''), p.disabled_at IS NOT NULL
		FROM board b LEFT JOIN member m ON m.board_id = b.id LEFT JOIN person p ON p.id = m.person_id
		WHERE `+stuck+` ORDER BY b.id, p.handle`)
	if err != nil {
		return nil, fmt.Errorf("list boards without anybody in charge: %w", err)
	}
	var list []StuckBoard
	_, err = collect(rows, func(rows *sql.Rows) (a board.Author, err error) {
		var id int64
		var gone bool
		if err := rows.Scan(&id, &a.ID, &a.Name, &gone); err != nil {
			return a, err
		}
		if len(list) == 0 || list[len(list)-1].ID != id {
			list = append(list, StuckBoard{ID: id})
		}
		b := &list[len(list)-1]
		switch {
		case a.ID == 0:
		case gone:
			b.Left = append(b.Left, a)
		default:
			b.Members = append(b.Members, a)
		}
		return a, nil
	})
	return list, err
}

// LeavesStuck tells whether a private board that somebody is a member of has
// nobody in charge. Errors: forbidden.
func (s *Store) LeavesStuck(ctx context.Context, who board.Who, person int64) (bool, error) {
	if err := adminsOnly(who); err != nil {
		return false, err
	}
	var yes bool
	err := s.readDB.QueryRowContext(ctx, `
		SELECT EXISTS (SELECT 1 FROM member m JOIN board b ON b.id = m.board_id WHERE m.person_id = $1 AND `+stuck+`)`, person).Scan(&yes)
	if err != nil {
		return false, fmt.Errorf("look for boards without anybody in charge: %w", err)
	}
	return yes, nil
}

// NameKeeper puts somebody in charge of a private board that nobody is in charge
// of: a member, or where none can sign in any employee, but never the
// administrator who names them. Errors: forbidden, not_found for a board that
// has somebody, invalid (field person).
func (s *Store) NameKeeper(ctx context.Context, who board.Who, boardID, person int64) (int64, error) {
	if err := adminsOnly(who); err != nil {
		return 0, err
	}
	return s.write(ctx, who.ID, func(tx *Tx) error {
		if err := tx.admin(who); err != nil {
			return err
		}
		var is, member, left, may bool
		err := tx.row(`
			SELECT `+stuck+`, EXISTS (SELECT 1 FROM member m WHERE m.board_id = b.id AND m.person_id = $2),
				EXISTS (SELECT 1 FROM member m JOIN person p ON p.id = m.person_id WHERE m.board_id = b.id AND p.disabled_at IS NULL),
				EXISTS (SELECT 1 FROM person p WHERE p.id = $2 AND p.kind = 'employee' AND p.disabled_at IS NULL AND p.email IS NOT NULL)
			FROM board b WHERE b.id = $1`, boardID, person).Scan(&is, &member, &left, &may)
		if err == nil && !is {
			err = sql.ErrNoRows
		}
		if err != nil {
			return missingIfNone(err, "find board %d", boardID)
		}
		switch {
		case person == who.ID:
			return board.FieldFault("person", "Name somebody else: what is on a private board is not for whoever administers.")
		case !may:
			return board.FieldFault("person", "Choose an employee who can sign in.")
		case left && !member:
			return board.FieldFault("person", "People who can sign in are on this board: choose one of them.")
		}
		if err := tx.join(boardID, person); err != nil {
			return err
		}
		if err := tx.giveBoardRole(boardID, person, board.BoardModerator); err != nil {
			return err
		}
		return tx.audit(act{kind: board.KeeperNamedAct, board: boardID, person: person})
	})
}

// giveBoardRole gives somebody a role on a board, and records it when they did not have it.
func (tx *Tx) giveBoardRole(boardID, person int64, role board.BoardRole) error {
	res, err := tx.exec(`
		INSERT INTO board_role (board_id, role, person_id) SELECT $1, $2, $3
		WHERE NOT EXISTS (SELECT 1 FROM board_role r WHERE r.board_id = $1 AND r.role = $2 AND r.person_id = $3)`, boardID, string(role), person)
	if err != nil {
		return fmt.Errorf("give a role on a board: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err
	}
	_, err = tx.record(board.BoardRoleChanged, about{subject: person})
	return err
}
