package server

import (
	"convivio/templates"
	"convivio/templates/words"
)

func (s *Server) adminRoutes() {
	s.route("GET", "/admin", admin, s.showAdmin)
}

// showAdmin is the first page of the administration: what needs somebody.
func (s *Server) showAdmin(r *request) error {
	p, err := r.frame()
	if err != nil {
		return err
	}
	heads, err := s.store.Headcount(r.Context(), r.who)
	if err != nil {
		return err
	}
	teams, err := s.store.TeamTree(r.Context(), r.who)
	if err != nil {
		return err
	}
	page := templates.AdminHomePage{Page: p, People: heads.All - heads.Disabled, Invited: heads.Invited, Disabled: heads.Disabled, Guests: heads.Guests, Teams: len(teams)}
	page.Concerns, err = s.concerns(r)
	if err != nil {
		return err
	}
	return r.page(templates.AdminHome(page))
}

// concerns are what needs an administrator, the most urgent first.
func (s *Server) concerns(r *request) (list []templates.Concern, err error) {
	stuck, err := s.store.StuckBoards(r.Context(), r.who)
	if err != nil {
		return nil, err
	}
	if len(stuck) > 0 {
		list = append(list, templates.Concern{Text: words.N(r.lang, len(stuck), "%d private board has nobody in charge who can sign in", "%d private boards have nobody in charge who can sign in"),
			Path: "/admin/boards#stuck", Do: words.T(r.lang, "Name somebody")})
	}
	machine, err := s.stateConcerns(r)
	return append(list, machine...), err
}
