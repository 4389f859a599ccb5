package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"convivio/store"
	"convivio/store/board"
)

func texts(t *testing.T) *company {
	t.Helper()
	c, err := readDemo(demoFiles)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestTheDemoIsACompanyOfTheSizePromised(t *testing.T) {
	c := texts(t)
	ideas := 0
	small := 0
	for _, b := range c.Boards {
		if b.Slug == smallBoard {
			small = len(b.ideas)
		} else {
			ideas += len(b.ideas)
		}
	}
	if small < 150 {
		t.Errorf("only %d small ideas: the figures of the demo would have little to count", small)
	}
	if len(c.Sites) != 3 || len(c.Teams) != 9 || len(c.Boards) != 7 || ideas != 80 || len(c.People) != 60 || len(c.People)+len(c.silent()) != demoStaff {
		t.Errorf("%d sites, %d teams, %d boards, %d ideas, %d voices, %d silent", len(c.Sites), len(c.Teams), len(c.Boards), ideas, len(c.People), len(c.silent()))
	}
	shown := map[board.Role]int{}
	guests := 0
	for _, p := range c.People {
		if p.Show && p.NoteIT != "" && p.NoteEN != "" {
			for _, r := range append(p.Roles, "") {
				shown[r]++
			}
			if p.Kind == board.Guest {
				guests++
			}
		}
	}
	if guests != 1 || shown[board.Moderator] != 1 || shown[board.HR] != 1 || shown[board.Admin] != 1 || shown[""] < 6 {
		t.Errorf("the sign-in page offers %v and %d guests", shown, guests)
	}
}

func TestTheDemoIsTheSameEveryTime(t *testing.T) {
	now := time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)
	one, two := texts(t).history(now), texts(t).history(now)
	if len(one) != len(two) {
		t.Fatalf("%d acts, then %d", len(one), len(two))
	}
	for i := range one {
		a, b := one[i], two[i]
		if !a.at.Equal(b.at) || a.idea.Key != b.idea.Key || a.voter != b.voter || a.weight() != b.weight() {
			t.Fatalf("act %d: %v %s, then %v %s", i, a.at, a.idea.Key, b.at, b.idea.Key)
		}
		if a.at.After(now) || now.Sub(a.at) > 430*24*time.Hour {
			t.Errorf("act %d is at %v", i, a.at)
		}
	}
}

func TestTheDemoSleepsAtNightAndKeepsItsOrder(t *testing.T) {
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Skip("no time zones on this machine")
	}
	for _, hour := range []int{3, 7, 8, 13, 23} {
		now := time.Date(2026, 11, 22, hour, 30, 0, 0, rome)
		var last time.Time
		for at := now.Add(-400 * 24 * time.Hour); !at.After(now); at = at.Add(37 * time.Minute) {
			got := wakingHours(at, now)
			if got.Before(last) || got.After(now) {
				t.Fatalf("started at %d: %v became %v, after %v", hour, at, got, last)
			}
			last = got
			if h := got.Hour(); got.Day() != now.Day() && (h < 7 || h > 22) {
				t.Fatalf("started at %d: %v became %v", hour, at, got)
			}
		}
	}
}

// demoIn fills a demo's folder.
func demoIn(t *testing.T, dir string) *store.Store {
	t.Helper()
	st, err := openDemo(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	return st
}

// somebody of the demo.
func somebody(t *testing.T, st *store.Store, email string) board.Who {
	t.Helper()
	a, err := st.Account(t.Context(), store.Operator(), email)
	if err != nil {
		t.Fatal(err)
	}
	return board.Who{ID: a.ID, Name: a.Name, Kind: a.Kind, Roles: a.Roles}
}

func TestTheDemoIsFilledThroughTheVerbs(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "demo")
	st := demoIn(t, dir)
	clean(t, st)
	c := texts(t)
	marta, nives := somebody(t, st, "marta.riva@scalvedi.example"), somebody(t, st, "nives.furlan@guest.example")
	for _, b := range c.Boards {
		reader := marta // of the pilot group: she sees every board
		titled := map[string]board.Idea{}
		for cursor, more := "", true; more; more = cursor != "" {
			list, err := st.Ideas(t.Context(), reader, store.Listing{Board: b.Slug, Sort: board.Newest, Limit: 100, Cursor: cursor})
			if err != nil {
				t.Fatalf("%s: %v", b.Slug, err)
			}
			for _, i := range list.Items {
				titled[i.Title] = i
			}
			cursor = list.Next
		}
		for _, i := range b.ideas {
			got := titled[i.Title]
			if got.Votes != i.Votes || got.Answers != len(i.Answers) {
				t.Errorf("%s: got %d votes and %d answers, the text says %d and %d", i.Key, got.Votes, got.Answers, i.Votes, len(i.Answers))
			}
		}
	}
	home, err := st.Home(t.Context(), marta, 10)
	if err != nil || len(home.Moved) == 0 || len(home.Waiting) != 0 || len(home.Growing) == 0 || home.Newcomer {
		t.Errorf("on her first page Marta finds %d moved, %d waiting, %d growing, %v", len(home.Moved), len(home.Waiting), len(home.Growing), err)
	}
	fewUnseen(t, st)
	seen, err := st.Boards(t.Context(), nives)
	if err != nil || len(seen) != 1 {
		t.Errorf("a guest sees %d boards, %v", len(seen), err)
	}
	if faces, err := demoFaces(t.Context(), st); err != nil || len(faces) < 6 || faces[0].Name != "Marta Riva" {
		t.Errorf("the sign-in page offers %+v, %v", faces, err)
	}
	entries, err := st.Entries(t.Context(), st.Head()-1, 1)
	if err != nil || time.Since(time.UnixMicro(entries[0].At)) < 0 {
		t.Errorf("the last event lies in the future: %+v, %v", entries, err)
	}
	after, _, err := st.AddPerson(t.Context(), store.Operator(), board.NewPerson{Email: "nuova@scalvedi.example", Name: "Nuova", Kind: board.Employee})
	if err != nil {
		t.Fatalf("after the filling: %+v, %v", after, err)
	}
	if entries, err = st.Entries(t.Context(), st.Head()-1, 1); err != nil || time.Since(time.UnixMicro(entries[0].At)) > time.Hour {
		t.Errorf("the clock does not run after the filling: %+v, %v", entries, err)
	}
}

func TestAnInterruptedFillingBeginsAnew(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "demo")
	ctx, cancel := context.WithCancel(t.Context())
	half, err := store.Open(ctx, store.Options{Dir: dir, Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := half.AddPerson(ctx, store.Operator(), board.NewPerson{Email: "a@example.com", Name: "Half", Kind: board.Employee}); err != nil {
		t.Fatal(err)
	}
	write(t, fillMark(dir))
	if _, err := openDemo(ctx, dir, store.Options{}); err == nil {
		t.Fatal("a filling under way was cleared away")
	}
	if err := half.Close(); err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := openDemo(ctx, dir, store.Options{}); err == nil {
		t.Fatal("a filling that was called off succeeded")
	}
	st := demoIn(t, dir)
	if p, err := st.Person(t.Context(), store.Operator(), 1); err != nil || p.Name != "Marta Riva" {
		t.Errorf("the first person is %+v, %v", p, err)
	}
	if _, err := os.Stat(fillMark(dir)); err == nil {
		t.Error("the mark of an unfinished filling is there still")
	}
	head := st.Head()
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	if again := demoIn(t, dir); again.Head() != head {
		t.Errorf("the second start went from event %d to %d", head, again.Head())
	}
}

// fewUnseen looks at the bells of those whom the sign-in page offers: most have
// something to tell, and none has hundreds.
func fewUnseen(t *testing.T, st *store.Store) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- st.RunNotices(ctx) }()
	err := st.WaitNotices(t.Context(), st.Head())
	stop()
	if err := errors.Join(err, <-done); err != nil {
		t.Fatal(err)
	}
	faces, err := demoFaces(t.Context(), st)
	if err != nil {
		t.Fatal(err)
	}
	some := 0
	for _, p := range faces {
		n, err := st.Unseen(t.Context(), p.ID)
		if err != nil || n > 40 {
			t.Errorf("%s has %d unseen notices, %v", p.Name, n, err)
		}
		if n > 0 {
			some++
		}
	}
	if some < len(faces)/2 {
		t.Errorf("only %d of %d have something unseen", some, len(faces))
	}
}
