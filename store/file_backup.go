package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"convivio/store/files"
)

// A backup of a database that names files has a folder beside it, named like it
// with .files at the end. No archive: nothing has to be unpacked, and no name in
// it is believed. The folder is whole before the database gets its name.

// BackupFiles is the folder that belongs to a backup.
func BackupFiles(file string) string { return file + ".files" }

// copyAgain is how often a backup begins again because files were forgotten
// while they were copied.
const copyAgain = 3

// errForgotten says that a file of the copied database is gone from the folder.
var errForgotten = errors.New("a file was forgotten meanwhile")

// backupFiles copies the files that a copied database names into a new folder.
// Errors: errForgotten when the database must be copied again.
func (s *Store) backupFiles(ctx context.Context, copied, dir string) error {
	hashes, err := hashesIn(ctx, copied)
	if err != nil || len(hashes) == 0 {
		return err
	}
	if s.files == nil {
		return fmt.Errorf("the folder of files is missing in %s, and with it %d files; convivio check says more", s.dir, len(hashes))
	}
	to, err := files.Open(dir)
	if err != nil {
		return err
	}
	for hash := range hashes {
		err := s.files.Copy(ctx, hash, to)
		if err == nil {
			continue
		}
		ids, rowErr := s.filesWith(ctx, hash)
		if rowErr == nil && len(ids) == 0 && errors.Is(err, fs.ErrNotExist) {
			err = errForgotten
		}
		return errors.Join(fmt.Errorf("copy the bytes of files %v: %w; convivio check says more", ids, err), rowErr, to.Close())
	}
	_, err = to.Sweep(func() (map[string]bool, error) { return hashes, nil }) // what a backup that was broken off left
	return errors.Join(err, to.Close())
}

// restoreFiles copies the files of a backup into a data folder, each compared with its name.
func restoreFiles(ctx context.Context, backup, dir string) error {
	hashes, err := hashesIn(ctx, backup)
	if err != nil || len(hashes) == 0 {
		return err
	}
	from, err := files.OpenReader(BackupFiles(backup))
	if err != nil {
		return fmt.Errorf("%s names %d files, which belong into %s: %w", backup, len(hashes), BackupFiles(backup), err)
	}
	defer func() { _ = from.Close() }() // it was only read
	to, err := files.Open(filepath.Join(dir, filesFolder))
	if err != nil {
		return err
	}
	for hash := range hashes {
		if err := from.Copy(ctx, hash, to); err != nil {
			err = fmt.Errorf("restore %s from %s: %w", hash, BackupFiles(backup), err)
			return errors.Join(err, to.Close(), os.RemoveAll(filepath.Join(dir, filesFolder)))
		}
	}
	return to.Close()
}

// hashesIn lists the files that a copied database names; one from before files
// could be attached names none.
func hashesIn(ctx context.Context, database string) (map[string]bool, error) {
	db := openReadPool(database)
	defer db.Close()
	var tables int
	if err := db.QueryRowContext(ctx, `SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'file'`).Scan(&tables); err != nil {
		return nil, fmt.Errorf("look into %s: %w", database, err)
	}
	if tables == 0 {
		return nil, nil
	}
	return (&Store{readDB: db}).hashes(ctx)
}
