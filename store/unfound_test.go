package store

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// unfound writes out what moderators are shown.
func (c *company) unfound() string {
	c.t.Helper()
	c.do(nil, c.FlushUnfound(c.ctx))
	list, err := c.Unfound(c.ctx, c.mod)
	if err != nil {
		c.t.Fatal(err)
	}
	var out []string
	for _, u := range list {
		out = append(out, fmt.Sprintf("%s %d+", u.Query, u.AtLeast))
	}
	return strings.Join(out, ", ")
}

func TestWhatFivePeopleDoNotFindIsShown(t *testing.T) {
	c := newCompany(t)
	crowd := c.crowd(12)
	shown := func(want string) {
		t.Helper()
		if got := c.unfound(); got != want {
			t.Errorf("shown is %q, want %q", got, want)
		}
	}
	for _, p := range crowd[:4] {
		c.LookedFor(p.ID, "mensa vegana", "mensa vegana", false)
		c.LookedFor(p.ID, "mensa vegana", "mensa vegana", false) // the same again
	}
	shown("")
	c.LookedFor(crowd[3].ID, "altro", "altro", false)
	c.LookedFor(crowd[3].ID, "mensa vegana", "mensa vegana", false) // who asked already
	shown("")
	c.LookedFor(crowd[4].ID, "mensa vegana", "mensa vegana", false)
	shown("mensa vegana 5+")
	for _, p := range crowd[5:] {
		c.LookedFor(p.ID, "mensa vegana", "mensa vegana", false)
	}
	shown("mensa vegana 10+")

	for _, p := range crowd[:5] { // something came up: who opens it has found it
		c.LookedFor(p.ID, "parcheggio bici", "parcheggio bici", true)
	}
	c.Opened(crowd[0].ID)
	c.later(unfoundTurn)
	shown("mensa vegana 10+")
	c.LookedFor(crowd[0].ID, "parcheggio bici", "parcheggio bici", true)
	c.LookedFor(crowd[0].ID, "bici", "bici", true) // went on looking
	shown("mensa vegana 10+, parcheggio bici 5+")

	for _, q := range []string{"prj 1234", "anna@example.com", "a b c d e f g", "ab", "bruno", strings.ToLower(c.anna.Name), strings.Repeat("x", 81)} {
		for _, p := range crowd {
			c.LookedFor(p.ID, q, q, false)
		}
	}
	for _, typed := range []string{"@stipendio", "chi ha mai visto lo stipendio del capo", "stipendio ٢٠٢٦"} { // judged as typed
		for _, p := range crowd {
			c.LookedFor(p.ID, typed, "stipendio", false)
		}
	}
	shown("mensa vegana 10+, parcheggio bici 5+")

	if _, err := c.Unfound(c.ctx, c.anna); err == nil {
		t.Error("an employee read what others look for")
	}
	if err := c.PutAside(c.ctx, c.anna, "mensa vegana"); err == nil {
		t.Error("an employee put a search aside")
	}
	c.do(nil, c.PutAside(c.ctx, c.mod, "mensa vegana"))
	shown("parcheggio bici 5+")
	c.later(unfoundKept + 24*time.Hour)
	shown("")
}

// Under the key of another month the same people are others: they must not count twice.
func TestAMonthCountsForItself(t *testing.T) {
	c := newCompany(t)
	crowd := c.crowd(4)
	for range 3 {
		for _, p := range crowd {
			c.LookedFor(p.ID, "mensa vegana", "mensa vegana", false)
			c.LookedFor(p.ID, "", "", false)
		}
		if got := c.unfound(); got != "" {
			t.Fatalf("four people are shown: %q", got)
		}
		c.later(31 * 24 * time.Hour)
	}
	var keys, rows int
	c.do(nil, c.readDB.QueryRowContext(c.ctx, `SELECT (SELECT COUNT(*) FROM search_key), (SELECT COUNT(DISTINCT key_id) FROM unfound)`).Scan(&keys, &rows))
	if keys != 1 || rows < 2 {
		t.Errorf("%d keys are kept, the rows know %d", keys, rows)
	}
}

// What is written tells nobody who searched, and no copy holds the key.
func TestNobodyIsKeptWithASearch(t *testing.T) {
	c := newCompany(t)
	c.LookedFor(c.anna.ID, "mensa vegana", "mensa vegana", false)
	c.LookedFor(c.anna.ID, "parcheggio", "parcheggio", false)
	c.LookedFor(c.bruno.ID, "parcheggio", "parcheggio", false)
	c.do(nil, c.FlushUnfound(c.ctx))
	var signs int
	var secret string
	c.do(nil, c.readDB.QueryRowContext(c.ctx, `SELECT COUNT(DISTINCT who), (SELECT secret FROM search_key) FROM unfound`).Scan(&signs, &secret))
	if signs != 3 {
		t.Errorf("%d signs of three searches: what one person looks for shows", signs)
	}
	file := filepath.Join(t.TempDir(), "copy.db")
	c.do(nil, c.Backup(c.ctx, file))
	b, err := os.ReadFile(file) // #nosec G304 -- of this test
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(b), secret) || !strings.Contains(string(b), "mensa vegana") {
		t.Error("the copy holds the key, or nothing")
	}
	c.later(31 * 24 * time.Hour)
	c.do(nil, c.FlushUnfound(c.ctx))
	c.do(nil, c.Forget(c.ctx))
	for _, name := range []string{"convivio.db", "convivio.db-wal"} {
		if b, _ := os.ReadFile(filepath.Join(c.Dir(), name)); strings.Contains(string(b), secret) {
			t.Errorf("%s holds the key of a month that is over", name)
		}
	}
}
