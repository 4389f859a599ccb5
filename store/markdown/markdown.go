// Package markdown turns what people write into the HTML that is stored and
// shown. Two walls stand one behind the other: goldmark without raw HTML, and
// bluemonday's allow-list. Texts that would be slow or huge to render are refused
// before they are parsed, since a renderer cannot be interrupted.
package markdown

import (
	"bytes"
	"html"
	"runtime"
	"strings"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"convivio/store/board"
)

// Version is stored beside the HTML; HTML of another version is rendered again
// when it is read. Raise it whenever the same source gives other HTML.
const Version = 2

// Stale tells whether the HTML an older version made of a text would be another
// today. Version 2 shows files: what names none is as version 1 made it.
func Stale(version int64, src string) bool {
	return version != Version && src != "" && (version != 1 || strings.Contains(src, filePath))
}

// rendering lets as many texts be rendered at once as there are processors.
var rendering = make(chan struct{}, runtime.NumCPU())

var converter = goldmark.New(
	goldmark.WithExtensions(
		extension.NewTable(),
		extension.Strikethrough,
		extension.NewLinkify(extension.WithLinkifyAllowedProtocols([]string{"http:", "https:"})),
		extension.TaskList,
	),
	goldmark.WithParserOptions(parser.WithInlineParsers(
		util.Prioritized(mentionParser{}, 500),
		util.Prioritized(refParser{}, 500),
		util.Prioritized(entityParser{}, 500),
	)),
	goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(pieces{}, 100))),
)

// Render turns Markdown into HTML that is safe to show: CommonMark with tables,
// task lists, strikethrough and autolinks, @mentions and #123 references; no raw
// HTML, no images and no files. Errors: invalid, naming field and the limit that was passed.
func Render(field, src string) (string, error) {
	out, _, err := RenderFiles(field, src, nil)
	return out, err
}

// Naming is what files a text names: those that its writer may name, and others.
type Naming struct{ Used, Absent []int64 }

// RenderFiles is Render for a text that may name files, and gives those it does
// name. Images from elsewhere become links all the same. Errors: invalid.
func RenderFiles(field, src string, files Files) (rendered string, names Naming, err error) {
	if err := check(field, src); err != nil {
		return "", names, err
	}
	rendering <- struct{}{}
	defer func() { <-rendering }()
	source := []byte(strings.ToValidUTF8(src, "\uFFFD"))
	doc := converter.Parser().Parse(text.NewReader(source))
	if err := checkTree(field, doc); err != nil {
		return "", names, err
	}
	if names, err = nameFiles(field, doc, files); err != nil {
		return "", names, err
	}
	var out bytes.Buffer
	out.Grow(len(source) + len(source)/2)
	if err := converter.Renderer().Render(&out, source, doc); err != nil {
		return "", names, board.FieldFault(field, "This text cannot be shown. Simplify its formatting.")
	}
	if out.Len() > maxOutput {
		return "", names, tooLarge(field)
	}
	clean := policy.SanitizeBytes(out.Bytes())
	if len(clean) > maxOutput {
		return "", names, tooLarge(field)
	}
	return string(bytes.TrimSpace(clean)), names, nil
}

// Paragraphs shows a text as it is, in plain paragraphs: for imported texts that
// Render refuses. It never fails.
func Paragraphs(src string) string {
	src = strings.ToValidUTF8(strings.ReplaceAll(src, "\r\n", "\n"), "\uFFFD")
	src = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, src)
	var out strings.Builder
	out.Grow(len(src) + len(src)/8)
	open := false
	for line := range strings.SplitSeq(src, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "" && open:
			out.WriteString("</p>\n")
			open = false
		case line == "":
		case open:
			out.WriteString("<br>\n" + html.EscapeString(line))
		default:
			out.WriteString("<p>" + html.EscapeString(line))
			open = true
		}
	}
	if open {
		out.WriteString("</p>")
	}
	return strings.TrimSpace(out.String())
}
