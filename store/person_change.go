package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"convivio/store/board"
)

// PersonChange alters a person; nil fields stay as they are.
type PersonChange struct {
	Name     *string
	Email    *string
	Kind     *board.Kind
	Roles    *[]board.Role
	Team     *string // created when it does not exist yet; empty: none
	Site     *string
	Disabled *bool
}

// personState is a person as the audit log keeps them before and after a change.
type personState struct {
	Name     string     `json:"name,omitempty"`
	Email    string     `json:"-"`
	Address  string     `json:"address,omitempty"` // that it changed, not what it is
	Kind     board.Kind `json:"kind,omitempty"`
	Team     string     `json:"team,omitempty"`
	Site     string     `json:"site,omitempty"`
	Roles    string     `json:"roles,omitempty"` // in the order of the alphabet
	Disabled bool       `json:"-"`
}

func wordsOfRoles(roles []board.Role) string {
	list := make([]string, 0, len(roles))
	for _, r := range roles {
		list = append(list, string(r))
	}
	slices.Sort(list)
	return strings.Join(slices.Compact(list), " ")
}

// ChangePerson alters a person. Only administrators may, and one of them stays:
// the last cannot be disabled or lose the role. Disabling signs the person out
// everywhere and ends their tokens and links. What is as it was changes nothing.
// Errors: forbidden, not_found, invalid, conflict for the last administrator and
// for an address that somebody else has.
func (s *Store) ChangePerson(ctx context.Context, who board.Who, id int64, c PersonChange) (int64, error) {
	if err := adminsOnly(who); err != nil {
		return 0, err
	}
	c, err := checkChange(c)
	if err != nil {
		return 0, err
	}
	seq, err := s.write(ctx, who.ID, func(tx *Tx) error {
		if err := tx.admin(who); err != nil {
			return err
		}
		return tx.changePerson(id, c)
	})
	if err == nil && (c.Disabled != nil && *c.Disabled || c.Kind != nil) {
		s.revoked.tell(id)
	}
	return seq, err
}

// checkChange checks what is given anew and returns it tidied, in fields of its own.
func checkChange(c PersonChange) (PersonChange, error) {
	for _, f := range []struct {
		name     string
		value    **string
		required bool
	}{{"name", &c.Name, true}, {"team", &c.Team, false}, {"site", &c.Site, false}} {
		if *f.value == nil {
			continue
		}
		tidy, err := board.Line(f.name, **f.value, board.MaxName, f.required)
		if err != nil {
			return c, err
		}
		*f.value = &tidy
	}
	if c.Email != nil {
		email, err := normalEmail(*c.Email)
		if err != nil {
			return c, err
		}
		c.Email = &email
	}
	if c.Kind != nil && *c.Kind != board.Employee && *c.Kind != board.Guest {
		return c, board.FieldFault("kind", "A person is either an employee or a guest.")
	}
	return c, nil
}

// personNow reads what a change may alter. Errors: not_found.
func (tx *Tx) personNow(id int64) (p personState, err error) {
	var roles string
	err = tx.row(`
		SELECT p.name, COALESCE(p.email, ''), p.kind, COALESCE(t.name, ''), p.site, p.disabled_at IS NOT NULL,
			COALESCE((SELECT STRING_AGG(r.role, ' ') FROM person_role r WHERE r.person_id = p.id), '')
		FROM person p LEFT JOIN team t ON t.id = p.team_id WHERE p.id = $1`, id).
		Scan(&p.Name, &p.Email, &p.Kind, &p.Team, &p.Site, &p.Disabled, &roles)
	p.Roles = wordsOfRoles(splitRoles(roles))
	return p, missingIfNone(err, "find person %d", id)
}

// changePerson makes a change that was checked, and records what is new.
func (tx *Tx) changePerson(id int64, c PersonChange) error {
	was, err := tx.personNow(id)
	if err != nil {
		return err
	}
	now := was
	setIf(&now.Name, c.Name)
	setIf(&now.Email, c.Email)
	setIf(&now.Kind, c.Kind)
	setIf(&now.Team, c.Team)
	setIf(&now.Site, c.Site)
	setIf(&now.Disabled, c.Disabled)
	roles := splitRoles(was.Roles)
	setIf(&roles, c.Roles)
	if roles, err = checkRoles(now.Kind, roles); err != nil {
		return err
	}
	if now.Roles = wordsOfRoles(roles); now == was {
		return nil
	}
	if err := tx.writePerson(id, was, now, roles); err != nil {
		return err
	}
	if err := tx.personChanged(id); err != nil {
		return err
	}
	return tx.auditChange(id, was, now)
}

// writePerson writes what is new about a person.
func (tx *Tx) writePerson(id int64, was, now personState, roles []board.Role) error {
	hadAdmin, err := tx.hasAdmin()
	if err != nil {
		return err
	}
	if now.Email != was.Email {
		if err := tx.freeEmail(now.Email); err != nil {
			return err
		}
	}
	team, err := tx.team(now.Team)
	if err != nil {
		return err
	}
	if _, err := tx.exec(`UPDATE person SET name = $1, email = $2, kind = $3, team_id = $4, site = $5 WHERE id = $6`,
		now.Name, orNone(now.Email), string(now.Kind), team, now.Site, id); err != nil {
		return fmt.Errorf("change person %d: %w", id, err)
	}
	if now.Roles != was.Roles {
		if err := tx.setRoles(id, roles); err != nil {
			return err
		}
	}
	if now.Disabled != was.Disabled {
		if err := tx.disable(id, now.Disabled); err != nil {
			return err
		}
	}
	if still, err := tx.hasAdmin(); err != nil || hadAdmin && !still {
		return cmp.Or[error](err, board.Fault(board.Conflict, "This is the last administrator. Make somebody else one first."))
	}
	return nil
}

// freeEmail refuses an address that somebody has.
func (tx *Tx) freeEmail(email string) error {
	var taken bool
	if err := tx.row(`SELECT EXISTS (SELECT 1 FROM person WHERE email = $1)`, email).Scan(&taken); err != nil {
		return fmt.Errorf("look for an e-mail address: %w", err)
	}
	if taken {
		return board.Fault(board.Conflict, "There is already a person with this e-mail address.").On("email")
	}
	return nil
}

// orNone is a text, or nothing where it is empty.
func orNone(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// auditChange keeps what was done to somebody: an act for each kind of power used.
func (tx *Tx) auditChange(id int64, was, now personState) error {
	var acts []act
	if was.Roles != now.Roles {
		acts = append(acts, act{kind: board.RolesChangedAct, before: personState{Roles: was.Roles}, after: personState{Roles: now.Roles}})
	}
	switch {
	case now.Disabled && !was.Disabled:
		acts = append(acts, act{kind: board.PersonDisabledAct})
	case was.Disabled && !now.Disabled:
		acts = append(acts, act{kind: board.PersonEnabledAct})
	}
	was.Roles, was.Disabled, now.Roles, now.Disabled = "", false, "", false
	if was.Email != now.Email {
		now.Address = "changed"
	}
	if was != now {
		acts = append(acts, act{kind: board.PersonChangedAct, before: was, after: now})
	}
	for _, a := range acts {
		a.person = id
		if err := tx.audit(a); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) disable(id int64, disabled bool) error {
	var since any
	if disabled {
		since = tx.Now
		if err := tx.endEverything(id, 0); err != nil {
			return err
		}
	}
	if _, err := tx.exec(`UPDATE person SET disabled_at = CASE WHEN $1 IS NULL THEN NULL ELSE COALESCE(disabled_at, $1) END WHERE id = $2`, since, id); err != nil {
		return fmt.Errorf("disable person %d: %w", id, err)
	}
	return nil
}
