package sheet

import (
	"slices"

	"github.com/xuri/excelize/v2"

	"convivio/store/board"
	"convivio/templates/words"
)

// companyMonth are the figures of the company in one month.
type companyMonth struct {
	month   board.Month
	figures map[board.Measure]board.Figure
}

// companyMonths are the company's figures, month by month in their order.
func companyMonths(figures all) (out []companyMonth, err error) {
	for f, err := range figures {
		if err != nil {
			return nil, err
		}
		if f.By != board.ByCompany {
			break // the company stands first
		}
		if n := len(out); n == 0 || out[n-1].month != f.Month {
			out = append(out, companyMonth{f.Month, map[board.Measure]board.Figure{}})
		}
		out[len(out)-1].figures[f.Measure] = f
	}
	return out, nil
}

// company makes the sheet of the company: a line for each figure of the ladder, a
// column for each month.
func (b *book) company(months []companyMonth) {
	b.sheet(sheetName(b.lang, board.ByCompany))
	b.set(1, 1, b.head, words.T(b.lang, "column|Step"))
	b.set(2, 1, b.head, words.T(b.lang, "column|Figure"))
	for i, m := range months {
		b.set(before+1+i, 1, b.monthHead, serial(m.month))
	}
	var rung board.Rung
	for _, d := range board.Definitions {
		if !slices.Contains(d.By, board.ByCompany) {
			continue
		}
		row := measureRow(d.Measure)
		name, _ := words.Rung(b.lang, d.Rung)
		if d.Rung == rung {
			name = ""
		}
		rung = d.Rung
		b.set(1, row, b.rung, name)
		b.set(2, row, b.unit, words.Measure(b.lang, d.Measure).Title)
		for i, m := range months {
			f, measured := m.figures[d.Measure]
			switch {
			case !measured:
				b.set(before+1+i, row, b.plain, "")
			case f.State != board.FigureExact:
				b.set(before+1+i, row, b.unshared, b.state(f.State))
			default:
				b.set(before+1+i, row, b.form(d.Measure), rounded(f))
			}
		}
	}
	b.keep(b.SetColWidth(b.name, "A", "A", 16))
	b.keep(b.SetColWidth(b.name, "B", "B", 40))
	end, err := excelize.ColumnNumberToName(before + max(len(months), 1))
	b.keep(err)
	b.keep(b.SetColWidth(b.name, "C", end, 13))
	b.freeze(before)
}

// measureRow is the row of a figure of the company.
func measureRow(m board.Measure) int {
	row := 1 // the head
	for _, d := range board.Definitions {
		if slices.Contains(d.By, board.ByCompany) {
			row++
		}
		if d.Measure == m {
			break
		}
	}
	return row
}

// monthForm is how a spreadsheet writes a month in the language of the release.
func (b *book) monthForm() string {
	if b.lang == "it" {
		return "[$-410]mmm yyyy"
	}
	return "[$-409]mmm yyyy"
}
