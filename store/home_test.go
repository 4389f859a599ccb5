package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/mattn/go-sqlite3"

	"convivio/store/board"
)

// asked counts the statements that go through the driver of counted.
var asked atomic.Int64

type countingDriver struct{ numberedDriver }

type countingConn struct{ *numberedConn }

func (d countingDriver) Open(dsn string) (driver.Conn, error) {
	c, err := d.numberedDriver.Open(dsn)
	if err != nil {
		return nil, err
	}
	return countingConn{c.(*numberedConn)}, nil
}

func (c countingConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	asked.Add(1)
	return c.numberedConn.QueryContext(ctx, query, args)
}

func init() {
	sql.Register("convivio-counting", countingDriver{numberedDriver{&sqlite3.SQLiteDriver{}}})
}

// queries counts what work asks the store's readers.
func (c *company) queries(work func()) int64 {
	c.t.Helper()
	real := c.readDB
	counting, err := sql.Open("convivio-counting", dsn(c.path("convivio.db"), readerPragmas))
	if err != nil {
		c.t.Fatal(err)
	}
	c.readDB = readPool{counting}
	defer func() { c.readDB = real; _ = counting.Close() }()
	before := asked.Load()
	work()
	return asked.Load() - before
}

// home writes down somebody's first page.
func (c *company) home(who board.Who) string {
	c.t.Helper()
	h, err := c.Home(c.ctx, who, 3)
	if err != nil {
		c.t.Fatal(err)
	}
	var out []string
	told := ""
	for _, n := range h.Told {
		told += fmt.Sprintf(" %s/%d", n.Reason, n.Idea)
	}
	if told != "" {
		out = append(out, "told"+told)
	}
	for _, l := range []struct {
		name string
		list []board.Idea
	}{{"waiting", h.Waiting}, {"fresh", h.Fresh}, {"moved", h.Moved}, {"growing", h.Growing}} {
		s := l.name
		for _, i := range l.list {
			s += fmt.Sprintf(" %d", i.ID)
		}
		if len(l.list) > 0 {
			out = append(out, s)
		}
	}
	if h.Newcomer {
		out = append(out, "newcomer")
	}
	if h.Silent {
		out = append(out, "silent")
	}
	return strings.Join(out, "; ")
}

func TestHomeIsWhatConcernsOnePerson(t *testing.T) {
	c := newCompany(t)
	c.tell()
	shows := func(who board.Who, want string) {
		t.Helper()
		c.told(who) // the follower is through
		if got := c.home(who); got != want {
			t.Errorf("%s sees %q, want %q", who.Name, got, want)
		}
	}
	shows(c.anna, "newcomer; silent")
	first := c.idea(c.anna, c.open, "Una") // 1
	shows(c.anna, "growing 1")
	c.do(c.FollowBoard(c.ctx, c.bruno, c.open))
	second := c.idea(c.mod, c.open, "Due") // 2
	shows(c.bruno, "fresh 2 1; newcomer")
	shows(c.mod, "waiting 1 2")
	c.reply(c.bruno, first.ID, nil, "conosco")
	shows(c.anna, "told commented/1; growing 2")
	c.do(c.Vote(c.ctx, c.bruno, second.ID))
	c.Read(c.bruno.ID, second.ID, c.Head())
	c.reply(c.anna, second.ID, nil, "anche io")
	shows(c.bruno, "fresh 1; moved 2")
	c.do(c.Answer(c.ctx, c.mod, second.ID, board.NewAnswer{Body: "Sì"}, ""))
	shows(c.bruno, "told answered/2; fresh 1")
	shows(c.guest, "newcomer; silent")
}

func TestHomeAsksFewQuestions(t *testing.T) {
	c := newCompany(t)
	c.do(c.FollowBoard(c.ctx, c.mod, c.open))
	c.tell()
	ask := func() int64 { return c.queries(func() { c.do(c.Home(c.ctx, c.mod, 6)) }) }
	for i := range 3 {
		c.reply(c.anna, c.idea(c.bruno, c.open, fmt.Sprint("Prima ", i)).ID, nil, "@mara.conti")
	}
	c.told(c.mod)
	few := ask()
	for i := range 40 {
		c.reply(c.anna, c.idea(c.bruno, c.open, fmt.Sprint("Idea ", i)).ID, nil, "@mara.conti")
	}
	c.told(c.mod)
	if many := ask(); many != few || many == 0 || many > 8 {
		t.Errorf("the first page of a busy person asks %d questions, of a quiet one %d", many, few)
	}
}
