// Package sheet makes the files of a release: what HR takes out of Convivio, in
// the language it asked for. It knows figures as they came through the gate, and
// nothing else.
package sheet

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"convivio/store/board"
	"convivio/templates/words"
)

// Files makes the files of a release from its figures. The manifest is the last
// and names the others with their SHA-256.
func Files(r board.Release, figures []board.Figure) ([]board.ReleaseFile, error) {
	var out []board.ReleaseFile
	for _, make := range []struct {
		name, kind string
		write      func(board.Release, []board.Figure) ([]byte, error)
	}{
		{"figures.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", workbook},
		{"figures.csv", "text/csv; charset=utf-8", table},
		{"figures.jsonl", "application/jsonl", lines},
		{"dictionary.csv", "text/csv; charset=utf-8", dictionary},
	} {
		b, err := make.write(r, figures)
		if err != nil {
			return nil, fmt.Errorf("make %s: %w", make.name, err)
		}
		out = append(out, file(make.name, make.kind, b))
	}
	r.Files = out
	manifest, err := json.MarshalIndent(struct {
		Software string `json:"software"`
		board.Release
		LeastGroup int    `json:"least_group"`
		Zone       string `json:"zone"`
		Rule       string `json:"rule"`
	}{"Convivio", r, board.LeastGroup, "Europe/Rome", "No figure is about fewer people than the least group; what would follow by subtraction is hidden too. Hidden is not zero."}, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("make the manifest: %w", err)
	}
	return append(out, file("manifest.json", "application/json", append(manifest, '\n'))), nil
}

func file(name, kind string, b []byte) board.ReleaseFile {
	sum := sha256.Sum256(b)
	return board.ReleaseFile{Name: name, Type: kind, Size: int64(len(b)), SHA256: hex.EncodeToString(sum[:]), Bytes: b}
}

// comma writes a CSV as the release asks for it.
func comma(r board.Release, rows [][]string) ([]byte, error) {
	var b bytes.Buffer
	if r.Asked.BOM {
		b.WriteString("\ufeff")
	}
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	w.Comma = ','
	if r.Asked.Separator == ";" {
		w.Comma = ';'
	}
	for _, row := range rows {
		for i := range row {
			row[i] = board.Harmless(row[i])
		}
	}
	if err := w.WriteAll(rows); err != nil {
		return nil, fmt.Errorf("write CSV: %w", err)
	}
	return b.Bytes(), nil
}

// table is every figure in a line of its own.
func table(r board.Release, figures []board.Figure) ([]byte, error) {
	lang := r.Asked.Lang
	rows := [][]string{{words.T(lang, "Month"), words.T(lang, "Broken down by"), words.T(lang, "column|Unit"), words.T(lang, "column|Units in it"),
		words.T(lang, "column|Code"), words.T(lang, "column|Figure"), words.T(lang, "column|Value"), words.T(lang, "column|State")}}
	for _, f := range figures {
		rows = append(rows, []string{f.Month.String(), words.Dimension(lang, f.By), words.Unit(lang, f), strconv.Itoa(max(f.Others, 1)),
			string(f.Measure), words.Measure(lang, f.Measure).Title, number(r, f), words.FigureState(lang, f.State)})
	}
	return comma(r, rows)
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

// rounded leaves a share two decimals of a hundredth, and hours one.
func rounded(f board.Figure) float64 {
	digits := map[board.Form]int{board.FormShare: 4, board.FormHours: 1}[board.FormOf(f.Measure)]
	v, _ := strconv.ParseFloat(strconv.FormatFloat(f.Value, 'f', digits, 64), 64)
	return v
}

// lines is every figure as the API has it, one JSON object a line.
func lines(_ board.Release, figures []board.Figure) ([]byte, error) {
	var b bytes.Buffer
	for _, f := range figures {
		f.Value = rounded(f)
		line, err := json.Marshal(f)
		if err != nil {
			return nil, fmt.Errorf("write JSON: %w", err)
		}
		b.Write(append(line, '\n'))
	}
	return b.Bytes(), nil
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

func dictionary(r board.Release, _ []board.Figure) ([]byte, error) {
	return comma(r, Dictionary(r.Asked.Lang))
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
