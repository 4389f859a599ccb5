package search

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/util"
	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// checkStore holds what bleve wrote to what it says about it, before bleve's
// goroutines work with it: the list of segments, and each segment's checksum,
// which bleve writes but never looks at. It returns the state written last.
// Errors: os.ErrNotExist where nothing was written yet, a damageError, or that
// another process has it open.
func checkStore(dir string) (wrote []byte, err error) {
	db, err := bolt.Open(filepath.Join(dir, "root.bolt"), 0o600, &bolt.Options{ReadOnly: true, Timeout: 2 * time.Second})
	if errors.Is(err, bolterrors.ErrTimeout) {
		return nil, fmt.Errorf("another process has the search index open (%s)", dir)
	}
	if err != nil {
		return nil, damaged("root.bolt: %v", err)
	}
	defer func() { _ = db.Close() }()
	var segments []string
	err = db.View(func(tx *bolt.Tx) error {
		wrote, segments, err = newest(tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, name := range segments {
		if err := checkSegment(filepath.Join(dir, filepath.Base(name))); err != nil {
			return nil, err
		}
	}
	return wrote, rewrite(dir, db)
}

// rewrite copies root.bolt, a small file, into a fresh one: what can be read is
// kept, and pages that only a write would find damaged are left behind. They
// would panic in a goroutine of bleve's that nobody can mend.
func rewrite(dir string, old *bolt.DB) error {
	path := filepath.Join(dir, "root.bolt.new")
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("copy root.bolt: %w", err)
	}
	fresh, err := bolt.Open(path, 0o600, &bolt.Options{NoSync: true})
	if err != nil {
		return fmt.Errorf("copy root.bolt: %w", err)
	}
	if err := errors.Join(bolt.Compact(fresh, old, 0), fresh.Sync(), fresh.Close()); err != nil {
		return damaged("copy root.bolt: %v", err)
	}
	if err := os.Rename(path, filepath.Join(dir, "root.bolt")); err != nil {
		return fmt.Errorf("copy root.bolt: %w", err)
	}
	return nil
}

// newest reads the last snapshot of bleve's list: our state and the files of its segments.
func newest(tx *bolt.Tx) (wrote []byte, segments []string, err error) {
	snapshots := tx.Bucket(util.BoltSnapshotsBucket)
	if snapshots == nil {
		return nil, nil, os.ErrNotExist // begun, and ended before anything was on disk
	}
	key, _ := snapshots.Cursor().Last()
	last := snapshots.Bucket(key)
	if last == nil {
		return nil, nil, os.ErrNotExist
	}
	err = last.ForEachBucket(func(k []byte) error {
		b := last.Bucket(k)
		switch k[0] {
		case util.BoltMetaDataKey[0]:
		case util.BoltInternalKey[0]:
			wrote = append(wrote, b.Get(stateKey)...)
		default:
			segments = append(segments, string(b.Get(util.BoltPathKey)))
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, nil, damaged("root.bolt: %v", err)
	case wrote == nil && len(segments) == 0:
		return nil, nil, os.ErrNotExist
	case wrote == nil:
		return nil, nil, damaged("root.bolt holds no state")
	}
	return wrote, segments, nil
}

// checkSegment compares a segment's checksum, its last four bytes, with the rest.
func checkSegment(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return damaged("%v", err)
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil || info.Size() < crc32.Size {
		return damaged("%s is cut short: %v", filepath.Base(path), err)
	}
	sum := crc32.NewIEEE()
	if _, err := io.CopyN(sum, f, info.Size()-crc32.Size); err != nil {
		return damaged("%s: %v", filepath.Base(path), err)
	}
	var end [crc32.Size]byte
	if _, err := io.ReadFull(f, end[:]); err != nil || binary.BigEndian.Uint32(end[:]) != sum.Sum32() {
		return damaged("%s does not match its checksum", filepath.Base(path))
	}
	return nil
}

// verify looks at the segments that are searched now. Those that were never on
// disk hold no checksum.
func (f *files) verify() error {
	r, err := f.index.Reader()
	if err != nil {
		return damaged("%v", err)
	}
	defer func() { _ = r.Close() }()
	snapshot, ok := r.(*scorch.IndexSnapshot)
	if !ok {
		return damaged("the index is of type %T", r)
	}
	for _, s := range snapshot.Segments() {
		if onDisk, ok := s.Segment().(interface{ Path() string }); ok {
			if err := checkSegment(onDisk.Path()); err != nil {
				return err
			}
		}
	}
	return nil
}
