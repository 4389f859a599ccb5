package search_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"convivio/search"
)

// filled is a house with some texts, all on disk and closed.
func filled(t *testing.T) *house {
	t.Helper()
	h := open(t)
	b := h.addBoard("b", false)
	for i := range 40 {
		id := h.addIdea(b, fmt.Sprintf("Mensa %d", i), strings.Repeat("La mensa è aperta. ", i), "cibo")
		h.addComment(id, "Una mensa migliore")
	}
	h.settle()
	h.stop()
	return h
}

func TestTheIndexGoesOnWhereItWas(t *testing.T) {
	h := filled(t)
	head, reads := h.Head(), h.reads
	h.start()
	if epoch, seq := h.x.Cursor(); epoch != h.Epoch() || seq != head {
		t.Errorf("cursor %s %d, want %s %d", epoch, seq, h.Epoch(), head)
	}
	if h.x.Rebuilding() || h.x.Seq() != head {
		t.Errorf("reopened at %d, rebuilding %t", h.x.Seq(), h.x.Rebuilding())
	}
	h.addIdea(1, "Biciclette", "", "")
	h.settle()
	h.finds(employee, words("biciclette"), "i41")
	if list, ideas := h.passages(employee, words("mensa")); len(list) != 80 || ideas != 40 {
		t.Error("texts of before are lost")
	}
	if h.reads != reads {
		t.Errorf("the store was walked %d times", h.reads-reads)
	}
	problems(t, h)
}

// Damage of every kind: the index opens at once, finds what there is as it is
// built anew, and ends equal to the store.
func TestDamagedFiles(t *testing.T) {
	flip := func(name string, at func(size int64) int64) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			for _, path := range glob(t, dir, name) {
				b, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				for i := range int64(8) {
					b[(at(int64(len(b)))+i)%int64(len(b))] ^= 0xff
				}
				write(t, path, b)
			}
		}
	}
	cut := func(name string, to float64) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			for _, path := range glob(t, dir, name) {
				info, err := os.Stat(path)
				if err != nil {
					t.Fatal(err)
				}
				if err := os.Truncate(path, int64(float64(info.Size())*to)); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	for name, harm := range map[string]func(*testing.T, string){
		"no folder":       func(t *testing.T, dir string) { remove(t, dir) },
		"no index folder": func(t *testing.T, dir string) { remove(t, filepath.Join(dir, "index")) },
		"no store folder": func(t *testing.T, dir string) { remove(t, filepath.Join(dir, "index", "store")) },
		"no root.bolt":    func(t *testing.T, dir string) { remove(t, glob(t, dir, "root.bolt")...) },
		"no segments":     func(t *testing.T, dir string) { remove(t, glob(t, dir, "*.zap")...) },
		"no meta":         func(t *testing.T, dir string) { remove(t, glob(t, dir, "index_meta.json")...) },
		"garbage in meta": func(t *testing.T, dir string) { write(t, glob(t, dir, "index_meta.json")[0], []byte("{")) },
		"another kind in meta": func(t *testing.T, dir string) {
			write(t, glob(t, dir, "index_meta.json")[0], []byte(`{"storage":"boltdb","index_type":"upside_down"}`))
		},
		"garbage in root.bolt": func(t *testing.T, dir string) {
			write(t, glob(t, dir, "root.bolt")[0], []byte(strings.Repeat("garbage ", 9999)))
		},
		"garbage in a segment": func(t *testing.T, dir string) {
			write(t, glob(t, dir, "*.zap")[0], []byte(strings.Repeat("garbage ", 9999)))
		},
		"empty root.bolt":         cut("root.bolt", 0),
		"half of root.bolt":       cut("root.bolt", 0.5),
		"most of root.bolt":       cut("root.bolt", 0.9),
		"empty segment":           cut("*.zap", 0),
		"half of a segment":       cut("*.zap", 0.5),
		"segment without its end": cut("*.zap", 0.999),
		"flipped segment start":   flip("*.zap", func(int64) int64 { return 0 }),
		"flipped segment third":   flip("*.zap", func(n int64) int64 { return n / 3 }),
		"flipped segment middle":  flip("*.zap", func(n int64) int64 { return n / 2 }),
		"flipped segment end":     flip("*.zap", func(n int64) int64 { return n - 9 }),
		"flipped root.bolt start": flip("root.bolt", func(int64) int64 { return 16 }),
		"flipped root.bolt page":  flip("root.bolt", func(n int64) int64 { return n / 2 }),
		"a file for a folder": func(t *testing.T, dir string) {
			remove(t, filepath.Join(dir, "index"))
			write(t, filepath.Join(dir, "index"), []byte("x"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := filled(t)
			harm(t, h.dir)
			h.start()
			h.settle()
			if got := h.search(employee, words("mensa")); got.Total != 40 || got.Rebuilding {
				t.Errorf("finds %d, rebuilding %t", got.Total, got.Rebuilding)
			}
			if list, _ := h.passages(employee, words("mensa")); len(list) != 80 {
				t.Errorf("finds %d texts", len(list))
			}
			if left := glob(t, h.dir, "discarded-*"); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
			problems(t, h)
		})
	}
}

func glob(t *testing.T, dir, name string) (paths []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if ok, _ := filepath.Match(name, filepath.Base(path)); ok {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

func write(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, paths ...string) {
	t.Helper()
	for _, p := range paths {
		if err := os.RemoveAll(p); err != nil {
			t.Fatal(err)
		}
	}
}

// While it is built, people are told so and find what is in already.
func TestSearchWhileBuilding(t *testing.T) {
	h := filled(t)
	remove(t, h.dir)
	h.fail(errors.New("the store is busy"))
	h.start()
	if found := h.search(employee, words("mensa")); !found.Rebuilding || !h.x.Rebuilding() || h.x.Seq() != 0 {
		t.Errorf("rebuilding %t, seq %d", found.Rebuilding, h.x.Seq())
	}
	short, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	if err := h.x.Wait(short, 1); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Wait: %v", err)
	}
	h.fail(nil)
	h.settle()
	if found := h.search(employee, words("mensa")); found.Rebuilding || found.Total != 40 {
		t.Errorf("rebuilding %t, total %d", found.Rebuilding, found.Total)
	}
}

// A folder deleted under a running server is noticed and built anew.
func TestADeletedFolderIsNoticed(t *testing.T) {
	t.Cleanup(search.LookAround(5 * time.Millisecond))
	h := filled(t)
	h.start()
	h.settle()
	// Moved away first: files are being written into it while it is removed.
	if err := os.Rename(h.dir, h.dir+".gone"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for ; !h.x.Rebuilding(); runtime.Gosched() {
		if ctx.Err() != nil {
			t.Fatal("nobody noticed")
		}
	}
	h.settle()
	if found := h.search(employee, words("mensa")); found.Total != 40 {
		t.Errorf("finds %d", found.Total)
	}
	problems(t, h)
}

func TestAnotherEpochIsBuiltAnew(t *testing.T) {
	h := filled(t)
	h.mu.Lock()
	h.epoch, h.log = "epoch-2", h.log[:3]
	for ref := range h.texts {
		if ref.ID > 1 {
			delete(h.texts, ref)
		}
	}
	h.mu.Unlock()
	h.start()
	if epoch, seq := h.x.Cursor(); epoch != "epoch-1" || seq != 81 {
		t.Errorf("cursor %s %d", epoch, seq)
	}
	h.settle()
	h.finds(employee, words("mensa"), "i1", "c1")
	problems(t, h)
}

// An index ahead of the log in the same epoch tells so, and does not go on.
func TestACursorAheadOfTheLog(t *testing.T) {
	h := filled(t)
	h.mu.Lock()
	h.log = h.log[:40]
	h.mu.Unlock()
	h.start()
	if epoch, seq := h.x.Cursor(); epoch != h.Epoch() || seq != 81 {
		t.Errorf("cursor %s %d, want %s 81", epoch, seq, h.Epoch())
	}
	h.settle()
	problems(t, h)
}

func TestTwoCannotHaveTheIndexOpen(t *testing.T) {
	h := open(t)
	_, err := search.Open(h.dir, h.memory)
	if err == nil || !strings.Contains(err.Error(), "another process") {
		t.Errorf("opened twice: %v", err)
	}
	if h.x.Rebuilding() && h.Head() > 0 {
		t.Error("the first one was harmed")
	}
}

func TestBuildGoesOnAfterAnInterrupt(t *testing.T) {
	h := open(t)
	h.stop()
	b := h.addBoard("b", false)
	for i := range 2500 {
		h.addIdea(b, fmt.Sprintf("Mensa %d", i), "", "")
	}
	h.mu.Lock()
	h.epoch = "epoch-2"
	h.mu.Unlock()
	x, err := search.Open(h.dir, h.memory)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	if err := x.Rebuild(ctx, func(int) { cancel() }); !errors.Is(err, context.Canceled) {
		t.Fatalf("Rebuild: %v", err)
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	h.mu.Lock()
	h.reads = 0
	h.mu.Unlock()
	h.start()
	h.settle()
	if h.reads > 6 { // the first 1,000 of 2,500 ideas were in, at 500 a read
		t.Errorf("the store was read %d times", h.reads)
	}
	if found := h.search(employee, words("mensa")); found.Total != 1000 || !found.AtLeast {
		t.Errorf("finds %d", found.Total)
	}
	problems(t, h)
}
