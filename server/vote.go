package server

import (
	"context"

	"convivio/store/board"
)

func (s *Server) voteRoutes() {
	s.route("POST", "/ideas/:id/vote", signedIn, s.press(s.store.Vote))
	s.route("POST", "/ideas/:id/unvote", signedIn, s.press(s.store.Unvote))

	api(s, "PUT", "/ideas/{id}/vote", signedIn, "Support an idea", func(ctx context.Context, who board.Who, in *IDInput) (*board.Vote, error) {
		return answer(s.store.Vote(ctx, who, in.ID))
	})
	api(s, "DELETE", "/ideas/{id}/vote", signedIn, "Take one's vote back", func(ctx context.Context, who board.Who, in *IDInput) (*board.Vote, error) {
		return answer(s.store.Unvote(ctx, who, in.ID))
	})
}

// press is a button that changes one's vote and comes back to the idea.
func (s *Server) press(change func(context.Context, board.Who, int64) (board.Vote, error)) handler {
	return func(r *request) error {
		id, err := r.pressed()
		if err != nil {
			return err
		}
		if _, err := change(r.Context(), r.who, id); err != nil {
			return err
		}
		return r.see(ideaPath(id))
	}
}
