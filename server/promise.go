package server

import (
	"context"

	"convivio/store"
	"convivio/store/board"
	"convivio/templates"
)

func (s *Server) promiseRoutes() {
	s.route("GET", "/promises", signedIn, s.showPromises)
	s.route("GET", "/parked", signedIn, s.showParked)

	api(s, "GET", "/promises", signedIn, "What was promised: who sees to which idea by when, and what became of it", func(ctx context.Context, who board.Who, in *struct {
		PageInput
		Board string             `query:"board" doc:"slug; left out, all that one may see"`
		State board.PromiseState `query:"state" enum:"due,overdue,kept,late,taken_back" doc:"left out: due and overdue"`
	}) (*board.Promises, error) {
		return answer(s.store.Promises(ctx, who, store.PromiseListing{Board: in.Board, State: in.State, Limit: in.Limit, Cursor: in.Cursor}))
	})
	api(s, "GET", "/parked", signedIn, "Parked ideas of the boards one moderates or owns, by the day to look at them again", func(ctx context.Context, who board.Who, in *struct {
		PageInput
		Due bool `query:"due" doc:"those alone whose day has come"`
	}) (*board.List[board.ParkedIdea], error) {
		return answer(s.store.Parked(ctx, who, in.Due, in.Limit, in.Cursor))
	})
}

func (s *Server) showPromises(r *request) error {
	p, err := r.frame()
	if err != nil {
		return err
	}
	l := store.PromiseListing{Board: r.query("board"), State: board.PromiseState(r.query("state")), Limit: 30, Cursor: r.query("after")}
	page := templates.PromisesPage{Page: p, State: l.State, Board: l.Board}
	if page.Promises, err = s.store.Promises(r.Context(), r.who, l); err != nil {
		return err
	}
	return r.page(templates.Promises(page))
}

// showParked is for those who look after a board; to others there is no such page.
func (s *Server) showParked(r *request) error {
	if !r.who.ModeratesAny() && len(r.who.Owns) == 0 {
		return board.Missing()
	}
	p, err := r.frame()
	if err != nil {
		return err
	}
	list, err := s.store.Parked(r.Context(), r.who, false, 30, r.query("after"))
	if err != nil {
		return err
	}
	return r.page(templates.Parked(templates.ParkedPage{Page: p, Ideas: list.Items, More: list.Next}))
}
