package markdown

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
)

// pieces renders what we show otherwise than goldmark would.
type pieces struct{}

func (p pieces) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindHeading, p.heading)
	r.Register(ast.KindLink, p.link)
	r.Register(ast.KindImage, p.image)
	r.Register(ast.KindAutoLink, p.autoLink)
	r.Register(ast.KindRawHTML, p.rawHTML)
	r.Register(ast.KindHTMLBlock, p.htmlBlock)
	r.Register(ast.KindParagraph, p.paragraph)
	r.Register(ast.KindTextBlock, p.textBlock)
	r.Register(extast.KindTaskCheckBox, p.taskCheckBox)
	r.Register(extast.KindTableCell, p.tableCell)
	r.Register(kindMention, p.mention)
	r.Register(kindRef, p.ref)
}

// heading stands two levels lower: the page and the idea's title come first.
func (pieces) heading(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	level := strconv.Itoa(min(6, n.(*ast.Heading).Level+2))
	if entering {
		_, _ = w.WriteString("<h" + level + ">")
	} else {
		_, _ = w.WriteString("</h" + level + ">\n")
	}
	return ast.WalkContinue, nil
}

func (pieces) link(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if name, ours := fileOf(n); ours {
		switch {
		case name.file == nil:
		case entering:
			openFile(w, n, name)
		default:
			closeFile(w, name)
		}
		return ast.WalkContinue, nil
	}
	href := address(n.(*ast.Link).Destination)
	switch {
	case href == "":
	case entering:
		openLink(w, href)
	default:
		_, _ = w.WriteString("</a>")
	}
	return ast.WalkContinue, nil
}

// image shows a picture kept here. Any other becomes a link with its alternative
// text: fetching somebody else's image would tell them who reads what, and when.
func (p pieces) image(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if name, ours := fileOf(n); ours {
		if name.file == nil || name.file.Width == 0 && inLink(n) {
			return ast.WalkContinue, nil
		}
		if name.file.Width == 0 { // no picture: a link like any to a file
			return p.link(w, source, n, entering)
		}
		if entering {
			picture(w, source, n, name)
		}
		return ast.WalkSkipChildren, nil
	}
	href := address(n.(*ast.Image).Destination)
	if inLink(n) {
		href = ""
	}
	if !entering {
		if href != "" {
			_, _ = w.WriteString("</a>")
		}
		return ast.WalkContinue, nil
	}
	if href != "" {
		openLink(w, href)
		if !n.HasChildren() {
			_, _ = w.Write(util.EscapeHTML([]byte(href)))
		}
	}
	return ast.WalkContinue, nil
}

func (pieces) autoLink(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*ast.AutoLink)
	destination := n.URL(source)
	if n.AutoLinkType == ast.AutoLinkEmail && !hasPrefixFold(string(destination), "mailto:") {
		destination = append([]byte("mailto:"), destination...)
	}
	href := allowed(string(util.URLEscape(destination, false)))
	if href == "" || inLink(n) {
		_, _ = w.Write(util.EscapeHTML(n.Label(source)))
		return ast.WalkContinue, nil
	}
	openLink(w, href)
	_, _ = w.Write(util.EscapeHTML(n.Label(source)))
	_, _ = w.WriteString("</a>")
	return ast.WalkContinue, nil
}

// rawHTML shows markup as the text it was typed as: nothing people write is lost.
func (pieces) rawHTML(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		segments := node.(*ast.RawHTML).Segments
		for i := range segments.Len() {
			s := segments.At(i)
			_, _ = w.Write(util.EscapeHTML(s.Value(source)))
		}
	}
	return ast.WalkSkipChildren, nil
}

func (pieces) htmlBlock(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n := node.(*ast.HTMLBlock)
	if !entering {
		if n.HasClosure() {
			_, _ = w.Write(util.EscapeHTML(n.ClosureLine.Value(source)))
		}
		_, _ = w.WriteString("</p>\n")
		return ast.WalkContinue, nil
	}
	_, _ = w.WriteString("<p>")
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		_, _ = w.Write(util.EscapeHTML(line.Value(source)))
	}
	return ast.WalkContinue, nil
}

// A task's box is labelled by the words beside it, up to the end of the paragraph.

func (pieces) taskCheckBox(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		_, _ = w.WriteString(`<label><input type="checkbox" disabled="" `)
		if node.(*extast.TaskCheckBox).IsChecked {
			_, _ = w.WriteString(`checked=""`)
		}
		_, _ = w.WriteString("> ")
	}
	return ast.WalkContinue, nil
}

func (pieces) paragraph(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		_, _ = w.WriteString("<p>")
	} else {
		endLabel(w, n)
		_, _ = w.WriteString("</p>\n")
	}
	return ast.WalkContinue, nil
}

func (pieces) textBlock(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		endLabel(w, n)
		if n.NextSibling() != nil && n.FirstChild() != nil {
			_ = w.WriteByte('\n')
		}
	}
	return ast.WalkContinue, nil
}

func endLabel(w util.BufWriter, n ast.Node) {
	if first := n.FirstChild(); first != nil && first.Kind() == extast.KindTaskCheckBox {
		_, _ = w.WriteString("</label>")
	}
}

// tableCell aligns by class: the content-security policy allows no style attribute.
func (pieces) tableCell(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n := node.(*extast.TableCell)
	tag := "td"
	if n.Parent().Kind() == extast.KindTableHeader {
		tag = "th"
	}
	switch {
	case !entering:
		_, _ = w.WriteString("</" + tag + ">\n")
	case n.Alignment == extast.AlignRight || n.Alignment == extast.AlignCenter:
		_, _ = w.WriteString("<" + tag + ` class="` + n.Alignment.String() + `">`)
	default:
		_, _ = w.WriteString("<" + tag + ">")
	}
	return ast.WalkContinue, nil
}

func (pieces) mention(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	handle := node.(*mention).handle
	if inLink(node) {
		_, _ = w.WriteString("@" + handle)
	} else {
		_, _ = w.WriteString(`<a class="mention" href="/people/@` + strings.ToLower(handle) + `">@` + handle + `</a>`)
	}
	return ast.WalkContinue, nil
}

func (pieces) ref(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	id := strconv.FormatInt(node.(*ref).id, 10)
	if inLink(node) {
		_, _ = w.WriteString("#" + id)
	} else {
		_, _ = w.WriteString(`<a class="ref" href="/ideas/` + id + `">#` + id + `</a>`)
	}
	return ast.WalkContinue, nil
}

// inLink tells whether a node stands inside a link or an image that becomes one.
func inLink(n ast.Node) bool {
	for p := n.Parent(); p != nil && p.Type() == ast.TypeInline; p = p.Parent() {
		if p.Kind() == ast.KindLink || p.Kind() == ast.KindImage {
			return true
		}
	}
	return false
}

func openLink(w util.BufWriter, href string) {
	_, _ = w.WriteString(`<a href="`)
	_, _ = w.Write(util.EscapeHTML([]byte(href)))
	if outside(href) {
		_, _ = w.WriteString(`" rel="noopener noreferrer nofollow">`)
	} else {
		_, _ = w.WriteString(`">`)
	}
}

// address is a link's destination as a browser will read it, or empty when
// people should not be sent there.
func address(destination []byte) string {
	if len(destination) > maxAddress {
		return ""
	}
	return allowed(string(util.URLEscape(destination, true)))
}

// allowed lets through http, https and mailto, and places on this site that are
// named from its root or on the page. Anything else names no scheme we know.
func allowed(href string) string {
	u, err := url.Parse(href)
	if err != nil || len(href) > maxAddress {
		return ""
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
		if u.Host != "" {
			return href
		}
	case "mailto":
		if u.Opaque != "" {
			return href
		}
	case "":
		if strings.HasPrefix(href, "#") || strings.HasPrefix(href, "/") && (u.Host != "" || !outside(href)) {
			return href
		}
	}
	return ""
}

// outside tells whether a link leaves the site; //host and /\host do.
func outside(href string) bool {
	if strings.HasPrefix(href, "/") {
		return len(href) > 1 && (href[1] == '/' || href[1] == '\\')
	}
	return !strings.HasPrefix(href, "#")
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}
