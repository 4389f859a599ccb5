package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"
	"unicode"

	"convivio/store/board"
	"convivio/store/markdown"
)

// The follower that looks whether a new idea says what another one says, and lets
// those that do wait for a moderator as possible duplicates.

const (
	duplicateRest  = time.Second
	duplicateBatch = 50  // new ideas looked at in one go
	likeliest      = 5   // of the nearest ideas that are compared
	alike          = 0.6 // of the shorter title's words that stand in the other title too
)

// Likener finds ideas that resemble a text. *search.Index is one.
type Likener interface {
	Similar(ctx context.Context, who board.Who, text string, not int64, n int) ([]board.Hit, error)
	Wait(ctx context.Context, seq int64) error // until an event is in the index
}

// RunDuplicates follows the log and opens review items for possible duplicates,
// until ctx ends. Ideas from before it first ran are not looked at. Trouble is
// logged and tried again.
func (s *Store) RunDuplicates(ctx context.Context, find Likener) error {
	done := s.Head()
	err := s.readDB.QueryRowContext(ctx, `SELECT seq FROM follower WHERE name = 'duplicates'`).Scan(&done)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("read how far duplicates were looked for: %w", err)
	}
	done = min(done, s.Head())
	for {
		head, err := s.Follow(ctx, done)
		if err == nil {
			done, err = s.LookForDuplicates(ctx, find, done, head)
		}
		if ctx.Err() != nil {
			return nil
		}
		if err != nil && !errors.Is(err, errReadOnly) {
			slog.Warn("possible duplicates cannot be looked for; trying again", "error", err)
		}
		select {
		case <-time.After(duplicateRest):
		case <-ctx.Done():
			return nil
		}
	}
}

// newIdea is an idea that was posted: with what is compared with others.
type newIdea struct {
	seq, id, board, author int64
	title, text            string
}

// LookForDuplicates looks at ideas posted after a seq and up to another, and
// answers up to where it came.
func (s *Store) LookForDuplicates(ctx context.Context, find Likener, after, upto int64) (int64, error) {
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT l.seq, i.id, i.board_id, i.author_id, i.title, i.tags || ' ' || i.html FROM log l JOIN idea i ON i.id = l.idea_id AND i.deleted_at IS NULL AND i.stage <> 'merged'
		JOIN person p ON p.id = i.author_id AND p.email IS NOT NULL
		WHERE l.seq > $1 AND l.seq <= $2 AND l.kind = 'idea.added' AND l.at >= $3 ORDER BY l.seq LIMIT $4`, after, upto, s.recent(), duplicateBatch)
	if err != nil {
		return after, fmt.Errorf("list new ideas: %w", err)
	}
	list, err := collect(rows, func(rows *sql.Rows) (n newIdea, err error) {
		err = rows.Scan(&n.seq, &n.id, &n.board, &n.author, &n.title, &n.text)
		return n, err
	})
	if err == nil && len(list) > 0 { // the index rests otherwise
		err = find.Wait(ctx, list[len(list)-1].seq)
	}
	for _, n := range list {
		if err != nil {
			return after, err
		}
		if err = s.likeOf(ctx, find, n); err == nil {
			after = n.seq
		}
	}
	if err != nil {
		return after, err
	}
	if len(list) < duplicateBatch {
		after = upto
	}
	if len(list) == 0 {
		return after, nil
	}
	return after, s.note(ctx, statement{`
		INSERT INTO follower (name, seq) VALUES ('duplicates', $1) ON CONFLICT (name) DO UPDATE SET seq = excluded.seq`, []any{after}})
}

// likeOf looks for the older idea that a new one resembles most.
func (s *Store) likeOf(ctx context.Context, find Likener, n newIdea) error {
	who, err := s.who(ctx, n.author)
	if isNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	hits, err := find.Similar(ctx, who, n.title+" "+markdown.Text(n.text), n.id, likeliest)
	if err != nil {
		return fmt.Errorf("look for ideas like %d: %w", n.id, err)
	}
	for _, h := range hits {
		if h.Idea > n.id || !resembles(n.title, h.Title) {
			continue
		}
		_, err := s.write(ctx, 0, func(tx *Tx) error { return tx.maybeDuplicate(n, h.Idea) })
		return err
	}
	return nil
}

// maybeDuplicate lets two ideas wait for a moderator who sees both: they stand on
// one board, or the older one on an open board.
func (tx *Tx) maybeDuplicate(n newIdea, other int64) error {
	var both bool
	err := tx.row(`
		SELECT EXISTS (SELECT 1 FROM idea i JOIN idea o ON o.id = $2 JOIN board b ON b.id = o.board_id
			WHERE i.id = $1 AND i.deleted_at IS NULL AND o.deleted_at IS NULL AND i.stage <> 'merged' AND o.stage <> 'merged'
			AND (i.board_id = o.board_id OR b.visibility = 'open')
			AND NOT EXISTS (SELECT 1 FROM review r WHERE r.kind = 'duplicate' AND r.idea_id = i.id AND r.subject_id = o.id)
			AND NOT EXISTS (SELECT 1 FROM comment c WHERE c.merged_id IN (i.id, o.id)))`, n.id, other).Scan(&both)
	if err != nil || !both {
		return err
	}
	_, err = tx.openItem(item{kind: board.DuplicateItem, board: n.board, idea: n.id, subject: other, person: n.author})
	return err
}

// settleDuplicates closes what waits about an idea as a possible duplicate, but
// for the item that is being decided.
func (tx *Tx) settleDuplicates(idea, item int64) error {
	rows, err := tx.query(`SELECT id FROM review WHERE kind = 'duplicate' AND (idea_id = $1 OR subject_id = $1) AND id <> $2 AND closed_at IS NULL`, idea, item)
	if err != nil {
		return fmt.Errorf("find possible duplicates: %w", err)
	}
	list, err := collect(rows, scanID)
	for _, id := range list {
		if err == nil {
			err = tx.closeItem(id, 0)
		}
	}
	return err
}

// resembles tells whether two titles share most of their telling words, in any form.
func resembles(a, b string) bool {
	x, y := tellingWords(a), tellingWords(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	shared := 0
	for w := range x {
		if y[w] {
			shared++
		}
	}
	return shared >= 2 && float64(shared) >= alike*float64(len(x))
}

// tellingWords are the beginnings of a title's longer words, without accents.
func tellingWords(title string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.FieldsFunc(foldedName(title, ' '), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if len(w) > 3 {
			out[w[:min(len(w), 5)]] = true
		}
	}
	return out
}
