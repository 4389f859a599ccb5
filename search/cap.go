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
	month := time.Now().UTC()
	for range maxMonths {
		room := most - sum(kept)
		if room <= 0 {
			return kept, true, nil
		}
		if err := v.add(kept, sets, month.Format("2006-01"), room); err != nil {
			return nil, false, err
		}
		month = time.Date(month.Year(), month.Month()-1, 1, 0, 0, 0, 0, time.UTC)
	}
	left := make([]*roaring.Bitmap, len(sets))
	for n := range sets {
		left[n] = less(sets[n], kept[n])
	}
	merge(kept, lastWritten(left, most-sum(kept)))
	return kept, true, nil
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

// add keeps documents of a month, as many as there is room for.
func (v *view) add(kept, sets []*roaring.Bitmap, month string, room int) error {
	of := make([]*roaring.Bitmap, len(sets))
	for n, s := range v.shards {
		if sets[n] == nil {
			continue
		}
		written, err := s.term(monthField, month)
		if err != nil {
			return err
		}
		of[n] = less(common(sets[n], written), kept[n])
	}
	merge(kept, lastWritten(of, room))
	return nil
}

func merge(into, more []*roaring.Bitmap) {
	for n := range into {
		into[n] = union([]*roaring.Bitmap{into[n], more[n]})
	}
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
