package search

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// People ask whole questions, of which no text has every word. The texts that
// answer best have the rarest words of them: those words alone say which texts
// are looked at, the others only add to what they are worth.
const (
	generated    = 20_000 // texts, at most, that the rarest words may bring
	generatedBy  = 5_000  // of these for each word of the question
	generatedFew = 1_500  // where it has but a few: what has the rarest of two words, and not the other, says most
	bestPartial  = 200    // of which so many are shown
)

// partial finds the texts that have some of the words, without those left out.
func (v *view) partial(k *sought, without []*roaring.Bitmap, f filter) ([]candidate, error) {
	most := generatedFew * len(k.words)
	if len(k.words) >= manyAsked {
		most = min(generated, generatedBy*len(k.words))
	}
	telling := k.telling(most)
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
	list, err := v.score(k, lastWritten(sets, most), false)
	if err != nil {
		return nil, err
	}
	if f.from != 0 || f.to != 0 {
		return v.bestOf(list, f)
	}
	list = best(list, bestPartial)
	return v.bestOf(list, f)
}

// best leaves the n with the best scores. Equal scores stay together, within
// reason: what orders them is read with the facts.
func best(list []scored, n int) []scored {
	if len(list) <= n {
		return list
	}
	top := make([]float64, 0, n) // a heap with the least on top
	for i := range list {
		s := list[i].score
		switch {
		case len(top) < n:
			top = append(top, s)
			if len(top) == n {
				slices.Sort(top)
			}
		case s > top[0]:
			top[0] = s
			sinkScore(top)
		}
	}
	least, equal := top[0], 4*n
	return slices.DeleteFunc(list, func(d scored) bool {
		if d.score == least {
			equal--
			return equal < 0
		}
		return d.score < least
	})
}

// sinkScore mends a heap whose top was replaced.
func sinkScore(heap []float64) {
	for i := 0; ; {
		least := i
		for _, child := range [...]int{2*i + 1, 2*i + 2} {
			if child < len(heap) && heap[child] < heap[least] {
				least = child
			}
		}
		if least == i {
			return
		}
		heap[i], heap[least] = heap[least], heap[i]
		i = least
	}
}

func (v *view) bestOf(list []scored, f filter) ([]candidate, error) {
	found, err := v.facts(list, f)
	slices.SortFunc(found, byMatch)
	return found[:min(len(found), bestPartial)], err
}

// telling are the words that say which texts are looked at: the rarest, until
// they bring enough.
func (k *sought) telling(most int) []int {
	var list []int
	texts := 0
	for _, i := range rarest(k.texts) {
		if k.texts[i] == 0 {
			continue
		}
		if texts += k.texts[i]; len(list) > 0 && texts > most {
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
