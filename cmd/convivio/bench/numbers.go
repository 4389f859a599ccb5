package bench

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"
)

// median is the middle of some numbers; zero of none.
func median(list []float64) float64 {
	s := slices.Sorted(slices.Values(list))
	switch n := len(s); {
	case n == 0:
		return 0
	case n%2 == 1:
		return s[n/2]
	default:
		return (s[n/2-1] + s[n/2]) / 2
	}
}

// percentile is the smallest duration that a share p of all does not exceed; the
// list is sorted on the way.
func percentile(list []time.Duration, p float64) time.Duration {
	if len(list) == 0 {
		return 0
	}
	slices.Sort(list)
	n := int(math.Ceil(p * float64(len(list))))
	return list[min(max(n, 1), len(list))-1]
}

// perSecond writes a rate.
func perSecond(rate float64) string {
	if rate >= 100 {
		return grouped(int64(math.Round(rate))) + "/s"
	}
	return strconv.FormatFloat(rate, 'f', 1, 64) + "/s"
}

// grouped writes a number with its thousands apart.
func grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// millis writes a duration in milliseconds.
func millis(d time.Duration) string {
	ms := float64(d) / float64(time.Millisecond)
	if ms < 10 {
		return fmt.Sprintf("%.2f ms", ms)
	}
	return fmt.Sprintf("%.0f ms", ms)
}

// seconds writes a duration in seconds.
func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }

// kib writes a number of bytes in KiB.
func kib(bytes float64) string { return fmt.Sprintf("%.1f KiB", bytes/1024) }

// two writes two percentiles into one cell.
func two(a, b time.Duration) string { return millis(a) + " / " + millis(b) }

// micros writes a number of seconds in microseconds.
func micros(seconds float64) string { return fmt.Sprintf("%.0f µs", seconds*1e6) }

// mib writes a number of bytes in MiB.
func mib(bytes int64) string { return fmt.Sprintf("%s MiB", grouped((bytes+1<<19)>>20)) }
