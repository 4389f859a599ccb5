package server

import (
	"strconv"

	"github.com/a-h/templ"

	"convivio/store"
	"convivio/store/board"
	"convivio/templates"
	"convivio/templates/words"
)

func (s *Server) peopleRoutes() {
	s.route("GET", "/admin/people", admin, s.showAccounts)
	s.route("POST", "/admin/people/invite", admin, s.invite)
	s.route("GET", "/admin/people/:id", admin, s.showAccountOf)
	s.route("POST", "/admin/people/:id", admin, s.changeAccount)
	s.route("POST", "/admin/people/:id/roles", admin, s.giveRoles)
	s.route("POST", "/admin/people/:id/disable", admin, func(r *request) error { return s.setDisabled(r, true) })
	s.route("POST", "/admin/people/:id/enable", admin, func(r *request) error { return s.setDisabled(r, false) })
	s.route("POST", "/admin/people/:id/reset", admin, s.makeLink)
}

// accountsPage reads what the page of people shows to administrators.
func (s *Server) accountsPage(r *request, p templates.Page) (templates.AdminPeoplePage, error) {
	page := templates.AdminPeoplePage{Page: p, Invite: templates.InviteForm{Kind: board.Employee, Lang: r.lang},
		Filter: templates.AdminPeopleFilter{Q: r.query("q"), Team: r.query("team"), Site: r.query("site"), Role: r.query("role"), Kind: r.query("kind"), State: r.query("state")}}
	team, _ := strconv.ParseInt(page.Filter.Team, 10, 64)
	list, of, err := s.store.Accounts(r.Context(), r.who, store.AccountFilter{Q: page.Filter.Q, Team: team, Site: page.Filter.Site,
		Role: board.Role(page.Filter.Role), Kind: board.Kind(page.Filter.Kind), State: store.AccountState(page.Filter.State)}, 0, r.query("after"))
	if err != nil {
		return page, err
	}
	for _, a := range list.Items {
		page.People = append(page.People, adminPerson(a))
	}
	page.More, page.Of = list.Next, of
	if page.Sites, err = s.store.Sites(r.Context(), r.who); err != nil {
		return page, err
	}
	page.Teams, err = s.store.TeamTree(r.Context(), r.who)
	return page, err
}

func adminPerson(a store.Account) templates.AdminPerson {
	return templates.AdminPerson{Person: a.Person, Email: a.Email, Invited: a.Invited, Disabled: a.Disabled}
}

func (s *Server) showAccounts(r *request) error {
	p, err := r.frame()
	if err != nil {
		return err
	}
	page, err := s.accountsPage(r, p)
	if err != nil {
		return err
	}
	return r.page(templates.AdminPeople(page))
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
	if err == nil {
		return s.showLinkFor(r, person.ID)
	}
	var page templates.AdminPeoplePage
	var missing error
	shown := r.again(err, func(p templates.Page, fault *board.Error) templ.Component {
		page, missing = s.accountsPage(r, p)
		page.Invite = templates.InviteForm{Name: in.Name, Email: in.Email, Kind: board.Kind(in.Kind), Team: in.Team, Site: in.Site,
			Lang: in.Lang, Roles: rolesOf(in.Roles), Fault: fault}
		return templates.AdminPeople(page)
	})
	if missing != nil {
		return missing
	}
	return shown
}

// oneAccount reads what the page of one account shows. Errors: not_found.
func (s *Server) oneAccount(r *request, id int64) (page templates.AdminPersonPage, err error) {
	if page.Page, err = r.frame(); err != nil {
		return page, err
	}
	page.Path = "/admin/people/" + strconv.FormatInt(id, 10)
	a, err := s.store.AccountByID(r.Context(), r.who, id)
	if err != nil {
		return page, err
	}
	page.Person = adminPerson(a)
	page.Typed = templates.InviteForm{Name: a.Name, Email: a.Email, Kind: a.Kind, Team: a.Team, Site: a.Site}
	if page.Teams, err = s.store.TeamTree(r.Context(), r.who); err != nil || !a.Disabled {
		return page, err
	}
	page.Stuck, err = s.store.LeavesStuck(r.Context(), r.who, id)
	return page, err
}

func (s *Server) showAccountOf(r *request) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	page, err := s.oneAccount(r, id)
	if err != nil {
		return err
	}
	if r.query("done") != "" {
		page.Notice = words.T(r.lang, "The change was saved.")
	}
	return r.page(templates.AdminPersonForm(page))
}

// accountFault shows the page of an account with a fault where mark puts it.
func (s *Server) accountFault(r *request, id int64, err error, mark func(*templates.AdminPersonPage, *board.Error)) error {
	page, missing := s.oneAccount(r, id)
	if missing != nil {
		return missing
	}
	return again(err, func(fault *board.Error) templ.Component {
		mark(&page, fault)
		return templates.AdminPersonForm(page)
	})
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
	return s.showLinkFor(r, id)
}

func (s *Server) showLinkFor(r *request, person int64) error {
	purpose, secret, err := s.store.AddLink(r.Context(), r.who, person)
	if err != nil {
		return s.accountFault(r, person, err, func(p *templates.AdminPersonPage, fault *board.Error) { p.Fault = fault })
	}
	page, err := s.oneAccount(r, person)
	if err != nil {
		return err
	}
	page.Link, page.Reset = s.LinkURL(purpose, secret), purpose == store.Reset
	return r.page(templates.AdminPersonForm(page))
}

// changeAccount takes who somebody is.
func (s *Server) changeAccount(r *request) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	var in struct {
		Key   string `form:"key"`
		Name  string `form:"name"`
		Email string `form:"email"`
		Kind  string `form:"kind"`
		Team  string `form:"team"`
		Site  string `form:"site"`
	}
	if err := r.bind(&in); err != nil {
		return err
	}
	kind := board.Kind(in.Kind)
	if _, err := s.store.ChangePerson(r.Context(), r.who, id, store.PersonChange{Name: &in.Name, Email: &in.Email, Kind: &kind, Team: &in.Team, Site: &in.Site}); err != nil {
		return s.accountFault(r, id, err, func(p *templates.AdminPersonPage, fault *board.Error) {
			p.Typed = templates.InviteForm{Name: in.Name, Email: in.Email, Kind: kind, Team: in.Team, Site: in.Site, Fault: fault}
		})
	}
	return r.see("/admin/people/" + strconv.FormatInt(id, 10) + "?done=1")
}

func (s *Server) giveRoles(r *request) error {
	var in struct {
		Key   string   `form:"key"`
		Roles []string `form:"role"`
	}
	return s.changePerson(r, &in, func() store.PersonChange { roles := rolesOf(in.Roles); return store.PersonChange{Roles: &roles} })
}

func (s *Server) setDisabled(r *request, disabled bool) error {
	return s.changePerson(r, &nothing{}, func() store.PersonChange { return store.PersonChange{Disabled: &disabled} })
}

// changePerson reads a form, and makes the change that it asks for.
func (s *Server) changePerson(r *request, form any, change func() store.PersonChange) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	if err := r.bind(form); err != nil {
		return err
	}
	if _, err := s.store.ChangePerson(r.Context(), r.who, id, change()); err != nil {
		return s.accountFault(r, id, err, func(p *templates.AdminPersonPage, fault *board.Error) { p.Fault = fault })
	}
	return r.see("/admin/people/" + strconv.FormatInt(id, 10) + "?done=1")
}
