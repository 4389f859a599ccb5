package search

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"convivio/store/board"
)

const (
	readAtOnce = 500 // texts
	askAtOnce  = 400 // ids
)

var parts = [...]board.Where{board.InText, board.InComment, board.InAnswer}

// writer fills batches, and writes a full one before it goes on: the cursor
// moves only with the last.
type writer struct {
	x     *Index
	files *files
	batch *batch
	told  bool // the state tells something new although no text does
}

// bring looks at everything again that the work names.
func (w *writer) bring(ctx context.Context, todo work) error {
	for _, id := range slices.Sorted(maps.Keys(todo.boards)) {
		if err := w.board(ctx, id); err != nil {
			return err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(todo.threads)) {
		if err := w.thread(ctx, id); err != nil {
			return err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(todo.people)) {
		if err := w.person(ctx, id); err != nil {
			return err
		}
	}
	for _, part := range parts {
		ids := slices.Sorted(maps.Keys(todo.texts[part]))
		for chunk := range slices.Chunk(ids, askAtOnce) {
			if err := w.texts(ctx, part, chunk); err != nil {
				return err
			}
		}
	}
	return nil
}

// texts looks at single texts: those that are there are indexed, the others deleted.
func (w *writer) texts(ctx context.Context, part board.Where, ids []int64) error {
	docs, err := w.x.src.Documents(ctx, part, ids)
	if err != nil {
		return fmt.Errorf("read texts: %w", err)
	}
	there := map[int64]bool{}
	for _, d := range docs {
		there[d.ID] = true
		w.batch.index(d)
	}
	for _, id := range ids {
		if !there[id] {
			w.batch.remove(documentID(board.Ref{Part: part, ID: id}))
		}
	}
	return w.flushFull()
}

// person looks at what somebody wrote, of which their language may tell
// something, and indexes what stands otherwise than it did.
func (w *writer) person(ctx context.Context, id int64) error {
	held, err := w.files.holds(ctx, authorField, strconv.FormatInt(id, 10))
	if err != nil {
		return err
	}
	ids := map[board.Where][]int64{}
	for ref := range held {
		ids[ref.Part] = append(ids[ref.Part], ref.ID)
	}
	for _, part := range parts {
		slices.Sort(ids[part])
		for chunk := range slices.Chunk(ids[part], askAtOnce) {
			docs, err := w.x.src.Documents(ctx, part, chunk)
			if err != nil {
				return fmt.Errorf("read texts: %w", err)
			}
			for _, d := range docs {
				if held[d.Ref] != factsOf(d) {
					w.batch.index(d)
				}
			}
			if err := w.flushFull(); err != nil {
				return err
			}
		}
	}
	return nil
}

// thread looks at an idea with everything that hangs on it.
func (w *writer) thread(ctx context.Context, idea int64) error {
	return w.renew(ctx, board.Scope{Idea: idea}, ideaField, idea, func(board.Document) {})
}

// board looks at all texts of a board, which may stand in the index under a
// visibility or a language that the board has no more.
func (w *writer) board(ctx context.Context, id int64) error {
	var now hold
	err := w.renew(ctx, board.Scope{Board: id}, boardField, id, func(d board.Document) {
		now.Open, now.Private = now.Open || !d.Private, now.Private || d.Private
	})
	if err == nil && w.batch.state.Held[id] != now {
		w.batch.state.Held[id] = now
		w.told = true
	}
	return err
}

// renew indexes the texts in a scope that do not stand in the index as they
// are, and deletes what else the index holds of it.
func (w *writer) renew(ctx context.Context, in board.Scope, field string, id int64, each func(board.Document)) error {
	old, err := w.files.holds(ctx, field, strconv.FormatInt(id, 10))
	if err != nil {
		return err
	}
	for _, part := range parts {
		for after := int64(0); ; {
			docs, err := w.x.src.DocumentsAfter(ctx, part, in, after, readAtOnce)
			if err != nil {
				return fmt.Errorf("read texts: %w", err)
			}
			for _, d := range docs {
				each(d)
				if held, ok := old[d.Ref]; !ok || held != factsOf(d) {
					w.batch.index(d)
				}
				delete(old, d.Ref)
				after = d.ID
			}
			if err := w.flushFull(); err != nil {
				return err
			}
			if len(docs) < readAtOnce {
				break
			}
		}
	}
	// The rest is gone, or stands elsewhere by now.
	rest := map[board.Where][]int64{}
	for ref := range old {
		rest[ref.Part] = append(rest[ref.Part], ref.ID)
	}
	for _, part := range parts {
		slices.Sort(rest[part])
		for chunk := range slices.Chunk(rest[part], askAtOnce) {
			if err := w.texts(ctx, part, chunk); err != nil {
				return err
			}
		}
	}
	return w.flushFull()
}

func (w *writer) flushFull() error {
	if !w.batch.full() {
		return nil
	}
	return w.flush()
}

// flush writes what there is, the cursor unmoved.
func (w *writer) flush() error {
	if w.batch.empty() {
		return nil
	}
	if err := w.x.commit(w.files, w.batch); err != nil {
		return err
	}
	w.batch = newBatch(w.batch.state.copy())
	return nil
}

// holds are the documents that have a term in a field, with what the index knows of them.
func (f *files) holds(ctx context.Context, field, term string) (held map[board.Ref]facts, err error) {
	held = map[board.Ref]facts{}
	err = contained(func() error {
		r, err := f.index.Reader()
		if err != nil {
			return damaged("read: %v", err)
		}
		defer func() { _ = r.Close() }()
		t, err := r.TermFieldReader(ctx, []byte(term), field, false, false, false)
		if err != nil {
			return damaged("read: %v", err)
		}
		defer func() { _ = t.Close() }()
		look, err := newLooker(r)
		if err != nil {
			return err
		}
		for {
			d, err := t.Next(nil)
			if err != nil {
				return damaged("read: %v", err)
			}
			if d == nil {
				return nil
			}
			look.at(d.ID)
			known, err := look.facts()
			if err != nil {
				return damaged("read: %v", err)
			}
			held[known.ref] = known
		}
	})
	return held, err
}
