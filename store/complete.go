package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"convivio/store/board"
)

// completions is how many suggestions somebody gets while writing.
const completions = 8

// callable is the one condition on whom a writer may call on board b by name:
// people who can sign in and may see the board. On a private board those are its
// members; where everybody reads, all employees and the guests who are members.
// A guest, who has no directory, is offered only those who wrote there in sight
// of them. It takes the writer's kind as $1 and id as $2, of person p.
const callable = `p.email IS NOT NULL AND p.disabled_at IS NULL AND p.id <> $2
	AND (b.visibility = 'open' AND p.kind = 'employee' OR EXISTS (SELECT 1 FROM member c WHERE c.board_id = b.id AND c.person_id = p.id))
	AND ($1 = 'employee'
		OR EXISTS (SELECT 1 FROM idea i WHERE i.board_id = b.id AND i.author_id = p.id AND i.deleted_at IS NULL)
		OR EXISTS (SELECT 1 FROM comment w JOIN idea i ON i.id = w.idea_id
			WHERE i.board_id = b.id AND w.author_id = p.id AND w.deleted_at IS NULL AND i.deleted_at IS NULL)
		OR EXISTS (SELECT 1 FROM answer w JOIN idea i ON i.id = w.idea_id
			WHERE i.board_id = b.id AND w.author_id = p.id AND i.deleted_at IS NULL))`

// Place is where somebody writes: an idea (its board follows) or, for a new
// idea, a board by its slug.
type Place struct {
	Board string
	Idea  int64
}

// boardAt finds the board somebody writes on. Errors: not_found.
func (s *Store) boardAt(ctx context.Context, who board.Who, at Place) (id int64, err error) {
	if at.Idea != 0 {
		err = s.readDB.QueryRowContext(ctx, `
			SELECT b.id FROM idea i JOIN board b ON b.id = i.board_id WHERE i.id = $3 AND i.deleted_at IS NULL AND `+sees,
			string(who.Kind), who.ID, at.Idea).Scan(&id)
	} else {
		err = s.readDB.QueryRowContext(ctx, `SELECT b.id FROM board b WHERE b.slug = $3 AND `+sees, string(who.Kind), who.ID, at.Board).Scan(&id)
	}
	return id, missingIfNone(err, "find the board somebody writes on")
}

// Callable lists the first of those whom a writer may call by @handle at a
// place, in whose names or handle every word of q begins a word: those who take
// part in the idea first, then by handle. Errors: not_found for a place out of sight.
func (s *Store) Callable(ctx context.Context, who board.Who, at Place, q string) ([]board.Person, error) {
	boardID, err := s.boardAt(ctx, who, at)
	if err != nil {
		return nil, err
	}
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT p.id, p.name, p.handle, COALESCE(t.name, '')
		FROM person p JOIN board b ON b.id = $3 LEFT JOIN team t ON t.id = p.team_id
		WHERE `+callable+`
		ORDER BY CASE WHEN EXISTS (SELECT 1 FROM idea i WHERE i.id = $4 AND i.author_id = p.id)
			OR EXISTS (SELECT 1 FROM comment c WHERE c.idea_id = $4 AND c.author_id = p.id AND c.deleted_at IS NULL) THEN 0 ELSE 1 END, p.handle`,
		string(who.Kind), who.ID, boardID, at.Idea)
	if err != nil {
		return nil, fmt.Errorf("list who may be called: %w", err)
	}
	defer rows.Close()
	words := strings.Fields(searchable(q))
	out := []board.Person{}
	for len(out) < completions && rows.Next() {
		var p board.Person
		if err := rows.Scan(&p.ID, &p.Name, &p.Handle, &p.Team); err != nil {
			return nil, fmt.Errorf("list who may be called: %w", err)
		}
		if beginWords(p.Name+" "+p.Handle, words) {
			out = append(out, p)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("list who may be called: %w", err)
	}
	return out, nil
}

// beginWords tells whether each of some words begins a word of a text.
func beginWords(text string, words []string) bool {
	text = " " + searchable(text)
	for _, w := range words {
		if !strings.Contains(text, " "+w) {
			return false
		}
	}
	return true
}

// IdeasNumbered lists ideas that the reader may see whose number begins with
// some digits, the number itself first. Without digits it is what grows on the
// board of a place. Errors: not_found for a place out of sight.
func (s *Store) IdeasNumbered(ctx context.Context, who board.Who, at Place, digits string) ([]board.Idea, error) {
	boardID, err := s.boardAt(ctx, who, at)
	if err != nil {
		return nil, err
	}
	which, order, args := `CAST(i.id AS TEXT) LIKE $3 AND $4 <> i.id`, `i.id`, []any{string(who.Kind), who.ID, digits + "%", at.Idea}
	if digits == "" {
		which, order, args[2] = `i.board_id = $3 AND $4 <> i.id`, `i.heat DESC, i.id`, boardID
	}
	// #nosec G202 -- literals of this function
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT i.id, i.title, i.stage, i.votes, b.slug, b.name FROM idea i JOIN board b ON b.id = i.board_id
		WHERE i.deleted_at IS NULL AND `+which+` AND `+sees+` ORDER BY `+order+` LIMIT `+fmt.Sprint(completions), args...)
	if err != nil {
		return nil, fmt.Errorf("list ideas by number: %w", err)
	}
	return collect(rows, scanNamed)
}

// scanNamed reads what names an idea: id, title, stage, votes and its board.
func scanNamed(rows *sql.Rows) (i board.Idea, err error) {
	err = rows.Scan(&i.ID, &i.Title, &i.Stage, &i.Votes, &i.Board, &i.BoardName)
	return i, err
}
