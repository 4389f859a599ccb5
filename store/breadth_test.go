package store

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"convivio/store/board"
)

// crew adds people of teams and sites who vote.
func (c *company) crew(teams, each, sites int) []board.Who {
	c.t.Helper()
	var out []board.Who
	for i := range teams * each {
		p, _, err := c.AddPerson(c.ctx, Operator(), board.NewPerson{Name: fmt.Sprint("Persona ", i), Email: fmt.Sprintf("p%d@example.com", i), Kind: board.Employee,
			Team: fmt.Sprint("Team ", i%teams), Site: fmt.Sprint("Sede ", i%sites)})
		if err != nil {
			c.t.Fatal(err)
		}
		out = append(out, board.Who{ID: p.ID, Name: p.Name, Kind: board.Employee})
	}
	return out
}

// nextDay moves the clock on by a day and counts.
func (c *company) nextDay() {
	c.t.Helper()
	c.clock.Add((24 * time.Hour).Microseconds())
	c.do(0, c.CountBreadth(c.ctx))
}

func (c *company) breadth(idea int64) *board.Breadth {
	c.t.Helper()
	i, err := c.Idea(c.ctx, c.anna, idea)
	if err != nil {
		c.t.Fatal(err)
	}
	return i.Breadth
}

func TestBreadthIsToldInSteps(t *testing.T) {
	c := newCompany(t)
	crew := c.crew(6, 9, 4)
	idea := c.idea(c.anna, c.open, "Per tutti")
	vote := func(from, to int) {
		for _, p := range crew[from:to] {
			c.do(c.Vote(c.ctx, p, idea.ID))
		}
	}
	vote(0, 4)
	c.nextDay()
	if b := c.breadth(idea.ID); b != nil {
		t.Errorf("of four votes it tells %+v", b)
	}
	vote(4, 12)
	if b := c.breadth(idea.ID); b != nil {
		t.Errorf("during the day it tells %+v", b)
	}
	c.recorded(func() { c.nextDay() }, board.BreadthCounted)
	b := c.breadth(idea.ID)
	if b == nil || b.People != 12 || b.Teams != 6 || b.OfTeams != 6 || b.Sites != 4 || b.OfSites != 4 || b.Guests != 0 {
		t.Fatalf("of twelve votes of six teams it tells %+v", b)
	}
	for _, p := range crew[:4] { // fewer than five took it back: it stands
		c.do(c.Unvote(c.ctx, p, idea.ID))
	}
	c.recorded(c.nextDay)
	vote(12, 20) // and with the others fewer than five more voted
	c.recorded(c.nextDay)
	vote(20, 21)
	c.recorded(func() { c.nextDay() }, board.BreadthCounted)
	if b = c.breadth(idea.ID); b.People != 17 {
		t.Errorf("of seventeen votes it tells %+v", b)
	}
	c.recorded(func() { c.do(0, c.CountBreadth(c.ctx)) })
	c.clean()
}

func TestGuestsAreCountedApart(t *testing.T) {
	c := newCompany(t)
	crew := c.crew(5, 9, 1)
	idea := c.idea(c.anna, c.open, "Con i clienti")
	var guests []board.Who
	for i := range 12 {
		g := c.person(fmt.Sprint("Cliente ", i), board.Guest)
		c.do(c.AddMember(c.ctx, c.mod, c.open, g.ID))
		guests = append(guests, g)
	}
	for _, p := range append(crew[:9:9], guests[:3]...) {
		c.do(c.Vote(c.ctx, p, idea.ID))
	}
	c.nextDay()
	if b := c.breadth(idea.ID); b == nil || b.People != 12 || b.Guests != 0 {
		t.Errorf("with three guests it tells %+v", b)
	}
	for _, g := range guests[3:9] {
		c.do(c.Vote(c.ctx, g, idea.ID))
	}
	c.nextDay()
	if b := c.breadth(idea.ID); b == nil || b.People != 18 || b.Guests != 5 || b.Teams != 5 {
		t.Errorf("with nine guests it tells %+v", b)
	}
	c.clean()
}

// TestWatchingBreadthTellsOfNobody watches what is told over many days of votes by
// chance: each time it changes, at least five
// people joined, or left.
func TestWatchingBreadthTellsOfNobody(t *testing.T) {
	c := newCompany(t)
	crew := c.crew(4, 6, 3)
	idea := c.idea(c.anna, c.open, "Sotto gli occhi")
	r := rand.New(rand.NewPCG(5, 23))
	voted := map[int]bool{}
	var before map[int]bool // who had voted when it was told last
	var last *board.Breadth
	changes := 0
	for range 60 {
		for range r.IntN(8) {
			n := r.IntN(len(crew))
			if voted[n] && r.IntN(2) == 0 {
				c.do(c.Unvote(c.ctx, crew[n], idea.ID))
				delete(voted, n)
			} else {
				c.do(c.Vote(c.ctx, crew[n], idea.ID))
				voted[n] = true
			}
		}
		c.nextDay()
		b := c.breadth(idea.ID)
		if b != nil && last != nil && b.At.Equal(last.At) || b == nil && last == nil {
			continue
		}
		joined, left := 0, 0
		for n := range crew {
			if voted[n] && !before[n] {
				joined++
			}
			if !voted[n] && before[n] {
				left++
			}
		}
		if joined < board.GroupFloor && left < board.GroupFloor {
			t.Fatalf("%+v became %+v when %d joined and %d left", last, b, joined, left)
		}
		if b != nil && b.People != len(voted) {
			t.Fatalf("%d voted, it tells %+v", len(voted), b)
		}
		before, last = map[int]bool{}, b
		for n := range voted {
			before[n] = true
		}
		changes++
	}
	if changes < 3 {
		t.Errorf("it was told %d times: that shows nothing", changes)
	}
	c.clean()
}

func TestIdeasSortByBreadth(t *testing.T) {
	c := newCompany(t)
	crew := c.crew(5, 6, 2)
	var ids []int64
	for i := range 5 {
		ids = append(ids, c.idea(c.anna, c.open, fmt.Sprint("Idea ", i)).ID)
	}
	one := []board.Who{crew[0], crew[5], crew[10], crew[15], crew[20], crew[25], crew[1], crew[6]} // two teams
	for _, p := range one {
		c.do(c.Vote(c.ctx, p, ids[1]))
	}
	for _, p := range crew[:10] { // five teams
		c.do(c.Vote(c.ctx, p, ids[3]))
	}
	for _, p := range crew[:4] {
		c.do(c.Vote(c.ctx, p, ids[4]))
	}
	c.nextDay()
	var got []int64
	after := ""
	for {
		list, err := c.Ideas(c.ctx, c.anna, Listing{Board: c.open, Sort: board.Broadest, Limit: 2, Cursor: after})
		c.do(list, err)
		for _, i := range list.Items {
			got = append(got, i.ID)
		}
		if after = list.Next; after == "" {
			break
		}
	}
	if want := []int64{ids[3], ids[1], ids[4], ids[2], ids[0]}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("in the order of breadth: %v, want %v", got, want)
	}
	if b := c.breadth(ids[1]); b == nil || b.People != 8 || b.Teams != 0 {
		t.Errorf("of votes of two teams it tells %+v", b)
	}
}
