package words

import (
	"fmt"
	"time"
)

var months = map[string][12]string{
	"en": {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
	"it": {"gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"},
}

// longMonths are the names of the months where they stand alone.
var longMonths = map[string][12]string{
	"en": {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	"it": {"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"},
}

// Month writes a month in the server's time zone: novembre 2026.
func Month(lang string, t time.Time) string {
	names, ok := longMonths[lang]
	if !ok {
		names = longMonths[Langs[0]]
	}
	t = t.Local()
	return fmt.Sprintf("%s %d", names[t.Month()-1], t.Year())
}

// Date writes a day in the server's time zone: 19 nov 2026.
func Date(lang string, t time.Time) string {
	names, ok := months[lang]
	if !ok {
		names = months[Langs[0]]
	}
	t = t.Local()
	return fmt.Sprintf("%d %s %d", t.Day(), names[t.Month()-1], t.Year())
}

// DateTime writes a moment in the server's time zone: 19 nov 2026, 14:05.
func DateTime(lang string, t time.Time) string {
	return Date(lang, t) + t.Local().Format(", 15:04")
}
