package main

import (
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"convivio/client"
	"convivio/store/board"
	"convivio/store/chain"
)

// fails runs a command that must fail and say something on standard output.
func fails(t *testing.T, says string, args ...string) {
	t.Helper()
	if status, out, errs := command(t, "", args...); status != exitFailed || !strings.Contains(out, says) {
		t.Errorf("convivio %v: status %d, want %d and %q\n%s%s", args, status, exitFailed, says, out, errs)
	}
}

// TestTheAuditLogIsProvedOffline goes the way of an auditor: reads by the API,
// exports, and verifies the folder beside a server, a backup, a restored folder and
// the export; then somebody changes each behind Convivio's back.
func TestTheAuditLogIsProvedOffline(t *testing.T) {
	data, again, dir := newData(t), newData(t), t.TempDir()
	must(t, "person", "add", "--data", data, "--email", "rita@example.com", "--name", "Rita Revisora", "--role", "auditor")
	must(t, "person", "add", "--data", data, "--email", "ugo@example.com", "--name", "Ugo Neri")
	token := strings.TrimSpace(must(t, "token", "create", "--data", data, "--person", "rita@example.com"))
	s := serve(t, "--data", data)
	head := strings.TrimSpace(must(t, "audit", "head", "--data", data))
	if out := must(t, "audit", "verify", "--data", data, "--head", head); !strings.Contains(out, "is whole") || !strings.Contains(out, head) {
		t.Errorf("beside a server:\n%s", out)
	}

	c, err := client.New(s.url, token)
	if err != nil {
		t.Fatal(err)
	}
	log, err := c.Audit(t.Context(), board.AuditFilter{Act: board.PersonAddedAct}, client.Page{Limit: 1})
	if err != nil || len(log.Items) != 1 || log.Items[0].Target.Value != "Ugo Neri" || log.Items[0].Means != board.ByCommand || log.Next == "" {
		t.Errorf("the API gives %+v, %v", log, err)
	}
	backup := filepath.Join(dir, "backup.db")
	must(t, "backup", "--data", data, backup)
	if out := must(t, "audit", "verify", backup, "--head", head); !strings.Contains(out, "is whole") {
		t.Errorf("a backup:\n%s", out)
	}
	must(t, "restore", "--data", again, backup)
	if out := must(t, "audit", "verify", "--data", again, "--head", head); !strings.Contains(out, "is whole") {
		t.Errorf("a restored folder:\n%s", out)
	}
	export := filepath.Join(dir, "audit.jsonl")
	exported(t, c, export)
	s.stop()
	if out := must(t, "audit", "verify", export, "--head", head); !strings.Contains(out, "is whole") {
		t.Errorf("an export:\n%s", out)
	}
	text, err := os.ReadFile(export)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(export, []byte(strings.Replace(string(text), "Ugo Neri", "Ugo Nero", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	fails(t, "entry 3: was changed", "audit", "verify", export)
	refuses(t, "none.csv", "audit", "verify", filepath.Join(dir, "none.csv"))
	refuses(t, "not of the form", "audit", "verify", "--data", data, "--head", "17")
	tamper(t, backup, `UPDATE audit SET roles = 'admin' WHERE seq = 2`)
	fails(t, "entry 2: was changed", "audit", "verify", backup)
	tamper(t, filepath.Join(data, "convivio.db"), `DELETE FROM audit WHERE seq >= 3`)
	fails(t, "its end was cut off", "audit", "verify", "--data", data)
	fails(t, "audit log, entry", "check", "--data", data)
}

// tamper changes the audit log of a database as somebody with the file might.
func tamper(t *testing.T, file, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite3", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, q := range []string{`DROP TRIGGER audit_fixed`, `DROP TRIGGER audit_kept`, statement} {
		if _, err := db.Exec(q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
}

// exported writes what the API gives of the audit log to a file, as the page's
// export does.
func exported(t *testing.T, c *client.Client, file string) {
	t.Helper()
	var all []board.AuditEntry
	for at := (client.Page{Limit: 2}); ; {
		log, err := c.Audit(t.Context(), board.AuditFilter{}, at)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, log.Items...)
		if at.Cursor = log.Next; at.Cursor == "" {
			break
		}
	}
	slices.Reverse(all)
	var text strings.Builder
	w, err := chain.NewWriter(&text, chain.JSONLines, ',')
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		if err := w.Write(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}
