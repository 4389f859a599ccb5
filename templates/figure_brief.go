package templates

import (
	"math"

	"convivio/store/board"
	"convivio/templates/words"
)

// The overview says in words what its numbers are: what one would say in a meeting,
// and what asks for a look.

// told are the measures that are told in a sentence.
var told = []board.Measure{board.Contributors, board.AnsweredDue, board.FirstMedian, board.Decided30, board.PromisesKept}

// sentence is a measure of the company's month in words, with how it changed; empty
// where there is nothing to tell or it is protected.
func (p FiguresPage) sentence(m board.Measure) string {
	f := p.company(m, p.Month)
	if m == board.Contributors && f.State == board.FigureNearlyAll {
		return words.T(p.Lang, "All people, or all but a few, wrote, commented or voted.")
	}
	if f.State != board.FigureExact {
		return ""
	}
	said := p.said(m, int(asWritten(f)))
	if c := p.companyChange(m); c.known {
		return words.T(p.Lang, "%s (%s)", said, c.text) + "."
	}
	return said + "."
}

// said is a value in words, as of so many of a hundred.
func (p FiguresPage) said(m board.Measure, n int) string {
	switch m {
	case board.Contributors:
		return words.N(p.Lang, n, "%d person of 100 wrote, commented or voted", "%d people of 100 wrote, commented or voted")
	case board.AnsweredDue:
		return words.N(p.Lang, n, "%d answer of 100 that were due came in time", "%d answers of 100 that were due came in time")
	case board.FirstMedian:
		return words.N(p.Lang, n, "Half of the ideas had a first answer within %d working hour", "Half of the ideas had a first answer within %d working hours")
	case board.Decided30:
		return words.N(p.Lang, n, "%d idea of 100 of the month before was decided within 30 days", "%d ideas of 100 of the month before were decided within 30 days")
	}
	return words.N(p.Lang, n, "%d promise of 100 was kept by its day", "%d promises of 100 were kept by their day")
}

// sentences are what there is to tell of the month.
func (p FiguresPage) sentences() (out []string) {
	for _, m := range told {
		if s := p.sentence(m); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// From what change on a measure asks for a look: of points, and of a part of the hours
// that it was the month before.
const (
	lookPoints = 5
	lookHours  = .25
)

// look are the measures that got clearly worse since the month before, at most three,
// and whether any could be compared at all.
func (p FiguresPage) look() (worse []board.Measure, compared bool) {
	for _, d := range board.Definitions {
		c := p.companyChange(d.Measure)
		compared = compared || c.known && better(d.Measure) != 0
		if c.mood(d.Measure) != "worse" {
			continue
		}
		least := float64(lookPoints)
		if d.Form == board.FormHours {
			least = lookHours * p.company(d.Measure, p.Month-1).Value
		}
		if math.Abs(c.by) >= least && len(worse) < 3 {
			worse = append(worse, d.Measure)
		}
	}
	return worse, compared
}

// leadsTo is where one finds what a measure counts; empty where there is no such page.
func leadsTo(lang string, m board.Measure) (href, name string) {
	switch m {
	case board.AnsweredDue:
		return address("/search", "q", "is:late"), words.T(lang, "What is late")
	case board.FirstMedian, board.FirstMost:
		return address("/search", "q", "is:unanswered"), words.T(lang, "What waits for an answer")
	case board.PromisesKept, board.PlannedDone:
		return "/promises", words.T(lang, "All promises")
	}
	return "", ""
}
