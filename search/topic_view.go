package search

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"convivio/store/board"
)

// What it takes for a word to be called growing: so much surprise (one word in a
// thousand has it by chance), and a share of the ideas so many times as large as before.
const (
	surprising  = 10.83
	muchMore    = 2
	mostGrowing = 60
	enoughPast  = 10  // ideas from before to compare with
	everywhere  = 0.3 // share of the ideas of a period, where they are many, beyond which a word tells of no one thing
	manyIdeas   = 20
	oneThing    = 0.3 // share of the ideas with two words in which these stand side by side, where they are an expression
	readOf      = 6   // texts in which is looked how a word is written
)

// outlook is a ledger as far as somebody may see it, over a period.
type outlook struct {
	*ledger
	days   int32
	period int // place in board.TopicPeriods
	seen   []bool
	now    int // ideas spoken of in the period
	before int // and in the stretches before
	stamp  []uint32
	turn   uint32
}

// growth is a word, or two, that came up more than before.
type growth struct {
	terms    []string
	late     *lateTerm
	ideas    []uint32 // in which it came up, by their numbers in ascending order
	surprise float64
	read     []uint32 // texts to see how it is written
	shown    string
}

func (l *ledger) outlook(boards []board.SeenBoard, days int) *outlook {
	v := &outlook{ledger: l, days: int32(days), period: slices.Index(board.TopicPeriods, days), // #nosec G115 -- one of them
		seen: make([]bool, len(l.boards)), stamp: make([]uint32, len(l.ideas))}
	for _, b := range boards {
		if p, ok := l.boards[b.ID]; ok {
			v.seen[p] = true
		}
	}
	v.turn++
	for _, t := range l.texts {
		if t.day >= v.days {
			break
		}
		if v.seen[t.board] && v.stamp[t.idea] != v.turn {
			v.stamp[t.idea] = v.turn
			v.now++
		}
	}
	v.before = v.sum(l.before[v.period])
	return v
}

// sum adds the counts of the boards that are seen.
func (v *outlook) sum(counts []boardCount) (n int) {
	for _, c := range counts {
		if v.seen[c.board] {
			n += int(c.ideas)
		}
	}
	return n
}

// young tells whether there is too little to compare.
func (v *outlook) young() bool { return v.before < enoughPast }

// growing are the words and pairs that came up more than before, the most
// surprising first.
func (v *outlook) growing() []growth {
	var list []growth
	for i := range v.terms {
		t := &v.terms[i]
		n := v.count(t.texts)
		if n < fewest || v.now >= manyIdeas && float64(n) > everywhere*float64(v.now) {
			continue
		}
		before := v.sum(t.before[v.period])
		g := surprise(n, v.now, before, v.before)
		if g < surprising || float64(n)*float64(v.before) < muchMore*float64(v.now)*float64(before) {
			continue
		}
		spoken := t.texts
		if t.beside != nil {
			spoken = t.beside
			if b := v.count(spoken); b < fewest || float64(b) < oneThing*float64(n) {
				continue
			}
		}
		if v.people(spoken) >= fewest {
			list = append(list, growth{terms: t.words, late: t, surprise: g})
		}
	}
	slices.SortFunc(list, func(a, b growth) int {
		return cmp.Or(cmp.Compare(b.surprise, a.surprise), strings.Compare(strings.Join(a.terms, " "), strings.Join(b.terms, " ")))
	})
	list = list[:min(len(list), mostGrowing)]
	for i := range list {
		list[i].ideas, list[i].read = v.spokenIn(list[i].late.spoken())
	}
	return list
}

// spoken are the texts in which a word stands, or two side by side.
func (t *lateTerm) spoken() []uint32 {
	if t.beside != nil {
		return t.beside
	}
	return t.texts
}

// count counts the ideas of some texts in the period.
func (v *outlook) count(texts []uint32) (n int) {
	v.turn++
	for _, i := range texts {
		t := &v.texts[i]
		if t.day >= v.days {
			break
		}
		if v.seen[t.board] && v.stamp[t.idea] != v.turn {
			v.stamp[t.idea] = v.turn
			n++
		}
	}
	return n
}

// people counts the different authors of some texts in the period, up to fewest.
func (v *outlook) people(texts []uint32) int {
	var found [fewest]uint32
	n := 0
	for _, i := range texts {
		t := &v.texts[i]
		if t.day >= v.days || n == fewest {
			break
		}
		if v.seen[t.board] && !slices.Contains(found[:n], t.author) {
			found[n] = t.author
			n++
		}
	}
	return n
}

// spokenIn are the ideas of some texts in the period, and the newest text of some of them.
func (v *outlook) spokenIn(texts []uint32) (ideas, newest []uint32) {
	v.turn++
	for _, i := range texts {
		t := &v.texts[i]
		if t.day >= v.days {
			break
		}
		if v.seen[t.board] && v.stamp[t.idea] != v.turn {
			v.stamp[t.idea] = v.turn
			ideas = append(ideas, t.idea)
			if len(newest) < readOf {
				newest = append(newest, i)
			}
		}
	}
	slices.Sort(ideas)
	return ideas, newest
}

// weeks counts the ideas in which one of the words came up, week by week.
func (v *outlook) weeks(members []growth) []int {
	weeks := make([]int, board.TopicWeeks)
	counted := map[[2]uint32]bool{}
	for _, c := range members {
		for _, i := range c.late.spoken() {
			t := v.texts[i]
			week := uint32(t.day) / 7 // #nosec G115 -- not negative
			if !v.seen[t.board] || counted[[2]uint32{t.idea, week}] {
				continue
			}
			counted[[2]uint32{t.idea, week}] = true
			weeks[board.TopicWeeks-1-int(week)]++
		}
	}
	return weeks
}

// examples are the ideas that have most of a topic's words, the latest first.
func (v *outlook) examples(ideas map[uint32]int) []int64 {
	list := make([]uint32, 0, len(ideas))
	for i := range ideas {
		list = append(list, i)
	}
	slices.SortFunc(list, func(a, b uint32) int { return cmp.Or(cmp.Compare(ideas[b], ideas[a]), cmp.Compare(a, b)) })
	var out []int64
	for _, i := range list[:min(len(list), mostExample)] {
		out = append(out, v.ideas[i])
	}
	return out
}

// surprise is Dunning's log-likelihood ratio: how much less likely the counts
// are if a word comes up as often now as before. a of c ideas have it now, b of d
// had it before. Not above 0 where it comes up less than before.
func surprise(a, c, b, d int) float64 {
	share := float64(a+b) / float64(c+d)
	if float64(a) <= share*float64(c) {
		return 0
	}
	g := 0.0
	for _, x := range [...]struct{ is, of int }{{a, c}, {b, d}} {
		g += likelihood(float64(x.is), share*float64(x.of)) + likelihood(float64(x.of-x.is), (1-share)*float64(x.of))
	}
	return 2 * g
}

func likelihood(is, expected float64) float64 {
	if is <= 0 || expected <= 0 {
		return 0
	}
	return is * math.Log(is/expected)
}
