package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"

	"convivio/store/board"
)

// plainFiles writes the figures twice, as JSON: two files of some megabytes.
func plainFiles(_ board.Release, figures iter.Seq2[board.Figure, error], to board.ReleaseSink) error {
	for _, name := range []string{"figures.jsonl", "again.jsonl"} {
		w, err := to.Create(name, "application/jsonl")
		if err != nil {
			return err
		}
		text := json.NewEncoder(w)
		for f, err := range figures {
			if err != nil {
				return err
			}
			if err := text.Encode(f); err != nil {
				return err
			}
		}
	}
	return nil
}

// tellingFiles makes the same, and prints a point whenever a thousand figures are
// written.
func tellingFiles(r board.Release, figures iter.Seq2[board.Figure, error], to board.ReleaseSink) error {
	n := 0
	return plainFiles(r, func(yield func(board.Figure, error) bool) {
		for f, err := range figures {
			if n++; n%1000 == 0 {
				_, _ = os.Stdout.WriteString(".")
			}
			if !yield(f, err) {
				return
			}
		}
	}, to)
}

// withFigures is a company with closed months in which as many teams have figures.
func withFigures(t *testing.T, dir string, months, teams int) (*Store, board.Who) {
	t.Helper()
	s, err := Open(t.Context(), Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	p, _, err := s.AddPerson(t.Context(), Operator(), board.NewPerson{Name: "Rita Risorse", Email: "rita@example.com", Kind: board.Employee, Roles: []board.Role{board.HR}})
	if err != nil {
		t.Fatal(err)
	}
	first := board.MonthOf(s.Now()) - board.Month(months)
	for m := range months {
		list := []statement{{`INSERT INTO month (month, closed_at) VALUES ($1, 0)`, []any{int64(first) + int64(m)}}}
		for i := range teams {
			list = append(list, statement{`INSERT INTO figure (month, measure, dimension, unit, unit_id, state, value) VALUES ($1, 'ideas', 'team', $2, $3, 'exact', $4)`,
				[]any{int64(first) + int64(m), fmt.Sprintf("Reparto %d", i), i + 1, float64(10 + i)}})
		}
		if err := s.note(t.Context(), list...); err != nil {
			t.Fatal(err)
		}
	}
	return s, board.Who{ID: p.ID, Name: p.Name, Kind: p.Kind, Roles: p.Roles}
}

func releaseOf(first, last board.Month) board.Asked {
	return board.Asked{From: first, To: last, By: []board.Dimension{board.ByTeam}, Lang: "it"}
}

// TestMakesReleasesUntilItIsKilled is no test but the program of the next one.
func TestMakesReleasesUntilItIsKilled(t *testing.T) {
	dir := os.Getenv("CONVIVIO_RELEASES_IN")
	if dir == "" {
		t.Skip("only as a process of its own")
	}
	s, err := Open(t.Context(), Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.RunReleases(t.Context(), "test", tellingFiles); err != nil {
		t.Fatal(err)
	}
}

// TestReleasesSurviveAnyBlow is P-23: the server is killed at random moments while
// it makes releases. Each time, a release is there only with an entry of the audit
// log that says it is done and has the hashes of its files, and no such entry is
// there without them; in the end all that was asked for is there, once.
func TestReleasesSurviveAnyBlow(t *testing.T) {
	const blows, months, orders = 12, 12, 18
	dir := t.TempDir()
	s, rita := withFigures(t, dir, months, 900)
	first := board.MonthOf(s.Now()) - months
	for n := range orders {
		a := releaseOf(first+board.Month(n/2), first+11)
		a.BOM = n%2 == 0
		if _, err := s.OrderRelease(t.Context(), rita, a); err != nil {
			t.Fatal(err)
		}
	}
	half := 0 // how often something was half made
	for blow := range blows {
		if err := s.note(t.Context(), statement{`UPDATE release_order SET begun = 0`, nil}); err != nil { // more blows than a server survives
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		child := exec.Command(os.Args[0], "-test.run=^TestMakesReleasesUntilItIsKilled$")
		child.Env = append(os.Environ(), "CONVIVIO_RELEASES_IN="+dir)
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		points := 1 + rand.IntN(15) // the moment of the blow: amid a release, or between two
		if blow%2 == 0 {
			points = 9 + rand.IntN(6) // when the first megabyte is kept
		}
		for range points {
			if _, err := io.ReadFull(out, make([]byte, 1)); err != nil {
				t.Fatal(err)
			}
		}
		_ = child.Process.Kill()
		_ = child.Wait()
		if s, err = Open(t.Context(), Options{Dir: dir}); err != nil {
			t.Fatal(err)
		}
		half += checkReleases(t, s)
	}
	defer s.Close()
	t.Logf("%d times something was half made after %d blows", half, blows)
	if half == 0 {
		t.Error("no blow fell into a release: the test shows nothing")
	}
	makeAll(t, s, plainFiles)
	checkReleases(t, s)
	list, err := s.Releases(t.Context(), rita)
	if err != nil || len(list) != orders || slices.ContainsFunc(list, func(r board.Release) bool { return r.State != board.ReleaseReady }) {
		t.Errorf("of %d releases there are %d, %v: %+v", orders, len(list), err, list)
	}
}

// makeAll makes what waits.
func makeAll(t *testing.T, s *Store, write board.ReleaseMaker) {
	t.Helper()
	if err := s.MakeReleases(t.Context(), "test", write); err != nil {
		t.Fatal(err)
	}
}

// checkReleases compares releases, their bytes and the audit log, and tells whether
// there are pieces of one that is not finished.
func checkReleases(t *testing.T, s *Store) (half int) {
	t.Helper()
	said := map[int64]map[string]string{}
	rows, err := s.readDB.QueryContext(t.Context(), `SELECT after FROM audit WHERE act = 'release.made' AND outcome = 'done'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		var made releaseAudit
		if err := errors.Join(rows.Scan(&text), json.Unmarshal([]byte(text), &made)); err != nil {
			t.Fatal(err)
		}
		if len(made.SHA256) != 2 || said[made.Number] != nil {
			t.Errorf("the audit log says of release %d: %s", made.Number, text)
		}
		said[made.Number] = made.SHA256
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	list, err := collectFiles(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	for number, files := range list {
		for name, sum := range files {
			if said[number][name] != sum {
				t.Errorf("release %d: %s has %s, the audit log says %q", number, name, sum, said[number][name])
			}
		}
	}
	for number, files := range said {
		if len(list[number]) != len(files) {
			t.Errorf("release %d is done in the audit log and has %d files", number, len(list[number]))
		}
	}
	if err := s.readDB.QueryRowContext(t.Context(), `SELECT COUNT(DISTINCT number) FROM release_piece WHERE number NOT IN (SELECT number FROM release)`).Scan(&half); err != nil {
		t.Fatal(err)
	}
	return half
}

// collectFiles is the SHA-256 of every file that somebody could take, read whole.
func collectFiles(ctx context.Context, s *Store) (map[int64]map[string]string, error) {
	out := map[int64]map[string]string{}
	rows, err := s.readDB.QueryContext(ctx, `SELECT number, name FROM release_file`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var number int64
		var name string
		if err := rows.Scan(&number, &name); err != nil {
			return nil, err
		}
		_, content, err := s.openRelease(ctx, number, name)
		if err != nil {
			return nil, err
		}
		sum := sha256.New()
		if _, err := io.Copy(sum, content); err != nil {
			return nil, err
		}
		if out[number] == nil {
			out[number] = map[string]string{}
		}
		out[number][name] = hex.EncodeToString(sum.Sum(nil))
	}
	return out, rows.Err()
}

// TestAReleaseHoldsNobodyUp posts while a release is half written: what people do
// does not wait for it, and its page says how far it is.
func TestAReleaseHoldsNobodyUp(t *testing.T) {
	s, rita := withFigures(t, t.TempDir(), 3, 400)
	defer s.Close()
	last := board.MonthOf(s.Now()) - 1
	ordered, err := s.OrderRelease(t.Context(), rita, releaseOf(last-2, last))
	if err != nil || ordered.Number != 1 || ordered.State != board.ReleaseWaits {
		t.Fatalf("%+v, %v", ordered, err)
	}
	again, err := s.OrderRelease(t.Context(), rita, releaseOf(last-2, last))
	if err != nil || again.Number != 1 {
		t.Fatalf("asked again it is %+v, %v", again, err)
	}
	next, err := s.OrderRelease(t.Context(), rita, releaseOf(last, last))
	if err != nil || next.Number != 2 {
		t.Fatalf("%+v, %v", next, err)
	}
	begun := 0
	makeAll(t, s, func(r board.Release, figures iter.Seq2[board.Figure, error], to board.ReleaseSink) error {
		begun++
		w, err := to.Create("figures.jsonl", "application/jsonl")
		if err != nil {
			return err
		}
		if _, err := w.Write(make([]byte, 2*releasePiece+7)); err != nil { // two pieces are kept already
			return err
		}
		for _, err := range figures {
			if err != nil {
				return err
			}
			break
		}
		if _, _, err := s.AddPerson(t.Context(), Operator(), board.NewPerson{Name: "Nuova", Email: fmt.Sprintf("n%d@example.com", r.Number), Kind: board.Employee}); err != nil {
			t.Errorf("somebody else's work: %v", err)
		}
		list, err := s.Releases(t.Context(), rita)
		if err != nil || len(list) != 2 || list[2-r.Number].State != board.ReleaseMaking || r.Number == 1 && list[0].State != board.ReleaseWaits {
			t.Errorf("while %d is made: %+v, %v", r.Number, list, err)
		}
		return nil
	})
	if begun != 2 {
		t.Errorf("%d were made", begun)
	}
	_, content, err := s.TakeRelease(t.Context(), rita, 1, "figures.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := content.Seek(-7, io.SeekEnd); err != nil {
		t.Fatal(err)
	}
	if rest, err := io.ReadAll(content); err != nil || len(rest) != 7 {
		t.Errorf("the end is %v, %v", rest, err)
	}
	for _, change := range []string{`UPDATE release_piece SET size = 1`, `DELETE FROM release_piece`, `DELETE FROM release_file`, `DELETE FROM release`,
		`INSERT INTO release_piece (number, place, piece, size, packed, bytes) VALUES (1, 0, 9, 1, 0, x'00')`} {
		err := s.noteWith(t.Context(), func(tx *Tx) error {
			_, err := tx.conn.ExecContext(tx.ctx, change) // beside what a note may touch
			return err
		})
		if err == nil {
			t.Errorf("a release could be changed: %s", change)
		}
	}
}

// TestAReleaseThatFails says so, stands in the audit log, and is begun anew under
// its number when it is asked for again; one that broke the server off again and
// again is given up.
func TestAReleaseThatFails(t *testing.T) {
	s, rita := withFigures(t, t.TempDir(), 2, 1)
	defer s.Close()
	last := board.MonthOf(s.Now()) - 1
	order := func() board.Release {
		r, err := s.OrderRelease(t.Context(), rita, releaseOf(last, last))
		if err != nil || r.Number != 1 {
			t.Fatalf("%+v, %v", r, err)
		}
		return r
	}
	order()
	makeAll(t, s, func(board.Release, iter.Seq2[board.Figure, error], board.ReleaseSink) error {
		return io.ErrUnexpectedEOF
	})
	r, err := s.Release(t.Context(), rita, 1)
	if err != nil || r.State != board.ReleaseFailed || r.Reason == "" {
		t.Errorf("it is %+v, %v", r, err)
	}
	var failed int
	if err := s.readDB.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM audit WHERE act = 'release.made' AND outcome = 'failed'`).Scan(&failed); err != nil || failed != 1 {
		t.Errorf("%d failures are in the audit log, %v", failed, err)
	}
	if r := order(); r.State != board.ReleaseWaits {
		t.Errorf("asked for again it is %+v", r)
	}
	if err := s.note(t.Context(), statement{`UPDATE release_order SET begun = $1`, []any{maxBegun}}); err != nil {
		t.Fatal(err)
	}
	makeAll(t, s, plainFiles)
	if r, err := s.Release(t.Context(), rita, 1); err != nil || r.State != board.ReleaseFailed {
		t.Errorf("broken off %d times it is %+v, %v", maxBegun, r, err)
	}
	order()
	makeAll(t, s, plainFiles)
	if r, err := s.AwaitRelease(t.Context(), rita, 1, time.Minute); err != nil || r.State != board.ReleaseReady || len(r.Files) != 2 {
		t.Errorf("in the end it is %+v, %v", r, err)
	}
}
