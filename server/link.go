package server

import (
	"errors"

	"github.com/a-h/templ"

	"convivio/store"
	"convivio/store/board"
	"convivio/templates"
)

// linkPaths are where single-use links lead.
var linkPaths = map[store.Purpose]string{
	store.Invitation: "/invitations/",
	store.Reset:      "/resets/",
	store.FirstAdmin: "/first/",
}

func (s *Server) linkRoutes() {
	for purpose, path := range linkPaths {
		s.route("GET", path+":token", anyone, func(r *request) error { return s.showLink(r, purpose) })
		s.route("POST", path+":token", anyone, func(r *request) error { return s.useLink(r, purpose) })
	}
}

// LinkPath is the path of a single-use link.
func LinkPath(purpose store.Purpose, secret string) string { return linkPaths[purpose] + secret }

// LinkURL is the absolute address of a single-use link.
func (s *Server) LinkURL(purpose store.Purpose, secret string) string {
	return s.URL(LinkPath(purpose, secret))
}

// linkForm is what people type on the page behind a link.
type linkForm struct {
	Key      string `form:"key"`
	Name     string `form:"name"`
	Email    string `form:"email"`
	Password string `form:"password"`
	Again    string `form:"again"`
}

func (s *Server) showLink(r *request, purpose store.Purpose) error {
	r.chooseLanguage()
	p, err := r.frame()
	if err != nil {
		return err
	}
	page, err := s.linkPage(r, p, purpose, linkForm{}, nil)
	if err != nil {
		return err
	}
	return r.page(page)
}

// linkPage is the page behind a link; used up or too old, it says so.
func (s *Server) linkPage(r *request, p templates.Page, purpose store.Purpose, typed linkForm, fault *board.Error) (templ.Component, error) {
	token := r.param("token")
	l, err := s.store.FindLink(r.Context(), purpose, token)
	gone := isMissing(err)
	if err != nil && !gone {
		return nil, err
	}
	if purpose == store.Reset {
		return templates.Reset(templates.ResetPage{Page: p, Token: token, Name: l.Name, Email: l.Email, Gone: gone, Fault: fault}), nil
	}
	page := templates.InvitationPage{Page: p, Token: token, Name: l.Name, Email: l.Email, Gone: gone, Fault: fault}
	if purpose == store.FirstAdmin {
		page.First, page.Name, page.Email = true, typed.Name, typed.Email
	}
	return templates.Invitation(page), nil
}

func isMissing(err error) bool {
	var fault *board.Error
	return errors.As(err, &fault) && fault.Code == board.NotFound
}

func (s *Server) useLink(r *request, purpose store.Purpose) error {
	var in linkForm
	if err := r.bind(&in); err != nil {
		return err
	}
	err := samePassword(in.Password, in.Again)
	var person int64
	if err == nil {
		person, err = s.store.UseLink(r.Context(), purpose, r.param("token"), board.NewPerson{Name: in.Name, Email: in.Email, Lang: r.lang}, in.Password)
	}
	if isMissing(err) {
		return s.showLink(r, purpose)
	}
	if err != nil {
		return s.linkAgain(r, purpose, in, err)
	}
	if err := s.signIn(r, person, false); err != nil {
		return err
	}
	return r.see("/")
}

func (s *Server) linkAgain(r *request, purpose store.Purpose, in linkForm, err error) error {
	var pageErr error
	shown := r.again(err, func(p templates.Page, fault *board.Error) templ.Component {
		var page templ.Component
		page, pageErr = s.linkPage(r, p, purpose, in, fault)
		return page
	})
	if pageErr != nil {
		return pageErr
	}
	return shown
}

func samePassword(password, again string) error {
	if password != again {
		return board.FieldFault("again", "The two passwords are not the same.")
	}
	return nil
}
