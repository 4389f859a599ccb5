package sheet

import (
	"bytes"
	"fmt"
	"slices"
	"time"

	"github.com/xuri/excelize/v2"

	"convivio/store/board"
	"convivio/templates/words"
)

// workbook is the release for a spreadsheet: a sheet for each breakdown, with a
// line for each unit and month, the dictionary, and what the release is. Values
// are typed; what is hidden is text; nothing is a formula.
func workbook(r board.Release, figures []board.Figure) (out []byte, err error) {
	f := excelize.NewFile()
	defer func() {
		if closed := f.Close(); err == nil {
			err = closed
		}
	}()
	b := &book{File: f, release: r, lang: r.Asked.Lang}
	b.styles()
	for i, by := range board.Dimensions {
		if by != board.ByCompany && !slices.Contains(r.Asked.By, by) {
			continue
		}
		b.sheet(i == 0, sheetName(b.lang, by))
		b.breakdown(by, figures)
	}
	b.sheet(false, words.T(b.lang, "sheet|Dictionary"))
	b.text(Dictionary(b.lang))
	b.sheet(false, words.T(b.lang, "sheet|About"))
	b.text(b.about())
	b.keep(f.SetDocProps(&excelize.DocProperties{Creator: "Convivio", LastModifiedBy: "Convivio", Title: words.T(b.lang, "Release %d", r.Number),
		Created: r.MadeAt.UTC().Format(time.RFC3339), Modified: r.MadeAt.UTC().Format(time.RFC3339), Language: b.lang}))
	b.keep(f.SetAppProps(&excelize.AppProperties{Application: "Convivio"}))
	var w bytes.Buffer
	if b.err == nil {
		_, b.err = f.WriteTo(&w)
	}
	return w.Bytes(), b.err
}

// book is a workbook in the making; the first error stays.
type book struct {
	*excelize.File
	release                          board.Release
	lang, name                       string
	head, share, hours, count, plain int // styles
	err                              error
}

func (b *book) keep(err error) {
	if b.err == nil && err != nil {
		b.err = fmt.Errorf("write the workbook: %w", err)
	}
}

func (b *book) styles() {
	add := func(s *excelize.Style) int {
		id, err := b.NewStyle(s)
		b.keep(err)
		return id
	}
	hours := "0.0"
	b.head = add(&excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"FBEAE3"}}})
	b.share = add(&excelize.Style{NumFmt: 9})
	b.count = add(&excelize.Style{NumFmt: 3})
	b.hours = add(&excelize.Style{CustomNumFmt: &hours})
	b.plain = add(&excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
}

// sheet begins a sheet; the first one is there already.
func (b *book) sheet(first bool, name string) {
	b.name = name
	if first {
		b.keep(b.SetSheetName("Sheet1", name))
		return
	}
	_, err := b.NewSheet(name)
	b.keep(err)
}

func (b *book) cell(column, row int) string {
	name, err := excelize.CoordinatesToCellName(column, row)
	b.keep(err)
	return name
}

// freeze keeps the head in sight.
func (b *book) freeze(columns int) {
	b.keep(b.SetPanes(b.name, &excelize.Panes{Freeze: true, XSplit: columns, YSplit: 1, TopLeftCell: b.cell(columns+1, 2), ActivePane: "bottomRight"}))
}

// text writes rows of text, the first being the head.
func (b *book) text(rows [][]string) {
	for i, row := range rows {
		for j, cell := range row {
			at := b.cell(j+1, i+1)
			b.keep(b.SetCellStr(b.name, at, cell))
			style := b.plain
			if i == 0 {
				style = b.head
			}
			b.keep(b.SetCellStyle(b.name, at, at, style))
		}
	}
	b.keep(b.SetColWidth(b.name, "A", "B", 28))
	b.keep(b.SetColWidth(b.name, "C", "G", 48))
	b.freeze(1)
}

// breakdown writes a line for each month and unit, a column for each measure.
func (b *book) breakdown(by board.Dimension, figures []board.Figure) {
	measures := []board.Measure{}
	for _, d := range board.Definitions {
		if slices.Contains(d.By, by) {
			measures = append(measures, d.Measure)
		}
	}
	heads := []string{words.T(b.lang, "Month"), words.Dimension(b.lang, by)}
	for _, m := range measures {
		heads = append(heads, words.Measure(b.lang, m).Title)
	}
	for i, h := range heads {
		at := b.cell(i+1, 1)
		b.keep(b.SetCellStr(b.name, at, h))
		b.keep(b.SetCellStyle(b.name, at, at, b.head))
	}
	type place struct {
		month  board.Month
		unit   string
		unitID int64
		others int
	}
	rows := map[place]int{}
	last := 1
	for _, f := range figures {
		if f.By != by {
			continue
		}
		key := place{f.Month, f.Unit, f.UnitID, f.Others}
		row, known := rows[key]
		if !known {
			last++
			row = last
			rows[key] = row
			b.keep(b.SetCellStr(b.name, b.cell(1, row), f.Month.String()))
			b.keep(b.SetCellStr(b.name, b.cell(2, row), words.Unit(b.lang, f)))
		}
		b.figure(f, b.cell(slices.Index(measures, f.Measure)+3, row))
	}
	b.keep(b.SetColWidth(b.name, "A", "A", 11))
	b.keep(b.SetColWidth(b.name, "B", "B", 26))
	end, err := excelize.ColumnNumberToName(len(heads))
	b.keep(err)
	b.keep(b.SetColWidth(b.name, "C", end, 15))
	b.freeze(2)
	if by == board.ByCompany {
		b.chart(figures, slices.Index(measures, board.Contributors)+3, last)
	}
}

// figure writes one value: a number with its form, or the words that say why not.
func (b *book) figure(f board.Figure, at string) {
	if f.State != board.FigureExact {
		b.keep(b.SetCellStr(b.name, at, words.FigureState(b.lang, f.State)))
		return
	}
	b.keep(b.SetCellValue(b.name, at, rounded(f)))
	b.keep(b.SetCellStyle(b.name, at, at, map[board.Form]int{board.FormShare: b.share, board.FormHours: b.hours, board.FormCount: b.count}[board.FormOf(f.Measure)]))
}

// chart draws how many contribute, over the months up to the last for which it is
// shown: a spreadsheet would draw hidden ones as zero.
func (b *book) chart(figures []board.Figure, column, last int) {
	first := last + 1
	for _, f := range slices.Backward(figures) {
		if f.By != board.ByCompany || f.Measure != board.Contributors {
			continue
		}
		if f.State != board.FigureExact {
			break
		}
		first--
	}
	if last-first < 1 || first < 2 {
		return
	}
	name, err := excelize.ColumnNumberToName(column)
	b.keep(err)
	title := words.T(b.lang, "%s, by month", words.Measure(b.lang, board.Contributors).Title)
	b.keep(b.AddChart(b.name, b.cell(2, last+3), &excelize.Chart{
		Type: excelize.Line,
		Series: []excelize.ChartSeries{{
			Name:       fmt.Sprintf("'%s'!$%s$1", b.name, name),
			Categories: fmt.Sprintf("'%s'!$A$%d:$A$%d", b.name, first, last),
			Values:     fmt.Sprintf("'%s'!$%s$%d:$%s$%d", b.name, name, first, name, last),
		}},
		Title:     excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: title}}},
		Legend:    excelize.ChartLegend{Position: "none"},
		Dimension: excelize.ChartDimension{Width: 720, Height: 300},
	}))
}

// about says what the release is.
func (b *book) about() [][]string {
	a := b.release.Asked
	return [][]string{
		{words.T(b.lang, "Release %d", b.release.Number), ""},
		{words.T(b.lang, "Made on"), b.release.MadeAt.UTC().Format("2006-01-02 15:04 UTC")},
		{words.T(b.lang, "Months"), a.From.String() + " – " + a.To.String()},
		{words.T(b.lang, "Smallest group"), fmt.Sprint(board.LeastGroup)},
		{words.T(b.lang, "Figures, and how many of them are hidden"), fmt.Sprintf("%d / %d", b.release.Figures, b.release.Hidden)},
		{words.T(b.lang, "Time zone"), "Europe/Rome"},
		{words.T(b.lang, "Software"), "Convivio " + b.release.Version},
		{words.T(b.lang, "What it is not"), words.T(b.lang, "No number is about a person. What is hidden is not zero: it is about fewer than %d people, or would give such a number away by subtraction.", board.LeastGroup)},
	}
}

func sheetName(lang string, by board.Dimension) string {
	switch by {
	case board.ByTeam:
		return words.T(lang, "sheet|Teams")
	case board.BySite:
		return words.T(lang, "sheet|Sites")
	case board.ByBoard:
		return words.T(lang, "sheet|Boards")
	}
	return words.T(lang, "sheet|Company")
}
