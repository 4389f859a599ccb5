package board_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"convivio/store/board"
)

// S-005: names that would be markup, turn the direction of writing, hide their
// ending, or are no names at all.
func TestFileNamesAreMadeHarmless(t *testing.T) {
	png, txt := []string{".png"}, []string{".txt", ".md"}
	for _, tt := range []struct {
		in      string
		endings []string
		want    string
	}{
		{"pianta.png", png, "pianta.png"},
		{"PIANTA.PNG", png, "PIANTA.PNG"},
		{"foto del banco.png", png, "foto del banco.png"},
		{"città è.png", png, "città è.png"},
		{"note.md", txt, "note.md"},
		{`"><img src=x onerror=alert(1)>.png`, png, `"><img src=x onerror=alert(1)>.png`}, // shown as text, escaped where it stands
		{"fattura\u202Egnp.exe", png, "fatturagnp.exe.png"},
		{"a\u2066b\u200Bc\u00AD.png", png, "abc.png"},
		{"riga\nuna\r\ndue.png", png, "riga una due.png"},
		{"x\x00.png\x00.exe", png, "x.png.exe.png"},
		{`C:\Users\anna\foto.png`, png, "foto.png"},
		{"../../etc/passwd", txt, "passwd.txt"},
		{"pagina.html", png, "pagina.html.png"},
		{"pagina.html.png", png, "pagina.html.png"},
		{"senza ending", png, "senza ending.png"},
		{".png", png, "file.png"},
		{"", png, "file.png"},
		{"...", png, "file.png"},
		{"\u3164\u2800", png, "file.png"},
		{"\xff\xfe.png", png, "\uFFFD.png"},
		{strings.Repeat("è", 300) + ".png", png, strings.Repeat("è", 125) + ".png"},
		{strings.Repeat("a", 255), png, strings.Repeat("a", 251) + ".png"},
	} {
		got := board.FileName(tt.in, tt.endings)
		if got != tt.want {
			t.Errorf("FileName(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

// S-072: eighty ways to leave a folder; none leaves a trace in a name.
func TestNoNameLeadsOutOfAFolder(t *testing.T) {
	for _, in := range board.Traversals() {
		got := board.FileName(in, []string{".txt"})
		if strings.ContainsAny(got, `/\`) || strings.HasPrefix(got, ".") || got == "" || len(got) > board.MaxFileName || !utf8.ValidString(got) ||
			strings.IndexFunc(got, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }) >= 0 || !strings.HasSuffix(got, ".txt") {
			t.Errorf("FileName(%q) = %q", in, got)
		}
	}
}

func TestAReferenceNamesItsFileAndNothingElse(t *testing.T) {
	for _, tt := range []struct {
		file board.File
		want string
	}{
		{board.File{ID: 12, Name: "Piano 2026.pdf"}, "[Piano 2026.pdf](/files/12)"},
		{board.File{ID: 12, Name: "pianta.piano terra.png", Width: 10}, "![pianta.piano terra](/files/12)"},
		{board.File{ID: 12, Name: `a](/ideas/1) [b*c*\<x>&lt;.pdf`}, `[a\](/ideas/1) \[b\*c\*\\\<x>\&lt;.pdf](/files/12)`},
	} {
		if got := tt.file.Reference(); got != tt.want {
			t.Errorf("got %s, want %s", got, tt.want)
		}
	}
}
