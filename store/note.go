package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"convivio/store/board"
)

// Bookkeeping is what concerns nobody else: where a person has read to, which
// devices are signed in. It is no event, so it goes through note, which touches
// only the tables named here.
var noteTables = map[string]bool{
	"session": true, "token": true, "link": true, "attempt": true, "read_mark": true, "idempotency": true, "file": true, "file_use": true,
	"removed": true, "removed_text": true,
	"reaction":    true, // to what was erased
	"idea_follow": true, "board_follow": true, "notice": true, "follower": true,
}

// statement is one SQL statement with its values.
type statement struct {
	sql  string
	args []any
}

// note runs bookkeeping statements in one savepoint of the next group. A
// statement on a table that is not bookkeeping is a mistake of the caller.
func (s *Store) note(ctx context.Context, list ...statement) error {
	for _, st := range list {
		if t := targetTable(st.sql); !noteTables[t] {
			return fmt.Errorf("note may not touch table %q: a change people can see is a verb", t)
		}
	}
	if s.lost.Load() > 0 {
		return errReadOnly
	}
	_, err := s.submit(ctx, &job{note: true, done: make(chan struct{}), do: func(tx *Tx) error {
		for _, st := range list {
			if _, err := tx.exec(st.sql, st.args...); err != nil {
				return fmt.Errorf("note in %s: %w", targetTable(st.sql), err)
			}
		}
		return nil
	}})
	return err
}

// keysKept is how long a repeated request is recognised: longer than a device
// without a connection keeps what it has to send, which is seven days.
const keysKept = 8 * 24 * time.Hour

// Forget takes away bookkeeping that has served (keys of requests after eight days,
// links and sessions past their end) and empties the write-ahead log, where words
// that were deleted still stand. Files that nothing names go too. Called every ten
// minutes by the server.
func (s *Store) Forget(ctx context.Context) error {
	now := s.now()
	err := s.note(ctx,
		statement{`DELETE FROM idempotency WHERE at < $1`, []any{micros(now.Add(-keysKept))}},
		statement{`DELETE FROM link WHERE ends_at < $1`, []any{micros(now)}},
		statement{`DELETE FROM session WHERE ends_at < $1`, []any{micros(now)}},
		statement{`DELETE FROM notice WHERE at < $1`, []any{micros(now.Add(-noticesKept))}})
	s.unseen.forget()
	return errors.Join(err, s.ForgetRemoved(ctx), s.forgetFiles(ctx), s.emptyLog(ctx))
}

// emptyLog writes the write-ahead log into the database and cuts it to nothing.
// Where a reader stands in the way for more than a second, the next time will do.
func (s *Store) emptyLog(ctx context.Context) error {
	db, err := sql.Open(driverName, dsn(s.path("convivio.db"), "_busy_timeout=1000&_secure_delete=on"))
	if err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	var busy, frames, moved int
	err = db.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &frames, &moved)
	if err = errors.Join(err, db.Close()); err != nil {
		return fmt.Errorf("empty the write-ahead log: %w", err)
	}
	return nil
}

// targetTable names the table that a statement of this package changes.
func targetTable(query string) string {
	words := strings.Fields(query)
	for i, w := range words {
		if (w == "INTO" || w == "UPDATE" || w == "FROM") && i+1 < len(words) {
			return words[i+1]
		}
	}
	return ""
}

// readMarks gathers where people have read to between two writes, and the
// visits under way.
type readMarks struct {
	mu     sync.Mutex
	seqs   map[readKey]int64
	visits map[readKey]visit
}

type readKey struct{ person, idea int64 }

// visit is one person reading one idea: what is new is what came after since.
type visit struct {
	since int64
	began time.Time
}

// visitLasts is how long what was new at the beginning of a visit stays marked.
// The read mark moves as soon as the page is shown, so lists are right at once;
// but who comes back to the page within half an hour (a reload, a reply sent, a
// look at another page) finds the same comments marked as before. The half hour
// counts from the beginning, or somebody who looks in often would have marks for
// ever. Visits are kept in memory alone: nobody has to know when somebody read.
const visitLasts = 30 * time.Minute

// Read notes that a person has seen an idea and its thread as of seq. It is
// kept in memory until FlushMarks.
func (s *Store) Read(person, idea, seq int64) {
	s.marks.mu.Lock()
	defer s.marks.mu.Unlock()
	s.marks.read(readKey{person, idea}, seq)
}

func (m *readMarks) read(k readKey, seq int64) {
	if m.seqs == nil {
		m.seqs = map[readKey]int64{}
	}
	if seq > m.seqs[k] {
		m.seqs[k] = seq
	}
}

// Visit notes that a person is shown an idea as of seq, whose Seen was read
// before, and answers which comments to mark as new: those added after since.
// On a first visit nothing is: all of it would be.
func (s *Store) Visit(person int64, idea board.Idea, seq int64) (since int64) {
	now := s.now()
	s.marks.mu.Lock()
	defer s.marks.mu.Unlock()
	k := readKey{person, idea.ID}
	s.marks.read(k, seq)
	if v, ok := s.marks.visits[k]; ok && now.Sub(v.began) < visitLasts {
		return v.since
	}
	since = idea.Seen
	if since == 0 {
		since = seq
	}
	if s.marks.visits == nil {
		s.marks.visits = map[readKey]visit{}
	}
	s.marks.visits[k] = visit{since, now}
	return since
}

// Since tells which comments are marked as new to a person just now: those added
// after it; 0 for somebody who was never there. It begins no visit.
func (s *Store) Since(person int64, idea board.Idea) int64 {
	s.marks.mu.Lock()
	defer s.marks.mu.Unlock()
	if v, ok := s.marks.visits[readKey{person, idea.ID}]; ok && s.now().Sub(v.began) < visitLasts {
		return v.since
	}
	return idea.Seen
}

// forgetVisits drops the visits that are over.
func (m *readMarks) forgetVisits(now time.Time) {
	for k, v := range m.visits {
		if now.Sub(v.began) >= visitLasts {
			delete(m.visits, k)
		}
	}
}

// FlushMarks writes the reading positions gathered since the last call.
func (s *Store) FlushMarks(ctx context.Context) error {
	s.marks.mu.Lock()
	seqs := s.marks.seqs
	s.marks.seqs = nil
	s.marks.forgetVisits(s.now())
	s.marks.mu.Unlock()
	list := make([]statement, 0, len(seqs))
	for k, seq := range seqs {
		list = append(list, statement{`
			INSERT INTO read_mark (person_id, idea_id, seq)
			SELECT $1, $2, $3 WHERE EXISTS (SELECT 1 FROM idea WHERE id = $2)
			ON CONFLICT (person_id, idea_id) DO UPDATE SET seq = excluded.seq WHERE excluded.seq > read_mark.seq`,
			[]any{k.person, k.idea, seq}})
	}
	if len(list) == 0 {
		return nil
	}
	return s.note(ctx, list...)
}
