package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"convivio/store"
	"convivio/store/board"
)

// reader is an employee who may read what was imported.
var reader = board.Who{ID: 1, Kind: board.Employee}

// row writes a row of an import.
func row(t *testing.T, pairs ...any) string {
	t.Helper()
	m := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i].(string)] = pairs[i+1]
	}
	b, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

const someday = "2024-03-01T09:00:00Z"

// smallSet writes a set of two boards, three people, ideas, comments and votes,
// some of them in ways that ask for attention.
func smallSet(t *testing.T, dir string) string {
	t.Helper()
	long := strings.Repeat("Una riga di un testo lungo. ", 1000)
	write(t, filepath.Join(dir, "boards.jsonl"),
		row(t, "id", "b1", "name", "Mensa e pause", "description", "Tutto quello che si mangia"),
		row(t, "id", 2, "name", "Mensa e pause"))
	write(t, filepath.Join(dir, "users.jsonl"),
		row(t, "id", "u1", "name", "Ada Neri"), row(t, "id", "u2", "name", "Bruno Valli"), row(t, "id", 3, "name", ""))
	write(t, filepath.Join(dir, "ideas.jsonl"),
		row(t, "id", "i1", "board", "b1", "author", "u1", "title", "Una\nfinestra", "body", "**Aria**", "created_at", someday, "votes", 40, "status", "accepted", "tags", []string{"Aria Fresca", "b/d"}),
		row(t, "id", "i2", "board", 2, "author", nil, "title", "", "body", "Senza titolo, con\u0000 un NUL", "created_at", "2024-03-02"),
		"",
		row(t, "id", "i3", "board", "b1", "author", "u2", "title", "Lunga", "body", long, "created_at", someday, "status", "in dogana"),
		row(t, "id", "i4", "board", "nowhere", "author", "u2", "title", "Persa", "created_at", someday),
		row(t, "id", "i5", "board", "b1", "author", "u9", "title", "Di nessuno", "created_at", someday),
		row(t, "id", "i6", "board", "b1", "title", "Quando?", "created_at", "domani"),
		row(t, "id", "i1", "board", "b1", "title", "Di nuovo", "created_at", someday),
		`{"id": "i7", "board`,
		row(t, "id", "i8", "board", "b1", "title", strings.Repeat("titolo ", 50), "body", "", "created_at", someday))
	write(t, filepath.Join(dir, "comments.jsonl"),
		row(t, "id", "c1", "idea", "i1", "author", "u2", "body", "D'accordo.", "created_at", someday, "votes", 3),
		row(t, "id", "c2", "idea", "i1", "parent", "c1", "author", "u1", "body", "Bene.", "created_at", someday),
		row(t, "id", "c3", "idea", "i1", "parent", "c9", "body", "A chi rispondo?", "created_at", someday),
		row(t, "id", "c4", "idea", "i3", "parent", "c1", "body", "Sotto un'altra idea", "created_at", someday),
		row(t, "id", "c5", "idea", "i1", "body", " ", "created_at", someday),
		strings.Replace(row(t, "id", "c6", "idea", "i3", "author", 3, "body", "Byte XX rotti", "created_at", someday), "XX", "\xff\xfe", 1))
	write(t, filepath.Join(dir, "votes.jsonl"),
		row(t, "idea", "i1", "user", "u2", "vote", 1, "created_at", "2024-03-01T10:00:00Z"),
		row(t, "idea", "i1", "user", "u2", "vote", -1, "created_at", "2024-03-01T09:30:00Z"),
		row(t, "idea", "i1", "user", 3, "vote", 1, "created_at", "2024-03-01T10:00:00Z"),
		row(t, "idea", "i1", "user", 3, "vote", 0, "created_at", "2024-03-01T11:00:00Z"),
		row(t, "idea", "i3", "user", "u1", "vote", -1, "created_at", someday),
		row(t, "idea", "i3", "user", "u2", "vote", 2, "created_at", someday),
		row(t, "idea", "i9", "user", "u2", "vote", 1, "created_at", someday))
	write(t, filepath.Join(dir, "extra.jsonl"), "{}")
	return dir
}

// opened opens a data folder for looking at what a command did.
func opened(t *testing.T, dir string) *store.Store {
	t.Helper()
	st, err := store.OpenReader(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	return st
}

// clean fails the test when the store finds damage.
func clean(t *testing.T, st *store.Store) {
	t.Helper()
	faults, err := st.Check(t.Context())
	if err != nil || len(faults) > 0 {
		t.Errorf("check: %v, %v", faults, err)
	}
}

func TestAnImportKeepsWhatItCanAndNamesTheRest(t *testing.T) {
	set, data := smallSet(t, filepath.Join(t.TempDir(), "piccola")), filepath.Join(t.TempDir(), "data")
	out := must(t, "import", "--data", data, set)
	for _, want := range []string{
		"ideas.jsonl:5: there is no board \"nowhere\"",
		"ideas.jsonl:6: there is no person \"u9\"",
		"ideas.jsonl:7: created_at \"domani\" is no time",
		"ideas.jsonl:8: idea \"i1\" stands on line 1 already",
		"ideas.jsonl:9: this is no JSON object",
		"comments.jsonl:3: there is no comment \"c9\"",
		"comments.jsonl:4: ",
		"comments.jsonl:5: the comment is empty",
		"votes.jsonl:6: a vote is 1, 0 or -1",
		"votes.jsonl:7: there is no idea \"i9\"",
		"2 were replaced by a later vote of the same person, 1 were against, 1 neither for nor against",
		"1 ideas also had a number of votes",
		"3 votes on comments were left out",
		"2 texts held bytes that are no UTF-8, or control characters",
		"1 ideas had the status \"in dogana\", which has no stage here: they are new",
		"extra.jsonl is not part of the format",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("the report does not say %q", want)
		}
	}
	if t.Failed() {
		t.Log(out)
	}
	st := opened(t, data)
	clean(t, st)
	first, err := st.Idea(t.Context(), reader, 1)
	if err != nil || first.Title != "Una finestra" || first.Votes != 1 || first.Comments != 2 || first.Stage != board.Planned ||
		first.Author.Name != "Ada Neri" || first.CreatedAt.Format(time.RFC3339) != someday || strings.Join(first.Tags, " ") != "aria-fresca" {
		t.Errorf("got %+v, %v", first, err)
	}
	untitled, err := st.Idea(t.Context(), reader, 2)
	if err != nil || untitled.Title != "Senza titolo, con un NUL" || untitled.Board == first.Board {
		t.Errorf("got %+v, %v", untitled, err)
	}
	long, err := st.Idea(t.Context(), reader, 3)
	if err != nil || len(long.Body) != 28_000 || !strings.HasPrefix(long.HTML, "<p>") {
		t.Errorf("got a body of %d bytes, %v", len(long.Body), err)
	}
	thread, err := st.Comments(t.Context(), reader, 3, board.OldestFirst, 10, "")
	if err != nil || len(thread.Items) != 1 || thread.Items[0].Body != "Byte \uFFFD rotti" || thread.Items[0].Author.Name != "3" {
		t.Errorf("got %+v, %v", thread, err)
	}
}

func TestImportingAgainDoublesNothing(t *testing.T) {
	set, data := smallSet(t, filepath.Join(t.TempDir(), "piccola")), filepath.Join(t.TempDir(), "data")
	must(t, "import", "--data", data, set)
	head := opened(t, data).Head()
	out := must(t, "import", "--data", data, set)
	if st := opened(t, data); st.Head() != head {
		t.Errorf("the log went from %d to %d", head, st.Head())
	} else {
		clean(t, st)
	}
	if !strings.Contains(out, "0 added") || strings.Contains(out, " 1 added") {
		t.Errorf("the report of the second import:\n%s", out)
	}
}

// Two sets in folders of one name are told apart by their source.
func TestAnotherSourceIsAnotherImport(t *testing.T) {
	set, data := smallSet(t, filepath.Join(t.TempDir(), "piccola")), filepath.Join(t.TempDir(), "data")
	must(t, "import", "--data", data, set)
	out := must(t, "import", "--data", data, "--source", "piccola di Bergamo", set)
	if strings.Contains(out, " 0 added") {
		t.Errorf("rows of another source were taken for the first ones:\n%s", out)
	}
	if out = must(t, "import", "--data", data, "--source", "piccola di Bergamo", set); strings.Contains(out, " 1 added") {
		t.Errorf("the same source was imported twice:\n%s", out)
	}
	clean(t, opened(t, data))
}

// bigSet writes a set whose import takes a while, compressed.
func bigSet(t *testing.T, dir string, comments int) string {
	t.Helper()
	write(t, filepath.Join(dir, "boards.jsonl"), row(t, "id", "b", "name", "Prova"))
	write(t, filepath.Join(dir, "ideas.jsonl"), row(t, "id", "i", "board", "b", "author", "u", "title", "Una", "created_at", someday, "votes", 7))
	file, err := os.Create(filepath.Join(dir, "comments.jsonl.zst"))
	if err != nil {
		t.Fatal(err)
	}
	z, err := zstd.NewWriter(file)
	if err != nil {
		t.Fatal(err)
	}
	for i := range comments {
		parent := ""
		if i%3 > 0 {
			parent = fmt.Sprint("c", i-1)
		}
		if _, err := fmt.Fprintln(z, row(t, "id", fmt.Sprint("c", i), "idea", "i", "parent", parent, "author", fmt.Sprint("u", i%9), "body", "Un commento *come tanti*.", "created_at", someday)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestAnImportThatWasKilledGoesOn(t *testing.T) {
	const comments = 6000
	set, data := bigSet(t, filepath.Join(t.TempDir(), "grande"), comments), filepath.Join(t.TempDir(), "data")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command(self, "import", "--data", data, set)
	child.Env = append(os.Environ(), asProgram+"=1")
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	waitForEvent(t, data, comments/3)
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // killed, and says so
	if head := opened(t, data).Head(); head < comments/3 || head >= comments {
		t.Fatalf("the import was killed at event %d, not half way", head)
	}
	out := must(t, "import", "--data", data, set)
	st := opened(t, data)
	clean(t, st)
	idea, err := st.Idea(t.Context(), reader, 1)
	if err != nil || idea.Comments != comments || idea.Votes != 7 {
		t.Errorf("got %d comments and %d votes, %v\n%s", idea.Comments, idea.Votes, err, out)
	}
	if strings.Contains(out, "not imported") || !strings.Contains(out, " 6,000 rows") {
		t.Errorf("the second report:\n%s", out)
	}
}

// waitForEvent waits until a log that another process writes has come so far.
func waitForEvent(t *testing.T, data string, seq int64) {
	t.Helper()
	var st *store.Store
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for end := time.After(time.Minute); ; {
		if st == nil {
			if reader, err := store.OpenReader(t.Context(), data); err == nil {
				st = reader
				defer st.Close()
			}
		}
		if st != nil {
			if entries, err := st.Entries(t.Context(), seq-1, 1); err == nil && len(entries) > 0 {
				return
			}
		}
		select {
		case <-tick.C:
		case <-end:
			t.Fatalf("event %d did not come", seq)
		}
	}
}

func TestAnInterruptedImportSaysHowToGoOn(t *testing.T) {
	set, data := smallSet(t, filepath.Join(t.TempDir(), "piccola")), filepath.Join(t.TempDir(), "data")
	must(t, "import", "--data", data, set) // the folder is there
	var errs strings.Builder
	if status := run(canceled(), []string{"import", "--data", data, set}, strings.NewReader(""), &errs, &errs); status != exitFailed {
		t.Errorf("status %d", status)
	}
	if !strings.Contains(errs.String(), "the same command goes on") {
		t.Errorf("it says:\n%s", &errs)
	}
}

func TestAFolderThatIsNoImportIsRefused(t *testing.T) {
	dir, data := t.TempDir(), filepath.Join(t.TempDir(), "data")
	refuses(t, "has no boards.jsonl and ideas.jsonl", "import", "--data", data, dir)
	refuses(t, "read the folder", "import", "--data", data, filepath.Join(dir, "nowhere"))
	smallSet(t, dir)
	write(t, filepath.Join(dir, "ideas.jsonl.zst"), "x")
	refuses(t, "there are both", "import", "--data", data, dir)
}

func TestHalvesOfCharactersAreFound(t *testing.T) {
	for line, want := range map[string]bool{
		`{"a":"\ud83d\ude00"}`: false, `{"a":"\ud83d"}`: true, `{"a":"\ude00\ud83d"}`: true, `{"a":"\\ud83d"}`: false,
		`{"a":"\ud83d\u0041"}`: true, `{"a":"è\n"}`: false, `{"a":"\ud83d\ude00\ud83d"}`: true, `{"a":"\\\ud83d"}`: true,
	} {
		if got := halfSurrogate([]byte(line)); got != want {
			t.Errorf("%s: got %v, want %v", line, got, want)
		}
	}
}
