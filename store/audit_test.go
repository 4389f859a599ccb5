package store

import (
	"database/sql"
	"encoding/json"
	"strings"
	"testing"

	"convivio/store/board"
)

// acts reads the audit log, oldest first.
func (c *company) acts() []board.AuditEntry {
	c.t.Helper()
	rows, err := c.readDB.Query(`SELECT ` + auditColumns + ` FROM audit a ORDER BY a.seq`)
	if err != nil {
		c.t.Fatal(err)
	}
	list, err := collect(rows, func(rows *sql.Rows) (board.AuditEntry, error) { return scanAudit(rows) })
	if err != nil {
		c.t.Fatal(err)
	}
	return list
}

// lastAct fails the test unless the newest entry is of this kind.
func (c *company) lastAct(kind board.Act) board.AuditEntry {
	c.t.Helper()
	list := c.acts()
	if len(list) == 0 {
		c.t.Fatalf("the audit log is empty, want %s", kind)
	}
	e := list[len(list)-1]
	if e.Act != kind {
		b, _ := json.Marshal(e)
		c.t.Fatalf("the newest entry is %s, want %s", b, kind)
	}
	return e
}

func TestAnActIsKeptWithWhoFromWhereAndWhat(t *testing.T) {
	c := newCompany(t)
	ctx := WithOrigin(c.ctx, Origin{Address: "192.0.2.7", Request: "r-17", Means: "token:4"})
	p, _, err := c.AddPerson(ctx, c.admin, board.NewPerson{Name: "Carla Neri", Email: "carla@example.com", Kind: board.Employee, Roles: []board.Role{board.Auditor}})
	if err != nil {
		t.Fatal(err)
	}
	e := c.lastAct(board.PersonAddedAct)
	if e.Actor != c.admin.ID || e.Name.Value != "Ada Riva" || e.Roles != "admin" || e.Means != "token:4" || e.Request != "r-17" || e.Address.Value != "192.0.2.7" ||
		e.Person != p.ID || e.Target.Value != "Carla Neri" || e.Outcome != board.ActDone || e.After.Value != `{"kind":"employee","roles":["auditor"]}` || e.Before.Sum != "" {
		t.Errorf("got %+v", e)
	}
	c.clean()
}

func TestAWrongPasswordOfAnAdministratorIsKeptOnceAnHour(t *testing.T) {
	c := newCompany(t)
	ctx := WithOrigin(c.ctx, Origin{Address: "192.0.2.7", Request: "r-17", Means: board.ByVisitor})
	before := len(c.acts())
	for range 2 {
		for _, name := range []string{"ada.riva", "anna.gatti", "mara.conti", "nessuno"} {
			_, err := c.CheckPassword(ctx, name+"@example.com", "sbagliata del tutto", "192.0.2.7")
			wants(t, err, board.Invalid, "password")
		}
		c.beside.Wait()
	}
	if n := len(c.acts()) - before; n != 1 {
		t.Errorf("%d entries, want one", n)
	}
	e := c.lastAct(board.SessionRefusedAct)
	if e.Actor != 0 || e.Person != c.admin.ID || e.Outcome != board.ActRefused || e.Address.Value != "192.0.2.7" || e.Means != board.ByVisitor {
		t.Errorf("kept as %+v", e)
	}
	c.clock.Add(3_600_000_000)
	_, _ = c.CheckPassword(ctx, "ada.riva@example.com", "sbagliata del tutto", "192.0.2.7")
	c.beside.Wait()
	if n := len(c.acts()) - before; n != 2 {
		t.Errorf("%d entries an hour later, want two", n)
	}
	c.clean()
}

func TestWhatIsPutAsideIsAudited(t *testing.T) {
	c := newCompany(t)
	c.do(0, c.PutAside(c.ctx, c.mod, "zafferano"))
	if list := c.acts(); list[len(list)-1].Act == board.SearchPutAsideAct {
		t.Error("nothing was put aside, and it is kept")
	}
	c.do(0, c.note(c.ctx, statement{`INSERT INTO search_key (id, month, secret) VALUES (1, 1, 'x')`, nil},
		statement{`INSERT INTO unfound (query, key_id, who, day) VALUES ('zafferano', 1, 'x', 1)`, nil}))
	c.do(0, c.PutAside(c.ctx, c.mod, "zafferano"))
	e := c.lastAct(board.SearchPutAsideAct)
	if b, _ := json.Marshal(e); strings.Contains(string(b), "zafferano") || e.Actor != c.mod.ID {
		t.Errorf("kept as %s", b)
	}
}

// TestLookingIsKeptOnceAnHour also over a restart, which forgets what memory knows.
func TestLookingIsKeptOnceAnHour(t *testing.T) {
	c := newCompany(t)
	before := len(c.acts())
	look := func(who board.Who, t Target) { c.t.Helper(); c.do(0, c.Looked(c.ctx, who, board.PersonReadAct, t)) }
	for range 3 {
		look(c.admin, Target{Person: c.anna.ID})
		look(c.admin, Target{Person: c.bruno.ID})
		look(c.mod, Target{Person: c.anna.ID})
	}
	c.do(0, c.Close())
	c.Store = c.reopen(c.dir)
	look(c.admin, Target{Person: c.anna.ID})
	if n := len(c.acts()) - before; n != 3 {
		t.Errorf("%d entries, want 3", n)
	}
	c.clock.Add(3_600_000_000)
	look(c.admin, Target{Person: c.anna.ID})
	if n := len(c.acts()) - before; n != 4 {
		t.Errorf("%d entries an hour later, want 4", n)
	}
}

func TestAnActDoneByTheRolesOfABoardSaysSo(t *testing.T) {
	c := newCompany(t)
	i := c.idea(c.anna, c.open, "Una")
	c.do(c.write(c.ctx, 0, func(tx *Tx) error {
		if _, err := tx.record(board.BoardChanged, about{board: 1}); err != nil {
			return err
		}
		_, err := tx.exec(`INSERT INTO board_role (board_id, role, person_id) SELECT id, 'moderator', $1 FROM board WHERE slug = $2`, c.bruno.ID, c.open)
		return err
	}))
	c.do(c.LockIdea(c.ctx, c.bruno, i.ID, true))
	if e := c.lastAct(board.IdeaLockedAct); e.Roles != "board:moderator" || e.Actor != c.bruno.ID {
		t.Errorf("kept as %+v", e)
	}
}
