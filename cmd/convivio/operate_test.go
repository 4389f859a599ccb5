package main

import (
	"database/sql"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"convivio/client"
	"convivio/store"
	"convivio/store/board"
)

// me asks a server who a token is.
func me(t *testing.T, url, token string) board.Me {
	t.Helper()
	c, err := client.New(url, token)
	if err != nil {
		t.Fatal(err)
	}
	m, err := c.Me(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestPeopleAndTokensBesideAServerAndWithoutOne(t *testing.T) {
	// The path of a socket may have about a hundred characters; a folder's, more.
	data := filepath.Join(t.TempDir(), strings.Repeat("una-cartella-dal-nome-lungo-", 5), "data")
	status, out, errs := command(t, "quattro gatti sul tetto\n", "person", "add", "--data", data, "--email", "Ada@example.com", "--name", "Ada Neri",
		"--role", "admin", "--role", "moderator", "--team", "Officina", "--site", "Schio", "--password-stdin")
	if status != 0 || strings.Contains(out, "http") {
		t.Fatalf("status %d\n%s%s", status, out, errs)
	}
	before := strings.TrimSuffix(must(t, "token", "create", "--data", data, "--person", "ada@example.com"), "\n")
	s := serve(t, "--data", data)
	if m := me(t, s.url, before); m.Name != "Ada Neri" || !m.Has(board.Admin) || !m.Has(board.Moderator) || m.Team != "Officina" {
		t.Errorf("got %+v", m)
	}
	info, err := os.Stat(filepath.Join(data, controlName))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the control socket: %v, %v", info, err)
	}
	if out := must(t, "person", "add", "--data", data, "--email", "bruno@example.com", "--name", "Bruno Valli", "--guest"); !strings.Contains(out, s.url+"/invitations/") {
		t.Errorf("an invitation beside the server:\n%s", out)
	}
	beside := strings.TrimSuffix(must(t, "token", "create", "--data", data, "--person", "bruno@example.com", "--name", "prova"), "\n")
	if m := me(t, s.url, beside); m.Kind != board.Guest || strings.ContainsAny(beside, " \n") {
		t.Errorf("the token %q is %+v", beside, m)
	}
	if out := must(t, "person", "reset", "--data", data, "--email", "ada@example.com"); !strings.HasPrefix(out, s.url+"/resets/") || strings.Count(out, "\n") != 1 {
		t.Errorf("a reset beside the server:\n%s", out)
	}
	refuses(t, "already a person with this e-mail", "person", "add", "--data", data, "--email", "ada@example.com", "--name", "Un'altra")
	refuses(t, `no person with the e-mail address "x@example.com"`, "token", "create", "--data", data, "--person", "x@example.com")
	refuses(t, "A guest cannot have a role", "person", "add", "--data", data, "--email", "c@example.com", "--name", "C", "--guest", "--role", "hr")
	if status, _, errs := command(t, "corta\n", "person", "add", "--data", data, "--email", "c@example.com", "--name", "C", "--password-stdin"); status == 0 || !strings.Contains(errs, "at least 15") {
		t.Errorf("a short password: status %d\n%s", status, errs)
	}
	s.stop()
	if out := must(t, "person", "reset", "--data", data, "--email", "ada@example.com", "--base-url", "https://idee.example.com"); !strings.HasPrefix(out, "https://idee.example.com/resets/") {
		t.Errorf("a reset without a server:\n%s", out)
	}
	// A server that died leaves the name of its socket.
	if err := os.WriteFile(filepath.Join(data, controlName), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	must(t, "token", "create", "--data", data, "--person", "ada@example.com")
}

func TestABackupMadeWhileServingRestores(t *testing.T) {
	data, again, file := newData(t), newData(t), filepath.Join(t.TempDir(), "backup.db")
	must(t, "import", "--data", data, smallSet(t, t.TempDir()))
	must(t, "person", "add", "--data", data, "--email", "ada@example.com", "--name", "Ada Neri")
	token := strings.TrimSpace(must(t, "token", "create", "--data", data, "--person", "ada@example.com"))
	s := serve(t, "--data", data)
	must(t, "backup", "--data", data, file)
	refuses(t, "exists already", "backup", "--data", data, file)
	must(t, "check", "--data", data)
	original := me(t, s.url, token)
	must(t, "restore", "--data", again, file)
	must(t, "check", "--data", again)
	restored := serve(t, "--data", again)
	if m := me(t, restored.url, token); m.ID != original.ID || m.Epoch == original.Epoch || m.Seq != original.Seq {
		t.Errorf("got %+v, want another epoch than %+v", m, original)
	}
	refuses(t, "is not empty", "restore", "--data", again, file)
	refuses(t, "not a database", "restore", "--data", newData(t), write(t, filepath.Join(t.TempDir(), "text"), "no backup"))
}

func TestWhatIsImportedIsFound(t *testing.T) {
	data := newData(t)
	must(t, "import", "--data", data, smallSet(t, t.TempDir()))
	must(t, "person", "add", "--data", data, "--email", "ada@example.com", "--name", "Ada Neri")
	token := strings.TrimSpace(must(t, "token", "create", "--data", data, "--person", "ada@example.com"))
	find := func(s *serving) {
		t.Helper()
		c, err := client.New(s.url, token)
		if err != nil {
			t.Fatal(err)
		}
		for end := time.Now().Add(patience); ; {
			found, err := c.Search(t.Context(), board.Query{Q: "aria"}, me(t, s.url, token).Seq)
			if err != nil {
				t.Fatal(err)
			}
			if found.Total == 1 && found.Hits[0].Idea == 1 {
				return
			}
			if time.Now().After(end) {
				t.Fatalf("got %+v", found)
			}
		}
	}
	s := serve(t, "--data", data)
	find(s)
	must(t, "check", "--data", data)
	s.stop()
	must(t, "check", "--data", data)
	must(t, "reindex", "--data", data)
	must(t, "check", "--data", data)
	if err := os.RemoveAll(filepath.Join(data, "index")); err != nil {
		t.Fatal(err)
	}
	must(t, "check", "--data", data) // what was never made is not damaged
	find(serve(t, "--data", data))
}

func TestCheckTellsWhatIsDamaged(t *testing.T) {
	data := newData(t)
	must(t, "import", "--data", data, smallSet(t, t.TempDir()))
	db, err := sql.Open("sqlite3", filepath.Join(data, "convivio.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`UPDATE idea SET votes = votes + 5 WHERE id = 1`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	look := func() {
		t.Helper()
		status, out, _ := command(t, "", "check", "--data", data)
		if status != exitFailed || !strings.Contains(out, "idea 1 says 6 votes, there are 1") {
			t.Errorf("status %d\n%s", status, out)
		}
	}
	look()
	serve(t, "--data", data)
	look()
}

func TestMissingEventsStopTheServerFromWriting(t *testing.T) {
	data := newData(t)
	must(t, "person", "add", "--data", data, "--email", "ada@example.com", "--name", "Ada Neri", "--role", "admin")
	st := opened(t, data)
	head, err := json.Marshal(map[string]any{"epoch": st.Epoch(), "seq": st.Head() + 7})
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(data, "head"), string(head))
	if status, out, _ := command(t, "", "check", "--data", data); status != exitFailed || !strings.Contains(out, "the last 7 saved events are missing") {
		t.Errorf("check: status %d\n%s", status, out)
	}
	s := serve(t, "--data", data)
	if !strings.Contains(s.said(), "the last 7 events that were saved are missing") || !strings.Contains(s.said(), "--accept-loss") {
		t.Errorf("it says:\n%s", s.said())
	}
	refuses(t, "read-only", "person", "add", "--data", data, "--email", "b@example.com", "--name", "B")
	s.stop()
	s = serve(t, "--data", data, "--accept-loss")
	must(t, "person", "add", "--data", data, "--email", "b@example.com", "--name", "B")
	s.stop()
	must(t, "check", "--data", data)
	if st := opened(t, data); st.Epoch() == "" || strings.Contains(string(head), st.Epoch()) {
		t.Error("the epoch was not renewed")
	}
}

func TestTheStoreOpensADemoAsADemo(t *testing.T) {
	data := newData(t)
	st, err := store.Open(t.Context(), store.Options{Dir: data, Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	must(t, "person", "add", "--data", data, "--email", "ada@example.com", "--name", "Ada Neri")
}
