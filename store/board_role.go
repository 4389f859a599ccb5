package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"convivio/store/board"
)

// Who owes a board its answers stands in owner.go; here are the roles of people
// on one board: moderators, and officers for what is illegal or unsafe.

// BoardRoles lists who has a role on the boards that an administrator sees, by
// the boards' addresses. Errors: forbidden.
func (s *Store) BoardRoles(ctx context.Context, who board.Who) (map[string][]board.Appointed, error) {
	if err := adminsOnly(who); err != nil {
		return nil, err
	}
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT b.slug, r.role, p.id, p.name, p.disabled_at IS NOT NULL
		FROM board_role r JOIN board b ON b.id = r.board_id JOIN person p ON p.id = r.person_id
		WHERE r.role <> 'owner' AND `+sees+` ORDER BY b.id, r.role, p.handle`, string(who.Kind), who.ID)
	if err != nil {
		return nil, fmt.Errorf("list who looks after boards: %w", err)
	}
	out := map[string][]board.Appointed{}
	_, err = collect(rows, func(rows *sql.Rows) (h board.Appointed, err error) {
		var slug string
		err = rows.Scan(&slug, &h.Role, &h.ID, &h.Name, &h.Gone)
		out[slug] = append(out[slug], h)
		return h, err
	})
	return out, err
}

// GiveBoardRole makes somebody a moderator or an officer of one board. Again
// changes nothing. Errors: forbidden, not_found, invalid (field person) for
// nobody, or somebody who does not see the board.
func (s *Store) GiveBoardRole(ctx context.Context, who board.Who, slug, handle string, role board.BoardRole) (int64, error) {
	return s.changeBoardRole(ctx, who, slug, role, func(tx *Tx, id int64) error {
		var person int64
		err := tx.row(`SELECT p.id FROM person p JOIN board b ON b.id = $1 WHERE p.handle = $2 AND p.kind = 'employee' AND `+canOwn,
			id, strings.ToLower(strings.TrimPrefix(strings.TrimSpace(handle), "@"))).Scan(&person)
		if errors.Is(err, sql.ErrNoRows) {
			return board.FieldFault("person", "Write the name behind @ of an employee who sees this board, such as @marta.riva.")
		}
		if err != nil {
			return fmt.Errorf("find who looks after board %s: %w", slug, err)
		}
		before := tx.seq
		if err := tx.giveBoardRole(id, person, role); err != nil || tx.seq == before {
			return err
		}
		return tx.audit(act{kind: board.BoardRoleGivenAct, board: id, person: person, after: map[string]board.BoardRole{"role": role}})
	})
}

// TakeBoardRole takes a role on one board from somebody. Errors: forbidden,
// not_found, conflict for the last one in charge of a private board.
func (s *Store) TakeBoardRole(ctx context.Context, who board.Who, slug string, person int64, role board.BoardRole) (int64, error) {
	return s.changeBoardRole(ctx, who, slug, role, func(tx *Tx, id int64) error {
		res, err := tx.exec(`DELETE FROM board_role WHERE board_id = $1 AND person_id = $2 AND role = $3`, id, person, string(role))
		if err != nil {
			return fmt.Errorf("take a role on a board: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		if _, err := tx.record(board.BoardRoleChanged, about{subject: person}); err != nil {
			return err
		}
		return tx.audit(act{kind: board.BoardRoleTakenAct, board: id, person: person, before: map[string]board.BoardRole{"role": role}})
	})
}

func (s *Store) changeBoardRole(ctx context.Context, who board.Who, slug string, role board.BoardRole, do func(tx *Tx, id int64) error) (int64, error) {
	if err := adminsOnly(who); err != nil {
		return 0, err
	}
	if !slices.Contains(board.AppointedRoles, role) {
		return 0, board.FieldFault("role", "There is no role %q.", string(role))
	}
	return s.write(ctx, who.ID, func(tx *Tx) error {
		if err := tx.admin(who); err != nil {
			return err
		}
		id, err := tx.boardFor(who, slug)
		if err != nil {
			return err
		}
		return do(tx, id)
	})
}
