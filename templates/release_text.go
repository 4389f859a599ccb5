package templates

import (
	"encoding/json"
	"strconv"
	"strings"

	"convivio/store/board"
	"convivio/templates/words"
)

// ReleasesPage lists releases: GET /releases. POST /releases: from, to, by
// (repeats), lang, separator, bom; POST /releases/plan: the same without months, or end.
type ReleasesPage struct {
	Page
	Releases []board.Release
	Months   []board.Month      // that have figures, the latest first
	Makes    bool               // whether the reader makes releases
	Asked    board.Asked        // what the form begins with
	Plan     *board.Asked       // of every month; nil: none
	Acts     []board.AuditEntry // who asked for releases and took files away; for the works council
	Fault    *board.Error
}

// ReleasePage shows one release: GET /releases/{number}.
type ReleasePage struct {
	Page
	Makes   bool // whether the reader makes releases
	Release board.Release
	Figures []board.Figure          // of as many lines as a page holds
	More    map[board.Dimension]int // figures that stand in the files alone
}

// ReleasesWithMePage lists the releases that the reader's data was part of: GET
// /figures/releases.
type ReleasesWithMePage struct {
	Page
	Releases []board.Release
}

// ReleasePath is where a release stands.
func ReleasePath(number int64) string { return "/releases/" + strconv.FormatInt(number, 10) }

func releaseMonths(lang string, r board.Release) string {
	return monthsName(lang, r.Asked.From, r.Asked.To)
}

func monthsName(lang string, from, to board.Month) string {
	if from == to {
		return monthName(lang, from)
	}
	return monthName(lang, from) + " – " + monthName(lang, to)
}

func releaseMonthChoices(p ReleasesPage) []choice {
	var out []choice
	for _, m := range p.Months {
		out = append(out, choice{m.String(), monthName(p.Lang, m)})
	}
	return out
}

func releaseLanguages() []choice {
	var out []choice
	for _, lang := range words.Langs {
		out = append(out, choice{lang, words.Name(lang)})
	}
	return out
}

// releaseFile says what a file of a release is for.
func releaseFile(lang, name string) string {
	switch name {
	case "figures.xlsx":
		return words.T(lang, "For a spreadsheet, with charts and the dictionary")
	case "figures.csv":
		return words.T(lang, "A line for each figure")
	case "figures.jsonl":
		return words.T(lang, "For programs: a JSON object a line")
	case "dictionary.csv":
		return words.T(lang, "What every figure means")
	case "manifest.json":
		return words.T(lang, "What was asked for, and the SHA-256 of every file")
	}
	return ""
}

// printed are the measures of units that fit on a printed page; the files have them all.
func printed(by board.Dimension) []board.Measure { return columnsOn("", by) }

// printedMonths is how many months stand beside each other on a page.
const printedMonths = 12

// spans are the months of a release, as many at once as stand on a page, the latest
// first.
func (p ReleasePage) spans() [][]board.Month {
	var all []board.Month
	for m := p.Release.Asked.From; m <= p.Release.Asked.To; m++ {
		all = append(all, m)
	}
	var out [][]board.Month
	for end := len(all); end > 0; end -= printedMonths {
		out = append(out, all[max(end-printedMonths, 0):end])
	}
	return out
}

// monthsOf are the months of a breakdown, each with its units.
func (p ReleasePage) monthsOf(by board.Dimension) [][][]board.Figure {
	var out [][][]board.Figure
	for _, line := range p.lines(by) {
		if n := len(out); n == 0 || out[n-1][0][0].Month != line[0].Month {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], line)
	}
	return out
}

// company is a figure of the whole company in a month.
func (p ReleasePage) company(m board.Measure, month board.Month) board.Figure {
	for _, f := range p.Figures {
		if f.By == board.ByCompany && f.Measure == m && f.Month == month {
			return f
		}
	}
	return board.Figure{Measure: m, State: board.FigureNone}
}

// releaseSort tells releases of the same months apart.
func releaseSort(lang string, a board.Asked) string {
	var by []string
	for _, d := range a.By {
		by = append(by, words.Dimension(lang, d))
	}
	return strings.Join(by, ", ") + " · " + words.Name(a.Lang)
}

// releaseReason is why a release could not be made, as the store keeps it.
func releaseReason(lang, reason string) string {
	return words.Error(lang, &board.Error{Code: board.Invalid, Format: reason})
}

// releaseStanding says how far a release is that is not ready.
func releaseStanding(lang string, r board.Release) string {
	switch r.State {
	case board.ReleaseWaits:
		return words.T(lang, "waits for its turn")
	case board.ReleaseMaking:
		return words.T(lang, "is being made, %d %%", r.Percent)
	case board.ReleaseFailed:
		return words.T(lang, "could not be made")
	}
	return ""
}

// lines are the figures of a breakdown, by month and unit, in the order they have.
func (p ReleasePage) lines(by board.Dimension) [][]board.Figure {
	type place struct {
		month  board.Month
		unit   string
		id     int64
		others int
	}
	at := map[place]int{}
	var out [][]board.Figure
	for _, f := range p.Figures {
		if f.By != by {
			continue
		}
		k := place{f.Month, f.Unit, f.UnitID, f.Others}
		i, known := at[k]
		if !known {
			i = len(out)
			at[k], out = i, append(out, nil)
		}
		out[i] = append(out[i], f)
	}
	return out
}

func figureIn(line []board.Figure, m board.Measure) board.Figure {
	for _, f := range line {
		if f.Measure == m {
			return f
		}
	}
	return board.Figure{Measure: m, State: board.FigureNone}
}

// actsRelease is which release an act was about, and which file; empty where none was made.
func actsRelease(lang string, e board.AuditEntry) string {
	var about struct {
		Number int64  `json:"number"`
		File   string `json:"file"`
	}
	if json.Unmarshal([]byte(e.After.Value), &about) != nil || about.Number == 0 {
		return ""
	}
	if about.File == "" {
		return words.T(lang, "Release %d", about.Number)
	}
	return words.T(lang, "Release %d", about.Number) + ", " + about.File
}
