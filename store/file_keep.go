package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"convivio/store/board"
	"convivio/store/files"
	"convivio/store/picture"
)

// arrival is a file on its way in: the bytes as they came and, for a picture,
// as they are kept and shown.
type arrival struct {
	store           *Store
	name            string     // as it came
	now             *uploading // what its person has under way
	raw, full, view *files.Draft
	row             board.File
	hash            string
	viewHash        string
	viewType        string
	viewSize        int64
}

func (a *arrival) drop() {
	for _, d := range []*files.Draft{a.raw, a.full, a.view} {
		if d != nil {
			d.Drop()
		}
	}
}

// take reads a file to its end and finds out what it is. Errors: invalid, field file.
func (a *arrival) take(ctx context.Context, content io.Reader) (err error) {
	if a.raw, err = a.store.files.Draft(); err != nil {
		return err
	}
	most := a.store.limits.Each
	n, err := io.Copy(a.raw, io.LimitReader(content, most+1))
	switch {
	case err != nil:
		return err
	case n > most:
		return board.FieldFault("file", "This file is larger than %d MB. Make it smaller, or paste a link to where it is.", most>>20)
	case n == 0:
		return board.FieldFault("file", "This file is empty.")
	}
	kind, err := files.KindIn(a.raw, n, a.name)
	if err != nil {
		return err
	}
	a.row = board.File{Type: kind.Type, Size: n}
	if kind.Picture {
		if err := a.takePicture(ctx, kind); err != nil {
			return err
		}
	}
	a.row.Name = board.FileName(renamed(a.name, kind, a.row.Type), files.KindOf(a.row.Type).Endings)
	return nil
}

// renamed takes the ending off the name of a picture that became another kind.
func renamed(name string, was files.Kind, is string) string {
	if was.Type == is {
		return name
	}
	plain := board.FileName(name, was.Endings)
	return plain[:len(plain)-len(was.Endings[0])]
}

func (a *arrival) takePicture(ctx context.Context, kind files.Kind) (err error) {
	raw := make([]byte, a.raw.Size())
	if _, err := a.raw.ReadAt(raw, 0); err != nil {
		return fmt.Errorf("read a picture: %w", err)
	}
	if a.full, err = a.store.files.Draft(); err != nil {
		return err
	}
	if a.view, err = a.store.files.Draft(); err != nil {
		return err
	}
	a.now.decoding.Lock()
	defer a.now.decoding.Unlock()
	shape, err := picture.Make(ctx, raw, kind.Type, a.full, a.view)
	if err != nil {
		return err
	}
	a.row = board.File{Type: shape.Type, Size: a.full.Size(), Width: shape.Width, Height: shape.Height}
	a.viewType = shape.ViewType
	if shape.Whole {
		a.view.Drop()
		a.view = nil
	}
	return nil
}

// keep gives the bytes their names. They are on disk when it returns.
func (a *arrival) keep() error {
	kept := a.raw
	if a.full != nil {
		kept = a.full
	}
	if err := kept.Keep(); err != nil {
		return err
	}
	a.hash = kept.Hash()
	switch {
	case a.view != nil:
		if err := a.view.Keep(); err != nil {
			return err
		}
		a.viewHash, a.viewSize = a.view.Hash(), a.view.Size()
	case a.full != nil:
		a.viewHash = a.hash
	}
	return nil
}

// How long a file is kept that no text names, and one whose text was deleted. A
// draft, or a text that waits in a device for a connection, may name it for as
// long as its key is recognised.
const (
	filesKept   = keysKept
	deletedKept = board.DeletedKept
)

// forgetFiles takes away files that nothing names any more: the rows first, then
// the bytes that no row needs, and what a crash left behind.
func (s *Store) forgetFiles(ctx context.Context) error {
	now := s.now()
	gone := micros(now.Add(-deletedKept))
	release := s.files.Still() // nothing is saved between the two sums
	before, err := s.countRoom(ctx)
	if err != nil {
		release()
		return err
	}
	err = s.note(ctx,
		statement{`DELETE FROM file_use WHERE id IN (
			SELECT u.id FROM file_use u JOIN idea i ON i.id = u.idea_id LEFT JOIN comment c ON c.id = u.comment_id
			WHERE (i.deleted_at < $1 OR c.deleted_at < $1) AND NOT EXISTS ( -- while words may come back
				SELECT 1 FROM removed r WHERE r.idea_id = u.idea_id AND (r.comment_id IS NULL OR r.comment_id = u.comment_id)))`, []any{gone}},
		statement{`DELETE FROM file WHERE (used = 1 OR created_at < $1)
			AND NOT EXISTS (SELECT 1 FROM file_use u WHERE u.file_id = file.id)
			AND NOT EXISTS (SELECT 1 FROM draft_file d WHERE d.file_id = file.id)
			AND NOT EXISTS (SELECT 1 FROM held h WHERE h.author_id = file.person_id 
				AND (h.html LIKE '%"/files/' || file.id || '"%' OR h.html LIKE '%"/files/' || file.id || '/view"%'))`, []any{micros(now.Add(-filesKept))}})
	after, countErr := s.countRoom(ctx)
	release()
	if err = errors.Join(err, countErr); err != nil {
		return err
	}
	s.room.giveBack(before - after)
	_, err = s.files.Sweep(func() (map[string]bool, error) { return s.hashes(ctx) })
	return err
}

// hashes are the names of the bytes that rows need.
func (s *Store) hashes(ctx context.Context) (map[string]bool, error) {
	rows, err := s.readDB.QueryContext(ctx, `SELECT hash, view_hash FROM file`)
	if err != nil {
		return nil, fmt.Errorf("list files: %w", err)
	}
	pairs, err := collect(rows, func(rows *sql.Rows) (p [2]string, err error) { err = rows.Scan(&p[0], &p[1]); return p, err })
	out := make(map[string]bool, 2*len(pairs))
	for _, p := range pairs {
		for _, h := range p {
			if h != "" {
				out[h] = true
			}
		}
	}
	return out, err
}

// fileFaults reads the bytes of every file, and looks for what nobody needs.
func (s *Store) fileFaults(ctx context.Context) (faults []string, err error) {
	needed, err := s.hashes(ctx)
	if err != nil || s.files == nil {
		if len(needed) > 0 {
			faults = append(faults, fmt.Sprintf("the folder of files is missing, and with it %d files", len(needed)))
		}
		return faults, err
	}
	for hash := range needed {
		err := s.files.Verify(ctx, hash)
		if err == nil {
			continue
		}
		if ctx.Err() != nil {
			return faults, ctx.Err()
		}
		ids, rowErr := s.filesWith(ctx, hash)
		switch {
		case rowErr != nil:
			return faults, rowErr
		case len(ids) == 0: // forgotten meanwhile
		case errors.Is(err, fs.ErrNotExist):
			faults = append(faults, fmt.Sprintf("file %d: its bytes are missing (files/%s)", ids[0], hash))
		default:
			faults = append(faults, fmt.Sprintf("file %d: %v (files/%s)", ids[0], err, hash))
		}
	}
	strange, err := s.files.Strange(needed)
	for _, name := range strange {
		faults = append(faults, fmt.Sprintf("nothing needs files/%s", name))
	}
	return faults, err
}

func (s *Store) filesWith(ctx context.Context, hash string) ([]int64, error) {
	rows, err := s.readDB.QueryContext(ctx, `SELECT id FROM file WHERE hash = $1 OR view_hash = $1 ORDER BY id`, hash)
	if err != nil {
		return nil, fmt.Errorf("find files: %w", err)
	}
	return collect(rows, scanID)
}
