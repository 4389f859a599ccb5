package board_test

import (
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"convivio/store/board"
)

func working(t *testing.T, change func(*board.Calendar)) *board.Working {
	t.Helper()
	c := board.DefaultCalendar()
	if change != nil {
		change(&c)
	}
	w, err := c.Working()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func always(c *board.Calendar) {
	c.Holidays, c.Extra = "", nil
	for i := range c.Week {
		c.Week[i] = "0-24"
	}
}

// TestDue follows answers that are owed over weekends, holidays, half days, years
// and both nights on which Italy changes its clocks.
func TestDue(t *testing.T) {
	office := func(*board.Calendar) {}
	sundays := func(c *board.Calendar) { c.Week[6] = "0-24" }
	for _, x := range []struct {
		name       string
		calendar   func(*board.Calendar)
		start      string
		hours      time.Duration
		due, zoned string
	}{
		{"within a day", office, "2026-11-18 10:00", 2 * time.Hour, "2026-11-18 12:00", "CET"},
		{"over lunch", office, "2026-11-18 12:00", 2 * time.Hour, "2026-11-18 15:00", "CET"},
		{"to the end of a span, not the beginning of the next", office, "2026-11-18 12:00", time.Hour, "2026-11-18 13:00", "CET"},
		{"before work", office, "2026-11-18 06:30", time.Hour, "2026-11-18 10:00", "CET"},
		{"after work", office, "2026-11-18 22:00", time.Hour, "2026-11-19 10:00", "CET"},
		{"over a weekend", office, "2026-11-20 17:00", 2 * time.Hour, "2026-11-23 10:00", "CET"},
		{"posted on a Sunday: a week's hours end on Friday", office, "2026-11-22 15:00", 40 * time.Hour, "2026-11-27 18:00", "CET"},
		{"over the Immaculate Conception, a Tuesday", office, "2026-12-07 17:00", 2 * time.Hour, "2026-12-09 10:00", "CET"},
		{"over Christmas, its second day and the new year", office, "2026-12-24 17:00", 33 * time.Hour, "2026-12-31 18:00", "CET"},
		{"into the new year", office, "2026-12-31 17:00", 2 * time.Hour, "2027-01-04 10:00", "CET"},
		{"over Epiphany", office, "2027-01-05 17:30", time.Hour, "2027-01-07 09:30", "CET"},
		{"over Easter Monday 2027", office, "2027-03-26 17:00", 2 * time.Hour, "2027-03-30 10:00", "CEST"},
		{"over the Liberation, a Friday in 2025", office, "2025-04-24 17:00", 2 * time.Hour, "2025-04-28 10:00", "CEST"},
		{"Labour Day", office, "2026-04-30 17:30", time.Hour, "2026-05-04 09:30", "CEST"},
		{"the Republic's day", office, "2026-06-01 17:30", time.Hour, "2026-06-03 09:30", "CEST"},
		{"Assumption, a Friday in 2025", office, "2025-08-14 17:30", time.Hour, "2025-08-18 09:30", "CEST"},
		{"Saint Francis is no holiday in 2024", office, "2024-10-03 17:30", time.Hour, "2024-10-04 09:30", "CEST"},
		{"and is one again from 2026: a Monday in 2027", office, "2027-10-01 17:30", time.Hour, "2027-10-05 09:30", "CEST"},
		{"All Saints, a Monday in 2027", office, "2027-10-29 17:30", time.Hour, "2027-11-02 09:30", "CET"},
		{"a patron saint of every year", func(c *board.Calendar) { c.Extra = []string{"7/12"} }, "2027-12-06 17:30", time.Hour, "2027-12-09 09:30", "CET"},
		{"a day off once", func(c *board.Calendar) { c.Extra = []string{"2026-12-07"} }, "2026-12-04 17:30", time.Hour, "2026-12-09 09:30", "CET"},
		{"a half day", func(c *board.Calendar) { c.Week[4] = "9-13" }, "2026-11-20 12:30", time.Hour, "2026-11-23 09:30", "CET"},
		{"the clocks change on a weekend nobody works", office, "2026-03-27 17:00", 2 * time.Hour, "2026-03-30 10:00", "CEST"},
		{"and in autumn", office, "2026-10-23 17:00", 2 * time.Hour, "2026-10-26 10:00", "CET"},
		{"who works that night in March works 23 hours", always, "2026-03-28 12:00", 24 * time.Hour, "2026-03-29 13:00", "CEST"},
		{"and 25 in October", always, "2026-10-24 12:00", 24 * time.Hour, "2026-10-25 11:00", "CET"},
		{"a whole March Sunday", sundays, "2026-03-29 00:00", 23 * time.Hour, "2026-03-30 00:00", "CEST"},
		{"a whole October Sunday", sundays, "2026-10-25 00:00", 25 * time.Hour, "2026-10-26 00:00", "CET"},
		{"a span that begins in the hour left out begins after it", func(c *board.Calendar) { c.Week[6] = "2:30-4" }, "2026-03-28 12:00", 30 * time.Minute, "2026-03-29 03:30", "CEST"},
		{"a span that ends in the hour that comes twice ends the first time", func(c *board.Calendar) { c.Week[6] = "1-2:30 5-6" }, "2026-10-24 12:00", 2 * time.Hour, "2026-10-25 05:30", "CET"},
		{"a span over the hour that comes twice has it twice", func(c *board.Calendar) { c.Week[6] = "1-3:30" }, "2026-10-24 12:00", 210 * time.Minute, "2026-10-25 03:30", "CET"},
	} {
		t.Run(x.name, func(t *testing.T) {
			w := working(t, x.calendar)
			start, err := time.ParseInLocation("2006-01-02 15:04", x.start, w.Zone())
			if err != nil {
				t.Fatal(err)
			}
			due := w.Due(start, x.hours)
			if got := due.Format("2006-01-02 15:04 MST"); got != x.due+" "+x.zoned {
				t.Errorf("due %s, want %s %s", got, x.due, x.zoned)
			}
			if back := w.Between(start, due); back != x.hours {
				t.Errorf("between them are %s, want %s", back, x.hours)
			}
		})
	}
}

// TestBetweenOfDue holds for any start, any time and calendars of many shapes.
func TestBetweenOfDue(t *testing.T) {
	rnd := rand.New(rand.NewPCG(26, 3))
	shapes := []func(*board.Calendar){
		nil, always,
		func(c *board.Calendar) {
			c.Week = [7]string{"9-13", "", "22-24", "0-2 3-3:30", "", "", "1:30-2:30 2:30-2:45"}
		},
		func(c *board.Calendar) { c.Zone, c.Week[6] = "America/New_York", "1-3" },
		func(c *board.Calendar) { c.Zone, c.Holidays = "Australia/Lord_Howe", ""; c.Week[6] = "0-24" },
		func(c *board.Calendar) { c.Extra = []string{"12-07", "2027-01-02", "02-29"} },
	}
	from := time.Date(2024, 12, 1, 0, 0, 0, 0, time.UTC)
	for _, shape := range shapes {
		w := working(t, shape)
		for range 2000 {
			start := from.Add(time.Duration(rnd.Int64N(int64(3 * 365 * 24 * time.Hour)))).Truncate(time.Microsecond)
			worked := time.Duration(rnd.Int64N(int64(400 * time.Hour)))
			due := w.Due(start, worked)
			if got := w.Between(start, due); got != worked {
				t.Fatalf("%s and %s of work end at %s, which is %s away", start, worked, due, got)
			}
			if worked > 0 && w.Between(start, due.Add(-time.Nanosecond)) == worked {
				t.Fatalf("%s and %s of work had ended before %s", start, worked, due)
			}
			mid := start.Add(due.Sub(start) / 3)
			if a, b := w.Between(start, mid), w.Between(mid, due); a+b != worked || a < 0 || b < 0 {
				t.Fatalf("%s of work is %s and %s in parts", worked, a, b)
			}
			if back := w.Between(due, start); back != -worked {
				t.Fatalf("back it is %s, want %s", back, -worked)
			}
		}
	}
}

// TestDays counts what people count: working days that begin meanwhile.
func TestDays(t *testing.T) {
	w := working(t, nil)
	for _, x := range []struct {
		from, to string
		want     int
	}{
		{"2026-11-18 08:00", "2026-11-18 23:00", 0},
		{"2026-11-18 23:59", "2026-11-19 00:00", 1},
		{"2026-11-20 09:00", "2026-11-22 20:00", 0},
		{"2026-11-20 09:00", "2026-11-23 09:00", 1},
		{"2026-12-04 09:00", "2026-12-10 09:00", 3}, // over the 8th
		{"2026-12-23 09:00", "2027-01-07 09:00", 8}, // over two holidays, two weekends, new year and Epiphany
	} {
		a, _ := time.ParseInLocation("2006-01-02 15:04", x.from, w.Zone())
		b, _ := time.ParseInLocation("2006-01-02 15:04", x.to, w.Zone())
		if got := w.Days(a, b); got != x.want {
			t.Errorf("from %s to %s are %d working days, want %d", x.from, x.to, got, x.want)
		}
	}
}

// TestEaster holds Easter against dates that are known.
func TestEaster(t *testing.T) {
	w := working(t, func(c *board.Calendar) { c.Week = [7]string{"0-24"} }) // Mondays alone
	for _, monday := range []string{"1981-04-20", "2000-04-24", "2008-03-24", "2011-04-25", "2019-04-22", "2024-04-01", "2025-04-21", "2026-04-06", "2027-03-29", "2038-04-26", "2049-04-19", "2076-04-20"} {
		day, err := time.ParseInLocation("2006-01-02", monday, w.Zone())
		if err != nil {
			t.Fatal(err)
		}
		if worked := w.Between(day, day.AddDate(0, 0, 1)); worked != 0 {
			t.Errorf("%s is Easter Monday, and has %s of work", monday, worked)
		}
		if week := w.Between(day.AddDate(0, 0, -7), day.AddDate(0, 0, -6)); week == 0 && monday != "2011-04-25" {
			t.Errorf("the Monday before %s is a working day", monday)
		}
	}
}

// TestCalendarChecked tidies what people type and refuses what is no calendar.
func TestCalendarChecked(t *testing.T) {
	c := board.DefaultCalendar()
	c.Week = [7]string{"9-13, 14–18", "8:30 - 12.30; 13-17", " ", "", "9 - 24", "", ""}
	c.Extra = []string{"7/12", "2026-12-07", "24.12.2026", "12-07"}
	c, err := c.Checked()
	if err != nil {
		t.Fatal(err)
	}
	if c.Week != [7]string{"09:00-13:00 14:00-18:00", "08:30-12:30 13:00-17:00", "", "", "09:00-24:00", "", ""} {
		t.Errorf("hours read as %q", c.Week)
	}
	if got := len(c.Extra); got != 3 || c.Extra[0] != "12-07" {
		t.Errorf("days off read as %q", c.Extra)
	}
	for _, x := range []struct {
		field  string
		change func(*board.Calendar)
	}{
		{"zone", func(c *board.Calendar) { c.Zone = "Europe/Nowhere" }},
		{"zone", func(c *board.Calendar) { c.Zone = "" }},
		{"zone", func(c *board.Calendar) { c.Zone = "../../etc/passwd" }},
		{"week-0", func(c *board.Calendar) { c.Week = [7]string{} }},
		{"week-1", func(c *board.Calendar) { c.Week[1] = "13-9" }},
		{"week-2", func(c *board.Calendar) { c.Week[2] = "9-13 12-18" }},
		{"week-3", func(c *board.Calendar) { c.Week[3] = "9-25" }},
		{"week-4", func(c *board.Calendar) { c.Week[4] = "all day" }},
		{"week-5", func(c *board.Calendar) { c.Week[5] = "9-9" }},
		{"week-6", func(c *board.Calendar) { c.Week[6] = "-1-5" }},
		{"holidays", func(c *board.Calendar) { c.Holidays = "xx" }},
		{"extra", func(c *board.Calendar) { c.Extra = []string{"31/2"} }},
		{"extra", func(c *board.Calendar) { c.Extra = []string{"soon"} }},
	} {
		c := board.DefaultCalendar()
		x.change(&c)
		var fault *board.Error
		if _, err := c.Checked(); !errors.As(err, &fault) || fault.Field != x.field {
			t.Errorf("%+v: %v, want a fault of %s", c, err, x.field)
		}
	}
}

// BenchmarkDays is what a row of a list pays for its clock.
func BenchmarkDays(b *testing.B) {
	w, err := board.DefaultCalendar().Working()
	if err != nil {
		b.Fatal(err)
	}
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for b.Loop() {
		w.Days(now.AddDate(-3, 0, 0), now)
	}
}
