package templates

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"convivio/store/board"
	"convivio/templates/words"
)

func render(t *testing.T, c templ.Component) string {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// all lists the elements below a node, templates included.
func all(n *html.Node, keep func(*html.Node) bool) (found []*html.Node) {
	for x := range n.Descendants() {
		if x.Type == html.ElementNode && keep(x) {
			found = append(found, x)
		}
	}
	return found
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

func tagged(tag ...atom.Atom) func(*html.Node) bool {
	return func(n *html.Node) bool { return slices.Contains(tag, n.DataAtom) }
}

func text(n *html.Node) string {
	var b strings.Builder
	for x := range n.Descendants() {
		if x.Type == html.TextNode {
			b.WriteString(x.Data)
		}
	}
	return strings.TrimSpace(b.String())
}

func TestEveryPageInEveryLanguage(t *testing.T) {
	for _, lang := range words.Langs {
		shown := samples(lang)
		maps.Copy(shown, fairSamples(lang))
		for name, c := range shown {
			t.Run(lang+"/"+name, func(t *testing.T) {
				page := render(t, c)
				doc, err := html.Parse(strings.NewReader(page))
				if err != nil {
					t.Fatal(err)
				}
				balanced(t, page)
				outline(t, doc, lang)
				safe(t, doc)
				ids(t, doc)
				labelled(t, doc)
				forms(t, doc)
				contained(t, page)
			})
		}
	}
}

// TestEveryPageHasASample: each page that a component shows is rendered above with
// hostile names. What is forgotten there is seen by nobody before its readers. The
// design page shows parts several times, with samples of its own.
func TestEveryPageHasASample(t *testing.T) {
	read := func(pattern string) (all []byte) {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatal(pattern, err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, text...)
		}
		return all
	}
	samples := read("sample*_test.go")
	for _, m := range regexp.MustCompile(`(?m)^templ ([A-Z]\w*)\(\w+ \w+Page\)`).FindAllSubmatch(read("*.templ"), -1) {
		if !bytes.Contains(samples, append(slices.Clone(m[1]), '(')) && string(m[1]) != "Design" {
			t.Errorf("%s is in no sample", m[1])
		}
	}
}

// contained tells whether what holds only words and fields holds no blocks: a browser
// mends that as it sees fit, and other readers differently.
func contained(t *testing.T, page string) {
	t.Helper()
	holds := tagSet("span p a button label summary h1 h2 h3 h4 h5 h6 b strong em i small time code mark dt")
	blocks := tagSet("div form ul ol dl p section article aside nav table fieldset details h1 h2 h3 h4 h5 h6 pre blockquote hr header footer main figure")
	var open []string
	z := html.NewTokenizer(strings.NewReader(page))
	for kind := z.Next(); kind != html.ErrorToken; kind = z.Next() {
		name, _ := z.TagName()
		tag := string(name)
		switch {
		case kind == html.EndTagToken && len(open) > 0:
			open = open[:len(open)-1]
		case kind == html.StartTagToken && !tagSet(void)[tag]:
			if n := len(open); n > 0 && blocks[tag] && holds[open[n-1]] && !(open[n-1] == "summary" && tag[0] == 'h') {
				t.Errorf("<%s> stands in <%s>: %.80q", tag, open[n-1], z.Raw())
			}
			open = append(open, tag)
		}
	}
}

func tagSet(names string) map[string]bool {
	set := map[string]bool{}
	for _, name := range strings.Fields(names) {
		set[name] = true
	}
	return set
}

const void = "area base br col embed hr img input link meta source track wbr"

// balanced tells whether every element is closed in its turn: the parser itself
// would mend that silently.
func balanced(t *testing.T, page string) {
	t.Helper()
	var open []string
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if len(open) > 0 {
				t.Errorf("left open: %v", open)
			}
			return
		case html.StartTagToken:
			if name, _ := z.TagName(); !slices.Contains(strings.Fields(void), string(name)) {
				open = append(open, string(name))
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if len(open) == 0 || open[len(open)-1] != string(name) {
				t.Errorf("</%s> closes %v", name, open)
				return
			}
			open = open[:len(open)-1]
		}
	}
}

func outline(t *testing.T, doc *html.Node, lang string) {
	t.Helper()
	if n := len(all(doc, tagged(atom.H1))); n != 1 {
		t.Errorf("there are %d headings of the first rank, want 1", n)
	}
	if n := len(all(doc, tagged(atom.Main))); n != 1 {
		t.Errorf("there are %d main parts, want 1", n)
	}
	rank := byte('0')
	for _, h := range all(doc, tagged(atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6)) {
		if h.Data[1] > rank+1 {
			t.Errorf("<%s> %q comes after <h%c>", h.Data, text(h), rank)
		}
		rank = h.Data[1]
	}
	for _, n := range all(doc, func(n *html.Node) bool {
		return n.DataAtom == atom.Nav || n.DataAtom == atom.Aside || slices.Contains([]string{"region", "search"}, attr(n, "role"))
	}) {
		if attr(n, "aria-label") == "" && attr(n, "aria-labelledby") == "" {
			t.Errorf("<%s class=%q> is a landmark without a name", n.Data, attr(n, "class"))
		}
	}
	if got := attr(all(doc, tagged(atom.Html))[0], "lang"); got != lang {
		t.Errorf("the page says that it is in %q", got)
	}
	title := slices.DeleteFunc(all(doc, tagged(atom.Title)), func(n *html.Node) bool { return n.Namespace != "" }) // a chart's
	if len(title) != 1 || !strings.HasSuffix(text(title[0]), " · Convivio") {
		t.Error("the window has no title")
	}
}

// safe looks for what the content-security policy would refuse, and for text
// that became markup.
func safe(t *testing.T, doc *html.Node) {
	t.Helper()
	for _, n := range all(doc, func(*html.Node) bool { return true }) {
		for _, a := range n.Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
				t.Errorf("<%s> has the attribute %s", n.Data, a.Key)
			}
			if (a.Key == "href" || a.Key == "src" || a.Key == "action") && !strings.HasPrefix(a.Val, "/") && !strings.HasPrefix(a.Val, "#") {
				t.Errorf("<%s> leads to %q", n.Data, a.Val)
			}
		}
		switch {
		case n.DataAtom == atom.Style, n.DataAtom == atom.Img:
			t.Errorf("there is a <%s> that no template wrote", n.Data)
		case n.DataAtom == atom.Script && (n.FirstChild != nil || attr(n, "type") != "module"):
			t.Error("there is a script in the page")
		}
	}
}

func ids(t *testing.T, doc *html.Node) {
	t.Helper()
	seen := map[string]bool{}
	for _, n := range all(doc, func(n *html.Node) bool { return has(n, "id") }) {
		id := attr(n, "id")
		if seen[id] || id == "" {
			t.Errorf("the id %q is used twice, or empty", id)
		}
		seen[id] = true
	}
	for _, n := range all(doc, func(n *html.Node) bool { return true }) {
		for _, name := range []string{"for", "aria-describedby", "aria-labelledby"} {
			for _, id := range strings.Fields(attr(n, name)) {
				if !seen[id] {
					t.Errorf("<%s %s=%q> names nothing", n.Data, name, id)
				}
			}
		}
	}
}

func labelled(t *testing.T, doc *html.Node) {
	t.Helper()
	labels := map[string]bool{}
	for _, l := range all(doc, tagged(atom.Label)) {
		labels[attr(l, "for")] = text(l) != ""
	}
	for _, n := range all(doc, tagged(atom.Input, atom.Select, atom.Textarea, atom.Button, atom.A, atom.Summary)) {
		inLabel := false
		for p := n.Parent; p != nil; p = p.Parent {
			inLabel = inLabel || p.DataAtom == atom.Label
		}
		spoken := attr(n, "aria-label") != "" || text(n) != "" && n.DataAtom != atom.Textarea && n.DataAtom != atom.Select
		if attr(n, "type") != "hidden" && !spoken && !inLabel && !labels[attr(n, "id")] {
			t.Errorf("<%s name=%q class=%q> has no label", n.Data, attr(n, "name"), attr(n, "class"))
		}
	}
}

// forms tells whether every form that changes something carries a key of its own.
func forms(t *testing.T, doc *html.Node) {
	t.Helper()
	keys := map[string]bool{}
	for _, f := range all(doc, tagged(atom.Form)) {
		if attr(f, "method") != "post" {
			continue
		}
		k := all(f, func(n *html.Node) bool { return attr(n, "name") == "key" })
		if len(k) != 1 {
			t.Errorf("the form to %s has %d keys", attr(f, "action"), len(k))
			continue
		}
		if v := attr(k[0], "value"); v != "" && keys[v] {
			t.Errorf("the form to %s shares the key %s with another", attr(f, "action"), v)
		} else {
			keys[v] = true
		}
	}
}

func TestPartsAreOneElementWithTheirOwnID(t *testing.T) {
	for _, lang := range words.Langs {
		for id, c := range parts(lang) {
			nodes, err := html.ParseFragment(strings.NewReader(render(t, c)), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
			if err != nil || len(nodes) != 1 || attr(nodes[0], "id") != id {
				t.Errorf("%s: got %d nodes, the first with id %q: %v", id, len(nodes), attr(nodes[0], "id"), err)
			}
		}
	}
}

func TestAThreadSaysNothingAboutItsReader(t *testing.T) {
	thread := render(t, Thread(ThreadPart{Lang: "it", Idea: 12, Sort: board.Best, Comments: lineOf(10)}))
	for _, c := range lineOf(10) {
		if alone := render(t, Comment(CommentPart{"it", c})); !c.Deleted && !strings.Contains(thread, strings.TrimSuffix(alone, "</li>")) {
			t.Errorf("comment %d is not the same in the thread and alone", c.ID)
		}
	}
	if strings.Contains(thread, "<form") || strings.Contains(thread, "<input") {
		t.Error("a thread has a form")
	}
}

func TestMarksStandWhereAReadersSignsGo(t *testing.T) {
	p := sampleThread("it", 0, lineOf(10))
	var b bytes.Buffer
	marks, err := p.Write(t.Context(), &b)
	if err != nil || len(marks) != len(p.Comments) {
		t.Fatalf("got %d marks of %d comments: %v", len(marks), len(p.Comments), err)
	}
	for i, m := range marks {
		id := `" id="c` + strconv.FormatInt(p.Comments[i].ID, 10) + `"`
		if !strings.HasPrefix(b.String()[m.Class:], id) || !strings.HasSuffix(b.String()[:m.Word], `<div class="said">`) {
			t.Errorf("comment %d: the marks stand at %.30q and %.30q", p.Comments[i].ID, b.String()[m.Class:], b.String()[m.Word:])
		}
		if (m.Open > 0) != p.Branches[i].Folded || m.Open > 0 && !strings.HasSuffix(b.String()[:m.Open], `<details class="branch"`) {
			t.Errorf("comment %d opens at %d", p.Comments[i].ID, m.Open)
		}
	}
}

func TestDeepThreadsStayShallow(t *testing.T) {
	doc, err := html.Parse(strings.NewReader(render(t, Thread(ThreadPart{Lang: "en", Idea: 12, Sort: board.Best, Comments: lineOf(300)}))))
	if err != nil {
		t.Fatal(err)
	}
	comments := all(doc, func(n *html.Node) bool { return n.DataAtom == atom.Li && has(n, "data-depth") })
	if len(comments) != 300 {
		t.Fatalf("got %d comments, want 300", len(comments))
	}
	for i, c := range comments {
		lists := 0
		for p := c.Parent; p != nil; p = p.Parent {
			if p.DataAtom == atom.Ol {
				lists++
			}
		}
		if want := min(i, nested) + 1; lists != want || attr(c, "id") != "c"+strconv.Itoa(100+i) {
			t.Errorf("comment %s at depth %d stands in %d lists, want %d", attr(c, "id"), i, lists, want)
		}
	}
}

func TestAPieceThatBeginsInTheMiddleOfABranchKeepsEverything(t *testing.T) {
	piece := lineOf(12)[7:]
	root := board.Comment{ID: 1, Idea: 12}
	got := branches(append(slices.Clone(piece), root))
	var order []int64
	for _, b := range got {
		order = append(order, b.comment.ID)
	}
	if want := "[107 108 109 110 111 1]"; fmt.Sprint(order) != want {
		t.Errorf("got %v, want %s", order, want)
	}
}

func TestWhoIsOfferedWhat(t *testing.T) {
	reader := page("en")
	reader.Who = &board.Who{ID: 9, Name: "Reader", Kind: board.Guest}
	shown := render(t, Idea(IdeaPage{Page: reader, Idea: sampleIdea(12), Thread: Thread(ThreadPart{Lang: "en", Idea: 12})}))
	for _, not := range []string{"/ideas/12/edit", "/ideas/12/delete", "/ideas/12/answers", "/ideas/12/stage", "/ideas/12/lock", "/admin/people", `href="/people"`} {
		if strings.Contains(shown, not) {
			t.Errorf("a guest is offered %s", not)
		}
	}
	if !strings.Contains(shown, `action="/ideas/12/unvote"`) || !strings.Contains(shown, `aria-pressed="true"`) {
		t.Error("who has voted is not offered to take the vote back")
	}
	author := page("en")
	author.Who = &board.Who{ID: marta.ID, Name: "Marta", Kind: board.Employee}
	shown = render(t, Idea(IdeaPage{Page: author, Idea: sampleIdea(12), Thread: Thread(ThreadPart{Lang: "en", Idea: 12})}))
	for _, want := range []string{"/ideas/12/edit", "/ideas/12/delete", `value="withdrawn"`} {
		if !strings.Contains(shown, want) {
			t.Errorf("the author is not offered %s", want)
		}
	}
}

func TestOpeningIsPlainText(t *testing.T) {
	for _, c := range []struct {
		html string
		n    int
		want string
	}{
		{"<p>one <b>two</b></p>\n<p>three</p>", 80, "one two three"},
		{"<p>a &lt;b&gt; &amp;amp; c</p>", 80, "a <b> &amp; c"},
		{"<p>perché così è</p>", 9, "perché…"},
		{"<ul><li><b>uno</b>, <em>du</em>e</li><li>tre</li></ul>", 80, "uno, due tre"},
		{"", 9, ""},
	} {
		if got := opening(c.html, c.n); got != c.want {
			t.Errorf("opening(%q, %d): got %q, want %q", c.html, c.n, got, c.want)
		}
	}
	if got := initials("Maria Pia De-Rossi"); got != "MR" {
		t.Errorf("initials: got %q", got)
	}
}
