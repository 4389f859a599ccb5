package search

import (
	"context"
	"fmt"
	"maps"
	"slices"

	index "github.com/blevesearch/bleve_index_api"

	"convivio/store/board"
)

const (
	mostProblems = 20 // differences that Check tells one by one
	secondLooks  = 5  // at a difference, since the store may change while it is compared
)

// Check brings the index up to the log's head and compares it with the store:
// every text is there as it stands now, for the readers it has now, and nothing
// else is. It returns what it found wrong, one sentence each. Not beside Run;
// people may go on writing.
func (x *Index) Check(ctx context.Context) ([]string, error) {
	x.working.Lock()
	defer x.working.Unlock()
	var problems []string
	if x.damage != "" {
		problems = append(problems, fmt.Sprintf("the search index was damaged (%s) and has been built anew", x.damage))
		x.damage = ""
	}
	differ, err := x.compare(ctx, nil)
	for n := 0; err == nil && len(differ) > 0 && n < secondLooks; n++ {
		differ, err = x.compare(ctx, slices.Collect(maps.Keys(differ)))
	}
	if err != nil {
		return problems, err
	}
	for i, ref := range slices.SortedFunc(maps.Keys(differ), byPart) {
		if i == mostProblems {
			problems = append(problems, fmt.Sprintf("the search index differs from the store in %d texts more", len(differ)-i))
			break
		}
		problems = append(problems, differ[ref])
	}
	return problems, nil
}

func byPart(a, b board.Ref) int {
	if p := slices.Index(parts[:], a.Part) - slices.Index(parts[:], b.Part); p != 0 {
		return p
	}
	return int(a.ID - b.ID)
}

// differences are sentences about the texts in which index and store differ.
type differences map[board.Ref]string

// compare brings the index up to date and compares it with the store: only some
// texts, or all and nothing else.
func (x *Index) compare(ctx context.Context, only []board.Ref) (found differences, err error) {
	if err := x.catchUp(ctx, nil); err != nil {
		return nil, err
	}
	f, r, _, err := x.snapshot()
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }()
	err = contained(func() error {
		look, err := newLooker(r)
		if err != nil {
			return err
		}
		c := &comparison{src: x.src, r: r, look: look, found: differences{}, there: map[board.Ref]bool{}}
		found = c.found
		if only != nil {
			return c.some(ctx, only)
		}
		return c.all(ctx)
	})
	if err != nil && ctx.Err() == nil {
		f.doubt(err) // Run builds the index anew if its files are damaged
	}
	return found, err
}

// comparison is one pass over index and store.
type comparison struct {
	src   Source
	r     index.IndexReader
	look  *looker
	found differences
	there map[board.Ref]bool // texts that the store has
}

// all compares every text of the store, and then looks for what only the index has.
func (c *comparison) all(ctx context.Context) error {
	for _, part := range parts {
		for after := int64(0); ; {
			docs, err := c.src.DocumentsAfter(ctx, part, board.Scope{}, after, readAtOnce)
			if err != nil {
				return fmt.Errorf("read texts: %w", err)
			}
			if err := c.texts(docs); err != nil {
				return err
			}
			if len(docs) < readAtOnce {
				break
			}
			after = docs[len(docs)-1].ID
		}
	}
	return c.surplus()
}

// some compares single texts.
func (c *comparison) some(ctx context.Context, refs []board.Ref) error {
	ids := map[board.Where][]int64{}
	for _, r := range refs {
		ids[r.Part] = append(ids[r.Part], r.ID)
	}
	for part, list := range ids {
		for chunk := range slices.Chunk(list, askAtOnce) {
			docs, err := c.src.Documents(ctx, part, chunk)
			if err != nil {
				return fmt.Errorf("read texts: %w", err)
			}
			if err := c.texts(docs); err != nil {
				return err
			}
		}
	}
	for _, ref := range refs {
		id, err := c.r.InternalID(documentID(ref))
		if err != nil {
			return damaged("look up: %v", err)
		}
		if id != nil && !c.there[ref] {
			c.found[ref] = noMore(ref)
		}
	}
	return nil
}

// texts compares texts of the store with their documents.
func (c *comparison) texts(docs []board.Document) error {
	for _, d := range docs {
		c.there[d.Ref] = true
		id, err := c.r.InternalID(documentID(d.Ref))
		if err != nil {
			return damaged("look up: %v", err)
		}
		if id == nil {
			c.found[d.Ref] = fmt.Sprintf("%s %d is not in the search index", d.Part, d.ID)
			continue
		}
		c.look.at(id)
		got, err := c.look.facts()
		if err != nil {
			return err
		}
		if want := factsOf(d); got != want {
			c.found[d.Ref] = fmt.Sprintf("%s %d stands in the search index as (%v), not as (%v)", d.Part, d.ID, got, want)
		}
	}
	return nil
}

// surplus finds documents that the store does not have.
func (c *comparison) surplus() error {
	all, err := c.r.DocIDReaderAll()
	if err != nil {
		return damaged("list documents: %v", err)
	}
	defer func() { _ = all.Close() }()
	for {
		id, err := all.Next()
		if err != nil {
			return damaged("list documents: %v", err)
		}
		if id == nil {
			return nil
		}
		name, err := c.r.ExternalID(id)
		if err != nil {
			return damaged("list documents: %v", err)
		}
		if ref, ok := parseID(name); !ok || !c.there[ref] {
			c.found[ref] = noMore(ref)
		}
	}
}

func noMore(r board.Ref) string {
	return fmt.Sprintf("the search index has %s %d, which is no more", r.Part, r.ID)
}
