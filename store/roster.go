package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"convivio/store/board"
)

// RosterPlan is what importing a roster would do to the company as it is now.
type RosterPlan struct {
	New     []RosterRow
	Changed []RosterChange
	Same    int            // who are as the file says
	Closed  int            // of those in the file, who cannot sign in; they stay so
	Missing []board.Author // employees who can sign in and are not in the file, administrators left out
	Teams   []string       // that would be made
	Admins  int            // administrators who are not in the file: they are never disabled by a list
	Faults  []RosterFault
	Digest  string // of all this: two plans with the same digest do the same
	Roster  Roster
}

// RosterChange is somebody whom the file knows otherwise.
type RosterChange struct {
	Line int
	ID   int64
	Who  string // their name as it is now
	Was  RosterFields
	Now  RosterFields
}

// RosterFields are what a roster may change about somebody.
type RosterFields struct {
	Name, Team, Site string
	Kind             board.Kind
}

// PlanRoster works out what importing a roster would do; nothing is changed. Only
// for administrators. Errors: forbidden.
func (s *Store) PlanRoster(ctx context.Context, who board.Who, in Roster) (RosterPlan, error) {
	p := RosterPlan{Faults: slices.Clone(in.Faults), Roster: in}
	if err := adminsOnly(who); err != nil {
		return p, err
	}
	known, teams, err := s.rosterNow(ctx)
	if err != nil {
		return p, err
	}
	listed := map[string]bool{}
	for _, row := range in.Rows {
		listed[row.Email] = true
		if row.Team != "" {
			if known, ok := teams[strings.ToLower(row.Team)]; ok {
				row.Team = known
			} else {
				teams[strings.ToLower(row.Team)] = row.Team
				p.Teams = append(p.Teams, row.Team)
			}
		}
		now, there := known[row.Email]
		if there {
			p.compare(row, now)
		} else {
			p.add(row)
		}
	}
	if len(in.Faults) > 0 || len(in.Rows) == 0 { // who is not in what could be read of it may be in the rest
		known = nil
	}
	for email, now := range known {
		switch {
		case listed[email] || now.disabled || now.fields.Kind != board.Employee || now.id == who.ID:
		case now.admin:
			p.Admins++
		default:
			p.Missing = append(p.Missing, board.Author{ID: now.id, Name: now.fields.Name})
		}
	}
	slices.SortFunc(p.Missing, func(a, b board.Author) int { return int(a.ID - b.ID) })
	slices.SortFunc(p.Faults, func(a, b RosterFault) int { return a.Line - b.Line })
	p.Digest, err = p.digest()
	return p, err
}

// add plans somebody who is not known yet.
func (p *RosterPlan) add(row RosterRow) {
	if row.Name == "" {
		p.Faults = append(p.Faults, RosterFault{row.Line, board.FieldFault("name", "This person is new, and the line does not say their name.")})
		return
	}
	if row.Kind == "" {
		row.Kind = board.Employee
	}
	p.New = append(p.New, row)
}

// compare plans what the file says of somebody who is known.
func (p *RosterPlan) compare(row RosterRow, now rosterPerson) {
	if now.disabled {
		p.Closed++
	}
	is := now.fields
	for _, f := range []struct {
		value string
		into  *string
	}{{row.Name, &is.Name}, {row.Team, &is.Team}, {row.Site, &is.Site}} {
		if f.value != "" {
			*f.into = f.value
		}
	}
	if row.Kind != "" {
		is.Kind = row.Kind
	}
	switch {
	case is == now.fields:
		p.Same++
	case is.Kind == board.Guest && now.roles:
		p.Faults = append(p.Faults, RosterFault{row.Line, board.FieldFault("role", "A guest cannot have a role.")})
	default:
		p.Changed = append(p.Changed, RosterChange{Line: row.Line, ID: now.id, Who: now.fields.Name, Was: now.fields, Now: is})
	}
}

func (p *RosterPlan) digest() (string, error) {
	b, err := json.Marshal([]any{p.New, p.Changed, p.Missing})
	if err != nil {
		return "", fmt.Errorf("write a plan: %w", err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

// rosterPerson is somebody as they are, for a roster to be held against.
type rosterPerson struct {
	id                     int64
	fields                 RosterFields
	disabled, admin, roles bool
}

// rosterNow reads everybody with an address, and the names of the teams by what they
// are in small letters.
func (s *Store) rosterNow(ctx context.Context) (map[string]rosterPerson, map[string]string, error) {
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT p.email, p.id, p.name, COALESCE(t.name, ''), p.site, p.kind, p.disabled_at IS NOT NULL,
			EXISTS (SELECT 1 FROM person_role r WHERE r.person_id = p.id AND r.role = 'admin'),
			EXISTS (SELECT 1 FROM person_role r WHERE r.person_id = p.id)
		FROM person p LEFT JOIN team t ON t.id = p.team_id WHERE p.email IS NOT NULL`)
	if err != nil {
		return nil, nil, fmt.Errorf("read everybody: %w", err)
	}
	known := map[string]rosterPerson{}
	_, err = collect(rows, func(rows *sql.Rows) (p rosterPerson, err error) {
		var email string
		err = rows.Scan(&email, &p.id, &p.fields.Name, &p.fields.Team, &p.fields.Site, &p.fields.Kind, &p.disabled, &p.admin, &p.roles)
		known[email] = p
		return p, err
	})
	if err != nil {
		return nil, nil, err
	}
	rows, err = s.readDB.QueryContext(ctx, `SELECT name FROM team`)
	if err != nil {
		return nil, nil, fmt.Errorf("list teams: %w", err)
	}
	teams := map[string]string{}
	_, err = collect(rows, func(rows *sql.Rows) (name string, err error) {
		err = rows.Scan(&name)
		teams[strings.ToLower(name)] = name
		return name, err
	})
	return known, teams, err
}
