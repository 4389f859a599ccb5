package live

import (
	"context"
	"errors"
	"testing"
)

// stumbling is a source that cannot count notices once.
type stumbling struct {
	Source
	counted int
}

func (s *stumbling) UnseenOf(ctx context.Context, people []int64) (map[int64]int, error) {
	s.counted++
	if s.counted == 1 {
		return nil, errors.New("the disk does not answer")
	}
	return s.Source.UnseenOf(ctx, people)
}

func TestWhoCouldNotBeToldIsToldLater(t *testing.T) {
	house := newHouse(t)
	source := &stumbling{Source: house.store}
	h := New(source, nil, Options{})
	defer h.stop()
	h.people[house.anna.ID] = &person{id: house.anna.ID}
	h.notice([]int64{house.anna.ID})
	<-h.noticed
	h.tellUnseen(t.Context())
	if !h.unseen[house.anna.ID] {
		t.Fatal("forgotten after a failure")
	}
	<-h.noticed // by itself
	h.tellUnseen(t.Context())
	if len(h.unseen) != 0 || source.counted != 2 {
		t.Errorf("%v still wait after %d tries", h.unseen, source.counted)
	}
}
