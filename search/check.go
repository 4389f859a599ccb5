package search

import (
	"context"
	"fmt"

	index "github.com/blevesearch/bleve_index_api"

	"convivio/store/board"
)

// mostProblems is how many differences Check tells one by one.
const mostProblems = 20

// Check brings the index up to the log's head and compares it with the store:
// every text is there as it stands now, for the readers it has now, and nothing
// else is. It returns what it found wrong, one sentence each. Not beside Run.
func (x *Index) Check(ctx context.Context) ([]string, error) {
	x.working.Lock()
	defer x.working.Unlock()
	c := &checker{}
	if x.damage != "" {
		c.say("the search index was damaged (%s) and has been built anew", x.damage)
		x.damage = ""
	}
	if err := x.catchUp(ctx, nil); err != nil {
		return c.problems, err
	}
	f, r, _, err := x.snapshot()
	if err != nil {
		return c.problems, err
	}
	defer func() { _ = r.Close() }()
	err = contained(func() error { return c.compare(ctx, x.src, r) })
	if err != nil && f.broken() == nil && ctx.Err() == nil {
		c.say("the search index cannot be read: %v", err)
		err = nil
	}
	return c.problems, err
}

// checker gathers differences.
type checker struct {
	problems []string
	more     int
}

func (c *checker) say(format string, args ...any) {
	if len(c.problems) < mostProblems {
		c.problems = append(c.problems, fmt.Sprintf(format, args...))
		return
	}
	c.more++
}

func (c *checker) compare(ctx context.Context, src Source, r index.IndexReader) error {
	values, err := r.DocValueReader([]string{factsField})
	if err != nil {
		return damaged("read facts: %v", err)
	}
	look := &looker{values: values}
	there := map[string]bool{}
	for _, part := range parts {
		for after := int64(0); ; {
			docs, err := src.DocumentsAfter(ctx, part, board.Scope{}, after, readAtOnce)
			if err != nil {
				return fmt.Errorf("read texts: %w", err)
			}
			for _, d := range docs {
				after = d.ID
				there[documentID(d.Ref)] = true
				if err := c.one(r, look, d); err != nil {
					return err
				}
			}
			if len(docs) < readAtOnce {
				break
			}
		}
	}
	if err := c.surplus(r, there); err != nil {
		return err
	}
	if c.more > 0 {
		c.problems = append(c.problems, fmt.Sprintf("the search index: %d differences more", c.more))
	}
	return nil
}

// one compares a text of the store with its document.
func (c *checker) one(r index.IndexReader, look *looker, d board.Document) error {
	id, err := r.InternalID(documentID(d.Ref))
	if err != nil {
		return damaged("look up: %v", err)
	}
	if id == nil {
		c.say("%s %d is not in the search index", d.Part, d.ID)
		return nil
	}
	look.at(id)
	got, err := look.facts()
	if err != nil {
		return err
	}
	if want := factsOf(d); got != want {
		c.say("%s %d stands in the search index as %q, not as %q", d.Part, d.ID, got, want)
	}
	return nil
}

// surplus finds documents that the store does not have.
func (c *checker) surplus(r index.IndexReader, there map[string]bool) error {
	all, err := r.DocIDReaderAll()
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
		name, err := r.ExternalID(id)
		if err != nil {
			return damaged("list documents: %v", err)
		}
		if !there[name] {
			c.say("the search index has %s, which is no more", name)
		}
	}
}
