package store

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"convivio/store/board"
	"convivio/store/chain"
)

// audited makes a folder with a dozen acts in its audit log, one of which
// (entry full) has a value in every column, and closes it.
func audited(t *testing.T) (dir string, last board.AuditHead) {
	t.Helper()
	c := newCompany(t)
	ctx := WithOrigin(c.ctx, Origin{Address: "192.0.2.7", Request: "r-17", Means: "session"})
	i := c.idea(c.anna, c.open, "Una")
	for range 3 {
		c.do(c.LockIdea(ctx, c.mod, i.ID, true))
		c.do(c.LockIdea(ctx, c.mod, i.ID, false))
	}
	c.do(0, c.noteAs(ctx, c.mod.ID, func(tx *Tx) error {
		return tx.audit(act{kind: "sample.made", board: 1, idea: i.ID, comment: 1, person: c.anna.ID, before: Target{Idea: 1}, after: Target{Idea: 2}, note: "così"})
	}))
	c.do(c.AddToken(ctx, c.bruno, "mio"))
	c.do(c.AddToken(ctx, c.anna, "tuo"))
	last, err := c.AuditHead(c.ctx)
	if err != nil || last.Seq < 10 {
		t.Fatalf("the audit log ends at %+v, %v", last, err)
	}
	c.do(0, c.Close())
	return c.dir, last
}

// tampered changes the database of a folder behind everybody's back, and tells
// what verifying then finds.
func tampered(t *testing.T, dir string, statements ...string) (chain.Verifier, error) {
	t.Helper()
	db, err := sql.Open(driverName, dsn(dir+"/convivio.db", "_busy_timeout=1000"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	guards := map[string]string{}
	for _, name := range auditGuards {
		var text string
		if err := db.QueryRow(`SELECT sql FROM sqlite_master WHERE name = $1`, name).Scan(&text); err != nil {
			t.Fatal(err)
		}
		guards[name] = text
	}
	statements = append([]string{`DROP TRIGGER audit_fixed`, `DROP TRIGGER audit_kept`, `DROP TRIGGER audit_next`}, statements...)
	for _, text := range guards {
		statements = append(statements, text)
	}
	for _, q := range statements {
		if _, err := db.Exec(q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
	return verified(t, dir)
}

func verified(t *testing.T, dir string, seen ...board.AuditHead) (chain.Verifier, error) {
	t.Helper()
	s, err := OpenReader(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	s.now = func() time.Time { return time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC) }
	return s.VerifyAudit(t.Context(), seen...)
}

// finds fails the test unless err names an entry and says this of it.
func finds(t *testing.T, err error, seq int64, what string) {
	t.Helper()
	var f *chain.Fault
	if !errors.As(err, &f) || f.Seq != seq || !strings.Contains(f.What, what) {
		t.Errorf("found %v, want entry %d: …%s…", err, seq, what)
	}
}

func copied(t *testing.T, dir string) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return to
}

func TestOneChangedByteOfAnyColumnIsFound(t *testing.T) {
	dir, last := audited(t)
	full := last.Seq - 2
	if v, err := verified(t, dir, last); err != nil || v.Last != last.Seq || v.Count != last.Seq || v.Erased != 0 {
		t.Fatalf("untouched: %+v, %v", v, err)
	}
	db, err := sql.Open(driverName, dsn(dir+"/convivio.db", ""))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(`SELECT name FROM PRAGMA_TABLE_INFO('audit')`)
	if err != nil {
		t.Fatal(err)
	}
	columns, err := collect(rows, func(rows *sql.Rows) (name string, err error) { err = rows.Scan(&name); return name, err })
	if err != nil || len(columns) != 31 {
		t.Fatalf("columns %v, %v", columns, err)
	}
	for _, column := range columns {
		var there bool
		if err := db.QueryRow(fmt.Sprintf(`SELECT %s IS NOT NULL AND %[1]s NOT IN ('', 0) FROM audit WHERE seq = %d`, column, full)).Scan(&there); err != nil || !there {
			t.Fatalf("entry %d says nothing in %s (%v): the test would not see it flipped", full, column, err)
		}
		// Another last bit of the first byte: of a text its first letter, of a number the number.
		flip := fmt.Sprintf(`UPDATE audit SET %s = CASE TYPEOF(%[1]s)
			WHEN 'integer' THEN %[1]s + 1 ELSE CHAR((UNICODE(%[1]s) | 1) - (UNICODE(%[1]s) & 1)) || SUBSTR(%[1]s, 2) END WHERE seq = %d`, column, full)
		if column == "seq" {
			flip = fmt.Sprintf(`UPDATE audit SET seq = seq + 1000 WHERE seq = %d`, full)
		}
		_, err := tampered(t, copied(t, dir), flip)
		var f *chain.Fault
		if !errors.As(err, &f) || f.Seq != full {
			t.Errorf("a flipped byte of %s: found %v, want entry %d", column, err, full)
		}
	}
}

func TestWhatIsDoneToTheAuditLogIsNamed(t *testing.T) {
	dir, last := audited(t)
	move := func(from, to int64) string { return fmt.Sprintf(`UPDATE audit SET seq = %d WHERE seq = %d`, to, from) }
	for _, c := range []struct {
		name       string
		seq        int64
		what       string
		statements []string
	}{
		{"an entry deleted", 5, "is missing", []string{`DELETE FROM audit WHERE seq = 5`}},
		{"the first deleted", 1, "is missing", []string{`DELETE FROM audit WHERE seq = 1`}},
		{"the end cut off", last.Seq, "its end was cut off", []string{fmt.Sprintf(`DELETE FROM audit WHERE seq > %d`, last.Seq-3)}},
		{"everything taken", last.Seq, "its end was cut off", []string{`DELETE FROM audit`}},
		{"two exchanged", 5, "another order", []string{move(5, 900), move(6, 5), move(900, 6)}},
		{"one moved to the end", 5, "another order", []string{move(5, 900), move(6, 5), move(7, 6), move(8, 7), move(900, 8)}},
		{"one deleted and the rest closed up", 5, "was changed", []string{`DELETE FROM audit WHERE seq = 5`, `UPDATE audit SET seq = seq - 1 WHERE seq > 5`}},
		{"one put in", 6, "stands at 7", []string{`UPDATE audit SET seq = -seq - 1 WHERE seq > 5`, `UPDATE audit SET seq = -seq WHERE seq < 0`,
			`INSERT INTO audit SELECT 6, at, act, outcome, actor_id, roles, means, request, board_id, idea_id, comment_id, person_id, name_sum, address_sum, target_sum, before_sum, after_sum, note_sum, hash,
				name, name_salt, address, address_salt, target, target_salt, before, before_salt, after, after_salt, note, note_salt FROM audit WHERE seq = 5`}},
		{"an address taken away too soon", last.Seq, "before its time", []string{fmt.Sprintf(`UPDATE audit SET address = NULL, address_salt = NULL WHERE seq = %d`, last.Seq)}},
		{"a name taken away", last.Seq, "no act in the log erased it", []string{fmt.Sprintf(`UPDATE audit SET name = NULL, name_salt = NULL WHERE seq = %d`, last.Seq)}},
		{"a reason taken away", last.Seq - 2, "its note was taken away", []string{fmt.Sprintf(`UPDATE audit SET note = NULL, note_salt = NULL WHERE seq = %d`, last.Seq-2)}},
		{"what was before taken away", last.Seq - 2, "its before was taken away", []string{fmt.Sprintf(`UPDATE audit SET before = NULL, before_salt = NULL WHERE seq = %d`, last.Seq-2)}},
		{"what is now taken away", last.Seq - 2, "its after was taken away", []string{fmt.Sprintf(`UPDATE audit SET after = NULL, after_salt = NULL WHERE seq = %d`, last.Seq-2)}},
		{"a salt without its value", 2, "was changed", []string{`UPDATE audit SET target = NULL WHERE seq = 2`}},
		{"a value where none was", 2, "never had", []string{`UPDATE audit SET note = 'x', note_salt = 'ab' WHERE seq = 2`}},
		{"letters where a number stood", 3, "cannot be read", []string{`UPDATE audit SET board_id = 'x' WHERE seq = 3`}},
		{"the guard gone", 0, "audit_kept", []string{`CREATE TRIGGER spare AFTER INSERT ON meta BEGIN SELECT 1; END`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			at := copied(t, dir)
			_, err := tampered(t, at, c.statements...)
			if c.seq == 0 {
				db, openErr := sql.Open(driverName, dsn(at+"/convivio.db", ""))
				if openErr != nil {
					t.Fatal(openErr)
				}
				defer db.Close()
				if _, openErr = db.Exec(`DROP TRIGGER audit_kept`); openErr != nil {
					t.Fatal(openErr)
				}
				_, err = verified(t, at)
			}
			finds(t, err, c.seq, c.what)
		})
	}
}

// TestAnOldCopyIsFound puts back a database of earlier beside a head file of now,
// then the whole folder of earlier: for that somebody must have kept a head.
func TestAnOldCopyIsFound(t *testing.T) {
	c := newCompany(t)
	c.do(0, c.Close())
	old := copied(t, c.dir)
	c.Store = c.reopen(c.dir)
	c.do(c.AddToken(c.ctx, c.anna, "mio"))
	now, err := c.AuditHead(c.ctx)
	if err != nil {
		t.Fatal(err)
	}
	c.do(0, c.Close())
	bytes, err := os.ReadFile(old + "/convivio.db")
	if err == nil {
		err = os.WriteFile(c.dir+"/convivio.db", bytes, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	_, err = verified(t, c.dir)
	finds(t, err, now.Seq, "its end was cut off")
	if _, err = verified(t, old); err != nil {
		t.Errorf("by itself an old folder is whole, got %v", err)
	}
	_, err = verified(t, old, now)
	finds(t, err, now.Seq, "its end was cut off")

	// A server that opens the folder keeps in mind what is missing, however long it goes on.
	c.Store = c.reopen(c.dir)
	c.do(c.AddToken(c.ctx, c.bruno, "suo"))
	c.do(c.AddToken(c.ctx, c.bruno, "suo ancora"))
	c.do(0, c.Close())
	_, err = verified(t, c.dir)
	finds(t, err, now.Seq, "was written anew")
	s, err := Open(c.ctx, Options{Dir: c.dir, AcceptLoss: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	c.Store = s
	if e := c.lastAct(board.LossAcceptedAct); !strings.Contains(e.After.Value, now.Hash) || e.Means != board.ByCommand {
		t.Errorf("accepted as %+v", e)
	}
	if _, err := s.VerifyAudit(c.ctx); err != nil {
		t.Errorf("after the loss was accepted: %v", err)
	}
}

// TestTheTableKeepsItself tries what the database itself refuses.
func TestTheTableKeepsItself(t *testing.T) {
	c := newCompany(t)
	c.do(c.AddToken(WithOrigin(c.ctx, Origin{Address: "192.0.2.7", Means: "session"}), c.anna, "mio"))
	head, err := c.AuditHead(c.ctx)
	if err != nil {
		t.Fatal(err)
	}
	run := func(q string) error {
		_, err := c.writerDB.ExecContext(c.ctx, q)
		return err
	}
	c.do(0, c.Close())
	db, err := sql.Open(driverName, dsn(c.dir+"/convivio.db", writerPragmas))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	c.writerDB = db
	copyOf := func(seq string) string {
		return `INTO audit SELECT ` + seq + `, at, act, outcome, actor_id, roles, means, request, board_id, idea_id, comment_id, person_id, name_sum, address_sum, target_sum,
			before_sum, after_sum, note_sum, hash, name, name_salt, address, address_salt, target, target_salt, before, before_salt, after, after_salt, note, note_salt FROM audit WHERE seq = 1`
	}
	for _, q := range []string{
		`DELETE FROM audit WHERE seq = 1`,
		`DELETE FROM audit`,
		`UPDATE audit SET act = 'x' WHERE seq = 1`,
		`UPDATE audit SET hash = 'x' WHERE seq = 1`,
		`UPDATE audit SET name = 'x'`,
		`UPDATE audit SET name = NULL WHERE name IS NOT NULL`, // and its salt stays
		`UPDATE audit SET target_salt = NULL WHERE target IS NOT NULL`,
		`UPDATE audit SET seq = seq + 1000`,
		`INSERT OR REPLACE ` + copyOf("2"),
		`INSERT ` + copyOf("5000"),
		`INSERT ` + copyOf("-1"),
		`REPLACE ` + copyOf("1"),
	} {
		if err := run(q); err == nil || !strings.Contains(err.Error(), "audit log") {
			t.Errorf("%.60s: got %v", q, err)
		}
	}
	if err := run(`UPDATE audit SET address = NULL, address_salt = NULL`); err != nil {
		t.Errorf("erasing: %v", err)
	}
	if v, err := VerifyAuditFile(t.Context(), c.dir+"/convivio.db", head); err != nil || v.Erased == 0 {
		t.Errorf("after erasing: %+v, %v", v, err)
	}
}

func TestAddressesAreErasedAfterThreeWeeks(t *testing.T) {
	c := newCompany(t)
	ctx := WithOrigin(c.ctx, Origin{Address: "192.0.2.7", Means: "session"})
	c.do(c.AddToken(ctx, c.anna, "uno"))
	c.clock.Add((20 * 24 * time.Hour).Microseconds())
	c.do(c.AddToken(ctx, c.anna, "due"))
	c.do(0, c.Forget(c.ctx))
	count := func(value string) (n int) {
		for _, e := range c.acts() {
			if e.Address.Value == value && e.Address.Sum != "" {
				n++
			}
		}
		return n
	}
	if n := count("192.0.2.7"); n != 2 {
		t.Errorf("%d addresses after twenty days, want 2", n)
	}
	c.clock.Add((24*time.Hour + time.Minute).Microseconds())
	c.do(0, c.Forget(c.ctx))
	if kept, gone := count("192.0.2.7"), count(""); kept != 1 || gone != 1 {
		t.Errorf("%d addresses kept, %d erased", kept, gone)
	}
	c.clean()
}

// TestAVerbThatIsRolledBackLeavesNoEntry runs verbs that fail after their act was
// written, among others that do not, in one group.
func TestAVerbThatIsRolledBackLeavesNoEntry(t *testing.T) {
	c := newCompany(t)
	before := len(c.acts())
	group := make([]*job, 0, 40)
	for n := range 40 {
		group = append(group, &job{actor: c.mod.ID, note: true, done: make(chan struct{}), do: func(tx *Tx) error {
			if err := tx.audit(act{kind: "sample.made", idea: int64(n)}); err != nil {
				return err
			}
			switch {
			case n%4 == 1:
				return errLocked
			case n%4 == 3:
				panic("on purpose")
			}
			return nil
		}})
	}
	hold := make(chan struct{})
	go func() {
		_ = c.noteWith(c.ctx, func(*Tx) error { <-hold; return nil })
	}()
	for _, j := range group {
		c.queue <- j
	}
	close(hold)
	for _, j := range group {
		<-j.done
	}
	list := c.acts()[before:]
	if len(list) != 20 {
		t.Errorf("%d entries, want 20", len(list))
	}
	for i, e := range list {
		if e.Idea != int64(2*i) {
			t.Errorf("entry %d is of verb %d", i, e.Idea)
		}
	}
	c.clean()
}
