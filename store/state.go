package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"convivio/store/board"
)

// Condition is how the data folder is, in bytes.
type Condition struct {
	Database int64
	Log      int64 // write-ahead log
	Index    int64 // search
	Files    int64
	Free     int64 // on its disk
	Disk     int64 // size of the disk
	Grown    int64 // in Over
	Over     time.Duration
	Waiting  int       // verbs that wait for the writer
	Backup   time.Time // the last one that was finished; zero: none known
}

// Total is what the data folder takes.
func (c Condition) Total() int64 { return c.Database + c.Log + c.Index + c.Files }

// sizes keeps how large folders are for a moment: they are walked.
type sizes struct {
	mu           sync.Mutex
	at           time.Time
	index, files int64
}

// sizesHold is how long the sizes of folders are taken as they were.
const sizesHold = 20 * time.Second

// Condition tells how the data folder is; only for administrators. Errors: forbidden.
func (s *Store) Condition(ctx context.Context, who board.Who) (c Condition, err error) {
	if err := adminsOnly(who); err != nil {
		return c, err
	}
	if c, err = s.measure(); err != nil {
		return c, err
	}
	c.Waiting = len(s.queue)
	if info, err := os.Stat(s.path(backupMark)); err == nil {
		c.Backup = info.ModTime()
	}
	var day, bytes int64
	err = s.readDB.QueryRowContext(ctx, `SELECT day, bytes FROM growth WHERE day >= $1 ORDER BY day LIMIT 1`, dayOf(s.now())-growthDays).Scan(&day, &bytes)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return c, nil
	case err != nil:
		return c, fmt.Errorf("read how the data folder grew: %w", err)
	}
	c.Over = time.Duration(dayOf(s.now())-day) * 24 * time.Hour
	c.Grown = c.Total() - bytes
	return c, nil
}

// measure reads sizes from the disk.
func (s *Store) measure() (c Condition, err error) {
	c.Database, c.Log = fileSize(s.path("convivio.db")), fileSize(s.path("convivio.db-wal"))
	k := &s.sizes
	k.mu.Lock()
	if now := time.Now(); now.Sub(k.at) > sizesHold {
		k.at, k.index, k.files = now, folderSize(s.path("index")), folderSize(s.path(filesFolder))
	}
	c.Index, c.Files = k.index, k.files
	k.mu.Unlock()
	var disk unix.Statfs_t
	if err := unix.Statfs(s.dir, &disk); err != nil {
		return c, fmt.Errorf("ask how full the disk is: %w", err)
	}
	c.Free, c.Disk = int64(disk.Bavail)*disk.Bsize, int64(disk.Blocks)*disk.Bsize // #nosec G115 -- no disk is as large
	return c, nil
}

func fileSize(name string) int64 {
	info, err := os.Stat(name)
	if err != nil {
		return 0
	}
	return info.Size()
}

// folderSize adds up what stands in a folder; what goes away meanwhile is nothing.
func folderSize(dir string) (bytes int64) {
	_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			if info, err := d.Info(); err == nil {
				bytes += info.Size()
			}
		}
		return nil
	})
	return bytes
}

func dayOf(t time.Time) int64 { return t.Unix() / 86_400 }

// growthDays is over how many days growth is told.
const growthDays = 30

// KeepGrowth notes how large the data folder is today, and forgets what nobody
// asks for any more. The first of a day counts.
func (s *Store) KeepGrowth(ctx context.Context) error {
	c, err := s.measure()
	if err != nil {
		return err
	}
	day := dayOf(s.now())
	return s.note(ctx,
		statement{`INSERT INTO growth (day, bytes) VALUES ($1, $2) ON CONFLICT (day) DO NOTHING`, []any{day, c.Total()}},
		statement{`DELETE FROM growth WHERE day < $1`, []any{day - 2*growthDays}})
}

// backupMark is a file whose time says when the last backup was finished.
const backupMark = "backup-made"

// markBackup says that a backup was finished. That it cannot be said harms no backup.
func (s *Store) markBackup() {
	if f, err := os.OpenFile(s.path(backupMark), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600); err == nil { // #nosec G304 -- in the data folder
		_, _ = fmt.Fprintln(f, s.now().UTC().Format(time.RFC3339))
		_ = f.Close()
	}
}
