package server

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

func id(n int64) string { return strconv.FormatInt(n, 10) }

// hasNot fails where the answer has one of some texts.
func (a answered) hasNot(texts ...string) answered {
	a.t.Helper()
	for _, text := range texts {
		if strings.Contains(a.body, text) {
			a.t.Errorf("the answer has %q", text)
		}
	}
	return a
}

// TestAPreviewSavesNothing asks every form for a look at what it would save.
func TestAPreviewSavesNothing(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	anna, mod := f.as("anna"), f.as("mod")
	anna.post("/boards/aperta/new", fields("title", "Una", "body", "testo")).leads("/ideas/1")
	anna.post("/ideas/1/comments", fields("body", "primo")).leads("/ideas/1?at=1#c1")
	before := f.store.Head()
	deep := strings.Repeat("> ", 30) + "in fondo"
	for _, tt := range []struct {
		who    *browser
		path   string
		form   []string
		status int
		has    []string
	}{
		{anna, "/boards/aperta/new", []string{"title", "Titolo-tenuto", "body", "**grasso**", "tags", "uno due"}, 200, []string{"<strong>grasso</strong>", "**grasso**", "Titolo-tenuto", "uno due"}},
		{anna, "/boards/aperta/new", []string{"title", "Titolo-tenuto", "body", deep}, 422, []string{"Titolo-tenuto", "in fondo", `class="fault`}},
		{anna, "/boards/aperta/new", []string{"title", "x", "body", "testo-tenuto", "tags", "a/b"}, 422, []string{"testo-tenuto", `class="fault`}},
		{anna, "/ideas/1/edit", []string{"title", "Una", "body", "_corsivo_"}, 200, []string{"<em>corsivo</em>", "_corsivo_"}},
		{anna, "/ideas/1/comments", []string{"body", "_corsivo_"}, 200, []string{"<em>corsivo</em>", "_corsivo_", "primo"}},
		{anna, "/ideas/1/comments", []string{"body", "_corsivo_", "parent_id", "1"}, 200, []string{"<em>corsivo</em>", "_corsivo_", "primo"}},
		{anna, "/ideas/1/comments", []string{"body", " "}, 422, []string{`class="fault`}},
		{anna, "/comments/1/edit", []string{"body", "_corsivo_"}, 200, []string{"<em>corsivo</em>", "_corsivo_"}},
		{mod, "/ideas/1/answers", []string{"body", "_corsivo_", "cites", "1"}, 200, []string{"<em>corsivo</em>", "_corsivo_", "checked"}},
	} {
		t.Run(tt.path+" "+fmt.Sprintf("%.30s", strings.Join(tt.form, " ")), func(t *testing.T) {
			tt.who.post(tt.path, fields(append(tt.form, "preview", "1")...)).has(tt.status, tt.has...)
		})
	}
	if f.store.Head() != before {
		t.Error("something was written")
	}
}

// TestThePreviewIsWhatSavingShows compares the two, in what they show and in what they refuse.
func TestThePreviewIsWhatSavingShows(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	anna := f.as("anna")
	anna.post("/boards/aperta/new", fields("title", "Una")).leads("/ideas/1")
	for i, text := range []string{"**uno** @anna.gatti #1", "<script>alert(1)</script>", "- a\n- b\n\n| x | y |\n|---|---|\n| 1 | 2 |", "[x](javascript:alert(1))"} {
		n := int64(i) + 1
		anna.post("/ideas/1/comments", fields("body", text)).leads("/ideas/1?at=" + id(n) + "#c" + id(n))
		c, err := f.store.Comment(f.Context(), f.people["anna"], n)
		if err != nil {
			t.Fatal(err)
		}
		anna.post("/preview", fields("body", text)).has(200, c.HTML)
	}
	for _, text := range []string{strings.Repeat("> ", 30) + "x", strings.Repeat("x", 20_001), "a\x00b", "a\xffb"} {
		anna.post("/preview", fields("body", text)).has(422, `class="fault"`)
	}
	anna.post("/preview", fields("body", strings.Repeat("x", 1<<20))).has(413)
	anna.post("/preview", fields("body", "x", "title", "y")).has(422)
	f.nobody().post("/preview", fields("body", "x")).has(401)
	anna.header.Set("Origin", "http://altrove.example")
	anna.do("POST", "/preview", "application/x-www-form-urlencoded", "body=x").has(403)
}
