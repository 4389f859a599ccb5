package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"convivio/store/board"
)

// MostVisitDays is how many days the access log is kept at most. Nothing raises it:
// logs that say who asked for what are what the Italian authority bounds (guidance
// of 6 June 2024).
const MostVisitDays = int(board.MostVisits / (24 * time.Hour))

// Visits is the access log: who asked for which route, from where. It stands in a
// folder, a file for each day (UTC), and takes away by itself those that are too
// old. Times are to the minute, routes without what stands in their places.
type Visits struct {
	dir  string
	days int
	now  func() time.Time

	mu   sync.Mutex
	day  string
	file *os.File
}

// visit is a line of the access log.
type visit struct {
	At     string `json:"at"`
	ID     string `json:"id"`
	Person int64  `json:"person,omitempty"` // its number; none: nobody signed in
	From   string `json:"from"`
	Method string `json:"method"`
	Route  string `json:"route"`
	Status int    `json:"status"`
}

// OpenVisits keeps an access log of so many days in a folder; 0 keeps none, and
// erases what stands there. Errors: more than 21 days.
func OpenVisits(dir string, days int, now func() time.Time) (*Visits, error) {
	if days < 0 || days > MostVisitDays {
		return nil, fmt.Errorf("the access log says who asked for what: it is kept %d days at most, or 0 for none, not %d", MostVisitDays, days)
	}
	if days > 0 {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, fmt.Errorf("make the folder of the access log: %w", err)
		}
	}
	v := &Visits{dir: dir, days: days, now: now}
	return v, v.Sweep()
}

// Keeps tells for how many days the log is kept; 0: there is none.
func (v *Visits) Keeps() int {
	if v == nil {
		return 0
	}
	return v.days
}

// add writes a line into today's file.
func (v *Visits) add(line visit) error {
	if v.Keeps() == 0 {
		return nil
	}
	now := v.now().UTC()
	line.At = now.Format("2006-01-02T15:04Z")
	text, err := json.Marshal(line)
	if err != nil {
		return fmt.Errorf("write the access log: %w", err)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if day := now.Format(time.DateOnly); v.file == nil || v.day != day {
		if err := v.close(); err != nil {
			return err
		}
		// #nosec G304 -- a date below the folder of the log
		v.file, err = os.OpenFile(filepath.Join(v.dir, day+visitSuffix), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return fmt.Errorf("open the access log: %w", err)
		}
		v.day = day
	}
	if _, err := v.file.Write(append(text, '\n')); err != nil {
		return fmt.Errorf("write the access log: %w", err)
	}
	return nil
}

// visitSuffix is how the names of the files end, behind the day.
const visitSuffix = ".jsonl"

// sweepAhead is more than lies between two sweeps.
const sweepAhead = 15 * time.Minute

// Sweep deletes the files of days that are over for as long as the log is kept.
// The server calls it when it begins and every ten minutes.
func (v *Visits) Sweep() error {
	if v == nil {
		return nil
	}
	list, err := os.ReadDir(v.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("look through the access log: %w", err)
	}
	// No line of the oldest day that stays is as old before it is looked again.
	now := v.now().UTC()
	today, first := now.Format(time.DateOnly), now.Add(sweepAhead).AddDate(0, 0, 1-v.days).Format(time.DateOnly)
	var errs []error
	for _, f := range list {
		day, ok := strings.CutSuffix(f.Name(), visitSuffix)
		if _, err := time.Parse(time.DateOnly, day); !ok || err != nil || day >= first || day == today && v.days > 0 {
			continue
		}
		if err := os.Remove(filepath.Join(v.dir, f.Name())); err != nil {
			errs = append(errs, fmt.Errorf("delete an access log that is too old: %w", err))
		}
	}
	return errors.Join(errs...)
}

// Close lets go of today's file.
func (v *Visits) Close() error {
	if v == nil {
		return nil
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.close()
}

func (v *Visits) close() error {
	if v.file == nil {
		return nil
	}
	err := v.file.Close()
	v.file = nil
	if err != nil {
		return fmt.Errorf("close the access log: %w", err)
	}
	return nil
}
