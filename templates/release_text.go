package templates

import (
	"strconv"

	"convivio/store/board"
	"convivio/templates/words"
)

// ReleasesPage lists releases: GET /releases. POST /releases: from, to, by
// (repeats), lang, separator, bom; POST /releases/plan: the same without months, or end.
type ReleasesPage struct {
	Page
	Releases []board.Release
	Months   []board.Month // that have figures, the latest first
	Makes    bool          // whether the reader makes releases
	Asked    board.Asked   // what the form begins with
	Plan     *board.Asked  // of every month; nil: none
	Fault    *board.Error
}

// ReleasePage shows one release: GET /releases/{number}.
type ReleasePage struct {
	Page
	Release board.Release
	Figures []board.Figure
}

// ReleasePath is where a release stands.
func ReleasePath(number int64) string { return "/releases/" + strconv.FormatInt(number, 10) }

func releaseMonths(lang string, r board.Release) string {
	if r.Asked.From == r.Asked.To {
		return monthName(lang, r.Asked.From)
	}
	return monthName(lang, r.Asked.From) + " – " + monthName(lang, r.Asked.To)
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
		return words.T(lang, "For a spreadsheet, with a chart and the dictionary")
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

// printed are the measures that fit on a printed page; the files have them all.
func printed(by board.Dimension) []board.Measure {
	if by == board.ByCompany {
		return []board.Measure{board.Entitled, board.Contributors, board.IdeasPosted, board.CommentsMade, board.AnsweredDue, board.FirstMedian, board.Decided30, board.Across}
	}
	return columnsOf(by)
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
