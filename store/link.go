package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"convivio/store/board"
	"convivio/store/password"
)

// Purpose says what a single-use link lets its holder do.
type Purpose string

// The purposes: choose the first password, choose a new one, become the first
// administrator.
const (
	Invitation Purpose = "invitation"
	Reset      Purpose = "reset"
	FirstAdmin Purpose = "first_admin"
	ToAppeal   Purpose = "appeal" // against one's suspension; opens nothing else
)

// linkLife is how long a link can be used.
var linkLife = map[Purpose]time.Duration{
	Invitation: 7 * 24 * time.Hour,
	Reset:      30 * time.Minute,
	FirstAdmin: 7 * 24 * time.Hour,
	ToAppeal:   30 * time.Minute,
}

// Link is a single-use link and the person it is for; nobody yet for FirstAdmin.
type Link struct {
	Purpose Purpose
	Person  int64
	Name    string
	Email   string
}

// AddLink makes a link for a person: an invitation until they have chosen a
// password, a reset link afterwards. Links made before for them end. The secret
// cannot be read again. Only administrators may. Errors: forbidden, not_found,
// conflict for somebody disabled or without an e-mail address.
func (s *Store) AddLink(ctx context.Context, who board.Who, person int64) (Purpose, string, error) {
	if err := adminsOnly(who); err != nil {
		return "", "", err
	}
	secret, purpose := newSecret(), Reset
	err := s.noteAs(ctx, who.ID, func(tx *Tx) error {
		if err := tx.admin(who); err != nil {
			return err
		}
		var new, able bool
		err := tx.row(`SELECT password = '', email IS NOT NULL AND disabled_at IS NULL FROM person WHERE id = $1`, person).Scan(&new, &able)
		if err != nil {
			return missingIfNone(err, "find person %d", person)
		}
		if !able {
			return board.Fault(board.Conflict, "This person cannot sign in. Enable the account first.")
		}
		if new {
			purpose = Invitation
		}
		if _, err := tx.exec(`DELETE FROM link WHERE person_id = $1`, person); err != nil {
			return fmt.Errorf("end links: %w", err)
		}
		if err := tx.addLink(secret, purpose, person); err != nil {
			return err
		}
		return tx.audit(act{kind: board.LinkMadeAct, person: person, after: map[string]string{"purpose": string(purpose)}})
	})
	if err != nil {
		return "", "", err
	}
	return purpose, secret, nil
}

func (tx *Tx) addLink(secret string, purpose Purpose, person int64) error {
	_, err := tx.exec(`INSERT INTO link (hash, purpose, person_id, created_at, ends_at) VALUES ($1, $2, $3, $4, $5)`,
		hashSecret(secret), string(purpose), orNull(person), tx.Now, tx.Now+linkLife[purpose].Microseconds())
	if err != nil {
		return fmt.Errorf("add a link: %w", err)
	}
	return nil
}

// FirstAdminLink makes the link by which the first administrator is created,
// while there is none; otherwise it is empty. Links made before for this end.
func (s *Store) FirstAdminLink(ctx context.Context) (string, error) {
	secret := newSecret()
	err := s.noteWith(ctx, func(tx *Tx) error {
		if _, err := tx.exec(`DELETE FROM link WHERE purpose = $1`, string(FirstAdmin)); err != nil {
			return fmt.Errorf("end links: %w", err)
		}
		there, err := tx.hasAdmin()
		if err != nil {
			return err
		}
		if there {
			secret = ""
			return nil
		}
		if err := tx.addLink(secret, FirstAdmin, 0); err != nil {
			return err
		}
		return tx.audit(act{kind: board.LinkMadeAct, after: linkAudit{FirstAdmin}})
	})
	if err != nil {
		return "", fmt.Errorf("make a link for the first administrator: %w", err)
	}
	return secret, nil
}

func (tx *Tx) hasAdmin() (there bool, err error) {
	err = tx.row(`
		SELECT EXISTS (SELECT 1 FROM person_role r JOIN person p ON p.id = r.person_id
			WHERE r.role = 'admin' AND p.disabled_at IS NULL)`).Scan(&there)
	if err != nil {
		err = fmt.Errorf("look for administrators: %w", err)
	}
	return there, err
}

// FindLink tells what a link is for, while it can be used. Errors: not_found.
func (s *Store) FindLink(ctx context.Context, purpose Purpose, secret string) (Link, error) {
	l := Link{Purpose: purpose}
	err := s.readDB.QueryRowContext(ctx, `
		SELECT COALESCE(p.id, 0), COALESCE(p.name, ''), COALESCE(p.email, '')
		FROM link l LEFT JOIN person p ON p.id = l.person_id
		WHERE l.hash = $1 AND l.purpose = $2 AND l.used_at IS NULL AND l.ends_at > $3 AND p.disabled_at IS NULL`,
		hashSecret(secret), string(purpose), micros(s.now())).Scan(&l.Person, &l.Name, &l.Email)
	return l, missingIfNone(err, "look up a link")
}

// UseLink chooses a password by a link, which can then not be used again, and
// ends every session, token and other link of the person. For FirstAdmin, name
// and email say who that is; otherwise they are left alone. It returns the
// person. Errors: not_found for a link that is used, too old or never was;
// invalid (fields name, email, password), conflict (field email).
func (s *Store) UseLink(ctx context.Context, purpose Purpose, secret string, in board.NewPerson, newPassword string) (int64, error) {
	l, err := s.FindLink(ctx, purpose, secret)
	if err != nil {
		return 0, err
	}
	if purpose == FirstAdmin {
		in.Kind, in.Roles = board.Employee, []board.Role{board.Admin}
		if in, err = checkPerson(in); err != nil {
			return 0, err
		}
		l.Name, l.Email = in.Name, in.Email
	}
	if err := password.Check("password", newPassword, l.Name, l.Email); err != nil {
		return 0, err
	}
	if in.Hash, err = password.Hash(ctx, newPassword); err != nil {
		return 0, err
	}
	_, err = s.write(ctx, l.Person, func(tx *Tx) error {
		if err := tx.spendLink(purpose, secret); err != nil {
			return err
		}
		if purpose == FirstAdmin {
			if l.Person, err = tx.addFirstAdmin(in); err != nil {
				return err
			}
		} else if err := tx.setPassword(l.Person, in.Hash, 0); err != nil {
			return err
		}
		return tx.audit(act{kind: board.LinkUsedAct, person: l.Person, after: linkAudit{purpose}})
	})
	if err == nil {
		s.revoked.tell(l.Person)
	}
	return l.Person, err
}

// spendLink uses a link up; of two who try at once, one succeeds.
func (tx *Tx) spendLink(purpose Purpose, secret string) error {
	var person sql.NullInt64
	err := tx.row(`
		UPDATE link SET used_at = $1 WHERE hash = $2 AND purpose = $3 AND used_at IS NULL AND ends_at > $1
		RETURNING person_id`, tx.Now, hashSecret(secret), string(purpose)).Scan(&person)
	return missingIfNone(err, "use a link")
}

func (tx *Tx) addFirstAdmin(in board.NewPerson) (int64, error) {
	there, err := tx.hasAdmin()
	if err != nil {
		return 0, err
	}
	if there {
		return 0, board.Missing()
	}
	return tx.addPerson(in)
}
