package board

import (
	"slices"
	"time"
)

// monthDay is a date of every year.
type monthDay struct {
	m time.Month
	d int
}

// holidays tells by country which days are off by law: for Italy Law 260 of 1949
// as it stands, with Saint Francis on 4 October again from 2026 (Law 151 of 2025).
// Patron saints differ by town and are a calendar's own days.
var holidays = map[string]func(y int, m time.Month, d int) bool{
	"": func(int, time.Month, int) bool { return false },
	"it": func(y int, m time.Month, d int) bool {
		switch (monthDay{m, d}) {
		case monthDay{1, 1}, monthDay{1, 6}, monthDay{4, 25}, monthDay{5, 1}, monthDay{6, 2}, monthDay{8, 15},
			monthDay{11, 1}, monthDay{12, 8}, monthDay{12, 25}, monthDay{12, 26}:
			return true
		case monthDay{10, 4}:
			return y >= 2026
		}
		if m != 3 && m != 4 {
			return false
		}
		easter := easter(y)
		day := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
		return day.Equal(easter) || day.Equal(easter.AddDate(0, 0, 1))
	},
}

// easter is Easter Sunday of a year in the Gregorian calendar.
func easter(y int) time.Time {
	golden, century := y%19, y/100
	moon := (century - century/4 - (8*century+13)/25 + 19*golden + 15) % 30
	moon -= moon / 28 * (1 - 29/(moon+1)*((21-golden)/11))
	weekday := (y + y/4 + moon + 2 - century + century/4) % 7
	return time.Date(y, 3, 28+moon-weekday, 0, 0, 0, 0, time.UTC)
}

// Checked is the calendar tidied. Errors: invalid, fields zone, week (with the
// day of the week, Monday first: week-0), holidays, extra.
func (c Calendar) Checked() (Calendar, error) {
	out, _, err := c.read()
	return out, err
}

// Working makes a checked calendar ready to count with. Errors: as Checked.
func (c Calendar) Working() (*Working, error) {
	_, w, err := c.read()
	return w, err
}

func (c Calendar) read() (Calendar, *Working, error) {
	w := &Working{years: map[int]*year{}}
	var err error
	if w.zone, err = zone(c.Zone); err != nil {
		return c, nil, FieldFault("zone", "There is no time zone with this name. One is Europe/Rome.")
	}
	for i, text := range c.Week {
		day := (i + 1) % 7
		if w.week[day], err = readHours(text); err != nil {
			return c, nil, FieldFault(WeekField(i), "Write working hours such as 9-13, 14:30-18, the earlier first, or nothing for a day off.")
		}
		c.Week[i] = sayHours(w.week[day])
	}
	if c.Week == ([7]string{}) {
		return c, nil, FieldFault(WeekField(0), "At least one day of the week needs working hours.")
	}
	law, known := holidays[c.Holidays]
	if !known {
		return c, nil, FieldFault("holidays", "The public holidays of this country are not known here.")
	}
	var every map[monthDay]bool
	var once map[time.Time]bool
	if c.Extra, every, once, err = readDays(c.Extra); err != nil {
		return c, nil, err
	}
	w.off = func(y int, m time.Month, d int) bool {
		return law(y, m, d) || every[monthDay{m, d}] || once[time.Date(y, m, d, 0, 0, 0, 0, time.UTC)]
	}
	return c, w, nil
}

// MaxExtraDays is how many days off of its own a calendar may name.
const MaxExtraDays = 60

// readDays reads days off, one date each, and puts them in order.
func readDays(list []string) (tidy []string, every map[monthDay]bool, once map[time.Time]bool, err error) {
	tidy, every, once = []string{}, map[monthDay]bool{}, map[time.Time]bool{}
	for _, text := range list {
		if t, err := firstOf(text, "2006-01-02", "2/1/2006", "2.1.2006"); err == nil {
			once[t] = true
			tidy = append(tidy, t.Format("2006-01-02"))
			continue
		}
		// A leap year, so that 29 February can be read.
		t, err := firstOf("2000 "+text, "2006 01-02", "2006 2/1", "2006 2.1")
		if err != nil {
			return list, nil, nil, FieldFault("extra", "Write days as 7/12/2026, or as 7/12 for every year.")
		}
		every[monthDay{t.Month(), t.Day()}] = true
		tidy = append(tidy, t.Format("01-02"))
	}
	slices.Sort(tidy)
	if tidy = slices.Compact(tidy); len(tidy) > MaxExtraDays {
		return list, nil, nil, FieldFault("extra", "At most %d days off can be named.", MaxExtraDays)
	}
	return tidy, every, once, nil
}

func firstOf(text string, layouts ...string) (t time.Time, err error) {
	for _, l := range layouts {
		if t, err = time.Parse(l, text); err == nil {
			return t, nil
		}
	}
	return t, err
}
