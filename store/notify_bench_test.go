package store

import (
	"context"
	"fmt"
	"testing"

	"convivio/store/board"
)

// BenchmarkManyFollowers finds whom 300 comments on one idea concern that 300 follow.
func BenchmarkManyFollowers(b *testing.B) {
	s, err := Open(b.Context(), Options{Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	ctx := b.Context()
	must := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	who := make([]board.Who, 301)
	for i := range who {
		p, _, err := s.AddPerson(ctx, Operator(), board.NewPerson{Name: fmt.Sprint("Folla ", i), Email: fmt.Sprintf("f%d@example.com", i), Kind: board.Employee, Roles: []board.Role{board.Admin}})
		must(err)
		who[i] = board.Who{ID: p.ID, Name: p.Name, Kind: p.Kind, Roles: p.Roles}
	}
	_, err = s.AddBoard(ctx, who[0], board.NewBoard{Slug: "prova", Name: "Prova"}, "")
	must(err)
	idea, err := s.AddIdea(ctx, who[0], "prova", board.NewIdea{Title: "Idea"}, "")
	must(err)
	for _, w := range who {
		_, err := s.FollowIdea(context.Background(), w, idea.ID)
		must(err)
	}
	before := s.Head()
	for i := range 300 {
		_, err := s.Reply(ctx, who[i], idea.ID, board.NewComment{Body: fmt.Sprintf("%s @folla.%d", names(board.MaxMentions-1, 20*i), i)}, "")
		must(err)
	}
	for b.Loop() {
		named, seq, err := s.named(ctx, before, s.Head())
		must(err)
		list, err := s.concerned(ctx, before, seq, named)
		must(err)
		if len(list) < 300 {
			b.Fatalf("%d are told", len(list))
		}
	}
}
