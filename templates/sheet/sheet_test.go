package sheet

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"convivio/store/board"
)

// hostile are names that a spreadsheet would take for formulas, in every way that
// one begins.
var hostile = []string{
	"=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", "＋1", "－1", "＠SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "\u00a0=1+1", "\ufeff=1+1",
	"'=1+1", `"=1+1`, `=HYPERLINK("http://evil.example","x")`, "=cmd|' /C calc'!A0", "{=1+1}", "http://evil.example", "Ufficio; acquisti, \"nord\"",
}

// hostileRelease is a release of three months of units with such names.
func hostileRelease() (board.Release, all) {
	const from = board.Month(2026*12 + 5)
	var list []board.Figure
	for _, by := range board.Dimensions {
		for month := from; month < from+3; month++ {
			units := hostile
			if by == board.ByCompany {
				units = []string{""}
			}
			for i, unit := range units {
				f := board.Figure{Month: month, By: by, Unit: unit, UnitID: int64(i)}
				f.Measure, f.State, f.Value = "people", board.FigureExact, float64(10+i)
				list = append(list, f)
				f.Measure, f.State, f.Value = "contributors", board.FigureProtected, 0
				list = append(list, f)
				f.Measure, f.State, f.Value = "ideas", board.FigureExact, float64(i)+7
				list = append(list, f)
			}
		}
	}
	r := board.Release{Number: 7, State: board.ReleaseReady, MadeAt: time.Date(2026, 9, 4, 6, 0, 0, 0, time.UTC), MadeBy: "Rita Risorse", Version: "1.0",
		Asked: board.Asked{From: from, To: from + 2, By: board.Dimensions, Lang: "it", Separator: ";", BOM: true}, Figures: len(list), Hidden: len(list) / 3}
	return r, func(yield func(board.Figure, error) bool) {
		for _, f := range list {
			if !yield(f, nil) {
				return
			}
		}
	}
}

// kept are files in memory.
type kept struct {
	names []string
	files map[string]*bytes.Buffer
}

func (k *kept) Create(name, _ string) (io.Writer, error) {
	k.names = append(k.names, name)
	k.files[name] = &bytes.Buffer{}
	return k.files[name], nil
}

func (k *kept) Made() (list []board.ReleaseFile, err error) {
	for _, name := range k.names {
		text := k.files[name].Bytes()
		list = append(list, board.ReleaseFile{Name: name, Size: int64(len(text)), SHA256: fmt.Sprintf("%x", sha256.Sum256(text))})
	}
	return list, nil
}

func filesOf(t *testing.T) *kept {
	t.Helper()
	k := &kept{files: map[string]*bytes.Buffer{}}
	r, figures := hostileRelease()
	if err := Files(r, figures, k); err != nil {
		t.Fatal(err)
	}
	return k
}

func sums(t *testing.T) string {
	t.Helper()
	list, err := filesOf(t).Made()
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, f := range list {
		fmt.Fprintln(&out, "sum", f.Name, f.SHA256)
	}
	return out.String()
}

// TestAnotherProcessMakesTheSameBytes is P-16: nothing of a process, its order of
// maps or its clock is in a file.
func TestAnotherProcessMakesTheSameBytes(t *testing.T) {
	own := sums(t)
	if os.Getenv("CONVIVIO_SUMS") != "" {
		fmt.Print(own)
		return
	}
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
	child.Env = append(os.Environ(), "CONVIVIO_SUMS=1", "TZ=Pacific/Auckland")
	out, err := child.CombinedOutput()
	if err != nil || strings.Count(own, "\n") != 5 || !strings.Contains(string(out), own) {
		t.Errorf("%v: another process made\n%s\nthis one\n%s", err, out, own)
	}
}

// TestHostileNamesStayText is S-078 and P-18.
func TestHostileNamesStayText(t *testing.T) {
	k := filesOf(t)
	text := strings.TrimPrefix(k.files["figures.csv"].String(), "\ufeff")
	c := csv.NewReader(strings.NewReader(text))
	c.Comma = ';'
	rows, err := c.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		for i, cell := range row {
			if board.Harmless(cell) != cell && !strings.HasPrefix(cell, "'") {
				t.Errorf("cell %d of %q is taken for a formula", i, row)
			}
		}
	}
	if want := 3 * (1 + 3*len(hostile)) * 3; len(rows)-1 != want {
		t.Errorf("%d lines, not %d", len(rows)-1, want)
	}
	book := k.files["figures.xlsx"].Bytes()
	closed(t, book)
	x, err := excelize.OpenReader(bytes.NewReader(book))
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	names := map[string]bool{}
	rows, err = x.GetRows("Reparti")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if len(row) > 1 {
			names[row[1]] = true
		}
	}
	for _, name := range hostile {
		if bare := strings.NewReplacer("\r", "", "\t", "", "\n", "").Replace(name); !slices.ContainsFunc([]string{name, "'" + name, bare, "\n" + bare}, func(s string) bool { return names[s] }) {
			t.Errorf("%q is not among %v", name, names)
		}
	}
}

// chartCells are where a chart says which cells of the company's sheet it shows.
var chartCells = regexp.MustCompile(`<f>&#39;Azienda&#39;!\$[A-Z]+\$\d+(:\$[A-Z]+\$\d+)?</f>`)

// closed looks into every part of a workbook: no formula, no way out, nothing hidden,
// and nobody named.
func closed(t *testing.T, book []byte) {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range archive.File {
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(part.Name, "xl/charts/") { // <f> names there the cells that a chart is drawn from
			text = chartCells.ReplaceAll(text, nil)
		}
		for _, bad := range []string{"<f>", "<f ", "<hyperlink", "externalLink", `TargetMode="External"`, `state="hidden"`, `state="veryHidden"`, `hidden="1"`, `hidden="true"`, "pivot", "vbaProject", "Rita", "Risorse umane", "xuri"} {
			if bytes.Contains(text, []byte(bad)) {
				t.Errorf("%s holds %q", part.Name, bad)
			}
		}
		if y := part.Modified.Year(); y > 1980 {
			t.Errorf("%s is of %s: the clock is in it", part.Name, part.Modified)
		}
	}
}

// TestSheetsOnPaper: months and units stand on every page of a wide sheet, and the
// names of months below a chart do not run into each other.
func TestSheetsOnPaper(t *testing.T) {
	book := filesOf(t).files["figures.xlsx"].Bytes()
	zipped, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"xl/workbook.xml": "Bacheche&#39;!$A:$B,&#39;Bacheche&#39;!$1:$1", "xl/charts/chart1.xml": `rot="-2700000"`} {
		part, err := zipped.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(part)
		if err != nil || !bytes.Contains(text, []byte(want)) {
			t.Errorf("%s lacks %q: %.1500s, %v", name, want, text, err)
		}
	}
}

// TestLibreOfficeOpensARelease is P-18: an office program takes the workbook as it
// is, and what it saves again has the same cells, and no formula.
func TestLibreOfficeOpensARelease(t *testing.T) {
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice is not installed")
	}
	dir := t.TempDir()
	book := filesOf(t).files["figures.xlsx"].Bytes()
	if err := os.WriteFile(filepath.Join(dir, "figures.xlsx"), book, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	defer stop()
	out, err := exec.CommandContext(ctx, office, "-env:UserInstallation=file://"+dir+"/profile", "--headless", "--norestore", "--convert-to", "fods", "--outdir", dir, filepath.Join(dir, "figures.xlsx")).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	text, err := os.ReadFile(filepath.Join(dir, "figures.fods"))
	if err != nil {
		t.Fatalf("it was not opened: %s", out)
	}
	for _, bad := range []string{"table:formula=", "xlink:href=\"http", "<text:a ", "table:visibility=\"collapse\"", "table:display=\"false\"", "#NAME?", "Err:", "Rita"} {
		if i := bytes.Index(text, []byte(bad)); i >= 0 {
			t.Errorf("opened, it has %q: %s", bad, text[max(0, i-100):min(len(text), i+200)])
		}
	}
	for _, want := range []string{"=HYPERLINK(", "＝1+1", "＠SUM(A1)", `office:value-type="float" office:value="10"`, `table:name="Reparti"`, `table:name="Dizionario"`, "draw:object", "<table:table-header-columns>", `style:rotation-angle="45"`} {
		if !bytes.Contains(text, []byte(want)) {
			t.Errorf("opened, it lacks %q", want)
		}
	}
}
