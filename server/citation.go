package server

import (
	"context"

	"convivio/store/board"
)

func (s *Server) citationRoutes() {
	api(s, "GET", "/ideas/{id}/citations", signedIn, "The ideas that one cites, and those that cite it", func(ctx context.Context, who board.Who, in *IDInput) (*board.Citations, error) {
		return answer(s.store.Citations(ctx, who, in.ID))
	})
}
