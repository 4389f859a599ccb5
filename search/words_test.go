package search

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestWords(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"La mensa, aperta!", "la mensa aperta"},
		{"Città PERCHÉ più straße Łódź", "citta perche piu strasse lodz"},
		{"l'azienda L’AZIENDA nell'ufficio dell’anno", "azienda azienda ufficio anno"},
		{"c'è un po' d'acqua", "e un po acqua"},
		{"company's don't it's we're I'm rock'n'roll", "company dont it we i rockn roll"},
		{"PRJ-1234", "prj-1234[prj 1234]"},
		{"sess.opts e-mail snake_case", "sess.opts[sess opts] e-mail[e mail] snake_case[snake case]"},
		{"C++ C# F#, a+b R&D", "c++[c] c#[c] f#[f] a+b[a b] r&d[r d]"},
		{"end. Next- -start .NET", "end next start net"},
		{"marta@example.com", "marta@example.com[marta example com]"},
		{"1.234,56 14:30", "1.234[1 234] 56 14 30"},
		{"你好世界 の a", "你好 好世 世界 の a"},
		{"ＦＵＬＬ ﬁne", "full fine"},
		{"e\u0301cole", "ecole"},
		{"a\xffb", "a b"},
		{strings.Repeat("x", 100), strings.Repeat("x", 64)},
		{"+++ ### --- '' ...", ""},
	} {
		var got []string
		eachWord(c.text, func(w word) bool {
			s := w.folded
			if w.parts != nil {
				s += "[" + strings.Join(w.parts, " ") + "]"
			}
			got = append(got, s)
			return true
		})
		if strings.Join(got, " ") != c.want {
			t.Errorf("words of %q\n got %s\nwant %s", c.text, strings.Join(got, " "), c.want)
		}
	}
}

// Words that belong together end in one term, and words that do not stay apart.
func TestStems(t *testing.T) {
	for _, c := range []struct {
		lang string
		same string
	}{
		{"it", "voto voti votare"}, {"it", "idea idee"}, {"it", "città citta"}, {"it", "mensa mense"}, {"it", "azienda aziende"},
		{"it", "riunione riunioni"}, {"it", "collega colleghi colleghe"}, {"it", "orario orari"}, {"it", "qualità qualita"},
		{"en", "meeting meetings meet"}, {"en", "idea ideas"}, {"en", "policy policies"}, {"en", "vote votes voted voting"},
	} {
		tongue := tongueOf(c.lang)
		var terms []string
		for w := range strings.FieldsSeq(c.same) {
			terms = append(terms, tongue.term(fold(w)))
		}
		if len(slices.Compact(terms)) != 1 || terms[0] == "" {
			t.Errorf("%s: %s became %v", c.lang, c.same, terms)
		}
	}
	for _, c := range []struct{ lang, a, b string }{{"it", "mensa", "mente"}, {"it", "voto", "volta"}, {"en", "meeting", "metal"}, {"", "voto", "voti"}} {
		if a, b := tongueOf(c.lang).term(c.a), tongueOf(c.lang).term(c.b); a == b {
			t.Errorf("%s: %s and %s both became %s", c.lang, c.a, c.b, a)
		}
	}
	for _, w := range strings.Fields("il la di più piu perché perche") {
		if got := tongueOf("it").term(fold(w)); got != "" {
			t.Errorf("%s is no stop word: %q", w, got)
		}
	}
}

func FuzzWords(f *testing.F) {
	for _, s := range []string{"l'azienda PRJ-1234 C++", "你好 a\u0301 \xff", "'’'’a.b-c_d@e", "a\u0345\u0301ß", "ไทย ก็ a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		eachWord(text, func(w word) bool {
			if w.start < 0 || w.end > len(text) || w.start >= w.end || w.start < last {
				t.Fatalf("word %+v of %q after %d", w, text, last)
			}
			last = w.start
			if !utf8.ValidString(w.folded) && utf8.ValidString(text) {
				t.Fatalf("word %+v of %q is not UTF-8", w, text)
			}
			return true
		})
	})
}
