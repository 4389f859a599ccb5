package search

import (
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"
)

// many is more things than there are hands.
const many = 40

func TestEveryThingIsDoneOnce(t *testing.T) {
	for round := range 200 {
		c := &crew{hands: make([]hand, round%4)}
		var done [many]atomic.Int32
		one := func(i int) error {
			if round%50 == 0 {
				time.Sleep(time.Microsecond)
			}
			done[i].Add(1)
			return nil
		}
		begun := c.begin(many/2, one)
		if err := c.share(many/2, func(i int) error { return one(many/2 + i) }); err != nil {
			t.Fatal(err)
		}
		if err := begun.end(); err != nil {
			t.Fatal(err)
		}
		c.dismiss()
		for i := range done {
			if n := done[i].Load(); n != 1 {
				t.Fatalf("round %d: thing %d was done %d times", round, i, n)
			}
		}
	}
}

func TestWhatGoesWrongInAHandIsTold(t *testing.T) {
	for n := range 3 {
		c := &crew{hands: make([]hand, n)}
		wrong := errors.New("wrong")
		if err := c.share(many, func(i int) error {
			if i == many-1 {
				return wrong
			}
			return nil
		}); !errors.Is(err, wrong) {
			t.Errorf("%d hands: %v", n, err)
		}
		if err := c.share(many, func(i int) error { panic(fmt.Sprint("thing ", i)) }); err == nil {
			t.Errorf("%d hands: a panic went by", n)
		}
		c.dismiss()
	}
}

func TestNothingGoesOnBehindASearch(t *testing.T) {
	for range 200 {
		c := &crew{hands: make([]hand, 2)}
		var over atomic.Bool
		c.begin(many, func(int) error {
			if over.Load() {
				t.Error("somebody still worked after the search was over")
			}
			return nil
		})
		c.dismiss()
		over.Store(true)
	}
}
