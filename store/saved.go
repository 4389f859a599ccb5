package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"convivio/store/board"
)

// Searches that people keep. They concern nobody else: bookkeeping, no events.
// What they found is counted anew each time it is shown, as its owner may see it.

// firstFound is the newest idea of those that the saved search of a notice found
// and its person may see.
const firstFound = `(SELECT y.id FROM saved_find f JOIN idea y ON y.id = f.idea_id AND y.deleted_at IS NULL JOIN board z ON z.id = y.board_id
	WHERE f.saved_id = n.saved_id AND (z.visibility = 'open' AND p.kind = 'employee'
		OR EXISTS (SELECT 1 FROM member m WHERE m.board_id = z.id AND m.person_id = p.id)) ORDER BY f.seq DESC LIMIT 1)`

// foundFor counts the ideas that saved search g found and person p may see.
const foundFor = `(SELECT COUNT(*) FROM saved_find f JOIN idea y ON y.id = f.idea_id AND y.deleted_at IS NULL JOIN board b ON b.id = y.board_id
	WHERE f.saved_id = g.id AND ` + mayRead + `)`

// foundToo counts the ideas of the saved search of a notice but for the one it shows.
const foundToo = `COALESCE((SELECT NULLIF(` + foundFor + `, 0) - 1 FROM saved_search g WHERE g.id = n.saved_id), 0)`

const savedColumns = `SELECT g.id, g.name, g.query, g.created_at, ` + foundFor + ` FROM saved_search g JOIN person p ON p.id = g.person_id
	WHERE g.person_id = $1`

func scanSaved(row interface{ Scan(...any) error }) (v board.Saved, err error) {
	var us int64
	err = row.Scan(&v.ID, &v.Name, &v.Query, &us, &v.New)
	v.CreatedAt = at(us)
	return v, err
}

// SavedSearches lists somebody's searches by name.
func (s *Store) SavedSearches(ctx context.Context, who board.Who) ([]board.Saved, error) {
	rows, err := s.readDB.QueryContext(ctx, savedColumns+` ORDER BY LOWER(g.name), g.id`, who.ID)
	if err != nil {
		return nil, fmt.Errorf("list saved searches: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (board.Saved, error) { return scanSaved(rows) })
}

// SavedSearch is one of somebody's searches. Errors: not_found.
func (s *Store) SavedSearch(ctx context.Context, who board.Who, id int64) (board.Saved, error) {
	v, err := scanSaved(s.readDB.QueryRowContext(ctx, savedColumns+` AND g.id = $2`, who.ID, id))
	return v, missingIfNone(err, "read saved search %d", id)
}

// SavedAs finds the search that somebody keeps of this query. Errors: not_found.
func (s *Store) SavedAs(ctx context.Context, who board.Who, q board.Query) (board.Saved, error) {
	v, err := scanSaved(s.readDB.QueryRowContext(ctx, savedColumns+` AND g.query = $2`, who.ID, savedQuery(q)))
	return v, missingIfNone(err, "read a saved search")
}

// savedQuery is the address of a query as it is kept: the order and the idea looked
// into belong to a look at its results, not to what is searched for.
func savedQuery(q board.Query) string {
	q.Sort, q.Idea = board.ByRelevance, 0
	return q.Values().Encode()
}

// SaveSearch keeps a search: from now on its owner is told what is new. The same
// search again is the one that is kept. Errors: invalid, conflict when there are
// MaxSaved already.
func (s *Store) SaveSearch(ctx context.Context, who board.Who, n board.NewSaved) (board.Saved, error) {
	q, err := parseSaved(n.Query)
	if err != nil {
		return board.Saved{}, err
	}
	name, err := savedName(n.Name, q)
	if err != nil {
		return board.Saved{}, err
	}
	query := savedQuery(q)
	err = s.noteWith(ctx, func(tx *Tx) error {
		var here, same int
		if err := tx.row(`SELECT COUNT(*), COUNT(CASE WHEN query = $2 THEN 1 END) FROM saved_search WHERE person_id = $1`, who.ID, query).Scan(&here, &same); err != nil {
			return fmt.Errorf("count saved searches: %w", err)
		}
		if same > 0 {
			return nil
		}
		if here >= board.MaxSaved {
			return board.Fault(board.Conflict, "You keep %d searches already. Delete one to save another.", board.MaxSaved)
		}
		_, err := tx.exec(`INSERT INTO saved_search (person_id, name, query, created_at, seq) VALUES ($1, $2, $3, $4, $5)`, who.ID, name, query, tx.Now, tx.seq)
		return err
	})
	if err != nil {
		return board.Saved{}, err
	}
	return s.SavedAs(ctx, who, q)
}

// parseSaved reads the query of a search to be kept. Errors: invalid.
func parseSaved(query string) (q board.Query, err error) {
	if len(query) > board.MaxSavedQuery {
		return q, board.FieldFault("query", "This search is too long to be saved.")
	}
	v, err := url.ParseQuery(query)
	if err != nil {
		return q, board.FieldFault("query", "This is no search: write it as its address does, such as q=mensa&board=lavoro.")
	}
	if q, err = board.ParseQuery(v); err == nil && !q.Asks() {
		err = board.FieldFault("query", "A search needs a word at least.")
	}
	return q, err
}

// savedName is the name of a search, one line. Errors: invalid.
func savedName(name string, q board.Query) (string, error) {
	if name = strings.Join(strings.Fields(name), " "); name == "" {
		name = strings.Join(strings.Fields(q.Q), " ")
		if r := []rune(name); len(r) > board.MaxSavedName {
			name = string(r[:board.MaxSavedName-1]) + "…"
		}
	}
	switch {
	case name == "" || !utf8.ValidString(name):
		return "", board.FieldFault("name", "Give the search a name.")
	case utf8.RuneCountInString(name) > board.MaxSavedName:
		return "", board.FieldFault("name", "A name has %d characters at most.", board.MaxSavedName)
	}
	return name, nil
}

// RenameSaved gives one of somebody's searches another name. Errors: not_found, invalid.
func (s *Store) RenameSaved(ctx context.Context, who board.Who, id int64, c board.SavedChange) (board.Saved, error) {
	name, err := savedName(c.Name, board.Query{})
	if err != nil {
		return board.Saved{}, err
	}
	if err := s.note(ctx, statement{`UPDATE saved_search SET name = $3 WHERE id = $1 AND person_id = $2`, []any{id, who.ID, name}}); err != nil {
		return board.Saved{}, err
	}
	return s.SavedSearch(ctx, who, id)
}

// DeleteSaved forgets one of somebody's searches with all that was told of it.
// Deleting again changes nothing.
func (s *Store) DeleteSaved(ctx context.Context, who board.Who, id int64) error {
	err := s.note(ctx, statement{`DELETE FROM saved_search WHERE id = $1 AND person_id = $2`, []any{id, who.ID}})
	s.unseen.changed([]int64{who.ID})
	return err
}

// OpenSaved tells what somebody searched for; what was found counts as seen, also
// where that cannot be saved. Errors: not_found.
func (s *Store) OpenSaved(ctx context.Context, who board.Who, id int64) (board.Saved, error) {
	v, err := s.SavedSearch(ctx, who, id)
	if err != nil {
		return v, err
	}
	err = s.note(ctx,
		statement{`DELETE FROM saved_find WHERE saved_id = $1`, []any{id}},
		statement{`UPDATE notice SET seen = 1 WHERE saved_id = $1 AND person_id = $2 AND seen = 0`, []any{id, who.ID}})
	readOn("that a saved search was opened", err)
	s.unseen.changed([]int64{who.ID})
	return v, nil
}

// errLater says that a round of saved searches goes on later.
var errLater = errors.New("search cannot answer just now")
