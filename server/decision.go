package server

import (
	"context"
	"strconv"

	"convivio/store"
	"convivio/store/board"
	"convivio/templates"
	"convivio/templates/words"
)

func (s *Server) decisionRoutes() {
	s.route("GET", "/review/decisions", reviewer, s.showDecisions)
	s.route("POST", "/review/decisions/:id/undo", reviewer, s.undoDecision)

	api(s, "GET", "/decisions", reviewer, "What moderators decided, newest first", func(ctx context.Context, who board.Who, in *struct {
		PageInput
		Board string `query:"board"`
	}) (*board.List[board.Decision], error) {
		return answer(s.store.Decisions(ctx, who, store.DecisionListing{Board: in.Board, Limit: in.Limit, Cursor: in.Cursor}))
	})
	api(s, "DELETE", "/decisions/{id}", reviewer, "Take a decision back: what it decided waits again", func(ctx context.Context, who board.Who, in *IDInput) (*board.Decision, error) {
		return answer(s.store.UndoDecision(ctx, who, in.ID))
	})
}

func (s *Server) showDecisions(r *request) error {
	p, err := r.frame()
	if err != nil {
		return err
	}
	if r.query("done") != "" {
		p.Notice = words.T(r.lang, "The decision was taken back. It waits for review again.")
	}
	l := store.DecisionListing{Board: r.query("board"), Cursor: r.query("after")}
	l.Idea, _ = strconv.ParseInt(r.query("idea"), 10, 64)
	l.Comment, _ = strconv.ParseInt(r.query("comment"), 10, 64)
	list, err := s.store.Decisions(r.Context(), r.who, l)
	if err != nil {
		return err
	}
	return r.page(templates.Decisions(templates.DecisionsPage{Page: p, Items: list.Items, More: list.Next, Board: l.Board}))
}

func (s *Server) undoDecision(r *request) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	var in struct {
		Key   string `form:"key"`
		Part  bool   `form:"part"`
		There bool   `form:"there"` // from beside what came back
	}
	if err := r.bind(&in); err != nil {
		return err
	}
	d, err := s.store.UndoDecision(r.Context(), r.who, id)
	if err != nil {
		return err
	}
	if in.Part && d.Item != 0 {
		return s.reviewRow(r, d.Item)
	}
	if in.There && d.Comment != 0 {
		return r.see(templates.SpotPath(d.Idea, d.Comment, r.sort()))
	}
	if in.There && d.Idea != 0 {
		return r.see(ideaPath(d.Idea))
	}
	return r.see("/review/decisions?done=1")
}
