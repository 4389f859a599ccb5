package templates

import (
	"slices"
	"strconv"
	"time"

	"convivio/store/board"
	"convivio/templates/words"
)

// begins is a month as a time that the words for times name rightly.
func begins(m board.Month) time.Time { return m.Begins(time.Local) }

// How many months back trends go: as a rule, and at most.
const (
	FiguresSpan = 12
	LongestSpan = 24
)

// figureSection is one of the pages about participation.
type figureSection struct {
	href, name string
	here       bool
}

func figureSections(p Page, at, query string) []figureSection {
	out := []figureSection{{"/figures" + query, words.T(p.Lang, "Overview"), at == ""}}
	for _, r := range rungs {
		name, _ := words.Rung(p.Lang, r)
		out = append(out, figureSection{"/figures/" + string(r) + query, name, at == string(r)})
	}
	if seesUnits(p) {
		out = append(out, figureSection{"/releases", words.T(p.Lang, "Releases"), at == "releases"})
	}
	return out
}

// seesUnits tells whether the reader may see teams, sites and boards, and releases.
func seesUnits(p Page) bool {
	return p.Who != nil && (p.Who.Has(board.HR) || p.Who.Has(board.Council))
}

// path is the address of the page with another month, breakdown or span. What is
// so anyway stands in no address.
func (p FiguresPage) path(rung board.Rung, month board.Month, by board.Dimension, span int) string {
	path := "/figures"
	if rung != "" {
		path += "/" + string(rung)
	}
	var m, b, s string
	if len(p.Months) > 0 && month != p.Months[0] {
		m = month.String()
	}
	if p.Units && by != UsualDimension(rung) && slices.Contains(offeredOn(rung), by) {
		b = string(by)
	}
	if span != FiguresSpan && span != 0 {
		s = strconv.Itoa(span)
	}
	return address(path, "month", m, "by", b, "span", s)
}

func (p FiguresPage) at(m board.Month) string      { return p.path(p.Rung, m, p.By, p.Span) }
func (p FiguresPage) by(d board.Dimension) string  { return p.path(p.Rung, p.Month, d, p.Span) }
func (p FiguresPage) over(n int) string            { return p.path(p.Rung, p.Month, p.By, n) }
func (p FiguresPage) rung(r board.Rung) string     { return p.path(r, p.Month, p.By, p.Span) }
func (p FiguresPage) about(m board.Measure) string { return p.rung(rungOf(m)) + "#" + string(m) }

// query is what the tabs take along: the month.
func (p FiguresPage) query() string {
	if len(p.Months) > 0 && p.Month != p.Months[0] {
		return "?month=" + p.Month.String()
	}
	return ""
}

// beside is the closed month before or after.
func (p FiguresPage) beside(step int) (board.Month, bool) {
	i := slices.Index(p.Months, p.Month) - step // the latest is the first
	if i < 0 || i >= len(p.Months) {
		return 0, false
	}
	return p.Months[i], true
}

// yearOf are the closed months of a year, in order.
type yearOf struct {
	name   string
	months []board.Month
}

func (p FiguresPage) years() []yearOf {
	var out []yearOf
	for _, m := range p.Months {
		name := m.String()[:4]
		if len(out) == 0 || out[len(out)-1].name != name {
			out = append(out, yearOf{name: name})
		}
		last := &out[len(out)-1]
		last.months = slices.Insert(last.months, 0, m)
	}
	return out
}

// offered are the breakdowns that say something on a page to its reader.
func (p FiguresPage) offered() []board.Dimension {
	if !p.Units {
		return nil
	}
	return offeredOn(p.Rung)
}

func offeredOn(rung board.Rung) []board.Dimension {
	out := []board.Dimension{board.ByCompany}
	for _, d := range board.Dimensions[1:] {
		if len(columnsOn(rung, d)) > 0 {
			out = append(out, d)
		}
	}
	return out
}

// UsualDimension is how a page is broken down where nothing else is asked for.
func UsualDimension(rung board.Rung) board.Dimension {
	offered := offeredOn(rung)
	if slices.Contains(offered, board.ByTeam) {
		return board.ByTeam
	}
	return offered[len(offered)-1]
}

func rungOf(m board.Measure) board.Rung {
	for _, d := range board.Definitions {
		if d.Measure == m {
			return d.Rung
		}
	}
	return ""
}
