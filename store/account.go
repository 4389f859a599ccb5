package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"convivio/store/board"
)

// Account is a person as administrators see them.
type Account struct {
	board.Person
	Email    string
	Invited  bool // has not chosen a password yet
	Disabled bool
}

// AccountFilter says whom administrators look for; empty fields leave everybody in.
type AccountFilter struct {
	Q     string // words of the name, the address, the team or the site
	Team  int64  // in it or below it
	Site  string
	Role  board.Role
	Kind  board.Kind
	State AccountState
}

// AccountState is whether somebody can come in.
type AccountState string

// The states of an account.
const (
	Active   AccountState = "active"   // has signed in at least once, and may
	Invited  AccountState = "invited"  // has not chosen a password yet
	Disabled AccountState = "disabled" // may not sign in
)

const accountColumns = personColumns + `, p.email, p.password = '', p.disabled_at IS NOT NULL`

func scanAccount(row interface{ Scan(...any) error }) (a Account, err error) {
	a.Person, err = scanPerson(row, &a.Email, &a.Invited, &a.Disabled)
	return a, err
}

// Accounts lists who may sign in, or might again, by name, and tells how many
// there are in all; only for administrators. Errors: forbidden, invalid (fields
// q, cursor).
func (s *Store) Accounts(ctx context.Context, who board.Who, f AccountFilter, limit int, after string) (list board.List[Account], of int, err error) {
	if err := adminsOnly(who); err != nil {
		return list, 0, err
	}
	if err := s.Looked(ctx, who, board.PeopleReadAct, Target{}); err != nil {
		return list, 0, err
	}
	which, err := s.accountFilter(ctx, f)
	if err != nil {
		return list, 0, err
	}
	return listPeople(s, ctx, limit, after, true, which, accountColumns, func(rows *sql.Rows) (Account, error) { return scanAccount(rows) })
}

// accountFilter makes the test of a filter. Errors: invalid (field q).
func (s *Store) accountFilter(ctx context.Context, f AccountFilter) (func(*entry) bool, error) {
	words, err := wordsOfName(f.Q)
	if err != nil {
		return nil, err
	}
	var address string // one that was typed, whole or in part
	for _, part := range strings.Fields(f.Q) {
		if strings.Contains(part, "@") {
			address = strings.TrimSpace(searchable(part))
		}
	}
	teams := map[int64]bool{}
	if f.Team != 0 {
		below, err := s.teamAndBelow(ctx, f.Team)
		if err != nil {
			return nil, err
		}
		for _, id := range below {
			teams[id] = true
		}
	}
	return func(e *entry) bool {
		switch {
		case f.Team != 0 && !teams[e.team],
			f.Site != "" && !strings.EqualFold(e.site, f.Site),
			f.Role != "" && !slices.Contains(e.roles, f.Role),
			f.Kind != "" && e.guest != (f.Kind == board.Guest),
			f.State != "" && f.State != e.state(),
			!strings.Contains(e.mail, address):
			return false
		}
		for _, w := range words {
			if !strings.Contains(e.text, w) && !strings.Contains(e.mail, w) {
				return false
			}
		}
		return true
	}, nil
}

func (e *entry) state() AccountState {
	switch {
	case e.disabled:
		return Disabled
	case e.invited:
		return Invited
	}
	return Active
}

// Headcount is how many accounts there are, for administrators.
type Headcount struct{ All, Active, Invited, Disabled, Guests int }

// Headcount counts the accounts. Errors: forbidden.
func (s *Store) Headcount(ctx context.Context, who board.Who) (h Headcount, err error) {
	if err := adminsOnly(who); err != nil {
		return h, err
	}
	people, _, err := s.everybody(ctx)
	for _, e := range people {
		h.All++
		switch e.state() {
		case Active:
			h.Active++
		case Invited:
			h.Invited++
		case Disabled:
			h.Disabled++
		}
		if e.guest {
			h.Guests++
		}
	}
	return h, err
}

// Sites lists the sites that people are at, by name; only for administrators.
// Errors: forbidden.
func (s *Store) Sites(ctx context.Context, who board.Who) ([]string, error) {
	if err := adminsOnly(who); err != nil {
		return nil, err
	}
	sites, _, err := s.sums(ctx)
	return sites, err
}

// Account reads who may sign in with an e-mail address; only for
// administrators. Errors: forbidden, invalid (field email), not_found.
func (s *Store) Account(ctx context.Context, who board.Who, email string) (Account, error) {
	if err := adminsOnly(who); err != nil {
		return Account{}, err
	}
	email, err := normalEmail(email)
	if err != nil {
		return Account{}, err
	}
	a, err := scanAccount(s.readDB.QueryRowContext(ctx, `
		SELECT `+accountColumns+` FROM person p LEFT JOIN team t ON t.id = p.team_id WHERE p.email = $1`, email))
	return a, missingIfNone(err, "read an account")
}

// AccountByID reads one account. Errors: forbidden, not_found, also for somebody
// imported with their words, who cannot sign in.
func (s *Store) AccountByID(ctx context.Context, who board.Who, id int64) (Account, error) {
	if err := adminsOnly(who); err != nil {
		return Account{}, err
	}
	if err := s.Looked(ctx, who, board.PersonReadAct, Target{Person: id}); err != nil {
		return Account{}, err
	}
	a, err := scanAccount(s.readDB.QueryRowContext(ctx, `
		SELECT `+accountColumns+` FROM person p LEFT JOIN team t ON t.id = p.team_id WHERE p.id = $1 AND p.email IS NOT NULL`, id))
	return a, missingIfNone(err, "read account %d", id)
}
