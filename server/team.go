package server

import (
	"context"

	"github.com/a-h/templ"

	"convivio/store/board"
	"convivio/templates"
	"convivio/templates/words"
)

func (s *Server) teamRoutes() {
	s.route("GET", "/admin/teams", admin, s.showTeams)
	s.route("POST", "/admin/teams", admin, s.addTeam)
	s.route("POST", "/admin/teams/:id", admin, s.changeTeam)
	s.route("POST", "/admin/teams/:id/merge", admin, s.mergeTeams)
	s.route("POST", "/admin/teams/:id/delete", admin, s.deleteTeam)

	api(s, "GET", "/teams", employee, "The teams, each followed by those below it", func(ctx context.Context, who board.Who, _ *struct{}) (*board.List[board.Team], error) {
		list, err := s.store.TeamTree(ctx, who)
		return &board.List[board.Team]{Items: list}, err
	})
}

func (s *Server) teamsPage(r *request) (page templates.TeamsPage, err error) {
	if page.Page, err = r.frame(); err != nil {
		return page, err
	}
	page.Path = "/admin/teams"
	page.Teams, err = s.store.TeamTree(r.Context(), r.who)
	return page, err
}

func (s *Server) showTeams(r *request) error {
	page, err := s.teamsPage(r)
	if err != nil {
		return err
	}
	if r.query("done") != "" {
		page.Notice = words.T(r.lang, "The change was saved.")
	}
	return r.page(templates.Teams(page))
}

// teamsDone leads back to the teams, or shows what is wrong about one of them.
func (s *Server) teamsDone(r *request, err error, about int64, typed board.Team) error {
	if err == nil {
		return r.see("/admin/teams?done=1")
	}
	page, missing := s.teamsPage(r)
	if missing != nil {
		return missing
	}
	return again(err, func(fault *board.Error) templ.Component {
		page.Fault, page.About, page.Typed = fault, about, typed
		return templates.Teams(page)
	})
}

// teamForm is what says how a team is called and where it stands.
type teamForm struct {
	Key    string `form:"key"`
	Name   string `form:"name"`
	Parent *int64 `form:"parent"`
}

func (f teamForm) team() (t board.Team) {
	t.Name = f.Name
	if f.Parent != nil {
		t.Parent = *f.Parent
	}
	return t
}

func (s *Server) addTeam(r *request) error {
	var in teamForm
	err := r.bind(&in)
	t := in.team()
	if err == nil {
		_, _, err = s.store.AddTeam(r.Context(), r.who, t.Name, t.Parent)
	}
	return s.teamsDone(r, err, 0, t)
}

func (s *Server) changeTeam(r *request) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	var in teamForm
	err = r.bind(&in)
	t := in.team()
	if err == nil {
		_, err = s.store.ChangeTeam(r.Context(), r.who, id, t.Name, t.Parent)
	}
	return s.teamsDone(r, err, id, t)
}

func (s *Server) mergeTeams(r *request) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	var in struct {
		Key  string `form:"key"`
		Into *int64 `form:"into"`
	}
	if err = r.bind(&in); err == nil && in.Into == nil {
		err = board.FieldFault("into", "Choose a team from the list.")
	}
	if err == nil {
		_, err = s.store.MergeTeams(r.Context(), r.who, id, *in.Into)
	}
	return s.teamsDone(r, err, id, board.Team{})
}

func (s *Server) deleteTeam(r *request) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	if err = r.bind(&nothing{}); err == nil {
		_, err = s.store.DeleteTeam(r.Context(), r.who, id)
	}
	return s.teamsDone(r, err, id, board.Team{})
}
