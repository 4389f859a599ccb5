package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Backup writes a copy of the database, consistent and checked, to a new file,
// and the files it names to the folder BackupFiles, also while a server is
// writing. The database gets its name last, when all is whole.
func (s *Store) Backup(ctx context.Context, file string) error {
	for _, name := range []string{file, BackupFiles(file)} {
		if _, err := os.Lstat(name); err == nil && (name == file || !unfinished(file)) {
			return fmt.Errorf("%s exists already; give a new name, so that an older backup is not lost", name)
		}
	}
	for n := 1; ; n++ {
		err := s.backup(ctx, file)
		if err == nil {
			s.markBackup()
			return nil
		}
		err = errors.Join(err, os.RemoveAll(BackupFiles(file)))
		if !errors.Is(err, errForgotten) || n == copyAgain {
			return err
		}
	}
}

// unfinished tells whether a backup of this name was broken off: its database
// did not get its name, and its files are as far as it came.
func unfinished(file string) bool {
	part, err := os.Lstat(file + ".part")
	if err != nil || !part.Mode().IsRegular() {
		return false
	}
	dir, err := os.Lstat(BackupFiles(file))
	return err == nil && dir.IsDir()
}

func (s *Store) backup(ctx context.Context, file string) error {
	part := file + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove an unfinished backup: %w", err)
	}
	defer os.Remove(part)
	// VACUUM INTO reads one snapshot and never makes the writer wait.
	if err := copyDatabase(ctx, s.path("convivio.db"), part); err != nil {
		return err
	}
	if err := withoutRemoved(ctx, part); err != nil {
		return err
	}
	if err := checkCopy(ctx, part); err != nil {
		return err
	}
	if err := s.backupFiles(ctx, part, BackupFiles(file)); err != nil {
		return err
	}
	if err := syncFile(part); err != nil {
		return err
	}
	if err := os.Rename(part, file); err != nil {
		return fmt.Errorf("name the backup: %w", err)
	}
	return syncFile(filepath.Dir(file))
}

// checkCopy makes sure a copied database is whole and is Convivio's.
func checkCopy(ctx context.Context, file string) error {
	if _, err := os.Stat(file); err != nil {
		return fmt.Errorf("look for the backup: %w", err)
	}
	db, err := sql.Open(driverName, dsn(file, "_query_only=1"))
	if err != nil {
		return fmt.Errorf("open the copy: %w", err)
	}
	defer db.Close()
	var verdict, epoch string
	if err := db.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&verdict); err != nil {
		return fmt.Errorf("check %s: %w", file, err)
	}
	if verdict != "ok" {
		return fmt.Errorf("%s is damaged: %s", file, verdict)
	}
	if err := db.QueryRowContext(ctx, `SELECT value FROM meta WHERE name = 'epoch'`).Scan(&epoch); err != nil {
		return fmt.Errorf("%s is no backup of Convivio: %w", file, err)
	}
	return nil
}

// ownFile makes an empty file that only its owner can read.
func ownFile(name string) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY, 0o600) // #nosec G304 -- the operator names the file
	if err != nil {
		return fmt.Errorf("make %s: %w", name, err)
	}
	return f.Close()
}

func syncFile(name string) error {
	f, err := os.Open(name) // #nosec G304 -- the operator names the file
	if err != nil {
		return fmt.Errorf("write %s to disk: %w", name, err)
	}
	err = errors.Join(f.Sync(), f.Close())
	if err != nil {
		return fmt.Errorf("write %s to disk: %w", name, err)
	}
	return nil
}

// Restore makes a data folder from a backup and the folder of files beside it. The folder must be new or empty.
// The epoch is renewed: pages reload, and the search index is built anew.
func Restore(ctx context.Context, file, dir string) error {
	if err := checkCopy(ctx, file); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("look into %s: %w", dir, err)
	}
	if len(entries) > 0 {
		return fmt.Errorf("%s is not empty; restore into a new folder, so that nothing is overwritten", dir)
	}
	if err := restoreFiles(ctx, file, dir); err != nil {
		return err
	}
	part := filepath.Join(dir, "restore.part")
	defer os.Remove(part)
	if err := copyDatabase(ctx, file, part); err != nil {
		return err
	}
	if err := errors.Join(withoutRemoved(ctx, part), renew(ctx, part), auditRestored(ctx, part)); err != nil {
		return err
	}
	if err := syncFile(part); err != nil {
		return err
	}
	if err := os.Rename(part, filepath.Join(dir, "convivio.db")); err != nil {
		return fmt.Errorf("name the database: %w", err)
	}
	return syncFile(dir)
}

// copyDatabase copies a database through SQLite: beside a database that a server
// has open, what it saved last stands in the write-ahead log.
func copyDatabase(ctx context.Context, from, to string) error {
	if err := ownFile(to); err != nil { // SQLite would let others read it
		return err
	}
	db, err := sql.Open(driverName, dsn(from, "_busy_timeout=5000"))
	if err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	_, err = db.ExecContext(ctx, `VACUUM INTO $1`, to)
	if err = errors.Join(err, db.Close()); err != nil {
		return fmt.Errorf("copy the database: %w", err)
	}
	return nil
}

// withoutRemoved erases from a copy the words that were deleted and could still
// be taken back where it was made.
func withoutRemoved(ctx context.Context, file string) error {
	db, err := sql.Open(driverName, dsn(file, "_synchronous=FULL&_secure_delete=on"))
	if err != nil {
		return fmt.Errorf("open the copy: %w", err)
	}
	var some bool
	err = db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'removed')`).Scan(&some)
	if err == nil && some {
		which := `TRUE` // also in a copy from before words were kept for a decision
		if keeps, e := hasColumn(ctx, db, "removed", "keep_until"); e != nil {
			err = e
		} else if keeps {
			which = `keep_until IS NULL`
		}
		for _, st := range forgetting(which) {
			if _, e := db.ExecContext(ctx, st.sql, st.args...); err == nil {
				err = e
			}
		}
	}
	if err = errors.Join(err, withoutKeys(ctx, db), db.Close()); err != nil {
		return fmt.Errorf("erase deleted words from the copy: %w", err)
	}
	return nil
}

// hasColumn tells whether a table of a copy has a column.
func hasColumn(ctx context.Context, db *sql.DB, table, column string) (has bool, err error) {
	err = db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM pragma_table_info($1) WHERE name = $2)`, table, column).Scan(&has)
	return has, err
}

// renew makes a copy a log of its own. Who was signed in when the backup was made
// is not any more, and links handed out since are void.
func renew(ctx context.Context, file string) error {
	db, err := sql.Open(driverName, dsn(file, "_synchronous=FULL&_secure_delete=on"))
	if err != nil {
		return fmt.Errorf("open the copy: %w", err)
	}
	_, err = db.ExecContext(ctx, `UPDATE meta SET value = $1 WHERE name = 'epoch'`, randomWord())
	for _, q := range []string{`DELETE FROM session`, `DELETE FROM link`} {
		if err == nil {
			_, err = db.ExecContext(ctx, q)
		}
	}
	if err = errors.Join(err, db.Close()); err != nil {
		return fmt.Errorf("renew the copy: %w", err)
	}
	return nil
}
