// Package search finds ideas, comments and official answers by their words. It
// is a follower of the log: it keeps a bleve index and, in the same batch as the
// documents, how far in the log they reach. It can be stopped anywhere, thrown
// away and built again from the store; what it shows is read from the store
// again for the reader who asks, so that an index that is behind never leaks.
//
// A search goes through these files: what is typed is taken apart (read, when,
// naming), its names are settled with the store (settle), mistyped words are tried
// anew (spell), the segments are walked as far as the reader sees (sight, shard,
// walk, cap), what was found is put in order (rank, partial, look), counted (facet)
// and shown (page, snippet, say), by one hand or several (crew), in memory that is used
// again (room). The index itself is made of documents (document,
// field, words, stems) by the follower (follow, bring, build) in bleve's files (files,
// merge, erase, verify). Growing topics (topic) and similar ideas stand beside.
package search

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	index "github.com/blevesearch/bleve_index_api"
)

// Index is an open search index.
type Index struct {
	dir     string
	src     Source
	slots   chan struct{} // one for each search that may run
	working sync.Mutex    // held by Run, Rebuild and Check: one of them at a time
	hurry   chan struct{} // somebody waits for an event to be found
	waiting atomic.Int64
	tidies  atomic.Bool // segments are being merged

	erasing chan chan error // from Forget to Run

	erased     time.Time // when Forget was last at work, and how long: by who holds working
	eraseTook  time.Duration
	headAtRest int64     // where the log went at the last rest: by who holds working
	written    time.Time // when the state was last written, and the folder looked for: by who holds working
	looked     time.Time
	foundEpoch string // as found when opening
	foundSeq   int64
	memos      memos
	damage     string // what was wrong with the files when opening; empty: nothing

	mu       sync.Mutex
	wake     context.CancelFunc // ends Run's waiting for a change
	files    *files             // nil while there are none to search
	st       *state             // as last written; replaced, never changed
	applied  int64              // events up to here are found; ahead of st.Seq where they changed no text
	moved    chan struct{}      // closed when applied or st changes
	renewals time.Time          // when the files were last thrown away
	closed   bool
}

// atOnce is how many searches run at the same time.
const atOnce = 4

// Open opens the index in a folder, which it makes when it is not there. It
// returns at once: files that are missing, damaged, of another epoch or another
// layout are thrown away, and Run builds them anew. Errors: the folder cannot be
// written, or another process has it open.
func Open(dir string, src Source) (*Index, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of the search index: %w", err)
	}
	x := &Index{dir: dir, src: src, slots: make(chan struct{}, atOnce), hurry: make(chan struct{}, 1), erasing: make(chan chan error, 1), moved: make(chan struct{})}
	if err := x.sweep(); err != nil {
		return nil, err
	}
	f, st, err := openFiles(x.path())
	var bad *damageError
	switch {
	case err == nil:
		x.foundEpoch, x.foundSeq = st.Epoch, st.Seq
		if st.Layout == layout && st.Epoch == src.Epoch() && st.Seq <= src.Head() {
			x.use(f, st)
			return x, nil
		}
		slog.Info("the search index is of another time or version and is built anew", "seq", st.Seq, "head", src.Head())
		f.close()
	case errors.As(err, &bad):
		x.damage = bad.Error()
		slog.Warn("the search index is damaged and is built anew", "reason", bad.Error())
	case !errors.Is(err, os.ErrNotExist):
		return nil, err
	}
	return x, x.renew()
}

// path is where the index's files stand in its folder.
func (x *Index) path() string { return filepath.Join(x.dir, "index") }

// use makes files the ones that are searched and written.
func (x *Index) use(f *files, st *state) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.files = f
	x.publish(st)
}

// publish makes a state known, under mu.
func (x *Index) publish(st *state) {
	x.st = st
	x.applied = st.Seq
	close(x.moved)
	x.moved = make(chan struct{})
}

// renew throws the files away and begins empty ones, to be filled by a build.
func (x *Index) renew() error {
	x.mu.Lock()
	old := x.files
	x.files = nil
	x.renewals = time.Now()
	x.mu.Unlock()
	if old != nil {
		old.close()
	}
	if err := x.discard(); err != nil {
		return err
	}
	st := newState(x.src.Epoch(), x.src.Head())
	f, err := createFiles(x.path(), st)
	if err != nil {
		return err
	}
	x.use(f, st)
	return nil
}

// discard moves the files out of the way before it deletes them, so that what
// cannot be deleted at once stands in nobody's way.
func (x *Index) discard() error {
	aside := filepath.Join(x.dir, "discarded-"+time.Now().UTC().Format("20060102T150405.000000000"))
	if err := os.Rename(x.path(), aside); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("move the old search index aside: %w", err)
	}
	return x.sweep()
}

// sweep deletes what was moved aside, now or before.
func (x *Index) sweep() error {
	old, err := filepath.Glob(filepath.Join(x.dir, "discarded-*"))
	if err != nil {
		return fmt.Errorf("look for old search indexes: %w", err)
	}
	for _, path := range old {
		if err := os.RemoveAll(path); err != nil {
			slog.Warn("an old search index cannot be deleted", "path", path, "error", err)
		}
	}
	return nil
}

// Close closes the index. End Run first. Searches that are running finish.
func (x *Index) Close() error {
	x.working.Lock()
	defer x.working.Unlock()
	x.mu.Lock()
	f, st, applied, closed := x.files, x.st, x.applied, x.closed
	x.closed = true
	x.mu.Unlock()
	if closed || f == nil {
		return nil
	}
	var err error
	if f.broken() == nil {
		if st = st.copy(); st.Building == nil {
			st.Seq = applied
		}
		err = f.settle(st)
	}
	x.mu.Lock()
	x.files = nil
	x.mu.Unlock()
	f.close()
	return err
}

// Cursor is the epoch and the seq that the index had reached when it was
// opened, before anything was thrown away: a seq beyond the log's head in the
// same epoch is proof that saved events are gone. Empty and 0: there was no index.
func (x *Index) Cursor() (epoch string, seq int64) { return x.foundEpoch, x.foundSeq }

// Seq is the last event whose change can be found; 0 while the index is built.
func (x *Index) Seq() int64 {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.files == nil || x.st.Building != nil {
		return 0
	}
	return x.applied
}

// Rebuilding tells whether the index is being built from the store: hits may be missing.
func (x *Index) Rebuilding() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.files == nil || x.st.Building != nil
}

// Wait waits until the changes up to seq can be found. Errors: ctx's.
func (x *Index) Wait(ctx context.Context, seq int64) error {
	x.waiting.Add(1)
	defer x.waiting.Add(-1)
	for {
		x.mu.Lock()
		moved := x.moved
		done := x.files != nil && x.st.Building == nil && x.applied >= seq
		x.mu.Unlock()
		if done {
			return nil
		}
		select {
		case x.hurry <- struct{}{}:
		default:
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// snapshot is the index as it stands, to be closed, with the state that goes with it.
func (x *Index) snapshot() (*files, index.IndexReader, *state, error) {
	x.mu.Lock()
	f, st := x.files, x.st
	x.mu.Unlock()
	if f == nil {
		return nil, nil, nil, errNoFiles
	}
	r, err := f.reader()
	return f, r, st, err
}

// errNoFiles is between throwing files away and having new ones.
var errNoFiles = errors.New("the search index is being made anew")
