package search

import (
	"slices"
	"sync"
)

// What thousands of matches are scored in is used again by the next search: to have a
// megabyte made for each costs more than to fill it.

// room is what one search writes its matches to.
type room struct {
	list  []scored
	found []candidate
	given bool // found is: whoever comes next gets another
}

var rooms = sync.Pool{New: func() any { return &room{} }}

// scored are so many documents to be scored, in place of those given before.
func (r *room) scored(n int) []scored {
	r.list = sized(r.list, n)
	return r.list
}

// candidates are so many to be filled, which last as long as the room.
func (r *room) candidates(n int) []candidate {
	if r.given {
		return make([]candidate, n)
	}
	r.found, r.given = sized(r.found, n), true
	return r.found
}

// free leaves the room to another search.
func (r *room) free() {
	r.given = false
	rooms.Put(r)
}

// sized is a list of so many, of what was there before.
func sized[T any](list []T, n int) []T { return slices.Grow(list[:0], n)[:n] }

// sheet is what the documents of a shard are scored on, one beside the other.
type sheet struct {
	docs   []uint32 // in order
	scores []float64
	words  []uint32  // bit i: the i-th word of the question stands there
	counts []float32 // of the word looked at: how often it stands in each
	long   []float32 // words of each text, where known
}

var sheets = sync.Pool{New: func() any { return &sheet{} }}

func sheetOf(n int) *sheet {
	c := sheets.Get().(*sheet)
	c.docs, c.scores, c.words, c.counts, c.long = sized(c.docs, n), sized(c.scores, n), sized(c.words, n), sized(c.counts, n), sized(c.long, n)
	return c
}

func (c *sheet) free() { sheets.Put(c) }
