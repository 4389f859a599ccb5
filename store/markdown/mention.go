package markdown

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"convivio/store/board"
)

var (
	kindMention = ast.NewNodeKind("Mention")
	kindRef     = ast.NewNodeKind("Ref")
)

// maxHandle is the longest handle taken for a mention, in bytes.
const maxHandle = 64

// mention is @handle, calling a person.
type mention struct {
	ast.BaseInline
	handle string // as typed
}

func (n *mention) Kind() ast.NodeKind { return kindMention }
func (n *mention) Dump(source []byte, level int) {
	ast.DumpHelper(n, source, level, map[string]string{"Handle": n.handle}, nil)
}

// ref is #123, pointing to an idea.
type ref struct {
	ast.BaseInline
	id int64
}

func (n *ref) Kind() ast.NodeKind { return kindRef }
func (n *ref) Dump(source []byte, level int) {
	ast.DumpHelper(n, source, level, map[string]string{"ID": strconv.FormatInt(n.id, 10)}, nil)
}

type mentionParser struct{}

func (mentionParser) Trigger() []byte { return []byte{'@'} }

func (mentionParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	if joined(block.PrecendingCharacter()) {
		return nil
	}
	line, _ := block.PeekLine()
	n := 1
	for n < len(line) && isHandle(line[n]) {
		n++
	}
	if n < len(line) && (line[n] == '@' || line[n] == '_' || line[n] >= 0x80 && unicode.IsLetter(firstRune(line[n:]))) {
		return nil
	}
	for n > 1 && (line[n-1] == '.' || line[n-1] == '-') { // the end of a sentence, not of a handle
		n--
	}
	if n < 2 || n-1 > maxHandle || !isAlphanumeric(line[1]) {
		return nil
	}
	block.Advance(n)
	return &mention{handle: string(line[1:n])}
}

type refParser struct{}

func (refParser) Trigger() []byte { return []byte{'#'} }

func (refParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	if joined(block.PrecendingCharacter()) {
		return nil
	}
	line, _ := block.PeekLine()
	n := 1
	for n < len(line) && line[n] >= '0' && line[n] <= '9' {
		n++
	}
	if n < 2 || n > 18 || line[1] == '0' {
		return nil
	}
	if n < len(line) && (isAlphanumeric(line[n]) || line[n] == '_' || line[n] >= 0x80 && unicode.IsLetter(firstRune(line[n:]))) {
		return nil
	}
	id, err := strconv.ParseInt(string(line[1:n]), 10, 64)
	if err != nil {
		return nil
	}
	block.Advance(n)
	return &ref{id: id}
}

// entityParser keeps &#123; in one piece: the reference parser stops at its #,
// and an entity cut in two would be shown as it was typed.
type entityParser struct{}

func (entityParser) Trigger() []byte { return []byte{'&'} }

func (entityParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, segment := block.PeekLine()
	if len(line) < 4 || line[1] != '#' {
		return nil
	}
	n := 2
	for n < len(line) && n < 12 && isAlphanumeric(line[n]) {
		n++
	}
	if n == len(line) || line[n] != ';' {
		return nil
	}
	block.Advance(n + 1)
	return ast.NewTextSegment(text.NewSegment(segment.Start, segment.Start+n+1))
}

// joined tells whether a mark after r is part of something else: an e-mail
// address, a path, an entity.
func joined(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("@#&/.+=%\\", r)
}

func isHandle(c byte) bool { return isAlphanumeric(c) || c == '.' || c == '-' }

func isAlphanumeric(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

func firstRune(b []byte) rune {
	for _, r := range string(b[:min(len(b), 4)]) {
		return r
	}
	return 0
}

// Mentions lists the handles that HTML of this package calls, in lower case, each
// once and at most board.MaxMentions of them.
func Mentions(html string) []string {
	const begins = `<a class="mention" href="/people/@`
	var out []string
	for len(out) < board.MaxMentions {
		_, rest, found := strings.Cut(html, begins)
		if !found {
			break
		}
		handle, _, _ := strings.Cut(rest, `"`)
		html = rest
		if !slices.Contains(out, handle) {
			out = append(out, handle)
		}
	}
	return out
}
