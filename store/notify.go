package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"convivio/store/markdown"
)

// The follower that tells people. What it made and how far it came are written in
// one transaction; applied again, an event changes nothing.

const (
	notifyBatch = 1000 // events looked at in one go
	notifyRest  = 50 * time.Millisecond
	notifyRetry = time.Second
	// newsAge is how old an event may be and still be told: a server that was off
	// over a weekend catches up, a history that was brought in stays history.
	newsAge = 72 * time.Hour
	// cursorSlack is how far the saved cursor may stay behind while there is nothing
	// to tell: looking at those events again after a crash costs less than saving.
	cursorSlack = 5000
)

// RunNotices follows the log and tells people what is for them, until ctx ends.
// Trouble is logged and tried again: nothing is skipped.
func (s *Store) RunNotices(ctx context.Context) error {
	saved, err := s.noticesSaved(ctx)
	if err != nil {
		return err
	}
	for {
		var head int64
		pause := notifyRest // a burst is told in one go
		if head, err = s.Follow(ctx, s.noticed.head()); err == nil {
			saved, err = s.notify(ctx, min(head, s.noticed.head()+notifyBatch), saved)
			if err == nil && s.noticed.head() < head {
				continue
			}
		}
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			if !errors.Is(err, errReadOnly) {
				slog.Error("people cannot be told what is for them; trying again", "error", err)
			}
			pause = notifyRetry
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return nil
		}
	}
}

// NoticesSeq is the last event of which everybody was told.
func (s *Store) NoticesSeq() int64 { return s.noticed.head() }

// WaitNotices waits until everybody was told of the events up to seq. Errors: ctx's.
func (s *Store) WaitNotices(ctx context.Context, seq int64) error {
	return s.noticed.reached(ctx, seq)
}

// noticesSaved reads how far the follower came. A cursor beyond the log is one of
// events that are gone: those that follow are told.
func (s *Store) noticesSaved(ctx context.Context) (seq int64, err error) {
	err = s.readDB.QueryRowContext(ctx, `SELECT seq FROM follower WHERE name = 'notices'`).Scan(&seq)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("read how far notices came: %w", err)
	}
	seq = min(seq, s.Head())
	s.noticed.advance(seq, false)
	return seq, nil
}

// told is a notice to be written.
type told struct {
	person, seq, reason, idea, comment, at int64
	read                                   bool // they have seen it on the idea's page
}

// notify tells people of the events after the cursor up to seq, and returns the
// cursor that is saved.
func (s *Store) notify(ctx context.Context, seq, saved int64) (int64, error) {
	after := s.noticed.head()
	list, err := s.concerned(ctx, after, seq)
	if err != nil {
		return saved, err
	}
	people, err := s.affected(ctx, after, seq)
	if err != nil {
		return saved, err
	}
	if len(list) > 0 || seq-saved >= cursorSlack {
		if err := s.note(ctx, noticeStatements(list, micros(s.now()), seq)...); err != nil {
			return saved, err
		}
		saved = seq
	}
	for _, t := range list {
		people = append(people, t.person)
	}
	slices.Sort(people)
	s.unseen.changed(slices.Compact(people))
	s.noticed.advance(seq, false)
	return saved, nil
}

// noticeRows is how many notices one statement writes.
const noticeRows = 100

func noticeStatements(list []told, now, seq int64) []statement {
	var out []statement
	for some := range slices.Chunk(list, noticeRows) {
		var b strings.Builder
		b.WriteString(`INSERT INTO notice (person_id, seq, reason, idea_id, comment_id, at, seen_at) VALUES `)
		args := make([]any, 0, 7*len(some))
		for i, t := range some {
			if i > 0 {
				b.WriteByte(',')
			}
			n := len(args)
			fmt.Fprintf(&b, "($%d,$%d,$%d,$%d,$%d,$%d,$%d)", n+1, n+2, n+3, n+4, n+5, n+6, n+7)
			var seen any
			if t.read {
				seen = now
			}
			args = append(args, t.person, t.seq, t.reason, t.idea, orNull(t.comment), t.at, seen)
		}
		b.WriteString(` ON CONFLICT (person_id, seq) DO NOTHING`)
		out = append(out, statement{b.String(), args})
	}
	return append(out, statement{`
		INSERT INTO follower (name, seq) VALUES ('notices', $1) ON CONFLICT (name) DO UPDATE SET seq = excluded.seq`, []any{seq}})
}

// news is the events of a stretch of the log that somebody may be told of: recent,
// and not by an author who was imported and never signs in.
const news = `SELECT l.seq, l.at, l.kind, l.actor_id, l.idea_id, l.comment_id, l.subject_id
	FROM log l JOIN person a ON a.id = l.actor_id AND a.email IS NOT NULL
	WHERE l.seq > $1 AND l.seq <= $2 AND l.at >= $3
	  AND l.kind IN ('idea.added', 'idea.edited', 'idea.staged', 'idea.answered', 'comment.added', 'comment.edited')`

// concerned finds whom the events after a seq concern. Comments on an idea are
// told once until somebody looks: the first one after what they read or were told
// last, leaving out those told for a stronger reason. named is filled with those
// whom texts call by name.
const concerned = `WITH e AS MATERIALIZED (` + news + `),
	waiting AS MATERIALIZED (
		SELECT f.person_id, f.idea_id, CASE WHEN COALESCE(r.seq, 0) > f.seq THEN r.seq ELSE f.seq END AS seq
		FROM idea_follow f LEFT JOIN read_mark r ON r.person_id = f.person_id AND r.idea_id = f.idea_id
		WHERE f.follows = 1 AND f.idea_id IN (SELECT e.idea_id FROM e WHERE e.kind = 'comment.added')
		  AND NOT EXISTS (SELECT 1 FROM notice u WHERE u.person_id = f.person_id AND u.idea_id = f.idea_id AND u.reason = 6 AND u.seen_at IS NULL)),
	named (seq, handle) AS (VALUES %s),
	n AS (
		SELECT p.id AS person, d.seq AS seq, 1 AS reason FROM named d JOIN person p ON p.handle = d.handle
		UNION ALL
		SELECT c.author_id, e.seq, 2 FROM e JOIN answer_cite x ON x.answer_id = e.subject_id JOIN comment c ON c.id = x.comment_id
			WHERE e.kind = 'idea.answered' AND c.deleted_at IS NULL
		UNION ALL
		SELECT u.author_id, e.seq, 3 FROM e JOIN comment c ON c.id = e.comment_id JOIN comment u ON u.id = c.parent_id
			WHERE e.kind = 'comment.added' AND u.deleted_at IS NULL
		UNION ALL
		SELECT f.person_id, e.seq, CASE e.kind WHEN 'idea.answered' THEN 4 ELSE 5 END FROM e JOIN idea_follow f ON f.idea_id = e.idea_id
			WHERE e.kind IN ('idea.answered', 'idea.staged') AND f.follows = 1 AND f.seq < e.seq
		UNION ALL
		SELECT v.person_id, e.seq, CASE e.kind WHEN 'idea.answered' THEN 4 ELSE 5 END FROM e JOIN vote v ON v.idea_id = e.idea_id
			WHERE e.kind IN ('idea.answered', 'idea.staged') AND v.at <= e.at
		UNION ALL
		SELECT w.person_id, MIN(e.seq), 6 FROM waiting w JOIN e ON e.idea_id = w.idea_id AND e.seq > w.seq AND e.actor_id <> w.person_id
			JOIN comment c ON c.id = e.comment_id AND c.deleted_at IS NULL
			LEFT JOIN comment u ON u.id = c.parent_id
			WHERE e.kind = 'comment.added' AND COALESCE(u.author_id, 0) <> w.person_id
			  AND NOT EXISTS (SELECT 1 FROM named d JOIN person p ON p.handle = d.handle WHERE d.seq = e.seq AND p.id = w.person_id)
			GROUP BY w.person_id, w.idea_id
		UNION ALL
		SELECT f.person_id, e.seq, 7 FROM e JOIN idea i ON i.id = e.idea_id JOIN board_follow f ON f.board_id = i.board_id
			WHERE e.kind = 'idea.added' AND f.seq < e.seq)
	SELECT n.person, n.seq, MIN(n.reason), e.idea_id, COALESCE(e.comment_id, 0), e.at, COALESCE(r.seq, 0) >= n.seq
	FROM n JOIN e ON e.seq = n.seq
	JOIN idea i ON i.id = e.idea_id AND i.deleted_at IS NULL
	JOIN person p ON p.id = n.person AND p.email IS NOT NULL AND p.disabled_at IS NULL AND p.id <> e.actor_id
	JOIN board b ON b.id = i.board_id AND ` + mayRead + `
	LEFT JOIN comment c ON c.id = e.comment_id
	LEFT JOIN idea_follow f ON f.idea_id = e.idea_id AND f.person_id = n.person
	LEFT JOIN read_mark r ON r.idea_id = e.idea_id AND r.person_id = n.person
	WHERE c.deleted_at IS NULL AND (n.reason <= 2 OR COALESCE(f.follows, 1) = 1)
	GROUP BY n.person, n.seq ORDER BY n.seq, n.person`

func (s *Store) concerned(ctx context.Context, after, seq int64) ([]told, error) {
	args := []any{after, seq, micros(s.now().Add(-newsAge))}
	named, err := s.named(ctx, args)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	for i := range padded(len(named)) { // few different statements are prepared and kept
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "($%d,$%d)", len(args)+1, len(args)+2)
		call := call{}
		if i < len(named) {
			call = named[i]
		}
		args = append(args, call.seq, call.handle)
	}
	rows, err := s.readDB.QueryContext(ctx, fmt.Sprintf(concerned, b.String()), args...)
	if err != nil {
		return nil, fmt.Errorf("find whom events up to %d concern: %w", seq, err)
	}
	return collect(rows, func(rows *sql.Rows) (t told, err error) {
		err = rows.Scan(&t.person, &t.seq, &t.reason, &t.idea, &t.comment, &t.at, &t.read)
		return t, err
	})
}

// padded is the next power of two.
func padded(n int) int {
	size := 1
	for size < n {
		size *= 2
	}
	return size
}

// call is a person named in the text of an event.
type call struct {
	seq    int64
	handle string
}

// callingText is a text that calls somebody by name.
type callingText struct {
	call
	idea, comment  int64
	edited, answer bool
	html           string
}

func (s *Store) callingTexts(ctx context.Context, args []any) ([]callingText, error) {
	rows, err := s.readDB.QueryContext(ctx, `WITH e AS MATERIALIZED (`+news+`)
		SELECT e.seq, e.kind IN ('comment.edited', 'idea.edited'), w.id IS NOT NULL, e.idea_id, COALESCE(e.comment_id, 0), COALESCE(c.html, w.html, i.html)
		FROM e JOIN idea i ON i.id = e.idea_id
		LEFT JOIN comment c ON c.id = e.comment_id
		LEFT JOIN answer w ON w.id = e.subject_id AND e.kind = 'idea.answered'
		WHERE e.kind <> 'idea.staged' AND COALESCE(c.html, w.html, i.html) LIKE '%class="mention"%' ORDER BY e.seq`, args...)
	if err != nil {
		return nil, fmt.Errorf("read who is called by name: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (t callingText, err error) {
		err = rows.Scan(&t.seq, &t.edited, &t.answer, &t.idea, &t.comment, &t.html)
		return t, err
	})
}

// named finds who is called by name in texts that were added, or in those edited
// without having been called there before: an edit tells nobody twice.
func (s *Store) named(ctx context.Context, args []any) ([]call, error) {
	texts, err := s.callingTexts(ctx, args)
	if err != nil {
		return nil, err
	}
	var out []call
	var edited []int64
	for _, t := range texts {
		if t.edited {
			edited = append(edited, t.idea)
		}
	}
	known, err := s.calledBefore(ctx, edited)
	if err != nil {
		return nil, err
	}
	for _, t := range texts {
		for _, handle := range markdown.Mentions(t.html) {
			place := calledAt{t.idea, t.comment, handle}
			if t.edited && known[place] {
				continue
			}
			known[place] = known[place] || !t.answer
			out = append(out, call{t.seq, handle})
		}
	}
	return out, nil
}

type calledAt struct {
	idea, comment int64
	handle        string
}

// calledBefore tells who was told that a text of some ideas names them, and who
// stood in an earlier wording of it.
func (s *Store) calledBefore(ctx context.Context, ideas []int64) (map[calledAt]bool, error) {
	known := map[calledAt]bool{}
	if len(ideas) == 0 {
		return known, nil
	}
	marks, args := inList(ideas, 1)
	// #nosec G202 -- placeholders alone are put together
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT n.idea_id, COALESCE(n.comment_id, 0), p.handle, '' FROM notice n JOIN log l ON l.seq = n.seq JOIN person p ON p.id = n.person_id
			WHERE n.reason = 1 AND l.kind <> 'idea.answered' AND n.idea_id IN (`+marks+`)
		UNION ALL SELECT c.idea_id, c.id, '', v.body FROM comment c JOIN comment_version v ON v.comment_id = c.id
			WHERE c.idea_id IN (`+marks+`) AND v.body LIKE '%@%'
		UNION ALL SELECT v.idea_id, 0, '', v.body FROM idea_version v WHERE v.idea_id IN (`+marks+`) AND v.body LIKE '%@%'`, args...)
	if err != nil {
		return nil, fmt.Errorf("read who was called before: %w", err)
	}
	type earlier struct {
		calledAt
		body string
	}
	list, err := collect(rows, func(rows *sql.Rows) (x earlier, err error) {
		err = rows.Scan(&x.idea, &x.comment, &x.handle, &x.body)
		return x, err
	})
	for _, x := range list {
		if x.handle != "" {
			known[x.calledAt] = true
			continue
		}
		html, bad := markdown.Render("body", x.body)
		if bad != nil {
			continue
		}
		for _, handle := range markdown.Mentions(html) {
			known[calledAt{x.idea, x.comment, handle}] = true
		}
	}
	return known, err
}

// affected are the people with unseen notices of ideas that changed otherwise: by
// something deleted, or brought back.
func (s *Store) affected(ctx context.Context, after, seq int64) ([]int64, error) {
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT DISTINCT n.person_id FROM notice n WHERE n.seen_at IS NULL AND n.idea_id IN (
			SELECT l.idea_id FROM log l WHERE l.seq > $1 AND l.seq <= $2
			  AND l.kind NOT IN ('idea.added', 'comment.added', 'vote.cast', 'vote.withdrawn', 'reaction.added', 'reaction.withdrawn'))`, after, seq)
	if err != nil {
		return nil, fmt.Errorf("find whose notices changed: %w", err)
	}
	return collect(rows, scanID)
}
