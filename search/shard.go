package search

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// shard is one segment of the index as one search reads it. Sets of documents
// are bitmaps of the segment's own numbers. What is read here may stand in the
// file itself: it is never written to, and never outlives the snapshot.
type shard struct {
	seg   segment.Segment
	col   *memo           // what is remembered of it; nil: nothing
	kept  []fact          // its facts, where they are in memory
	gone  *roaring.Bitmap // deleted since it was written; nil: none
	dicts map[string]segment.TermDictionary
	texts map[string]segment.PostingsList // of words in texts, which are looked up to be found and to be counted
	seen  *roaring.Bitmap                 // what the reader may see
	open  *roaring.Bitmap                 // of it, what the filters let through

	state segment.DocVisitState
	found facts
	ok    bool

	tongues struct { // that texts are written in, of those whose terms are signed
		known  bool
		spoken [len(signed)]bool
	}
}

// shardsOf are the segments of a snapshot.
func shardsOf(r index.IndexReader) ([]*shard, error) {
	snapshot, ok := r.(*scorch.IndexSnapshot)
	if !ok {
		return nil, fmt.Errorf("a snapshot of the index is of an unknown kind")
	}
	list := make([]*shard, 0, len(snapshot.Segments()))
	for _, s := range snapshot.Segments() {
		if s.Count() > 0 {
			list = append(list, &shard{seg: s.Segment(), gone: s.Deleted(), dicts: map[string]segment.TermDictionary{}})
		}
	}
	return list, nil
}

func (s *shard) dict(field string) (segment.TermDictionary, error) {
	d, ok := s.dicts[field]
	if !ok {
		var err error
		if d, err = s.seg.Dictionary(field); err != nil {
			return nil, fmt.Errorf("read the words of %s: %w", field, err)
		}
		s.dicts[field] = d
	}
	return d, nil
}

// postings are the documents that have a term, deleted ones among them.
func (s *shard) postings(field, term string) (segment.PostingsList, error) {
	if field != textField {
		return s.lookUp(field, term)
	}
	list, ok := s.texts[term]
	if ok {
		return list, nil
	}
	list, err := s.lookUp(field, term)
	if s.texts == nil {
		s.texts = make(map[string]segment.PostingsList, 16)
	}
	if err == nil {
		s.texts[term] = list
	}
	return list, err
}

func (s *shard) lookUp(field, term string) (segment.PostingsList, error) {
	d, err := s.dict(field)
	if err != nil {
		return nil, err
	}
	list, err := d.PostingsList([]byte(term), nil, nil)
	if err != nil {
		return nil, fmt.Errorf("read where %s stands: %w", field, err)
	}
	return list, nil
}

// term is postings as a bitmap; nil: no document.
func (s *shard) term(field, term string) (*roaring.Bitmap, error) {
	list, err := s.postings(field, term)
	if err != nil || list.Count() == 0 {
		return nil, err
	}
	return bitmapOf(list), nil
}

func bitmapOf(list segment.PostingsList) *roaring.Bitmap {
	it, ok := list.Iterator(false, false, false, nil).(segment.OptimizablePostingsIterator)
	if !ok {
		return nil
	}
	if one, ok := it.DocNum1Hit(); ok {
		return roaring.BitmapOf(uint32(one)) // #nosec G115 -- bleve numbers documents with 32 bits
	}
	return it.ActualBitmap()
}

// any are the documents that have one of some terms.
func (s *shard) any(field string, terms []string) (*roaring.Bitmap, error) {
	var list []*roaring.Bitmap
	for _, t := range terms {
		if strange, err := s.strange(t); err != nil {
			return nil, err
		} else if strange {
			continue
		}
		b, err := s.term(field, t)
		if err != nil {
			return nil, err
		}
		list = append(list, b)
	}
	return union(list), nil
}

// strange tells of most terms that nothing stands under, by their sign, that they
// are of a language in which no text of the segment is written.
func (s *shard) strange(term string) (bool, error) {
	if n := len(term) - 2; n < 1 || term[n] != '~' {
		return false, nil
	}
	if !s.tongues.known {
		for i, lang := range signed {
			b, err := s.term(langField, lang.name)
			if err != nil {
				return false, err
			}
			s.tongues.spoken[i] = b != nil
		}
		s.tongues.known = true
	}
	for i, lang := range signed {
		if strings.HasSuffix(term, lang.sign) {
			return !s.tongues.spoken[i], nil
		}
	}
	return false, nil
}

// union is any of some sets, nil ones being empty; nil where all are.
func union(list []*roaring.Bitmap) *roaring.Bitmap {
	var some []*roaring.Bitmap
	for _, b := range list {
		if b != nil {
			some = append(some, b)
		}
	}
	switch len(some) {
	case 0:
		return nil
	case 1:
		return some[0]
	case 2, 3, 4:
		slices.SortFunc(some, func(a, b *roaring.Bitmap) int { return cmp.Compare(a.GetCardinality(), b.GetCardinality()) })
		all := some[0]
		for _, b := range some[1:] {
			all = roaring.Or(all, b)
		}
		return all
	}
	return roaring.FastOr(some...)
}

// common is what stands in both of two sets; nil being empty.
func common(a, b *roaring.Bitmap) *roaring.Bitmap {
	if a == nil || b == nil {
		return nil
	}
	return roaring.And(a, b)
}

// less is what stands in the first set alone.
func less(a, b *roaring.Bitmap) *roaring.Bitmap {
	if a == nil || b == nil {
		return a
	}
	return roaring.AndNot(a, b)
}

// size counts a set; nil is empty.
func size(b *roaring.Bitmap) int {
	if b == nil {
		return 0
	}
	return int(b.GetCardinality()) // #nosec G115 -- of 32 bits
}

// has are the documents that have a word in any of its forms.
func (s *shard) has(a asked) (*roaring.Bitmap, error) {
	text, err := s.any(textField, a.terms)
	if err != nil {
		return nil, err
	}
	options := []*roaring.Bitmap{text}
	if len(a.parts) > 0 {
		all, err := s.any(textField, a.parts[0])
		for _, p := range a.parts[1:] {
			if err != nil {
				return nil, err
			}
			var next *roaring.Bitmap
			next, err = s.any(textField, p)
			all = common(all, next)
		}
		if err != nil {
			return nil, err
		}
		options = append(options, all)
	}
	if a.prefix != "" {
		begun, err := s.beginning(a.prefix)
		if err != nil {
			return nil, err
		}
		options = append(options, begun)
	}
	return union(options), nil
}

// facts reads what the index keeps of one document.
func (s *shard) facts(doc uint32) (facts, error) {
	if s.kept != nil && s.kept[doc].part != 0 {
		return s.kept[doc].long(), nil
	}
	values, ok := s.seg.(segment.DocValueVisitable)
	if !ok {
		return facts{}, fmt.Errorf("a segment of the index keeps no facts")
	}
	s.ok = false
	var err error
	if s.state, err = values.VisitDocValues(uint64(doc), factsFields, s.visit, s.state); err != nil {
		return facts{}, fmt.Errorf("read facts: %w", err)
	}
	if !s.ok {
		return facts{}, fmt.Errorf("a document of the index has no facts")
	}
	return s.found, nil
}

var factsFields = []string{factsField}

func (s *shard) visit(_ string, term []byte) { s.found, s.ok = parseFacts(term) }
