package search

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/mapping"
	index "github.com/blevesearch/bleve_index_api"
)

// files are bleve's index in a folder. Whatever bleve does wrong on damaged
// files ends here: errors and panics become a damageError, also those of its
// own goroutines.
type files struct {
	path  string
	bleve bleve.Index
	index index.Index
	mark  os.FileInfo     // of root.bolt, to notice a deleted folder
	alive context.Context // ends when the files are found damaged
	fail  context.CancelCauseFunc

	merging  sync.Mutex // one merge that is asked for at a time
	mu       sync.Mutex
	verified time.Time // when the checksums were last found right
}

// damageError says what is wrong with the files; they can only be built anew.
type damageError struct{ reason string }

func (e *damageError) Error() string { return e.reason }

func damaged(format string, args ...any) *damageError {
	return &damageError{fmt.Sprintf(format, args...)}
}

// fixedMapping maps nothing: documents come with their fields made (see prepare).
var fixedMapping = func() mapping.IndexMapping {
	m := bleve.NewIndexMapping()
	m.DefaultMapping = bleve.NewDocumentStaticMapping()
	m.ScoringModel = index.BM25Scoring
	return m
}()

// asyncErrors is the name under which bleve finds onAsyncError.
const asyncErrors = "convivio"

// inUse are the open files by the path that bleve knows them by.
var inUse sync.Map

func init() {
	scorch.RegistryAsyncErrorCallbacks[asyncErrors] = onAsyncError
}

// onAsyncError hears of what goes wrong in bleve's goroutines. A panic there
// leaves the index without the goroutine; an error (a full disk) is tried again.
func onAsyncError(err error, path string) {
	slog.Error("search index", "error", err)
	if f, ok := inUse.Load(path); ok && errors.Is(err, scorch.ErrAsyncPanic) {
		f.(*files).fail(damaged("%v", err))
	}
}

// config is how bleve keeps the files. A batch may return before it is on disk:
// documents and cursor share it, so a crash only means reading some events again.
func config() map[string]any {
	return map[string]any{
		"unsafe_batch":           true,
		"bolt_timeout":           "2s",
		"numSnapshotsToKeep":     1,
		"asyncErrorCallbackName": asyncErrors,
		"scorchMergePlanOptions": map[string]any{
			"MaxSegmentsPerTier": gathered, "SegmentsPerMergeTask": gathered, "TierGrowth": gathered, "FloorSegmentSize": batchDocuments,
		},
	}
}

// createFiles begins an empty index.
func createFiles(path string, st *state) (*files, error) {
	x, err := bleve.NewUsing(path, fixedMapping, scorch.Name, scorch.Name, config())
	if err != nil {
		return nil, fmt.Errorf("make the search index: %w", err)
	}
	f, err := newFiles(path, x)
	if err != nil {
		return nil, err
	}
	return f, f.write(&batch{state: st})
}

func newFiles(path string, x bleve.Index) (*files, error) {
	inner, err := x.Advanced()
	if err != nil {
		return nil, fmt.Errorf("open the search index: %w", err)
	}
	f := &files{path: path, bleve: x, index: inner}
	f.alive, f.fail = context.WithCancelCause(context.Background())
	if f.mark, err = os.Stat(filepath.Join(path, "store", "root.bolt")); err != nil {
		return nil, fmt.Errorf("look at the search index: %w", err)
	}
	inUse.Store(filepath.Join(path, "store"), f)
	return f, nil
}

// openFiles opens what is there once it has been found whole. Errors:
// os.ErrNotExist, a damageError, or that another process has it open.
func openFiles(path string) (*files, *state, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, nil, err
	}
	var f *files
	var st *state
	err := contained(func() error {
		wrote, err := checkStore(filepath.Join(path, "store"))
		if err != nil {
			return err
		}
		x, err := bleve.OpenUsing(path, config())
		if err != nil {
			return damaged("%v", err)
		}
		if f, err = newFiles(path, x); err != nil {
			return err
		}
		st, err = f.state(wrote)
		return err
	})
	if err != nil {
		if f != nil {
			f.close()
		}
		return nil, nil, err
	}
	return f, st, nil
}

// state reads the state, which has to be the one that was written last: where
// bleve cannot load its newest snapshot it quietly goes back to an older one,
// and what is written after it is lost at the next start.
func (f *files) state(wrote []byte) (*state, error) {
	r, err := f.index.Reader()
	if err != nil {
		return nil, damaged("%v", err)
	}
	defer func() { _ = r.Close() }()
	b, err := r.GetInternal(stateKey)
	if err != nil || !bytes.Equal(b, wrote) {
		return nil, damaged("the last state is not the one that was written: %v", err)
	}
	st, err := readState(b)
	if err != nil {
		return nil, damaged("%v", err)
	}
	return st, nil
}

// contained runs what may panic, or fault on a file cut short, on damaged files.
func contained(do func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = damaged("panic: %v", p)
		}
	}()
	return do()
}

// reader is a snapshot of the index.
func (f *files) reader() (r index.IndexReader, err error) {
	err = contained(func() (err error) {
		r, err = f.index.Reader()
		return err
	})
	return r, err
}

// write applies a batch. A goroutine of bleve that died would let it hang, so
// it is left alone when the files are found damaged. Errors: a damageError.
func (f *files) write(b *batch) error {
	done := make(chan error, 1)
	go func() {
		done <- contained(func() error {
			ops, err := b.operations(f.bleve)
			if err != nil {
				return err
			}
			if err := f.bleve.Batch(ops); err != nil {
				return damaged("write: %v", err)
			}
			return nil
		})
	}()
	select {
	case err := <-done:
		return err
	case <-f.alive.Done():
		return f.broken()
	}
}

// verifiedFor is how long files that were found whole are trusted in spite of errors.
const verifiedFor = time.Minute

// doubt looks whether an error comes from damaged files, and marks them.
func (f *files) doubt(cause error) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.broken() == nil && time.Since(f.verified) > verifiedFor {
		var bad *damageError
		err := contained(f.verify)
		if errors.As(err, &bad) {
			f.fail(damaged("%v, after: %v", err, cause))
		}
		f.verified = time.Now()
	}
	return f.broken() != nil
}

// settle waits until what was written is on disk.
func (f *files) settle(st *state) error {
	onDisk := make(chan error, 1)
	if err := f.write(&batch{state: st, onDisk: func(err error) { onDisk <- err }}); err != nil {
		return err
	}
	select {
	case err := <-onDisk:
		return err
	case <-f.alive.Done():
		return f.broken()
	case <-time.After(closing):
		return fmt.Errorf("the search index is not on disk after %v; the next start reads the last events again", closing)
	}
}

// broken is what is wrong with the files; nil: nothing known.
func (f *files) broken() error { return context.Cause(f.alive) }

// there tells whether the files still stand where they were opened.
func (f *files) there() bool {
	now, err := os.Stat(filepath.Join(f.path, "store", "root.bolt"))
	if err != nil || !os.SameFile(now, f.mark) {
		return false
	}
	_, err = os.Stat(filepath.Join(f.path, "index_meta.json"))
	return err == nil
}

// closing is how long damaged files may take to close before they are left open.
const closing = 5 * time.Second

// close closes the files. Snapshots that are read stay readable.
func (f *files) close() {
	inUse.Delete(filepath.Join(f.path, "store"))
	done := make(chan error, 1)
	go func() { done <- contained(f.bleve.Close) }()
	select {
	case err := <-done:
		if err != nil {
			slog.Warn("closing the search index", "error", err)
		}
	case <-time.After(closing):
		slog.Warn("the search index does not close and is left behind")
	}
	f.fail(errNoFiles)
}
