package markdown_test

import (
	"strings"
	"testing"

	"convivio/store/board"
	"convivio/store/markdown"
)

// hostile are texts at the largest accepted size, each made to cost much more
// than it is long.
func hostile() map[string]string {
	fill := func(unit string) string { return strings.Repeat(unit, board.MaxBody/len(unit)) }
	columns := func(n int) string {
		return strings.Repeat("|a", n) + "|\n" + strings.Repeat("|-", n) + "|\n"
	}
	var steps strings.Builder
	for i := range 100 {
		steps.WriteString(strings.Repeat(" ", i%40*2) + "- a\n")
	}
	return map[string]string{
		"emphasis":                fill("*a_ "),
		"emphasis open":           fill("*a "),
		"emphasis strong":         fill("**a "),
		"emphasis mixed":          fill("a**b_c*"),
		"emphasis runs":           strings.Repeat("*", 9_999) + "a" + strings.Repeat("*", 9_999),
		"underscores":             fill("_a"),
		"tildes":                  fill("~~a "),
		"tilde runs":              fill("~a~~"),
		"links open":              fill("[a]("),
		"links open, closed":      fill("[a](b"),
		"links with titles":       fill(`[a](b "`),
		"links in pointed":        fill("[a](<b"),
		"images":                  fill("![a]("),
		"images nested":           fill("![[]()"),
		"brackets closed":         strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000),
		"brackets by line":        fill("[\n"),
		"brackets pairs":          fill("[]"),
		"brackets escaped":        fill("\\["),
		"brackets in code":        fill("`[`"),
		"references":              fill("[a]: b\n"),
		"references used":         "[a]: " + strings.Repeat("b", 5_000) + "\n\n" + strings.Repeat("[a] ", 3_000),
		"references unknown":      fill("[a][b]"),
		"reference label":         "[" + strings.Repeat("a", 19_000) + "]",
		"long destinations":       "[a](" + fill("(")[:19_000],
		"quotes":                  fill("> "),
		"quotes tight":            fill(">"),
		"quotes by line":          fill(">>>>>>>>>>>>>>>>>>>> a\n"),
		"list marks":              fill("- "),
		"list marks ended":        fill("- ")[:19_990] + "x",
		"list marks at the limit": fill(strings.Repeat("- ", 20) + "a\n"),
		"list steps":              steps.String(),
		"list items":              fill("- a\n"),
		"list loose":              fill("- a\n\n"),
		"numbers":                 fill("1. "),
		"backticks":               fill("` `` ```"),
		"backticks growing":       growing("`"),
		"fences":                  fill("```\n"),
		"table wide":              columns(100) + fill("|\n")[:15_000],
		"table full":              columns(100) + strings.Repeat("|\n", 18),
		"table narrow":            columns(1) + fill("a\n")[:3_900],
		"tables":                  fill("|a|b|\n|-|-|\n||\n\n"),
		"table of pipes":          "a\n" + fill("|-")[:19_000],
		"table escaped pipes":     columns(50) + strings.Repeat("|`\\|`", 3_000),
		"autolinks":               fill("http://a.a "),
		"autolinks unended":       fill("http://a.a/("),
		"autolinks dotted":        fill("www.a."),
		"mail addresses":          fill("a@a.a "),
		"mail address":            fill("a.")[:19_000] + "@",
		"mentions":                fill("@a "),
		"at signs":                fill("@"),
		"hashes":                  fill("#1 "),
		"hashes tight":            fill("#"),
		"html tags":               fill("<a "),
		"html open":               fill("<"),
		"html comments":           fill("<!--"),
		"html cdata":              fill("<![CDATA["),
		"html declarations":       fill("<!A "),
		"html instructions":       fill("<?"),
		"html blocks":             fill("<div>\n\n"),
		"html attributes":         "<a" + fill(" b='")[:19_000],
		"entities":                fill("&#123;"),
		"entities unended":        fill("&#"),
		"entities named":          fill("&CounterClockwiseContourIntegral;"),
		"escapes":                 fill("\\*"),
		"backslashes":             fill("\\"),
		"headings":                fill("# a\n"),
		"setext":                  fill("a\n=\n"),
		"hard breaks":             fill("a  \n"),
		"tabs":                    fill("\t"),
		"blank lines":             fill("\n"),
		"task boxes":              fill("- [x] a\n"),
		"quotes marks":            fill(`"`),
		"nulls":                   fill("\x00"),
		"not UTF-8":               fill("\xff"),
		"astral":                  fill("\U0001F600"),
		"combining":               "a" + fill("\u0301")[:19_000],
	}
}

func growing(s string) string {
	var b strings.Builder
	for n := 1; b.Len()+n+1 < board.MaxBody; n++ {
		b.WriteString(strings.Repeat(s, n) + " ")
	}
	return b.String()
}

// A text of the largest size is refused, or shown in HTML of bounded size.
func TestHostileShapes(t *testing.T) {
	for name, src := range hostile() {
		t.Run(name, func(t *testing.T) {
			if len(src) > board.MaxBody {
				t.Fatalf("the text has %d bytes", len(src))
			}
			out, err := markdown.Render("body", src)
			if err != nil {
				return
			}
			if len(out) > 512<<10 {
				t.Errorf("%d bytes of HTML", len(out))
			}
			wellBehaved(t, out)
		})
	}
}

// Every hostile shape has to stay under 100 ms.
func BenchmarkHostileShapes(b *testing.B) {
	for name, src := range hostile() {
		b.Run(strings.ReplaceAll(name, " ", "-"), func(b *testing.B) {
			out := ""
			for b.Loop() {
				out, _ = markdown.Render("body", src)
			}
			b.ReportMetric(float64(len(out)), "html-bytes")
		})
	}
}

func BenchmarkRenderComment(b *testing.B) {
	src := "Sono d'accordo con @marta.riva: la **mensa** dovrebbe aprire anche la sera, come si diceva in #12.\n\n" +
		"- chi fa il turno serale può mangiare\n- costa poco: vedi https://example.com/conti\n\nGrazie!"
	for b.Loop() {
		if _, err := markdown.Render("body", src); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkText(b *testing.B) {
	out, err := markdown.Render("body", strings.Repeat("Sono d'accordo: la **mensa** dovrebbe aprire & anche la sera.\n\n", 10))
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(out)))
	for b.Loop() {
		markdown.Text(out)
	}
}

// FuzzRender holds whatever comes out to the allow-list, and the plain text and
// the excerpt of it to being plain.
func FuzzRender(f *testing.F) {
	for _, src := range hostile() {
		f.Add(src[:min(len(src), 300)])
	}
	for _, src := range []string{
		"[a](javascript&colon;alert(1))", "[a](&#106;avascript:x)", "![x](data:image/svg+xml,x)", "<script>x</script>", "@marta #12 `@x`",
		"| a | b |\n|---|:-:|\n| 1 | <b> |", "- [x] a\n- [ ] b", "```js\" onclick=\"x\ny\n```", "<!--><img src=x>-->", "[a]: //x\n[a] ![a][a]",
	} {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		out, err := markdown.Render("body", src)
		if err != nil {
			out = markdown.Paragraphs(src)
		}
		wellBehaved(t, out)
		text, excerpt := markdown.Text(out), markdown.Excerpt(out, 40)
		for _, plain := range []string{text, excerpt} {
			if strings.Contains(plain, "\uFFFD") && !strings.Contains(out, "\uFFFD") {
				t.Fatalf("plain text %q of %q was cut inside a character", plain, out)
			}
		}
		if n := len([]rune(excerpt)); n > 41 {
			t.Fatalf("excerpt of %d characters", n)
		}
	})
}
