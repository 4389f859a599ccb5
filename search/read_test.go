package search

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"convivio/store/board"
)

// today is a Wednesday.
var today = time.Date(2026, 11, 18, 15, 30, 0, 0, time.Local)

// told writes a question so that a table can hold it: words with * where they
// grow, phrases in <>, what is left out behind !, then filters.
func told(q question) string {
	var out []string
	phrase := func(list []asked) string {
		var w []string
		for _, a := range list {
			w = append(w, a.folded)
		}
		return "<" + strings.Join(w, " ") + ">"
	}
	for _, a := range q.words {
		s := a.folded
		if a.prefix != "" {
			s += "*"
		}
		out = append(out, s)
	}
	for _, p := range q.phrases {
		out = append(out, phrase(p))
	}
	for _, a := range q.without {
		out = append(out, "!"+a.folded)
	}
	for _, p := range q.withoutPhrases {
		out = append(out, "!"+phrase(p))
	}
	for _, of := range []struct {
		minus string
		f     filter
	}{{"", q.filter}, {"!", q.except}} {
		f := of.f
		add := func(format string, args ...any) { out = append(out, of.minus+fmt.Sprintf(format, args...)) }
		for _, s := range f.boards {
			add("board=%s", s)
		}
		for _, s := range f.people {
			add("author=%s", s)
		}
		for _, s := range f.teams {
			add("team=%s", s)
		}
		for _, s := range f.tags {
			add("tag=%s", s)
		}
		for _, s := range f.stages {
			add("stage=%s", s)
		}
		day := func(us int64) string { return time.UnixMicro(us).Format(time.DateOnly) }
		for _, x := range []struct {
			on   bool
			name string
		}{{f.mine, "mine"}, {f.followed, "followed"}, {f.late, "late"}, {f.answered > 0, "answered"}, {f.answered < 0, "unanswered"}, {f.attached, "file"},
			{f.from != 0, "from=" + day(f.from)}, {f.to != 0, "to=" + day(f.to)}, {f.nothing, "nothing"}} {
			if x.on {
				add("%s", x.name)
			}
		}
	}
	return strings.Join(out, " ")
}

// typed are what people type, and what is meant.
var typed = [...]struct{ q, want string }{
	// words
	{"", ""},
	{"   ", ""},
	{"mensa", "mensa*"},
	{"mensa ", "mensa"},
	{"Mensa VEGETARIANA ", "mensa vegetariana"},
	{"mensa mensa ", "mensa"},
	{"perché la città è così cara? ", "citta cosi cara"},
	{"l'orario dell'azienda ", "orario azienda"},
	{"la", "la*"},
	{"la mensa ", "mensa"},
	{"di a da ", "di a da"},
	{"come posso chiedere un permesso? ", "posso chiedere permesso"},
	{"how do I claim my travel costs? ", "claim travel costs"},
	{"PRJ-1234", "prj-1234*"},
	{"sess.opts C++ ", "sess.opts c++"},
	{"e-mail aziendale ", "e-mail aziendale"},
	{"don't panic ", "panic"},
	{"company's bikes ", "company bikes"},
	{"corso di AI ", "corso ai"},
	{"会議室 ", "会議 議室"},
	{"Über straße ", "uber strasse"},
	{"10% di sconto ", "10 sconto"},
	{"n. 5 & co. ", "n 5 co"},
	// phrases
	{`"orario estivo"`, "orario estivo <orario estivo>"},
	{`"orario estivo" mensa `, "orario estivo mensa <orario estivo>"},
	{"“orario estivo” ", "orario estivo <orario estivo>"},
	{"«orario estivo» ", "orario estivo <orario estivo>"},
	{"„orario estivo“ ", "orario estivo <orario estivo>"},
	{`“orario estivo" `, "orario estivo <orario estivo>"},
	{`"la mensa"`, "mensa <la mensa>"},
	{`"mensa"`, "mensa <mensa>"},
	{`"to be or not to be" `, "to be or not <to be or not to be>"},
	{`"orario esti`, "orario esti*"},
	{`monitor 27" curvo `, "monitor 27 curvo"},
	{`monitor 27" o 32" `, "monitor 27 32"},
	{`"" mensa `, "mensa"},
	{`"..." mensa `, "mensa"},
	{`("orario estivo")`, "orario estivo <orario estivo>"},
	{`mensa,"orario estivo"`, "mensa orario estivo <orario estivo>"},
	{`"a b" "c d" `, "b d <a b> <c d>"},
	{`"board:mensa"`, "board mensa <board mensa>"},
	{"'orario estivo' ", "orario estivo"},
	{`"orario dell'azienda" `, "orario azienda <orario azienda>"},
	{strings.Repeat("author:a ", 32), "author=a"},
	{"author:a author:b author:c author:d author:e author:f author:g author:h author:xi author:a ",
		"author xi author=a author=b author=c author=d author=e author=f author=g author=h"},
	// left out
	{"mensa -carne", "mensa !carne"},
	{"mensa -carne -pesce ", "mensa !carne !pesce"},
	{`mensa -"menu fisso" `, "mensa !<menu fisso>"},
	{"mensa −carne ", "mensa !carne"},
	{"mensa - carne ", "mensa carne"},
	{"mensa – carne ", "mensa carne"},
	{"smart-working ", "smart-working"},
	{"pausa 12-14 ", "pausa 12-14"},
	{"pausa -12-14 ", "pausa 12-14"},
	{"freddo -5 gradi ", "freddo 5 gradi"},
	{"freddo -10°C ", "freddo 10"},
	{"git --verbose ", "git verbose"},
	{"tar -z ", "tar z"},
	{"-carne ", "carne"},
	{"-carne -pesce", "carne pesce*"},
	{"mensa -e-mail ", "mensa !e-mail"},
	{"(mensa -carne)", "mensa !carne"},
	{"NOT NOT NOT mensa ", "mensa"},
	{"mensa NOT carne ", "mensa carne"},
	{"mensa AND carne OR pesce ", "mensa carne pesce"},
	{"+mensa +carne ", "mensa carne"},
	// people, boards, tags, teams
	{"author:anna", "author=anna"},
	{"autore:anna mensa ", "mensa author=anna"},
	{"autrice:Anna mensa ", "mensa author=Anna"},
	{`author:"Anna Bianchi" bici `, "bici author=Anna Bianchi"},
	{"autore:“Anna Bianchi” bici ", "bici author=Anna Bianchi"},
	{`author:"  Anna   Bianchi " `, "author=Anna Bianchi"},
	{`author:"Anna Bian`, "author=Anna Bian"},
	{"author:@anna.bianchi ", "author=anna.bianchi"},
	{"author:anna author:luca ", "author=anna author=luca"},
	{"-author:anna mensa ", "mensa !author=anna"},
	{"author:me ", "author=me"},
	{"autore:io", "author=io"},
	{"AUTHOR:Anna ", "author=Anna"},
	{"author:anna, mensa ", "mensa author=anna"},
	{"(author:anna) mensa ", "mensa author=anna"},
	{"author: anna ", "author=anna"},
	{"author: @anna.gatti mensa ", "mensa author=anna.gatti"},
	{`bacheca: "Idee per la mensa" `, "board=Idee per la mensa"},
	{"before: ieri", "to=2026-11-17"},
	{"dopo: settimana scorsa mensa ", "mensa from=2026-11-09"},
	{"stato: in esame mensa ", "mensa stage=in_review"},
	{"prima: mensa ", "prima mensa"},
	{"mensa author: ", "mensa author"},
	{"author: ... ", "author"},
	{"author:\u00a0anna ", "author=anna"},
	{"author:", "author"},
	{`author:"" x `, "author x"},
	{"author:--- ", "author"},
	{"board:mensa carne", "carne* board=mensa"},
	{"bacheca:mensa ", "board=mensa"},
	{`board:"Idee per la mensa" `, "board=Idee per la mensa"},
	{"-board:mensa carne ", "carne !board=mensa"},
	{"board:lavoro-e-spazi sedie ", "sedie board=lavoro-e-spazi"},
	{"tag:bici ", "tag=bici"},
	{"etichetta:Mobilità ", "tag=mobilita"},
	{"tag:#bici ", "tag=bici"},
	{`tag:"orario estivo" `, "tag=orario-estivo"},
	{"tag:a1 tag:b2 -tag:c3 x1 ", "x1 tag=a1 tag=b2 !tag=c3"},
	{"team:vendite ", "team=vendite"},
	{"gruppo:vendite reparto:acquisti ", "team=vendite team=acquisti"},
	{`-team:"Risorse umane" ferie `, "ferie !team=Risorse umane"},
	// stages
	{"stage:new ", "stage=new"},
	{"stage:in_review ", "stage=in_review"},
	{"stage:in-review sedie ", "sedie stage=in_review"},
	{"stage:in review sedie ", "sedie stage=in_review"},
	{`stage:"In Review" `, "stage=in_review"},
	{"stato:in esame sedie ", "sedie stage=in_review"},
	{"fase:pianificata ", "stage=planned"},
	{"stato:in corso ", "stage=in_progress"},
	{"stato:fatta stato:pianificata ", "stage=done stage=planned"},
	{"stato:non accolta ", "stage=declined"},
	{"stato:Non-Accolta ", "stage=declined"},
	{"stato:in sospeso ", "stage=parked"},
	{"stage:withdrawn ", "stage=withdrawn"},
	{"-stage:done sedie ", "sedie !stage=done"},
	{"stage:nonsense ", "stage nonsense"},
	{"stato:civile ", "stato civile"},
	{"stage:in ", "stage"},
	// what it is and has
	{"is:unanswered ", "unanswered"},
	{"is:answered ", "answered"},
	{"-is:answered ", "unanswered"},
	{"è:senza-risposta ", "unanswered"},
	{"è:senza risposta mensa ", "mensa unanswered"},
	{"e:con-risposta ", "answered"},
	{"senza:risposta ", "unanswered"},
	{"con:risposta ", "answered"},
	{"is:mine ", "mine"},
	{"è:mia è:seguita ", "mine followed"},
	{"è:mie ", "mine"},
	{"is:followed bici ", "bici followed"},
	{"è:seguite ", "followed"},
	{"is:late ", "late"},
	{"è:in-ritardo bici ", "bici late"},
	{"è:in ritardo ", "late"},
	{"-is:mine bici ", "bici !mine"},
	{"is:answered is:unanswered ", "unanswered nothing"},
	{"is:blue ", "blue"},
	{"has:attachment ", "file"},
	{"ha:allegato ", "file"},
	{"con:allegati pianta ", "pianta file"},
	{"senza:allegato pianta ", "pianta !file"},
	{"-has:attachment pianta ", "pianta !file"},
	{"con:sale ", "sale"},
	// dates
	{"after:2026-05-31 ", "from=2026-05-31"},
	{"dopo:31/5/2026 ", "from=2026-05-31"},
	{"dopo:31.5.26 bici ", "bici from=2026-05-31"},
	{"prima:2025 ", "to=2025-01-01"},
	{"before:2026-03 ", "to=2026-03-01"},
	{"dopo:maggio 2026 bici ", "bici from=2026-05-01"},
	{"dopo:ieri ", "from=2026-11-17"},
	{"after:yesterday ", "from=2026-11-17"},
	{"prima:oggi ", "to=2026-11-18"},
	{"dopo:mese scorso mensa ", "mensa from=2026-10-01"},
	{`after:"last month" mensa `, "mensa from=2026-10-01"},
	{"after:last month mensa ", "mensa from=2026-10-01"},
	{"after:last-week ", "from=2026-11-09"},
	{"dopo:settimana scorsa ", "from=2026-11-09"},
	{"dopo:l'anno scorso bici ", "bici from=2025-01-01"},
	{"dopo:3 giorni fa ", "from=2026-11-15"},
	{"after:3 days ago bikes ", "bikes from=2026-11-15"},
	{`dopo:"3 giorni fa" `, "from=2026-11-15"},
	{"after:2025 before:2026 budget ", "budget from=2025-01-01 to=2026-01-01"},
	{"after:2025 budget ", "budget from=2025-01-01"},
	{"durante:maggio 2026 ", "from=2026-05-01 to=2026-06-01"},
	{"-prima:2025 bici ", "bici from=2025-01-01"},
	{"after:2026 before:2025 ", "from=2026-01-01 to=2025-01-01 nothing"},
	{"prima:colazione ", "prima colazione"},
	{"after:31/2/2026 ", "31 2 2026"},
	{"dopo:pranzo ", "dopo pranzo"},
	// with what words somebody asks
	{"chi sa di cuscinetti? ", "cuscinetti"},
	{"qualcuno sa come si puliscono le vasche? ", "puliscono vasche"},
	{"who knows how to clean the bowls? ", "clean bowls"},
	{"quanti posti ha il nido ", "posti nido"},
	{"work from home ", "work home"},
	{`come "cosa" `, "cosa <cosa>"},
	{"chi sa quanto ", "sa"},
	{"come fa", "fa*"},
	// anything else is words
	{"foo:bar ", "foo bar"},
	{"https://example.com/a ", "https example.com"},
	{"ore 12:30 ", "ore 12 30"},
	{"title:mensa^4 ", "title mensa 4"},
	{"a~2 ", "2"},
	{"*", ""},
	{"/.*/ ", ""},
	{"mens* ", "mens"},
	{"Re: Fwd: mensa ", "re fwd mensa"},
	{"[1 TO 5] ", "1 to 5"},
	{"mensa && carne || pesce ", "mensa carne pesce"},
}

func TestReadQuestion(t *testing.T) {
	t.Logf("%d lines", len(typed))
	for _, c := range typed {
		if got := told(readQuestion(board.Query{Q: c.q}, today)); got != c.want {
			t.Errorf("%q is read as\n\t%s\nnot\n\t%s", c.q, got, c.want)
		}
	}
}

// TestAskedAgain: a question said again in its plainest form means the same.
func TestAskedAgain(t *testing.T) {
	for _, c := range typed {
		q := readQuestion(board.Query{Q: c.q}, today)
		again := readQuestion(board.Query{Q: q.String() + " "}, today)
		if got, want := strings.ReplaceAll(told(again), "*", ""), strings.ReplaceAll(told(q), "*", ""); got != want {
			t.Errorf("%q, said again as %q, is read as\n\t%s\nnot\n\t%s", c.q, q, got, want)
		}
	}
}

func TestSaidAgain(t *testing.T) {
	for _, c := range [...]struct{ q, want string }{
		{`mensa   “orario estivo” -carne autore:"Anna Bianchi"  stato:in corso`, `mensa "orario estivo" -carne author:"Anna Bianchi" stage:in_progress`},
		{"è:senza-risposta dopo:3 giorni fa bici", `is:unanswered after:"3 giorni fa" bici`},
		{"-stato:fatta senza:allegato sedie", "-stage:done -has:attachment sedie"},
		{"bacheca:mensa -bacheca:bici", "board:mensa -board:bici"},
	} {
		if got := readQuestion(board.Query{Q: c.q}, today).String(); got != c.want {
			t.Errorf("%q is said again as %q, not %q", c.q, got, c.want)
		}
	}
}

func TestChips(t *testing.T) {
	q := readQuestion(board.Query{Q: `mensa stato:in corso "orario estivo" -carne dopo:ieri bici`}, today)
	want := []board.Filter{
		{Kind: board.FilterStage, Value: "in_progress", Rest: `mensa "orario estivo" -carne dopo:ieri bici`},
		{Kind: board.FilterPhrase, Value: "orario estivo", Rest: `mensa stato:in corso -carne dopo:ieri bici`},
		{Kind: board.FilterNot, Value: "carne", Not: true, Rest: `mensa stato:in corso "orario estivo" dopo:ieri bici`},
		{Kind: board.FilterAfter, Value: "ieri", From: time.Date(2026, 11, 17, 0, 0, 0, 0, time.Local), Rest: `mensa stato:in corso "orario estivo" -carne bici`},
	}
	if got := q.chips(); !slices.Equal(got, want) {
		t.Errorf("filters\n\t%+v\nnot\n\t%+v", got, want)
	}
}

func TestCountedAlike(t *testing.T) {
	for _, same := range [][]string{
		{"mensa vegetariana", "Vegetariana  MENSA ", `"mensa vegetariana"`, "mensa vegetariana board:x is:mine", "la mensa vegetariana -carne after:2025"},
		{"perché", "perche "},
		{"board:mensa", "", "is:mine after:ieri"},
	} {
		first := readQuestion(board.Query{Q: same[0]}, today).normal()
		for _, q := range same[1:] {
			if got := readQuestion(board.Query{Q: q}, today).normal(); got != first {
				t.Errorf("%q is counted as %q, %q as %q", same[0], first, q, got)
			}
		}
	}
}

func TestNotCorrected(t *testing.T) {
	for _, c := range [...]struct {
		q     string
		fixed string // the words that are what they are
	}{
		{`mesna RSPP 2025 PRJ-1234 "vegetraiana" c++ è di e-mail`, "rspp 2025 prj-1234 vegetraiana c++ e-mail"},
		{"MESNA VEGETRAIANA", ""},
		{"RSPP", "rspp"},
		{"会議室 ", "会議 議室"},
	} {
		var fixed []string
		for _, a := range readQuestion(board.Query{Q: c.q}, today).words {
			if a.fixed {
				fixed = append(fixed, a.folded)
			}
		}
		if got := strings.Join(fixed, " "); got != c.fixed {
			t.Errorf("of %q, %q are not corrected; should be %q", c.q, got, c.fixed)
		}
	}
}
