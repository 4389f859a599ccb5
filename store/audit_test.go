package store

import (
	"database/sql"
	"encoding/json"
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
