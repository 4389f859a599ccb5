package search

import (
	"github.com/RoaringBitmap/roaring/v2"
)

// Of words that very many texts have, not all of these are looked at: those with
// the words in their titles are, and of the others the newest, to the month or so.

// capped leaves so many documents in sets, and tells whether there were more.
func (v *view) capped(k *sought, sets []*roaring.Bitmap, most int) ([]*roaring.Bitmap, bool, error) {
	if sum(sets) <= most {
		return sets, false, nil
	}
	kept, err := v.titled(k, sets)
	if err != nil {
		return nil, false, err
	}
	kept = lastWritten(kept, most)
	rest := make([]*roaring.Bitmap, len(sets))
	for n := range sets {
		rest[n] = less(sets[n], kept[n])
	}
	latest, err := v.latest(rest, most-sum(kept))
	if err != nil {
		return nil, false, err
	}
	for n := range kept {
		kept[n] = union([]*roaring.Bitmap{kept[n], latest[n]})
	}
	return kept, true, nil
}

// A period is what times are told apart by where the latest texts are chosen:
// about 25 days. There are fewer than so many until 2080.
const (
	periodBits = 41
	periods    = 1600
)

func period(at int64) uint16 {
	return uint16(min(max(at>>periodBits, 0), periods-1)) // #nosec G115 -- bounded
}

// latest are the documents of the latest periods, as many as there is room for.
func (v *view) latest(sets []*roaring.Bitmap, room int) ([]*roaring.Bitmap, error) {
	docs, of := make([][]uint32, len(sets)), make([][]uint16, len(sets))
	var texts [periods]int
	for n, s := range v.shards {
		if sets[n] == nil {
			continue
		}
		if err := v.ctx.Err(); err != nil {
			return nil, err
		}
		docs[n] = sets[n].ToArray()
		of[n] = make([]uint16, len(docs[n]))
		for i, doc := range docs[n] {
			p, err := s.period(doc)
			if err != nil {
				return nil, err
			}
			of[n][i] = p
			texts[p]++
		}
	}
	first := periods - 1 // of the periods that are kept whole; of the one before it, what there is room for
	for first > 0 && texts[first] <= room {
		room -= texts[first]
		first--
	}
	kept := make([]*roaring.Bitmap, len(sets))
	for n := len(docs) - 1; n >= 0; n-- {
		list := docs[n]
		at := len(list)
		for i := len(list) - 1; i >= 0; i-- {
			p := int(of[n][i])
			if p == first && room > 0 {
				room--
			} else if p <= first {
				continue
			}
			at--
			list[at] = list[i]
		}
		if at < len(list) {
			kept[n] = roaring.BitmapOf(list[at:]...)
		}
	}
	return kept, nil
}

// period is when a document was written.
func (s *shard) period(doc uint32) (uint16, error) {
	if s.kept != nil {
		return s.col.of[doc], nil
	}
	f, err := s.facts(doc)
	return period(f.at), err
}

// titled are the documents whose titles have all the words.
func (v *view) titled(k *sought, sets []*roaring.Bitmap) ([]*roaring.Bitmap, error) {
	kept := make([]*roaring.Bitmap, len(sets))
	for n, s := range v.shards {
		left := sets[n]
		for _, a := range k.words {
			title, err := s.any(titleField, a.terms)
			if err != nil {
				return nil, err
			}
			left = common(left, title)
		}
		if len(k.words) > 0 {
			kept[n] = left
		}
	}
	return kept, nil
}

// sum counts what is in sets.
func sum(sets []*roaring.Bitmap) (n int) {
	for _, b := range sets {
		n += size(b)
	}
	return n
}

// lastWritten keeps so many documents of each shard's set, those written last.
func lastWritten(sets []*roaring.Bitmap, most int) []*roaring.Bitmap {
	for n := len(sets) - 1; n >= 0; n-- {
		have := size(sets[n])
		if have <= most {
			most -= have
			continue
		}
		if most == 0 {
			sets[n] = nil
			continue
		}
		first, err := sets[n].Select(uint32(have - most)) // #nosec G115 -- below the size of a set of 32 bits
		if err != nil {
			sets[n] = nil
			continue
		}
		few := sets[n].Clone()
		few.RemoveRange(0, uint64(first))
		sets[n], most = few, 0
	}
	return sets
}
