package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"sync"
	"syscall"
	"time"

	"convivio/store/board"
	"convivio/store/files"
	"convivio/store/markdown"
	"convivio/store/picture"
)

// What people attach. A file belongs to who attached it: nobody else may see it,
// nor name it in a text. Once a text that names it is saved, whoever may see that
// text may see the file, for as long as the text or an earlier wording of it is
// there. Attaching is bookkeeping, and no event: what names the file is one.

// FileLimits bound what is attached. Zero values are the defaults.
type FileLimits struct {
	Each   int64 // bytes of one file; 10 MiB
	PerDay int64 // bytes that one person attaches in 24 hours; 200 MiB
	Total  int64 // bytes of all files; 20 GiB

	Free func() (free, all uint64, err error) // of the disk; nil: the disk is asked
}

func (l FileLimits) orDefaults(folder *files.Folder) FileLimits {
	for _, d := range []struct {
		limit *int64
		value int64
	}{{&l.Each, 10 << 20}, {&l.PerDay, 200 << 20}, {&l.Total, 20 << 30}} {
		if *d.limit == 0 {
			*d.limit = d.value
		}
	}
	if l.Free == nil {
		l.Free = folder.Free
	}
	return l
}

// Uploads under way, for one person and for all: each holds a file and a picture.
const (
	uploadsEach = 4
	uploadsAll  = 24
)

// uploads counts the uploads under way.
type uploads struct {
	mu  sync.Mutex
	of  map[int64]*uploading
	all int
}

// uploading is what somebody has under way. One of their pictures is decoded at a
// time: nobody holds up the others with four.
type uploading struct {
	n        int
	decoding sync.Mutex
}

// begin counts one more. Errors: too_many, unavailable.
func (u *uploads) begin(person int64) (now *uploading, end func(), err error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	now = u.of[person]
	switch {
	case now != nil && now.n >= uploadsEach:
		return nil, nil, board.Fault(board.TooMany, "Several files of yours are still on their way. Wait until they have arrived.").On("file")
	case u.all >= uploadsAll:
		return nil, nil, board.Fault(board.Unavailable, "Many files are arriving just now. Please try again in a moment.").On("file")
	case u.of == nil:
		u.of = map[int64]*uploading{}
	}
	if now == nil {
		now = &uploading{}
		u.of[person] = now
	}
	now.n++
	u.all++
	return now, func() {
		u.mu.Lock()
		defer u.mu.Unlock()
		u.all--
		if now.n--; now.n == 0 {
			delete(u.of, person)
		}
	}, nil
}

// FileLimit is how many bytes one file may have.
func (s *Store) FileLimit() int64 { return s.limits.Each }

// AddFile keeps what somebody attaches; name is the one it came with. A picture
// is encoded anew. When it returns, the bytes and the row are on disk. Errors:
// invalid, too_many, unavailable, and conflict when the key was used for
// something else; all name the field file.
func (s *Store) AddFile(ctx context.Context, who board.Who, name string, content io.Reader, key string) (board.File, error) {
	if s.readOnly.Load() {
		return board.File{}, errReadOnly
	}
	now, end, err := s.uploads.begin(who.ID)
	if err != nil {
		return board.File{}, err
	}
	defer end()
	if err := s.roomForFiles(); err != nil {
		return board.File{}, err
	}
	a := arrival{store: s, name: name, now: now}
	defer a.drop()
	if err := a.take(ctx, content); err != nil {
		return board.File{}, withoutRoom(err)
	}
	o, err := newOnce(who, key, "AddFile", []any{name, a.raw.Hash()})
	if err != nil {
		return board.File{}, err
	}
	if err := ctx.Err(); err != nil { // nobody waits for it: what has a name is saved, see saveFile
		return board.File{}, fmt.Errorf("take a file: %w", err)
	}
	release := s.files.Hold()
	defer release()
	if err := a.keep(); err != nil {
		return board.File{}, withoutRoom(err)
	}
	return s.saveFile(ctx, who, a, o)
}

// withoutRoom turns a full disk into an error for people.
func withoutRoom(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return errDiskFull
	}
	return err
}

var errDiskFull = board.Fault(board.Unavailable, "The server's disk is nearly full, so no files are taken just now. Your text is safe; please tell an administrator.").On("file")

// roomForFiles refuses uploads before there is no room for texts. Errors: unavailable.
func (s *Store) roomForFiles() error {
	free, all, err := s.limits.Free()
	if err != nil {
		return err
	}
	const least, most = 256 << 20, 5 << 30
	if free < max(least, min(all/20, most)) {
		return errDiskFull
	}
	return s.room.more(1, s.limits.Total)
}

// saveFile writes the row of a file whose bytes are kept.
func (s *Store) saveFile(ctx context.Context, who board.Who, a arrival, o once) (board.File, error) {
	var id int64
	size, taken := a.row.Size+a.viewSize, false
	// Once the bytes have their name the row is written, even when nobody waits for it any more.
	_, err := s.submit(context.WithoutCancel(ctx), &job{actor: who.ID, note: true, done: make(chan struct{}), do: func(tx *Tx) error {
		earlier, _, found, err := tx.earlier(o)
		if found || err != nil {
			id = earlier
			return err
		}
		if err := tx.withinQuota(who.ID, size); err != nil {
			return err
		}
		if !taken { // this may run again
			if err := s.room.take(size, s.limits.Total); err != nil {
				return err
			}
			taken = true
		}
		id, err = tx.insert(`
			INSERT INTO file (person_id, hash, view_hash, type, view_type, size, view_size, width, height, created_at, name)
			SELECT p.id, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 FROM person p WHERE p.id = $1 AND p.disabled_at IS NULL
			RETURNING id`,
			who.ID, a.hash, a.viewHash, a.row.Type, a.viewType, a.row.Size, a.viewSize, a.row.Width, a.row.Height, tx.Now, a.row.Name)
		if err != nil {
			return missingIfNone(err, "save a file")
		}
		return tx.remember(o, id)
	}})
	if err != nil {
		if taken {
			s.room.giveBack(size)
		}
		return board.File{}, err
	}
	f, err := scanFile(s.readDB.QueryRowContext(ctx, `SELECT `+fileColumns+` FROM file f WHERE f.id = $1`, id))
	return f.File, missingIfNone(err, "read file %d", id)
}

// withinQuota holds somebody to what one person may attach in a day. Errors: too_many.
func (tx *Tx) withinQuota(person, more int64) error {
	var used int64
	err := tx.row(`SELECT CAST(COALESCE(SUM(size + view_size), 0) AS BIGINT) FROM file WHERE person_id = $1 AND created_at > $2`,
		person, tx.Now-(24*time.Hour).Microseconds()).Scan(&used)
	if err != nil {
		return fmt.Errorf("add up files of person %d: %w", person, err)
	}
	if used+more > tx.store.limits.PerDay {
		return board.Fault(board.TooMany, "With this you would have attached more than %d MB in one day, the most one person may. Attach it tomorrow, or make it smaller.", tx.store.limits.PerDay>>20).On("file")
	}
	return nil
}

// fileRow is a file with where its bytes are.
type fileRow struct {
	board.File
	hash, viewHash, viewType string
}

const fileColumns = `f.id, f.name, f.type, f.size, f.width, f.height, f.created_at, f.hash, f.view_hash, f.view_type`

func scanFile(row interface{ Scan(...any) error }) (f fileRow, err error) {
	var created int64
	err = row.Scan(&f.ID, &f.Name, &f.Type, &f.Size, &f.Width, &f.Height, &created, &f.hash, &f.viewHash, &f.viewType)
	f.CreatedAt = at(created)
	f.Markdown = f.Reference()
	return f, err
}

// OpenFile opens a file for somebody who may see it now: what names it decides,
// or before it was named who attached it; also for who moderates a post that waits.
// view opens a picture as pages show it. The hash comes back too. Errors: not_found.
func (s *Store) OpenFile(ctx context.Context, who board.Who, id int64, view bool) (board.File, string, *os.File, error) {
	f, err := s.seeFile(ctx, who, id)
	if err == nil && view && !f.Picture() {
		err = sql.ErrNoRows
	}
	if err != nil {
		return board.File{}, "", nil, missingIfNone(err, "read file %d", id)
	}
	hash := f.hash
	if view {
		hash, f.Type = f.viewHash, f.viewType
	}
	bytes, err := s.bytesOf(ctx, id, hash)
	return f.File, hash, bytes, err
}

// bytesOf opens the bytes of a file whose row was read. Errors: not_found when
// the file was forgotten since.
func (s *Store) bytesOf(ctx context.Context, id int64, hash string) (*os.File, error) {
	bytes, err := s.files.Open(hash)
	if errors.Is(err, fs.ErrNotExist) {
		var still int
		if err := s.readDB.QueryRowContext(ctx, `SELECT 1 FROM file WHERE id = $1`, id).Scan(&still); err != nil {
			return nil, missingIfNone(err, "read file %d again", id)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("open the bytes of file %d: %w", id, err)
	}
	return bytes, nil
}

// Shown renders a text as saving it would, with the files its writer may name.
// Errors: invalid, naming field.
func (s *Store) Shown(ctx context.Context, who board.Who, field, body string) (html string, err error) {
	html, _, err = s.shown(ctx, who, field, body)
	return html, err
}

func (s *Store) shown(ctx context.Context, who board.Who, field, body string) (html string, names markdown.Naming, err error) {
	var known markdown.Files
	if ids := markdown.FileIDs(body); len(ids) > 0 {
		if known, err = s.filesOf(ctx, who.ID, ids); err != nil {
			return "", names, err
		}
	}
	return markdown.RenderFiles(field, body, known)
}

// filesOf reads what is shown of somebody's own files.
func (s *Store) filesOf(ctx context.Context, person int64, ids []int64) (markdown.Files, error) {
	marks, args := inList(ids, 2)
	// #nosec G202 -- placeholders alone are put together
	rows, err := s.readDB.QueryContext(ctx, `SELECT `+fileColumns+` FROM file f WHERE f.person_id = $1 AND f.id IN (`+marks+`)`,
		append([]any{person}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("read files of person %d: %w", person, err)
	}
	list, err := collect(rows, func(rows *sql.Rows) (fileRow, error) { return scanFile(rows) })
	out := make(markdown.Files, len(list))
	for _, f := range list {
		show := markdown.File{Name: f.Name, Detail: files.KindOf(f.Type).Label + " · " + roundSize(f.Size)}
		if f.Picture() {
			show.Width, show.Height = picture.Shown(f.Width, f.Height)
		}
		out[f.ID] = show
	}
	return out, err
}

// roundSize says how large a file is, the same in every language.
func roundSize(bytes int64) string {
	switch {
	case bytes < 1000:
		return fmt.Sprintf("%d B", bytes)
	case bytes < 999_500:
		return fmt.Sprintf("%d kB", (bytes+500)/1000)
	}
	return fmt.Sprintf("%d MB", (bytes+500_000)/1_000_000)
}

// errNoFile is the same for a file that is gone, one of somebody else's, and one
// that never was.
var errNoFile = board.FieldFault("body", "This file cannot be attached any more: attach it again.")

// useFiles notes that a text now saved names files of its writer; comment is 0
// for the idea's own text and for answers, before the wording that it replaces:
// what that named may stay. Errors: invalid, field body, when the text names
// another file than its writer's own.
func (tx *Tx) useFiles(person, idea, comment int64, names markdown.Naming, before string) error {
	had := markdown.FileIDs(before)
	if slices.ContainsFunc(names.Absent, func(id int64) bool { return !slices.Contains(had, id) }) {
		return errNoFile
	}
	ids := names.Used
	if len(ids) == 0 {
		return nil
	}
	marks, args := inList(ids, 3)
	// #nosec G202 -- placeholders alone are put together
	res, err := tx.exec(`UPDATE file SET used = $1 WHERE person_id = $2 AND id IN (`+marks+`)`,
		append([]any{1, person}, args...)...)
	if err != nil {
		return fmt.Errorf("use files: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n != int64(len(ids)) {
		return errNoFile // forgotten since the text was rendered
	}
	// #nosec G202 -- placeholders alone are put together
	_, err = tx.exec(`
		INSERT INTO file_use (file_id, idea_id, comment_id)
		SELECT f.id, $1, $2 FROM file f WHERE f.id IN (`+marks+`)
		AND NOT EXISTS (SELECT 1 FROM file_use u WHERE u.file_id = f.id AND u.idea_id = $1 AND COALESCE(u.comment_id, 0) = COALESCE($2, 0))`,
		append([]any{idea, orNull(comment)}, args...)...)
	if err != nil {
		return fmt.Errorf("use files: %w", err)
	}
	return nil
}
