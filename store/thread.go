package store

import (
	"context"
	"database/sql"
	"fmt"
	"sort"
	"strings"

	"convivio/store/board"
)

// node is what the order of a thread depends on.
type node struct {
	id, parent int64
	cited      bool
	repliers   int
}

// Comments reads a piece of an idea's thread in reading order: a comment, then
// the replies to it, then the next. Parents always come before their replies.
// Errors: not_found, invalid.
func (s *Store) Comments(ctx context.Context, who board.Who, idea int64, order board.CommentSort, limit int, after string) (board.List[board.Comment], error) {
	out := board.List[board.Comment]{Items: []board.Comment{}}
	if err := s.visible(ctx, who, idea); err != nil {
		return out, err
	}
	return s.Thread(ctx, idea, order, limit, after)
}

// Thread is Comments for a caller that has just read the idea as its reader:
// what comes back is the same for everybody who may see it.
func (s *Store) Thread(ctx context.Context, idea int64, order board.CommentSort, limit int, after string) (board.List[board.Comment], error) {
	out := board.List[board.Comment]{Items: []board.Comment{}}
	if order == "" {
		order = board.Best
	}
	if order != board.Best && order != board.OldestFirst && order != board.NewestFirst {
		return out, board.FieldFault("sort", "The order is one of best, oldest and newest.")
	}
	list := fmt.Sprintf("thread:%s:%d", order, idea)
	c, more, err := parseCursor(list, after)
	if err != nil {
		return out, err
	}
	nodes, err := s.nodes(ctx, idea)
	if err != nil {
		return out, err
	}
	ids := readingOrder(nodes, order)
	if more {
		ids = afterID(ids, c.id)
	}
	if limit = pageSize(limit); len(ids) > limit {
		ids = ids[:limit]
		out.Next = cursor{list: list, id: ids[limit-1]}.String()
	}
	out.Items, err = s.commentsByID(ctx, ids)
	return out, err
}

// PieceWith finds the cursor of the piece of a thread that begins with a
// comment's own root, so that a permalink shows it in its context. The empty
// cursor is the first piece.
func (s *Store) PieceWith(ctx context.Context, idea, comment int64, order board.CommentSort, limit int) (string, error) {
	nodes, err := s.nodes(ctx, idea)
	if err != nil {
		return "", err
	}
	ids := readingOrder(nodes, order)
	parent := make(map[int64]int64, len(nodes))
	for _, n := range nodes {
		parent[n.id] = n.parent
	}
	at := 0
	for i, id := range ids {
		if parent[id] == 0 {
			at = i
		}
		if id == comment {
			if i < pageSize(limit) {
				return "", nil
			}
			if i-at >= pageSize(limit) { // deep inside a very long branch
				at = i
			}
			return cursor{list: fmt.Sprintf("thread:%s:%d", order, idea), id: ids[at-1]}.String(), nil
		}
	}
	return "", nil
}

// afterID cuts what has been read already. A comment never leaves its thread,
// so the last one read is always found.
func afterID(ids []int64, last int64) []int64 {
	for i, id := range ids {
		if id == last {
			return ids[i+1:]
		}
	}
	return nil
}

func (s *Store) nodes(ctx context.Context, idea int64) ([]node, error) {
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT id, COALESCE(parent_id, 0), cited, repliers FROM comment WHERE idea_id = $1 ORDER BY added_seq`, idea)
	if err != nil {
		return nil, fmt.Errorf("read the thread of idea %d: %w", idea, err)
	}
	return collect(rows, func(rows *sql.Rows) (n node, err error) {
		var cited int
		err = rows.Scan(&n.id, &n.parent, &cited, &n.repliers)
		n.cited = cited > 0
		return n, err
	})
}

// readingOrder sorts the replies under each parent and walks the tree without
// recursion, since a thread may be as deep as people make it. nodes come by id.
func readingOrder(nodes []node, order board.CommentSort) []int64 {
	children := make(map[int64][]node)
	for _, n := range nodes {
		children[n.parent] = append(children[n.parent], n)
	}
	for _, list := range children {
		sortSiblings(list, order)
	}
	out := make([]int64, 0, len(nodes))
	stack := [][]node{children[0]}
	for len(stack) > 0 {
		top := stack[len(stack)-1]
		if len(top) == 0 {
			stack = stack[:len(stack)-1]
			continue
		}
		out = append(out, top[0].id)
		stack[len(stack)-1] = top[1:]
		if replies := children[top[0].id]; len(replies) > 0 {
			stack = append(stack, replies)
		}
	}
	return out
}

func sortSiblings(list []node, order board.CommentSort) {
	switch order {
	case board.Best:
		sort.SliceStable(list, func(i, j int) bool {
			a, b := list[i], list[j]
			if a.cited != b.cited {
				return a.cited
			}
			if a.repliers != b.repliers {
				return a.repliers > b.repliers
			}
			return a.id < b.id
		})
	case board.NewestFirst:
		sort.SliceStable(list, func(i, j int) bool { return list[i].id > list[j].id })
	}
}

// commentsByID reads comments in the order given.
func (s *Store) commentsByID(ctx context.Context, ids []int64) ([]board.Comment, error) {
	if len(ids) == 0 {
		return []board.Comment{}, nil
	}
	marks, args := inList(ids, 1)
	// #nosec G202 -- placeholders alone are put together
	rows, err := s.readDB.QueryContext(ctx, `SELECT `+commentColumns+commentFrom+` WHERE c.id IN (`+marks+`)`, args...)
	if err != nil {
		return nil, fmt.Errorf("read comments: %w", err)
	}
	found, err := collect(rows, func(rows *sql.Rows) (board.Comment, error) { return scanComment(rows) })
	if err != nil {
		return nil, err
	}
	byID := make(map[int64]*board.Comment, len(found))
	for i := range found {
		byID[found[i].ID] = &found[i]
	}
	out := make([]board.Comment, 0, len(ids))
	for _, id := range ids {
		if c := byID[id]; c != nil {
			out = append(out, *c)
		}
	}
	return out, nil
}

// inList makes the placeholders and values of an IN list, beginning at $first. The
// length is a power of two, the last id repeated, so that few different
// statements are prepared and kept.
func inList(ids []int64, first int) (marks string, args []any) {
	size := 1
	for size < len(ids) {
		size *= 2
	}
	var b strings.Builder
	args = make([]any, size)
	for i := range args {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "$%d", first+i)
		args[i] = ids[min(i, len(ids)-1)]
	}
	return b.String(), args
}
