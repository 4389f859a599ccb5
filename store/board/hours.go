package board

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// WeekField is the field of a form, and of a fault, that holds the hours of a day
// of the week, Monday first: week-0 to week-6.
func WeekField(day int) string { return "week-" + strconv.Itoa(day) }

var errHours = errors.New("no working hours")

// readHours reads the working hours of a day as people type them: 9-13, 14:30–18.
func readHours(text string) ([]hours, error) {
	text = strings.NewReplacer("–", "-", "—", "-", " - ", "-", ",", " ", ";", " ").Replace(text)
	text = strings.NewReplacer(" -", "-", "- ", "-").Replace(text)
	var list []hours
	last := 0
	for _, part := range strings.Fields(text) {
		a, b, ok := strings.Cut(part, "-")
		from, err := readMinute(a)
		to, err2 := readMinute(b)
		if !ok || err != nil || err2 != nil || from < last || to <= from {
			return nil, errHours
		}
		list, last = append(list, hours{from, to}), to
	}
	return list, nil
}

// readMinute reads a time of day: 9, 09:30, 9.30, 24.
func readMinute(text string) (int, error) {
	h, m, _ := strings.Cut(strings.Replace(text, ".", ":", 1), ":")
	if m == "" {
		m = "0"
	}
	hour, err := strconv.ParseUint(h, 10, 8)
	minute, err2 := strconv.ParseUint(m, 10, 8)
	if err != nil || err2 != nil || minute > 59 || hour*60+minute > 24*60 {
		return 0, errHours
	}
	return int(hour*60 + minute), nil // #nosec G115 -- at most a day
}

// sayHours writes what readHours reads, in one way.
func sayHours(list []hours) string {
	var parts []string
	for _, h := range list {
		parts = append(parts, fmt.Sprintf("%02d:%02d-%02d:%02d", h.from/60, h.from%60, h.to/60, h.to%60))
	}
	return strings.Join(parts, " ")
}
