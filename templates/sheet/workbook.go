package sheet

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"convivio/store/board"
	"convivio/templates/words"
)

// workbook is the release for a spreadsheet: a sheet for each breakdown, with a
// line for each month and unit, charts, the dictionary, and what the release is.
// Values are typed; what is hidden is text; nothing is a formula. The frame is
// small and made in memory; the lines go straight into the file.
func workbook(r board.Release, figures all, to io.Writer) (err error) {
	b := &book{File: excelize.NewFile(), release: r, lang: r.Asked.Lang}
	defer func() {
		if closed := b.Close(); err == nil {
			err = closed
		}
	}()
	b.styles()
	months, err := companyMonths(figures)
	if err != nil {
		return err
	}
	b.company(months)
	for _, by := range r.Asked.By[1:] {
		b.breakdown(by)
	}
	b.charts(months)
	b.text(words.T(b.lang, "sheet|Dictionary"), 2, Dictionary(b.lang), []float64{22, 28, 50, 38, 38, 38, 18})
	b.text(words.T(b.lang, "sheet|About"), 0, b.about(), []float64{44, 90})
	b.properties()
	if b.err != nil {
		return b.err
	}
	frame, err := b.WriteToBuffer()
	if err != nil {
		return fmt.Errorf("write the frame of the workbook: %w", err)
	}
	return b.fill(frame.Bytes(), figures, to)
}

// book is a workbook in the making; the first error stays.
type book struct {
	*excelize.File
	release    board.Release
	lang, name string
	sheets     int
	err        error

	head, numberHead, monthHead, rung, share, count, plain, unit, month, unshared int // styles
}

func (b *book) keep(err error) {
	if b.err == nil && err != nil {
		b.err = fmt.Errorf("write the workbook: %w", err)
	}
}

// ground and line are the colours of heads.
const (
	ground = "FBEAE3"
	line   = "D9D4CC"
	grey   = "6B655D"
)

func (b *book) styles() {
	add := func(s excelize.Style, font excelize.Font) int {
		s.Border = []excelize.Border{{Type: "bottom", Color: line, Style: 1}}
		font.Family, font.Size = "Calibri", 11
		s.Font = &font
		id, err := b.NewStyle(&s)
		b.keep(err)
		return id
	}
	month := b.monthForm()
	soft := excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{ground}}
	bold := excelize.Font{Bold: true}
	number := &excelize.Alignment{Horizontal: "right", Vertical: "top"}
	text := &excelize.Alignment{WrapText: true, Vertical: "top"}
	b.head = add(excelize.Style{Alignment: text, Fill: soft}, bold)
	b.numberHead = add(excelize.Style{Alignment: &excelize.Alignment{Horizontal: "right", WrapText: true, Vertical: "top"}, Fill: soft}, bold)
	b.monthHead = add(excelize.Style{CustomNumFmt: &month, Alignment: number, Fill: soft}, bold)
	b.rung = add(excelize.Style{Alignment: text}, bold)
	b.share = add(excelize.Style{NumFmt: 9, Alignment: number}, excelize.Font{})
	b.count = add(excelize.Style{NumFmt: 3, Alignment: number}, excelize.Font{})
	b.plain = add(excelize.Style{Alignment: text}, excelize.Font{})
	b.unit = add(excelize.Style{Alignment: &excelize.Alignment{Vertical: "top"}}, excelize.Font{})
	b.month = add(excelize.Style{CustomNumFmt: &month, Alignment: &excelize.Alignment{Horizontal: "left", Vertical: "top"}}, excelize.Font{})
	b.unshared = add(excelize.Style{Alignment: &excelize.Alignment{Horizontal: "right", Vertical: "top", ShrinkToFit: true}}, excelize.Font{Italic: true, Color: grey})
}

// sheet begins a sheet, printed across, its head on every page.
func (b *book) sheet(name string) {
	b.name = name
	if b.sheets++; b.sheets == 1 {
		b.keep(b.SetSheetName("Sheet1", name))
	} else {
		_, err := b.NewSheet(name)
		b.keep(err)
	}
	landscape, a4, wide, long, fits := "landscape", 9, 1, 0, true
	b.keep(b.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &fits}))
	b.keep(b.SetPageLayout(name, &excelize.PageLayoutOptions{Orientation: &landscape, Size: &a4, FitToWidth: &wide, FitToHeight: &long}))
	b.keep(b.SetHeaderFooter(name, &excelize.HeaderFooterOptions{OddFooter: "&LConvivio · " + words.T(b.lang, "Release %d", b.release.Number) + " · &A&R&P / &N"}))
}

func (b *book) cell(column, row int) string {
	name, err := excelize.CoordinatesToCellName(column, row)
	b.keep(err)
	return name
}

// freeze keeps the head, and the first columns, in sight and on every page.
func (b *book) freeze(columns int) {
	panes := excelize.Panes{Freeze: true, XSplit: columns, YSplit: 1, TopLeftCell: b.cell(columns+1, 2), ActivePane: "bottomRight"}
	if columns == 0 {
		panes.ActivePane = "bottomLeft"
	}
	b.keep(b.SetPanes(b.name, &panes))
	titles := "'" + b.name + "'!$1:$1"
	if columns > 0 {
		last, err := excelize.ColumnNumberToName(columns)
		b.keep(err)
		titles = "'" + b.name + "'!$A:$" + last + "," + titles
	}
	b.keep(b.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: titles, Scope: b.name}))
}

// set writes one cell.
func (b *book) set(column, row, style int, value any) {
	at := b.cell(column, row)
	b.keep(b.SetCellValue(b.name, at, value))
	b.keep(b.SetCellStyle(b.name, at, at, style))
}

// lineHigh is how high a line of text is, in points.
const lineHigh = 15

// text makes a sheet of texts, the first row being the head. Its rows are as high
// as their texts: not every spreadsheet sees to that.
func (b *book) text(name string, columns int, rows [][]string, wide []float64) {
	b.sheet(name)
	for i, row := range rows {
		style, lines := b.plain, 1.0
		if i == 0 {
			style = b.head
		}
		for j, cell := range row {
			b.set(j+1, i+1, style, cell)
			lines = max(lines, math.Ceil(float64(utf8.RuneCountInString(cell))*1.1/wide[j]))
		}
		b.keep(b.SetRowHeight(b.name, i+1, lines*lineHigh))
	}
	for i, w := range wide {
		column, err := excelize.ColumnNumberToName(i + 1)
		b.keep(err)
		b.keep(b.SetColWidth(b.name, column, column, w))
	}
	b.freeze(columns)
}

// columns are the measures of a breakdown, in the order of their columns, which
// begin behind month and unit.
func columns(by board.Dimension) []board.Measure {
	out := []board.Measure{}
	for _, d := range board.Definitions {
		if slices.Contains(d.By, by) {
			out = append(out, d.Measure)
		}
	}
	return out
}

// before is how many columns stand before the measures.
const before = 2

// breakdown makes the sheet of a dimension, with its head; fill adds the lines.
func (b *book) breakdown(by board.Dimension) {
	b.sheet(sheetName(b.lang, by))
	if by == board.ByBoard { // twenty columns are too many for the width of a sheet of paper
		two := 2
		b.keep(b.SetPageLayout(b.name, &excelize.PageLayoutOptions{FitToWidth: &two}))
	}
	b.set(1, 1, b.head, words.T(b.lang, "Month"))
	b.set(2, 1, b.head, words.Dimension(b.lang, by))
	for i, m := range columns(by) {
		b.set(before+1+i, 1, b.numberHead, words.Measure(b.lang, m).Title)
	}
	b.keep(b.SetColWidth(b.name, "A", "A", 12))
	b.keep(b.SetColWidth(b.name, "B", "B", 30))
	end, err := excelize.ColumnNumberToName(before + len(columns(by)))
	b.keep(err)
	b.keep(b.SetColWidth(b.name, "C", end, 17))
	b.keep(b.SetRowHeight(b.name, 1, 48))
	b.freeze(before)
}

// properties says what made the workbook, and nobody who did.
func (b *book) properties() {
	made := b.release.MadeAt.UTC().Format(time.RFC3339)
	b.keep(b.SetDocProps(&excelize.DocProperties{Creator: "Convivio", LastModifiedBy: "Convivio", Title: words.T(b.lang, "Release %d", b.release.Number),
		Created: made, Modified: made, Language: b.lang}))
	b.keep(b.SetAppProps(&excelize.AppProperties{Application: "Convivio"}))
}

// fill writes the workbook: the frame as it is, in the order of names, and the
// lines into the sheets of the breakdowns.
func (b *book) fill(frame []byte, figures all, to io.Writer) error {
	parts, err := zip.NewReader(bytes.NewReader(frame), int64(len(frame)))
	if err != nil {
		return fmt.Errorf("read the frame of the workbook: %w", err)
	}
	slices.SortFunc(parts.File, func(x, y *zip.File) int { return strings.Compare(x.Name, y.Name) })
	w := zip.NewWriter(to)
	for _, part := range parts.File {
		if err := b.part(w, part, figures); err != nil {
			return fmt.Errorf("write %s: %w", part.Name, err)
		}
	}
	return w.Close()
}

func (b *book) part(w *zip.Writer, part *zip.File, figures all) error {
	from, err := part.Open()
	if err != nil {
		return err
	}
	defer from.Close()
	text, err := io.ReadAll(from)
	if err != nil {
		return err
	}
	if part.Name == "[Content_Types].xml" {
		text = inOrder(text)
	}
	into, err := w.CreateHeader(&zip.FileHeader{Name: part.Name, Method: zip.Deflate, Modified: noTime})
	if err != nil {
		return err
	}
	for i, by := range b.release.Asked.By {
		if i == 0 { // the company's is small, and filled already
			continue
		}
		if part.Name != fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1) {
			continue
		}
		const end = "</sheetData>"
		head, tail, ok := bytes.Cut(text, []byte(end))
		if !ok {
			return fmt.Errorf("there is no %s", end)
		}
		if _, err := into.Write(withoutExtent(head)); err != nil {
			return err
		}
		if err := b.rows(into, by, figures); err != nil {
			return err
		}
		text = append([]byte(end), tail...)
	}
	_, err = into.Write(text)
	return err
}

// contentType is a line of the list of types.
var contentType = regexp.MustCompile(`<(?:Default|Override) [^>]*?(?:/>|></(?:Default|Override)>)`)

// inOrder sorts the list of types: it comes in the order of a map, which is another
// one each time.
func inOrder(text []byte) []byte {
	list := contentType.FindAll(text, -1)
	slices.SortFunc(list, bytes.Compare)
	sorted, n := bytes.Join(list, nil), 0
	return contentType.ReplaceAllFunc(text, func([]byte) []byte {
		if n++; n == 1 {
			return sorted
		}
		return nil
	})
}

// noTime is when every part was made: the same work makes the same bytes.
var noTime = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// withoutExtent takes away how far a sheet goes, which is not known before its
// lines are written, and need not be said.
func withoutExtent(head []byte) []byte {
	begin := bytes.Index(head, []byte("<dimension "))
	if begin < 0 {
		return head
	}
	for _, end := range []string{"></dimension>", "/>"} {
		if n := bytes.Index(head[begin:], []byte(end)); n >= 0 {
			return slices.Concat(head[:begin], head[begin+n+len(end):])
		}
	}
	return head
}

// about says what the release is.
func (b *book) about() [][]string {
	a := b.release.Asked
	months := words.Month(b.lang, a.From.Begins(time.UTC))
	if a.To != a.From {
		months += " – " + words.Month(b.lang, a.To.Begins(time.UTC))
	}
	return [][]string{
		{words.T(b.lang, "Release %d", b.release.Number), ""},
		{words.T(b.lang, "Made on"), b.release.MadeAt.UTC().Format("2006-01-02 15:04 UTC")},
		{words.T(b.lang, "Months"), months},
		{words.T(b.lang, "Smallest group"), fmt.Sprint(board.LeastGroup)},
		{words.T(b.lang, "Figures, and how many of them are hidden"), fmt.Sprintf("%d / %d", b.release.Figures, b.release.Hidden)},
		{words.T(b.lang, "Time zone"), board.ZoneName},
		{words.T(b.lang, "Software"), "Convivio " + b.release.Version},
		{nothing, words.FigureState(b.lang, board.FigureNone)},
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
