package search

import (
	"context"
	"fmt"
	"slices"

	"convivio/store/board"
)

// settle lets the store say what the names in a question mean to this reader,
// and adds what stands beside the words. Errors: invalid (sort), the store's.
func (x *Index) settle(ctx context.Context, who board.Who, s sight, q board.Query, asked *question) error {
	for _, f := range []*filter{&asked.filter, &asked.except} {
		for _, typed := range f.boards {
			f.byBoard = true
			f.boardIDs = append(f.boardIDs, s.named(typed)...)
		}
		if err := x.askNames(ctx, who, f); err != nil {
			return err
		}
	}
	if b, ok := s.board(q.Board); ok {
		f := &asked.filter
		f.nothing = f.nothing || f.byBoard && !slices.Contains(f.boardIDs, b.ID)
		f.boardIDs, f.byBoard = []int64{b.ID}, true
	}
	asked.filter = asked.filter.merge(q)
	if q.Sort == board.ByNewest && asked.uncounted(who) {
		return board.FieldFault("sort", "What one person wrote is not listed by date.")
	}
	return nil
}

// askNames asks the store about people, teams and what the reader wrote and follows.
func (x *Index) askNames(ctx context.Context, who board.Who, f *filter) error {
	people, ideas := len(f.people)+len(f.teams) > 0, f.mine || f.followed
	if !people && !ideas {
		return nil
	}
	named, err := x.src.Named(ctx, who, board.Names{People: f.people, Teams: f.teams, Mine: f.mine, Followed: f.followed})
	if err != nil {
		return fmt.Errorf("ask what names mean: %w", err)
	}
	if people {
		f.byAuthor, f.authors = true, named.Authors
	}
	if ideas {
		f.byIdea, f.ideas = true, named.Ideas
	}
	return nil
}

// uncounted tells whether people were named, others than the reader. What they
// wrote is neither counted nor set in order of time, so that nobody's timeline
// can be drawn.
func (q question) uncounted(who board.Who) bool {
	for _, f := range [...]filter{q.filter, q.except} {
		if f.byAuthor && (len(f.authors) != 1 || f.authors[0] != who.ID) {
			return true
		}
	}
	return false
}
