package server

import (
	"context"
	"errors"

	"github.com/a-h/templ"

	"convivio/store/board"
	"convivio/templates"
)

func (s *Server) relocateRoutes() {
	s.route("GET", "/ideas/:id/move", moderator, s.showRelocate)
	s.route("POST", "/ideas/:id/move", moderator, s.relocateIdea)
	s.route("GET", "/comments/:id/split", moderator, s.showSplit)
	s.route("POST", "/comments/:id/split", moderator, s.splitComment)

	api(s, "GET", "/ideas/{id}/relocating", moderator, "What moving an idea to another board would do: who would read it, and who would no more", func(ctx context.Context, who board.Who, in *struct {
		IDInput
		Board string `query:"board"`
	}) (*board.Relocating, error) {
		return answer(s.store.Relocating(ctx, who, in.ID, in.Board))
	})
	api(s, "PUT", "/ideas/{id}/board", moderator, "Move an idea to another board", func(ctx context.Context, who board.Who, in *struct {
		IDInput
		Body board.Relocation
	}) (*board.Idea, error) {
		return answer(s.store.RelocateIdea(ctx, who, in.ID, in.Body))
	})
	api(s, "POST", "/comments/{id}/split", moderator, "Make an idea of a comment and what was replied to it", func(ctx context.Context, who board.Who, in *struct {
		IDInput
		Body board.Split
	}) (*board.Idea, error) {
		return answer(s.store.SplitComment(ctx, who, in.ID, in.Body))
	})
}

// relocateForm is what the form sends that moves an idea to another board.
type relocateForm struct {
	Key     string `form:"key"`
	Board   string `form:"board"`
	Reason  string `form:"reason"`
	Confirm string `form:"confirm"`
}

func (s *Server) showRelocate(r *request) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	page, err := s.relocatePage(r, id, relocateForm{Board: r.query("board")}, nil)
	if err != nil {
		return err
	}
	return r.page(page)
}

func (s *Server) relocatePage(r *request, id int64, in relocateForm, fault *board.Error) (templ.Component, error) {
	frame, err := r.frame()
	if err != nil {
		return nil, err
	}
	p := templates.RelocatePage{Page: frame, Reason: in.Reason, Fault: fault}
	if p.Idea, err = s.store.Idea(r.Context(), r.who, id); err != nil {
		return nil, err
	}
	if !r.who.ModeratesBoard(p.Idea.BoardID) {
		return nil, board.Fault(board.Forbidden, "Only moderators can do this.")
	}
	for _, b := range frame.Boards {
		if r.who.ModeratesBoard(b.ID) && b.ID != p.Idea.BoardID {
			p.Choices = append(p.Choices, b)
		}
	}
	if in.Board != "" {
		m, err := s.store.Relocating(r.Context(), r.who, id, in.Board)
		var wrong *board.Error
		switch {
		case err == nil:
			p.Relocating = &m
		case errors.As(err, &wrong) && fault == nil:
			p.Fault = wrong
		case fault == nil:
			return nil, err
		}
	}
	return templates.Relocate(p), nil
}

func (s *Server) relocateIdea(r *request) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	var in relocateForm
	if err = r.bind(&in); err == nil {
		_, err = s.store.RelocateIdea(r.Context(), r.who, id, board.Relocation{Board: in.Board, Reason: in.Reason, Confirm: in.Confirm})
	}
	if err != nil {
		return again(err, func(fault *board.Error) templ.Component {
			page, err := s.relocatePage(r, id, in, fault)
			if err != nil {
				return templ.NopComponent
			}
			return page
		})
	}
	return r.see(ideaPath(id))
}

func (s *Server) showSplit(r *request) error {
	page, err := s.splitPage(r, "", nil)
	if err != nil {
		return err
	}
	return r.page(page)
}

func (s *Server) splitPage(r *request, title string, fault *board.Error) (templ.Component, error) {
	frame, err := r.frame()
	if err != nil {
		return nil, err
	}
	id, err := r.idParam("id")
	if err != nil {
		return nil, err
	}
	p := templates.SplitPage{Page: frame, Title: title, Fault: fault}
	if p.Comment, err = s.store.Comment(r.Context(), r.who, id); err != nil {
		return nil, err
	}
	if p.Idea, err = s.store.Idea(r.Context(), r.who, p.Comment.Idea); err == nil && !r.who.ModeratesBoard(p.Idea.BoardID) {
		err = board.Fault(board.Forbidden, "Only moderators can do this.")
	}
	return templates.Split(p), err
}

func (s *Server) splitComment(r *request) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	var in struct {
		Key   string `form:"key"`
		Title string `form:"title"`
	}
	var made board.Idea
	if err = r.bind(&in); err == nil {
		made, err = s.store.SplitComment(r.Context(), r.who, id, board.Split{Title: in.Title})
	}
	if err != nil {
		return again(err, func(fault *board.Error) templ.Component {
			page, err := s.splitPage(r, in.Title, fault)
			if err != nil {
				return templ.NopComponent
			}
			return page
		})
	}
	return r.see(ideaPath(made.ID))
}
