package search

import (
	"iter"
	"math/bits"
)

// byID keeps something for each of many ids above 0, in a table with room to spare:
// thousands are counted in a search, and a map takes several times as long.
type byID[T any] struct {
	ids  []int64 // 0: free
	of   []T
	held int
}

// newByID has room for so many until it grows.
func newByID[T any](n int) byID[T] {
	slots := 1 << bits.Len(uint(2*max(n, 4)-1)) // #nosec G115 -- above 0
	return byID[T]{ids: make([]int64, slots), of: make([]T, slots)}
}

// slot is where an id stands, or would.
func (t *byID[T]) slot(id int64) int {
	last := len(t.ids) - 1
	at := int(uint64(id)*0x9E3779B97F4A7C15>>32) & last // #nosec G115 -- any number does
	for t.ids[at] != id && t.ids[at] != 0 {
		at = (at + 1) & last
	}
	return at
}

// at is what is kept for an id, from now on if nothing was. It stays there until the next id comes.
func (t *byID[T]) at(id int64) *T {
	at := t.slot(id)
	if t.ids[at] == 0 {
		if 2*t.held >= len(t.ids) {
			t.grow()
			at = t.slot(id)
		}
		t.ids[at] = id
		t.held++
	}
	return &t.of[at]
}

// get is what is kept for an id, and whether anything is.
func (t *byID[T]) get(id int64) (what T, ok bool) {
	if t.held == 0 {
		return what, false
	}
	at := t.slot(id)
	return t.of[at], t.ids[at] == id
}

func (t *byID[T]) grow() {
	old := *t
	*t = newByID[T](2 * len(old.ids))
	for id, what := range old.all() {
		*t.at(id) = *what
	}
}

// all are the ids and what is kept for each, in no order.
func (t *byID[T]) all() iter.Seq2[int64, *T] {
	return func(yield func(int64, *T) bool) {
		for i, id := range t.ids {
			if id != 0 && !yield(id, &t.of[i]) {
				return
			}
		}
	}
}
