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
		{"vent'anni settant'an bell’idea quattr'occhi o'clock hadn't", "vent anni settant an idea quattr occhi oclock hadnt"},
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

// Words that belong together end in one term.
func TestStems(t *testing.T) {
	for lang, families := range map[string]string{
		"it": `voto voti votare; idea idee; città citta; qualità qualita; mensa mense; azienda aziende; riunione riunioni; collega colleghi colleghe;
			orario orari; operaio operai operaia operaie; amico amici amica amiche; ufficio uffici; spogliatoio spogliatoi; edificio edifici;
			anno anni; ora ore; reparto reparti; chiave chiavi; lettera lettere; camera camere; limite limiti; moneta monete; pasto pasti;
			cellulare cellulari; particolare particolari; piacere piaceri; genere generi; cantiere cantieri; ingegnere ingegneri; numero numeri;
			lungo lunga lunghi lunghe; pubblico pubblica pubblici pubbliche; elettrico elettrica elettrici elettriche; flessibile flessibili;
			veloce veloci velocemente; rapido rapida rapidamente; viaggio viaggi viaggiare; risparmio risparmi risparmiare;
			aggiornamento aggiornamenti aggiornare aggiornato aggiornati; prenotare prenotazione prenotazioni prenotato; vedere vede; prendere prende;
			lavoro lavori lavorare lavorano lavoriamo lavorato; fornitore fornitori fornitrice; direttore direttori direttrice;
			uomo uomini; meeting meetings; file files; computer computers; badge badges; stampante stampanti; italiano italiana italiani;
			casa case; caso casi; porta porte; porto porti; tassa tasse; tasso tassi; foglio fogli; banca banche; banco banchi; fila file`,
		"en": `meeting meetings meet; idea ideas; policy policies; vote votes voted voting; company companies; shift shifts`,
		"de": `Vorschlag Vorschläge; Arbeitszeit Arbeitszeiten; Straße Strasse; Haus Häuser Hauses`,
		"fr": `idée idées; réunion réunions; employé employés`,
		"es": `reunión reuniones; idea ideas; árbol árboles; niño niños`,
	} {
		for family := range strings.SplitSeq(families, ";") {
			var terms []string
			for w := range strings.FieldsSeq(family) {
				terms = append(terms, tongueOf(lang).term(fold(w)))
			}
			if len(slices.Compact(slices.Clone(terms))) != 1 || terms[0] == "" {
				t.Errorf("%s: %s became %v", lang, family, terms)
			}
		}
	}
}

// Words that mean different things stay apart.
func TestStemsApart(t *testing.T) {
	for _, c := range []struct{ lang, words string }{
		{"it", "casa caso"}, {"it", "porta porto"}, {"it", "posta posto"}, {"it", "moda modo"}, {"it", "testa testo"}, {"it", "tassa tasso"}, {"it", "foglia foglio"},
		{"it", "banca banco"}, {"it", "corsa corso"}, {"it", "ora oro"}, {"it", "pasta pasto"}, {"it", "fila filo"}, {"it", "mercato merce"}, {"it", "partita parte"},
		{"it", "visita viso"}, {"it", "sindacato sindaco"}, {"it", "limite lima"}, {"it", "mensa mente"}, {"it", "voto volta"}, {"it", "regolamento regola"},
		{"en", "meeting metal"}, {"", "mensa mente"}, {"xx", "voto voti"},
	} {
		a, b, _ := strings.Cut(c.words, " ")
		if s := tongueOf(c.lang).term(a); s == tongueOf(c.lang).term(b) {
			t.Errorf("%s: %s and %s both became %s", c.lang, a, b, s)
		}
	}
	for _, w := range strings.Fields("il la di più piu perché perche") {
		if got := italianTongue.term(fold(w)); got != "" {
			t.Errorf("%s is no stop word: %q", w, got)
		}
	}
}

// A language that few write in changes nothing for the others.
func TestLanguagesShareNoStems(t *testing.T) {
	for w := range strings.FieldsSeq("mensa porta reunion information idea system arbeit") {
		for _, foreign := range []*tongue{germanTongue, frenchTongue, spanishTongue} {
			if s := foreign.term(w); s == italianTongue.term(w) || s == englishTongue.term(w) {
				t.Errorf("%s is %q in two languages", w, s)
			}
			if terms, _ := meanings(w); !slices.Contains(terms, foreign.term(w)) {
				t.Errorf("a query for %s asks for %v", w, terms)
			}
		}
	}
}

// A short word of capitals is a code, unless all around it is capitals too.
func TestCodes(t *testing.T) {
	for _, c := range []struct{ lang, text, words string }{
		{"it", "Usiamo l'AI in mensa", "usiam ai mens"},
		{"it", "Diamo spazio ai colleghi", "diam spaz colleg"},
		{"it", "PROPOSTA PER LA MENSA AI TURNI", "propost mens turn"},
		{"en", "Ask IT about it", "ask it"},
		{"en", "AN and an, HR", "an hr"},
		{"it", "AI", "ai"},
		{"it", "PRJ-1234 del 3", "prj-1234 prj 1234 prj1234 3"},
	} {
		var l termLists
		l.add(tongueOf(c.lang), c.text)
		if got := strings.Join(l.words, " "); got != c.words {
			t.Errorf("%q became %q, want %q", c.text, got, c.words)
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
