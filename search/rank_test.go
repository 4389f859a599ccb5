package search

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"convivio/store/board"
)

// rankedOf orders texts, given as title, text and votes, that all have the words.
func rankedOf(q string, now time.Time, hits ...board.Result) []int64 {
	asked := readQuestion(board.Query{Q: q}, now)
	idf := make([]float64, len(asked.words))
	var has uint32
	for i := range idf {
		idf[i] = 3
		has |= 1 << i
	}
	l := newLook(asked, idf)
	var seen []passage
	for i, h := range hits {
		h.Ref = board.Ref{Part: board.InText, ID: int64(i + 1)}
		h.Hit.Idea = h.ID
		seen = append(seen, l.passage(candidate{match: match{score: 10, id: h.ID, part: partLetter[h.Part]}, idea: h.ID, has: has}, h, scanned))
	}
	var ids []int64
	for _, r := range rerank(asked, idf, seen, now) {
		ids = append(ids, r.idea)
	}
	return ids
}

func result(title, text string) board.Result {
	return board.Result{HTML: "<p>" + text + "</p>", Hit: board.Hit{Title: title}}
}

func TestReadingTextsOrdersThem(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	voted, answered, old, young := result("A", "la mensa"), result("A", "la mensa"), result("A", "la mensa"), result("A", "la mensa")
	voted.Hit.Votes, answered.Hit.Answered = 40, true
	for _, h := range []*board.Result{&voted, &answered, &old} {
		h.Hit.At = now.AddDate(-3, 0, 0)
	}
	young.Hit.At = now.AddDate(0, -1, 0)
	tagged := result("A", "la mensa")
	tagged.Tags = "mensa"
	for _, c := range []struct {
		name, q       string
		worse, better board.Result
	}{
		{"as typed before another form", "voti", result("A", "un voto"), result("A", "i voti")},
		{"side by side before far apart", "mensa aziendale", result("A", "la mensa del vecchio capannone, di tutti i giorni, quella aziendale"), result("A", "la mensa aziendale di tutti i giorni nel vecchio capannone")},
		{"as typed before turned round", "mensa aziendale", result("A", "aziendale la mensa"), result("A", "mensa aziendale")},
		{"title before text", "mensa", result("Orari", "la mensa"), result("La mensa", "orari")},
		{"a short title before a long one", "mensa", result("Una proposta lunga che parla di tante cose e anche di mensa e di turni di sera", "x"), result("La mensa", "x")},
		{"a whole word before one that only begins so", "casse", result("Le cassette nuove", "cassette"), result("Orari", "le casse di oggi e di domani")},
		{"a code before its parts that stand apart", "IMP-160", result("La ruota da 160 della IMP-200", "x"), result("Una ruota", "della IMP 160")},
		{"a code as it was typed", "RIC0417-A", result("A", "la RIC-0417A"), result("A", "la RIC0417-A")},
		{"tags", "mensa", result("A", "la mensa"), tagged},
		{"votes", "mensa", old, voted},
		{"answers", "mensa", old, answered},
		{"youth", "mensa", old, young},
	} {
		for _, hits := range [][]board.Result{{c.worse, c.better}, {c.better, c.worse}} {
			got := rankedOf(c.q, now, hits...)
			first := hits[got[0]-1]
			if first.HTML != c.better.HTML || first.Hit != c.better.Hit || first.Tags != c.better.Tags {
				t.Errorf("%s: %q gives %q first", c.name, c.q, first.Hit.Title+" "+first.HTML)
			}
		}
	}
}

func TestPhrasesAreSettledByReading(t *testing.T) {
	now := time.Now()
	for _, c := range []struct {
		q    string
		want string
	}{
		{`"mensa aziendale"`, "[1 3]"},
		{`"la mensa aziendale"`, "[1]"},
		{`mensa -"mensa aziendale"`, "[2 4]"},
		{`"dell'azienda"`, "[4]"},
	} {
		got := rankedOf(c.q, now, result("A", "La mensa aziendale"), result("B", "aziendale, la mensa"), result("Mensa aziendale", "niente"), result("C", "la mensa dell’azienda"))
		slices.Sort(got)
		if fmt.Sprint(got) != c.want {
			t.Errorf("%s gives %v, want %s", c.q, got, c.want)
		}
	}
}

func TestAPassageBeginsWithItsSentence(t *testing.T) {
	codes := newFinder(readQuestion(board.Query{Q: "IMP-160 "}, time.Now()).words)
	r := result("A", "Della IMP-200 e della IMP 160, con ruote da 160 e la IMP-160-B")
	if got := codes.hit(r, plainText(r), nil, nil).Snippet; got != "Della IMP-200 e della <mark>IMP 160</mark>, con ruote da 160 e la <mark>IMP-160-B</mark>" {
		t.Errorf("IMP-160 is marked in %s", got)
	}
	f := newFinder(readQuestion(board.Query{Q: "rimborso trasferte "}, time.Now()).words)
	filler := strings.Repeat("Altre parole di riempimento che non dicono niente. ", 8)
	for _, c := range []struct{ text, want string }{
		{filler + "Chiedo il rimborso delle trasferte. " + filler, "… Chiedo il <mark>rimborso</mark> delle <mark>trasferte</mark>."},
		{filler + "un rimborso. " + filler + filler + "Il rimborso di ogni trasferta è lento.", "Il <mark>rimborso</mark> di ogni <mark>trasferta</mark> è lento."},
		{"Il rimborso, subito.", "Il <mark>rimborso</mark>, subito."},
		{strings.Repeat("parola ", 40) + "rimborso https://example.com/a.b?c=d#" + strings.Repeat("e", 30), "<mark>rimborso</mark> https://example.com/a.b?c=d#" + strings.Repeat("e", 30)},
	} {
		if got := f.hit(result("A", c.text), plainText(result("A", c.text)), nil, nil).Snippet; !strings.Contains(got, c.want) {
			t.Errorf("%q: want %q", got, c.want)
		}
	}
}

func BenchmarkRerank(b *testing.B) {
	now := time.Now()
	q := readQuestion(board.Query{Q: "come posso chiedere il rimborso delle trasferte"}, now)
	idf := make([]float64, len(q.words))
	for i := range idf {
		idf[i] = float64(i + 1)
	}
	var found []candidate
	var texts []board.Result
	for i := range 200 {
		ref := board.Ref{Part: board.InComment, ID: int64(i)}
		texts = append(texts, board.Result{Ref: ref, HTML: "<p>" + strings.Repeat(fmt.Sprintf("Propongo di chiedere %d il rimborso delle parole%d in trasferta. ", i, i), 8) + "</p>"})
		found = append(found, candidate{match: match{score: 1, id: ref.ID, part: partLetter[ref.Part]}, idea: int64(i + 1)})
	}
	for b.Loop() {
		l := newLook(q, idf)
		var seen []passage
		for i, c := range found {
			seen = append(seen, l.passage(c, texts[i], readBytes(len(found))))
		}
		rerank(q, idf, seen, now)
	}
}

// A page begins where the one before it ended by the score, to the last bit.
func TestATextIsWorthTheSameEveryTimeItIsRead(t *testing.T) {
	asked := readQuestion(board.Query{Q: "rimborso trasferta estero albergo treno taxi cena"}, time.Now())
	idf := make([]float64, len(asked.words))
	for i := range idf {
		idf[i] = 1.1 + float64(i)/3
	}
	once := newLook(asked, idf).read("it", "Il rimborso della trasferta estero con albergo, treno e taxi, cena e rimborso del treno", scanned).near
	for range 200 {
		if again := newLook(asked, idf).read("it", "Il rimborso della trasferta estero con albergo, treno e taxi, cena e rimborso del treno", scanned).near; again != once {
			t.Fatalf("worth %v, then %v", once, again)
		}
	}
}
