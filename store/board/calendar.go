package board

import (
	"fmt"
	"slices"
	"sync"
	"time"
)

// Calendar says when a board works: response times are counted in these hours.
// The zero Calendar is no calendar; see DefaultCalendar and Checked.
type Calendar struct {
	Zone     string    `json:"zone" doc:"IANA time zone" example:"Europe/Rome"`
	Week     [7]string `json:"week" doc:"hours of Monday to Sunday, each such as 09:00-13:00 14:00-18:00, or empty"`
	Holidays string    `json:"holidays" enum:"it," doc:"country whose public holidays are days off; empty: none"`
	Extra    []string  `json:"extra" required:"false" nullable:"false" doc:"further days off: 2026-12-07 once, or 12-07 every year"`
}

// DefaultCalendar is what a board has until somebody chooses another: office
// hours in Italy.
func DefaultCalendar() Calendar {
	const office = "09:00-13:00 14:00-18:00"
	return Calendar{Zone: ZoneName, Week: [7]string{office, office, office, office, office}, Holidays: "it", Extra: []string{}}
}

// Working is a calendar made ready to count with; safe for concurrent use.
//
// Hours are those the wall clock shows in the calendar's zone, and a span counts
// the time that really passes between its two ends: on the night the clocks go
// forward the span 00:00-24:00 has 23 hours, on the night they go back 25. An
// hour that does not exist ends or begins at the change; of one that comes twice
// the first is meant. So spans never overlap, and nothing is counted twice.
//
// Nothing is counted before 1970 or after 2200: other times are taken as the
// nearest of these.
type Working struct {
	zone  *time.Location
	week  [7][]hours // Sunday first, as time.Weekday counts
	off   func(y int, m time.Month, d int) bool
	mu    sync.RWMutex
	years map[int]*year
}

// hours are minutes of a day.
type hours struct{ from, to int }

// year is what is worked in one year of the zone.
type year struct {
	spans []span
	days  [367]int // working days before each day of the year
	total time.Duration
}

// span is worked without a break, from and to nanoseconds since 1970.
type span struct {
	from, to int64
	before   time.Duration // worked in the year before it
}

// Between is the working time from a to b; negative where b is earlier.
func (w *Working) Between(a, b time.Time) time.Duration {
	if b.Before(a) {
		return -w.Between(b, a)
	}
	a, b = w.local(a), w.local(b)
	sum := w.year(b.Year()).until(b) - w.year(a.Year()).until(a)
	for y := a.Year(); y < b.Year(); y++ {
		sum += w.year(y).total
	}
	return sum
}

// Due is the first moment at which that much working time has passed since start.
func (w *Working) Due(start time.Time, worked time.Duration) time.Time {
	if worked <= 0 {
		return start
	}
	start = w.local(start)
	y := start.Year()
	left := worked + w.year(y).until(start)
	for left > w.year(y).total {
		left -= w.year(y).total
		y++
	}
	spans := w.year(y).spans
	i, _ := slices.BinarySearchFunc(spans, left, func(s span, left time.Duration) int {
		return cmpBool(s.before+time.Duration(s.to-s.from) >= left)
	})
	return time.Unix(0, spans[i].from+int64(left-spans[i].before)).In(w.zone)
}

// Days is how many working days begin after a's own day, up to b's: 0 on the same
// day. A working day is a date with working hours. b is not before a.
func (w *Working) Days(a, b time.Time) int {
	a, b = w.local(a), w.local(b)
	n := w.year(b.Year()).days[b.YearDay()] - w.year(a.Year()).days[a.YearDay()]
	for y := a.Year(); y < b.Year(); y++ {
		n += w.year(y).days[366]
	}
	return n
}

// Day is a usual working day: the week's hours over its working days.
func (w *Working) Day() time.Duration {
	var sum, days int
	for _, d := range w.week {
		for _, h := range d {
			sum += h.to - h.from
		}
		if len(d) > 0 {
			days++
		}
	}
	return time.Duration(sum) * time.Minute / time.Duration(max(days, 1))
}

// Zone is where the calendar's clock hangs.
func (w *Working) Zone() *time.Location { return w.zone }

// local is t where the calendar is, within the years it counts.
func (w *Working) local(t time.Time) time.Time {
	t = t.In(w.zone)
	switch {
	case t.Year() < 1970:
		return time.Date(1970, 1, 1, 0, 0, 0, 0, w.zone)
	case t.Year() > 2200:
		return time.Date(2201, 1, 1, 0, 0, 0, -1, w.zone)
	}
	return t
}

// until is what is worked in the year before t, which is of this year.
func (y *year) until(t time.Time) time.Duration {
	ns := t.UnixNano()
	i, _ := slices.BinarySearchFunc(y.spans, ns, func(s span, ns int64) int { return cmpBool(s.to >= ns) })
	if i == len(y.spans) {
		return y.total
	}
	return y.spans[i].before + time.Duration(max(0, ns-y.spans[i].from))
}

// cmpBool lets a binary search find the first place where something holds.
func cmpBool(holds bool) int {
	if holds {
		return 1
	}
	return -1
}

// year works a year out when it is first asked for.
func (w *Working) year(n int) *year {
	w.mu.RLock()
	y := w.years[n]
	w.mu.RUnlock()
	if y != nil {
		return y
	}
	y = w.lay(n)
	w.mu.Lock()
	w.years[n] = y
	w.mu.Unlock()
	return y
}

func (w *Working) lay(n int) *year {
	y := &year{}
	for yday := 1; yday <= 366; yday++ {
		y.days[yday] = y.days[yday-1]
		d := time.Date(n, 1, yday, 12, 0, 0, 0, time.UTC)
		if d.Year() != n || w.off(n, d.Month(), d.Day()) {
			continue
		}
		for _, h := range w.week[d.Weekday()] {
			s := span{w.wall(n, yday, h.from), w.wall(n, yday, h.to), y.total}
			y.spans, y.total = append(y.spans, s), y.total+time.Duration(s.to-s.from)
		}
		if len(w.week[d.Weekday()]) > 0 {
			y.days[yday]++
		}
	}
	return y
}

// wall is the first moment at which the clock on the wall has reached a minute of
// a day: where the hour comes twice the first, where it is left out the change.
func (w *Working) wall(year, yday, minute int) int64 {
	t := time.Date(year, 1, yday, 0, minute, 0, 0, w.zone)
	want := time.Date(year, 1, yday, 0, minute, 0, 0, time.UTC).Unix()
	begin, end := t.ZoneBounds()
	_, offset := t.Zone()
	switch shown := t.Unix() + int64(offset); {
	case shown > want:
		t = begin
	case shown < want:
		t = end
	case !begin.IsZero():
		_, offset = begin.Add(-1).Zone()
		if first := time.Unix(want-int64(offset), 0); first.Before(begin) {
			t = first
		}
	}
	return t.UnixNano()
}

// zones keeps the time zones that were read: reading one opens a file.
var zones sync.Map

func zone(name string) (*time.Location, error) {
	if z, ok := zones.Load(name); ok {
		return z.(*time.Location), nil
	}
	if name == "" || name == "Local" {
		return nil, fmt.Errorf("no time zone %q", name)
	}
	z, err := time.LoadLocation(name)
	if err == nil {
		zones.Store(name, z)
	}
	return z, err
}
