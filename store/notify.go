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
)

// The follower that tells people. What it made and how far it came are written in
// one transaction; applied again, an event changes nothing.

const (
	// What is looked at in one go: events, and rows that decisions and new ideas
	// make for followers and voters. An event is never taken apart.
	notifyBatch = 2000
	notifyRows  = 5000
	// How many notices one note writes: verbs wait for it.
	noticesPerNote = 500
	// The follower rests at least this long, so that a burst is told in one go, and
	// four times as long as it worked: telling must not take the machine from saving.
	notifyRest    = 50 * time.Millisecond
	notifyRestMax = time.Second
	notifyRetry   = time.Second
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
		head, err := s.Follow(ctx, s.noticed.head())
		began := time.Now()
		if err == nil {
			saved, err = s.notify(ctx, min(head, s.noticed.head()+notifyBatch), saved)
		}
		if ctx.Err() != nil {
			return nil
		}
		pause := min(max(notifyRest, 4*time.Since(began)), notifyRestMax)
		switch {
		case err != nil:
			if !errors.Is(err, errReadOnly) {
				slog.Error("people cannot be told what is for them; trying again", "error", err)
			}
			pause = notifyRetry
		case s.noticed.head() < head: // far behind
			pause = time.Since(began)
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
	s.noticed.advance(seq, false, false)
	return seq, nil
}

// told is a notice to be written.
type told struct {
	person, seq, reason, idea, comment, at int64
	read                                   bool // they have seen it on the idea's page
}

// notify tells people of events after the cursor, at most up to seq, and returns
// the cursor that is saved.
func (s *Store) notify(ctx context.Context, seq, saved int64) (int64, error) {
	after := s.noticed.head()
	seq, err := s.within(ctx, after, seq)
	if err != nil {
		return saved, err
	}
	named, seq, err := s.named(ctx, after, seq)
	if err != nil {
		return saved, err
	}
	list, err := s.concerned(ctx, after, seq, named)
	if err != nil {
		return saved, err
	}
	people, err := s.affected(ctx, after, seq)
	if err != nil {
		return saved, err
	}
	if len(list) > 0 || seq-saved >= cursorSlack {
		if err := s.keepNotices(ctx, list, seq); err != nil {
			return saved, err
		}
		saved = seq
	}
	for _, t := range list {
		people = append(people, t.person)
	}
	slices.Sort(people)
	s.unseen.changed(slices.Compact(people))
	s.noticed.advance(seq, false, false)
	return saved, nil
}

// recent is the oldest event that is still told.
func (s *Store) recent() int64 { return micros(s.now().Add(-newsAge)) }

// within shortens a stretch of the log so that decisions and new ideas in it make
// about notifyRows rows for voters and followers.
func (s *Store) within(ctx context.Context, after, seq int64) (int64, error) {
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT l.seq, CASE l.kind WHEN 'idea.added' THEN (SELECT COUNT(*) FROM board_follow f WHERE f.board_id = i.board_id)
			ELSE i.votes - i.imported_votes + (SELECT COUNT(*) FROM idea_follow f WHERE f.idea_id = i.id) END
		FROM log l JOIN idea i ON i.id = l.idea_id
		WHERE l.seq > $1 AND l.seq <= $2 AND l.at >= $3 AND l.kind IN ('idea.added', 'idea.staged', 'idea.answered', 'idea.absorbed', 'idea.unmerged', 'idea.relocated') ORDER BY l.seq`,
		after, seq, s.recent())
	if err != nil {
		return 0, fmt.Errorf("count whom events concern: %w", err)
	}
	list, err := collect(rows, func(rows *sql.Rows) (e [2]int64, err error) { err = rows.Scan(&e[0], &e[1]); return e, err })
	var sum int64
	for n, e := range list {
		if sum += e[1]; sum > notifyRows && n > 0 {
			return e[0] - 1, err
		}
	}
	return seq, err
}

// keepNotices writes notices, several notes of them where they are many, and the
// cursor in the last: what is written again after a crash changes nothing. Who
// reads an idea meanwhile has seen what they are told of it.
func (s *Store) keepNotices(ctx context.Context, list []told, seq int64) error {
	for i, t := range list {
		list[i].read = t.read || s.marks.of(t.person, t.idea) >= t.seq
	}
	rest := list
	for ; len(rest) > noticesPerNote; rest = rest[noticesPerNote:] {
		if err := s.note(ctx, noticeStatements(rest[:noticesPerNote])...); err != nil {
			return err
		}
	}
	err := s.note(ctx, append(noticeStatements(rest), statement{`
		INSERT INTO follower (name, seq) VALUES ('notices', $1) ON CONFLICT (name) DO UPDATE SET seq = excluded.seq`, []any{seq}})...)
	if err != nil {
		return err
	}
	var late []statement
	for _, t := range list {
		if !t.read && s.marks.of(t.person, t.idea) >= t.seq {
			late = append(late, statement{`UPDATE notice SET seen = 1 WHERE person_id = $1 AND seq = $2`, []any{t.person, t.seq}})
		}
	}
	if len(late) == 0 {
		return nil
	}
	return s.note(ctx, late...)
}

// noticeRows is how many notices one statement writes.
const noticeRows = 100

func noticeStatements(list []told) []statement {
	var out []statement
	for some := range slices.Chunk(list, noticeRows) {
		var b strings.Builder
		b.WriteString(`INSERT INTO notice (person_id, seq, reason, idea_id, comment_id, at, seen) VALUES `)
		args := make([]any, 0, 7*len(some))
		for i, t := range some {
			if i > 0 {
				b.WriteByte(',')
			}
			n := len(args)
			fmt.Fprintf(&b, "($%d,$%d,$%d,$%d,$%d,$%d,$%d)", n+1, n+2, n+3, n+4, n+5, n+6, n+7)
			args = append(args, t.person, t.seq, t.reason, t.idea, orNull(t.comment), t.at, asInt(t.read))
		}
		b.WriteString(` ON CONFLICT (person_id, seq) DO NOTHING`)
		out = append(out, statement{b.String(), args})
	}
	return out
}

// news is the events of a stretch of the log that somebody may be told of: recent,
// and not by an author who was imported and never signs in.
const news = `SELECT l.seq, l.at, l.kind, l.actor_id, l.idea_id, l.comment_id, l.subject_id
	FROM log l JOIN person a ON a.id = l.actor_id AND a.email IS NOT NULL
	WHERE l.seq > $1 AND l.seq <= $2 AND l.at >= $3
	  AND l.kind IN ('idea.added', 'idea.edited', 'idea.staged', 'idea.answered', 'comment.added', 'comment.edited',
		'idea.absorbed', 'idea.unmerged', 'idea.relocated')
	  AND NOT (l.kind = 'idea.staged' AND EXISTS (SELECT 1 FROM stage_change q WHERE q.id = l.subject_id AND q.quiet = 1))`

// concerned finds whom the events after a seq concern. Comments on an idea are
// told once until somebody looks: the first one after what they read or were told
// last, leaving out those told for a stronger reason. Who was told of a decision
// about their own idea is told by that alone. named is filled with those
// whom texts call by name.
const concerned = `WITH e AS MATERIALIZED (` + news + `),
	named (seq, person) AS MATERIALIZED (VALUES %s),
	waiting AS MATERIALIZED (
		SELECT f.person_id, f.idea_id, CASE WHEN COALESCE(r.seq, 0) > f.seq THEN r.seq ELSE f.seq END AS seq
		FROM idea_follow f LEFT JOIN read_mark r ON r.person_id = f.person_id AND r.idea_id = f.idea_id
		WHERE f.follows = 1 AND f.idea_id IN (SELECT e.idea_id FROM e WHERE e.kind = 'comment.added')
		  AND NOT EXISTS (SELECT 1 FROM notice u WHERE u.person_id = f.person_id AND u.idea_id = f.idea_id AND u.reason = 6 AND u.seen = 0)),
	first AS MATERIALIZED (
		SELECT w.person_id, (
			SELECT c.added_seq FROM comment c JOIN log l ON l.seq = c.added_seq JOIN person a ON a.id = l.actor_id
			LEFT JOIN comment u ON u.id = c.parent_id
			WHERE c.idea_id = w.idea_id AND c.added_seq > CASE WHEN w.seq > $1 THEN w.seq ELSE $1 END AND c.added_seq <= $2 AND l.at >= $3
			  AND c.deleted_at IS NULL AND l.actor_id <> w.person_id AND a.email IS NOT NULL AND COALESCE(u.author_id, 0) <> w.person_id
			  AND (c.added_seq, w.person_id) NOT IN (SELECT d.seq, d.person FROM named d)
			ORDER BY c.added_seq LIMIT 1) AS seq
		FROM waiting w),
	n AS (
		SELECT d.person AS person, d.seq AS seq, 1 AS reason FROM named d WHERE d.seq > 0
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
		SELECT w.person_id, w.seq, 6 FROM first w WHERE w.seq IS NOT NULL
		UNION ALL
		SELECT f.person_id, e.seq, 7 FROM e JOIN idea i ON i.id = e.idea_id JOIN board_follow f ON f.board_id = i.board_id
			WHERE e.kind = 'idea.added' AND f.newest < i.id
		UNION ALL
		SELECT i.author_id, e.seq, CASE e.kind WHEN 'idea.absorbed' THEN 9 WHEN 'idea.unmerged' THEN 10 ELSE 11 END FROM e JOIN idea i ON i.id IN (e.idea_id, e.subject_id)
			WHERE e.kind = 'idea.absorbed' OR e.kind IN ('idea.unmerged', 'idea.relocated') AND i.id = e.idea_id
		UNION ALL
		SELECT v.person_id, e.seq, CASE e.kind WHEN 'idea.absorbed' THEN 9 ELSE 10 END FROM e JOIN vote v ON v.idea_id = CASE e.kind WHEN 'idea.absorbed' THEN e.subject_id ELSE e.idea_id END
			WHERE e.kind IN ('idea.absorbed', 'idea.unmerged')
		UNION ALL
		SELECT f.person_id, e.seq, CASE e.kind WHEN 'idea.absorbed' THEN 9 WHEN 'idea.unmerged' THEN 10 ELSE 11 END
			FROM e JOIN idea_follow f ON f.idea_id = CASE e.kind WHEN 'idea.absorbed' THEN e.subject_id ELSE e.idea_id END
			WHERE e.kind IN ('idea.absorbed', 'idea.unmerged', 'idea.relocated') AND f.follows = 1)
	SELECT n.person, n.seq, MIN(n.reason), e.idea_id, COALESCE(e.comment_id, 0), e.at, COALESCE(r.seq, 0) >= n.seq
	FROM n JOIN e ON e.seq = n.seq
	JOIN idea i ON i.id = e.idea_id AND i.deleted_at IS NULL
	JOIN person p ON p.id = n.person AND p.email IS NOT NULL AND p.disabled_at IS NULL AND p.id <> e.actor_id
	JOIN board b ON b.id = i.board_id AND ` + mayRead + `
	LEFT JOIN comment c ON c.id = e.comment_id
	LEFT JOIN idea_follow f ON f.idea_id = e.idea_id AND f.person_id = n.person
	LEFT JOIN read_mark r ON r.idea_id = e.idea_id AND r.person_id = n.person
	WHERE c.deleted_at IS NULL AND (n.reason IN (1, 2, 9) OR COALESCE(f.follows, 1) = 1)
	  AND NOT EXISTS (SELECT 1 FROM decision q WHERE e.kind IN ('idea.absorbed', 'idea.relocated') AND q.person_id = n.person AND q.at = e.at
		AND q.idea_id IN (e.idea_id, e.subject_id) AND q.action = CASE e.kind WHEN 'idea.absorbed' THEN 'merge' ELSE 'move' END)
	GROUP BY n.person, n.seq ORDER BY n.seq, n.person`

func (s *Store) concerned(ctx context.Context, after, seq int64, named []call) ([]told, error) {
	args := []any{after, seq, s.recent()}
	var b strings.Builder
	for i := range padded(len(named)) { // few different statements are prepared and kept
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "($%d,$%d)", len(args)+1, len(args)+2)
		var c call
		if i < len(named) {
			c = named[i]
		}
		args = append(args, c.seq, c.person)
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

// padded is the next power of two: lists of so many values make few different statements.
func padded(n int) int {
	size := 1
	for size < n {
		size *= 2
	}
	return size
}

// affected are the people with unseen notices of ideas that changed otherwise: by
// something deleted, or brought back.
func (s *Store) affected(ctx context.Context, after, seq int64) ([]int64, error) {
	rows, err := s.readDB.QueryContext(ctx, `
		WITH e (idea) AS MATERIALIZED (SELECT DISTINCT l.idea_id FROM log l WHERE l.seq > $1 AND l.seq <= $2
			AND l.kind NOT IN ('idea.added', 'comment.added', 'vote.cast', 'vote.withdrawn', 'reaction.added', 'reaction.withdrawn'))
		SELECT n.person_id FROM notice n WHERE n.seen = 0 AND n.idea_id IN (SELECT e.idea FROM e)
		UNION
		SELECT n.person_id FROM notice n JOIN idea x ON x.id = n.idea_id WHERE n.reason = 20 AND n.seen = 0
			AND x.board_id IN (SELECT y.board_id FROM idea y WHERE y.id IN (SELECT e.idea FROM e))
		UNION
		SELECT g.person_id FROM saved_find f JOIN saved_search g ON g.id = f.saved_id WHERE f.idea_id IN (SELECT e.idea FROM e)`, after, seq)
	if err != nil {
		return nil, fmt.Errorf("find whose notices changed: %w", err)
	}
	return collect(rows, scanID)
}
