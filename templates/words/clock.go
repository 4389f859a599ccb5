package words

import (
	"time"

	"convivio/store/board"
)

// Clock says how an idea stands to the time at which it is owed an answer, the same
// wherever it is said; empty where nothing is due.
func Clock(lang string, i board.Idea) string {
	switch {
	case i.DueAt == nil:
		return ""
	case i.Late && i.DueDays == 0:
		return T(lang, "late")
	case i.Late:
		return N(lang, i.DueDays, "%d day late", "%d days late")
	case i.DueDays == 0:
		return T(lang, "answer due today")
	}
	return N(lang, i.DueDays, "answer due in %d day", "answer due in %d days")
}

// AnswerTime says within what time a board answers; empty where it has no clock.
func AnswerTime(lang string, a board.AnswerTime) string {
	switch {
	case a.Time == 0:
		return ""
	case a.Unit == board.Hours:
		return N(lang, a.Time, "answers within %d working hour", "answers within %d working hours")
	}
	return N(lang, a.Time, "answers within %d working day", "answers within %d working days")
}

// Weekday names a day of the week, 0 for Monday.
func Weekday(lang string, day int) string {
	return [...]string{T(lang, "Monday"), T(lang, "Tuesday"), T(lang, "Wednesday"), T(lang, "Thursday"), T(lang, "Friday"), T(lang, "Saturday"), T(lang, "Sunday")}[day]
}

// Moment writes a moment as the clock shows it where t says: ven 27 nov 2026, 18:00.
func Moment(lang string, t time.Time) string {
	here := time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, time.Local)
	return Date(lang, here) + t.Format(", 15:04")
}
