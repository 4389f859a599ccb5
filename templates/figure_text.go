package templates

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"convivio/store/board"
	"convivio/templates/words"
)

// FiguresPage shows the figures of a month: GET /figures: month, by.
type FiguresPage struct {
	Page
	Months   []board.Month // that have figures, the latest first
	Month    board.Month
	By       board.Dimension
	Units    bool           // whether the reader may see teams, sites and boards
	Company  []board.Figure // of the twelve months up to Month
	Lines    []board.Figure // of Month, by By
	Released int            // how many releases the reader was part of
}

var (
	headlines = []board.Measure{board.Contributors, board.FirstMedian, board.Decided30, board.Across}
	rungs     = []board.Rung{board.Listen, board.Respond, board.Amplify, board.Lead, board.Health}
)

// columnsOf are the measures a breakdown shows.
func columnsOf(by board.Dimension) []board.Measure {
	if by == board.ByBoard {
		return []board.Measure{board.Contributors, board.IdeasPosted, board.AnsweredDue, board.FirstMedian, board.Decided30}
	}
	return []board.Measure{board.Entitled, board.Contributors, board.IdeasPosted, board.CommentsMade, board.Across}
}

func onRung(r board.Rung) []board.Definition {
	var out []board.Definition
	for _, d := range board.Definitions {
		if d.Rung == r {
			out = append(out, d)
		}
	}
	return out
}

// company is a figure of the whole company; one that is not there says nothing.
func (p FiguresPage) company(m board.Measure, month board.Month) board.Figure {
	for _, f := range p.Company {
		if f.Measure == m && f.Month == month {
			return f
		}
	}
	return board.Figure{Measure: m, Month: month, State: board.FigureNone}
}

// lines are the units of the breakdown, once each.
func (p FiguresPage) lines() []board.Figure {
	var out []board.Figure
	for _, f := range p.Lines {
		if f.Measure == columnsOf(p.By)[0] {
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(a, b board.Figure) int { return cmp.Compare(min(a.Others, 1), min(b.Others, 1)) })
	return out
}

func (p FiguresPage) unit(m board.Measure, line board.Figure) board.Figure {
	for _, f := range p.Lines {
		if f.Measure == m && f.Unit == line.Unit && f.UnitID == line.UnitID && f.Others == line.Others {
			return f
		}
	}
	return board.Figure{Measure: m, State: board.FigureNone}
}

// year are the months of the chart, the oldest first.
func (p FiguresPage) year() []board.Month {
	var out []board.Month
	for m := max(p.Month-11, p.Months[len(p.Months)-1]); m <= p.Month; m++ {
		out = append(out, m)
	}
	return out
}

// run is a stretch of months that may be drawn: a hidden one leaves a gap.
type run struct{ line, area string }

// runs draws a measure of the company into a box, low values at the height of the
// bottom and high ones at the top.
func (p FiguresPage) runs(m board.Measure, width, bottom, top float64) []run {
	months := p.year()
	highest := 0.0
	for _, month := range months {
		highest = max(highest, p.company(m, month).Value)
	}
	var out []run
	var points []string
	var first, last float64
	flush := func() {
		if len(points) > 0 {
			line := strings.Join(points, " ")
			out = append(out, run{line, fmt.Sprintf("%s %.1f,%.1f %.1f,%.1f", line, last, bottom, first, bottom)})
		}
		points = nil
	}
	for i, month := range months {
		f := p.company(m, month)
		if f.State != board.FigureExact {
			flush()
			continue
		}
		x := width * float64(i) / float64(max(len(months)-1, 1))
		if len(points) == 0 {
			first = x
		}
		last = x
		points = append(points, fmt.Sprintf("%.1f,%.1f", x, bottom-(bottom-top)*f.Value/max(highest, 1e-9)))
	}
	flush()
	return out
}

// figureText is a figure as people read it. What is hidden says so.
func figureText(lang string, f board.Figure) string {
	switch f.State {
	case board.FigureExact:
	case board.FigureNone:
		return "–"
	default:
		return words.FigureState(lang, f.State)
	}
	switch board.FormOf(f.Measure) {
	case board.FormShare:
		return words.T(lang, "%d%%", int(math.Round(100*f.Value)))
	case board.FormHours:
		return words.T(lang, "%s h", words.Tenths(lang, int64(math.Round(10*f.Value))))
	}
	return words.Number(lang, int64(f.Value))
}

// changeText compares a figure with the month before, where that says nothing of
// who joined or left.
func changeText(p FiguresPage, m board.Measure) string {
	now, before := p.company(m, p.Month), p.company(m, p.Month-1)
	if now.State != board.FigureExact || before.State != board.FigureExact || !now.Steady || board.FormOf(m) != board.FormShare {
		return words.T(p.Lang, "month before: %s", figureText(p.Lang, before))
	}
	points := int(math.Round(100*now.Value)) - int(math.Round(100*before.Value))
	switch {
	case points > 0:
		return words.N(p.Lang, points, "▲ %d point on the month before", "▲ %d points on the month before")
	case points < 0:
		return words.N(p.Lang, -points, "▼ %d point on the month before", "▼ %d points on the month before")
	}
	return words.T(p.Lang, "as in the month before")
}

func figuresLead(p FiguresPage) string {
	f := p.company(board.Entitled, p.Month)
	if f.State != board.FigureExact {
		return words.T(p.Lang, "Groups of fewer than %d people stand in “Others” · no figure is about a person", board.LeastGroup)
	}
	return words.N(p.Lang, int(f.Value), "%d person · groups of fewer than %d people stand in “Others” · no figure is about a person",
		"%d people · groups of fewer than %d people stand in “Others” · no figure is about a person", board.LeastGroup)
}

func monthName(lang string, m board.Month) string { return words.Month(lang, m.Begins(time.UTC)) }

func monthChoices(p FiguresPage) []choice {
	var out []choice
	for _, m := range p.Months {
		out = append(out, choice{m.String(), monthName(p.Lang, m)})
	}
	return out
}

func dimensionChoices(lang string) []choice {
	var out []choice
	for _, d := range board.Dimensions {
		out = append(out, choice{string(d), words.Dimension(lang, d)})
	}
	return out
}

func breakdownTitle(lang string, by board.Dimension) string {
	switch by {
	case board.BySite:
		return words.T(lang, "By site")
	case board.ByBoard:
		return words.T(lang, "By board")
	}
	return words.T(lang, "By team")
}
