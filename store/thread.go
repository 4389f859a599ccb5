package store

import (
	"context"
	"database/sql"
	"fmt"
	"sort"
	"strings"

	"convivio/store/board"
)

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
	shape, err := s.ShapeOf(ctx, idea, order)
	if err != nil {
		return out, err
	}
	from, err := shape.From(after)
	if err != nil {
		return out, err
	}
	to := min(from+pageSize(limit), len(shape.Nodes))
	out.Next = shape.Cursor(to)
	out.Items, err = s.commentsByID(ctx, shape.IDs(from, to))
	return out, err
}

func sortSiblings(list []Node, order board.CommentSort) {
	switch order {
	case board.Best:
		sort.SliceStable(list, func(i, j int) bool {
			a, b := list[i], list[j]
			if a.Cited != b.Cited {
				return a.Cited
			}
			if a.repliers != b.repliers {
				return a.repliers > b.repliers
			}
			return a.ID < b.ID
		})
	case board.NewestFirst:
		sort.SliceStable(list, func(i, j int) bool { return list[i].ID > list[j].ID })
	}
}

// Landmarks lists the comments of an idea that its reader was found to see, in the
// order they were written, without those deleted.
func (s *Store) Landmarks(ctx context.Context, idea int64) ([]board.Landmark, error) {
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT c.id, p.id, p.name, c.created_at, c.added_seq, c.cited > 0
		FROM comment c JOIN person p ON p.id = c.author_id
		WHERE c.idea_id = $1 AND c.deleted_at IS NULL ORDER BY c.added_seq`, idea)
	if err != nil {
		return nil, fmt.Errorf("read the landmarks of idea %d: %w", idea, err)
	}
	return collect(rows, func(rows *sql.Rows) (l board.Landmark, err error) {
		var us int64
		err = rows.Scan(&l.ID, &l.Author.ID, &l.Author.Name, &us, &l.Added, &l.Cited)
		l.At = at(us)
		return l, err
	})
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
	if err := s.withReactions(ctx, found); err != nil {
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
// length is a power of two, the last one repeated, so that few different
// statements are prepared and kept.
func inList[T any](ids []T, first int) (marks string, args []any) {
	var b strings.Builder
	args = make([]any, padded(len(ids)))
	for i := range args {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "$%d", first+i)
		args[i] = ids[min(i, len(ids)-1)]
	}
	return b.String(), args
}
