package store

import (
	"context"
	"fmt"
	"sync"

	"convivio/store/board"
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
