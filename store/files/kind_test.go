package files_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"convivio/store/board"
	"convivio/store/files"
)

// entry is a file in a zip file; plain ones are stored as they are.
type entry struct {
	name, text string
	plain      bool
	claims     uint64 // bytes it says it unpacks to
}

func zipped(t *testing.T, entries ...entry) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range entries {
		method := zip.Deflate
		if e.plain {
			method = zip.Store
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: e.name, Method: method})
		if e.claims > 0 {
			w, err = z.CreateRaw(&zip.FileHeader{Name: e.name, Method: method, CompressedSize64: uint64(len(e.text)), UncompressedSize64: e.claims})
		}
		if err == nil {
			_, err = io.WriteString(w, e.text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func ooxml(t *testing.T, part string, more ...entry) string {
	return zipped(t, append([]entry{{name: "[Content_Types].xml", text: "<Types/>"}, {name: part, text: "<x/>"}}, more...)...)
}

func openDocument(t *testing.T, kind string, more ...entry) string {
	return zipped(t, append([]entry{{name: "mimetype", text: "application/vnd.oasis.opendocument." + kind, plain: true}, {name: "content.xml", text: "<x/>"}}, more...)...)
}

func kindOf(content, name string) (files.Kind, error) {
	return files.KindIn(strings.NewReader(content), int64(len(content)), name)
}

func TestKindsGoByTheBytes(t *testing.T) {
	for _, tt := range []struct{ name, content, label string }{
		{"a.png", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "PNG"},
		{"a.html", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "PNG"},
		{"a.jpg", "\xff\xd8\xff\xe0\x00\x10JFIF\x00", "JPEG"},
		{"a.gif", "GIF89a\x01\x00\x01\x00", "GIF"},
		{"a.webp", "RIFF\x24\x00\x00\x00WEBPVP8 ", "WebP"},
		{"a.pdf", "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF"},
		{"a.docx", ooxml(t, "word/document.xml"), "DOCX"},
		{"a.xlsx", ooxml(t, "xl/workbook.xml"), "XLSX"},
		{"a.pptx", ooxml(t, "ppt/presentation.xml"), "PPTX"},
		{"a.odt", openDocument(t, "text"), "ODT"},
		{"a.ods", openDocument(t, "spreadsheet"), "ODS"},
		{"a.odp", openDocument(t, "presentation"), "ODP"},
		{"a.txt", "Buongiorno a tutti.\n", "TXT"},
		{"a.csv", "ora;dB\r\n9;61\r\n", "CSV"},
		{"a.CSV", "x", "CSV"},
		{"a.csv", "\xff\xfeo\x00r\x00a\x00;\x00d\x00B\x00\r\x00\n\x00", "CSV"}, // as spreadsheets write it
		{"a.txt", "citt\xe0, perch\xe9\n", "TXT"},
		{"a.json", `{"a": 1}`, "TXT"},
		{"a.md", "# Titolo\n\n<b>x</b>\n", "TXT"},
	} {
		if k, err := kindOf(tt.content, tt.name); err != nil || k.Label != tt.label {
			t.Errorf("%s %.20q is %s, %v; want %s", tt.name, tt.content, k.Label, err, tt.label)
		}
	}
	if files.KindOf("application/pdf").Label != "PDF" || files.KindOf("x/y").Picture {
		t.Error("kinds are not found by their types")
	}
}

// S-004, S-006, S-075: what a browser might run, what hides what is in it, and
// what becomes huge when it is opened.
func TestWhatIsNotOnTheListIsRefused(t *testing.T) {
	const html = "<!DOCTYPE html><html><script>alert(1)</script>"
	many := make([]entry, 10_001)
	for i := range many {
		many[i].name = fmt.Sprint(i)
	}
	for name, content := range map[string]string{
		"page.html": html, "page.html.png": html, "page.png": html, "page.txt": html, "page.pdf": " \n\t" + html,
		"x.svg": `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, "y.png": `<?xml version="1.0"?><svg/>`,
		"bom.txt": "\ufeff<script>alert(1)</script>", "spaces.txt": strings.Repeat(" ", 600) + "<svg onload=alert(1)>",
		"nul.txt": "\x00\x00<script>alert(1)</script>", "x.xml": "<?xml version='1.0'?><a/>", "x.xhtml": `<html xmlns="http://www.w3.org/1999/xhtml"/>`,
		"x.rtf": `{\rtf1 x}`, "x.exe": "MZ\x90\x00\x03\x00\x00\x00", "x": "\x7fELF\x02\x01\x01", "x.bin": "\x00\x01\x02\x03\x04\xfe\xff",
		"x.doc": "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "x.tiff": "II*\x00\x08\x00\x00\x00", "x.bmp": "BM\x46\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00",
		"x.psd": "8BPS\x00\x01", "x.heic": "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "x.ico": "\x00\x00\x01\x00\x01\x00", "x.gz": "\x1f\x8b\x08\x00",
		"x.7z": "7z\xbc\xaf\x27\x1c", "x.rar": "Rar!\x1a\x07\x01\x00", "x.swf": "FWS\x05", "x.zip": zipped(t, entry{name: "a.txt", text: "a"}),
		"empty.zip": zipped(t), "cut.docx": ooxml(t, "word/document.xml")[:60], "polyglot.docx": "PK" + html,
		"macros.docm":   ooxml(t, "word/document.xml", entry{name: "word/vbaProject.bin", text: "x"}),
		"macros.docx":   ooxml(t, "word/document.xml", entry{name: "word/VBAPROJECT.BIN", text: "x"}),
		"macros.odt":    openDocument(t, "text", entry{name: "Basic/Standard/Module1.xml", text: "x"}),
		"up.docx":       ooxml(t, "word/document.xml", entry{name: "../../etc/passwd", text: "x"}),
		"absolute.docx": ooxml(t, "word/document.xml", entry{name: "/etc/passwd", text: "x"}),
		"windows.docx":  ooxml(t, "word/document.xml", entry{name: `..\x`, text: "x"}),
		"many.docx":     ooxml(t, "word/document.xml", many...),
		"bomb.docx":     ooxml(t, "word/document.xml", entry{name: "word/a", text: "x", claims: 60 << 20}),
		"huge.docx":     ooxml(t, "word/document.xml", entry{name: "a", text: strings.Repeat("x", 3<<20), claims: 150 << 20}, entry{name: "b", text: "x", claims: 60 << 20}),
		"other.odt":     openDocument(t, "graphics"),
		"packed.odt":    zipped(t, entry{name: "mimetype", text: "application/vnd.oasis.opendocument.text"}),
	} {
		k, err := kindOf(content, name)
		var fault *board.Error
		if !errors.As(err, &fault) || fault.Code != board.Invalid || fault.Field != "file" {
			t.Errorf("%s: got %s, %v, want it refused", name, k.Label, err)
		}
	}
}

// TestPiecesThatLieOverEachOtherAreRefused points every entry of a zip file to
// the same bytes, as bombs do that get by a look at ratios.
func TestPiecesThatLieOverEachOtherAreRefused(t *testing.T) {
	noise := strings.Repeat("0123456789abcdefghijklmnopqrstuvwxyz", 40)
	z := []byte(ooxml(t, "word/document.xml", entry{"a", noise, true, 0}, entry{"b", noise, true, 0}, entry{"c", noise, true, 0}))
	r, err := zip.NewReader(bytes.NewReader(z), int64(len(z)))
	if err != nil {
		t.Fatal(err)
	}
	first, err := r.File[2].DataOffset()
	if err != nil {
		t.Fatal(err)
	}
	second, err := r.File[3].DataOffset()
	if err != nil {
		t.Fatal(err)
	}
	cut := append(bytes.Clone(z[:first]), noise...)
	directory := bytes.Index(z, []byte("PK\x01\x02"))
	end := bytes.LastIndex(z, []byte("PK\x05\x06"))
	lost := directory - len(cut)
	cut = append(cut, z[directory:]...)
	at := end - lost + 16 // where the directory begins
	was := int(cut[at]) | int(cut[at+1])<<8
	now := was - lost
	cut[at], cut[at+1] = byte(now), byte(now>>8)
	if second <= first || lost <= 0 {
		t.Fatal("nothing was cut away")
	}
	if _, err := kindOf(string(cut), "x.docx"); err == nil {
		t.Error("it was taken")
	}
}

// A list of more files than its end says, or one that is not where its end says,
// is not read: reading it would take far more room than the file.
func TestALongListIsNotRead(t *testing.T) {
	var many []entry
	for i := range 20_000 {
		many = append(many, entry{name: fmt.Sprint(i), plain: true})
	}
	whole := zipped(t, many...)
	end := strings.LastIndex(whole, "PK\x05\x06")
	few := []byte(whole)
	copy(few[end+8:], "\x05\x00\x05\x00") // five, it says
	moved := []byte(whole)
	copy(moved[end+12:], "\x00\x00\x00\x00")
	for what, content := range map[string]string{"too many": whole, "a lie": string(few), "elsewhere": string(moved), "cut": whole[:end+10], "no end": whole[:end]} {
		allocs := testing.AllocsPerRun(1, func() {
			var fault *board.Error
			if _, err := kindOf(content, "x.docx"); !errors.As(err, &fault) || fault.Field != "file" {
				t.Errorf("%s: got %v", what, err)
			}
		})
		if allocs > 500 {
			t.Errorf("%s: %.0f pieces of memory", what, allocs)
		}
	}
}
