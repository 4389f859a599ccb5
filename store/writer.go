package store

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync/atomic"
	"time"

	"convivio/store/board"
)

// groupSize bounds how many waiting verbs share one commit.
const groupSize = 256

// writerSettings lets the write-ahead log grow to 32 MiB before its pages go into
// the database. SQLite's own 4 MiB is reached every few groups, and each time
// everybody waits; pages written often are copied once instead of often. What a
// savepoint would take back is kept in memory: SQLite otherwise writes each page
// that a verb touches into a file beside, too.
const writerSettings = `PRAGMA wal_autocheckpoint = 8000; PRAGMA temp_store = MEMORY`

// errUnavailable answers every verb of a group that could not be saved.
var errUnavailable = board.Fault(board.Unavailable, "This could not be saved just now. Nothing was changed; please try again in a moment.")

// errReadOnly answers verbs while the server may only be read.
var errReadOnly = board.Fault(board.Unavailable, "Convivio is read-only until an administrator has looked at missing data. Nothing was changed.")

// job is a verb waiting for the writer.
type job struct {
	actor int64
	from  Origin
	ctx   context.Context // of the group, with the count of who asked
	do    func(*Tx) error
	note  bool // bookkeeping: leaves no event
	state atomic.Int32
	done  chan struct{}
	seq   int64
	err   error

	revoked []int64 // people whose logins do not hold any more
}

// The states of a job: a request that gives up takes a waiting job out of the queue.
const (
	jobWaiting int32 = iota
	jobTaken
	jobGone
)

// Tx is the transaction a verb runs in: one savepoint of a group.
type Tx struct {
	ctx     context.Context
	conn    *sql.Conn
	Now     int64 // microseconds; the same for the whole verb
	actor   int64
	from    Origin // who asked, and from where
	store   *Store
	seq     int64 // of the last event recorded
	events  int
	access  bool    // an event changed what somebody may see
	around  bool    // or what pages show around threads and counts
	note    bool    // bookkeeping: other tables are refused
	told    []int64 // people who were told of something by tell
	revoked []int64 // people whose sessions do not hold any more
}

// write runs a verb in the next group and answers when the group is on disk.
// The seq of the verb's last event comes back. Errors are the verb's own;
// unavailable when nothing could be saved; ctx's when it ended before the verb
// was taken up.
func (s *Store) write(ctx context.Context, actor int64, do func(*Tx) error) (int64, error) {
	if s.readOnly.Load() {
		return 0, errReadOnly
	}
	return s.submit(ctx, &job{actor: actor, from: originOf(ctx), ctx: countedAs(context.Background(), ctx), do: do, done: make(chan struct{})})
}

func (s *Store) submit(ctx context.Context, j *job) (int64, error) {
	select {
	case s.queue <- j:
	case <-ctx.Done():
		return 0, ctx.Err()
	case <-s.stopped:
		return 0, errUnavailable
	}
	select {
	case <-j.done:
		return j.seq, j.err
	case <-ctx.Done():
		if j.state.CompareAndSwap(jobWaiting, jobGone) {
			return 0, ctx.Err()
		}
		<-j.done // taken up: the answer says whether it was saved
		return j.seq, j.err
	case <-s.stopped:
		if j.state.CompareAndSwap(jobWaiting, jobGone) {
			return 0, errUnavailable
		}
		<-j.done
		return j.seq, j.err
	}
}

// runWriter is the only goroutine that changes the database. It ends when the
// queue is told to stop, after the group under way.
func (s *Store) runWriter() {
	defer close(s.stopped)
	group := make([]*job, 0, groupSize)
	for {
		group = group[:0]
		select {
		case j := <-s.queue:
			group = append(group, j)
		case <-s.stop:
			return
		}
	fill:
		for len(group) < groupSize {
			select {
			case j := <-s.queue:
				group = append(group, j)
			default:
				break fill
			}
		}
		s.commitGroup(group)
	}
}

// commitGroup runs the jobs, each in a savepoint, commits once, and answers them.
func (s *Store) commitGroup(group []*job) {
	live := group[:0]
	for _, j := range group {
		if j.state.CompareAndSwap(jobWaiting, jobTaken) {
			live = append(live, j)
		}
	}
	if len(live) == 0 {
		return
	}
	made, err := s.tryGroup(live)
	if s.loginsChanged() || err != nil {
		s.logins.changed()
	}
	if err != nil {
		slog.Error("a group of verbs was not saved", "verbs", len(live), "error", err)
		s.dropConn()
		for _, j := range live {
			j.seq, j.err = 0, errUnavailable
		}
	} else {
		s.log.advance(made.head, made.access, made.around)
		s.unseen.changed(made.told)
	}
	s.reviews.tell()
	for _, j := range live {
		if err == nil {
			for _, person := range j.revoked {
				s.revoked.tell(person)
			}
		}
		close(j.done)
	}
}

// made is what a group did: the head of the log after it, what it changed, and whom
// it told something.
type made struct {
	head           int64
	access, around bool
	told           []int64
}

// tryGroup runs a group; an error means that none of it was saved.
func (s *Store) tryGroup(live []*job) (m made, err error) {
	ctx := context.Background() // an interrupted statement would roll back everybody's work
	conn, err := s.writerConn(ctx)
	if err != nil {
		return made{}, err
	}
	if _, err := conn.ExecContext(ctx, `BEGIN IMMEDIATE`); err != nil {
		return made{}, fmt.Errorf("begin: %w", err)
	}
	m.head = s.log.head()
	for _, j := range live {
		tx := &Tx{ctx: cmp.Or(j.ctx, ctx), conn: conn, Now: s.now().UnixMicro(), actor: j.actor, from: j.from, store: s, seq: m.head, note: j.note}
		fatal := s.runJob(tx, j)
		if fatal != nil {
			return made{}, fatal
		}
		if j.err == nil {
			m = made{tx.seq, m.access || tx.access, m.around || tx.around, append(m.told, tx.told...)}
			if tx.events > 0 {
				j.seq = tx.seq
			}
		}
	}
	if _, err := conn.ExecContext(ctx, `COMMIT`); err != nil {
		return made{}, fmt.Errorf("commit: %w", err)
	}
	return m, nil
}

// runJob runs one job in a savepoint. What the job did wrong is its own answer;
// the error returned is one after which the transaction cannot be trusted.
func (s *Store) runJob(tx *Tx, j *job) error {
	if _, err := tx.exec(`SAVEPOINT verb`); err != nil {
		return fmt.Errorf("savepoint: %w", err)
	}
	before, err := tx.totalChanges()
	if err != nil {
		return err
	}
	j.err = callVerb(tx, j.do)
	j.revoked = tx.revoked
	if j.err == nil && tx.events == 0 && !j.note {
		after, err := tx.totalChanges()
		if err != nil {
			return err
		}
		if after != before {
			j.err = errors.New("a verb changed rows and recorded nothing")
		}
	}
	if s.inAutocommit(tx.conn) {
		return fmt.Errorf("SQLite rolled the transaction back: %w", j.err)
	}
	if j.err != nil {
		if _, err := tx.exec(`ROLLBACK TO verb`); err != nil {
			return fmt.Errorf("rollback to savepoint after %v: %w", j.err, err)
		}
	}
	if _, err := tx.exec(`RELEASE verb`); err != nil {
		return fmt.Errorf("release savepoint: %w", err)
	}
	return nil
}

// callVerb turns a panic into the verb's own failure.
func callVerb(tx *Tx, do func(*Tx) error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("verb panicked: %v\n%s", r, debug.Stack())
		}
	}()
	return do(tx)
}

// writerConn is the one connection that writes, opened anew after it was thrown away.
func (s *Store) writerConn(ctx context.Context) (*sql.Conn, error) {
	if s.conn != nil {
		return s.conn, nil
	}
	conn, err := s.writerDB.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("open the writer's connection: %w", err)
	}
	if _, err := conn.ExecContext(ctx, writerSettings); err != nil {
		return nil, errors.Join(fmt.Errorf("set up the writer: %w", err), conn.Close())
	}
	s.conn = conn
	return conn, nil
}

// dropConn throws the writer's connection away, with whatever transaction it holds.
func (s *Store) dropConn() {
	if s.conn == nil {
		return
	}
	// ErrBadConn makes the pool close the connection instead of keeping it.
	_ = s.conn.Raw(func(any) error { return driver.ErrBadConn })
	s.conn = nil
}

func (s *Store) inAutocommit(conn *sql.Conn) bool {
	on := true
	_ = conn.Raw(func(c any) error { on = c.(*numberedConn).AutoCommit(); return nil })
	return on
}

// loginsChanged tells whether a statement of the group changed who is behind a
// cookie or a token.
func (s *Store) loginsChanged() (changed bool) {
	if s.conn == nil {
		return true
	}
	_ = s.conn.Raw(func(c any) error {
		own := c.(*numberedConn)
		changed, own.logins = own.logins, false
		return nil
	})
	return changed
}

func (tx *Tx) exec(query string, args ...any) (sql.Result, error) {
	if tx.note && targetTable(query) != "" {
		if err := bookkeeping(query); err != nil {
			return nil, err
		}
	}
	return tx.conn.ExecContext(tx.ctx, query, args...)
}

func (tx *Tx) query(query string, args ...any) (*sql.Rows, error) {
	return tx.conn.QueryContext(tx.ctx, query, args...)
}

func (tx *Tx) row(query string, args ...any) *sql.Row {
	return tx.conn.QueryRowContext(tx.ctx, query, args...)
}

// insert runs an INSERT … RETURNING id.
func (tx *Tx) insert(query string, args ...any) (id int64, err error) {
	if tx.note {
		if err := bookkeeping(query); err != nil {
			return 0, err
		}
	}
	err = tx.row(query, args...).Scan(&id)
	return id, err
}

func (tx *Tx) totalChanges() (n int64, err error) {
	if err = tx.row(`SELECT total_changes()`).Scan(&n); err != nil {
		err = fmt.Errorf("count changes: %w", err)
	}
	return n, err
}

// about names what an event touches; zero fields are left out.
type about struct{ board, idea, comment, subject int64 }

// nextSeq is the number the next recorded event will get, for rows that keep it.
func (tx *Tx) nextSeq() int64 { return tx.seq + 1 }

// record writes an event and returns its seq.
func (tx *Tx) record(kind board.EventKind, a about) (int64, error) {
	_, err := tx.exec(`
		INSERT INTO log (seq, at, actor_id, kind, board_id, idea_id, comment_id, subject_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		tx.seq+1, tx.Now, orNull(tx.actor), string(kind), orNull(a.board), orNull(a.idea), orNull(a.comment), orNull(a.subject))
	if err != nil {
		return 0, fmt.Errorf("record %s: %w", kind, err)
	}
	tx.seq++
	tx.events++
	tx.access = tx.access || kind.ChangesAccess()
	tx.around = tx.around || kind.ChangesAround(a.comment)
	return tx.seq, nil
}

func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

func micros(t time.Time) int64 { return t.UnixMicro() }

func at(us int64) time.Time { return time.UnixMicro(us).UTC() }

func atOrNil(us sql.NullInt64) *time.Time {
	if !us.Valid {
		return nil
	}
	t := at(us.Int64)
	return &t
}
