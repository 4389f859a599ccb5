package server

import (
	"context"

	"github.com/a-h/templ"

	"convivio/store/board"
	"convivio/templates"
)

func (s *Server) pinRoutes() {
	s.route("POST", "/ideas/:id/pin", moderator, s.pinIdea(true))
	s.route("POST", "/ideas/:id/unpin", moderator, s.pinIdea(false))

	for method, pinned := range map[string]bool{"PUT": true, "DELETE": false} {
		api(s, method, "/ideas/{id}/pin", moderator, "Put an idea first on its board, or back among the others", func(ctx context.Context, who board.Who, in *IDInput) (*board.Idea, error) {
			return answer(s.store.PinIdea(ctx, who, in.ID, pinned))
		})
	}
}

func (s *Server) pinIdea(pinned bool) handler {
	return func(r *request) error {
		id, err := r.idParam("id")
		if err != nil {
			return err
		}
		if err := r.bind(&nothing{}); err != nil {
			return err
		}
		idea, err := s.store.PinIdea(r.Context(), r.who, id, pinned)
		if err != nil {
			return r.again(err, func(p templates.Page, fault *board.Error) templ.Component {
				return templates.Error(templates.ErrorPage{Page: p, Fault: fault})
			})
		}
		return r.see("/boards/" + idea.Board)
	}
}
