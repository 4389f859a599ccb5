package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"sync"

	"convivio/store/board"
	"convivio/store/markdown"
)

// room is how many bytes all files together have, the ones being saved included.
type room struct {
	mu   sync.Mutex
	used int64
}

// more refuses bytes for which there is no room. Errors: unavailable.
func (r *room) more(bytes, total int64) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.fits(bytes, total)
}

func (r *room) fits(bytes, total int64) error {
	if r.used+bytes > total {
		return board.Fault(board.Unavailable, "There is no room for more files: the %d MB set aside for them are used up. Your text is safe; please tell an administrator.", total>>20).On("file")
	}
	return nil
}

// take counts bytes that are about to be saved. Errors: unavailable.
func (r *room) take(bytes, total int64) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.fits(bytes, total); err != nil {
		return err
	}
	r.used += bytes
	return nil
}

func (r *room) giveBack(bytes int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.used -= bytes
}

// countRoom adds up what all files have.
func (s *Store) countRoom(ctx context.Context) (bytes int64, err error) {
	err = s.readDB.QueryRowContext(ctx, `SELECT CAST(COALESCE(SUM(size + view_size), 0) AS BIGINT) FROM file`).Scan(&bytes)
	if err != nil {
		return 0, fmt.Errorf("add up files: %w", err)
	}
	return bytes, nil
}

// useFaults looks for texts that show a file which nothing says they name: their
// readers could not open it.
func (s *Store) useFaults(ctx context.Context) (faults []string, err error) {
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT i.id, 0, i.html FROM idea i WHERE i.deleted_at IS NULL AND i.html LIKE '%"/files/%'
		UNION ALL SELECT a.idea_id, 0, a.html FROM answer a JOIN idea i ON i.id = a.idea_id WHERE i.deleted_at IS NULL AND a.html LIKE '%"/files/%'
		UNION ALL SELECT c.idea_id, c.id, c.html FROM comment c JOIN idea i ON i.id = c.idea_id WHERE i.deleted_at IS NULL AND c.deleted_at IS NULL AND c.html LIKE '%"/files/%'`)
	if err != nil {
		return nil, fmt.Errorf("read what names files: %w", err)
	}
	uses, err := collect(rows, func(rows *sql.Rows) (list []fileUse, err error) {
		var u fileUse
		var html string
		err = rows.Scan(&u.idea, &u.comment, &html)
		for u.file = range markdown.FilesIn(html) {
			list = append(list, u)
		}
		return list, err
	})
	if err != nil || len(uses) == 0 {
		return nil, err
	}
	if rows, err = s.readDB.QueryContext(ctx, `SELECT file_id, idea_id, COALESCE(comment_id, 0) FROM file_use`); err != nil {
		return nil, fmt.Errorf("read what names files: %w", err)
	}
	known := map[fileUse]bool{}
	list, err := collect(rows, func(rows *sql.Rows) (u fileUse, err error) {
		err = rows.Scan(&u.file, &u.idea, &u.comment)
		return u, err
	})
	for _, u := range list {
		known[u] = true
	}
	for _, u := range slices.Concat(uses...) {
		if !known[u] {
			faults = append(faults, fmt.Sprintf("file %d is shown by idea %d (comment %d), which is not said to name it", u.file, u.idea, u.comment))
		}
	}
	return faults, err
}

// fileUse is a text that names a file; comment is 0 for the idea's own and for answers.
type fileUse struct{ file, idea, comment int64 }
