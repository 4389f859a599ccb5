package store

import (
	"errors"
	"math/rand/v2"
	"sync"
	"testing"

	"convivio/store/board"
)

// TestRandomMergesLoseNothing lets several people comment, vote and take votes back
// while moderators merge the same ideas and take them apart. At the end check finds
// no fault, every comment is there once, and nothing is left that a merge brought.
func TestRandomMergesLoseNothing(t *testing.T) {
	c := newCompany(t)
	people := []board.Who{c.anna, c.bruno, c.mod, c.admin, c.person("Carla Neri", board.Employee), c.person("Dario Blu", board.Employee)}
	var ideas []int64
	for i, who := range people {
		ideas = append(ideas, c.idea(who, c.open, "Idea "+string(rune('A'+i))).ID)
	}
	var mu sync.Mutex
	said := map[int64]bool{}
	fine := func(err error) bool {
		var fault *board.Error
		if err != nil && (!errors.As(err, &fault) || fault.Code == board.Internal || fault.Code == board.Unavailable) {
			t.Error(err)
		}
		return err == nil
	}
	var wg sync.WaitGroup
	for n, who := range people {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(uint64(n), 7))
			var last *int64
			for range 60 {
				idea := ideas[r.IntN(len(ideas))]
				switch r.IntN(6) {
				case 0, 1:
					_, err := c.Vote(c.ctx, who, idea)
					fine(err)
				case 2:
					_, err := c.Unvote(c.ctx, who, idea)
					fine(err)
				case 3:
					m, err := c.Reply(c.ctx, who, idea, board.NewComment{Body: "Sì"}, "")
					if fine(err) {
						mu.Lock()
						said[m.ID] = true
						mu.Unlock()
						last = &m.ID
					}
				case 4:
					if last == nil {
						continue
					}
					at, err := c.Comment(c.ctx, who, *last)
					if !fine(err) {
						continue
					}
					m, err := c.Reply(c.ctx, who, at.Idea, board.NewComment{Body: "Poi", ParentID: last}, "")
					if fine(err) {
						mu.Lock()
						said[m.ID] = true
						mu.Unlock()
					}
				case 5:
					if n%2 == 0 {
						_, err := c.MergeIdea(c.ctx, c.mod, idea, into(ideas[r.IntN(len(ideas))]))
						fine(err)
					} else {
						_, err := c.UnmergeIdea(c.ctx, c.mod, idea, "")
						fine(err)
					}
				}
			}
		})
	}
	wg.Wait()
	c.clean()
	for range len(ideas) { // what is merged into nothing merged comes apart in any order
		for _, id := range ideas {
			if i, err := c.Idea(c.ctx, c.mod, id); err == nil && i.MergedInto != 0 {
				c.do(c.UnmergeIdea(c.ctx, c.mod, id, ""))
				c.clean()
			}
		}
	}
	there := map[int64]int{}
	for _, id := range ideas {
		list, err := c.ShapeOf(c.ctx, id, board.OldestFirst)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range list.Nodes {
			there[n.ID]++
		}
	}
	for id := range said {
		if there[id] != 1 {
			t.Errorf("comment %d stands %d times", id, there[id])
		}
	}
	var moved int
	if err := c.readDB.QueryRowContext(c.ctx, `SELECT (SELECT COUNT(*) FROM vote WHERE via IS NOT NULL) + (SELECT COUNT(*) FROM comment WHERE via IS NOT NULL)`).Scan(&moved); err != nil || moved != 0 {
		t.Errorf("%d rows are left of merges, %v", moved, err)
	}
}
