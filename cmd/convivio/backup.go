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
	if err := mustExist(p.folder()); err != nil {
		return err
	}
	auditBackup(ctx, p)
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

// auditBackup keeps in the audit log that everything is copied, before it is. A
// folder that nothing can be written to is copied all the same, which is said: it
// is then worth most.
func auditBackup(ctx context.Context, p *program) {
	_, err := ask(ctx, p.folder(), order{Backup: true})
	if errors.Is(err, errNoServer) {
		err = auditBackupAlone(ctx, p)
	}
	if err != nil {
		_, _ = fmt.Fprintf(p.stderr, "This backup does not stand in the audit log: %s\n", printable(err.Error()))
	}
}

// auditBackupAlone opens the folder to write, which would bring an older one up to
// date: then the backup comes first.
func auditBackupAlone(ctx context.Context, p *program) error {
	st, err := store.OpenReader(ctx, p.folder())
	if err != nil {
		return err
	}
	current, err := st.Current(ctx)
	if err = errors.Join(err, st.Close()); err != nil || !current {
		return errors.Join(err, errors.New("the folder is of another version"))
	}
	if st, err = openStore(ctx, p.folder()); err != nil {
		return err
	}
	_, err = (&desk{store: st}).carryOut(ctx, order{Backup: true})
	return errors.Join(err, st.Close())
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
