package server

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"convivio/store/board"
	"convivio/templates"
	"convivio/templates/words"
)

func (s *Server) boardRoleRoutes() {
	s.route("GET", "/admin/boards", admin, s.showAdminBoards)
	s.route("POST", "/admin/boards/:slug/roles", admin, s.giveBoardRole)
	s.route("POST", "/admin/boards/:slug/roles/:person/delete", admin, s.takeBoardRole)
	s.route("POST", "/admin/boards/:slug/visibility", admin, s.changeVisibility)
	s.route("POST", "/admin/stuck/:id", admin, s.nameKeeper)
}

func (s *Server) adminBoardsPage(r *request) (page templates.AdminBoardsPage, err error) {
	if page.Page, err = r.frame(); err != nil {
		return page, err
	}
	page.Path = "/admin/boards"
	if page.Appointed, err = s.store.BoardRoles(r.Context(), r.who); err != nil {
		return page, err
	}
	stuck, err := s.store.StuckBoards(r.Context(), r.who)
	for _, b := range stuck {
		page.Stuck = append(page.Stuck, templates.StuckBoard{ID: b.ID, Left: b.Left, Members: b.Members})
	}
	return page, err
}

func (s *Server) showAdminBoards(r *request) error {
	page, err := s.adminBoardsPage(r)
	if err != nil {
		return err
	}
	if r.query("done") != "" {
		page.Notice = words.T(r.lang, "The change was saved.")
	}
	return r.page(templates.AdminBoards(page))
}

// boardsDone leads back to the boards, or shows what is wrong about one of them.
func (s *Server) boardsDone(r *request, err error, about, typed string) error {
	if err == nil {
		return r.see("/admin/boards?done=1")
	}
	page, missing := s.adminBoardsPage(r)
	if missing != nil {
		return missing
	}
	return again(err, func(fault *board.Error) templ.Component {
		page.Fault, page.About, page.Typed = fault, about, typed
		return templates.AdminBoards(page)
	})
}

func (s *Server) giveBoardRole(r *request) error {
	var in struct {
		Key    string `form:"key"`
		Person string `form:"person"`
		Role   string `form:"role"`
	}
	slug, err := r.param("slug"), r.bind(&in)
	if err == nil {
		_, err = s.store.GiveBoardRole(r.Context(), r.who, slug, in.Person, board.BoardRole(in.Role))
	}
	return s.boardsDone(r, err, slug, in.Person)
}

func (s *Server) takeBoardRole(r *request) error {
	person, err := r.idParam("person")
	if err != nil {
		return err
	}
	var in struct {
		Key  string `form:"key"`
		Role string `form:"role"`
	}
	slug := r.param("slug")
	if err = r.bind(&in); err == nil {
		_, err = s.store.TakeBoardRole(r.Context(), r.who, slug, person, board.BoardRole(in.Role))
	}
	return s.boardsDone(r, err, slug, "")
}

// changeVisibility opens a board or makes it private, once its name was typed.
func (s *Server) changeVisibility(r *request) error {
	var in struct {
		Key        string `form:"key"`
		Visibility string `form:"visibility"`
		Confirm    string `form:"confirm"`
	}
	slug, err := r.param("slug"), r.bind(&in)
	var b board.Board
	if err == nil {
		b, err = s.store.Board(r.Context(), r.who, slug)
	}
	if err == nil {
		err = confirmed(in.Confirm, b.Name)
	}
	if err == nil {
		to := board.Visibility(in.Visibility)
		_, err = s.store.ChangeBoard(r.Context(), r.who, slug, board.BoardChange{Visibility: &to, Confirm: in.Confirm})
	}
	return s.boardsDone(r, err, slug, "")
}

// nameKeeper puts somebody in charge of a private board that has nobody.
func (s *Server) nameKeeper(r *request) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	var in struct {
		Key    string `form:"key"`
		Person string `form:"person"`
	}
	var person int64
	if err = r.bind(&in); err == nil {
		person, err = s.personTyped(r, in.Person)
	}
	if err == nil {
		_, err = s.store.NameKeeper(r.Context(), r.who, id, person)
	}
	return s.boardsDone(r, err, strconv.FormatInt(id, 10), in.Person)
}

// personTyped finds a person by what a form says: their number, or their name behind @.
func (s *Server) personTyped(r *request, typed string) (int64, error) {
	if id, err := strconv.ParseInt(typed, 10, 64); err == nil {
		return id, nil
	}
	p, err := s.store.PersonByHandle(r.Context(), r.who, strings.TrimPrefix(strings.TrimSpace(typed), "@"))
	if err != nil {
		return 0, board.FieldFault("person", "Choose an employee who can sign in.")
	}
	return p.ID, nil
}
