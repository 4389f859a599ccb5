package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"convivio/search"
	"convivio/store"
	"convivio/store/board"
)

// rebuilt is what building the index from the store took, in a process of its own.
type rebuilt struct {
	posts  int
	took   time.Duration
	cores  float64 // the processors' time by the clock's
	memory int64   // peak of what the process held that is no mapped file, bytes
	index  int64   // bytes on disk
	text   int64   // bytes of the texts indexed
}

// build runs convivio reindex and watches it.
func (f *finder) build(ctx context.Context, data string) (r rebuilt, err error) {
	cmd := command(ctx, f.Binary, "--data", data, "reindex")
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return r, fmt.Errorf("start convivio reindex: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for running := true; running; {
		select {
		case err = <-ended:
			running = false
		case <-tick.C:
			if held, err := anonymous(cmd.Process.Pid); err == nil {
				r.memory = max(r.memory, held)
			}
		}
	}
	r.took = time.Since(began)
	if err != nil {
		return r, fmt.Errorf("convivio reindex: %w: %s", err, out.String())
	}
	r.cores = (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds() / r.took.Seconds()
	r.posts, _ = strconv.Atoi(filepath.Base(filepath.Dir(data)))
	r.index, err = weightOf(filepath.Join(data, indexFolder))
	return r, err
}

// anonymous is the memory of a process that no file stands behind: the Go heap,
// stacks and what the runtime and SQLite hold, in bytes.
func anonymous(pid int) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, fmt.Errorf("read how much memory a process holds: %w", err)
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "RssAnon:"); ok {
			kib, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
			return kib << 10, err
		}
	}
	return 0, errors.New("the kernel does not say how much memory a process holds")
}

// weightOf is how many bytes the files of a folder have.
func weightOf(dir string) (n int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			info, err := d.Info()
			if err != nil {
				return err
			}
			n += info.Size()
		}
		return err
	})
	return n, err
}

// seenShare is which share of the texts a reader may see, and how many bytes all have.
func seenShare(ctx context.Context, st search.Source, who board.Who) (share float64, bytes int64, err error) {
	seen, err := st.SeenBoards(ctx, who)
	if err != nil {
		return 0, 0, err
	}
	visible := map[int64]bool{}
	for _, b := range seen {
		visible[b.ID] = true
	}
	all, mine := 0, 0
	err = eachText(ctx, st, func(d board.Document, text string) error {
		all++
		if bytes += int64(len(d.Title) + len(d.Tags) + len(text)); visible[d.Board] {
			mine++
		}
		return nil
	})
	return float64(mine) / float64(max(1, all)), bytes, err
}

// besidePages is how long pages take while the index is built anew beside them,
// and otherwise.
type besidePages struct {
	usual, building []time.Duration
	took            time.Duration // of the build
	memory          int64         // peak of the server's memory that is no mapped file
}

const (
	pageReaders  = 4
	pageWhile    = 20 * time.Second
	besideAtMost = 4 * time.Minute
)

// beside reads pages from a server with a whole index, throws that away, and
// reads the same pages while the server builds it anew.
func (f *finder) beside(ctx context.Context, data string) (*besidePages, error) {
	secret, ideas, err := signIn(ctx, data)
	if err != nil {
		return nil, err
	}
	b := &besidePages{}
	whole, err := begin(ctx, f.dir, f.Binary, "whole", "serve", "--data", data, "--rate-limit", "off")
	if err != nil {
		return nil, err
	}
	b.usual, err = readPages(ctx, whole.addr, secret, ideas, pageWhile, nil)
	whole.end()
	if err != nil {
		return nil, err
	}
	if err := os.RemoveAll(filepath.Join(data, indexFolder)); err != nil {
		return nil, fmt.Errorf("throw the index away: %w", err)
	}
	began := time.Now()
	building, err := begin(ctx, f.dir, f.Binary, "building", "serve", "--data", data, "--rate-limit", "off")
	if err != nil {
		return nil, err
	}
	defer building.end()
	done := make(chan struct{})
	over, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		defer close(done)
		_ = until(over, besideAtMost, func() (bool, error) {
			if held, err := anonymous(building.cmd.Process.Pid); err == nil {
				b.memory = max(b.memory, held)
			}
			return isBuilt(over, building.addr, secret)
		})
	}()
	b.building, err = readPages(ctx, building.addr, secret, ideas, besideAtMost, done)
	cancel()
	<-done
	b.took = time.Since(began)
	return b, err
}

// isBuilt asks a server whether its index is whole.
func isBuilt(ctx context.Context, addr, secret string) (bool, error) {
	text, err := once(ctx, addr, newRequest("GET", addr, "/api/v1/search?q=qwxyz", cookie(secret)).bare(), 200)
	if err != nil {
		return false, err
	}
	var found struct{ Rebuilding bool }
	err = json.Unmarshal(text, &found)
	return !found.Rebuilding, err
}

// signIn opens a session for the reader and lists ideas they may see.
func signIn(ctx context.Context, data string) (secret string, ideas []int64, err error) {
	st, err := store.Open(ctx, store.Options{Dir: data})
	if err != nil {
		return "", nil, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	who, err := readerOf(ctx, st)
	if err != nil {
		return "", nil, err
	}
	seen, err := st.SeenBoards(ctx, who)
	if err != nil {
		return "", nil, err
	}
	for _, b := range seen {
		docs, err := st.DocumentsAfter(ctx, board.InText, board.Scope{Board: b.ID}, 0, 5)
		if err != nil {
			return "", nil, err
		}
		for _, d := range docs {
			ideas = append(ideas, d.ID)
		}
	}
	secret, err = st.OpenSession(ctx, who.ID, "bench", false)
	return secret, ideas, err
}

// readPages lets a few read pages one after the other, for so long or until
// done. The first reading of each fills the server's caches and does not count.
func readPages(ctx context.Context, addr, secret string, ideas []int64, most time.Duration, done <-chan struct{}) (all []time.Duration, err error) {
	lists := make([][]time.Duration, pageReaders)
	end := time.Now().Add(most)
	err = parallel(ctx, pageReaders, func(n int) error {
		w, err := connect(ctx, addr)
		if err != nil {
			return err
		}
		defer w.close()
		for i := n; time.Now().Before(end) && ctx.Err() == nil; i += pageReaders {
			select {
			case <-done:
				return nil
			default:
			}
			ask := newRequest("GET", addr, fmt.Sprintf("/ideas/%d", ideas[i%len(ideas)]), cookie(secret)).bare()
			began := time.Now()
			if a, err := w.do(ask, false); err != nil || a.status != 200 {
				return errors.Join(err, errStatus("read a page", a))
			}
			if i >= len(ideas) {
				lists[n] = append(lists[n], time.Since(began))
			}
			if err := pause(ctx, 20*time.Millisecond); err != nil { // people read; a load at the limit would measure the limit
				return err
			}
		}
		return nil
	})
	for _, l := range lists {
		all = append(all, l...)
	}
	return all, err
}

// indexFolder is where the search index stands in a data folder.
const indexFolder = "index"
