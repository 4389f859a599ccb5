package search

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// People ask whole questions, of which no text has every word. The texts that
// answer best have the rarest words of them: those words alone say which texts
// are looked at, the others only add to what they are worth.
const (
	generated   = 20_000 // texts, about, that the rarest words may bring
	bestPartial = 200    // of which so many are shown
)

// partial finds the texts that have some of the words, without those left out.
func (v *view) partial(k *sought, without []*roaring.Bitmap, f filter) ([]candidate, error) {
	telling := k.telling()
	if len(telling) == 0 {
		return nil, nil
	}
	sets := make([]*roaring.Bitmap, len(v.shards))
	for n := range v.shards {
		var any []*roaring.Bitmap
		for _, i := range telling {
			any = append(any, common(k.sets[n][i], k.open[n]))
		}
		sets[n] = less(union(any), without[n])
		if size(sets[n]) == 0 {
			sets[n] = nil
		}
	}
	list, err := v.score(k, lastWritten(sets, 2*generated))
	if err != nil {
		return nil, err
	}
	if f.from != 0 || f.to != 0 {
		return v.bestOf(list, f)
	}
	if len(list) > bestPartial {
		slices.SortFunc(list, func(a, b scored) int { return order(a.score > b.score, a.score < b.score) })
		// Equal scores stay together: what orders them is read with the facts.
		end := bestPartial
		for end < len(list) && end < 5*bestPartial && list[end].score == list[bestPartial-1].score {
			end++
		}
		list = list[:end]
	}
	return v.bestOf(list, f)
}

func (v *view) bestOf(list []scored, f filter) ([]candidate, error) {
	found, err := v.facts(list, f)
	slices.SortFunc(found, byMatch)
	return found[:min(len(found), bestPartial)], err
}

// telling are the words that say which texts are looked at: the rarest, until
// they bring enough.
func (k *sought) telling() []int {
	var list []int
	texts := 0
	for _, i := range k.rarest() {
		if k.texts[i] == 0 {
			continue
		}
		if texts += k.texts[i]; len(list) > 0 && texts > generated {
			break
		}
		list = append(list, i)
	}
	return list
}

// order is what a comparison answers.
func order(first, second bool) int {
	switch {
	case first:
		return -1
	case second:
		return 1
	}
	return 0
}

func byMatch(a, b candidate) int { return order(a.before(b.match), b.before(a.match)) }
