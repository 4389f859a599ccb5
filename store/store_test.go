package store

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"convivio/store/board"
	"convivio/store/storetest"
)

// company is a store on a temporary folder with people to act in it.
type company struct {
	*Store
	t                       *testing.T
	ctx                     context.Context
	clock                   *atomic.Int64
	anna, bruno, mod, admin board.Who
	guest                   board.Who
	open, private           string // slugs; mod and anna are members of private, guest of neither
}

func newCompany(t *testing.T) *company {
	t.Helper()
	c := &company{t: t, ctx: t.Context(), clock: &atomic.Int64{}, open: "aperta", private: "riservata"}
	c.clock.Store(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC).UnixMicro())
	c.Store = c.reopen(storetest.Folder(t, func(dir string) error {
		s, err := Open(context.Background(), Options{Dir: dir})
		if err != nil {
			return err
		}
		return s.Close()
	}))
	t.Cleanup(func() { _ = c.Close() })
	c.anna = c.person("Anna Gatti", board.Employee)
	c.bruno = c.person("Bruno Sala", board.Employee)
	c.mod = c.person("Mara Conti", board.Employee, board.Moderator)
	c.admin = c.person("Ada Riva", board.Employee, board.Admin)
	c.guest = c.person("Gino Cliente", board.Guest)
	c.do(c.AddBoard(c.ctx, c.admin, board.NewBoard{Slug: c.open, Name: "Aperta"}, ""))
	c.do(c.AddBoard(c.ctx, c.admin, board.NewBoard{Slug: c.private, Name: "Riservata", Visibility: board.Private}, ""))
	for _, p := range []board.Who{c.anna, c.mod} {
		c.do(c.AddMember(c.ctx, c.admin, c.private, p.ID))
	}
	return c
}

// reopen opens a folder; the clock moves a second with every look at it.
func (c *company) reopen(dir string) *Store {
	c.t.Helper()
	s, err := Open(c.ctx, Options{Dir: dir, Now: func() time.Time { return time.UnixMicro(c.clock.Add(1_000_000)) }})
	if err != nil {
		c.t.Fatal(err)
	}
	return s
}

func (c *company) person(name string, kind board.Kind, roles ...board.Role) board.Who {
	c.t.Helper()
	p, _, err := c.AddPerson(c.ctx, Operator(), board.NewPerson{Name: name, Email: foldedName(name, '.') + "@example.com", Kind: kind, Roles: roles})
	if err != nil {
		c.t.Fatal(err)
	}
	return board.Who{ID: p.ID, Name: p.Name, Kind: kind, Roles: roles}
}

// do fails the test on an error and drops the value.
func (c *company) do(_ any, err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

func (c *company) idea(who board.Who, slug, title string) board.Idea {
	c.t.Helper()
	i, err := c.AddIdea(c.ctx, who, slug, board.NewIdea{Title: title, Body: "Perché no?"}, "")
	if err != nil {
		c.t.Fatal(err)
	}
	return i
}

func (c *company) reply(who board.Who, idea int64, parent *int64, body string) board.Comment {
	c.t.Helper()
	m, err := c.Reply(c.ctx, who, idea, board.NewComment{Body: body, ParentID: parent}, "")
	if err != nil {
		c.t.Fatal(err)
	}
	return m
}

// clean fails the test when check finds a fault.
func (c *company) clean() {
	c.t.Helper()
	faults, err := c.Check(c.ctx)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, f := range faults {
		c.t.Error("check:", f)
	}
}

// wants fails the test unless err is an error for people with this code and field.
func wants(t *testing.T, err error, code board.Code, field string) {
	t.Helper()
	var e *board.Error
	if !errors.As(err, &e) || e.Code != code || e.Field != field {
		t.Errorf("got error %v (%#v), want code %s field %q", err, err, code, field)
	}
}

// promise plans an idea: the moderator sees to it, by the end of the year.
func (c *company) promise(reason string) board.Move {
	return board.Move{Stage: board.Planned, Reason: reason, Owner: c.mod.ID, Due: board.DayOf(time.UnixMicro(c.clock.Load()).AddDate(0, 6, 0))}
}

// recorded fails the test unless do adds exactly these events to the log.
func (c *company) recorded(do func(), kinds ...board.EventKind) {
	c.t.Helper()
	before := c.Head()
	do()
	entries, err := c.Entries(c.ctx, before, 100)
	if err != nil {
		c.t.Fatal(err)
	}
	var got []board.EventKind
	for _, e := range entries {
		got = append(got, e.Kind)
	}
	if fmt.Sprint(got) != fmt.Sprint(kinds) {
		c.t.Errorf("recorded %v, want %v", got, kinds)
	}
}
