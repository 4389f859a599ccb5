// Package sheet makes the files of a release: what HR takes out of Convivio, in
// the language it asked for. It knows figures as they came through the gate, and
// nothing else.
package sheet

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"strconv"
	"strings"
	"time"

	"convivio/store/board"
	"convivio/templates/words"
)

// all are the figures of a release, to be read more than once.
type all = iter.Seq2[board.Figure, error]

// Files makes the files of a release from its figures. The manifest is the last
// and names the others with their SHA-256. The same release and figures make the
// same bytes.
func Files(r board.Release, figures iter.Seq2[board.Figure, error], to board.ReleaseSink) error {
	for _, make := range []struct {
		name, kind string
		write      func(board.Release, all, io.Writer) error
	}{
		{"figures.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", workbook},
		{"figures.csv", "text/csv; charset=utf-8", table},
		{"figures.jsonl", "application/jsonl", lines},
		{"dictionary.csv", "text/csv; charset=utf-8", dictionary},
	} {
		w, err := to.Create(make.name, make.kind)
		if err == nil {
			buffered := bufio.NewWriterSize(w, 64<<10)
			err = errors.Join(make.write(r, figures, buffered), buffered.Flush())
		}
		if err != nil {
			return fmt.Errorf("make %s: %w", make.name, err)
		}
	}
	files, err := to.Made()
	if err != nil {
		return err
	}
	w, err := to.Create("manifest.json", "application/json")
	if err != nil {
		return err
	}
	return manifest(r, files, w)
}

// manifest says what a release is. No person stands in it: who asked for it says
// the audit log.
func manifest(r board.Release, files []board.ReleaseFile, w io.Writer) error {
	text, err := json.MarshalIndent(struct {
		Software   string              `json:"software"`
		Version    string              `json:"version"`
		Number     int64               `json:"number"`
		MadeAt     time.Time           `json:"made_at"`
		Asked      board.Asked         `json:"asked"`
		Figures    int                 `json:"figures"`
		Hidden     int                 `json:"hidden"`
		LeastGroup int                 `json:"least_group"`
		Zone       string              `json:"zone"`
		Rule       string              `json:"rule"`
		Files      []board.ReleaseFile `json:"files"`
	}{"Convivio", r.Version, r.Number, r.MadeAt, r.Asked, r.Figures, r.Hidden, board.LeastGroup, board.ZoneName,
		"No figure is about fewer people than the least group; what would follow by subtraction is hidden too. Hidden is not zero.", files}, "", "  ")
	if err != nil {
		return fmt.Errorf("make the manifest: %w", err)
	}
	_, err = w.Write(append(text, '\n'))
	return err
}

// comma begins a CSV as the release asks for it.
func comma(r board.Release, to io.Writer) (*csv.Writer, error) {
	if r.Asked.BOM {
		if _, err := io.WriteString(to, "\ufeff"); err != nil {
			return nil, err
		}
	}
	w := csv.NewWriter(to)
	w.UseCRLF = true
	w.Comma = ','
	if r.Asked.Separator == ";" {
		w.Comma = ';'
	}
	return w, nil
}

// harmless is a row in which no text is taken for a formula.
func harmless(row []string) []string {
	for i := range row {
		row[i] = board.Harmless(row[i])
	}
	return row
}

// table is every figure in a line of its own.
func table(r board.Release, figures all, to io.Writer) error {
	lang := r.Asked.Lang
	w, err := comma(r, to)
	if err == nil {
		err = w.Write([]string{words.T(lang, "Month"), words.T(lang, "Broken down by"), words.T(lang, "column|Unit"), words.T(lang, "column|Units in it"),
			words.T(lang, "column|Code"), words.T(lang, "column|Figure"), words.T(lang, "column|Value"), words.T(lang, "column|State")})
	}
	if err != nil {
		return err
	}
	titles := titles(lang)
	for f, err := range figures {
		if err != nil {
			return err
		}
		if err := w.Write(harmless([]string{f.Month.String(), words.Dimension(lang, f.By), words.Unit(lang, f), strconv.Itoa(max(f.Others, 1)),
			string(f.Measure), titles[f.Measure], number(r, f), words.FigureState(lang, f.State)})); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// titles are what the measures are called.
func titles(lang string) map[board.Measure]string {
	out := map[board.Measure]string{}
	for _, d := range board.Definitions {
		out[d.Measure] = words.Measure(lang, d.Measure).Title
	}
	return out
}

// number is a value as the CSV has it: empty where it is hidden.
func number(r board.Release, f board.Figure) string {
	if f.State != board.FigureExact {
		return ""
	}
	s := strconv.FormatFloat(rounded(f), 'f', -1, 64)
	if r.Asked.Separator == ";" && r.Asked.Lang == "it" {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s
}

// rounded leaves a share the hundredths, and everything else no decimals: more would
// tell what it was divided by.
func rounded(f board.Figure) float64 {
	scale := 1.0
	if board.FormOf(f.Measure) == board.FormShare {
		scale = 100
	}
	return math.Round(f.Value*scale) / scale
}

// lines is every figure as the API has it, one JSON object a line.
func lines(_ board.Release, figures all, to io.Writer) error {
	w := json.NewEncoder(to)
	w.SetEscapeHTML(false)
	for f, err := range figures {
		if err != nil {
			return err
		}
		f.Value = rounded(f)
		if err := w.Encode(f); err != nil {
			return fmt.Errorf("write JSON: %w", err)
		}
	}
	return nil
}

// Dictionary explains every figure: code, title, formula, denominator, window,
// meaning, unit of the value. The first row is the head.
func Dictionary(lang string) [][]string {
	rows := [][]string{{words.T(lang, "column|Code"), words.T(lang, "column|Figure"), words.T(lang, "Formula"), words.T(lang, "Out of"), words.T(lang, "Which time"),
		words.T(lang, "column|What it tells"), words.T(lang, "column|Unit of the value")}}
	for _, d := range board.Definitions {
		x := words.Measure(lang, d.Measure)
		rows = append(rows, []string{string(d.Measure), x.Title, x.Formula, x.Denominator, x.Window, x.Meaning, form(lang, d.Form)})
	}
	return rows
}

func dictionary(r board.Release, _ all, to io.Writer) error {
	w, err := comma(r, to)
	if err != nil {
		return err
	}
	for _, row := range Dictionary(r.Asked.Lang) {
		if err := w.Write(harmless(row)); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

func form(lang string, f board.Form) string {
	switch f {
	case board.FormShare:
		return words.T(lang, "a share from 0 to 1")
	case board.FormHours:
		return words.T(lang, "working hours")
	}
	return words.T(lang, "a number")
}
