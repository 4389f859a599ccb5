package live

import (
	"slices"

	"convivio/templates/words"
)

// language is what a connection wants its frames in: its place in words.Langs,
// counted from one; none: no HTML.
type language uint8

const (
	none      language = 0
	languages language = 8 // none, and as many as pages may ever be in
)

// tag is the language as the renderer takes it.
func (l language) tag() string {
	if l == none {
		return ""
	}
	return words.Langs[l-1]
}

// languageOf finds the language of a tag; false: pages are not in it.
func languageOf(tag string) (language, bool) {
	for l := none; int(l) <= len(words.Langs) && l < languages; l++ {
		if l.tag() == tag {
			return l, true
		}
	}
	return none, false
}

// group is the connections that listen to the same thing: one idea, one board,
// or everything. A connection is in exactly one.
type group struct {
	idea, board int64 // zero both: everything; an idea's group knows the idea's present board
	private     bool  // the board is
	conns       []*conn
	in          [languages]int // how many connections want each language
}

// pages is how many of the connections are pages that people look at.
func (g *group) pages() (n int) {
	for _, wanting := range g.in[none+1:] {
		n += wanting
	}
	return n
}

// seenBy tells whether somebody may see what the group listens to.
func (g *group) seenBy(p *person) bool {
	return g.board == 0 || p.access.SeesBoard(g.board, g.private)
}

// group finds or makes the group for what a connection asks. h.mu is held.
func (h *Hub) group(at place) *group {
	var in map[int64]*group
	id := at.idea
	switch {
	case at.idea != 0:
		in = h.ideas
	case at.board != 0:
		in, id = h.boards, at.board
	case at.own:
		return h.own
	default:
		return h.all
	}
	g := in[id]
	if g == nil {
		g = &group{idea: at.idea, board: at.board, private: at.private}
		in[id] = g
	}
	return g
}

// listeners are the groups that an event on an idea or board concerns. h.mu is held.
func (h *Hub) listeners(idea, board int64) []*group {
	found := make([]*group, 0, 3)
	if g := h.ideas[idea]; g != nil {
		found = append(found, g)
	}
	if g := h.boards[board]; g != nil {
		found = append(found, g)
	}
	if len(h.all.conns) > 0 {
		found = append(found, h.all)
	}
	return found
}

// add puts a connection into its group, its person's and the hub's list, and
// returns the connection that has to make way for it, if any. h.mu is held.
func (h *Hub) add(c *conn, at place, p *person) (oldest *conn) {
	if h.PerPerson > 0 && len(p.conns) >= h.PerPerson {
		oldest = h.leastMissed(p)
		h.remove(oldest)
	}
	h.people[p.id] = p
	p.conns = append(p.conns, c)
	g := h.group(at)
	c.person, c.group = p, g
	c.slot, c.place = len(g.conns), len(h.conns)
	g.conns = append(g.conns, c)
	h.conns = append(h.conns, c)
	g.in[c.lang]++
	h.count(c)
	h.arrive(c)
	return oldest
}

// leastMissed is the connection of somebody that makes way for another: one that
// hears of no conversation, or the oldest. h.mu is held.
func (h *Hub) leastMissed(p *person) *conn {
	for _, c := range p.conns {
		if c.group == h.own {
			return c
		}
	}
	return p.conns[0]
}

// remove takes a connection out of everything: it hears nothing more. h.mu is held.
func (h *Hub) remove(c *conn) {
	if c.gone {
		return
	}
	c.gone = true
	g, p := c.group, c.person
	last := g.conns[len(g.conns)-1]
	g.conns[c.slot], last.slot = last, c.slot
	g.conns[len(g.conns)-1] = nil
	g.conns = g.conns[:len(g.conns)-1]
	g.in[c.lang]--
	last = h.conns[len(h.conns)-1]
	h.conns[c.place], last.place = last, c.place
	h.conns[len(h.conns)-1] = nil
	h.conns = h.conns[:len(h.conns)-1]
	p.conns = slices.DeleteFunc(p.conns, func(o *conn) bool { return o == c })
	if len(p.conns) == 0 {
		delete(h.people, p.id)
	}
	if len(g.conns) == 0 && g != h.all && g != h.own {
		if g.idea != 0 {
			delete(h.ideas, g.idea)
		} else {
			delete(h.boards, g.board)
		}
	}
	h.count(c)
}

// count marks an idea whose number of readers has to be told anew. h.mu is held.
func (h *Hub) count(c *conn) {
	if c.group.idea != 0 && c.lang != none {
		h.counted[c.group.idea] = true
	}
}
