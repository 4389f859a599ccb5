package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"sync"

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
	list, err := s.callable(ctx, who, boardID)
	if err != nil {
		return nil, err
	}
	near := map[int64]bool{}
	if at.Idea != 0 {
		ids, err := s.takingPart(ctx, at.Idea)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			near[id] = true
		}
	}
	words := strings.Fields(searchable(q))
	first, others := []board.Person{}, []board.Person{}
	for _, c := range list {
		switch part := near[c.ID]; {
		case c.ID == who.ID || !part && len(others) == completions || part && len(first) == completions:
		case !beginWords(c.folded, words):
		case part:
			first = append(first, c.Person)
		default:
			others = append(others, c.Person)
		}
	}
	first = append(first, others...)
	return first[:min(len(first), completions)], nil
}

// callee is somebody who may be called, with what their words are found by.
type callee struct {
	board.Person
	folded string
}

// callees keeps who may be called on a board for as long as nothing changed about
// who is there and sees what: each key that a writer presses asks for it.
type callees struct {
	mu     sync.Mutex
	access int64 // AccessHead they were read at
	people int   // in all lists together
	of     map[int64][]callee
}

// mostCallees bounds the people of all lists kept: some 20 MB.
const mostCallees = 100_000

// callable lists whom a writer may call on a board, by handle. What a guest is
// offered depends on what was written in sight of them, and is read each time.
func (s *Store) callable(ctx context.Context, who board.Who, boardID int64) ([]callee, error) {
	if who.Kind != board.Employee {
		return s.readCallable(ctx, who, boardID)
	}
	access := s.AccessHead()
	k := &s.callees
	k.mu.Lock()
	list, ok := k.of[boardID]
	ok = ok && k.access == access
	k.mu.Unlock()
	if ok {
		return list, nil
	}
	list, err := s.readCallable(ctx, board.Who{Kind: board.Employee}, boardID) // the same for all of them, but for themselves
	if err != nil {
		return nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case access < k.access: // a newer list is there
		return list, nil
	case access > k.access || k.people+len(list) > mostCallees:
		k.of, k.people = map[int64][]callee{}, 0
	}
	k.access = access
	if old, ok := k.of[boardID]; ok {
		k.people -= len(old)
	}
	if k.people+len(list) <= mostCallees {
		k.of[boardID], k.people = list, k.people+len(list)
	}
	return list, nil
}

func (s *Store) readCallable(ctx context.Context, who board.Who, boardID int64) ([]callee, error) {
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT p.id, p.name, p.handle, COALESCE(t.name, '')
		FROM person p JOIN board b ON b.id = $3 LEFT JOIN team t ON t.id = p.team_id
		WHERE `+callable+` ORDER BY p.handle`, string(who.Kind), who.ID, boardID)
	if err != nil {
		return nil, fmt.Errorf("list who may be called: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (c callee, err error) {
		err = rows.Scan(&c.ID, &c.Name, &c.Handle, &c.Team)
		c.folded = " " + searchable(c.Name+" "+c.Handle)
		return c, err
	})
}

// takingPart lists who wrote an idea or comments on it.
func (s *Store) takingPart(ctx context.Context, idea int64) ([]int64, error) {
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT author_id FROM idea WHERE id = $1
		UNION SELECT author_id FROM comment WHERE idea_id = $1 AND deleted_at IS NULL`, idea)
	if err != nil {
		return nil, fmt.Errorf("list who takes part in idea %d: %w", idea, err)
	}
	return collect(rows, scanID)
}

// beginWords tells whether each of some words begins a word of a folded text,
// which begins with a space.
func beginWords(folded string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(folded, " "+w) {
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
	const named = `
		SELECT i.id, i.title, i.stage, ` + stageName + ` AS stage_name, i.votes, b.slug, b.name FROM idea i JOIN board b ON b.id = i.board_id
		WHERE i.deleted_at IS NULL AND i.stage <> 'merged' AND i.id <> $3 AND ` + sees
	var rows *sql.Rows
	if digits == "" {
		rows, err = s.readDB.QueryContext(ctx, named+` AND i.board_id = $4 ORDER BY i.heat DESC, i.id LIMIT $5`,
			string(who.Kind), who.ID, at.Idea, boardID, completions)
	} else {
		args := []any{string(who.Kind), who.ID, at.Idea, completions}
		var parts []string
		for _, r := range numbersBeginning(digits) {
			// A piece of the table each, read in order and not to its end.
			parts = append(parts, fmt.Sprintf(`SELECT id, title, stage, stage_name, votes, slug, name FROM (`+named+` AND i.id BETWEEN $%d AND $%d ORDER BY i.id LIMIT $4)`, len(args)+1, len(args)+2))
			args = append(args, r[0], r[1])
		}
		if len(parts) == 0 {
			return []board.Idea{}, nil
		}
		// #nosec G202 -- placeholders alone are put together
		rows, err = s.readDB.QueryContext(ctx, strings.Join(parts, ` UNION ALL `)+` LIMIT $4`, args...)
	}
	if err != nil {
		return nil, fmt.Errorf("list ideas by number: %w", err)
	}
	return collect(rows, scanNamed)
}

// mostNumber is more than the number of any idea.
const mostNumber = int64(1e10)

// numbersBeginning are the numbers that begin with some digits, as ranges in
// order: n, 10n to 10n+9, 100n to 100n+99 and so on.
func numbersBeginning(digits string) (ranges [][2]int64) {
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || digits[0] == '0' {
		return nil
	}
	for size := int64(1); n < mostNumber/size; size *= 10 {
		ranges = append(ranges, [2]int64{n * size, n*size + size - 1})
	}
	return ranges
}

// scanNamed reads what names an idea: id, title, stage, votes and its board.
func scanNamed(rows *sql.Rows) (i board.Idea, err error) {
	err = rows.Scan(&i.ID, &i.Title, &i.Stage, &i.StageName, &i.Votes, &i.Board, &i.BoardName)
	return i, err
}
