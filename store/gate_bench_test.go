package store

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"convivio/store/board"
)

// BenchmarkPublish is what the gate takes for a month of fifty thousand people in
// six hundred teams at thirty sites, on twenty boards.
func BenchmarkPublish(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	q := &closing{month: 2026*12 + 3, people: map[int64]standpoint{}, firsts: map[int64]int64{}, boards: map[int64]*audience{}, teams: map[int64]string{}, secret: []byte("secret"), piles: piles{}}
	q.begins, q.ends = q.month.Begins(board.Zone()), (q.month + 1).Begins(board.Zone())
	for i := range int64(20) {
		q.boards[i+1] = &audience{name: fmt.Sprint("Board ", i), private: i > 14, members: map[int64]bool{}}
	}
	for id := range int64(50_000) {
		team := id % 600
		site := team % 30
		if r.IntN(8) == 0 {
			site = r.Int64N(30)
		}
		q.teams[team+1] = fmt.Sprint("Team ", team)
		q.people[id] = standpoint{team: team + 1, site: fmt.Sprint("Site ", site)}
		if private := 16 + r.Int64N(5); r.IntN(10) == 0 {
			q.boards[private].members[id] = true
		}
		for range r.IntN(4) {
			on := 1 + r.Int64N(15)
			m := []board.Measure{board.IdeasPosted, board.CommentsMade, board.VotesCast, board.Across}[r.IntN(4)]
			q.add(m, id, on, 1+r.Int64N(4))
			q.add(board.Contributors, id, on, 1)
			q.firsts[id] = micros(q.begins) + 1
		}
	}
	q.adopt()
	b.ResetTimer()
	for b.Loop() {
		q.publish(nil)
	}
}
