package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// resident is how much memory a process holds, in bytes.
func resident(pid int) (int64, error) {
	f, err := os.Open(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		return 0, fmt.Errorf("read how much memory a server holds: %w", err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), "Rss:"); ok {
			kib, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(rest, "kB")), 10, 64)
			return kib << 10, err
		}
	}
	return 0, errors.New("the kernel does not say how much memory a server holds")
}

// ticks is how many times a second the kernel counts the processors' time.
const ticks = 100

// busy is how much of the processors' time the server has used since it began.
func (c *child) busy() (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", c.cmd.Process.Pid))
	if err != nil {
		return 0, fmt.Errorf("read how busy a server was: %w", err)
	}
	_, rest, _ := strings.Cut(string(text), ") ") // behind the name, which may hold anything
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0, errors.New("the kernel does not say how busy a server was")
	}
	user, err := strconv.ParseInt(fields[11], 10, 64)
	if err != nil {
		return 0, fmt.Errorf("read how busy a server was: %w", err)
	}
	system, err := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * time.Second / ticks, err
}

// followed is how far the log goes and how far behind a follower is, in events.
type followed struct{ head, lag int64 }

// index reads how far behind the search index is.
func (c *child) index(ctx context.Context) (f followed, err error) {
	text, err := figures(ctx, c.addr)
	if err != nil {
		return f, err
	}
	if f.head, err = metric(text, "convivio_log_head"); err != nil {
		return f, err
	}
	f.lag, err = metric(text, `convivio_follower_lag{follower="search"}`)
	return f, err
}

// figures reads what our server shows to those who watch it.
func figures(ctx context.Context, addr string) ([]byte, error) {
	text, err := once(ctx, addr, newRequest("GET", addr, "/metrics").bare(), 200)
	if err != nil {
		return nil, fmt.Errorf("read the server's figures: %w", err)
	}
	return text, nil
}

// metric finds the value of a figure in Prometheus' text format.
func metric(text []byte, name string) (int64, error) {
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(strings.TrimSpace(line), name+" "); ok {
			f, err := strconv.ParseFloat(value, 64)
			return int64(f), err
		}
	}
	return 0, fmt.Errorf("the server shows no figure %s", name)
}
