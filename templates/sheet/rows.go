package sheet

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"

	"convivio/store/board"
	"convivio/templates/words"
)

// mostRows is how many lines a sheet of a spreadsheet has.
const mostRows = 1 << 20

// rows writes the lines of a breakdown: one for each month and unit, in the order
// of the figures.
func (b *book) rows(to io.Writer, by board.Dimension, figures all) error {
	w := &rowWriter{Writer: bufio.NewWriterSize(to, 32<<10), book: b, row: 1}
	measures := columns(by)
	values := make([]board.Figure, len(measures))
	var at board.Figure
	for f, err := range figures {
		if err != nil {
			return err
		}
		if f.By != by {
			continue
		}
		if w.row == 1 || f.Month != at.Month || f.Unit != at.Unit || f.UnitID != at.UnitID || f.Others != at.Others {
			w.line(at, values)
			at, w.row = f, w.row+1
			clear(values)
		}
		for i, m := range measures {
			if m == f.Measure {
				values[i] = f
			}
		}
	}
	w.line(at, values)
	if w.row > mostRows {
		return fmt.Errorf("%d lines are more than a spreadsheet holds", w.row)
	}
	return w.Flush()
}

// rowWriter writes lines as a sheet has them. Errors stay in the writer.
type rowWriter struct {
	*bufio.Writer
	book *book
	row  int // the line that is gathered; 1: none
}

func (w *rowWriter) line(at board.Figure, values []board.Figure) {
	if w.row == 1 {
		return
	}
	fmt.Fprintf(w, `<row r="%d">`, w.row)
	w.number(1, w.book.month, strconv.Itoa(serial(at.Month)))
	w.text(2, w.book.unit, words.Unit(w.book.lang, at))
	for i, f := range values {
		switch {
		case f.Measure == "": // it was not measured
		case f.State != board.FigureExact:
			w.text(before+1+i, w.book.unshared, w.book.state(f.State))
		default:
			w.number(before+1+i, w.book.form(f.Measure), strconv.FormatFloat(rounded(f), 'f', -1, 64))
		}
	}
	_, _ = w.WriteString("</row>")
}

// cell is the name of a cell of the line.
func (w *rowWriter) cell(column int) string {
	name, err := excelize.CoordinatesToCellName(column, w.row)
	w.book.keep(err)
	return name
}

func (w *rowWriter) number(column, style int, value string) {
	fmt.Fprintf(w, `<c r="%s" s="%d"><v>%s</v></c>`, w.cell(column), style, value)
}

func (w *rowWriter) text(column, style int, value string) {
	fmt.Fprintf(w, `<c r="%s" s="%d" t="inlineStr"><is><t xml:space="preserve">`, w.cell(column), style)
	_ = xml.EscapeText(w, []byte(value))
	_, _ = w.WriteString(`</t></is></c>`)
}

// nothing stands where there was nothing to measure.
const nothing = "–"

// state says why a figure is not shown as it is, in a word.
func (b *book) state(s board.FigureState) string {
	if s == board.FigureNone {
		return nothing
	}
	return words.FigureState(b.lang, s)
}

// form is how the values of a measure are shown.
func (b *book) form(m board.Measure) int {
	if board.FormOf(m) == board.FormShare {
		return b.share
	}
	return b.count
}

// serial is the first day of a month as spreadsheets count days.
func serial(m board.Month) int {
	return int(m.Begins(time.UTC).Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)) / (24 * time.Hour))
}
