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

// inTeamOrBelow is the one condition on whom what was given to a team reaches:
// everybody in it and in the teams below it. It joins something r with person p.
const inTeamOrBelow = `(r.team_id = p.team_id OR r.team_id IN (SELECT a.above_id FROM team_above a WHERE a.team_id = p.team_id))`

// Teams lists the names of the teams, for employees. Errors: not_found for guests.
func (s *Store) Teams(ctx context.Context, who board.Who) ([]string, error) {
	if who.Kind != board.Employee {
		return nil, board.Missing()
	}
	rows, err := s.readDB.QueryContext(ctx, `SELECT name FROM team ORDER BY name`)
	if err != nil {
		return nil, fmt.Errorf("list teams: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (name string, err error) { err = rows.Scan(&name); return name, err })
}

// TeamTree lists the teams, each followed by those below it; how many people are
// in them is for administrators. Errors: not_found for guests.
func (s *Store) TeamTree(ctx context.Context, who board.Who) ([]board.Team, error) {
	if who.Kind != board.Employee {
		return nil, board.Missing()
	}
	var people map[int64]int // of each team, for administrators
	if who.Has(board.Admin) {
		var err error
		if _, people, err = s.sums(ctx); err != nil {
			return nil, err
		}
	}
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT t.id, t.name, COALESCE(t.parent_id, 0), (SELECT COUNT(*) FROM board_role r WHERE r.team_id = t.id) FROM team t`)
	if err != nil {
		return nil, fmt.Errorf("list teams: %w", err)
	}
	all, err := collect(rows, func(rows *sql.Rows) (t board.Team, err error) {
		err = rows.Scan(&t.ID, &t.Name, &t.Parent, &t.Owns)
		t.People = people[t.ID]
		return t, err
	})
	return inTree(all), err
}

// inTree orders teams as a tree, siblings by their names, and counts what is below each.
func inTree(all []board.Team) []board.Team {
	below := map[int64][]board.Team{}
	for _, t := range all {
		below[t.Parent] = append(below[t.Parent], t)
	}
	out := make([]board.Team, 0, len(all))
	var visit func(parent int64, depth int) int
	visit = func(parent int64, depth int) (people int) {
		list := below[parent]
		slices.SortFunc(list, func(a, b board.Team) int { return strings.Compare(searchable(a.Name), searchable(b.Name)) })
		for _, t := range list {
			t.Depth, t.Below = depth, len(below[t.ID])
			at := len(out)
			out = append(out, t)
			out[at].All = t.People + visit(t.ID, depth+1)
			people += out[at].All
		}
		return people
	}
	visit(0, 0)
	return out
}

// team finds a team by name, in capitals or not, or makes it; nil for no team.
func (tx *Tx) team(name string) (any, error) {
	if name == "" {
		return nil, nil
	}
	var id int64
	err := tx.row(`SELECT id FROM team WHERE LOWER(name) = LOWER($1) ORDER BY name = $1 DESC, id LIMIT 1`, name).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		id, err = tx.insert(`INSERT INTO team (name) VALUES ($1) RETURNING id`, name)
	}
	if err != nil {
		return nil, fmt.Errorf("find or make a team: %w", err)
	}
	return id, nil
}

// AddTeam makes a team, below another unless parent is 0. Only administrators
// may. Errors: forbidden, invalid (fields name, parent), conflict for a name
// that is taken.
func (s *Store) AddTeam(ctx context.Context, who board.Who, name string, parent int64) (id, seq int64, err error) {
	seq, err = s.changeTeams(ctx, who, func(tx *Tx) error {
		if name, err = tx.teamName(name, 0); err != nil {
			return err
		}
		if id, err = tx.insert(`INSERT INTO team (name) VALUES ($1) RETURNING id`, name); err != nil {
			return fmt.Errorf("add a team: %w", err)
		}
		if err := tx.putBelow(id, parent); err != nil {
			return err
		}
		return tx.teamActed(board.TeamAdded, board.TeamAddedAct, id, nil, teamState{name, parent})
	})
	return id, seq, err
}

// teamState is what the audit log keeps of a team.
type teamState struct {
	Name   string `json:"name"`
	Parent int64  `json:"parent,omitempty"`
}

// ChangeTeam gives a team another name and place in the tree. Errors: forbidden,
// not_found, invalid (fields name, parent), conflict for a name that is taken or
// a team that would stand below itself.
func (s *Store) ChangeTeam(ctx context.Context, who board.Who, id int64, name string, parent int64) (int64, error) {
	return s.changeTeams(ctx, who, func(tx *Tx) error {
		was, err := tx.teamNow(id)
		if err != nil {
			return err
		}
		if name, err = tx.teamName(name, id); err != nil {
			return err
		}
		now := teamState{name, parent}
		if now == was {
			return nil
		}
		if _, err := tx.exec(`UPDATE team SET name = $1 WHERE id = $2`, name, id); err != nil {
			return fmt.Errorf("rename team %d: %w", id, err)
		}
		if err := tx.putBelow(id, parent); err != nil {
			return err
		}
		if err := tx.teamActed(board.TeamChanged, board.TeamChangedAct, id, was, now); err != nil {
			return err
		}
		return tx.touchPeople(id)
	})
}

// MergeTeams puts everybody and everything of one team into another, and takes
// the one away. Errors: forbidden, not_found, conflict for a team and itself or
// one below it.
func (s *Store) MergeTeams(ctx context.Context, who board.Who, id, into int64) (int64, error) {
	return s.changeTeams(ctx, who, func(tx *Tx) error {
		was, err := tx.teamNow(id)
		if err != nil {
			return err
		}
		target, err := tx.teamNow(into)
		if err != nil {
			return board.FieldFault("into", "Choose a team from the list.")
		}
		if err := tx.notBelow(into, id); err != nil {
			return err
		}
		for _, st := range []string{
			`UPDATE person SET team_id = $2 WHERE team_id = $1`,
			`UPDATE team SET parent_id = $2 WHERE parent_id = $1`,
			`UPDATE board_role SET team_id = $2 WHERE team_id = $1 AND NOT EXISTS (
				SELECT 1 FROM board_role o WHERE o.team_id = $2 AND o.board_id = board_role.board_id AND o.role = board_role.role)`,
		} {
			if _, err := tx.exec(st, id, into); err != nil {
				return fmt.Errorf("merge team %d into %d: %w", id, into, err)
			}
		}
		if err := tx.placed(0); err != nil {
			return err
		}
		if err := tx.dropTeam(id); err != nil {
			return err
		}
		if err := tx.teamActed(board.TeamRemoved, board.TeamMergedAct, id, was, target); err != nil {
			return err
		}
		return tx.touchPeople(into)
	})
}

// DeleteTeam takes an empty team away. Errors: forbidden, not_found, conflict
// while people or teams are in it, or it owes a board its answers.
func (s *Store) DeleteTeam(ctx context.Context, who board.Who, id int64) (int64, error) {
	return s.changeTeams(ctx, who, func(tx *Tx) error {
		was, err := tx.teamNow(id)
		if err != nil {
			return err
		}
		var used bool
		if err := tx.row(`
			SELECT EXISTS (SELECT 1 FROM person WHERE team_id = $1) OR EXISTS (SELECT 1 FROM team WHERE parent_id = $1)
				OR EXISTS (SELECT 1 FROM board_role WHERE team_id = $1)`, id).Scan(&used); err != nil {
			return fmt.Errorf("look who is in team %d: %w", id, err)
		}
		if used {
			return board.Fault(board.Conflict, "This team is not empty: people or teams are in it, or it answers for a board. Merge it into another one instead.")
		}
		if err := tx.dropTeam(id); err != nil {
			return err
		}
		return tx.teamActed(board.TeamRemoved, board.TeamRemovedAct, id, was, nil)
	})
}

// teamAndBelow lists a team and those below it.
func (s *Store) teamAndBelow(ctx context.Context, id int64) ([]int64, error) {
	rows, err := s.readDB.QueryContext(ctx, `SELECT team_id FROM team_above WHERE above_id = $1`, id)
	if err != nil {
		return nil, fmt.Errorf("list what is below team %d: %w", id, err)
	}
	ids, err := collect(rows, scanID)
	return append(ids, id), err
}

// changeTeams runs a change of the tree and works out anew who stands above whom.
func (s *Store) changeTeams(ctx context.Context, who board.Who, change func(*Tx) error) (int64, error) {
	if err := adminsOnly(who); err != nil {
		return 0, err
	}
	return s.write(ctx, who.ID, func(tx *Tx) error {
		if err := tx.admin(who); err != nil {
			return err
		}
		if err := change(tx); err != nil || tx.events == 0 {
			return err
		}
		return tx.closeTree()
	})
}

// closeTree writes team_above anew: trees are small and change rarely.
func (tx *Tx) closeTree() error {
	if _, err := tx.exec(`DELETE FROM team_above`); err != nil {
		return fmt.Errorf("forget the tree of teams: %w", err)
	}
	if _, err := tx.exec(`
		WITH RECURSIVE above (team_id, above_id) AS (
			SELECT id, parent_id FROM team WHERE parent_id IS NOT NULL
			UNION SELECT a.team_id, t.parent_id FROM above a JOIN team t ON t.id = a.above_id WHERE t.parent_id IS NOT NULL)
		INSERT INTO team_above (team_id, above_id) SELECT team_id, above_id FROM above`); err != nil {
		return fmt.Errorf("write the tree of teams: %w", err)
	}
	return nil
}

func (tx *Tx) teamNow(id int64) (t teamState, err error) {
	err = tx.row(`SELECT name, COALESCE(parent_id, 0) FROM team WHERE id = $1`, id).Scan(&t.Name, &t.Parent)
	return t, missingIfNone(err, "find team %d", id)
}

// teamName checks a name and that no other team has it.
func (tx *Tx) teamName(name string, id int64) (string, error) {
	name, err := board.Line("name", name, board.MaxName, true)
	if err != nil {
		return "", err
	}
	var taken bool
	if err := tx.row(`SELECT EXISTS (SELECT 1 FROM team WHERE LOWER(name) = LOWER($1) AND id <> $2)`, name, id).Scan(&taken); err != nil {
		return "", fmt.Errorf("look for a team: %w", err)
	}
	if taken {
		return "", board.Fault(board.Conflict, "There is already a team with this name. To put both together, merge them.").On("name")
	}
	return name, nil
}

// putBelow moves a team below another, or to the top.
func (tx *Tx) putBelow(id, parent int64) error {
	if parent != 0 {
		if _, err := tx.teamNow(parent); err != nil {
			return board.FieldFault("parent", "Choose a team from the list.")
		}
		if err := tx.notBelow(parent, id); err != nil {
			return err
		}
	}
	if _, err := tx.exec(`UPDATE team SET parent_id = $1 WHERE id = $2`, orNull(parent), id); err != nil {
		return fmt.Errorf("move team %d: %w", id, err)
	}
	return nil
}

// notBelow refuses a team that is another one or stands below it, walking the
// tree itself: within one group the closure may be behind.
func (tx *Tx) notBelow(team, of int64) error {
	var below bool
	err := tx.row(`
		WITH RECURSIVE above (id) AS (SELECT CAST($1 AS INTEGER) UNION SELECT t.parent_id FROM team t JOIN above ON t.id = above.id WHERE t.parent_id IS NOT NULL)
		SELECT EXISTS (SELECT 1 FROM above WHERE id = $2)`, team, of).Scan(&below)
	if err != nil {
		return fmt.Errorf("look whether team %d stands below %d: %w", team, of, err)
	}
	if below {
		return board.Fault(board.Conflict, "A team cannot stand below itself, or below one of its own teams.").On("parent")
	}
	return nil
}

func (tx *Tx) dropTeam(id int64) error {
	for _, st := range []string{`DELETE FROM board_role WHERE team_id = $1`, `DELETE FROM team_above WHERE team_id = $1 OR above_id = $1`, `DELETE FROM team WHERE id = $1`} {
		if _, err := tx.exec(st, id); err != nil {
			return fmt.Errorf("take team %d away: %w", id, err)
		}
	}
	return nil
}

// teamActed records what was done to a team.
func (tx *Tx) teamActed(kind board.EventKind, done board.Act, id int64, before, after any) error {
	if _, err := tx.record(kind, about{subject: id}); err != nil {
		return err
	}
	return tx.audit(act{kind: done, before: before, after: after})
}

// touchPeople says of everybody in a team that they changed with it.
func (tx *Tx) touchPeople(team int64) error {
	if _, err := tx.exec(`UPDATE person SET last_seq = $1 WHERE team_id = $2`, tx.seq, team); err != nil {
		return fmt.Errorf("mark the people of team %d: %w", team, err)
	}
	return nil
}
