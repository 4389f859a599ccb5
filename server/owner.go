package server

import (
	"context"

	"convivio/store/board"
	"convivio/templates"
)

func (s *Server) ownerRoutes() {
	s.route("POST", "/boards/:slug/owners", admin, s.addOwner)
	s.route("POST", "/boards/:slug/owners/:id/delete", admin, s.removeOwner)

	api(s, "GET", "/boards/{slug}/owners", employee, "Who owes a board's ideas an answer", func(ctx context.Context, who board.Who, in *SlugInput) (*board.List[board.Owner], error) {
		list, err := s.store.Owners(ctx, who, in.Slug)
		return &board.List[board.Owner]{Items: list}, err
	})
	api(s, "POST", "/boards/{slug}/owners", admin, "Make a person or a team owe a board's answers", func(ctx context.Context, who board.Who, in *struct {
		SlugInput
		Body board.NewOwner
	}) (*seqReply, error) {
		return seqOf(s.store.AddOwner(ctx, who, in.Slug, in.Body))
	})
	api(s, "DELETE", "/boards/{slug}/owners/{id}", admin, "End an ownership", func(ctx context.Context, who board.Who, in *OwnerInput) (*seqReply, error) {
		return seqOf(s.store.RemoveOwner(ctx, who, in.Slug, in.ID))
	})
}

// OwnerInput is an ownership in a path of the API.
type OwnerInput struct {
	SlugInput
	IDInput
}

// fillOwners puts who owns a board, and who might, into the page of its settings.
func (s *Server) fillOwners(r *request, p *templates.BoardFormPage) error {
	ctx := r.Context()
	var err error
	if p.Owners.List, err = s.store.Owners(ctx, r.who, p.Slug); err != nil {
		return err
	}
	if p.Owners.Teams, err = s.store.TeamTree(ctx, r.who); err != nil {
		return err
	}
	if p.Owners.Query = r.query("q"); p.Owners.Query == "" {
		return nil
	}
	found, err := s.store.People(ctx, r.who, p.Owners.Query, 20, "")
	p.Owners.Found = found.Items
	return err
}

func (s *Server) addOwner(r *request) error {
	var in struct {
		Key    string `form:"key"`
		Person int64  `form:"person"`
		Team   int64  `form:"team"`
	}
	err := r.bind(&in)
	if err == nil {
		_, err = s.store.AddOwner(r.Context(), r.who, r.param("slug"), board.NewOwner{Person: in.Person, Team: in.Team})
	}
	return s.ownersChanged(r, err)
}

func (s *Server) removeOwner(r *request) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	if err = r.bind(&nothing{}); err == nil {
		_, err = s.store.RemoveOwner(r.Context(), r.who, r.param("slug"), id)
	}
	return s.ownersChanged(r, err)
}

func (s *Server) ownersChanged(r *request, err error) error {
	if err == nil {
		return r.see("/boards/" + r.param("slug") + "/edit?done=owners#owners")
	}
	return s.boardAgain(r, err, func(p *templates.BoardFormPage, fault *board.Error) { p.Owners.Fault = fault })
}
