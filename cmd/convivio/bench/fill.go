package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"

	"convivio/store"
	"convivio/store/board"
)

// company is what a run works with: people with keys, and ideas to read and to
// comment on.
type company struct {
	tokens  []string // one of each person
	cookies []string // sessions of the first people
	read    []int64  // ideas with a whole page of comments, to be read
	ideas   []int64  // ideas without comments, to be commented on
}

// fillers is how many fill a folder at once: one commit serves them all.
const fillers = 64

// fill makes the company of a run in a data folder that no server has open.
func fill(ctx context.Context, dir string, z sizes) (c company, err error) {
	st, err := store.Open(ctx, store.Options{Dir: dir})
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	people := make([]board.Who, z.people)
	c.tokens, c.cookies = make([]string, z.people), make([]string, min(z.people, z.readers))
	err = parallel(ctx, z.people, func(i int) (err error) {
		people[i], err = addPerson(ctx, st, i)
		if err == nil {
			c.tokens[i], err = st.AddToken(ctx, people[i], "bench")
		}
		if err == nil && i < len(c.cookies) {
			c.cookies[i], err = st.OpenSession(ctx, people[i].ID, "bench", false)
		}
		return err
	})
	if err != nil {
		return c, fmt.Errorf("add people: %w", err)
	}
	slugs, err := addBoards(ctx, st)
	if err != nil {
		return c, err
	}
	c.read, c.ideas = make([]int64, z.read), make([]int64, z.ideas)
	err = parallel(ctx, z.read+z.ideas, func(i int) (err error) {
		t := newTexts(uint64(i)) // #nosec G115 -- a small number
		var id int64
		if id, err = addIdea(ctx, st, t, people[i%len(people)], slugs[i%len(slugs)]); err != nil {
			return err
		}
		if i >= z.read {
			c.ideas[i-z.read] = id
			return nil
		}
		c.read[i] = id
		return addThread(ctx, st, t, people, id, z.thread)
	})
	if err != nil {
		return c, fmt.Errorf("add ideas: %w", err)
	}
	return c, nil
}

func addPerson(ctx context.Context, st *store.Store, i int) (board.Who, error) {
	in := board.NewPerson{Email: fmt.Sprintf("bench.%d@example.com", i), Name: name(i), Kind: board.Employee, Lang: "it", Team: "Team " + string(rune('A'+i%9))}
	p, _, err := st.AddPerson(ctx, store.Operator(), in)
	return board.Who{ID: p.ID, Name: in.Name, Email: in.Email, Kind: in.Kind, Lang: in.Lang, Team: in.Team}, err
}

// addBoards makes the six boards the ideas stand on.
func addBoards(ctx context.Context, st *store.Store) (slugs []string, err error) {
	for i := range 6 {
		slug := fmt.Sprintf("bench-%d", i+1)
		if _, err := st.AddBoard(ctx, store.Operator(), board.NewBoard{Slug: slug, Name: fmt.Sprintf("Bench %d", i+1)}, ""); err != nil {
			return nil, fmt.Errorf("add a board: %w", err)
		}
		slugs = append(slugs, slug)
	}
	return slugs, nil
}

func addIdea(ctx context.Context, st *store.Store, t *texts, by board.Who, slug string) (int64, error) {
	idea, err := st.AddIdea(ctx, by, slug, board.NewIdea{Title: t.title(), Body: t.idea(), Tags: []string{t.noun(italian)}}, "")
	return idea.ID, err
}

// addThread writes a thread: six in ten comments reply to one of the last few.
func addThread(ctx context.Context, st *store.Store, t *texts, people []board.Who, idea int64, n int) error {
	var ids []int64
	for range n {
		in := board.NewComment{Body: t.comment()}
		if len(ids) > 0 && t.random.IntN(10) < 6 {
			in.ParentID = &ids[len(ids)-1-t.random.IntN(min(len(ids), 5))]
		}
		comment, err := st.Reply(ctx, people[t.random.IntN(len(people))], idea, in, "")
		if err != nil {
			return err
		}
		ids = append(ids, comment.ID)
	}
	return nil
}

// parallel does n things, some at once, until one fails.
func parallel(ctx context.Context, n int, do func(i int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(fillers, n) {
		wg.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if err := do(i); err != nil {
					cancel(err)
				}
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}

// newRandom is a source of numbers that are the same in every run.
func newRandom(seed int) *rand.Rand {
	return rand.New(rand.NewPCG(uint64(seed), 1)) // #nosec G404 G115 -- no secret
}
