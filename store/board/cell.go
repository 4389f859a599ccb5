package board

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Harmless puts an apostrophe before a cell that a spreadsheet would take for a
// formula, and before one that begins with an apostrophe, so that it can be taken
// away again. Every text cell of a CSV that leaves Convivio goes through it.
func Harmless(cell string) string {
	bare := strings.TrimLeftFunc(cell, func(r rune) bool { return r == '\ufeff' || r == '"' || unicode.IsSpace(r) })
	first, _ := utf8.DecodeRuneInString(bare)
	if strings.HasPrefix(cell, "'") || bare != "" && strings.ContainsRune("=+-@＝＋－＠", first) || cell != "" && strings.ContainsAny(cell[:1], "\t\r\n") {
		return "'" + cell
	}
	return cell
}
