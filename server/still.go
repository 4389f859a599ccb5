package server

import (
	"sync"

	"convivio/store"
	"convivio/store/board"
	"convivio/templates"
)

// still keeps what was read for as long as nothing happens but votes, comments and
// reactions to them: what stands around threads and counts. Only for what the log
// tells of; what differs by reader has them in its key.
type still[K comparable, V any] struct {
	mu   sync.Mutex
	seq  int64 // AroundHead that all of it was read at, or later
	kept map[K]V
}

// maxStill bounds how much is kept.
const maxStill = 10_000

// read answers what was read at an AroundHead, or reads it. What comes is
// shared: nobody changes it.
func (c *still[K, V]) read(seq int64, key K, read func() (V, error)) (V, error) {
	c.mu.Lock()
	if c.seq < seq || c.kept == nil || len(c.kept) >= maxStill {
		c.seq, c.kept = max(c.seq, seq), map[K]V{}
	}
	v, ok := c.kept[key]
	ok = ok && c.seq == seq
	c.mu.Unlock()
	if ok {
		return v, nil
	}
	v, err := read()
	if err != nil {
		return v, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seq == seq {
		c.kept[key] = v
	}
	return v, nil
}

// ideaTold is what is told of an idea to each of its readers alike.
type ideaTold struct {
	answers []board.Answer
	path    []board.StageChange
}

// linkedKey is an idea's citations. These are made beside the log: where they changed
// last belongs to the key.
type linkedKey struct{ idea, cited int64 }

// fillTold reads what was answered and decided, and what leads here and from here,
// as the reader may see it.
func (s *Server) fillTold(r *request, p *templates.IdeaPage) error {
	ctx, id, head := r.Context(), p.Idea.ID, s.store.AroundHead()
	told, err := s.told.read(head, id, func() (t ideaTold, err error) {
		if t.answers, err = s.store.AnswersTo(ctx, id); err != nil {
			return t, err
		}
		t.path, err = s.store.PathOf(ctx, id)
		return t, err
	})
	if err != nil {
		return err
	}
	p.Answers, p.Path = told.answers, told.path
	links, err := s.linked.read(head, linkedKey{id, s.store.CitedHead()}, func() (store.Links, error) {
		return s.store.LinksOf(ctx, id)
	})
	if err != nil {
		return err
	}
	var known bool
	if p.Linked, known = links.For(p.Boards); !known {
		p.Linked, err = s.store.CitationsOf(ctx, r.who, id)
	}
	return err
}
