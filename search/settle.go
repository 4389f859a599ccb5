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
	}
	if err := x.askNames(ctx, who, &asked.filter, namesOf(asked.filter)); err != nil {
		return err
	}
	// Of what is left out each stands for itself: -author:anna -team:sales is neither.
	not := namesOf(asked.except)
	for _, n := range [...]board.Names{{People: not.People, Mine: not.Mine}, {Teams: not.Teams, Followed: not.Followed}} {
		if err := x.askNames(ctx, who, &asked.except, n); err != nil {
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
	if asked.timeline(who, q) {
		return board.FieldFault("from", "What one person wrote is not searched by date. Leave out the dates, or whose it is.")
	}
	return nil
}

// crowd is from how many people on what a team wrote is nobody's timeline.
const crowd = 5

// timeline tells whether dates are asked for of what one person wrote, or few: by
// trying out dates one could draw their days.
func (q question) timeline(who board.Who, asked board.Query) bool {
	f := q.filter
	if f.from == 0 && f.to == 0 && len(f.years) == 0 || !q.uncounted(who) || !f.byAuthor {
		return false
	}
	if len(f.people) > 0 || asked.Author != 0 {
		return true
	}
	left := 0 // of a team without those of it who are left out
	for n, a := range f.authors {
		if !slices.Contains(f.authors[:n], a) && !slices.Contains(q.except.authors, a) {
			left++
		}
	}
	return left < crowd
}

// namesOf are the names in a filter that the store must explain.
func namesOf(f filter) board.Names {
	return board.Names{People: f.people, Teams: f.teams, Mine: f.mine, Followed: f.followed, Late: f.late}
}

// askNames asks the store about people, teams what the reader wrote and follows, and what is late.
func (x *Index) askNames(ctx context.Context, who board.Who, f *filter, n board.Names) error {
	people, ideas := len(n.People)+len(n.Teams) > 0, n.Mine || n.Followed || n.Late
	if !people && !ideas {
		return nil
	}
	named, err := x.src.Named(ctx, who, n)
	if err != nil {
		return fmt.Errorf("ask what names mean: %w", err)
	}
	if people {
		f.byAuthor, f.authors = true, append(f.authors, named.Authors...)
	}
	if ideas {
		f.byIdea, f.ideas = true, append(f.ideas, named.Ideas...)
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
