package search

import (
	"strconv"
	"strings"
	"time"
)

// A span of time as people name it, in Italian or English: a day, a week, a month,
// a year, in the server's time zone. Weeks begin on Monday. Days stand before
// months, as in Europe: 5/6/2026 is in June.

// spanOf reads a name of a span of time: 2026-05-31, 31/5/26, maggio 2026, ieri,
// last month, 3 giorni fa. to is excluded.
func spanOf(text string, now time.Time) (from, to time.Time, ok bool) {
	y, m, d := now.Date()
	c := calendar{time.Date(y, m, d, 0, 0, 0, 0, now.Location())}
	if from, to, ok = c.numeric(strings.TrimSpace(text)); ok {
		return from, to, ok
	}
	words := dateWords(text)
	if len(words) == 0 || len(words) > 6 {
		return from, to, false
	}
	for _, read := range [...]func([]string) (time.Time, time.Time, bool){c.said, c.ago, c.lately, c.last, c.month, c.weekday} {
		if from, to, ok = read(words); ok {
			return from, to, true
		}
	}
	return from, to, false
}

// dateWords are the words of a date, folded, without articles.
func dateWords(text string) (words []string) {
	apart := func(r rune) bool { return strings.ContainsRune(" \t\u00a0,'’-_\u2011", r) }
	for _, w := range strings.FieldsFunc(text, apart) {
		switch w = fold(strings.TrimRight(w, ".°º")); w {
		case "":
		case "il", "lo", "la", "l", "i", "gli", "le", "di", "del", "dello", "della", "dell", "of", "the", "on", "in", "nel", "nell", "nella", "dal", "dall", "dalla", "dallo":
		default:
			words = append(words, w)
		}
	}
	return words
}

// calendar reads dates as they are meant today.
type calendar struct{ today time.Time }

func (c calendar) day(t time.Time) (time.Time, time.Time, bool) { return t, t.AddDate(0, 0, 1), true }

func (c calendar) week(weeks int) (time.Time, time.Time, bool) {
	monday := c.today.AddDate(0, 0, -(int(c.today.Weekday())+6)%7+7*weeks)
	return monday, monday.AddDate(0, 0, 7), true
}

func (c calendar) months(y int, m time.Month) (time.Time, time.Time, bool) {
	from := time.Date(y, m, 1, 0, 0, 0, 0, c.today.Location())
	return from, from.AddDate(0, 1, 0), true
}

func (c calendar) year(y int) (time.Time, time.Time, bool) {
	from := time.Date(y, 1, 1, 0, 0, 0, 0, c.today.Location())
	return from, from.AddDate(1, 0, 0), y >= firstYear && y <= lastYear
}

// Years that a date may have.
const (
	firstYear = 1970
	lastYear  = 2199
)

// date is one day, if there is one of this name.
func (c calendar) date(y int, m time.Month, d int) (from, to time.Time, ok bool) {
	t := time.Date(y, m, d, 0, 0, 0, 0, c.today.Location())
	if t.Day() != d || t.Month() != m || y < firstYear || y > lastYear {
		return from, to, false
	}
	return c.day(t)
}

// numeric reads dates of digits alone: 2026-05-31, 2026-05, 2025, 31/5/2026,
// 31.5.26, 31/5, 5/2026.
func (c calendar) numeric(s string) (from, to time.Time, ok bool) {
	n, long, ok := numbersOf(s)
	switch {
	case !ok:
		return from, to, false
	case len(n) == 1:
		if long[0] {
			return c.year(n[0])
		}
		return from, to, false
	case len(n) == 2 && long[0]:
		return c.monthOf(n[0], n[1])
	case len(n) == 2 && long[1]:
		return c.monthOf(n[1], n[0])
	case len(n) == 2:
		return c.recent(time.Month(n[1]), n[0])
	case long[0]:
		return c.date(n[0], time.Month(n[1]), n[2])
	}
	if !long[2] {
		n[2] += 2000
	}
	if n[1] > 12 && n[0] <= 12 {
		n[0], n[1] = n[1], n[0] // 5/31/2026 can mean one day only
	}
	return c.date(n[2], time.Month(n[1]), n[0])
}

// numbersOf are the numbers of a date, at most three, and which have four digits,
// as years do; the others have one or two.
func numbersOf(s string) (n []int, long []bool, ok bool) {
	if len(s) > 16 {
		return nil, nil, false
	}
	parts := strings.Split(strings.NewReplacer("/", "-", ".", "-", "\u2011", "-").Replace(s), "-")
	if len(parts) > 3 {
		return nil, nil, false
	}
	for _, p := range parts {
		v, err := strconv.Atoi(p)
		if err != nil || len(p) > 4 || len(p) == 3 || p[0] == '+' {
			return nil, nil, false
		}
		n, long = append(n, v), append(long, len(p) == 4)
	}
	return n, long, true
}

// monthOf is a month of a year, if there is one of this number.
func (c calendar) monthOf(y, m int) (from, to time.Time, ok bool) {
	if m < 1 || m > 12 || y < firstYear || y > lastYear {
		return from, to, false
	}
	return c.months(y, time.Month(m))
}

// recent is the last such day up to today.
func (c calendar) recent(m time.Month, d int) (from, to time.Time, ok bool) {
	for y := c.today.Year(); y > c.today.Year()-8; y-- { // 29 February
		if from, to, ok = c.date(y, m, d); ok && !from.After(c.today) {
			return from, to, true
		}
	}
	return from, to, false
}

// said reads what is named by a word of its own.
func (c calendar) said(w []string) (from, to time.Time, ok bool) {
	switch strings.Join(w, " ") {
	case "oggi", "today":
		return c.day(c.today)
	case "ieri", "yesterday":
		return c.day(c.today.AddDate(0, 0, -1))
	case "altro ieri", "ieri altro", "altroieri", "avantieri", "day before yesterday":
		return c.day(c.today.AddDate(0, 0, -2))
	case "domani", "tomorrow":
		return c.day(c.today.AddDate(0, 0, 1))
	case "questa settimana", "settimana corrente", "this week":
		return c.week(0)
	case "questo mese", "mese corrente", "this month":
		return c.months(c.today.Year(), c.today.Month())
	case "questo anno", "quest anno", "anno corrente", "this year":
		return c.year(c.today.Year())
	}
	return from, to, false
}

// units of time, in days or months.
var units = map[string]struct{ days, months int }{
	"giorno": {1, 0}, "giorni": {1, 0}, "gg": {1, 0}, "g": {1, 0}, "day": {1, 0}, "days": {1, 0}, "d": {1, 0},
	"settimana": {7, 0}, "settimane": {7, 0}, "week": {7, 0}, "weeks": {7, 0}, "w": {7, 0},
	"mese": {0, 1}, "mesi": {0, 1}, "month": {0, 1}, "months": {0, 1},
	"anno": {0, 12}, "anni": {0, 12}, "year": {0, 12}, "years": {0, 12}, "y": {0, 12},
}

var counts = map[string]int{
	"un": 1, "uno": 1, "una": 1, "a": 1, "an": 1, "one": 1, "due": 2, "two": 2, "tre": 3, "three": 3, "quattro": 4, "four": 4, "cinque": 5, "five": 5,
	"sei": 6, "six": 6, "sette": 7, "seven": 7, "otto": 8, "eight": 8, "nove": 9, "nine": 9, "dieci": 10, "ten": 10, "quindici": 15, "fifteen": 15,
}

func howMany(s string) (n int, ok bool) {
	if n, ok = counts[s]; ok {
		return n, true
	}
	n, err := strconv.Atoi(s)
	return n, err == nil && n >= 0 && n <= 9999 && s[0] != '+' && s[0] != '-'
}

// back is the day so many units ago. A month ago is the same day of the month,
// or its last.
func (c calendar) back(n int, unit string) (t time.Time, ok bool) {
	u, ok := units[unit]
	if !ok {
		return t, false
	}
	if u.months == 0 {
		t = c.today.AddDate(0, 0, -n*u.days)
	} else {
		first := time.Date(c.today.Year(), c.today.Month()-time.Month(n*u.months), 1, 0, 0, 0, 0, c.today.Location())
		t = first.AddDate(0, 0, min(c.today.Day(), first.AddDate(0, 1, -1).Day())-1)
	}
	return t, t.Year() >= firstYear
}

// ago reads 3 giorni fa, 3 days ago, a week ago: the one day.
func (c calendar) ago(w []string) (from, to time.Time, ok bool) {
	if len(w) != 3 || w[2] != "fa" && w[2] != "ago" {
		return from, to, false
	}
	n, ok := howMany(w[0])
	if !ok {
		return from, to, false
	}
	if from, ok = c.back(n, w[1]); !ok {
		return from, to, false
	}
	return c.day(from)
}

// lately reads ultimi 7 giorni, last 2 weeks, 30 days, 7d: from then until now.
func (c calendar) lately(w []string) (from, to time.Time, ok bool) {
	if len(w) > 1 {
		switch w[0] {
		case "ultimi", "ultime", "scorsi", "scorse", "last", "past":
			w = w[1:]
		}
	}
	if len(w) == 1 { // 7d
		i := strings.IndexFunc(w[0], func(r rune) bool { return r < '0' || r > '9' })
		if i <= 0 || len(w[0])-i > 2 {
			return from, to, false
		}
		w = []string{w[0][:i], w[0][i:]}
	}
	if len(w) != 2 {
		return from, to, false
	}
	n, ok := howMany(w[0])
	if !ok {
		return from, to, false
	}
	from, ok = c.back(n, w[1])
	return from, c.today.AddDate(0, 0, 1), ok
}

// last reads mese scorso, scorsa settimana, last year.
func (c calendar) last(w []string) (from, to time.Time, ok bool) {
	if len(w) != 2 {
		return from, to, false
	}
	unit := ""
	for i, x := range w {
		switch x {
		case "scorso", "scorsa", "passato", "passata", "ultimo", "ultima", "precedente", "last", "past", "previous":
			unit = w[1-i]
		}
	}
	switch unit {
	case "":
		return from, to, false
	case "giorno", "day":
		return c.day(c.today.AddDate(0, 0, -1))
	case "settimana", "week":
		return c.week(-1)
	case "mese", "month":
		return c.months(c.today.Year(), c.today.Month()-1)
	case "anno", "year":
		return c.year(c.today.Year() - 1)
	}
	if m, ok := months[unit]; ok && c.today.Month() == m {
		return c.months(c.today.Year()-1, m) // not the one that runs
	}
	if from, to, ok = c.weekday([]string{unit}); ok {
		if from.Equal(c.today) {
			from, to = from.AddDate(0, 0, -7), to.AddDate(0, 0, -7)
		}
		return from, to, true
	}
	return c.month([]string{unit})
}

var months = monthNames(`gennaio gen january jan|febbraio feb febb february|marzo mar march|aprile apr april|maggio mag may|giugno giu june jun|luglio lug july jul|
	agosto ago august aug|settembre set sett september sep sept|ottobre ott october oct|novembre nov november|dicembre dic december dec`)

func monthNames(list string) map[string]time.Month {
	names := map[string]time.Month{}
	for i, m := range strings.Split(list, "|") {
		for w := range strings.FieldsSeq(m) {
			names[w] = time.Month(i + 1)
		}
	}
	return names
}

// month reads maggio 2026, maggio, 31 maggio 2026, May 31 2026, 31st May. Without
// a year it is the last one up to today.
func (c calendar) month(w []string) (from, to time.Time, ok bool) {
	d, m, y, ok := dayMonthYear(w)
	switch {
	case !ok || m == 0:
		return from, to, false
	case d == 0 && y == 0 && m > c.today.Month():
		return c.months(c.today.Year()-1, m)
	case d == 0 && y == 0:
		return c.months(c.today.Year(), m)
	case d == 0:
		return c.months(y, m)
	case y == 0:
		return c.recent(m, d)
	}
	return c.date(y, m, d)
}

// dayMonthYear are the parts of a date that words tell, each at most once; 0: not told.
func dayMonthYear(w []string) (d int, m time.Month, y int, ok bool) {
	for _, x := range w {
		x = ordinal(x)
		switch named, is := months[x]; {
		case is && m == 0:
			m = named
		case len(x) == 4 && y == 0:
			if y, ok = howMany(x); !ok || y < firstYear || y > lastYear {
				return 0, 0, 0, false
			}
		case d == 0:
			if d, ok = howMany(x); !ok || d < 1 || d > 31 {
				return 0, 0, 0, false
			}
		default:
			return 0, 0, 0, false
		}
	}
	return d, m, y, true
}

// ordinal is the number of a day as 1st, primo, 31 write it.
func ordinal(s string) string {
	if s == "primo" || s == "first" {
		return "1"
	}
	for _, end := range [...]string{"st", "nd", "rd", "th"} {
		if n, ok := strings.CutSuffix(s, end); ok && n != "" {
			return n
		}
	}
	return s
}

var weekdays = map[string]time.Weekday{
	"lunedi": time.Monday, "martedi": time.Tuesday, "mercoledi": time.Wednesday, "giovedi": time.Thursday, "venerdi": time.Friday, "sabato": time.Saturday, "domenica": time.Sunday,
	"monday": time.Monday, "tuesday": time.Tuesday, "wednesday": time.Wednesday, "thursday": time.Thursday, "friday": time.Friday, "saturday": time.Saturday, "sunday": time.Sunday,
}

// weekday reads lunedì, Monday: the last one, today included.
func (c calendar) weekday(w []string) (from, to time.Time, ok bool) {
	if len(w) != 1 {
		return from, to, false
	}
	d, ok := weekdays[w[0]]
	if !ok {
		return from, to, false
	}
	return c.day(c.today.AddDate(0, 0, -(int(c.today.Weekday())-int(d)+7)%7))
}
