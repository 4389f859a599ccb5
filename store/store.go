// Package store is the only writer of Convivio's data. Every change that others
// can see is a verb: one transaction that checks who may do it, changes rows and
// records what happened in the log. Everything else (search, live pages, notices)
// follows the log. What concerns one person alone (where they have read to, what
// they follow, their sessions) is bookkeeping and no event: see note.
//
// A data folder holds convivio.db (SQLite, WAL), head (how far the log was known
// to go), lock (held by the server that has the folder open) and what the
// followers keep, such as the search index.
package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pressly/goose/v3"
	"golang.org/x/sys/unix"

	"convivio/store/files"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Store is an open data folder.
type Store struct {
	dir        string
	now        func() time.Time
	writerDB   *sql.DB
	readDB     readPool
	conn       *sql.Conn // the writer goroutine's own
	queue      chan *job
	stop       chan struct{}
	stopped    chan struct{}
	log        *logHead
	epoch      string
	lock       *os.File
	readOnly   atomic.Bool
	lost       atomic.Int64
	headMu     sync.Mutex // of headKept
	headKept   headFile   // as it was written last
	marks      readMarks
	flows      flows
	closing    func() error
	revoked    revocations
	logins     logins
	files      *files.Folder // nil for a reader of a folder that has none
	limits     FileLimits
	uploads    uploads
	callees    callees
	sights     sights
	room       room
	unseen     unseenCounts
	hourly     hourly
	rules      ruleBook
	beside     sync.WaitGroup // what is kept beside an answer
	noticed    *logHead       // how far people were told
	tallied    *logHead       // how far the tally is
	tallying   sync.Mutex     // one counts at a time
	stood      stands         // of the tally's follower; nil: to be read
	cited      *logHead       // how far it is known which ideas cite which
	linked     atomic.Int64   // where that changed last
	looking    looking        // what people search for just now
	chosen     settings
	people     directory
	sizes      sizes
	announcing announced
	reviews    reviews      // what waits for moderators
	releasing  *releaseWork // one release is made at a time
}

// Options open a data folder.
type Options struct {
	Dir        string
	Now        func() time.Time // nil: time.Now
	Demo       bool             // the folder must be a demo's (or new), and becomes one
	AcceptLoss bool             // go on although saved events are missing; renews the epoch
	Files      FileLimits
}

// Open opens a data folder for the one process that writes to it, and makes it
// when it is not there. Errors say what to do: another server has the folder
// open, a demo folder opened without Demo or the reverse, an unsafe SQLite.
func Open(ctx context.Context, o Options) (*Store, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Store{dir: o.Dir, now: o.Now, queue: make(chan *job, 4*groupSize), releasing: newReleaseWork(), stop: make(chan struct{}), stopped: make(chan struct{})}
	s.closing = sync.OnceValue(s.closeOnce)
	if err := s.openFolder(o.Demo); err != nil {
		return nil, err
	}
	if err := s.openDatabase(ctx); err != nil {
		return nil, errors.Join(err, s.closeFiles())
	}
	folder, err := files.Open(s.path(filesFolder))
	if err != nil {
		return nil, errors.Join(err, s.closeFiles())
	}
	s.files, s.limits = folder, o.Files.orDefaults(folder)
	if s.room.used, err = s.countRoom(ctx); err != nil {
		return nil, errors.Join(err, s.closeFiles())
	}
	go s.runWriter()
	if err := s.compareHead(ctx, o.AcceptLoss); err != nil {
		_ = s.Close()
		return nil, err
	}
	if err := s.ForgetRemoved(ctx); err != nil && !errors.Is(err, errReadOnly) {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// OpenReader opens a data folder to read it, beside a server or alone.
func OpenReader(ctx context.Context, dir string) (*Store, error) {
	s := &Store{dir: dir, now: time.Now, releasing: newReleaseWork(), stopped: make(chan struct{})}
	if _, err := os.Stat(s.path("convivio.db")); err != nil {
		return nil, fmt.Errorf("%s is no data folder of Convivio (it has no convivio.db); give the folder with --data", dir)
	}
	s.closing = sync.OnceValue(s.closeOnce)
	close(s.stopped)
	s.readOnly.Store(true)
	s.readDB = openReadPool(s.path("convivio.db"))
	var err error
	if s.files, err = files.OpenReader(s.path(filesFolder)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, errors.Join(err, s.closeFiles())
	}
	if err := s.readMeta(ctx); err != nil {
		return nil, errors.Join(err, s.closeFiles())
	}
	return s, nil
}

// filesFolder is where the bytes of files stand in the data folder.
const filesFolder = "files"

// Dir is the data folder.
func (s *Store) Dir() string { return s.dir }

func (s *Store) path(name string) string { return filepath.Join(s.dir, name) }

// openFolder makes the folder, takes its lock and holds it to its mark.
func (s *Store) openFolder(demo bool) error {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	lock, err := os.OpenFile(s.path("lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("open the data folder's lock: %w", err)
	}
	if err := unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		_ = lock.Close()
		return &InUseError{Dir: s.dir}
	}
	s.lock = lock
	if err := s.holdToMark(demo); err != nil {
		return errors.Join(err, s.closeFiles())
	}
	return nil
}

// InUseError says that another process has the data folder open.
type InUseError struct{ Dir string }

func (e *InUseError) Error() string {
	return fmt.Sprintf("another Convivio server has the data folder %s open; stop it first, or give another folder with --data", e.Dir)
}

// holdToMark keeps demo data and a company's own apart: the mark is made with the folder.
func (s *Store) holdToMark(demo bool) error {
	_, err := os.Stat(s.path("convivio.db"))
	fresh := errors.Is(err, fs.ErrNotExist)
	_, err = os.Stat(s.path("demo"))
	marked := err == nil
	switch {
	case demo && fresh && !marked:
		if err := os.WriteFile(s.path("demo"), []byte("This folder holds the data of a demo: anyone on this machine can sign in as anyone.\n"), 0o600); err != nil {
			return fmt.Errorf("mark the demo folder: %w", err)
		}
	case demo && !marked:
		return fmt.Errorf("%s is not a demo's data folder: --demo would let anyone in; start without --demo, or give another folder with --data", s.dir)
	case !demo && marked:
		return fmt.Errorf("%s is a demo's data folder; start with --demo, or give another folder with --data", s.dir)
	}
	return nil
}

func (s *Store) openDatabase(ctx context.Context) error {
	path := s.path("convivio.db")
	if err := ownFile(path); err != nil {
		return err
	}
	db, err := sql.Open(driverName, dsn(path, writerPragmas))
	if err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	db.SetMaxOpenConns(1)
	s.writerDB = db
	if err := checkConnection(ctx, db); err != nil {
		return err
	}
	if err := migrate(ctx, db); err != nil {
		return err
	}
	if err := windClocks(ctx, db, micros(s.now())); err != nil {
		return err
	}
	if _, err := db.ExecContext(ctx, `INSERT INTO meta (name, value) VALUES ('epoch', $1) ON CONFLICT (name) DO NOTHING`, randomWord()); err != nil {
		return fmt.Errorf("write the epoch: %w", err)
	}
	// What has only reached the write-ahead log goes into the database now: a young
	// folder whose log is damaged would otherwise come up as a new one.
	if _, err := db.ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
		return fmt.Errorf("write the log into the database: %w", err)
	}
	s.readDB = openReadPool(path)
	return s.readMeta(ctx)
}

// readPool are connections that cannot write. A statement that has begun is run to its
// end: to be able to cut it short costs a goroutine and a processor woken, which takes
// as long as most statements do. That somebody gave up is noticed before the next, and
// while it waits for a connection. What may take long is asked of DB itself.
type readPool struct{ *sql.DB }

// readers is how many connections read at once.
const readers = 16

// QueryContext runs a statement that reads.
func (p readPool) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return p.DB.QueryContext(p.uncut(ctx), query, args...)
}

// QueryRowContext runs a statement that reads one row.
func (p readPool) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return p.DB.QueryRowContext(p.uncut(ctx), query, args...)
}

func (p readPool) uncut(ctx context.Context) context.Context {
	if ctx.Err() != nil || p.Stats().InUse >= readers {
		return ctx
	}
	return context.WithoutCancel(ctx)
}

func openReadPool(path string) readPool {
	db, err := sql.Open(driverName, dsn(path, readerPragmas))
	if err != nil {
		panic(err) // the driver's name is registered in this package
	}
	db.SetMaxOpenConns(readers)
	db.SetMaxIdleConns(readers)
	return readPool{db}
}

// migrate brings the database up to date. Most are when they are opened, which one
// look tells.
func migrate(ctx context.Context, db *sql.DB) error {
	want, steps, err := lastMigration()
	if err != nil {
		return err
	}
	var have int64
	var taken int
	if err := db.QueryRowContext(ctx, `SELECT COALESCE(MAX(version_id), 0), COUNT(DISTINCT version_id) FROM goose_db_version WHERE version_id > 0`).
		Scan(&have, &taken); err == nil && have == want && taken == steps {
		return nil
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, files)
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	if have, want, err = p.GetVersions(ctx); err != nil {
		return fmt.Errorf("read the database's version: %w", err)
	}
	if have > want {
		return fmt.Errorf("the data folder was written by a newer Convivio (database version %d, this one knows %d); start the newer one", have, want)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("bring the database up to date: %w", err)
	}
	return nil
}

// lastMigration is the version that this program writes, and by how many steps.
func lastMigration() (version int64, steps int, err error) {
	list, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return 0, 0, err
	}
	last := filepath.Base(list[len(list)-1])
	if _, err := fmt.Sscanf(last, "%d_", &version); err != nil {
		return 0, 0, fmt.Errorf("read the version of %s: %w", last, err)
	}
	return version, len(list), nil
}

// Current tells whether the database is of the version that this program writes.
func (s *Store) Current(ctx context.Context) (bool, error) {
	want, _, err := lastMigration()
	if err != nil {
		return false, err
	}
	var have int64
	if err := s.readDB.QueryRowContext(ctx, `SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version`).Scan(&have); err != nil {
		return false, fmt.Errorf("read the database's version: %w", err)
	}
	return have == want, nil
}

func (s *Store) readMeta(ctx context.Context) error {
	if err := s.readDB.QueryRowContext(ctx, `SELECT value FROM meta WHERE name = 'epoch'`).Scan(&s.epoch); err != nil {
		return fmt.Errorf("read the epoch: %w", err)
	}
	var head int64
	if err := s.readDB.QueryRowContext(ctx, `SELECT COALESCE(MAX(seq), 0) FROM log`).Scan(&head); err != nil {
		return fmt.Errorf("read the head of the log: %w", err)
	}
	s.log = newLogHead(head)
	s.noticed, s.cited, s.tallied = newLogHead(0), newLogHead(0), newLogHead(0)
	return nil
}

// Now is the store's clock.
func (s *Store) Now() time.Time { return s.now() }

// Ready tells whether the database can be read.
func (s *Store) Ready(ctx context.Context) error {
	var one int
	return s.readDB.DB.QueryRowContext(ctx, `SELECT 1`).Scan(&one)
}

// Close finishes the group under way, writes what waits to be noted, and closes
// the folder. Closing again does nothing.
func (s *Store) Close() error { return s.closing() }

func (s *Store) closeOnce() error {
	s.beside.Wait()
	if s.queue != nil {
		// Nobody takes anything back from a server that is not there.
		if err := s.forgetRemoved(context.Background(), everRemoved, micros(s.now())); err != nil && !errors.Is(err, errReadOnly) {
			slog.Error("words that were deleted still stand aside", "error", err)
		}
		if err := s.FlushMarks(context.Background()); err != nil {
			slog.Error("reading positions were not kept", "error", err)
		}
		if err := s.SaveHead(); err != nil {
			slog.Error("the head file was not written", "error", err)
		}
		close(s.stop)
		<-s.stopped
	}
	return s.closeFiles()
}

func (s *Store) closeFiles() error {
	var errs []error
	if s.conn != nil {
		errs = append(errs, s.conn.Close())
		s.conn = nil
	}
	if s.readDB.DB != nil {
		errs = append(errs, s.readDB.Close())
	}
	if s.writerDB != nil {
		errs = append(errs, s.writerDB.Close())
	}
	if s.files != nil {
		errs = append(errs, s.files.Close())
	}
	if s.lock != nil {
		errs = append(errs, s.lock.Close())
	}
	return errors.Join(errs...)
}

// randomWord is 128 random bits, for epochs and the like.
func randomWord() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the program instead
	return hex.EncodeToString(b)
}
