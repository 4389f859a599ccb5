package templates

import (
	"fmt"
	"math"
	"strings"

	"convivio/store/board"
	"convivio/templates/words"
)

// A chart shows what the table under it says and nothing more: it is drawn from
// values rounded as they are written, and where a figure is hidden, or may not be
// set beside the month before, the line is broken.

// The box that charts are drawn into; styles stretch it.
const (
	chartWidth  = 1000.0
	chartHeight = 200.0
	chartTop    = 4.0 // room for the width of the line
)

// series is a measure of one unit over some months, the oldest first.
type series struct {
	lang    string
	measure board.Measure
	figures []board.Figure
}

// companySeries is a measure of the whole company up to the month shown.
func (p FiguresPage) companySeries(m board.Measure) series {
	s := series{lang: p.Lang, measure: m}
	for _, month := range p.months() {
		s.figures = append(s.figures, p.company(m, month))
	}
	return s
}

// unitSeries is a measure of a line of the breakdown.
func (p FiguresPage) unitSeries(m board.Measure, line board.Figure) series {
	s := series{lang: p.Lang, measure: m}
	for _, month := range p.months()[max(0, len(p.months())-FiguresSpan):] {
		s.figures = append(s.figures, p.unit(m, line, month))
	}
	return s
}

// months are those that charts show, the oldest first.
func (p FiguresPage) months() []board.Month {
	var out []board.Month
	for m := max(p.Month-board.Month(max(p.Span, 1))+1, p.Months[len(p.Months)-1]); m <= p.Month; m++ {
		out = append(out, m)
	}
	return out
}

// asWritten is a value as precisely as it is written, in the unit it is written in.
func asWritten(f board.Figure) float64 {
	switch board.FormOf(f.Measure) {
	case board.FormShare:
		return math.Round(100 * f.Value)
	case board.FormHours:
		return math.Round(10*f.Value) / 10
	}
	return math.Round(f.Value)
}

// drawable tells whether there is anything to draw: a single point is no chart.
func (s series) drawable() bool {
	points := 0
	for _, f := range s.figures {
		if f.State == board.FigureExact {
			points++
		}
	}
	return points > 1
}

// top is where the scale ends: a round number whose half is round, too.
func (s series) top() float64 {
	highest := 0.0
	for _, f := range s.figures {
		if f.State == board.FigureExact {
			highest = max(highest, asWritten(f))
		}
	}
	for step := 1.0; ; step *= 10 {
		for _, n := range []float64{2, 4, 6, 10} {
			if highest <= n*step {
				return n * step
			}
		}
	}
}

// scale are the words beside the lines of a chart, from the top.
func (s series) scale() []string {
	top := int64(s.top())
	var out []string
	for _, n := range []int64{top, top / 2, 0} {
		switch board.FormOf(s.measure) {
		case board.FormShare:
			out = append(out, words.T(s.lang, "%d%%", n))
		case board.FormHours:
			out = append(out, words.T(s.lang, "%s h", words.Number(s.lang, n)))
		default:
			out = append(out, words.Number(s.lang, n))
		}
	}
	return out
}

// stretch is a run of months that are drawn as one line.
type stretch struct{ line, area string }

// drawing is what a chart consists of: lines, a dot for every month, and the months
// whose figure is hidden.
type drawing struct {
	stretches []stretch
	dots      string
	hidden    []string // where the bands begin
	band      string   // how wide they are
}

// draw puts every month into the middle of its share of the width.
func (s series) draw() drawing {
	each := chartWidth / float64(len(s.figures))
	d := drawing{band: fmt.Sprintf("%.1f", each)}
	top := s.top()
	var points []string
	var first, last float64
	flush := func() {
		if len(points) > 1 {
			line := strings.Join(points, " ")
			d.stretches = append(d.stretches, stretch{line, fmt.Sprintf("%s %.1f,%g %.1f,%g", line, last, chartHeight, first, chartHeight)})
		}
		points = nil
	}
	for i, f := range s.figures {
		if f.State != board.FigureExact {
			flush()
			if f.State != board.FigureNone {
				d.hidden = append(d.hidden, fmt.Sprintf("%.1f", each*float64(i)))
			}
			continue
		}
		if !f.Steady {
			flush()
		}
		last = each * (float64(i) + .5)
		if len(points) == 0 {
			first = last
		}
		y := chartHeight - (chartHeight-chartTop)*asWritten(f)/top
		points = append(points, fmt.Sprintf("%.1f,%.1f", last, y))
		d.dots += fmt.Sprintf("M%.1f,%.1fh0", last, y)
	}
	flush()
	return d
}

// told says in a sentence what a chart shows.
func (s series) told() string {
	var shown []board.Figure
	for _, f := range s.figures {
		if f.State == board.FigureExact {
			shown = append(shown, f)
		}
	}
	title := words.Measure(s.lang, s.measure).Title
	switch len(shown) {
	case 0:
		return words.T(s.lang, "%s: no month can be shown.", title)
	case 1:
		return words.T(s.lang, "%s: %s in %s.", title, figureText(s.lang, shown[0]), monthName(s.lang, shown[0].Month))
	}
	first, last := shown[0], shown[len(shown)-1]
	return words.T(s.lang, "%s: from %s in %s to %s in %s.", title, figureText(s.lang, first), monthName(s.lang, first.Month), figureText(s.lang, last), monthName(s.lang, last.Month))
}
