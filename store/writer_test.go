package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"convivio/store/board"
)

// holdGroup runs do while the writer is busy, so that all verbs do starts wait
// together and share one group.
func (c *company) holdGroup(n int, do func()) {
	c.t.Helper()
	busy, free := make(chan struct{}), make(chan struct{})
	go func() {
		_, _ = c.write(context.Background(), 0, func(*Tx) error { close(busy); <-free; return nil })
	}()
	<-busy
	done := make(chan struct{})
	go func() { do(); close(done) }()
	for len(c.queue) < n {
	}
	close(free)
	<-done
}

// groupOf64 sends 64 replies in one group, fault as the 32nd verb of it, and
// makes sure each was answered "saved" exactly if its row is there.
func groupOf64(t *testing.T, c *company, fault func(*Tx) error) {
	idea := c.idea(c.anna, c.open, "Gruppo")
	saved := make([]bool, 64)
	c.holdGroup(64, func() {
		var wg sync.WaitGroup
		for n := range saved {
			wg.Go(func() {
				var err error
				if n == 32 {
					_, err = c.write(c.ctx, c.anna.ID, fault)
				} else {
					_, err = c.Reply(c.ctx, c.anna, idea.ID, board.NewComment{Body: fmt.Sprint(n)}, "")
				}
				saved[n] = err == nil
			})
		}
		wg.Wait()
	})
	there := map[string]bool{}
	rows, err := c.readDB.Query(`SELECT body FROM comment WHERE idea_id = $1`, idea.ID)
	if err != nil {
		t.Fatal(err)
	}
	bodies, err := collect(rows, func(r *sql.Rows) (s string, err error) { err = r.Scan(&s); return s, err })
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range bodies {
		there[b] = true
	}
	for n, ok := range saved {
		if n != 32 && ok != there[fmt.Sprint(n)] {
			t.Errorf("verb %d was answered saved=%v, its row is there: %v", n, ok, !ok)
		}
	}
	if saved[32] {
		t.Error("the failing verb was answered saved")
	}
	c.clean()
	// The writer goes on.
	c.reply(c.bruno, idea.ID, nil, "e poi")
	c.clean()
}

func TestAVerbThatBreaksARuleUndoesOnlyItself(t *testing.T) {
	c := newCompany(t)
	before := c.Head()
	groupOf64(t, c, func(tx *Tx) error {
		if _, err := tx.exec(`UPDATE board SET name = 'x'`); err != nil {
			return err
		}
		return errors.New("no")
	})
	if got := c.Head() - before; got != 1+63+1 {
		t.Errorf("%d events, want 65", got)
	}
}

func TestAVerbThatPanicsUndoesOnlyItself(t *testing.T) {
	groupOf64(t, newCompany(t), func(*Tx) error { panic("oh") })
}

func TestAVerbThatFillsTheDisk(t *testing.T) {
	groupOf64(t, newCompany(t), func(tx *Tx) error {
		var pages int
		if err := tx.row(`PRAGMA page_count`).Scan(&pages); err != nil {
			return err
		}
		if _, err := tx.exec(fmt.Sprintf(`PRAGMA max_page_count = %d`, pages+8)); err != nil {
			return err
		}
		_, err := tx.exec(`INSERT INTO meta (name, value) VALUES ('big', hex(zeroblob(4000000)))`)
		return err
	})
}

func TestAVerbThatIsInterrupted(t *testing.T) {
	groupOf64(t, newCompany(t), func(tx *Tx) error {
		for { // a cancellation that comes before SQLite began interrupts nothing
			ctx, cancel := context.WithCancel(context.Background())
			cancelled := make(chan struct{})
			go func() { cancel(); close(cancelled) }()
			_, err := tx.conn.ExecContext(ctx, `
				WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000)
				UPDATE board SET name = (SELECT MAX(i) FROM n)`)
			<-cancelled
			if err != nil {
				return err
			}
		}
	})
}

func TestAVerbThatRecordsNothingIsRefused(t *testing.T) {
	c := newCompany(t)
	_, err := c.write(c.ctx, 0, func(tx *Tx) error { _, err := tx.exec(`UPDATE board SET name = 'x'`); return err })
	if err == nil {
		t.Error("a silent change was accepted")
	}
	if b, _ := c.Board(c.ctx, c.anna, c.open); b.Name != "Aperta" {
		t.Errorf("the board is called %q", b.Name)
	}
	if err := c.note(c.ctx, statement{`UPDATE board SET name = 'x'`, nil}); err == nil {
		t.Error("note touched a table that is not bookkeeping")
	}
}

func TestARequestThatGivesUpIsTakenOut(t *testing.T) {
	c := newCompany(t)
	ctx, cancel := context.WithCancel(c.ctx)
	ran := false
	c.holdGroup(1, func() {
		done := make(chan error)
		go func() {
			_, err := c.write(ctx, 0, func(*Tx) error { ran = true; return nil })
			done <- err
		}()
		for len(c.queue) < 1 {
		}
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
	c.do(c.write(c.ctx, 0, func(*Tx) error { return nil }))
	if ran {
		t.Error("the verb ran although nobody waited for it")
	}
}

func TestLostEventsMakeTheStoreReadOnly(t *testing.T) {
	c := newCompany(t)
	c.idea(c.anna, c.open, "Prima")
	dir, epoch, head := c.Dir(), c.Epoch(), c.Head()
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open(driverName, dsn(dir+"/convivio.db", ""))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`DELETE FROM log WHERE seq > $1`, head-3); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	s := c.reopen(dir)
	if s.Lost() != 3 || !s.ReadOnly() {
		t.Errorf("lost %d, read-only %v; want 3, true", s.Lost(), s.ReadOnly())
	}
	_, err = s.AddIdea(c.ctx, c.anna, c.open, board.NewIdea{Title: "Dopo"}, "")
	wants(t, err, board.Unavailable, "")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s, err = Open(c.ctx, Options{Dir: dir, AcceptLoss: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if s.Epoch() == epoch || s.ReadOnly() {
		t.Errorf("epoch renewed: %v, read-only %v", s.Epoch() != epoch, s.ReadOnly())
	}
}

func TestASecondStoreOnTheFolderIsRefused(t *testing.T) {
	c := newCompany(t)
	var inUse *InUseError
	if _, err := Open(c.ctx, Options{Dir: c.Dir()}); !errors.As(err, &inUse) {
		t.Errorf("got %v", err)
	}
	if _, err := Open(c.ctx, Options{Dir: t.TempDir(), Demo: true}); err != nil {
		t.Errorf("a new demo folder: %v", err)
	}
	dir := c.Dir()
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(c.ctx, Options{Dir: dir, Demo: true}); err == nil {
		t.Error("a company's folder opened as a demo")
	}
	c.Store = c.reopen(dir)
}

func TestBackupAndRestore(t *testing.T) {
	c := newCompany(t)
	c.idea(c.anna, c.open, "Da salvare")
	file := t.TempDir() + "/copia.db"
	if err := c.Backup(c.ctx, file); err != nil {
		t.Fatal(err)
	}
	if err := c.Backup(c.ctx, file); err == nil {
		t.Error("an older backup was overwritten")
	}
	dir := t.TempDir() + "/nuova"
	if err := Restore(c.ctx, file, dir); err != nil {
		t.Fatal(err)
	}
	if err := Restore(c.ctx, file, dir); err == nil {
		t.Error("restored over a folder that is not empty")
	}
	r := &company{Store: c.reopen(dir), t: t, ctx: c.ctx}
	defer r.Close()
	r.clean()
	if r.Head() != c.Head() || r.Epoch() == c.Epoch() {
		t.Errorf("head %d want %d; epoch renewed %v", r.Head(), c.Head(), r.Epoch() != c.Epoch())
	}
}

func TestPlaceholdersAreTakenByNumber(t *testing.T) {
	for in, want := range map[string]string{
		`SELECT $2, $1`:                         `SELECT +?2, +?1`,
		`SELECT '$1', "$1", $10 -- $1` + "\n$2": `SELECT '$1', "$1", +?10 -- $1` + "\n+?2",
		`SELECT 'it''s $1' /* $1 */, $3`:        `SELECT 'it''s $1' /* $1 */, +?3`,
		`SELECT $x, '`:                          `SELECT $x, '`,
		`SELECT 1 /* $1`:                        `SELECT 1 /* $1`,
	} {
		if got := rewrite(in); got != want {
			t.Errorf("rewrite(%q) = %q, want %q", in, got, want)
		}
	}
	c := newCompany(t)
	var a, b string
	if err := c.readDB.QueryRow(`SELECT $2, $1`, "one", "two").Scan(&a, &b); err != nil || a != "two" || b != "one" {
		t.Errorf("bound %s, %s, %v", a, b, err)
	}
}

func FuzzRewrite(f *testing.F) {
	f.Add(`SELECT '$1' || $2 -- $3`)
	f.Fuzz(func(t *testing.T, q string) {
		if got := strings.ReplaceAll(rewrite(q), "+?", "$"); got != strings.ReplaceAll(q, "+?", "$") {
			t.Errorf("rewrite(%q) = %q", q, got)
		}
	})
}

func TestAWitnessOfLossIsRemembered(t *testing.T) {
	c := newCompany(t)
	dir := c.Dir()
	c.Witness("another epoch", c.Head()+5)
	if c.ReadOnly() {
		t.Error("another log's cursor made this one read-only")
	}
	c.Witness(c.Epoch(), c.Head()+5)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	s := c.reopen(dir)
	defer s.Close()
	if s.Lost() != 5 || !s.ReadOnly() {
		t.Errorf("after a restart %d events are known to be lost, want 5", s.Lost())
	}
}

func TestImportedWordsOverTheLimitsStayWhenOthersChange(t *testing.T) {
	c := newCompany(t)
	im := c.ImportFrom("altrove")
	c.do(im.Boards(c.ctx, []ImportBoard{{Ref: "b", Name: "Altrove"}}))
	long := ImportIdea{Ref: "i", Board: "b", Title: strings.Repeat("lungo ", 60), Body: strings.Repeat("> ", 50) + "in fondo", At: c.Now()}
	c.do(im.Ideas(c.ctx, []Rendered[ImportIdea]{RenderIdea(long)}))
	c.do(im.Ideas(c.ctx, []Rendered[ImportIdea]{RenderIdea(long)}))
	list, err := c.Ideas(c.ctx, c.anna, Listing{Board: "altrove"})
	if err != nil || len(list.Items) != 1 || list.Items[0].Body != long.Body || list.Items[0].Title != long.Title {
		t.Fatalf("imported %+v, %v", list.Items, err)
	}
	author := board.Who{ID: list.Items[0].Author.ID, Kind: board.Employee}
	tags := []string{"vecchio"}
	got, err := c.EditIdea(c.ctx, author, list.Items[0].ID, board.IdeaChange{Title: &long.Title, Body: &long.Body, Tags: &tags})
	if err != nil || len(got.Tags) != 1 || got.Body != long.Body {
		t.Errorf("edited %+v, %v", got, err)
	}
	c.clean()
}
