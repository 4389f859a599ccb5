package search_test

import (
	"slices"
	"testing"

	"convivio/store/board"
)

func TestMisspelt(t *testing.T) {
	h := open(t)
	hall, cellar := h.addBoard("hall", false), h.addBoard("cellar", true, guest.ID)
	h.addIdea(hall, "Menù vegetariano in mensa", "Più verdura, per tutti.", "")
	h.addIdea(hall, "Orari della mensa", "Aperta fino alle tre.", "")
	h.addIdea(hall, "Biciclette aziendali", "Con il casco e il lucchetto.", "")
	h.addIdea(hall, "Più smart working", "Due giorni la settimana. Codice PRJ-1234.", "")
	h.addIdea(cellar, "Parcheggio per tutti", "Con la fotocopiatrice nuova.", "")
	h.addIdea(hall, "La ditta delle pulizie", "Passa anche in mensa.", "")
	h.addIdea(hall, "Firmare le bolle", "In due, ogni giorno.", "")
	h.addIdea(hall, "Chi può firmare", "Un nome per reparto.", "")
	h.addIdea(hall, "Firmware releases", "Never on Friday.", "")
	h.settle()
	for _, c := range [...]struct{ q, corrected string }{
		{"firmwre releases ", "firmware releases "}, // that stands beside the other word
		{"firmwre bolle ", "firmare bolle "},
		{"what is it with the mensb ", ""}, // in texts of another language alone
		{"what is it with the mennsa ", "what is it with the mensa "},
		{"come si va in mensb ", "come si va in mensa "},
		{"città ", ""},                     // ditta, once: the first letter is hardly ever wrong
		{"nensa ", "mensa "},               // but where more texts have the word
		{"mesna ", "mensa "},               // letters that changed places
		{"mennsa", "mensa"},                // one too many
		{"vegetarianno ", "vegetariano "},  // doubled
		{"vegettarianno ", "vegetariano "}, // two of them
		{"bicilette ", "biciclette "},
		{"lucheto ", "lucchetto "},
		{"mesna vegetraiano ", "mensa vegetariano "},
		{"smartworking ", "smart working "},
		{"mesna board:hall -carne ", "mensa board:hall -carne "},
		{"mensa ", ""},
		{`"mesna" `, ""},
		{"PRJ-1235 ", ""},
		{"MESN ", ""},
		{"xyzzy ", ""},
		{"me ", ""},
		{"parchegio ", ""}, // stands where the reader may not look
		{"fotocopiatricce ", ""},
	} {
		found := h.search(employee, words(c.q))
		if found.Corrected != c.corrected || c.corrected != "" && len(found.Hits) == 0 {
			t.Errorf("%q is taken for %q with %v, not for %q", c.q, found.Corrected, names(found), c.corrected)
		}
		if found := h.search(employee, board.Query{Q: c.q, Exact: true}); found.Corrected != "" {
			t.Errorf("%q, to be taken as it is, is taken for %q", c.q, found.Corrected)
		}
	}
	if found := h.search(guest, words("parchegio ")); found.Corrected != "parcheggio " || !slices.Equal(names(found), []string{"i5"}) {
		t.Errorf("who may look there gets %q, %v", found.Corrected, names(found))
	}
}

// TestCorrectionsOfWhatIsSeen: of two neighbours the one offered is the one that
// stands more often where the reader may look, whatever stands elsewhere.
func TestCorrectionsOfWhatIsSeen(t *testing.T) {
	h := open(t)
	hall, cellar := h.addBoard("hall", false), h.addBoard("cellar", true, guest.ID)
	h.addIdea(hall, "Il porto", "", "")
	for range 30 {
		h.addIdea(cellar, "Il conto", "", "")
	}
	h.settle()
	if got := h.search(employee, words("ponto ")).Corrected; got != "porto " {
		t.Errorf("%q is offered to who sees one word alone", got)
	}
	if got := h.search(guest, words("ponto ")).Corrected; got != "conto " {
		t.Errorf("%q is offered to who sees the other", got)
	}
}
