package markdown

import (
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"

	"convivio/store/board"
)

// Limits on the shape of a text. Rendering is quadratic in nesting, and a table
// row that leaves cells out is filled up to its columns: 40 kB of hostile text
// would become 40 MB of HTML.
const (
	maxNesting = 20
	maxColumns = 100
	maxCells   = 2_000
	maxOutput  = 512 << 10 // bytes of HTML
	maxAddress = 2_000     // bytes of a link's destination; a longer one is no link
)

// check refuses a text by its shape, in one pass and before it is parsed. It
// looks at code as at any text: being strict costs a strange code block, being
// fooled costs seconds. Errors: invalid, naming field.
func check(field, src string) error {
	if len(src) > board.MaxBody {
		return board.FieldFault(field, "This text is %d bytes long; at most %d are allowed. Shorten it, or split it into several comments.", len(src), board.MaxBody)
	}
	if nesting(src) > maxNesting {
		return tooDeep(field)
	}
	columns, cells := tables(src)
	if columns > maxColumns {
		return board.FieldFault(field, "A table has %d columns; at most %d are allowed.", columns, maxColumns)
	}
	if cells > maxCells {
		return board.FieldFault(field, "The tables have %d cells; at most %d are allowed.", cells, maxCells)
	}
	return nil
}

func tooDeep(field string) *board.Error {
	return board.FieldFault(field, "Quotes, lists, brackets or emphasis stand inside each other more than %d deep. Flatten them.", maxNesting)
}

func tooLarge(field string) *board.Error {
	return board.FieldFault(field, "This text becomes larger than %d KiB when shown. Shorten it, or use smaller tables.", maxOutput>>10)
}

// checkTree refuses what only the parsed text shows: how many people it calls,
// emphasis inside emphasis, and a link defined once and used a thousand times.
// Errors: invalid, naming field.
func checkTree(field string, doc ast.Node) error {
	called, depth, deepest, addresses := 0, 0, 0, 0
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n.Kind() {
		case ast.KindEmphasis, extast.KindStrikethrough, ast.KindLink, ast.KindImage:
			if !entering {
				depth--
				return ast.WalkContinue, nil
			}
			depth++
			deepest = max(deepest, depth)
			if link, ok := n.(*ast.Link); ok {
				addresses += len(link.Destination)
			}
			if image, ok := n.(*ast.Image); ok {
				addresses += len(image.Destination)
			}
		case kindMention:
			if entering && !inLink(n) {
				called++
			}
		}
		return ast.WalkContinue, nil
	})
	switch {
	case called > board.MaxMentions:
		return board.FieldFault(field, "This text mentions people %d times; at most %d are allowed.", called, board.MaxMentions)
	case deepest > maxNesting:
		return tooDeep(field)
	case addresses > maxOutput:
		return tooLarge(field)
	}
	return nil
}

// nesting is how deep quotes and lists stand inside each other, or brackets.
func nesting(src string) int {
	deepest, brackets := 0, 0
	var lists []int // columns at which the lists around a line have their text
	for line := range strings.SplitSeq(src, "\n") {
		if strings.TrimSpace(line) == "" {
			brackets = 0
			continue
		}
		var quotes int
		quotes, lists = markers(line, lists)
		deepest = max(deepest, quotes+len(lists))
		var open int
		brackets, open = unclosed(line, brackets)
		deepest = max(deepest, open)
	}
	return deepest
}

// markers reads the quote and list marks a line begins with, and gives the
// number of quotes and the lists the line stands in.
func markers(line string, lists []int) (quotes int, in []int) {
	column, i, known := 0, 0, false
	in = lists
	for i < len(line) {
		switch c := line[i]; {
		case c == ' ':
			column, i = column+1, i+1
		case c == '\t':
			column, i = column+4-column%4, i+1
		case c == '>':
			quotes, column, i = quotes+1, column+1, i+1
		default:
			if !known { // the first text or list mark ends the lists that began further right
				for len(in) > 0 && in[len(in)-1] > column {
					in = in[:len(in)-1]
				}
				known = true
			}
			n := listMark(line[i:])
			if n == 0 {
				return quotes, in
			}
			column, i = column+n, i+n
			in = append(in, column+1)
		}
	}
	return quotes, in
}

// listMark is the length of the list mark a text begins with, 0 when there is none.
func listMark(s string) int {
	n := 0
	for n < len(s) && n < 9 && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	switch {
	case n >= len(s):
		return 0
	case n > 0 && (s[n] == '.' || s[n] == ')'), n == 0 && strings.IndexByte("-+*", s[0]) >= 0:
		n++
	default:
		return 0
	}
	if n < len(s) && s[n] != ' ' && s[n] != '\t' && s[n] != '\r' {
		return 0
	}
	return n
}

// unclosed counts the square brackets still open at the end of a line, and the
// most that were open in it.
func unclosed(line string, open int) (left, most int) {
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
		case '[':
			open++
			most = max(most, open)
		case ']':
			open = max(0, open-1)
		}
	}
	return open, most
}

// tables gives the columns of the widest table and the cells of all, counting a
// table from its line of hyphens to the next blank line.
func tables(src string) (columns, cells int) {
	width := 0
	for line := range strings.SplitSeq(src, "\n") {
		line = strings.TrimLeft(line, " \t>")
		if strings.TrimSpace(line) == "" {
			width = 0
			continue
		}
		if n := delimiterCells(line); n > 0 {
			width = max(width, n)
			columns = max(columns, n)
			cells += width // the heading
			continue
		}
		cells += width
	}
	return columns, cells
}

// delimiterCells is the number of columns of a table that a line of hyphens,
// colons and bars begins; 0 when it is no such line. It may stand behind list marks.
func delimiterCells(line string) int {
	for {
		n := listMark(line)
		if n == 0 {
			break
		}
		line = strings.TrimLeft(line[n:], " \t>")
	}
	line = strings.TrimSpace(line)
	if strings.Trim(line, "|:- \t") != "" || !strings.Contains(line, "-") || !strings.ContainsAny(line, "|:") {
		return 0
	}
	return strings.Count(strings.Trim(line, "|"), "|") + 1
}
