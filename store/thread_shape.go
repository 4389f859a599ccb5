package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"convivio/store/board"
)

// Shape is a thread, or one branch of it, in reading order and without its
// words: a comment, then the replies to it, then the next. Pages are laid out
// from it, and what is new to a reader is found in it.
type Shape struct {
	Idea  int64
	Order board.CommentSort
	Nodes []Node
	index map[int64]int
}

// Node is where a comment stands in a Shape.
type Node struct {
	ID      int64
	Parent  int // place in Nodes of what it replies to; -1 at the top
	Depth   int // 0 at the top of the shape
	Size    int // how many stand below it: they follow it in Nodes
	Replies int // those of them that were not deleted
	People  int // different people who wrote them, counted where Depth is less than 6
	Author  int64
	Added   int64 // the event that added it
	Cited   bool
	Deleted bool

	repliers int // different people who replied to it directly
}

// countedDepth is down to where people are counted: deeper branches do not fold.
const countedDepth = 6

// ShapeOf reads the shape of an idea's thread, the same for everybody who may
// see the idea. Errors: invalid for an order that is none.
func (s *Store) ShapeOf(ctx context.Context, idea int64, order board.CommentSort) (*Shape, error) {
	if order == "" {
		order = board.Best
	}
	if !slices.Contains(board.CommentSorts, order) {
		return nil, board.FieldFault("sort", "The order is one of best, oldest and newest.")
	}
	type row struct {
		Node
		parent int64
	}
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT id, COALESCE(parent_id, 0), author_id, added_seq, cited > 0, deleted_at IS NOT NULL, repliers
		FROM comment WHERE idea_id = $1 AND (deleted_at IS NULL OR label <> 'hidden') ORDER BY added_seq`, idea)
	if err != nil {
		return nil, fmt.Errorf("read the thread of idea %d: %w", idea, err)
	}
	list, err := collect(rows, func(rows *sql.Rows) (r row, err error) {
		err = rows.Scan(&r.ID, &r.parent, &r.Author, &r.Added, &r.Cited, &r.Deleted, &r.repliers)
		return r, err
	})
	if err != nil {
		return nil, err
	}
	children := make(map[int64][]Node, len(list))
	for _, r := range list {
		children[r.parent] = append(children[r.parent], r.Node)
	}
	for _, siblings := range children {
		sortSiblings(siblings, order)
	}
	sh := &Shape{Idea: idea, Order: order, Nodes: make([]Node, 0, len(list))}
	sh.lay(children)
	sh.count()
	return sh, nil
}

// lay walks the tree in reading order, without recursion: a thread may be as
// deep as people make it.
func (sh *Shape) lay(children map[int64][]Node) {
	type level struct {
		parent int
		rest   []Node
	}
	stack := []level{{-1, children[0]}}
	for len(stack) > 0 {
		top := &stack[len(stack)-1]
		if len(top.rest) == 0 {
			stack = stack[:len(stack)-1]
			continue
		}
		n := top.rest[0]
		top.rest = top.rest[1:]
		n.Parent, n.Depth = top.parent, len(stack)-1
		at := len(sh.Nodes)
		sh.Nodes = append(sh.Nodes, n)
		if replies := children[n.ID]; len(replies) > 0 {
			stack = append(stack, level{at, replies})
		}
	}
}

// count fills in what is counted over branches, and the index.
func (sh *Shape) count() {
	sh.index = make(map[int64]int, len(sh.Nodes))
	for i := len(sh.Nodes) - 1; i >= 0; i-- {
		n := &sh.Nodes[i]
		sh.index[n.ID] = i
		if n.Parent >= 0 {
			p := &sh.Nodes[n.Parent]
			p.Size += n.Size + 1
			p.Replies += n.Replies
			if !n.Deleted {
				p.Replies++
			}
		}
	}
	var above [countedDepth]int
	var people [countedDepth]map[int64]bool
	for i := range sh.Nodes {
		n := &sh.Nodes[i]
		for d := range min(n.Depth, countedDepth) {
			if !n.Deleted && !people[d][n.Author] {
				people[d][n.Author] = true
				sh.Nodes[above[d]].People++
			}
		}
		if n.Depth < countedDepth {
			above[n.Depth], people[n.Depth] = i, map[int64]bool{}
		}
	}
}

// Find tells where a comment stands; false where it is not in the shape.
func (sh *Shape) Find(comment int64) (at int, ok bool) {
	at, ok = sh.index[comment]
	return at, ok
}

// Under is the shape of what stands below a comment, which becomes its top.
func (sh *Shape) Under(at int) *Shape {
	n := sh.Nodes[at]
	out := &Shape{Idea: sh.Idea, Order: sh.Order, Nodes: slices.Clone(sh.Nodes[at+1 : at+1+n.Size])}
	for i := range out.Nodes {
		b := &out.Nodes[i]
		b.Depth -= n.Depth + 1
		b.Parent = max(b.Parent-at-1, -1)
		b.Size, b.Replies, b.People = 0, 0, 0
	}
	out.count()
	return out
}

// Above lists the places of the comments that one replies to, the outermost first.
func (sh *Shape) Above(at int) []int {
	var out []int
	for p := sh.Nodes[at].Parent; p >= 0; p = sh.Nodes[p].Parent {
		out = append(out, p)
	}
	slices.Reverse(out)
	return out
}

// Root is the place of the comment at the top that one stands under.
func (sh *Shape) Root(at int) int {
	for sh.Nodes[at].Parent >= 0 {
		at = sh.Nodes[at].Parent
	}
	return at
}

// IDs lists the comments of a piece.
func (sh *Shape) IDs(from, to int) []int64 {
	ids := make([]int64, 0, to-from)
	for _, n := range sh.Nodes[from:to] {
		ids = append(ids, n.ID)
	}
	return ids
}

// list is the name that cursors of this shape carry.
func (sh *Shape) list() string { return fmt.Sprintf("thread:%s:%d", sh.Order, sh.Idea) }

// Cursor makes the cursor of what follows the first n comments; empty at the end.
func (sh *Shape) Cursor(n int) string {
	if n <= 0 || n >= len(sh.Nodes) {
		return ""
	}
	return cursor{list: sh.list(), id: sh.Nodes[n-1].ID}.String()
}

// From finds the place that a cursor stands for; the empty one is the beginning.
// A comment never leaves its thread, so the last one read is always found, unless
// the cursor is of another part of it. Errors: invalid.
func (sh *Shape) From(after string) (int, error) {
	c, ok, err := parseCursor(sh.list(), after)
	if err != nil || !ok {
		return 0, err
	}
	at, found := sh.Find(c.id)
	if !found {
		return len(sh.Nodes), nil
	}
	return at + 1, nil
}

// PieceWith finds where the piece of at most limit comments begins that shows a
// comment in its context: at the beginning, or else where its own branch begins.
// Deep inside a very long branch it begins with the comment itself.
func (sh *Shape) PieceWith(at, limit int) int {
	root := sh.Root(at)
	switch {
	case at < limit:
		return 0
	case at-root < limit:
		return root
	}
	return at
}

// Unread lists the places of what others added after an event.
func (sh *Shape) Unread(who, since int64) []int {
	var out []int
	for i, n := range sh.Nodes {
		if n.Added > since && n.Author != who && !n.Deleted {
			out = append(out, i)
		}
	}
	return out
}

// Before finds where the piece before the one at from begins: with a comment at
// the top where one stands within reach.
func (sh *Shape) Before(from, limit int) int {
	at := max(from-limit, 0)
	if root := sh.Root(at); root < at {
		if next := root + sh.Nodes[root].Size + 1; next < from {
			return next
		}
	}
	return at
}
