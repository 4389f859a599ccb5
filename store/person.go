package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"convivio/store/board"
	"convivio/store/password"
)

// Operator is who acts at the machine itself, by the command line: it may do
// what administrators may, and nobody signed in is ever equal to it.
func Operator() board.Who {
	return board.Who{Name: "operator", Kind: board.Employee, Roles: []board.Role{board.Admin}}
}

// AddPerson makes a person known. Only administrators may. Errors: forbidden,
// invalid, conflict when the e-mail address is taken.
func (s *Store) AddPerson(ctx context.Context, who board.Who, in board.NewPerson) (board.Person, int64, error) {
	return s.AddPersonOnce(ctx, who, in, "")
}

// AddPersonOnce is AddPerson for a form that may be sent twice: the same key
// gives the same person. Errors also: conflict for a key used for somebody else.
func (s *Store) AddPersonOnce(ctx context.Context, who board.Who, in board.NewPerson, key string) (board.Person, int64, error) {
	if err := adminsOnly(who); err != nil {
		return board.Person{}, 0, err
	}
	in, err := checkPerson(in)
	if err != nil {
		return board.Person{}, 0, err
	}
	o, err := newOnce(who, key, "AddPerson", in)
	if err != nil {
		return board.Person{}, 0, err
	}
	var id int64
	seq, err := s.write(ctx, who.ID, func(tx *Tx) error {
		if err := tx.admin(who); err != nil {
			return err
		}
		earlier, _, found, err := tx.earlier(o)
		if id = earlier; found || err != nil {
			return err
		}
		if id, err = tx.addPerson(in); err != nil {
			return err
		}
		if err := tx.audit(act{kind: board.PersonAddedAct, person: id, after: personAudit{Kind: in.Kind, Roles: in.Roles, Team: in.Team, Site: in.Site}}); err != nil {
			return err
		}
		return tx.remember(o, id)
	})
	return board.Person{ID: id, Name: in.Name, Kind: in.Kind, Team: in.Team, Site: in.Site, Roles: in.Roles}, seq, err
}

// checkPerson checks what was given about a new person and returns it tidied.
func checkPerson(in board.NewPerson) (board.NewPerson, error) {
	var err error
	if in.Email, err = normalEmail(in.Email); err != nil {
		return in, err
	}
	if in.Name, err = board.Line("name", in.Name, board.MaxName, true); err != nil {
		return in, err
	}
	if in.Team, err = board.Line("team", in.Team, board.MaxName, false); err != nil {
		return in, err
	}
	if in.Site, err = board.Line("site", in.Site, board.MaxName, false); err != nil {
		return in, err
	}
	if in.Kind != board.Employee && in.Kind != board.Guest {
		return in, board.FieldFault("kind", "A person is either an employee or a guest.")
	}
	if in.Roles, err = checkRoles(in.Kind, in.Roles); err != nil {
		return in, err
	}
	return in, checkLang(in.Lang)
}

// checkRoles refuses unknown roles and roles for guests, who work for somebody else.
func checkRoles(kind board.Kind, roles []board.Role) ([]board.Role, error) {
	out := []board.Role{}
	for _, r := range roles {
		if !slices.Contains(board.Roles, r) {
			return nil, board.FieldFault("role", "There is no role %q.", string(r))
		}
		if !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	if len(out) > 1 && slices.Contains(out, board.Auditor) && slices.ContainsFunc(out, func(r board.Role) bool {
		return r == board.Admin || r == board.Moderator || r == board.Officer || r == board.HR
	}) {
		return nil, board.FieldFault("role", "An auditor has no other power: those who have power do not read what is kept of how they used it.")
	}
	if kind == board.Guest && len(out) > 0 {
		return nil, board.FieldFault("role", "A guest cannot have a role.")
	}
	return out, nil
}

// admin makes sure, inside the transaction, that who is an administrator still.
func (tx *Tx) admin(who board.Who) error {
	if who.ID == 0 {
		return adminsOnly(who) // the operator
	}
	var still bool
	err := tx.row(`
		SELECT EXISTS (SELECT 1 FROM person_role r JOIN person p ON p.id = r.person_id
			WHERE p.id = $1 AND r.role = 'admin' AND p.disabled_at IS NULL)`, who.ID).Scan(&still)
	if err != nil {
		return fmt.Errorf("look up who administers: %w", err)
	}
	if !still {
		return board.Fault(board.Forbidden, "Only administrators can do this.")
	}
	return nil
}

// addPerson writes a person whose fields were checked, or who comes from an
// import and has no e-mail address.
func (tx *Tx) addPerson(in board.NewPerson) (int64, error) {
	if in.Email != "" {
		if err := tx.freeEmail(in.Email); err != nil {
			return 0, err
		}
	}
	handle, err := tx.newHandle(in.Name)
	if err != nil {
		return 0, err
	}
	team, err := tx.team(in.Team)
	if err != nil {
		return 0, err
	}
	id, err := tx.insert(`
		INSERT INTO person (email, name, handle, kind, team_id, site, lang, password, created_at, last_seq)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id`,
		orNone(in.Email), in.Name, handle, string(in.Kind), team, in.Site, in.Lang, in.Hash, tx.Now, tx.nextSeq())
	if err != nil {
		return 0, fmt.Errorf("insert person: %w", err)
	}
	if err := tx.setRoles(id, in.Roles); err != nil {
		return 0, err
	}
	if err := tx.placed(id); err != nil {
		return 0, err
	}
	_, err = tx.record(board.PersonAdded, about{subject: id})
	return id, err
}

func (tx *Tx) setRoles(person int64, roles []board.Role) error {
	if _, err := tx.exec(`DELETE FROM person_role WHERE person_id = $1`, person); err != nil {
		return fmt.Errorf("take roles away: %w", err)
	}
	for _, r := range roles {
		if _, err := tx.exec(`INSERT INTO person_role (person_id, role) VALUES ($1, $2)`, person, string(r)); err != nil {
			return fmt.Errorf("give a role: %w", err)
		}
	}
	return nil
}

// personChanged records that a person changed.
func (tx *Tx) personChanged(id int64) error {
	seq, err := tx.record(board.PersonChanged, about{subject: id})
	if err != nil {
		return err
	}
	if _, err := tx.exec(`UPDATE person SET last_seq = $1 WHERE id = $2`, seq, id); err != nil {
		return fmt.Errorf("mark person %d: %w", id, err)
	}
	return tx.placed(id)
}

// endEverything ends a person's sessions but one, their tokens and their links.
func (tx *Tx) endEverything(person, keep int64) error {
	_, err := tx.exec(`DELETE FROM session WHERE person_id = $1 AND id <> $2`, person, keep)
	if err == nil {
		_, err = tx.exec(`DELETE FROM token WHERE person_id = $1`, person)
	}
	if err == nil {
		_, err = tx.exec(`DELETE FROM link WHERE person_id = $1`, person)
	}
	if err != nil {
		return fmt.Errorf("end sessions, tokens and links: %w", err)
	}
	return nil
}

// SetLanguage chooses the language somebody is spoken to in: it, en, or empty
// for the browser's. Errors: invalid, not_found.
func (s *Store) SetLanguage(ctx context.Context, who board.Who, lang string) (int64, error) {
	if err := checkLang(lang); err != nil {
		return 0, err
	}
	return s.write(ctx, who.ID, func(tx *Tx) error {
		res, err := tx.exec(`UPDATE person SET lang = $1 WHERE id = $2 AND disabled_at IS NULL`, lang, who.ID)
		if err != nil {
			return fmt.Errorf("set a language: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return cmp.Or[error](err, board.Missing())
		}
		return tx.personChanged(who.ID)
	})
}

// SetPassword changes somebody's own password, who must know the present one.
// Their other devices are signed out and their tokens and links end. Errors:
// invalid (fields current, password), too_many.
func (s *Store) SetPassword(ctx context.Context, l Login, current, new string) (int64, error) {
	if err := password.Check("password", new, l.Name, l.Email); err != nil {
		return 0, err
	}
	if err := s.attempt(ctx, accountName(l.Email), perAccount); err != nil {
		return 0, err
	}
	var old string
	if err := s.readDB.QueryRowContext(ctx, `SELECT password FROM person WHERE id = $1`, l.ID).Scan(&old); err != nil {
		return 0, missingIfNone(err, "read a password hash")
	}
	ok, err := password.Verify(ctx, old, current)
	if err != nil {
		return 0, err
	}
	if !ok {
		return 0, board.FieldFault("current", "This is not your current password.")
	}
	if err := s.succeeded(ctx, accountName(l.Email)); err != nil {
		return 0, err
	}
	hash, err := password.Hash(ctx, new)
	if err != nil {
		return 0, err
	}
	seq, err := s.write(ctx, l.ID, func(tx *Tx) error {
		if err := tx.setPassword(l.ID, hash, l.Session); err != nil {
			return err
		}
		return tx.audit(act{kind: board.PasswordSetAct, person: l.ID})
	})
	s.revoked.tell(l.ID)
	return seq, err
}

// setPassword keeps a new hash and ends everything the old one opened, but one session.
func (tx *Tx) setPassword(person int64, hash string, keep int64) error {
	res, err := tx.exec(`UPDATE person SET password = $1 WHERE id = $2 AND disabled_at IS NULL`, hash, person)
	if err != nil {
		return fmt.Errorf("set a password: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return cmp.Or[error](err, board.Missing())
	}
	if err := tx.endEverything(person, keep); err != nil {
		return err
	}
	return tx.personChanged(person)
}
