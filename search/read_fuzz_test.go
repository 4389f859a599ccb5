package search

import (
	"strings"
	"testing"
	"unicode/utf8"

	"convivio/store/board"
)

// hostile are strings meant to do harm.
func hostile() []string {
	list := []string{"*", "?", "/.*/", "a~2", "a^1e9", "title:*", "+text:/.*/ -text:*", `"`, `"""""""`, `-`, `-"`, `-"-"-"`, `author:`, `author:"`, `author:""`, `-author:"`, ":", "::::", "a:b:c:d",
		"before:9999-99-99", "after:0000-00-00", "before:99999999999999999999", "after:-1", "dopo:999999999 giorni fa", "after:9999 months ago", "after:9999 years ago", "dopo:1/1/1", "is:is:is:is:", "è:è:è:",
		"\x00", "\xff\xfe", "a\u0300\u0301\u0302:b", "＂mensa＂", "\u202emensa", "'; DROP TABLE idea; --", "%", "_", "author:%", "author:_", "{{.}}", "<script>alert(1)</script>", "stage:<b>", "board:../../etc",
		"(((((((((((", "author:\u00a0anna", "tag:#", "tag:###", "author:@@@", "after:\u0661\u0662"}
	for _, s := range []string{"a ", "NOT ", "-a", `"a" `, `"`, "author:a ", "after:ieri ", "stage:new ", "-x:y ", "( ", "a:", "is:mine ", "è", "会", "-\"b\" ", "\u0301", " "} {
		list = append(list, strings.Repeat(s, 10_000))
	}
	return append(list, strings.Repeat("m", 1<<20), strings.Repeat("mensa ", 1<<17))
}

func TestHostileQuestions(t *testing.T) {
	for _, s := range hostile() {
		checkBounds(t, s, readQuestion(board.Query{Q: s}, today))
	}
}

// checkBounds says what holds of every question whatever was typed.
func checkBounds(t *testing.T, typed string, q question) {
	t.Helper()
	if len(typed) > 60 {
		typed = typed[:60] + "…"
	}
	if len(q.words) > maxAsked || len(q.without) > maxAsked || len(q.phrases)+len(q.withoutPhrases) > maxPhrases || len(q.said) > maxSaid || len(q.pieces) > maxPieces+1 {
		t.Errorf("%q: %d words, %d left out, %d phrases, %d said, %d pieces", typed, len(q.words), len(q.without), len(q.phrases), len(q.said), len(q.pieces))
	}
	at := 0
	for _, p := range q.pieces {
		if p.start < at || p.end <= p.start || p.end > len(q.text) {
			t.Errorf("%q: a filter from %d to %d of %d, after %d", typed, p.start, p.end, len(q.text), at)
		}
		at = p.end
	}
	for _, a := range q.words {
		if a.start < 0 || a.end > len(q.text) || q.text[a.start:a.end] != a.typed || a.folded == "" || len(a.terms) == 0 {
			t.Errorf("%q: the word %+v stands at no place", typed, a)
		}
	}
	if q.filter.to != 0 && q.filter.from >= q.filter.to && !q.filter.nothing {
		t.Errorf("%q: a time that ends before it begins may hold something", typed)
	}
	for _, c := range q.chips() {
		if len(c.Rest) >= len(q.text)+1 || !utf8.ValidString(c.Value) || !utf8.ValidString(c.Rest) {
			t.Errorf("%q: the filter %+v", typed, c)
		}
	}
	if n := len(q.String()); n > 2*len(q.text)+maxPieces*20 {
		t.Errorf("%q: said again in %d bytes", typed, n)
	}
	if strings.TrimSpace(q.text) == "" && len(q.words) > 0 {
		t.Errorf("%q: nothing was typed, and %d words are asked", typed, len(q.words))
	}
}

func FuzzReadQuestion(f *testing.F) {
	for _, c := range typed {
		f.Add(c.q)
	}
	for _, s := range hostile() {
		f.Add(s[:min(len(s), 2000)])
	}
	f.Fuzz(func(t *testing.T, s string) {
		q := readQuestion(board.Query{Q: s}, today)
		checkBounds(t, s, q)
		_ = q.normal()
		_, _, _ = spanOf(s, today)
	})
}
