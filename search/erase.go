package search

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"
)

// Words that were deleted or changed stand in bleve's files until the segment
// they are in is merged with others, which may be never. Forget rewrites the
// segments that hold such words.

const (
	eraseShare = 20  // of the time, one part at most goes into rewriting
	eraseTries = 500 // looks at the files, 20 ms apart, until the old ones are gone
	eraseLook  = 20 * time.Millisecond
)

// Forget makes the words that were deleted or changed leave the index's files,
// and returns once they have. Called by the maintenance job, while Run runs. It
// does nothing where nothing was deleted, while the index is being built, or too
// soon after a time that took long. Errors: ctx's, the disk's.
func (x *Index) Forget(ctx context.Context) error {
	done := make(chan error, 1)
	select {
	case x.erasing <- done:
	case <-ctx.Done():
		return ctx.Err()
	}
	x.mu.Lock()
	wake := x.wake
	x.mu.Unlock()
	if wake != nil {
		wake()
	}
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// eraseAsked does what Forget asked for, in Run's turn; false: nothing was asked.
func (x *Index) eraseAsked(ctx context.Context, f *files, st *state) bool {
	select {
	case done := <-x.erasing:
		if st.Building != nil || time.Since(x.erased) < eraseShare*x.eraseTook {
			done <- nil
			return true
		}
		began := time.Now()
		done <- x.erase(ctx, f)
		x.erased, x.eraseTook = time.Now(), time.Since(began)
		return true
	default:
		return false
	}
}

func (x *Index) erase(ctx context.Context, f *files) error {
	for range eraseTries {
		old, err := f.leftover()
		if err != nil || !old.any() {
			return err
		}
		switch { // bleve rewrites no segment that is the only one
		case old.only && old.one == "":
			return x.renew()
		case old.only:
			if err := x.again(ctx, f, old.one); err != nil {
				return err
			}
		}
		if old.dirty > 0 && old.settled {
			if err := f.merge(ctx, rewriting); err != nil {
				return err
			}
		} else if err := f.merge(ctx, nothing); err != nil { // wakes who deletes the files
			return err
		}
		pause(ctx, eraseLook, nil)
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return fmt.Errorf("words that were deleted still stand in the search index's files; the next time will do")
}

// again indexes a text once more, so that there is a second segment.
func (x *Index) again(ctx context.Context, f *files, id string) error {
	ref, ok := parseID(id)
	if !ok {
		return damaged("a document is called %q", id)
	}
	x.mu.Lock()
	st := x.st.copy()
	x.mu.Unlock()
	w := &writer{x: x, files: f, batch: newBatch(st)}
	if err := w.texts(ctx, ref.Part, []int64{ref.ID}); err != nil {
		return err
	}
	return w.flush()
}

// leftover is what the files hold beyond the documents that are there.
type leftover struct {
	dirty   int    // segments with documents that are no more
	settled bool   // all segments are on disk
	only    bool   // one of them is the only segment
	one     string // a document of it; empty: none is left
	stale   int    // files of segments that are no more
}

func (l leftover) any() bool { return l.dirty > 0 || l.stale > 0 }

func (f *files) leftover() (l leftover, err error) {
	err = contained(func() error {
		r, err := f.index.Reader()
		if err != nil {
			return damaged("read: %v", err)
		}
		defer func() { _ = r.Close() }()
		s, ok := r.(*scorch.IndexSnapshot)
		if !ok {
			return damaged("the index is of type %T", r)
		}
		l.settled = true
		used := map[string]bool{}
		for _, seg := range s.Segments() {
			if seg.LiveSize() < seg.FullSize() {
				l.dirty++
			}
			onDisk, ok := seg.Segment().(interface{ Path() string })
			if l.settled = l.settled && ok; ok {
				used[filepath.Base(onDisk.Path())] = true
			}
		}
		if l.only = l.dirty == 1 && len(s.Segments()) == 1 && l.settled; l.only {
			if l.one, err = firstOf(s); err != nil {
				return err
			}
		}
		l.stale, err = staleFiles(filepath.Join(f.path, "store"), used)
		return err
	})
	return l, err
}

// firstOf is the name of a document; empty where there is none.
func firstOf(s *scorch.IndexSnapshot) (string, error) {
	all, err := s.DocIDReaderAll()
	if err != nil {
		return "", damaged("list documents: %v", err)
	}
	defer func() { _ = all.Close() }()
	id, err := all.Next()
	if err != nil || id == nil {
		return "", err
	}
	return s.ExternalID(id)
}

func staleFiles(dir string, used map[string]bool) (n int, err error) {
	list, err := os.ReadDir(dir)
	if err != nil {
		return 0, damaged("%v", err)
	}
	for _, file := range list {
		if filepath.Ext(file.Name()) == ".zap" && !used[file.Name()] {
			n++
		}
	}
	return n, nil
}
