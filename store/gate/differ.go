package gate

import "maps"

// Group is a group of people, by their ids.
type Group map[int64]bool

// and is everybody in one or the other.
func (g Group) and(h Group) Group {
	out := make(Group, len(g)+len(h))
	maps.Copy(out, g)
	maps.Copy(out, h)
	return out
}

// without is how many are not in another group.
func (g Group) without(h Group) (n int) {
	for p := range g {
		if !h[p] {
			n++
		}
	}
	return n
}

// Same tells whether a line may be drawn from one period to the next: nobody, or
// at least k people, joined the unit, and as many left it.
func Same(before, now Group, k int) bool {
	left, joined := before.without(now), now.without(before)
	return !few(left, k) && !few(joined, k)
}

// few tells whether so many are somebody, and not enough people.
func few(n, k int) bool { return 0 < n && n < max(k, Least) }
