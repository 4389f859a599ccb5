package words

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// TestALanguageIsOneFile adds one that does most things in its own way.
func TestALanguageIsOneFile(t *testing.T) {
	before, codes := languages, slices.Clone(Langs)
	languages = slices.Clone(before)
	t.Cleanup(func() { languages, Langs = before, codes })
	add(Language{
		Code: "pl", Name: "Polski", Thousands: "\u00a0", Together: 4, Point: ",",
		Short:  [12]string{4: "maj"},
		Months: [12]string{4: "maj"},
		Date:   func(day int, month string, year int) string { return fmt.Sprintf("%d %s %d r.", day, month, year) },
		Form: func(n int) int {
			switch {
			case n == 1:
				return 0
			case n%10 >= 2 && n%10 <= 4 && n%100/10 != 1:
				return 1
			}
			return 2
		},
		Sentences: map[string]string{"New idea": "Nowy pomysł", "%d comment": "%d komentarz|%d komentarze|%d komentarzy"},
	})
	at := time.Date(2026, time.May, 9, 8, 5, 0, 0, time.Local)
	for _, c := range []struct{ got, want string }{
		{fmt.Sprint(Langs), "[en it pl]"},
		{Name("pl"), "Polski"},
		{Pick("", "pl-PL"), "pl"},
		{T("pl", "New idea"), "Nowy pomysł"},
		{T("pl", "My ideas"), "My ideas"}, // not said yet: English
		{N("pl", 1, "%d comment", "%d comments"), "1 komentarz"},
		{N("pl", 22, "%d comment", "%d comments"), "22 komentarze"},
		{N("pl", 12, "%d comment", "%d comments"), "12 komentarzy"},
		{N("pl", 2, "%d idea", "%d ideas"), "2 ideas"},
		{Number("pl", 1234567), "1\u00a0234\u00a0567"},
		{Tenths("pl", 37), "3,7"},
		{Date("pl", at), "9 maj 2026 r."},
		{Month("pl", at), "maj 2026"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestNamesAreInTheOrderOfTheReadersAlphabet(t *testing.T) {
	names := []string{"zeta", "Eco", "àncora", "época", "alfa", "Zoe", "epoca"}
	for _, lang := range Langs {
		slices.SortFunc(names, Order(lang))
		if got, want := fmt.Sprint(names), "[alfa àncora Eco epoca época zeta Zoe]"; got != want {
			t.Errorf("%s: got %s, want %s", lang, got, want)
		}
	}
}
