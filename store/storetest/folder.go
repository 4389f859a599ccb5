// Package storetest is what tests of several packages share: an empty data folder,
// made once for each package and not once for each test, and what somebody can work
// out who has all published figures.
package storetest

import (
	"database/sql"
	"os"
	"path/filepath"
	"sync"
	"testing"

	_ "github.com/mattn/go-sqlite3" // the driver, as SQLite registers it
)

// Folder is a new data folder, as open leaves one when it makes it, but for the
// epoch: each folder gets its own. open is the same in all tests of a package.
func Folder(t testing.TB, open func(dir string) error) string {
	t.Helper()
	once.Do(func() { template, failed = fill(open) })
	if failed != nil {
		t.Fatal(failed)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, database), template, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

const database = "convivio.db"

var (
	once     sync.Once
	template []byte
	failed   error
)

// fill is the database of a folder that open has made.
func fill(open func(dir string) error) ([]byte, error) {
	dir, err := os.MkdirTemp("", "convivio-template-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := open(dir); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, database)
	db, err := sql.Open("sqlite3", "file:"+path)
	if err != nil {
		return nil, err
	}
	if _, err := db.Exec(`DELETE FROM meta WHERE name = 'epoch'; PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path) // #nosec G304 -- in a folder of ours
}
