package search

import (
	"fmt"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// maxBegun bounds the words one beginning may stand for.
const maxBegun = 1_000

// begunKept is for how many beginnings of each shard it is remembered where their
// words stand: who types on asks for the same again, and many begin alike.
const begunKept = 128

// beginning are the documents with a word that begins so. Short beginnings are
// terms of their own; the words of longer ones are looked up.
func (s *shard) beginning(prefix string) (*roaring.Bitmap, error) {
	switch n := len([]rune(prefix)); {
	case n < shortestBegin:
		return nil, nil
	case n <= longestBegin:
		return s.term(beginField, prefix)
	case s.col == nil:
		return s.spelt(prefix)
	}
	return s.col.begun.or(prefix, begunKept, func() (*roaring.Bitmap, error) { return s.spelt(prefix) })
}

// spelt are the documents with a word, as it was typed, that begins so.
func (s *shard) spelt(prefix string) (*roaring.Bitmap, error) {
	d, err := s.dict(typedField)
	if err != nil {
		return nil, err
	}
	it := begunBy(d, prefix)
	var stand []uint64 // a bit for each document
	mark := func(doc uint32) bool {
		stand[doc/64] |= 1 << (doc % 64)
		return true
	}
	var list segment.PostingsList // of one word after the other, in the same place
	var docs segment.PostingsIterator
	for range maxBegun {
		e, err := it.Next()
		if err != nil {
			return nil, fmt.Errorf("read words that begin alike: %w", err)
		}
		if e == nil {
			break
		}
		if list, err = d.PostingsList([]byte(e.Term), nil, list); err != nil {
			return nil, fmt.Errorf("read where words stand that begin alike: %w", err)
		}
		if stand == nil {
			stand = make([]uint64, (s.seg.Count()+63)/64)
		}
		docs = list.Iterator(false, false, false, docs)
		if o, ok := docs.(segment.OptimizablePostingsIterator); !ok {
			return nil, fmt.Errorf("the places of words cannot be read as a set")
		} else if one, ok := o.DocNum1Hit(); ok {
			mark(uint32(one)) // #nosec G115 -- bleve numbers documents with 32 bits
		} else if b := o.ActualBitmap(); b != nil {
			b.Iterate(mark)
		}
	}
	if stand == nil {
		return nil, nil
	}
	return roaring.FromDense(stand, false), nil
}

// begunBy are the words of a dictionary that begin so, in order, without a count
// of the documents that have them, which costs as much as the word.
func begunBy(d segment.TermDictionary, prefix string) segment.DictionaryIterator {
	var only segment.Automaton
	if !strings.ContainsAny(prefix, joiners) {
		only = single{}
	}
	from, to := []byte(prefix), []byte(prefix)
	to[len(to)-1]++ // UTF-8 never ends a letter with 0xff
	if d, ok := d.(interface {
		AutomatonIteratorOmitCount(a segment.Automaton, from, to []byte) segment.DictionaryIterator
	}); ok {
		return d.AutomatonIteratorOmitCount(only, from, to)
	}
	return d.AutomatonIterator(only, from, to)
}

// joiners are the signs, folded, that join words into one; see joinerAt.
const joiners = ".-_@+&#'"

// single accepts words that are no compounds. The parts of a compound are words
// of its texts too: where it begins so, its first part does.
type single struct{}

func (single) Start() int               { return 0 }
func (single) IsMatch(at int) bool      { return at == 0 }
func (single) CanMatch(at int) bool     { return at == 0 }
func (single) WillAlwaysMatch(int) bool { return false }
func (single) Accept(at int, b byte) int {
	if at != 0 || b < 0x80 && !plainByte[b] {
		return 1
	}
	return 0
}
