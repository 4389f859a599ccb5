// Package files keeps the bytes of what people attach: in one folder, each file
// named by the SHA-256 of its content, so that the same bytes are kept once and
// damage shows. No name that anybody gave ever reaches the disk. What a file may
// be is decided here too, from its bytes.
package files

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// draftPrefix begins the names of files that are still arriving.
const draftPrefix = "part-"

// Folder is where the bytes stand.
type Folder struct {
	root *os.Root

	// keeping is held for reading from when a file gets its name until its row
	// is saved: what no row needs is removed under the other lock.
	keeping sync.RWMutex

	mu     sync.Mutex
	drafts map[string]bool // of this process
}

// Open opens the folder, and makes it when it is not there.
func Open(dir string) (*Folder, error) {
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("make the folder of files: %w", err)
	}
	return OpenReader(dir)
}

// OpenReader opens a folder that is there. Errors: fs.ErrNotExist.
func OpenReader(dir string) (*Folder, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the folder of files: %w", err)
	}
	return &Folder{root: root, drafts: map[string]bool{}}, nil
}

// Close lets go of the folder.
func (f *Folder) Close() error { return f.root.Close() }

// Free tells how many bytes of the disk are free to us, and how many it has.
func (f *Folder) Free() (free, all uint64, err error) {
	d, err := f.root.Open(".")
	if err != nil {
		return 0, 0, fmt.Errorf("look at the disk: %w", err)
	}
	defer d.Close()
	var st unix.Statfs_t
	if err := unix.Fstatfs(int(d.Fd()), &st); err != nil { // #nosec G115 -- a file descriptor
		return 0, 0, fmt.Errorf("look at the disk: %w", err)
	}
	size := uint64(st.Bsize) // #nosec G115 -- never negative
	return st.Bavail * size, st.Blocks * size, nil
}

// Open opens a file by its hash.
func (f *Folder) Open(hash string) (*os.File, error) {
	if !isHash(hash) {
		return nil, fmt.Errorf("%q is no hash of a file", hash)
	}
	return f.root.Open(hash)
}

// isHash keeps anything but names of ours from reaching the disk.
func isHash(s string) bool {
	return len(s) == 2*sha256.Size && strings.Trim(s, "0123456789abcdef") == ""
}

// Draft is a file that is arriving. It has no name until Keep. The file itself
// stays hidden: it has ways to write that would pass the hash by.
type Draft struct {
	file *os.File
	in   *Folder
	name string
	sum  hash.Hash
	size int64
	kept bool
}

// Draft begins a file. Drop must be called in the end; after Keep it does nothing.
func (f *Folder) Draft() (*Draft, error) {
	name := draftPrefix + rand.Text()
	f.mu.Lock()
	f.drafts[name] = true
	f.mu.Unlock()
	file, err := f.root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		f.forget(name)
		return nil, fmt.Errorf("begin a file: %w", err)
	}
	return &Draft{file: file, in: f, name: name, sum: sha256.New()}, nil
}

func (f *Folder) forget(name string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.drafts, name)
}

// Write adds bytes at the end.
func (d *Draft) Write(p []byte) (int, error) {
	n, err := d.file.Write(p)
	d.sum.Write(p[:n])
	d.size += int64(n)
	return n, err
}

// ReadAt reads what has arrived.
func (d *Draft) ReadAt(p []byte, at int64) (int, error) { return d.file.ReadAt(p, at) }

// Size is how many bytes have arrived.
func (d *Draft) Size() int64 { return d.size }

// Hash is the SHA-256 of what has arrived, in hex.
func (d *Draft) Hash() string { return hex.EncodeToString(d.sum.Sum(nil)) }

// Keep gives the file its name. When it returns, the bytes and the name are on disk.
func (d *Draft) Keep() error {
	if err := d.file.Sync(); err != nil {
		return fmt.Errorf("write a file to disk: %w", err)
	}
	// Over a file of the same name: it has the same bytes, or is damaged.
	if err := d.in.root.Rename(d.name, d.Hash()); err != nil {
		return fmt.Errorf("name a file: %w", err)
	}
	d.kept = true
	return d.in.sync()
}

// Drop closes the file, and removes it unless it was kept.
func (d *Draft) Drop() {
	_ = d.file.Close() // what is kept was synced
	if !d.kept {
		_ = d.in.root.Remove(d.name) // else the next sweep does
	}
	d.in.forget(d.name)
}

func (f *Folder) sync() error {
	d, err := f.root.Open(".")
	if err == nil {
		err = errors.Join(d.Sync(), d.Close())
	}
	if err != nil {
		return fmt.Errorf("write the folder of files to disk: %w", err)
	}
	return nil
}

// Hold keeps kept files from being swept away until their rows are saved.
func (f *Folder) Hold() (release func()) {
	f.keeping.RLock()
	return f.keeping.RUnlock
}

// Still waits until all kept files have their rows, and keeps others from being
// kept until it is released.
func (f *Folder) Still() (release func()) {
	f.keeping.Lock()
	return f.keeping.Unlock
}

// Sweep removes the files that no row needs, and what never came to an end. It
// answers how many.
func (f *Folder) Sweep(needed func() (map[string]bool, error)) (removed int, err error) {
	f.keeping.Lock()
	defer f.keeping.Unlock()
	rows, err := needed()
	if err != nil {
		return 0, err
	}
	err = f.each(func(e fs.DirEntry) error {
		f.mu.Lock()
		arriving := f.drafts[e.Name()]
		f.mu.Unlock()
		ours := isHash(e.Name()) || strings.HasPrefix(e.Name(), draftPrefix)
		if !ours || arriving || rows[e.Name()] {
			return nil
		}
		removed++
		if err := f.root.Remove(e.Name()); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove a file that nothing needs: %w", err)
		}
		return nil
	})
	return removed, err
}

// each calls do with everything in the folder, a piece of it at a time.
func (f *Folder) each(do func(fs.DirEntry) error) error {
	d, err := f.root.Open(".")
	if err != nil {
		return fmt.Errorf("look into the folder of files: %w", err)
	}
	defer d.Close()
	for {
		list, err := d.ReadDir(1000)
		for _, e := range list {
			if err := do(e); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("look into the folder of files: %w", err)
		}
	}
}

// Strange lists what has stood in the folder for longer than an hour although
// no row needs it.
func (f *Folder) Strange(needed map[string]bool) (names []string, err error) {
	err = f.each(func(e fs.DirEntry) error {
		info, err := e.Info()
		if err != nil || needed[e.Name()] || time.Since(info.ModTime()) < time.Hour {
			return nil // removed meanwhile, or perhaps about to be needed
		}
		names = append(names, e.Name())
		return nil
	})
	return names, err
}

// ErrDamaged says that a file's bytes are not those it is named for.
var ErrDamaged = errors.New("the bytes are not those that were saved")

// Verify reads a whole file and compares it with its name. Errors: ErrDamaged,
// fs.ErrNotExist.
func (f *Folder) Verify(ctx context.Context, hash string) error {
	return f.copy(ctx, hash, io.Discard)
}

// copy writes a file to w, and says so when it is not what its name says.
func (f *Folder) copy(ctx context.Context, hash string, w io.Writer) error {
	from, err := f.Open(hash)
	if err != nil {
		return err
	}
	defer from.Close()
	if info, err := from.Stat(); err != nil || !info.Mode().IsRegular() {
		return errors.Join(err, ErrDamaged)
	}
	sum := sha256.New()
	buffer := make([]byte, 256<<10)
	for ctx.Err() == nil {
		n, err := from.Read(buffer)
		sum.Write(buffer[:n])
		if _, err := w.Write(buffer[:n]); err != nil {
			return fmt.Errorf("copy a file: %w", err)
		}
		if errors.Is(err, io.EOF) {
			if hex.EncodeToString(sum.Sum(nil)) != hash {
				return ErrDamaged
			}
			return nil
		}
		if err != nil {
			return fmt.Errorf("read a file: %w", err)
		}
	}
	return ctx.Err()
}

// Copy brings a file into another folder, unless it is there. Errors:
// ErrDamaged, fs.ErrNotExist.
func (f *Folder) Copy(ctx context.Context, hash string, to *Folder) error {
	if _, err := to.root.Lstat(hash); err == nil {
		return nil
	}
	d, err := to.Draft()
	if err != nil {
		return err
	}
	defer d.Drop()
	if err := f.copy(ctx, hash, d); err != nil {
		return err
	}
	return d.Keep()
}
