package search

import (
	"time"

	"github.com/RoaringBitmap/roaring/v2"
)

// Of words that very many texts have, not all of these are looked at: those with
// the words in their titles are, and of the others the newest, to the month.

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
	chosen := make([][]*roaring.Bitmap, len(sets)) // months have no document in common
	for n := range sets {
		rest[n] = less(sets[n], kept[n])
		chosen[n] = append(chosen[n], kept[n])
	}
	room, err := v.lastMonths(chosen, rest, most-sum(kept))
	if err != nil {
		return nil, false, err
	}
	for n := range kept {
		kept[n] = union(chosen[n])
	}
	if room > 0 {
		for n := range rest {
			rest[n] = less(rest[n], kept[n])
		}
		for n, older := range lastWritten(rest, room) {
			kept[n] = union([]*roaring.Bitmap{kept[n], older})
		}
	}
	return kept, true, nil
}

// lastMonths chooses documents of the latest months, as many as there is room
// for, and tells how much room is left.
func (v *view) lastMonths(chosen [][]*roaring.Bitmap, from []*roaring.Bitmap, room int) (int, error) {
	now := time.Now().UTC()
	month := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	of := make([]*roaring.Bitmap, len(from))
	for range maxMonths {
		if room <= 0 {
			break
		}
		name := month.Format("2006-01")
		for n, s := range v.shards {
			of[n] = nil
			if from[n] == nil {
				continue
			}
			written, err := s.month(name)
			if err != nil {
				return 0, err
			}
			of[n] = common(from[n], written)
		}
		for n, some := range lastWritten(of, room) {
			if some != nil {
				chosen[n] = append(chosen[n], some)
				room -= size(some)
			}
		}
		month = month.AddDate(0, -1, 0)
	}
	return room, nil
}

// month are the documents written in a month.
func (s *shard) month(name string) (*roaring.Bitmap, error) {
	work := func() (*roaring.Bitmap, error) { return s.term(monthField, name) }
	if s.col == nil {
		return work()
	}
	return remembered(s.col, s.col.months, maxMonths, name, work)
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
