package server

import (
	"context"
	"fmt"
	"regexp"
	"testing"
	"time"

	"convivio/search"
	"convivio/store"
	"convivio/store/board"
)

// formKeys finds the random part of a page's form keys.
var formKeys = regexp.MustCompile(`[A-Z2-7]{26}`)

// withIndex gives a server a real index that follows its store.
func withIndex(t *testing.T) func(*Config) {
	return func(c *Config) {
		x, err := search.Open(t.TempDir()+"/index", c.Store)
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(context.Background())
		done := make(chan struct{})
		go func() {
			defer close(done)
			_ = x.Run(ctx)
		}()
		t.Cleanup(func() {
			stop()
			<-done
			_ = x.Close()
		})
		c.Index = x
		c.Topics = search.NewTopics(x, c.Store, time.Now)
	}
}

// indexed waits until the index has everything.
func (f *front) indexed() {
	f.Helper()
	if err := f.server.Index.Wait(f.Context(), f.store.Head()); err != nil {
		f.Fatal(err)
	}
}

func (f *front) addPerson(name string, kind board.Kind, roles ...board.Role) {
	f.Helper()
	p, _, err := f.store.AddPerson(f.Context(), store.Operator(), board.NewPerson{Email: name + "@example.com", Name: "Persona " + name, Kind: kind, Roles: roles})
	if err != nil {
		f.Fatal(err)
	}
	f.people[name] = board.Who{ID: p.ID, Name: p.Name, Kind: kind, Roles: roles}
}

// entriesAbout lists what was recorded about an idea after a seq.
func (f *front) entriesAbout(idea, after int64) (kinds []string) {
	f.Helper()
	for {
		list, err := f.store.Entries(f.Context(), after, 1000)
		if err != nil {
			f.Fatal(err)
		}
		if len(list) == 0 {
			return kinds
		}
		for _, e := range list {
			if after = e.Seq; e.Idea == idea {
				kinds = append(kinds, fmt.Sprint(e.Kind))
			}
		}
	}
}
