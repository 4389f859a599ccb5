package store

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"

	"convivio/store/board"
)

// releasePiece is how much of a file of a release stands together.
const releasePiece = 1 << 20

// releaseSink keeps the files of a release as they are written, piece by piece.
type releaseSink struct {
	ctx    context.Context
	store  *Store
	number int64
	files  []board.ReleaseFile
	open   bool // the last of files is being written
	sum    hash.Hash
	piece  int
	held   bytes.Buffer
}

// Create ends the file before and begins the next one.
func (k *releaseSink) Create(name, kind string) (io.Writer, error) {
	if _, err := k.Made(); err != nil {
		return nil, err
	}
	k.files = append(k.files, board.ReleaseFile{Name: name, Type: kind})
	k.open, k.sum, k.piece = true, sha256.New(), 0
	return k, nil
}

// Write takes more of the file.
func (k *releaseSink) Write(b []byte) (int, error) {
	if err := k.ctx.Err(); err != nil {
		return 0, err
	}
	k.sum.Write(b)
	k.files[len(k.files)-1].Size += int64(len(b))
	for rest := b; len(rest) > 0; {
		n := min(len(rest), releasePiece-k.held.Len())
		k.held.Write(rest[:n])
		rest = rest[n:]
		if k.held.Len() == releasePiece {
			if err := k.flush(); err != nil {
				return 0, err
			}
		}
	}
	return len(b), nil
}

// Made ends the file before and lists all that are ended.
func (k *releaseSink) Made() ([]board.ReleaseFile, error) {
	if k.open {
		if err := k.flush(); err != nil {
			return nil, err
		}
		k.files[len(k.files)-1].SHA256 = hex.EncodeToString(k.sum.Sum(nil))
		k.open = false
	}
	return k.files, nil
}

func (k *releaseSink) flush() error {
	if k.held.Len() == 0 {
		return nil
	}
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, err := w.Write(k.held.Bytes())
	if err = errors.Join(err, w.Close()); err != nil {
		return fmt.Errorf("pack a piece of release %d: %w", k.number, err)
	}
	err = k.store.note(k.ctx, statement{`INSERT INTO release_piece (number, place, piece, size, packed, bytes) VALUES ($1, $2, $3, $4, 1, $5)`,
		[]any{k.number, len(k.files) - 1, k.piece, k.held.Len(), packed.Bytes()}})
	k.held.Reset()
	k.piece++
	return err
}

// TakeRelease opens a file of a release, which is an act of its own in the audit
// log, refused or not. The bytes are those that were made, for ever. Content is read
// piece by piece and ends with ctx. Errors: forbidden, not_found.
func (s *Store) TakeRelease(ctx context.Context, who board.Who, number int64, name string) (f board.ReleaseFile, content io.ReadSeeker, err error) {
	type taken struct {
		Number int64  `json:"number"`
		File   string `json:"file"`
		SHA256 string `json:"sha256,omitempty"`
	}
	if err := releasesOnly(who); err != nil {
		return f, nil, errors.Join(err, s.auditHourly(ctx, who.ID, act{kind: board.ReleaseTakenAct, outcome: board.ActRefused, after: taken{Number: number, File: shortName(name)}}))
	}
	f, content, err = s.openRelease(ctx, number, name)
	if err != nil {
		return f, nil, err
	}
	return f, content, s.Exported(ctx, who, board.ReleaseTakenAct, Target{}, taken{number, name, f.SHA256})
}

// shortName is what the audit log keeps of a name that anybody may have made up.
func shortName(name string) string { return name[:min(len(name), 40)] }

func (s *Store) openRelease(ctx context.Context, number int64, name string) (f board.ReleaseFile, content io.ReadSeeker, err error) {
	r := &releaseReader{ctx: ctx, store: s, number: number, at: -1}
	err = s.readDB.QueryRowContext(ctx, `SELECT place, name, type, size, sha256 FROM release_file WHERE number = $1 AND name = $2`, number, name).
		Scan(&r.place, &f.Name, &f.Type, &f.Size, &f.SHA256)
	if err != nil {
		return f, nil, missingIfNone(err, "read %s of release %d", name, number)
	}
	rows, err := s.readDB.QueryContext(ctx, `SELECT size FROM release_piece WHERE number = $1 AND place = $2 ORDER BY piece`, number, r.place)
	if err != nil {
		return f, nil, fmt.Errorf("list the pieces of %s of release %d: %w", name, number, err)
	}
	if r.sizes, err = collect(rows, scanID); err != nil {
		return f, nil, err
	}
	for _, n := range r.sizes {
		r.size += n
	}
	if r.size != f.Size {
		return f, nil, fmt.Errorf("release %d has %d bytes of the %d of %s", number, r.size, f.Size, name)
	}
	return f, r, nil
}

// releaseReader reads a file of a release. One piece is in memory at a time.
type releaseReader struct {
	ctx           context.Context
	store         *Store
	number, place int64
	sizes         []int64 // of the pieces
	size, offset  int64
	at            int // the piece that is held; -1: none
	held          []byte
}

// Read reads on from the offset.
func (r *releaseReader) Read(b []byte) (int, error) {
	if r.offset >= r.size {
		return 0, io.EOF
	}
	piece, start := 0, int64(0)
	for r.offset >= start+r.sizes[piece] {
		start += r.sizes[piece]
		piece++
	}
	if piece != r.at {
		if err := r.fetch(piece); err != nil {
			return 0, err
		}
	}
	n := copy(b, r.held[r.offset-start:])
	r.offset += int64(n)
	return n, nil
}

func (r *releaseReader) fetch(piece int) error {
	var packed bool
	var b []byte
	err := r.store.readDB.QueryRowContext(r.ctx, `SELECT packed, bytes FROM release_piece WHERE number = $1 AND place = $2 AND piece = $3`, r.number, r.place, piece).Scan(&packed, &b)
	if err != nil {
		return fmt.Errorf("read a piece of release %d: %w", r.number, err)
	}
	if packed {
		z, err := gzip.NewReader(bytes.NewReader(b))
		if err != nil {
			return fmt.Errorf("unpack a piece of release %d: %w", r.number, err)
		}
		if b, err = io.ReadAll(z); err != nil {
			return fmt.Errorf("unpack a piece of release %d: %w", r.number, err)
		}
	}
	if int64(len(b)) != r.sizes[piece] {
		return fmt.Errorf("a piece of release %d has %d bytes instead of %d", r.number, len(b), r.sizes[piece])
	}
	r.at, r.held = piece, b
	return nil
}

// Seek moves the offset.
func (r *releaseReader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += r.offset
	case io.SeekEnd:
		offset += r.size
	}
	if offset < 0 {
		return 0, errors.New("seek before the beginning of a release")
	}
	r.offset = offset
	return offset, nil
}

// ReleasedFigures are the figures of a release as its file has them, at most so
// many lines (units of a month) of each dimension; more tells how many figures each
// dimension has besides. Errors: forbidden, not_found.
func (s *Store) ReleasedFigures(ctx context.Context, who board.Who, number int64, most int) (out []board.Figure, more map[board.Dimension]int, err error) {
	if err := releasesOnly(who); err != nil {
		return nil, nil, err
	}
	_, content, err := s.openRelease(ctx, number, "figures.jsonl")
	if err != nil {
		return nil, nil, err
	}
	more = map[board.Dimension]int{}
	var full []byte // how figures begin of which there are enough
	var last board.Figure
	var of board.Dimension
	lines := 0
	for text := bufio.NewScanner(content); ; {
		if !text.Scan() {
			return out, more, text.Err()
		}
		if full != nil && bytes.Contains(text.Bytes(), full) { // not worth to be read
			more[of]++
			continue
		}
		var f board.Figure
		if err := json.Unmarshal(text.Bytes(), &f); err != nil {
			return nil, nil, fmt.Errorf("read release %d: %w", number, err)
		}
		if f.By != of {
			of, lines, full = f.By, 0, nil
		}
		if f.Month != last.Month || f.Unit != last.Unit || f.Others != last.Others {
			lines++
		}
		if last = f; lines > most {
			full = []byte(`,"by":"` + string(of) + `",`)
			more[of]++
			continue
		}
		out = append(out, f)
	}
}
