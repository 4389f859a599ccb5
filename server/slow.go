package server

import (
	"context"

	"convivio/store/board"
	"convivio/templates"
)

func (s *Server) slowRoutes() {
	s.route("POST", "/ideas/:id/slow", moderator, s.slowIdea)

	api(s, "PUT", "/ideas/{id}/slow", moderator, "Let everybody comment once in so many minutes; 0 ends that", func(ctx context.Context, who board.Who, in *struct {
		IDInput
		Body struct {
			Minutes int `json:"minutes" minimum:"0" maximum:"1440"`
		}
	}) (*board.Idea, error) {
		return answer(s.store.SlowIdea(ctx, who, in.ID, in.Body.Minutes))
	})
}

func (s *Server) slowIdea(r *request) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	var in struct {
		Key     string `form:"key"`
		Minutes int64  `form:"minutes"`
	}
	if err = r.bind(&in); err == nil {
		if _, err = s.store.SlowIdea(r.Context(), r.who, id, int(in.Minutes)); err == nil {
			return r.see(ideaPath(id))
		}
	}
	return s.ideaAgain(r, id, err, func(p *templates.IdeaPage, fault *board.Error) { p.SlowFault = fault })
}
