package markdown_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"convivio/store/board"
	"convivio/store/markdown"
)

func render(t *testing.T, src string) string {
	t.Helper()
	out, err := markdown.Render("body", src)
	if err != nil {
		t.Fatalf("Render(%.60q): %v", src, err)
	}
	wellBehaved(t, out)
	return out
}

func TestRender(t *testing.T) {
	const rel = ` rel="noopener noreferrer nofollow"`
	for _, c := range []struct{ name, src, want string }{
		{"paragraphs", "one\n\ntwo", "<p>one</p>\n<p>two</p>"},
		{"emphasis", "*a* **b** ~~c~~ `d`", "<p><em>a</em> <strong>b</strong> <del>c</del> <code>d</code></p>"},
		{"headings stand below the page's", "# a\n\n## b\n\n##### c", "<h3>a</h3>\n<h4>b</h4>\n<h6>c</h6>"},
		{"external link", "[a](https://example.com/x?y=1&z=2)", `<p><a href="https://example.com/x?y=1&amp;z=2"` + rel + `>a</a></p>`},
		{"scheme-relative link", "[a](//example.com)", `<p><a href="//example.com"` + rel + `>a</a></p>`},
		{"link within the site", "[a](/ideas/7#c3)", `<p><a href="/ideas/7#c3">a</a></p>`},
		{"mail", "[a](mailto:a@example.com)", `<p><a href="mailto:a@example.com"` + rel + `>a</a></p>`},
		{"bare link", "see https://example.com/a_b.", `<p>see <a href="https://example.com/a_b"` + rel + `>https://example.com/a_b</a>.</p>`},
		{"bare mail", "ask a@example.com", `<p>ask <a href="mailto:a@example.com"` + rel + `>a@example.com</a></p>`},
		{"link title is dropped", `[a](https://example.com "t")`, `<p><a href="https://example.com"` + rel + `>a</a></p>`},
		{"endless address", "[a](https://example.com/" + strings.Repeat("a", 2000) + ")", "<p>a</p>"},
		{"image is a link", "![the plan](https://example.com/p.png)", `<p><a href="https://example.com/p.png"` + rel + `>the plan</a></p>`},
		{"image without words", "![](https://example.com/p.png)", `<p><a href="https://example.com/p.png"` + rel + `>https://example.com/p.png</a></p>`},
		{"image in a link", "[![alt](https://a.example/i.png)](https://b.example)", `<p><a href="https://b.example"` + rel + `>alt</a></p>`},
		{"data image", "![x](data:image/svg+xml;base64,AAAA)", "<p>x</p>"},
		{"raw html is text", "a <b onclick=x>b</b>", "<p>a &lt;b onclick=x&gt;b&lt;/b&gt;</p>"},
		{"html block is text", "<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"},
		{"code keeps its language", "```go\na < b\n```", "<pre><code class=\"language-go\">a &lt; b\n</code></pre>"},
		{"task list", "- [x] done\n- [ ] open", "<ul>\n<li><label><input type=\"checkbox\" disabled=\"\" checked=\"\"> done</label></li>\n<li><label><input type=\"checkbox\" disabled=\"\"> open</label></li>\n</ul>"},
		{"loose task list", "- [ ] a\n\n- b", "<ul>\n<li>\n<p><label><input type=\"checkbox\" disabled=\"\"> a</label></p>\n</li>\n<li>\n<p>b</p>\n</li>\n</ul>"},
		{"table", "| a | b |\n|---|--:|\n| 1 | 2 |", "<table>\n<thead>\n<tr>\n<th>a</th>\n<th class=\"right\">b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n<td class=\"right\">2</td>\n</tr>\n</tbody>\n</table>"},
		{"ordered list", "3. a\n4. b", "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>"},
		{"quotes", "> a\n>\n> > b", "<blockquote>\n<p>a</p>\n<blockquote>\n<p>b</p>\n</blockquote>\n</blockquote>"},
		{"windows line ends", "a\r\n\r\nb", "<p>a</p>\n<p>b</p>"},
		{"nothing", " \n\t\n", ""},
		{"not UTF-8", "a\xffb", "<p>a\uFFFDb</p>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := render(t, c.src); got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestMentionsAndReferences(t *testing.T) {
	const marta, idea = `<a class="mention" href="/people/@marta.riva">@marta.riva</a>`, `<a class="ref" href="/ideas/123">#123</a>`
	for _, c := range []struct{ src, want string }{
		{"@marta.riva", marta},
		{"ciao @marta.riva.", "ciao " + marta + "."},
		{"(@marta.riva)", "(" + marta + ")"},
		{"«@marta.riva»", "«" + marta + "»"},
		{"**@marta.riva**", "<strong>" + marta + "</strong>"},
		{"@marta.riva, @marta.riva", marta + ", " + marta},
		{"@Marta.Riva", `<a class="mention" href="/people/@marta.riva">@Marta.Riva</a>`},
		{"@marta.riva's", marta + "&#39;s"},
		{"@marta-", `<a class="mention" href="/people/@marta">@marta</a>-`},
		{"[x @marta.riva", "[x " + marta},
		{"`@marta.riva #123`", "<code>@marta.riva #123</code>"},
		{"a@marta.riva", `<a href="mailto:a@marta.riva" rel="noopener noreferrer nofollow">a@marta.riva</a>`},
		{"x@marta", "x@marta"},
		{"è@marta", "è@marta"},
		{"@@marta", "@@marta"},
		{"@marta@example.com", "@marta@example.com"},
		{"@-marta @.x @ @_a", "@-marta @.x @ @_a"},
		{"@martà", "@martà"},
		{"\\@marta \\#123", "@marta #123"},
		{"[@marta.riva #123](https://example.com)", `<a href="https://example.com" rel="noopener noreferrer nofollow">@marta.riva #123</a>`},
		{"https://example.com/@marta", `<a href="https://example.com/@marta" rel="noopener noreferrer nofollow">https://example.com/@marta</a>`},
		{"example.com/@marta/#123", "example.com/@marta/#123"},
		{"#123", idea},
		{"see #123, (#123) and #123.", "see " + idea + ", (" + idea + ") and " + idea + "."},
		{"#123abc #012 #1234567890123456789 a#123 ##123 #123_", "#123abc #012 #1234567890123456789 a#123 ##123 #123_"},
		{"&#123; x&#x7B;y &#12 &#;", "{ x{y &amp;#12 &amp;#;"},
		{"C#1", "C#1"},
	} {
		if got := render(t, c.src); got != "<p>"+c.want+"</p>" {
			t.Errorf("%s\n got %s\nwant <p>%s</p>", c.src, got, c.want)
		}
	}
}

// Every way known to smuggle a scheme into a link, or markup into the page.
func TestHostileMarkup(t *testing.T) {
	for _, src := range []string{
		"[a](javascript&colon;alert(1))", "[a](&#106;avascript:alert(1))", "[a](&#x6A;avascript&#58;alert(1))",
		"[x](vbscript&colon;a)", "[x](VBScript:a)", "[a](java\tscript:alert(1))", "[a](<java\nscript:alert(1)>)",
		"[a](JaVaScRiPt:alert(1))", "[a]( javascript:alert(1))", "[a](\x01javascript:alert(1))", "[a](javascript\\:alert(1))",
		"[a](data:text/html;base64,PHNjcmlwdD4=)", "![x](data:image/svg+xml,<svg onload=alert(1)>)", "![x](javascript:alert(1))",
		"<javascript:alert(1)>", "<data:text/html,x>", "[a]: javascript:alert(1)\n\n[a]", "![a][b]\n\n[b]: data:image/svg+xml,x",
		"[a](file:///etc/passwd)", "[a](ftp://example.com)", "ftp://example.com", "[a](/\\example.com)", "[a](\\\\example.com)",
		`[a](https://example.com/"onmouseover="alert(1))`, `[a](https://example.com "x" onclick=alert(1))`, "[a](https://example.com/`x`)",
		"<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg><script>alert(1)</script></svg>", "<math><mi//xlink:href=\"data:x\">",
		"<style>*{}</style>", "<select><style></select><img src=x onerror=alert(1)></style>", "<option><style></option></select><b onmouseover=x>",
		"<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">", "<a href=\"javascript:alert(1)\">x</a>", "<b style=\"x\">",
		"<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>", "<iframe srcdoc=x>", "<object data=x>",
		"<ſcript>alert(1)</ſcript>", "<İmg src=x>", "<scrıpt>", "<K onclick=x>", "<а href=x>", "<!--><img src=x onerror=alert(1)>-->",
		"<![CDATA[<img src=x onerror=alert(1)>]]>", "<?xml <img src=x>?>", "</p><script>", "```\"><script>alert(1)</script>\nx\n```",
		"```js\" onclick=\"alert(1)\nx\n```", "~~~ <img src=x onerror=alert(1)>\n~~~", "| <img src=x onerror=x> |\n|---|\n| [a](javascript:x) |",
		"- [x] <img onerror=x>", "@<script>", "#<script>", "@a\"onclick=x", "[@a](javascript:x)", "[a](//[javascript:x)", "[a](https://[::1)",
		"[a](mailto:a@b?subject=x&body=<script>)", "[a](MAILTO:a@b)", "[a](HTTPS://example.com)", "[a](http:javascript:alert(1))", "[a](https:/x)", "[a](http://)", "<http://>", "http://", "[a](//)", "[a](///x)", "[a](mailto:)", "[a](http:)", "[a](http://?x)",
		"[a](#\"><script>)", "[a](/\"><script>)", "a\u202Eb <b>", "\x00<script>", "&lt;script&gt;", "&#60;script&#62;", "&#x3c;img src=x onerror=x&#x3e;",
	} {
		render(t, src)
	}
}

func TestLimits(t *testing.T) {
	cells := func(columns, rows int) string {
		row := strings.Repeat("|a", columns) + "|\n"
		return row + strings.Repeat("|-", columns) + "|\n" + strings.Repeat(row, rows-1)
	}
	listsBy := func(indent string, n int) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(strings.Repeat(indent, i) + "- a\n")
		}
		return b.String()
	}
	for _, c := range []struct{ name, within, beyond, says string }{
		{"bytes", strings.Repeat("a", 20_000), strings.Repeat("a", 20_001), "20001 bytes"},
		{"quotes", strings.Repeat("> ", 20) + "a", strings.Repeat("> ", 21) + "a", "deep"},
		{"lists on one line", strings.Repeat("- ", 20) + "a", strings.Repeat("- ", 21) + "a", "deep"},
		{"numbers on one line", strings.Repeat("1. ", 20) + "a", strings.Repeat("1) ", 21) + "a", "deep"},
		{"lists by indenting", listsBy("  ", 20), listsBy("  ", 21), "deep"},
		{"lists by tabs", listsBy("\t", 20), listsBy("\t", 21), "deep"},
		{"quotes and lists", strings.Repeat("> - ", 10) + "a", strings.Repeat("> - ", 11) + "a", "deep"},
		{"brackets", strings.Repeat("[", 20) + "a" + strings.Repeat("]", 20), strings.Repeat("[", 21), "deep"},
		{"brackets over lines", strings.Repeat("[\n", 20), strings.Repeat("[a](\n", 21) + strings.Repeat("[", 21), "deep"},
		{"emphasis", strings.Repeat("*", 40) + "a" + strings.Repeat("*", 40), strings.Repeat("*", 42) + "a" + strings.Repeat("*", 42), "deep"},
		{"one address used often", "[a]: https://e.example/" + strings.Repeat("b", 100) + "\n\n" + strings.Repeat("[a] ", 1000), "[a]: https://e.example/" + strings.Repeat("b", 1900) + "\n\n" + strings.Repeat("[a] ", 1000), "512 KiB"},
		{"table columns", cells(100, 2), cells(101, 2), "101 columns"},
		{"table cells", cells(40, 50), cells(40, 51), "cells"},
		{"cells left out", "|a\n" + strings.Repeat("|-", 99) + "|\n" + strings.Repeat("|\n", 19), strings.Repeat("|a", 100) + "|\n" + strings.Repeat("|-", 100) + "|\n" + strings.Repeat("|\n", 21), "cells"},
		{"two tables", cells(40, 25) + "\n" + cells(40, 25), cells(40, 26) + "\n" + cells(40, 26), "cells"},
		{"table in a quote", "> " + strings.ReplaceAll(strings.TrimSpace(cells(5, 5)), "\n", "\n> "), "> " + strings.ReplaceAll(cells(40, 51), "\n", "\n> "), "cells"},
		{"table in a list", "- |a|\n  |-|\n", "- a\n- " + strings.Repeat("|-", 101) + "|\n", "columns"},
		{"mentions", strings.Repeat("@a ", 20), strings.Repeat("@a ", 21), "21 times"},
		{"mentions in code do not count", "`" + strings.Repeat("@a ", 30) + "`", strings.Repeat("@a ", 500), "500 times"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := markdown.Render("text", c.within); err != nil {
				t.Errorf("at the limit: %v", err)
			}
			_, err := markdown.Render("text", c.beyond)
			var fault *board.Error
			if !errors.As(err, &fault) || fault.Code != board.Invalid || fault.Field != "text" || !strings.Contains(err.Error(), c.says) {
				t.Errorf("beyond the limit: got %v, want invalid on text saying %q", err, c.says)
			}
		})
	}
}

func TestParagraphs(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"one\ntwo\r\n\r\n\n three ", "<p>one<br>\ntwo</p>\n<p>three</p>"},
		{"<script>alert(\"1\")</script> & *a*", "<p>&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt; &amp; *a*</p>"},
		{"a\xffb\x00\x1bc", "<p>a\uFFFDbc</p>"},
		{"", ""},
		{"\n\n", ""},
	} {
		got := markdown.Paragraphs(c.src)
		if got != c.want {
			t.Errorf("Paragraphs(%q) = %q, want %q", c.src, got, c.want)
		}
		wellBehaved(t, got)
	}
	long := markdown.Paragraphs(strings.Repeat("- ", 50_000) + "\n\n" + strings.Repeat("[a](", 50_000))
	if !strings.HasPrefix(long, "<p>- - ") {
		t.Errorf("a long text came out as %.40q", long)
	}
}

func TestText(t *testing.T) {
	src := "# Titolo\n\nUn *testo* con `a<b` & [link](https://example.com).\nSeconda riga\n\n- [x] uno\n- due\n\n| a | b |\n|---|---|\n| 1 | 2 |"
	want := "Titolo\nUn testo con a<b & link.\nSeconda riga\nuno\ndue\na\nb\n1\n2"
	if got := markdown.Text(render(t, src)); got != want {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
	for src, want := range map[string]string{"": "", "<p>a": "a", "<p": "", "a &amp;lt; b": "a &lt; b", "a<br>b": "a\nb"} {
		if got := markdown.Text(src); got != want {
			t.Errorf("Text(%q) = %q, want %q", src, got, want)
		}
	}
}

func TestExcerpt(t *testing.T) {
	for _, c := range []struct {
		html  string
		runes int
		want  string
	}{
		{"<p>one two three</p>", 20, "one two three"},
		{"<p>one two three</p>", 13, "one two three"},
		{"<p>one two three</p>", 12, "one two…"},
		{"<p>one two three</p>", 7, "one two…"},
		{"<p>one, two three</p>", 5, "one…"},
		{"<p>one</p>\n<p>two</p>", 20, "one two"},
		{"<p>perché città più</p>", 12, "perché città…"},
		{"<p>abcdefghij</p>", 4, "abcd…"},
		{"<p>" + strings.Repeat("<em>a</em> ", 2000) + "</p>", 5, "a a a…"},
		{"<p>a</p>" + strings.Repeat("<p>", 2000), 5, "a …"},
		{"", 5, ""},
	} {
		if got := markdown.Excerpt(c.html, c.runes); got != c.want {
			t.Errorf("Excerpt(%.40q, %d) = %q, want %q", c.html, c.runes, got, c.want)
		}
	}
}

// attributes is what may stand in our HTML, written a second time so that the
// policy is held against something.
var attributes = map[string]string{
	"p": "", "br": "", "hr": "", "h3": "", "h4": "", "h5": "", "h6": "", "blockquote": "", "pre": "", "code": "class", "em": "", "strong": "",
	"del": "", "ul": "", "ol": "start", "li": "", "label": "", "table": "", "thead": "", "tbody": "", "tr": "", "th": "class", "td": "class",
	"input": "type checked disabled", "a": "href rel class", "small": "", "img": "src alt width height loading",
}

// wellBehaved parses HTML as a browser would and holds it to the allow-list.
func wellBehaved(t *testing.T, out string) {
	t.Helper()
	if !utf8.ValidString(out) {
		t.Fatalf("not UTF-8: %.300q", out)
	}
	nodes, err := html.ParseFragment(strings.NewReader(out), &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil {
		t.Fatalf("parse %.300q: %v", out, err)
	}
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		switch n.Type {
		case html.ElementNode:
			allowed, known := attributes[n.Data]
			if !known {
				t.Fatalf("element %s in %.300q", n.Data, out)
			}
			for _, a := range n.Attr {
				if !strings.Contains(" "+allowed+" ", " "+a.Key+" ") || a.Namespace != "" {
					t.Fatalf("attribute %s of %s in %.300q", a.Key, n.Data, out)
				}
			}
			switch n.Data {
			case "a":
				goodLink(t, n, out)
			case "img":
				if src := n.Attr[0]; src.Key != "src" || !strings.HasPrefix(src.Val, "/files/") || !strings.HasSuffix(src.Val, "/view") {
					t.Fatalf("image from %q in %.300q", src.Val, out)
				}
			}
		case html.CommentNode, html.DoctypeNode:
			t.Fatalf("comment or doctype in %.300q", out)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	for _, n := range nodes {
		walk(n)
	}
}

func goodLink(t *testing.T, n *html.Node, out string) {
	t.Helper()
	attr := map[string]string{}
	for _, a := range n.Attr {
		attr[a.Key] = a.Val
	}
	href := strings.ToLower(attr["href"])
	inside := strings.HasPrefix(href, "#") || href == "/" || strings.HasPrefix(href, "/") && href[1] != '/' && href[1] != '\\'
	outside := strings.HasPrefix(href, "//") || strings.HasPrefix(href, "http://") || strings.HasPrefix(href, "https://") || strings.HasPrefix(href, "mailto:")
	if !inside && !outside {
		t.Fatalf("link to %q in %.300q", href, out)
	}
	if outside && attr["rel"] != "noopener noreferrer nofollow" {
		t.Fatalf("link outside with rel %q in %.300q", attr["rel"], out)
	}
}

func TestIdeasInAText(t *testing.T) {
	html := render(t, "#12 `#13` [a](/ideas/14#c2), [b](/ideas/15/versions) [c](/ideas/new) [d](/ideas/16x) #12\n\n"+
		"https://idee.example.it/ideas/17?sort=new https://altrove.example.it/ideas/18 [e](/people/ideas/19) [f](/ideas/99999999999999999999)")
	if got := markdown.IdeasIn(html, "https://idee.example.it"); !slices.Equal(got, []int64{12, 14, 15, 17}) {
		t.Errorf("found %v in %s", got, html)
	}
	if got := markdown.IdeasIn(html, ""); !slices.Equal(got, []int64{12, 14, 15}) {
		t.Errorf("found %v without an address", got)
	}
}
