package server

import (
	"context"

	"convivio/store/board"
)

func (s *Server) followRoutes() {
	s.route("POST", "/ideas/:id/follow", signedIn, s.followIdea(s.store.FollowIdea))
	s.route("POST", "/ideas/:id/unfollow", signedIn, s.followIdea(s.store.UnfollowIdea))
	s.route("POST", "/boards/:slug/follow", signedIn, s.followBoard(s.store.FollowBoard))
	s.route("POST", "/boards/:slug/unfollow", signedIn, s.followBoard(s.store.UnfollowBoard))

	api(s, "PUT", "/ideas/{id}/follow", signedIn, "Hear of comments and decisions on an idea", func(ctx context.Context, who board.Who, in *IDInput) (*board.Following, error) {
		return answer(s.store.FollowIdea(ctx, who, in.ID))
	})
	api(s, "DELETE", "/ideas/{id}/follow", signedIn, "Hear of them no more, whatever one goes on to write there", func(ctx context.Context, who board.Who, in *IDInput) (*board.Following, error) {
		return answer(s.store.UnfollowIdea(ctx, who, in.ID))
	})
	api(s, "PUT", "/boards/{slug}/follow", signedIn, "Hear of new ideas on a board", func(ctx context.Context, who board.Who, in *SlugInput) (*board.Following, error) {
		return answer(s.store.FollowBoard(ctx, who, in.Slug))
	})
	api(s, "DELETE", "/boards/{slug}/follow", signedIn, "Hear of them no more", func(ctx context.Context, who board.Who, in *SlugInput) (*board.Following, error) {
		return answer(s.store.UnfollowBoard(ctx, who, in.Slug))
	})
}

// followIdea is a button that comes back to the idea.
func (s *Server) followIdea(change func(context.Context, board.Who, int64) (board.Following, error)) handler {
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

// followBoard is a button that comes back to the board.
func (s *Server) followBoard(change func(context.Context, board.Who, string) (board.Following, error)) handler {
	return func(r *request) error {
		var in keyForm
		if err := r.bind(&in); err != nil {
			return err
		}
		slug := r.param("slug")
		if _, err := change(r.Context(), r.who, slug); err != nil {
			return err
		}
		return r.see("/boards/" + slug)
	}
}
