package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"

	"convivio/store/board"
)

const personColumns = `p.id, p.name, p.kind, p.handle, COALESCE(t.name, ''), p.site,
	COALESCE((SELECT STRING_AGG(r.role, ' ') FROM person_role r WHERE r.person_id = p.id), '')`

// scanPerson reads personColumns and what follows them.
func scanPerson(row interface{ Scan(...any) error }, more ...any) (p board.Person, err error) {
	var roles string
	err = row.Scan(append([]any{&p.ID, &p.Name, &p.Kind, &p.Handle, &p.Team, &p.Site, &roles}, more...)...)
	p.Roles = splitRoles(roles)
	return p, err
}

// knows is the one condition on whom a reader may see: themselves, colleagues,
// and whoever wrote something that the reader may see. A guest sees nobody else,
// and nobody else sees a guest, but for administrators. It takes the reader's
// kind as $1, id as $2 and whether they administer as $3, of person p.
const knows = `(p.id = $2 OR $3 OR ($1 = 'employee' AND p.kind = 'employee' AND p.email IS NOT NULL)
	OR EXISTS (SELECT 1 FROM idea i JOIN board b ON b.id = i.board_id
		WHERE i.author_id = p.id AND i.deleted_at IS NULL AND ` + sees + `)
	OR EXISTS (SELECT 1 FROM comment c JOIN idea i ON i.id = c.idea_id JOIN board b ON b.id = i.board_id
		WHERE c.author_id = p.id AND c.deleted_at IS NULL AND i.deleted_at IS NULL AND ` + sees + `)
	OR EXISTS (SELECT 1 FROM answer a JOIN idea i ON i.id = a.idea_id JOIN board b ON b.id = i.board_id
		WHERE a.author_id = p.id AND i.deleted_at IS NULL AND ` + sees + `))`

// Person reads a person, as far as the reader may know of them. Errors: not_found.
func (s *Store) Person(ctx context.Context, who board.Who, id int64) (board.Person, error) {
	p, err := scanPerson(s.readDB.QueryRowContext(ctx, `
		SELECT `+personColumns+` FROM person p LEFT JOIN team t ON t.id = p.team_id
		WHERE p.id = $4 AND `+knows, string(who.Kind), who.ID, who.Has(board.Admin), id))
	return p, missingIfNone(err, "read person %d", id)
}

// PersonByHandle is Person by what stands behind @ in a text. Errors: not_found.
func (s *Store) PersonByHandle(ctx context.Context, who board.Who, handle string) (board.Person, error) {
	p, err := scanPerson(s.readDB.QueryRowContext(ctx, `
		SELECT `+personColumns+` FROM person p LEFT JOIN team t ON t.id = p.team_id
		WHERE p.handle = $4 AND `+knows, string(who.Kind), who.ID, who.Has(board.Admin), strings.ToLower(handle)))
	return p, missingIfNone(err, "read person @%s", handle)
}

// People lists the directory by name: the employees who can sign in, or those of
// them in whose name, team or site every word of q stands. Guests of one board
// must not learn of others, so the directory neither shows them nor is shown to
// them. Errors: not_found for guests, invalid (fields q, cursor).
func (s *Store) People(ctx context.Context, who board.Who, q string, limit int, after string) (board.List[board.Person], error) {
	if who.Kind != board.Employee {
		return board.List[board.Person]{}, board.Missing()
	}
	words, err := wordsOfName(q)
	if err != nil {
		return board.List[board.Person]{}, err
	}
	list, _, err := listPeople(s, ctx, limit, after, false, func(e *entry) bool { return !e.guest && !e.disabled && hasWords(e.text, words) },
		personColumns, func(rows *sql.Rows) (board.Person, error) { return scanPerson(rows) })
	return list, err
}

// listPeople pages through people in the order of their handles, which is that
// of their names without accents; with all it also counts them. Errors: invalid (field cursor).
func listPeople[T any](s *Store, ctx context.Context, limit int, after string, all bool, which func(*entry) bool, columns string, scan func(*sql.Rows) (T, error)) (list board.List[T], of int, err error) {
	c, more, err := parseCursor("people", after)
	if err != nil {
		return list, 0, err
	}
	if !more {
		c.id = 0
	}
	limit = pageSize(limit)
	ids, of, err := s.findPeople(ctx, limit+1, c.id, all, which)
	if err != nil {
		return list, 0, err
	}
	if len(ids) > limit {
		ids = ids[:limit]
		list.Next = cursor{list: "people", id: ids[limit-1]}.String()
	}
	chosen, err := json.Marshal(ids)
	if err != nil {
		return list, 0, fmt.Errorf("write ids: %w", err)
	}
	// #nosec G202 -- columns is a literal of this package
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT `+columns+` FROM person p LEFT JOIN team t ON t.id = p.team_id
		WHERE p.id IN (SELECT value FROM JSON_EACH($1)) AND p.email IS NOT NULL ORDER BY p.handle`, string(chosen))
	if err != nil {
		return list, 0, fmt.Errorf("list people: %w", err)
	}
	list.Items, err = collect(rows, scan)
	return list, of, err
}

// wordsOfName are the words of a name that somebody looks for. Errors: invalid (field q).
func wordsOfName(q string) ([]string, error) {
	if len(q) > board.MaxName {
		return nil, board.FieldFault("q", "This is too long for a name.")
	}
	return strings.Fields(searchable(q)), nil
}

func hasWords(text string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// Titles returns the titles of those ideas that the reader may see, by id.
func (s *Store) Titles(ctx context.Context, who board.Who, ideas []int64) (map[int64]string, error) {
	ids, err := json.Marshal(ideas)
	if err != nil {
		return nil, fmt.Errorf("write ids: %w", err)
	}
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT i.id, i.title FROM idea i JOIN board b ON b.id = i.board_id
		WHERE i.id IN (SELECT value FROM JSON_EACH($3)) AND i.deleted_at IS NULL AND `+sees,
		string(who.Kind), who.ID, string(ids))
	if err != nil {
		return nil, fmt.Errorf("read titles: %w", err)
	}
	titles := map[int64]string{}
	_, err = collect(rows, func(rows *sql.Rows) (struct{}, error) {
		var id int64
		var title string
		err := rows.Scan(&id, &title)
		titles[id] = title
		return struct{}{}, err
	})
	return titles, err
}
