package main

import (
	"bytes"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"convivio/client"
	"convivio/store/board"
)

func TestLimitsOnFilesAreHeldToSense(t *testing.T) {
	for _, flags := range [][]string{{"--max-file", "0"}, {"--max-file", "2000"}, {"--max-file", "20", "--max-files-day", "10"}, {"--max-files", "0"}} {
		refuses(t, "--max-file is 1 to 1024 MiB", append([]string{"serve", "--data", newData(t)}, flags...)...)
	}
}

// TestABackupBringsFilesAlong attaches through a server, backs up beside it, and
// reads the file from a server on the restored folder.
func TestABackupBringsFilesAlong(t *testing.T) {
	data, again, file := newData(t), newData(t), filepath.Join(t.TempDir(), "backup.db")
	must(t, "person", "add", "--data", data, "--email", "ada@example.com", "--name", "Ada Neri", "--role", "admin")
	token := strings.TrimSpace(must(t, "token", "create", "--data", data, "--person", "ada@example.com"))
	s := serve(t, "--data", data, "--max-file", "1")
	c, err := client.New(s.url, token)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.AddFile(t.Context(), "x.txt", bytes.NewReader(make([]byte, 3<<20))); err == nil {
		t.Error("a file over the limit was taken")
	}
	content := strings.Repeat("una riga di misure\n", 1000)
	f, err := c.AddFile(t.Context(), "misure.txt", strings.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.AddBoard(t.Context(), board.NewBoard{Slug: "prova", Name: "Prova"}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.AddIdea(t.Context(), "prova", board.NewIdea{Title: "Una", Body: f.Markdown}); err != nil {
		t.Fatal(err)
	}
	if out := must(t, "backup", "--data", data, file); !strings.Contains(out, "backup.db.files") {
		t.Errorf("the folder of files is not named:\n%s", out)
	}
	refuses(t, "exists already", "backup", "--data", data, file)
	must(t, "check", "--data", data)
	must(t, "restore", "--data", again, file)
	must(t, "check", "--data", again)
	restored := serve(t, "--data", again)
	if c, err = client.New(restored.url, token); err != nil {
		t.Fatal(err)
	}
	r, err := c.OpenFile(t.Context(), f.ID)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if got, err := io.ReadAll(r); err != nil || string(got) != content {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}
