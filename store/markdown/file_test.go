package markdown_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"convivio/store/board"
	"convivio/store/markdown"
)

var shown = markdown.Files{12: {Name: "foto & co", Width: 720, Height: 405, Detail: "PNG · 90 kB"}, 13: {Name: "piano.pdf", Detail: "PDF · 2 MB"}}

func TestFilesInTexts(t *testing.T) {
	const pic = `<a class="picture" href="/files/12"><img src="/files/12/view" alt="%s" width="720" height="405" loading="lazy"></a>`
	const doc = `<a class="file" href="/files/13">%s <small>PDF · 2 MB</small></a>`
	for _, tt := range []struct{ src, want string }{
		{"![La pianta](/files/12)", fmt.Sprintf(pic, "La pianta")},
		{`![a "b" <c> & d](/files/12)`, fmt.Sprintf(pic, "a &#34;b&#34; &lt;c&gt; &amp; d")},
		{"![a *b* `c` \\[d\\] &egrave; @anna #7](/files/12)", fmt.Sprintf(pic, "a b c [d] è @anna #7")},
		{"![](/files/12)", fmt.Sprintf(pic, "foto &amp; co")},
		{"[](/files/13)", fmt.Sprintf(doc, "piano.pdf")},
		{"![](/files/13)", fmt.Sprintf(doc, "piano.pdf")},
		{"![x][p]\n\n[p]: /files/12", fmt.Sprintf(pic, "x")},
		{`![x](/files/12 "titolo")`, fmt.Sprintf(pic, "x")},
		{"[![x](/files/12)](https://example.com)", `<a href="https://example.com" rel="noopener noreferrer nofollow"><img src="/files/12/view" alt="x" width="720" height="405" loading="lazy"></a>`},
		{"[Il piano](/files/13)", fmt.Sprintf(doc, "Il piano")},
		{"[Il **piano**](/files/13)", fmt.Sprintf(doc, "Il <strong>piano</strong>")},
		{"![Il piano](/files/13)", fmt.Sprintf(doc, "Il piano")},
		{"[La pianta](/files/12)", `<a class="file" href="/files/12">La pianta <small>PNG · 90 kB</small></a>`},
		{"![x](/files/99) [y](/files/99)", "x y"},
		{"![x](/files/012) ![y](/files/12/view)", `<a href="/files/012">x</a> <a href="/files/12/view">y</a>`},
		{"![x](https://example.com/files/12)", `<a href="https://example.com/files/12" rel="noopener noreferrer nofollow">x</a>`},
		{"![x](//example.com/files/12)", `<a href="//example.com/files/12" rel="noopener noreferrer nofollow">x</a>`},
		{"![x](/files/12#a) ![x](/files/99999999999999999999)", `<a href="/files/12#a">x</a> <a href="/files/99999999999999999999">x</a>`},
	} {
		got, names, err := markdown.RenderFiles("body", tt.src, shown)
		if err != nil || got != "<p>"+tt.want+"</p>" {
			t.Errorf("%s: %v\n got %s\nwant <p>%s</p>", tt.src, err, got, tt.want)
		}
		for _, id := range names.Used {
			if !slices.Contains(markdown.FileIDs(tt.src), id) {
				t.Errorf("%s: %d is named and not found", tt.src, id)
			}
		}
		wellBehaved(t, got)
		// What is known of the files can be read back from what was rendered.
		again, _, err := markdown.RenderFiles("body", tt.src, markdown.FilesIn(got))
		if err != nil || again != got {
			t.Errorf("%s again: %v\n got %s\nwant %s", tt.src, err, again, got)
		}
		if plain, err := markdown.Render("body", tt.src); err != nil || strings.Contains(plain, "<img") {
			t.Errorf("%s without files: %s, %v", tt.src, plain, err)
		}
	}
}

func TestHostileWordsAroundFiles(t *testing.T) {
	for _, src := range []string{
		`!["><script>alert(1)</script>](/files/12)`, `![x" onerror="alert(1)](/files/12)`, `["><img src=x onerror=alert(1)>](/files/13)`,
		"![<svg onload=alert(1)>](/files/12)", "![&quot;&gt;&lt;script&gt;](/files/12)", "![a\nb\tc](/files/12)", "[![x](/files/12)](javascript:alert(1))",
		"[[x](/files/13)](/files/13)", "![![x](/files/12)](/files/12)", "[`</small></a><script>`](/files/13)", "![\u202Ex\x00](/files/12)",
	} {
		got, _, err := markdown.RenderFiles("body", src, shown)
		if err != nil {
			t.Fatal(err)
		}
		wellBehaved(t, got)
		if strings.Contains(got, "<script") || strings.Contains(got, "<svg") {
			t.Errorf("%s gives %s", src, got)
		}
	}
}

func TestAPictureCanBeFoundByItsWords(t *testing.T) {
	got, _, err := markdown.RenderFiles("body", `Ecco ![la "pianta" & il prospetto](/files/12) e [il piano](/files/13).`, shown)
	if err != nil {
		t.Fatal(err)
	}
	if text := markdown.Text(got); text != `Ecco la "pianta" & il prospetto e il piano PDF · 2 MB.` {
		t.Errorf("its text is %q", text)
	}
}

func TestOnlySoManyFiles(t *testing.T) {
	_, _, err := markdown.RenderFiles("body", strings.Repeat("![x](/files/12)", board.MaxFiles+1), shown)
	var fault *board.Error
	if !errors.As(err, &fault) || fault.Field != "body" {
		t.Errorf("got %v", err)
	}
	src := strings.Repeat("/files/1", 3) + strings.Repeat(" /files/2", 500)
	for i := range 500 {
		src += fmt.Sprintf(" /files/%d", i)
	}
	if ids := markdown.FileIDs(src); len(ids) > 4*board.MaxFiles || !slices.Contains(ids, 1) {
		t.Errorf("%d ids", len(ids))
	}
}
