package files_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"convivio/store/files"
)

func open(t *testing.T) (*files.Folder, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "files")
	f, err := files.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f, dir
}

func keep(t *testing.T, f *files.Folder, text string) string {
	t.Helper()
	d, err := f.Draft()
	if err != nil {
		t.Fatal(err)
	}
	defer d.Drop()
	if _, err := io.WriteString(d, text); err != nil {
		t.Fatal(err)
	}
	if err := d.Keep(); err != nil {
		t.Fatal(err)
	}
	return d.Hash()
}

func names(t *testing.T, dir string) (all []string) {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		all = append(all, e.Name())
	}
	return all
}

func TestBytesAreKeptOnceUnderTheirHash(t *testing.T) {
	f, dir := open(t)
	sum := sha256.Sum256([]byte("pane"))
	want := hex.EncodeToString(sum[:])
	var all sync.WaitGroup
	for range 20 { // S-074: nobody says under which name, and the same bytes come at once
		all.Go(func() { keep(t, f, "pane") })
	}
	all.Wait()
	if got := names(t, dir); len(got) != 1 || got[0] != want {
		t.Fatalf("the folder has %v, want %s", got, want)
	}
	file, err := f.Open(want)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if b, err := io.ReadAll(file); err != nil || string(b) != "pane" {
		t.Errorf("got %q, %v", b, err)
	}
	if info, err := file.Stat(); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("it can be read by others: %v, %v", info.Mode(), err)
	}
	if err := f.Verify(t.Context(), want); err != nil {
		t.Error(err)
	}
}

// S-072: nothing but a hash is ever looked up.
func TestNothingButAHashIsOpened(t *testing.T) {
	f, dir := open(t)
	if err := os.WriteFile(filepath.Join(dir, "..", "secret"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	hash := strings.Repeat("a", 64)
	if err := os.Symlink("../secret", filepath.Join(dir, hash)); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"../secret", "..", ".", "", "/etc/passwd", hash, hash + "/", "../" + hash, strings.ToUpper(hash), hash[1:], hash + "0", "part-x", hash[:62] + "..", "\x00" + hash[1:]} {
		if file, err := f.Open(name); err == nil {
			_ = file.Close()
			t.Errorf("%q was opened", name)
		}
	}
}

func TestSweepingLeavesWhatIsNeededOrArriving(t *testing.T) {
	f, dir := open(t)
	needed, orphan := keep(t, f, "serve"), keep(t, f, "non serve") // a crash between the name and the row leaves an orphan
	if err := os.WriteFile(filepath.Join(dir, "part-LEFT"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "readme"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := f.Draft()
	if err != nil {
		t.Fatal(err)
	}
	n, err := f.Sweep(func() (map[string]bool, error) { return map[string]bool{needed: true}, nil })
	if err != nil || n != 2 {
		t.Errorf("%d were removed, %v", n, err)
	}
	if got := names(t, dir); len(got) != 3 || strings.Contains(strings.Join(got, " "), orphan) {
		t.Errorf("left are %v", got)
	}
	if _, err := io.WriteString(d, "arriva"); err != nil || d.Keep() != nil {
		t.Errorf("what was arriving was swept away: %v", err)
	}
	d.Drop()
	if n, err = f.Sweep(func() (map[string]bool, error) { return nil, errors.New("no rows") }); n != 0 || err == nil {
		t.Errorf("without the rows %d were removed, %v", n, err)
	}
}

func TestDamageShows(t *testing.T) {
	f, dir := open(t)
	hash, other := keep(t, f, "intatto"), keep(t, f, "altro")
	if err := os.WriteFile(filepath.Join(dir, hash), []byte("guasto!"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := f.Verify(t.Context(), hash); !errors.Is(err, files.ErrDamaged) {
		t.Errorf("got %v", err)
	}
	if err := f.Verify(t.Context(), strings.Repeat("0", 64)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	to, into := open(t)
	if err := f.Copy(t.Context(), hash, to); !errors.Is(err, files.ErrDamaged) || len(names(t, into)) != 0 {
		t.Errorf("damage was copied: %v, %v", err, names(t, into))
	}
	if err := f.Copy(t.Context(), other, to); err != nil || len(names(t, into)) != 1 {
		t.Errorf("%v, %v", err, names(t, into))
	}
	if keep(t, f, "intatto") != hash || f.Verify(t.Context(), hash) != nil { // the same bytes again mend it
		t.Error("it was not mended")
	}
	old := time.Now().Add(-2 * time.Hour)
	if err := os.Chtimes(filepath.Join(dir, other), old, old); err != nil {
		t.Fatal(err)
	}
	if got, err := f.Strange(map[string]bool{}); err != nil || len(got) != 1 || got[0] != other {
		t.Errorf("strange are %v, %v; one is, the other is young", got, err)
	}
}
