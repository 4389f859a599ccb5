package store

import "math"

// Growing ideas are ordered by heat: the sum of what happened to an idea, each
// act losing half its weight in heatHalfLife. The sum is kept as its base-2
// logarithm at a fixed origin of time, so it changes only when something happens
// and ordering by it is right at any later moment.

const heatHalfLife = 7 * 24 * 3600 * 1e6 // microseconds

// The weight of an act: a voice counts more than a click, and a new idea starts warm.
const (
	heatOfIdea    = 2.0
	heatOfComment = 1.5
	heatOfVote    = 1.0
)

// heatAt is the heat of one act at a time (microseconds).
func heatAt(weight float64, at int64) float64 {
	return math.Log2(weight) + float64(at)/heatHalfLife
}

// warmer adds one act to a heat.
func warmer(heat, weight float64, at int64) float64 {
	a := heatAt(weight, at)
	if a > heat {
		heat, a = a, heat
	}
	return heat + math.Log2(1+math.Exp2(a-heat))
}
