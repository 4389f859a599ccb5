package main

import (
	"math"
	"slices"
)

// scores say how good an order of results is, each from 0 to 1, as the mean
// over the questions added.
type scores struct {
	mrr10, ndcg10, recall10, recall100, first float64
	questions                                 int
}

// add takes one question in: ranked are the results, best first, and grades says
// what each of them is worth; what it does not name is worth nothing.
func (s *scores) add(ranked []string, grades map[string]int) {
	var ideal, got []int
	good := 0
	for _, g := range grades {
		ideal = append(ideal, g)
		if g > 0 {
			good++
		}
	}
	slices.SortFunc(ideal, func(a, b int) int { return b - a })
	found := 0
	for i, doc := range ranked[:min(100, len(ranked))] {
		g := grades[doc]
		if i < 10 {
			got = append(got, g)
		}
		if g <= 0 {
			continue
		}
		if found == 0 && i < 10 {
			s.mrr10 += 1 / float64(i+1)
		}
		if i == 0 {
			s.first++
		}
		found++
		if i < 10 {
			s.recall10 += 1 / float64(good)
		}
		s.recall100 += 1 / float64(good)
	}
	if best := gain(ideal); best > 0 {
		s.ndcg10 += gain(got) / best
	}
	s.questions++
}

// gain is the discounted gain of the first ten grades: 2^grade-1, less with each place.
func gain(grades []int) (sum float64) {
	for i, g := range grades[:min(10, len(grades))] {
		sum += (math.Exp2(float64(g)) - 1) / math.Log2(float64(i+2))
	}
	return sum
}

// mean divides by the number of questions.
func (s scores) mean() scores {
	n := math.Max(1, float64(s.questions))
	return scores{s.mrr10 / n, s.ndcg10 / n, s.recall10 / n, s.recall100 / n, s.first / n, s.questions}
}
