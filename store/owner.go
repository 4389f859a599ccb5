package store

import (
	"context"
	"database/sql"
	"fmt"

	"convivio/store/board"
)

// A board's owners owe its ideas an answer: people, or whole teams. A board that
// nobody owns is answered for by its moderators.

// owes tells whether an answer by a person is one of the board's own: by somebody
// who owns it or, as long as nobody does who could sign in and see it, by a
// moderator of it.
func (tx *Tx) owes(person, boardID int64) (yes bool, err error) {
	err = tx.row(`
		SELECT CASE WHEN `+owned+` THEN EXISTS (SELECT 1 FROM board_role r JOIN person p ON p.id = $1
				WHERE r.board_id = b.id AND r.role = 'owner' AND (r.person_id = p.id OR `+inTeamOrBelow+`))
			ELSE EXISTS (SELECT 1 FROM person_role r WHERE r.person_id = $1 AND r.role IN ('moderator', 'admin'))
			  OR EXISTS (SELECT 1 FROM board_role r WHERE r.person_id = $1 AND r.board_id = b.id AND r.role = 'moderator') END
		FROM board b WHERE b.id = $2`, person, boardID).Scan(&yes)
	if err != nil {
		return false, fmt.Errorf("look whether %d owes answers on board %d: %w", person, boardID, err)
	}
	return yes, nil
}

// owned tells whether board b has an owner who can sign in and see it.
const owned = `(EXISTS (SELECT 1 FROM board_role r JOIN person p ON p.id = r.person_id WHERE r.board_id = b.id AND r.role = 'owner' AND ` + canOwn + `)
	OR EXISTS (SELECT 1 FROM board_role r JOIN person p ON p.team_id = r.team_id OR p.team_id IN (SELECT a.team_id FROM team_above a WHERE a.above_id = r.team_id)
		WHERE r.board_id = b.id AND r.role = 'owner' AND ` + canOwn + `))`

// canOwn tells whether person p can sign in and see board b.
const canOwn = `p.disabled_at IS NULL AND p.email IS NOT NULL
	AND (b.visibility = 'open' AND p.kind = 'employee' OR EXISTS (SELECT 1 FROM member m WHERE m.board_id = b.id AND m.person_id = p.id))`

// Owners lists who owes answers on a board, teams last; for employees: guests have
// no directory. Errors: not_found.
func (s *Store) Owners(ctx context.Context, who board.Who, slug string) ([]board.Owner, error) {
	if who.Kind != board.Employee {
		return nil, board.Missing()
	}
	if err := s.seesBoard(ctx, who, slug); err != nil {
		return nil, err
	}
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT r.id, COALESCE(r.person_id, 0), COALESCE(r.team_id, 0), COALESCE(p.name, t.name)
		FROM board b JOIN board_role r ON r.board_id = b.id AND r.role = 'owner'
		LEFT JOIN person p ON p.id = r.person_id LEFT JOIN team t ON t.id = r.team_id
		WHERE b.slug = $1 AND p.disabled_at IS NULL ORDER BY r.person_id IS NULL, COALESCE(p.name, t.name), r.id`, slug)
	if err != nil {
		return nil, fmt.Errorf("list the owners of %s: %w", slug, err)
	}
	return collect(rows, func(rows *sql.Rows) (o board.Owner, err error) {
		err = rows.Scan(&o.ID, &o.Person, &o.Team, &o.Name)
		return o, err
	})
}

// seesBoard refuses a board that somebody does not see. Errors: not_found.
func (s *Store) seesBoard(ctx context.Context, who board.Who, slug string) error {
	var id int64
	err := s.readDB.QueryRowContext(ctx, `SELECT b.id FROM board b WHERE b.slug = $3 AND `+sees, string(who.Kind), who.ID, slug).Scan(&id)
	return missingIfNone(err, "find board %s", slug)
}

// errOwner is the answer to an owner who could not answer.
var errOwner = board.FieldFault("owner", "Choose somebody, or a team, who can see this board. On a private board, add them as a member first.")

// AddOwner makes a person or a team owe answers on a board. Again changes nothing.
// Errors: forbidden, not_found, invalid (field owner) for nobody who sees the board.
func (s *Store) AddOwner(ctx context.Context, who board.Who, slug string, in board.NewOwner) (int64, error) {
	return s.changeOwners(ctx, who, slug, func(tx *Tx, id int64) error {
		var fits bool
		var err error
		switch {
		case in.Person != 0 && in.Team == 0:
			err = tx.row(`SELECT EXISTS (SELECT 1 FROM person p JOIN board b ON b.id = $2 WHERE p.id = $1 AND `+canOwn+`)`, in.Person, id).Scan(&fits)
		case in.Team != 0 && in.Person == 0:
			err = tx.row(`SELECT EXISTS (SELECT 1 FROM team t WHERE t.id = $1)`, in.Team).Scan(&fits)
		}
		if err != nil {
			return fmt.Errorf("look for an owner: %w", err)
		}
		if !fits {
			return errOwner
		}
		res, err := tx.exec(`INSERT INTO board_role (board_id, role, person_id, team_id) VALUES ($1, 'owner', $2, $3) ON CONFLICT DO NOTHING`,
			id, orNull(in.Person), orNull(in.Team))
		if err != nil {
			return fmt.Errorf("add an owner: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return tx.ownersChanged(id, act{kind: board.OwnerAddedAct, person: in.Person, after: ownerNow{in.Team}})
	})
}

// RemoveOwner ends an ownership, by its id. Errors: forbidden, not_found.
func (s *Store) RemoveOwner(ctx context.Context, who board.Who, slug string, owner int64) (int64, error) {
	return s.changeOwners(ctx, who, slug, func(tx *Tx, id int64) error {
		var person, team sql.NullInt64
		err := tx.row(`DELETE FROM board_role WHERE id = $1 AND board_id = $2 AND role = 'owner' RETURNING person_id, team_id`, owner, id).Scan(&person, &team)
		if err != nil {
			return missingIfNone(err, "remove owner %d", owner)
		}
		return tx.ownersChanged(id, act{kind: board.OwnerRemovedAct, person: person.Int64, before: ownerNow{team.Int64}})
	})
}

// ownerNow is what the audit log keeps of an owner who is no person.
type ownerNow struct {
	Team int64 `json:"team,omitempty"`
}

func (s *Store) changeOwners(ctx context.Context, who board.Who, slug string, do func(tx *Tx, id int64) error) (int64, error) {
	if err := adminsOnly(who); err != nil {
		return 0, err
	}
	return s.write(ctx, who.ID, func(tx *Tx) error {
		id, err := tx.boardFor(who, slug)
		if err != nil {
			return err
		}
		return do(tx, id)
	})
}

func (tx *Tx) ownersChanged(id int64, a act) error {
	seq, err := tx.record(board.BoardChanged, about{board: id})
	if err != nil {
		return err
	}
	if _, err := tx.exec(`UPDATE board SET last_seq = $1 WHERE id = $2`, seq, id); err != nil {
		return fmt.Errorf("keep that the owners of board %d changed: %w", id, err)
	}
	a.board = id
	return tx.audit(a)
}
