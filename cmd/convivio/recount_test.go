package main

import (
	"database/sql"
	"path/filepath"
	"testing"

	"convivio/cmd/convivio/bench"
	"convivio/store"
	"convivio/store/board"
)

// recounted closes the months of a company and holds what is published of each
// against a count by other means.
func recounted(t *testing.T, st *store.Store) (compared int) {
	t.Helper()
	if err := st.CloseMonths(t.Context()); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(st.Dir(), "convivio.db")+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	hr := board.Who{Kind: board.Employee, Roles: []board.Role{board.HR}}
	months, err := st.Months(t.Context(), hr)
	if err != nil || len(months) == 0 {
		t.Fatalf("%d months are closed, %v", len(months), err)
	}
	for _, m := range months {
		counted, err := bench.Recount(t.Context(), db, m)
		if err != nil {
			t.Fatal(err)
		}
		for _, by := range board.Dimensions {
			list, err := st.Figures(t.Context(), hr, by, m, m)
			if err != nil {
				t.Fatal(err)
			}
			faults, n := bench.Agree(list, counted)
			compared += n
			for _, f := range faults {
				t.Error(f)
			}
		}
	}
	return compared
}

// TestTheFiguresOfTheDemoAreWhatStandsInIt holds every published figure of the made-up
// company against a count straight from the tables.
func TestTheFiguresOfTheDemoAreWhatStandsInIt(t *testing.T) {
	st := demoIn(t, filepath.Join(t.TempDir(), "demo"))
	if n := recounted(t, st); n < 100 {
		t.Errorf("only %d figures are shown and could be compared", n)
	}
}
