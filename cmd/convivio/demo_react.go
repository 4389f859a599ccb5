package main

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"sync"

	"convivio/store/board"
)

// Who follows what and who reacted to what is drawn from names, so that it is the
// same every time the demo is made.

// drawn is a number from 0 to n-1 that belongs to some words.
func drawn(n uint32, words ...any) uint32 {
	h := fnv.New32a()
	_, _ = fmt.Fprintln(h, words...)
	sum := h.Sum32()
	return (sum ^ sum>>15) * 2654435761 >> 7 % n
}

// follow lets the people with a voice follow some of the boards they see, and some
// of them offer to be asked.
func (f *filling) follow(ctx context.Context) error {
	for _, p := range f.People {
		if drawn(2, "expert", p.ID) == 0 {
			if _, err := f.st.OfferToBeAsked(ctx, f.who[p.ID], true); err != nil {
				return fmt.Errorf("let %s be asked: %w", p.Name, err)
			}
		}
		for _, b := range f.Boards {
			if !b.sees(p) || b.Slug == smallBoard || drawn(3, "follow", p.ID, b.Slug) != 0 {
				continue
			}
			if _, err := f.st.FollowBoard(ctx, f.who[p.ID], b.Slug); err != nil {
				return fmt.Errorf("let %s follow %s: %w", p.Name, b.Slug, err)
			}
		}
	}
	return nil
}

// demoUnfound is what people look for of which nobody has written.
var demoUnfound = []struct {
	query  string
	people int
}{{"corso tedesco", 11}, {"convenzione palestra", 7}}

// searchInVain lets several people look for what is not there.
func (f *filling) searchInVain(ctx context.Context) error {
	for _, u := range demoUnfound {
		for _, p := range f.silent()[:u.people] {
			f.st.LookedFor(f.who[p.ID].ID, u.query, u.query, false)
		}
	}
	return f.st.FlushUnfound(ctx)
}

// demoReactions is how often each reaction comes up, of a hundred.
var demoReactions = []struct {
	kind board.ReactionKind
	of   uint32
}{{board.Agree, 48}, {board.Thanks, 68}, {board.Insight, 86}, {board.Cheer, 96}, {board.Puzzled, 100}}

// reaction is one person reacting.
type reaction struct {
	who  board.Who
	on   board.Said
	kind board.ReactionKind
}

// react lets people react to comments and answers, the more the more was said about them.
func (f *filling) react(ctx context.Context) error {
	var all []reaction
	for _, i := range f.added {
		var readers []demoPerson
		for _, p := range append(f.People, f.silent()...) {
			if i.board.sees(p) {
				readers = append(readers, p)
			}
		}
		for k, a := range i.Answers {
			all = append(all, f.drawReactions(readers, a.By, board.Said{Answer: a.id}, 3+drawn(8, "answer", i.Key, k), i.Key)...)
		}
		all = append(all, f.reactTo(readers, i, i.Thread)...)
	}
	return f.doReactions(ctx, all)
}

func (f *filling) reactTo(readers []demoPerson, i *demoIdea, thread []*demoComment) (all []reaction) {
	for _, c := range thread {
		all = append(all, f.reactTo(readers, i, c.Replies)...)
		if c.Deleted {
			continue
		}
		n := drawn(3, "some", i.Key, c.id)
		switch {
		case c.ID != "": // an answer cites it
			n += 4
		case len(c.Replies) > 1:
			n += 2
		case drawn(3, "any", i.Key, c.id) != 0:
			continue
		}
		all = append(all, f.drawReactions(readers, c.By, board.Said{Comment: c.id}, n, i.Key)...)
	}
	return all
}

func (f *filling) drawReactions(readers []demoPerson, author string, on board.Said, n uint32, key string) (all []reaction) {
	for k := range n {
		p := readers[drawn(uint32(len(readers)), "who", key, on, k)] // #nosec G115 -- a few hundred people
		if p.ID == author {
			continue
		}
		at := drawn(100, "how", key, on, k)
		for _, r := range demoReactions {
			if at < r.of {
				all = append(all, reaction{f.who[p.ID], on, r.kind})
				break
			}
		}
	}
	return all
}

// demoAtOnce is how many reactions share a commit.
const demoAtOnce = 128

func (f *filling) doReactions(ctx context.Context, all []reaction) error {
	for len(all) > 0 {
		some := all[:min(len(all), demoAtOnce)]
		all = all[len(some):]
		errs := make([]error, len(some))
		var wg sync.WaitGroup
		for i, r := range some {
			wg.Go(func() { _, errs[i] = f.st.React(ctx, r.who, r.on, r.kind) })
		}
		wg.Wait()
		if err := errors.Join(errs...); err != nil {
			return fmt.Errorf("react: %w", err)
		}
	}
	return nil
}
