package server

import (
	"context"
	"strconv"
	"time"

	"convivio/store/board"
	"convivio/templates"
)

func (s *Server) undoRoutes() {
	s.route("POST", "/comments/:id/restore", signedIn, s.restoreComment)
	s.route("POST", "/ideas/:id/restore", signedIn, s.restoreIdea)

	api(s, "PUT", "/comments/{id}/restore", signedIn, "Take back that one deleted a comment, within ten seconds", func(ctx context.Context, who board.Who, in *IDInput) (*board.Comment, error) {
		return answer(s.store.RestoreComment(ctx, who, in.ID))
	})
	api(s, "PUT", "/ideas/{id}/restore", signedIn, "Take back that one deleted an idea, within ten seconds", func(ctx context.Context, who board.Who, in *IDInput) (*board.Idea, error) {
		return answer(s.store.RestoreIdea(ctx, who, in.ID))
	})
}

func (s *Server) restoreComment(r *request) error {
	id, err := r.pressed()
	if err != nil {
		return err
	}
	c, err := s.store.RestoreComment(r.Context(), r.who, id)
	if err != nil {
		return err
	}
	return s.seeComment(r, c)
}

func (s *Server) restoreIdea(r *request) error {
	id, err := r.pressed()
	if err != nil {
		return err
	}
	if _, err := s.store.RestoreIdea(r.Context(), r.who, id); err != nil {
		return err
	}
	return r.see(ideaPath(id))
}

// offerUndo puts a way back on the page that follows a deletion, whose address
// names what was deleted: an idea, or a comment of one.
func (r *request) offerUndo(p *templates.Page, comment bool) error {
	deleted := r.query("deleted")
	if deleted == "" {
		return r.offerRegret(p)
	}
	id, err := strconv.ParseInt(deleted, 10, 64)
	if err != nil {
		return nil // no address of ours
	}
	var left time.Duration
	if comment {
		left, err = r.s.store.Undo(r.Context(), r.who, 0, id)
	} else {
		left, err = r.s.store.Undo(r.Context(), r.who, id, 0)
	}
	if left > 0 {
		p.Undo = &templates.Undo{Comment: comment, ID: id, Seconds: int((left + time.Second - 1) / time.Second)}
	}
	return err
}
