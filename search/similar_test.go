package search_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"convivio/store/board"
)

// hits lists the ideas found, the nearest first.
func (h *house) hits(list []board.Hit, err error) (ideas []int64) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
	for _, hit := range list {
		ideas = append(ideas, hit.Idea)
	}
	return ideas
}

func TestSimilarIdeasShareTheirTellingWords(t *testing.T) {
	h := open(t)
	work := h.addBoard("lavoro", false)
	secret := h.addBoard("segreto", true, member.ID)
	shelter := h.addIdea(work, "Una tettoia per le biciclette", "Quando piove le biciclette si bagnano davanti al cancello.", "bici")
	other := h.addIdea(work, "Biciclette aziendali tra i capannoni", "Dodici minuti a piedi, tre in bicicletta: la tettoia c'è già.", "bici")
	coffee := h.addIdea(work, "Il caffè della macchina è freddo", "Dopo le dieci esce acqua.", "")
	hidden := h.addIdea(secret, "Tettoia e biciclette, in segreto", "La tettoia delle biciclette.", "")
	h.addComment(coffee, "Sotto la tettoia delle biciclette il caffè sarebbe ancora più freddo.")
	h.settle()
	similar := func(who board.Who, text string, not int64) []int64 {
		return h.hits(h.x.Similar(t.Context(), who, text, not, 4))
	}
	for _, tt := range []struct {
		who  board.Who
		text string
		not  int64
		want []int64
	}{
		{employee, "La tettoia delle biciclette", 0, []int64{shelter, other}},
		{employee, "tettoia bicicl", 0, []int64{shelter, other}}, // being typed
		{employee, "TETTOIA! per una bicicletta?", 0, []int64{shelter, other}},
		{employee, "caffè", 0, []int64{coffee}},
		{employee, "Una sedia nuova per la tettoia", 0, nil}, // one word of three says little
		{employee, "di la per che", 0, nil},
		{employee, "", 0, nil},
		{employee, "parolamaivista altramaivista", 0, nil},
		{guest, "La tettoia delle biciclette", 0, nil},
		{employee, "Una tettoia per le biciclette bici Quando piove le biciclette si bagnano davanti al cancello.", shelter, []int64{other}},
	} {
		if got := similar(tt.who, tt.text, tt.not); !slices.Equal(got, tt.want) {
			t.Errorf("%q for %d: got %v, want %v", tt.text, tt.who.ID, got, tt.want)
		}
	}
	if got := similar(member, "La tettoia delle biciclette", 0); !slices.Contains(got, hidden) || len(got) != 3 {
		t.Errorf("a member finds %v", got)
	}
	titled := func(who board.Who, q string) []int64 { return h.hits(h.x.Titled(t.Context(), who, q, 8)) }
	for q, want := range map[string][]int64{"bicicl": {shelter, other}, "biciclette tetto": {shelter}, "cancello": nil, "piove": nil, "tettoia segreto": nil, "": nil} {
		got := titled(employee, q)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("titled %q: got %v, want %v", q, got, want)
		}
	}
	h.deleteIdea(other)
	if got := similar(employee, "La tettoia delle biciclette", 0); !slices.Equal(got, []int64{shelter}) {
		t.Errorf("what is gone is found: %v", got)
	}
}

// TestWhatIsHiddenDoesNotShowInWhatIsSimilar compares a company in which a
// private board is full with one in which it is empty.
func TestWhatIsHiddenDoesNotShowInWhatIsSimilar(t *testing.T) {
	var worlds [2]string
	for i := range worlds {
		h := open(t)
		work := h.addBoard("lavoro", false)
		secret := h.addBoard("segreto", true, member.ID)
		for n := range 6 {
			h.addIdea(work, fmt.Sprintf("Tettoia %d per le biciclette", n), "Quando piove.", "")
		}
		// The reader's own idea makes six words known that nobody else has: with one
		// more they leave no room for the common words of a title.
		own := h.addIdea(work, "Mia prova", "qqalfa qqbeta qqgamma qqdelta qqeta qqzeta", "")
		if i == 1 {
			for range 30 {
				h.addIdea(secret, "Tettoia biciclette piove", "Tettoia biciclette piove "+strings.Repeat("tettoia ", 20), "")
			}
			h.addIdea(secret, "Licenziamenti a zeppelin", "Testo segreto", "")
		}
		h.settle()
		const six = " qqalfa qqbeta qqgamma qqdelta qqeta qqzeta"
		for _, text := range []string{"Tettoia biciclette", "Tettoia quando piove", "biciclette",
			"zeppelin" + six + " biciclette tettoia.", "quokka" + six + " biciclette tettoia.",
			"Zeppelin licenziamenti segreto" + six + " quando piove", strings.Repeat("zeppelin tettoia ", 20) + six, "biciclette tettoia" + six + " zeppelin"} {
			for _, not := range []int64{0, own} {
				list := h.hits(h.x.Similar(t.Context(), employee, text, not, 10))
				slices.Sort(list)
				worlds[i] += fmt.Sprintln(text, not, list)
			}
		}
	}
	if worlds[0] != worlds[1] {
		t.Errorf("the two worlds differ:\n%s\n%s", worlds[0], worlds[1])
	}
}
