package sheet

import (
	"fmt"

	"github.com/xuri/excelize/v2"

	"convivio/store/board"
	"convivio/templates/words"
)

// A chart takes its values from the cells of the company's sheet, and nothing that
// is not in them: a spreadsheet would draw hidden figures as zero, so it begins
// after the last month in which one of its own is hidden.

// drawn are the charts: measures of one form that are read together.
var drawn = []struct {
	kind     excelize.ChartType
	measures []board.Measure
}{
	{excelize.Line, []board.Measure{board.Contributors}},
	{excelize.Col, []board.Measure{board.IdeasPosted, board.CommentsMade, board.VotesCast}},
	{excelize.Line, []board.Measure{board.AnsweredDue, board.Decided30, board.Decided90}},
	{excelize.Line, []board.Measure{board.FirstMedian, board.FirstMost}},
}

// colours of the lines and columns, told apart without colour by their names and
// order too.
var colours = []string{"B5421F", "2F6B8F", "8A8178"}

// The names of months stand slanting, of all of them up to so many: side by side they
// would run into each other.
const (
	slanting    = -45
	monthsApart = 18
)

// shown is from which month on a measure of the company is shown as it is, in all
// that follow too; len(months): in none.
func shown(months []companyMonth, m board.Measure) (from int) {
	for from = len(months); from > 0 && months[from-1].figures[m].State == board.FigureExact; {
		from--
	}
	return from
}

// series are the measures of a chart that are shown for most of the months, and the
// month from which on all of them are.
func series(months []companyMonth, measures []board.Measure) (out []board.Measure, from int) {
	earliest := len(months)
	for _, m := range measures {
		earliest = min(earliest, shown(months, m))
	}
	for _, m := range measures {
		if at := shown(months, m); 2*(len(months)-at) >= len(months)-earliest {
			out, from = append(out, m), max(from, at)
		}
	}
	return out, from
}

// charts makes the sheet of charts, where there is anything to draw.
func (b *book) charts(months []companyMonth) {
	const across, wide, high = 2, 640, 320 // pixels
	n := 0
	for _, d := range drawn {
		measures, from := series(months, d.measures)
		if len(months)-from < 2 {
			continue
		}
		if n == 0 {
			b.sheet(words.T(b.lang, "sheet|Charts"))
			lines := false
			b.keep(b.SetSheetView(b.name, 0, &excelize.ViewOptions{ShowGridLines: &lines}))
		}
		c := b.chart(measures, before+1+from, before+len(months))
		c.Type, c.Dimension = d.kind, excelize.ChartDimension{Width: wide, Height: high}
		b.keep(b.AddChart(b.name, b.cell(n%across*11+1, n/across*18+1), c))
		n++
	}
}

// chart draws measures from one column of the company's sheet to another.
func (b *book) chart(measures []board.Measure, first, last int) *excelize.Chart {
	of := sheetName(b.lang, board.ByCompany)
	from, err := excelize.ColumnNumberToName(first)
	b.keep(err)
	to, err := excelize.ColumnNumberToName(last)
	b.keep(err)
	title := words.Measure(b.lang, measures[0]).Title
	out := &excelize.Chart{Legend: excelize.ChartLegend{Position: "bottom", Font: &excelize.Font{Color: grey, Size: 10}}}
	if len(measures) == 1 {
		out.Legend.Position = "none"
	} else {
		title = chartTitle(b.lang, board.FormOf(measures[0]))
	}
	for i, m := range measures {
		row := measureRow(m)
		fill := excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colours[i]}}
		out.Series = append(out.Series, excelize.ChartSeries{
			Name:       fmt.Sprintf("'%s'!$B$%d", of, row),
			Categories: fmt.Sprintf("'%s'!$%s$1:$%s$1", of, from, to),
			Values:     fmt.Sprintf("'%s'!$%s$%d:$%s$%d", of, from, row, to, row),
			Fill:       fill,
			Line:       excelize.LineOptions{Width: 2.25, Type: excelize.LineSolid, Fill: fill},
			Marker:     excelize.ChartMarker{Symbol: "circle", Size: 5, Fill: fill},
		})
	}
	zero, ink := 0.0, excelize.Font{Color: grey, Size: 10}
	out.Title = excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: words.T(b.lang, "%s, by month", title), Font: &excelize.Font{Bold: true, Size: 12}}}}
	out.XAxis = excelize.ChartAxis{Font: ink, NumFmt: excelize.ChartNumFmt{CustomNumFmt: b.monthForm()}, TickLabelSkip: (last-first)/monthsApart + 1}
	out.XAxis.Alignment.TextRotation = slanting
	out.YAxis = excelize.ChartAxis{MajorGridLines: true, Minimum: &zero, Font: ink, NumFmt: excelize.ChartNumFmt{CustomNumFmt: "#,##0"}}
	if board.FormOf(measures[0]) == board.FormShare {
		one := 1.0
		out.YAxis.NumFmt.CustomNumFmt, out.YAxis.Maximum = "0%", &one
	}
	if board.FormOf(measures[0]) == board.FormHours {
		out.YAxis.NumFmt.CustomNumFmt = "#,##0\" h\""
	}
	return out
}

// chartTitle is what the measures of a chart are called together.
func chartTitle(lang string, f board.Form) string {
	switch f {
	case board.FormShare:
		return words.T(lang, "Answers and decisions in time")
	case board.FormHours:
		return words.T(lang, "Working hours to the first answer")
	}
	return words.T(lang, "Ideas, comments and votes")
}
