package server

import (
	"context"

	"convivio/store/board"
	"convivio/templates"
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

// press is a button that changes one's vote and comes back to the idea, or, with
// part, answers how many voted now.
func (s *Server) press(change func(context.Context, board.Who, int64) (board.Vote, error)) handler {
	return func(r *request) error {
		var in struct {
			Key  string `form:"key"`
			Part bool   `form:"part"`
		}
		if err := r.bind(&in); err != nil {
			return err
		}
		id, err := r.idParam("id")
		if err != nil {
			return err
		}
		now, err := change(r.Context(), r.who, id)
		if err != nil {
			return err
		}
		if in.Part {
			return r.page(templates.VoteCount(templates.VoteCountPart{Lang: r.lang, Idea: id, Votes: now.Votes}))
		}
		return r.see(ideaPath(id))
	}
}
