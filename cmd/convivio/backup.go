package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"convivio/store"
)

// backupCommand writes a copy of the database, and of the files people attached.
type backupCommand struct {
	File string `arg:"" help:"New file for the copy." placeholder:"FILE"`
}

// Run writes the copy. It only reads the data folder, so a server may go on.
func (c *backupCommand) Run(ctx context.Context, p *program) error {
	st, err := store.OpenReader(ctx, p.folder())
	if err != nil {
		return err
	}
	if err := errors.Join(st.Backup(ctx, c.File), st.Close()); err != nil {
		return err
	}
	info, err := os.Stat(c.File)
	if err != nil {
		return fmt.Errorf("look at the backup: %w", err)
	}
	p.printf("%s holds everything up to event %s and was checked (%s bytes). The search index is not in it: it is made anew.\n",
		c.File, grouped(int(st.Head())), grouped(int(info.Size())))
	if _, err := os.Stat(store.BackupFiles(c.File)); err == nil {
		p.printf("%s holds the files people attached. The two belong together.\n", store.BackupFiles(c.File))
	}
	return nil
}

// restoreCommand makes a data folder from a backup.
type restoreCommand struct {
	File string `arg:"" help:"A file that convivio backup wrote." placeholder:"FILE"`
}

// Run fills a data folder that is new or empty.
func (c *restoreCommand) Run(ctx context.Context, p *program) error {
	if err := store.Restore(ctx, c.File, p.folder()); err != nil {
		return err
	}
	p.printf("%s is restored. Start the server on it; the search index is made anew, and open pages reload.\n", p.folder())
	return nil
}
