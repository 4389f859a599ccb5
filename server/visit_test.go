package server

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// visited are the lines of the access log, the oldest first.
func visited(t *testing.T, dir string) (all []visit, raw string) {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		raw += string(text)
		for lines := bufio.NewScanner(strings.NewReader(string(text))); lines.Scan(); {
			var v visit
			if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
				t.Fatal(err)
			}
			all = append(all, v)
		}
	}
	return all, raw
}

// TestNoVisitIsKeptLongerThanItMay lets days go by, P-25: whatever is chosen, and
// whenever in the day somebody comes, no line of the access log that says who came is
// older than that, nor than 21 days.
func TestNoVisitIsKeptLongerThanItMay(t *testing.T) {
	for _, days := range []int{0, 1, 7, MostVisitDays} {
		dir := filepath.Join(t.TempDir(), "access")
		now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
		v, err := OpenVisits(dir, days, func() time.Time { return now })
		if err != nil {
			t.Fatal(err)
		}
		seen := 0
		for n := range 24 * 24 * 3 {
			if err := v.add(visit{ID: "x", Person: 7, From: "192.0.2.7", Method: "GET", Route: "/", Status: 200}); err != nil {
				t.Fatal(err)
			}
			now = now.Add([...]time.Duration{10, 40, 10}[n%3] * time.Minute)
			if err := v.Sweep(); err != nil {
				t.Fatal(err)
			}
			if now.Hour() != 0 && now.Hour() != 23 {
				continue
			}
			if days == 0 {
				continue
			}
			all, _ := visited(t, dir)
			if seen = len(all); seen == 0 {
				continue
			}
			at, err := time.Parse("2006-01-02T15:04Z", all[0].At)
			if err != nil {
				t.Fatal(err)
			}
			slack := time.Duration(0)
			if days == 1 { // today's file stays while it is today's
				slack = 10 * time.Minute
			}
			if old := now.Sub(at); old > time.Duration(days)*24*time.Hour+slack || old > 21*24*time.Hour {
				t.Fatalf("of %d days one line is %s old", days, old)
			}
		}
		if _, err := os.Stat(dir); days == 0 && err == nil || days > 1 && seen < (days-2)*72 {
			t.Errorf("of %d days %d lines are left (%v)", days, seen, err)
		}
		now = now.AddDate(1, 0, 0) // the server was off meanwhile
		if err := v.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err = OpenVisits(dir, days, func() time.Time { return now }); err != nil {
			t.Fatal(err)
		}
		if left, _ := os.ReadDir(dir); len(left) > 0 {
			t.Errorf("after a year %v are left", left)
		}
	}
	if _, err := OpenVisits(t.TempDir(), MostVisitDays+1, time.Now); err == nil || !strings.Contains(err.Error(), "21 days at most") {
		t.Errorf("22 days: %v", err)
	}
}

// TestTheAccessLogNamesRoutesAndNumbers looks at what stands in it: no name, no
// address of a page, no word.
func TestTheAccessLogNamesRoutesAndNumbers(t *testing.T) {
	dir := t.TempDir()
	f := newFront(t, func(c *Config) {
		var err error
		if c.Visits, err = OpenVisits(dir, 3, time.Now); err != nil {
			t.Fatal(err)
		}
	})
	t.Cleanup(func() { _ = f.server.Visits.Close() })
	f.boards()
	anna := f.as("anna")
	anna.get("/people/2?q=CNRYwords")
	anna.get("/CNRYpath")
	f.nobody().post("/signin", fields("email", "CNRY@example.com", "password", "CNRYpassword"))
	f.nobody().get("/healthz")
	all, raw := visited(t, dir)
	if strings.Contains(raw, "CNRY") || strings.Contains(raw, "Anna") || strings.Contains(raw, "/people/2") || strings.Contains(raw, "healthz") {
		t.Errorf("the access log holds too much:\n%s", raw)
	}
	if !slices.ContainsFunc(all, func(v visit) bool {
		return v.Person == f.people["anna"].ID && v.Route == "/people/:person" && v.From == "127.0.0.1" && v.Status == 200 && v.ID != ""
	}) {
		t.Errorf("a visit is missing:\n%s", raw)
	}
	if info, err := os.Stat(filepath.Join(dir, time.Now().UTC().Format(time.DateOnly)+visitSuffix)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("today's file: %v, %v", info, err)
	}
}
