package server

import (
	"github.com/a-h/templ"

	"convivio/store"
	"convivio/store/board"
	"convivio/templates"
	"convivio/templates/words"
)

func (s *Server) adminRoutes() {
	s.route("GET", "/admin/people", admin, s.showAccounts)
	s.route("POST", "/admin/people/invite", admin, s.invite)
	s.route("POST", "/admin/people/:id/roles", admin, s.giveRoles)
	s.route("POST", "/admin/people/:id/disable", admin, func(r *request) error { return s.setDisabled(r, true) })
	s.route("POST", "/admin/people/:id/enable", admin, func(r *request) error { return s.setDisabled(r, false) })
	s.route("POST", "/admin/people/:id/reset", admin, s.makeLink)
}

// accountsPage reads what the page of people shows to administrators.
func (s *Server) accountsPage(r *request, p templates.Page) (templates.AdminPeoplePage, error) {
	page := templates.AdminPeoplePage{Page: p, Query: r.query("q"), Invite: templates.InviteForm{Kind: board.Employee, Lang: r.lang}}
	list, _, err := s.store.Accounts(r.Context(), r.who, store.AccountFilter{Q: page.Query}, 0, r.query("after"))
	if err != nil {
		return page, err
	}
	for _, a := range list.Items {
		page.People = append(page.People, templates.AdminPerson{Person: a.Person, Email: a.Email, Invited: a.Invited, Disabled: a.Disabled})
	}
	page.More = list.Next
	if times, of := s.searches.quantiles(.5, .95, .99); of > 0 {
		page.Searches = templates.SearchTimes{Half: times[0], Most: times[1], Nearly: times[2], Of: of}
	}
	page.Teams, err = s.store.Teams(r.Context(), r.who)
	inOrder(r.lang, page.Teams, func(team string) string { return team })
	return page, err
}

// showAccountsWith shows the page after fill has put in what is new about it.
func (s *Server) showAccountsWith(r *request, fill func(*templates.AdminPeoplePage)) error {
	p, err := r.frame()
	if err != nil {
		return err
	}
	page, err := s.accountsPage(r, p)
	if err != nil {
		return err
	}
	fill(&page)
	return r.page(templates.AdminPeople(page))
}

func (s *Server) showAccounts(r *request) error {
	return s.showAccountsWith(r, func(p *templates.AdminPeoplePage) {
		if r.query("done") != "" {
			p.Notice = words.T(r.lang, "The change was saved.")
		}
	})
}

// accountsAgain shows the page with a fault where mark puts it.
func (s *Server) accountsAgain(r *request, err error, mark func(*templates.AdminPeoplePage, *board.Error)) error {
	var pageErr error
	shown := r.again(err, func(p templates.Page, fault *board.Error) templ.Component {
		var page templates.AdminPeoplePage
		page, pageErr = s.accountsPage(r, p)
		page.Path = "/admin/people"
		mark(&page, fault)
		return templates.AdminPeople(page)
	})
	if pageErr != nil {
		return pageErr
	}
	return shown
}

func rolesOf(list []string) []board.Role {
	roles := []board.Role{}
	for _, r := range list {
		roles = append(roles, board.Role(r))
	}
	return roles
}

// invite makes a person known and answers with the link to hand to them, on a
// page instead of a redirect: it is shown this once.
func (s *Server) invite(r *request) error {
	var in struct {
		Key   string   `form:"key"`
		Name  string   `form:"name"`
		Email string   `form:"email"`
		Kind  string   `form:"kind"`
		Team  string   `form:"team"`
		Site  string   `form:"site"`
		Lang  string   `form:"lang"`
		Roles []string `form:"role"`
	}
	if err := r.bind(&in); err != nil {
		return err
	}
	person, _, err := s.store.AddPersonOnce(r.Context(), r.who, board.NewPerson{
		Name: in.Name, Email: in.Email, Kind: board.Kind(in.Kind), Team: in.Team, Site: in.Site, Lang: in.Lang, Roles: rolesOf(in.Roles)}, in.Key)
	if err != nil {
		return s.accountsAgain(r, err, func(p *templates.AdminPeoplePage, fault *board.Error) {
			p.Invite = templates.InviteForm{Name: in.Name, Email: in.Email, Kind: board.Kind(in.Kind), Team: in.Team, Site: in.Site,
				Lang: in.Lang, Roles: rolesOf(in.Roles), Fault: fault}
		})
	}
	return s.showLinkFor(r, person.ID, person.Name)
}

// makeLink makes a link to choose a password anew, or for the first time.
func (s *Server) makeLink(r *request) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	if err := r.bind(&nothing{}); err != nil {
		return err
	}
	person, err := s.store.Person(r.Context(), r.who, id)
	if err != nil {
		return err
	}
	return s.showLinkFor(r, id, person.Name)
}

func (s *Server) showLinkFor(r *request, person int64, name string) error {
	purpose, secret, err := s.store.AddLink(r.Context(), r.who, person)
	if err != nil {
		return s.faultAbout(r, person, err)
	}
	return s.showAccountsWith(r, func(p *templates.AdminPeoplePage) {
		p.Path = "/admin/people"
		p.Link, p.For, p.Reset = s.LinkURL(purpose, secret), name, purpose == store.Reset
	})
}

func (s *Server) faultAbout(r *request, person int64, err error) error {
	return s.accountsAgain(r, err, func(p *templates.AdminPeoplePage, fault *board.Error) { p.Fault, p.About = fault, person })
}

func (s *Server) giveRoles(r *request) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	var in struct {
		Key   string   `form:"key"`
		Roles []string `form:"role"`
	}
	if err := r.bind(&in); err != nil {
		return err
	}
	roles := rolesOf(in.Roles)
	return s.changePerson(r, id, store.PersonChange{Roles: &roles})
}

func (s *Server) setDisabled(r *request, disabled bool) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	if err := r.bind(&nothing{}); err != nil {
		return err
	}
	return s.changePerson(r, id, store.PersonChange{Disabled: &disabled})
}

func (s *Server) changePerson(r *request, id int64, c store.PersonChange) error {
	if _, err := s.store.ChangePerson(r.Context(), r.who, id, c); err != nil {
		return s.faultAbout(r, id, err)
	}
	return r.see("/admin/people?done=1")
}
