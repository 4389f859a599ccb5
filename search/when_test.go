package search

import (
	"testing"
	"time"
)

func TestSpanOf(t *testing.T) {
	for _, c := range [...]struct{ text, from, to string }{ // today is Wednesday, 18 November 2026
		{"2026-05-31", "2026-05-31", "2026-06-01"},
		{"2026/05/31", "2026-05-31", "2026-06-01"},
		{"31/5/2026", "2026-05-31", "2026-06-01"},
		{"31/05/2026", "2026-05-31", "2026-06-01"},
		{"31.5.26", "2026-05-31", "2026-06-01"},
		{"31-5-2026", "2026-05-31", "2026-06-01"},
		{"5/6/2026", "2026-06-05", "2026-06-06"},
		{"5/31/2026", "2026-05-31", "2026-06-01"},
		{"31/5", "2026-05-31", "2026-06-01"},
		{"25/12", "2025-12-25", "2025-12-26"},
		{"29/2", "2024-02-29", "2024-03-01"},
		{"2026-05", "2026-05-01", "2026-06-01"},
		{"05/2026", "2026-05-01", "2026-06-01"},
		{"2025", "2025-01-01", "2026-01-01"},
		{"maggio 2026", "2026-05-01", "2026-06-01"},
		{"May 2026", "2026-05-01", "2026-06-01"},
		{"maggio", "2026-05-01", "2026-06-01"},
		{"dicembre", "2025-12-01", "2026-01-01"},
		{"Nov", "2026-11-01", "2026-12-01"},
		{"31 maggio 2026", "2026-05-31", "2026-06-01"},
		{"il 31 maggio del 2026", "2026-05-31", "2026-06-01"},
		{"1º maggio", "2026-05-01", "2026-05-02"},
		{"primo maggio", "2026-05-01", "2026-05-02"},
		{"31st May, 2026", "2026-05-31", "2026-06-01"},
		{"May 31 2026", "2026-05-31", "2026-06-01"},
		{"31 dicembre", "2025-12-31", "2026-01-01"},
		{"oggi", "2026-11-18", "2026-11-19"},
		{"today", "2026-11-18", "2026-11-19"},
		{"ieri", "2026-11-17", "2026-11-18"},
		{"Yesterday", "2026-11-17", "2026-11-18"},
		{"l'altro ieri", "2026-11-16", "2026-11-17"},
		{"the day before yesterday", "2026-11-16", "2026-11-17"},
		{"questa settimana", "2026-11-16", "2026-11-23"},
		{"this week", "2026-11-16", "2026-11-23"},
		{"settimana scorsa", "2026-11-09", "2026-11-16"},
		{"la scorsa settimana", "2026-11-09", "2026-11-16"},
		{"last week", "2026-11-09", "2026-11-16"},
		{"questo mese", "2026-11-01", "2026-12-01"},
		{"mese scorso", "2026-10-01", "2026-11-01"},
		{"il mese scorso", "2026-10-01", "2026-11-01"},
		{"last month", "2026-10-01", "2026-11-01"},
		{"quest'anno", "2026-01-01", "2027-01-01"},
		{"l'anno scorso", "2025-01-01", "2026-01-01"},
		{"l’anno scorso", "2025-01-01", "2026-01-01"},
		{"anno-scorso", "2025-01-01", "2026-01-01"},
		{"last year", "2025-01-01", "2026-01-01"},
		{"3 giorni fa", "2026-11-15", "2026-11-16"},
		{"tre giorni fa", "2026-11-15", "2026-11-16"},
		{"3-days-ago", "2026-11-15", "2026-11-16"},
		{"a week ago", "2026-11-11", "2026-11-12"},
		{"due settimane fa", "2026-11-04", "2026-11-05"},
		{"un mese fa", "2026-10-18", "2026-10-19"},
		{"2 years ago", "2024-11-18", "2024-11-19"},
		{"ultimi 7 giorni", "2026-11-11", "2026-11-19"},
		{"last 2 weeks", "2026-11-04", "2026-11-19"},
		{"30d", "2026-10-19", "2026-11-19"},
		{"lunedì", "2026-11-16", "2026-11-17"},
		{"Monday", "2026-11-16", "2026-11-17"},
		{"mercoledi", "2026-11-18", "2026-11-19"},
		{"last wednesday", "2026-11-11", "2026-11-12"},
		{"venerdì scorso", "2026-11-13", "2026-11-14"},
		{"maggio scorso", "2026-05-01", "2026-06-01"},
		{"last november", "2025-11-01", "2025-12-01"},
	} {
		from, to, ok := spanOf(c.text, today)
		if got := from.Format(time.DateOnly) + " " + to.Format(time.DateOnly); !ok || got != c.from+" "+c.to {
			t.Errorf("%q is %s, %t; not %s %s", c.text, got, ok, c.from, c.to)
		}
	}
	for _, text := range [...]string{"", "0", "31/2/2026", "32/1/2026", "2026-13", "2026-13-01", "13/2026", "1/2/3/4", "20265", "202", "maggio maggio", "scorso", "fa", "giorni fa", "3 fa", "3 mele fa",
		"9999999 giorni fa", "9999 years ago", "2026--05", "+5/5/2026", "0x7", "mai", "quando", "1/1/0000", "year 9999", "0999", "9999", "a b c d e f g"} {
		if from, to, ok := spanOf(text, today); ok {
			t.Errorf("%q is taken for a date: %s to %s", text, from, to)
		}
	}
}

// TestMonthsBack: a month before the 31st is the last day of a shorter month.
func TestMonthsBack(t *testing.T) {
	for _, c := range [...]struct{ now, text, from string }{
		{"2026-03-31", "un mese fa", "2026-02-28"},
		{"2024-02-29", "a year ago", "2023-02-28"},
		{"2026-01-15", "last month", "2025-12-01"},
		{"2026-01-05", "dicembre", "2025-12-01"},
		{"2026-01-01", "ieri", "2025-12-31"},
		{"2026-11-15", "last week", "2026-11-02"}, // on a Sunday
		{"2026-11-16", "last week", "2026-11-09"}, // on a Monday
	} {
		now, err := time.ParseInLocation(time.DateOnly, c.now, time.Local)
		if err != nil {
			t.Fatal(err)
		}
		if from, _, ok := spanOf(c.text, now.Add(23*time.Hour)); !ok || from.Format(time.DateOnly) != c.from {
			t.Errorf("on %s, %q is %s, %t; not %s", c.now, c.text, from.Format(time.DateOnly), ok, c.from)
		}
	}
}

// TestDaysOfClockChange: days begin at midnight also where the clocks change.
func TestDaysOfClockChange(t *testing.T) {
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Skip("no time zones here")
	}
	from, to, ok := spanOf("ieri", time.Date(2026, 3, 30, 0, 30, 0, 0, rome))
	if !ok || from != time.Date(2026, 3, 29, 0, 0, 0, 0, rome) || to.Sub(from) != 23*time.Hour {
		t.Errorf("the day of the change is from %s to %s", from, to)
	}
}
