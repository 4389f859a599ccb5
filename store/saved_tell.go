package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"time"

	"convivio/store/board"
)

// The follower that tells people what their saved searches found. Each search has
// a cursor of its own, which is kept together with what was found: nothing is told
// twice, and where there are more searches than one round takes, they are told
// later, not less.

const (
	savedPerRound = 200  // searches looked at in one round, longest waiting first
	textsPerRound = 2000 // new texts looked at in one round
	savedFinds    = 100  // ideas kept for a search until its owner looks
	savedPatience = 3    // searches that cannot be answered now, until a round ends
	savedPerNote  = 50   // searches whose finds are written at once
	// After a round the follower rests savedRestTimes as long as it worked, so that it
	// takes a twentieth of one processor at most.
	savedRest      = time.Second
	savedRestTimes = 20
	savedRestMax   = time.Minute
)

// Finder is what answers searches. *search.Index is one.
type Finder interface {
	Search(ctx context.Context, who board.Who, q board.Query) (board.Found, error)
	Wait(ctx context.Context, seq int64) error // until an event is in the index
	Seq() int64                                // the last event that is
}

// RunSaved follows the log and tells people what their saved searches find, until
// ctx ends. Trouble is logged and tried again: nothing is skipped.
func (s *Store) RunSaved(ctx context.Context, find Finder) error {
	done := int64(0) // texts up to here were looked at for every search
	for {
		head, err := s.Follow(ctx, done)
		if err == nil {
			err = errors.Join(find.Wait(ctx, head), s.WaitNotices(ctx, head))
		}
		began := time.Now()
		if err == nil {
			done, err = s.TellSaved(ctx, find, done)
		}
		if ctx.Err() != nil {
			return nil
		}
		if err != nil && !errors.Is(err, errReadOnly) && !errors.Is(err, errLater) {
			slog.Error("saved searches cannot be told of; trying again", "error", err)
		}
		select {
		case <-time.After(min(max(savedRest, savedRestTimes*time.Since(began)), savedRestMax)):
		case <-ctx.Done():
			return nil
		}
	}
}

// savedDue is a saved search that has not looked at every text yet.
type savedDue struct {
	id, seq int64
	query   string
	who     board.Who
}

// newText is a text that was added: who wrote it, when, and on which idea.
type newText struct{ seq, at, idea, author int64 }

// savedFound is what one search found.
type savedFound struct {
	savedDue
	upto  int64
	texts []newText // the newest of each idea
}

// TellSaved looks for what is new since done for one round of saved searches, in
// what find has and everybody was told of otherwise, and returns up to where it
// was looked for all of them. Errors: errLater, the store's and ctx's.
func (s *Store) TellSaved(ctx context.Context, find Finder, done int64) (int64, error) {
	upto := min(find.Seq(), s.NoticesSeq())
	some, err := s.newTexts(ctx, done, upto, 1)
	if err != nil || len(some) == 0 {
		return max(done, upto), err
	}
	due, err := s.savedDue(ctx, upto)
	if err != nil || len(due) == 0 {
		return upto, err
	}
	texts, err := s.newTexts(ctx, due[0].seq, upto, textsPerRound)
	if err != nil {
		return done, err
	}
	if len(texts) == textsPerRound {
		upto = texts[len(texts)-1].seq
	}
	var found []savedFound
	var trouble error
	for waiting := 0; len(due) > 0 && waiting < savedPatience; due = due[1:] {
		f, err := s.lookFor(ctx, find, due[0], texts, upto)
		if errors.Is(err, errLater) {
			trouble = err // this one waits; what the others found is kept
			waiting++
			continue
		}
		if err != nil {
			return done, err
		}
		found = append(found, f)
	}
	if err := s.keepFinds(ctx, found); err != nil || trouble != nil {
		return done, errors.Join(err, trouble)
	}
	return done, nil // further searches, or texts, may wait: the next round finds none when all is done
}

// newTexts lists texts added after a seq by people who sign in, oldest first.
func (s *Store) newTexts(ctx context.Context, after, upto int64, limit int) ([]newText, error) {
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT l.seq, l.at, l.idea_id, l.actor_id FROM log l JOIN person a ON a.id = l.actor_id AND a.email IS NOT NULL
		WHERE l.seq > $1 AND l.seq <= $2 AND l.at >= $3 AND l.kind IN ('idea.added', 'comment.added', 'idea.answered') ORDER BY l.seq LIMIT $4`,
		after, upto, s.recent(), limit)
	if err != nil {
		return nil, fmt.Errorf("list new texts: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (t newText, err error) {
		err = rows.Scan(&t.seq, &t.at, &t.idea, &t.author)
		return t, err
	})
}

// savedDue lists searches that have not looked at every text, longest waiting first.
func (s *Store) savedDue(ctx context.Context, upto int64) ([]savedDue, error) {
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT g.id, g.seq, g.query, `+loginColumns+` FROM saved_search g JOIN person p ON p.id = g.person_id AND p.disabled_at IS NULL
		LEFT JOIN team t ON t.id = p.team_id WHERE g.seq < $1 ORDER BY g.seq, g.id LIMIT $2`, upto, savedPerRound)
	if err != nil {
		return nil, fmt.Errorf("list saved searches: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (d savedDue, err error) {
		var roles loginRoles
		err = rows.Scan(append([]any{&d.id, &d.seq, &d.query}, loginFields(&d.who, &roles)...)...)
		roles.give(&d.who)
		return d, err
	})
}

// lookFor runs one saved search over what is new for it, as its owner may see it.
// Errors: errLater when search cannot answer now.
func (s *Store) lookFor(ctx context.Context, find Finder, d savedDue, texts []newText, upto int64) (savedFound, error) {
	out := savedFound{savedDue: d, upto: upto}
	newest := map[int64]newText{} // by idea, of others, not read yet
	var from int64
	for _, t := range texts {
		if t.seq > d.seq && t.author != d.who.ID && s.marks.of(d.who.ID, t.idea) < t.seq {
			if from == 0 {
				from = t.at
			}
			newest[t.idea] = t
		}
	}
	if len(newest) == 0 {
		return out, nil
	}
	v, err := url.ParseQuery(d.query)
	if err != nil {
		return out, nil // nothing can match it
	}
	q, err := board.ParseQuery(v)
	if err != nil {
		return out, nil
	}
	q.Q += " " // its last word is whole
	q.Exact, q.Limit, q.Lang = true, board.MaxPage, d.who.Lang
	if start := at(from); q.From.Before(start) {
		q.From = start
	}
	hits, err := find.Search(ctx, d.who, q)
	var fault *board.Error
	switch {
	case errors.As(err, &fault) && fault.Code == board.Invalid: // its board is not there any more, for them
		return out, nil
	case errors.As(err, &fault) || hits.Rebuilding:
		return out, errLater
	case err != nil:
		return out, fmt.Errorf("look for saved search %d: %w", d.id, err)
	}
	for _, h := range hits.Hits {
		t, ok := newest[h.Idea]
		if ok && !h.Partial && (h.Author.ID != d.who.ID || h.Others > 0) {
			out.texts = append(out.texts, t)
		}
	}
	slices.SortFunc(out.texts, func(a, b newText) int { return int(b.seq - a.seq) })
	return out, nil
}

// keepFinds writes what searches found, a notice for each that has none unseen,
// and their cursors, together.
func (s *Store) keepFinds(ctx context.Context, found []savedFound) error {
	for some := range slices.Chunk(found, savedPerNote) {
		var list []statement
		var people []int64
		for _, f := range some {
			list = append(list, f.statements()...)
			if len(f.texts) > 0 {
				people = append(people, f.who.ID)
			}
		}
		if err := s.note(ctx, list...); err != nil {
			return err
		}
		slices.Sort(people)
		s.unseen.changed(slices.Compact(people))
	}
	return nil
}

// statements write what one search found. Its owner may have deleted it meanwhile,
// or opened it: what is not there is not written.
func (f savedFound) statements() []statement {
	moved := statement{`UPDATE saved_search SET seq = $2 WHERE id = $1 AND seq < $2`, []any{f.id, f.upto}}
	if len(f.texts) == 0 {
		return []statement{moved}
	}
	var b strings.Builder
	args := []any{f.id, savedFinds}
	for i, t := range f.texts {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "($%d,$%d)", len(args)+1, len(args)+2)
		args = append(args, t.idea, t.seq)
	}
	first := f.texts[0]
	return []statement{
		{`INSERT INTO saved_find (saved_id, idea_id, seq)
			SELECT g.id, i.id, x.seq FROM saved_search g JOIN (SELECT 0 AS idea, 0 AS seq UNION ALL VALUES ` + b.String() + `) x ON 1 = 1 JOIN idea i ON i.id = x.idea
			WHERE g.id = $1 AND (SELECT COUNT(*) FROM saved_find k WHERE k.saved_id = $1) < $2
			ON CONFLICT (saved_id, idea_id) DO UPDATE SET seq = excluded.seq`, args},
		{`INSERT INTO notice (person_id, seq, reason, idea_id, comment_id, at, seen, saved_id)
			SELECT g.person_id, $2, 8, $3, NULL, $4, 0, g.id FROM saved_search g
			WHERE g.id = $1 AND NOT EXISTS (SELECT 1 FROM notice u WHERE u.saved_id = g.id AND u.seen = 0)
			ON CONFLICT (person_id, seq) DO NOTHING`, []any{f.id, first.seq, first.idea, first.at}},
		moved,
	}
}
