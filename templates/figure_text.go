package templates

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"convivio/store/board"
	"convivio/templates/words"
)

// FiguresPage shows the figures of a month: GET /figures and /figures/{rung}:
// month, by, span.
type FiguresPage struct {
	Page
	Months   []board.Month // that have figures, the latest first
	Month    board.Month
	Rung     board.Rung // empty: the overview
	By       board.Dimension
	Span     int            // how many months trends go back
	Units    bool           // whether the reader may see teams, sites and boards
	Company  []board.Figure // of the months up to Month
	Lines    []board.Figure // by By: of Month and the one before, and the trend up to them
	Released int            // how many releases the reader was part of

	found map[figureKey]board.Figure
}

// figureKey finds a figure of a page. Others of one month and of the next are
// different people, but stand in the same place.
type figureKey struct {
	measure board.Measure
	month   board.Month
	by      board.Dimension
	unit    string
	id      int64
	others  bool
}

func keyOf(m board.Measure, month board.Month, line board.Figure) figureKey {
	k := figureKey{measure: m, month: month, by: line.By, id: line.UnitID, others: line.Others > 0}
	if k.id == 0 {
		k.unit = line.Unit
	}
	return k
}

// ready is the page with its figures in reach.
func (p FiguresPage) ready() FiguresPage {
	p.Span = cmp.Or(p.Span, FiguresSpan)
	p.found = make(map[figureKey]board.Figure, len(p.Company)+len(p.Lines))
	for _, list := range [][]board.Figure{p.Company, p.Lines} {
		for _, f := range list {
			p.found[keyOf(f.Measure, f.Month, f)] = f
		}
	}
	return p
}

var (
	headlines = []board.Measure{board.Contributors, board.FirstMedian, board.Decided30, board.Across}
	rungs     = []board.Rung{board.Listen, board.Respond, board.Amplify, board.Lead, board.Health}
)

// IsRung tells whether a word names a rung.
func IsRung(s string) bool { return slices.Contains(rungs, board.Rung(s)) }

// firstOf are the figures of a rung that the overview shows.
func firstOf(r board.Rung) []board.Measure {
	switch r {
	case board.Listen:
		return []board.Measure{board.Contributors, board.IdeasPosted, board.CommentsMade}
	case board.Respond:
		return []board.Measure{board.AnsweredDue, board.FirstMedian, board.Decided30}
	case board.Amplify:
		return []board.Measure{board.Conversations, board.Across, board.CreditGiven}
	case board.Lead:
		return []board.Measure{board.PlannedDone, board.PromisesKept, board.OutcomeStated}
	}
	return []board.Measure{board.CommunityTies, board.Adoption, board.AppealsUpheld}
}

// columnsOn are the measures a breakdown shows on the overview (no rung) or on the
// page of a rung.
func columnsOn(rung board.Rung, by board.Dimension) []board.Measure {
	switch {
	case by == board.ByCompany:
		return nil
	case rung == "" && by == board.ByBoard:
		return []board.Measure{board.Contributors, board.IdeasPosted, board.AnsweredDue, board.FirstMedian, board.Decided30}
	case rung == "":
		return []board.Measure{board.Entitled, board.Contributors, board.IdeasPosted, board.CommentsMade, board.Across}
	}
	var out []board.Measure
	for _, d := range onRung(rung) {
		if slices.Contains(d.By, by) {
			out = append(out, d.Measure)
		}
	}
	return out
}

// FigureColumns are the measures that a page reads of a breakdown, and the one
// whose trend it draws.
func FigureColumns(rung board.Rung, by board.Dimension) (columns []board.Measure, trend board.Measure) {
	columns = columnsOn(rung, by)
	for _, m := range columns {
		if m != board.Entitled {
			return columns, m
		}
	}
	return columns, ""
}

// roughFrom is from how many people on a share of a unit's people is drawn over time:
// of fewer, a step of the rounding is larger than what changes.
const roughFrom = 50

// roughly tells whether a figure is a share of the people of a small unit.
func (p FiguresPage) roughly(m board.Measure, line board.Figure) bool {
	if line.By != board.ByTeam && line.By != board.BySite || m != board.Contributors && m != board.Adoption {
		return false
	}
	return p.unit(board.Entitled, line, p.Month).Value < roughFrom
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
	return p.unit(m, board.Figure{By: board.ByCompany}, month)
}

// unit is a figure of a line of the breakdown.
func (p FiguresPage) unit(m board.Measure, line board.Figure, month board.Month) board.Figure {
	if f, ok := p.found[keyOf(m, month, line)]; ok {
		return f
	}
	return board.Figure{Measure: m, Month: month, By: line.By, State: board.FigureNone}
}

// lines are the units of the breakdown, once each: by name, the others last.
func (p FiguresPage) lines() []board.Figure {
	columns, _ := FigureColumns(p.Rung, p.By)
	if len(columns) == 0 {
		return nil
	}
	var out []board.Figure
	for _, f := range p.Lines {
		if f.Measure == columns[0] && f.Month == p.Month {
			out = append(out, f)
		}
	}
	order := words.Order(p.Lang)
	slices.SortStableFunc(out, func(a, b board.Figure) int {
		return cmp.Or(cmp.Compare(min(a.Others, 1), min(b.Others, 1)), order(words.Unit(p.Lang, a), words.Unit(p.Lang, b)))
	})
	return out
}

// hides tells whether anything the page's breakdown shows is protected.
func (p FiguresPage) hides() bool {
	for _, line := range p.lines() {
		for _, m := range columnsOn(p.Rung, p.By) {
			if s := p.unit(m, line, p.Month).State; s != board.FigureExact && s != board.FigureNone {
				return true
			}
		}
	}
	return false
}

// moves tells whether anything the page's breakdown shows has an arrow beside it.
func (p FiguresPage) moves() bool {
	for _, line := range p.lines() {
		for _, m := range columnsOn(p.Rung, p.By) {
			if !p.roughly(m, line) && changeOf(p.Lang, p.unit(m, line, p.Month), p.unit(m, line, p.Month-1)).by != 0 {
				return true
			}
		}
	}
	return false
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
		return words.T(lang, "%d%%", int(asWritten(f)))
	case board.FormHours:
		return hoursText(lang, f.Value)
	}
	if f.Measure == board.Entitled { // people are told to the next five
		return words.T(lang, "about %s", words.Number(lang, int64(asWritten(f))))
	}
	return words.Number(lang, int64(asWritten(f)))
}

// cellText is figureText where there is little room.
func cellText(lang string, f board.Figure) string {
	if f.Measure == board.Entitled && f.State == board.FigureExact {
		return words.T(lang, "c. %s", words.Number(lang, int64(asWritten(f))))
	}
	return figureText(lang, f)
}

// hiddenWhy says why a figure is not there, in a sentence; empty where it is.
func hiddenWhy(lang string, s board.FigureState) string {
	switch s {
	case board.FigureProtected:
		return words.T(lang, "Hidden, because it would be about fewer than %d people, or could be worked out from what stands beside it. It is not zero.", board.LeastGroup)
	case board.FigureFew:
		return words.T(lang, "Fewer than %d people: how many exactly would say too much about each of them.", board.LeastGroup)
	case board.FigureNearlyAll:
		return words.T(lang, "All of them, or all but fewer than %d: an exact number would say too much about the others.", board.LeastGroup)
	case board.FigureNone:
		return words.T(lang, "There was nothing to measure in this month.")
	}
	return ""
}

// shift is how a figure differs from that of the month before.
type shift struct {
	by    float64 // in the unit it is written in; 0: the same
	known bool    // whether the two may be set beside each other
	text  string
	short string // the same for the eye, where there is little room
}

// better says which way a measure gets better: 1 up, -1 down, 0 where neither is.
func better(m board.Measure) float64 {
	switch m {
	case board.Contributors, board.AnsweredDue, board.AnsweredHour, board.Decided30, board.Decided60, board.Decided90, board.Conversations,
		board.CreditGiven, board.PlannedDone, board.PromisesKept, board.OutcomeStated, board.CommunityTies, board.Adoption, board.Newcomers, board.Breadths:
		return 1
	case board.FirstMedian, board.FirstMost, board.Concentration, board.SearchMissed:
		return -1
	}
	return 0
}

// changeOf compares two figures of one unit, where that says nothing of who joined
// or left.
func changeOf(lang string, now, before board.Figure) shift {
	switch {
	case now.State != board.FigureExact, before.State == board.FigureNone:
		return shift{}
	case before.State != board.FigureExact:
		return shift{text: words.T(lang, "month before: %s", figureText(lang, before))}
	case !now.Steady:
		return shift{text: words.T(lang, "not comparable with the month before: people came or went")}
	}
	c := shift{by: asWritten(now) - asWritten(before), known: true}
	size := math.Abs(c.by)
	switch form := board.FormOf(now.Measure); {
	case size < .05:
		c.by, c.text = 0, words.T(lang, "as in the month before")
	case form == board.FormShare:
		c.short = words.N(lang, int(size), "%d point", "%d points")
	default:
		c.short = amount(lang, form, size)
	}
	switch form := board.FormOf(now.Measure); {
	case c.by == 0:
	case form == board.FormShare && c.by > 0:
		c.text = words.N(lang, int(size), "%d point more than the month before", "%d points more than the month before")
	case form == board.FormShare:
		c.text = words.N(lang, int(size), "%d point less than the month before", "%d points less than the month before")
	case c.by > 0:
		c.text = words.T(lang, "%s more than the month before", amount(lang, form, size))
	default:
		c.text = words.T(lang, "%s less than the month before", amount(lang, form, size))
	}
	return c
}

func amount(lang string, form board.Form, size float64) string {
	if form == board.FormHours {
		return hoursText(lang, size)
	}
	return words.Number(lang, int64(math.Round(size)))
}

// hoursText is a number of hours, with a tenth only where there is one.
func hoursText(lang string, hours float64) string {
	tenths := int64(math.Round(10 * hours))
	if tenths%10 == 0 {
		return words.T(lang, "%s h", words.Number(lang, tenths/10))
	}
	return words.T(lang, "%s h", words.Tenths(lang, tenths))
}

// arrow shows which way a figure went; its words stand beside it.
func (c shift) arrow() string {
	switch {
	case c.by > 0:
		return "▲"
	case c.by < 0:
		return "▼"
	}
	return ""
}

// withinRounding is up to how many points a change of a share of people may be the rounding
// of people alone.
const withinRounding = 4

// mood is whether a change is for the better, as a class of style: empty where the
// rounding alone may have made it.
func (c shift) mood(m board.Measure) string {
	people := m == board.Contributors || m == board.Adoption || m == board.CommunityTies || m == board.Newcomers
	switch way := c.by * better(m); {
	case people && math.Abs(c.by) <= withinRounding:
	case way > 0:
		return "better"
	case way < 0:
		return "worse"
	}
	return ""
}

func moodText(lang, mood string) string {
	switch mood {
	case "better":
		return words.T(lang, "change|better")
	case "worse":
		return words.T(lang, "change|worse")
	}
	return ""
}

func (p FiguresPage) companyChange(m board.Measure) shift {
	return changeOf(p.Lang, p.company(m, p.Month), p.company(m, p.Month-1))
}

// tileNote says of what a headline is a share, or what belongs to it.
func tileNote(p FiguresPage, m board.Measure) string {
	switch m {
	case board.Contributors:
		if f := p.company(board.Entitled, p.Month); f.State == board.FigureExact {
			return words.T(p.Lang, "of about %d people", int(f.Value))
		}
	case board.FirstMedian:
		if f := p.company(board.AnsweredDue, p.Month); f.State == board.FigureExact {
			return words.T(p.Lang, "%s answered in time", figureText(p.Lang, f))
		}
	case board.Decided30:
		return words.T(p.Lang, "of the ideas of %s", monthName(p.Lang, p.Month-1))
	case board.Across:
		return words.T(p.Lang, "of the replies")
	}
	return ""
}

func figuresTitle(p FiguresPage) string {
	if p.Rung == "" {
		return words.T(p.Lang, "Participation, %s", monthName(p.Lang, p.Month))
	}
	name, _ := words.Rung(p.Lang, p.Rung)
	return words.T(p.Lang, "%s, %s", name, monthName(p.Lang, p.Month))
}

func figuresLead(p FiguresPage) string {
	var parts []string
	if f := p.company(board.Entitled, p.Month); f.State == board.FigureExact {
		parts = append(parts, words.T(p.Lang, "about %d people", int(f.Value)))
	}
	if p.Units {
		parts = append(parts, words.T(p.Lang, "groups of fewer than %d people stand in “Others”", board.LeastGroup))
	}
	return strings.Join(append(parts, words.T(p.Lang, "no figure is about a person")), " · ")
}

func monthName(lang string, m board.Month) string { return words.Month(lang, begins(m)) }

func breakdownTitle(lang string, by board.Dimension) string {
	switch by {
	case board.BySite:
		return words.T(lang, "By site")
	case board.ByBoard:
		return words.T(lang, "By board")
	}
	return words.T(lang, "By team")
}
