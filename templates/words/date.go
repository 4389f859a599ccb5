package words

import (
	"fmt"
	"time"
)

// Month writes a month in the server's time zone: novembre 2026.
func Month(lang string, t time.Time) string {
	t = t.Local()
	return fmt.Sprintf("%s %d", in(lang).Months[t.Month()-1], t.Year())
}

// Date writes a day in the server's time zone: 19 nov 2026.
func Date(lang string, t time.Time) string {
	l, t := in(lang), t.Local()
	month := l.Short[t.Month()-1]
	if l.Date != nil {
		return l.Date(t.Day(), month, t.Year())
	}
	return fmt.Sprintf("%d %s %d", t.Day(), month, t.Year())
}

// DateTimeIn writes a moment in a zone: 19 nov 2026, 14:05.
func DateTimeIn(lang string, t time.Time, zone *time.Location) string {
	t = t.In(zone)
	return Date(lang, time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, time.Local)) + t.Format(", 15:04")
}

// DateTime writes a moment in the server's time zone: 19 nov 2026, 14:05.
func DateTime(lang string, t time.Time) string {
	return Date(lang, t) + t.Local().Format(", 15:04")
}

// ShortMonth writes a month of a year that is known: nov.
func ShortMonth(lang string, t time.Time) string { return in(lang).Short[t.Local().Month()-1] }
