package store

import (
	"sync/atomic"
	"testing"

	"convivio/store/board"
)

// BenchmarkReply is durable comments with many writers waiting together.
func BenchmarkReply(b *testing.B) {
	s, err := Open(b.Context(), Options{Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	p, _, err := s.AddPerson(b.Context(), Operator(), board.NewPerson{Name: "Ada", Email: "ada@example.com", Kind: board.Employee, Roles: []board.Role{board.Admin}})
	if err != nil {
		b.Fatal(err)
	}
	who := board.Who{ID: p.ID, Name: p.Name, Kind: p.Kind, Roles: p.Roles}
	if _, err := s.AddBoard(b.Context(), who, board.NewBoard{Slug: "prova", Name: "Prova"}, ""); err != nil {
		b.Fatal(err)
	}
	var ideas []int64
	for range 50 {
		i, err := s.AddIdea(b.Context(), who, "prova", board.NewIdea{Title: "Idea"}, "")
		if err != nil {
			b.Fatal(err)
		}
		ideas = append(ideas, i.ID)
	}
	var n atomic.Int64
	b.SetParallelism(64)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			idea := ideas[n.Add(1)%int64(len(ideas))]
			if _, err := s.Reply(b.Context(), who, idea, board.NewComment{Body: "Il martedì mattina la sala grande è **libera** quasi sempre: ho guardato i dati di prenotazione."}, ""); err != nil {
				b.Error(err)
			}
		}
	})
}
