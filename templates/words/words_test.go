package words

import (
	"strings"
	"testing"
	"time"

	"convivio/store/board"
)

func TestSentencesInBothLanguages(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{T("it", "New idea"), "Nuova idea"},
		{T("en", "New idea"), "New idea"},
		{T("fr", "New idea"), "New idea"},
		{T("en", "stage|New"), "New"},
		{T("it", "stage|New"), "Nuova"},
		{T("en", "ideas|New"), "New"},
		{T("en", "a sentence nobody translated: %s", "x"), "a sentence nobody translated: x"},
		{N("it", 1, "%d comment", "%d comments"), "1 commento"},
		{N("it", 0, "%d comment", "%d comments"), "0 commenti"},
		{N("it", 12345, "%d comment", "%d comments"), "12.345 commenti"},
		{N("en", 1, "%d comment", "%d comments"), "1 comment"},
		{N("en", 1234, "%d comment", "%d comments"), "1,234 comments"},
		{Error("it", board.FieldFault("title", "This is %d characters long; at most %d are allowed.", 12000, 200)), "Il testo è lungo 12.000 caratteri; il massimo è 200."},
		{Error("en", board.Missing()), "There is nothing here. It may have been deleted, or the address may be wrong."},
		{Number("it", -1234567), "-1.234.567"},
		{Number("it", 1234), "1234"},
		{Number("en", 999), "999"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestDatesAreWrittenAsPeopleWriteThem(t *testing.T) {
	at := time.Date(2026, time.May, 9, 8, 5, 0, 0, time.Local)
	for _, c := range []struct{ got, want string }{
		{Date("it", at), "9 mag 2026"},
		{Date("en", at), "9 May 2026"},
		{Date("fr", at), "9 May 2026"},
		{DateTime("it", at.UTC()), "9 mag 2026, 08:05"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestTheLanguageIsThePersonsThenTheBrowsers(t *testing.T) {
	for _, c := range []struct{ preferred, header, want string }{
		{"it", "en", "it"},
		{"", "it-IT,it;q=0.9,en;q=0.8", "it"},
		{"", "de, en;q=0.4, it;q=0.6", "it"},
		{"", "it;q=0.2, en-GB;q=0.7", "en"},
		{"", "it;q=0", "en"},
		{"", "it;q=2, it;q=x", "en"},
		{"", "de-DE", "en"},
		{"xx", "IT", "it"},
		{"", "", "en"},
		{"", strings.Repeat("de,", 1<<20) + "it", "en"},
	} {
		if got := Pick(c.preferred, c.header); got != c.want {
			t.Errorf("Pick(%q, %.40q): got %q, want %q", c.preferred, c.header, got, c.want)
		}
	}
}
