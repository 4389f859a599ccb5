package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"convivio/store/board"
)

// mostNamed is how many people, and how many ideas, names in a search may mean.
const mostNamed = 5_000

// Named tells what names in a search mean, as far as the reader may know of it:
// a name that nobody has and the name of somebody they may not know are the same.
func (s *Store) Named(ctx context.Context, who board.Who, n board.Names) (named board.Named, err error) {
	if len(n.People) > 0 {
		if named.Authors, err = s.peopleNamed(ctx, who, n.People); err != nil {
			return named, err
		}
	}
	if len(n.Teams) > 0 {
		team, err := s.teamsNamed(ctx, who, n.Teams)
		if err != nil {
			return named, err
		}
		if len(n.People) > 0 {
			team = both(named.Authors, team)
		}
		named.Authors = team
	}
	named.Ideas, err = s.ideasNamed(ctx, who, n)
	return named, err
}

// ideasNamed lists the ideas that are all that is asked for: the reader's own, those
// they follow, those that are late.
func (s *Store) ideasNamed(ctx context.Context, who board.Who, n board.Names) (ids []int64, err error) {
	const own = ` FROM idea i JOIN board b ON b.id = i.board_id WHERE i.author_id = $2 AND i.deleted_at IS NULL AND ` + sees + ` ORDER BY i.id DESC LIMIT $3`
	const followed = ` FROM idea_follow f JOIN idea i ON i.id = f.idea_id JOIN board b ON b.id = i.board_id
		WHERE f.person_id = $2 AND f.follows = 1 AND i.deleted_at IS NULL AND ` + sees + ` ORDER BY i.id DESC LIMIT $3`
	const late = ` FROM clock k JOIN idea i ON i.id = k.idea_id JOIN board b ON b.id = k.board_id WHERE k.due_at < $4 AND ` + sees + ` ORDER BY i.id DESC LIMIT $3`
	first := true
	for _, list := range [...]struct {
		asked bool
		from  string
		args  []any
	}{{n.Mine, own, nil}, {n.Followed, followed, nil}, {n.Late, late, []any{micros(s.now())}}} {
		if !list.asked {
			continue
		}
		some, err := s.ideaIDs(ctx, who, list.from, list.args...)
		if err != nil {
			return nil, err
		}
		if !first {
			some = both(ids, some)
		}
		ids, first = some, false
	}
	return ids, nil
}

func (s *Store) ideaIDs(ctx context.Context, who board.Who, from string, args ...any) ([]int64, error) {
	rows, err := s.readDB.QueryContext(ctx, `SELECT i.id`+from, append([]any{string(who.Kind), who.ID, mostNamed}, args...)...) // #nosec G202 -- literals of this file
	if err != nil {
		return nil, fmt.Errorf("list a reader's ideas: %w", err)
	}
	return collect(rows, scanID)
}

// both are the ids that stand in two lists.
func both(a, b []int64) []int64 {
	in := make(map[int64]bool, len(a))
	for _, id := range a {
		in[id] = true
	}
	return slices.DeleteFunc(b, func(id int64) bool { return !in[id] })
}

// called is somebody, or a team, that may be meant by a name.
type called struct {
	id     int64
	handle string
	words  []string // of the name, as people search
	has    []string // those of the handle too
}

// peopleNamed finds whom some names may mean: who has the handle, else those who
// have all the words of the name, else those whose words begin so.
func (s *Store) peopleNamed(ctx context.Context, who board.Who, names []string) ([]int64, error) {
	var ids []int64
	names = slices.Clone(names)
	args := []any{string(who.Kind), who.ID, who.Has(board.Admin)}
	var alike []string // one for each name: how words of a handle, which is made of the name, must begin
	asked := map[string]bool{}
	for _, n := range names {
		folded := foldedName(n, ' ')
		switch folded {
		case "me", "io", "myself":
			ids = append(ids, who.ID)
			continue
		}
		if asked[folded] {
			continue
		}
		asked[folded] = true
		terms := []string{`TRUE`}
		for w := range strings.FieldsSeq(folded) {
			args = append(args, "%."+w+"%")
			terms = append(terms, fmt.Sprintf(`'.' || p.handle LIKE $%d`, len(args)))
		}
		alike = append(alike, strings.Join(terms, ` AND `))
	}
	if len(alike) == 0 {
		return ids, nil
	}
	// #nosec G202 -- placeholders and literals alone are put together
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT p.id, p.name || ' @' || p.handle FROM person p WHERE (`+strings.Join(alike, ` OR `)+`) AND `+knows+` ORDER BY p.id`, args...)
	if err != nil {
		return nil, fmt.Errorf("find people by their names: %w", err)
	}
	list, err := collect(rows, scanCalled)
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	for _, n := range slices.Compact(names) {
		ids = append(ids, meant(n, list)...)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	return ids[:min(len(ids), mostNamed)], nil
}

// teamsNamed finds who is in the teams that some names may mean.
func (s *Store) teamsNamed(ctx context.Context, who board.Who, names []string) ([]int64, error) {
	rows, err := s.readDB.QueryContext(ctx, `SELECT id, name FROM team`)
	if err != nil {
		return nil, fmt.Errorf("list teams: %w", err)
	}
	teams, err := collect(rows, scanCalled)
	if err != nil {
		return nil, err
	}
	teams = slices.DeleteFunc(teams, func(t called) bool {
		return !slices.ContainsFunc(names, func(n string) bool { return t.likeness(n, strings.Fields(searchable(n))) > 0 })
	})
	ids := make([]int64, len(teams))
	for i, t := range teams {
		ids[i] = t.id
	}
	of, err := json.Marshal(ids)
	if err != nil {
		return nil, fmt.Errorf("write ids: %w", err)
	}
	rows, err = s.readDB.QueryContext(ctx, `
		SELECT p.id, t.name FROM person p JOIN team t ON t.id = p.team_id
		WHERE p.team_id IN (SELECT value FROM JSON_EACH($4)) AND `+knows+` ORDER BY p.id`,
		string(who.Kind), who.ID, who.Has(board.Admin), string(of))
	if err != nil {
		return nil, fmt.Errorf("list the people of teams: %w", err)
	}
	people, err := collect(rows, scanCalled)
	if err != nil {
		return nil, err
	}
	ids = nil
	for _, n := range names {
		ids = append(ids, meant(n, people)...)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	return ids[:min(len(ids), mostNamed)], nil
}

func scanCalled(rows *sql.Rows) (c called, err error) {
	var name string
	if err := rows.Scan(&c.id, &name); err != nil {
		return c, err
	}
	name, c.handle, _ = strings.Cut(name, " @")
	c.words = strings.Fields(searchable(name))
	c.has = append(slices.Clip(c.words), strings.Fields(searchable(c.handle))...)
	return c, nil
}

// meant are those of a list whose names are most like the one that was typed. The
// list holds only what the reader may know: whom others are like changes nothing.
func meant(typed string, list []called) []int64 {
	best, ids := 1, []int64(nil)
	words := strings.Fields(searchable(typed))
	typed = strings.TrimSpace(typed)
	for _, c := range list {
		switch n := c.likeness(typed, words); {
		case n > best:
			best, ids = n, []int64{c.id}
		case n == best:
			ids = append(ids, c.id)
		}
	}
	return ids
}

// likeness tells how well a name fits what was typed, whose words stand beside
// it: 4 it is the same, or the handle behind @; 3 it has the words in it; 2 words
// that begin so; 0 not.
func (c called) likeness(typed string, words []string) int {
	switch {
	case strings.EqualFold(typed, c.handle):
		return 4
	case len(words) == 0:
		return 0
	case slices.Equal(words, c.words):
		return 4
	}
	n := 3
	for _, w := range words {
		switch {
		case slices.Contains(c.has, w):
		case slices.ContainsFunc(c.has, func(h string) bool { return strings.HasPrefix(h, w) }):
			n = 2
		default:
			return 0
		}
	}
	return n
}
