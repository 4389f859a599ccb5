package server

import (
	"slices"

	"github.com/a-h/templ"

	"convivio/store/board"
	"convivio/templates"
	"convivio/templates/words"
)

func (s *Server) accountRoutes() {
	s.route("GET", "/account", signedIn, s.showAccount)
	s.route("POST", "/account/language", signedIn, s.setLanguage)
	s.route("POST", "/account/password", signedIn, s.setPassword)
	s.route("POST", "/account/devices/signout", signedIn, s.signOutElsewhere)
	s.route("POST", "/account/devices/:id/signout", signedIn, s.signOutDevice)
	s.route("POST", "/account/tokens", signedIn, s.addToken)
	s.route("POST", "/account/tokens/:id/delete", signedIn, s.removeToken)
}

// nothing is a form that says all by being sent.
type nothing struct {
	Key string `form:"key"`
}

// accountPage reads what the account page shows.
func (s *Server) accountPage(r *request, p templates.Page) (templates.AccountPage, error) {
	page := templates.AccountPage{Page: p}
	var err error
	if page.Sessions, err = s.store.Sessions(r.Context(), r.login); err != nil {
		return page, err
	}
	if page.Expert, err = s.store.OffersToBeAsked(r.Context(), r.who); err != nil {
		return page, err
	}
	if page.Uncounted, err = s.store.LeftFigures(r.Context(), r.who); err != nil {
		return page, err
	}
	page.Tokens, err = s.store.Tokens(r.Context(), r.who)
	return page, err
}

func (s *Server) showAccount(r *request) error {
	p, err := r.frame()
	if err != nil {
		return err
	}
	p.Notice = accountNotice(r.lang, r.query("done"))
	page, err := s.accountPage(r, p)
	if err != nil {
		return err
	}
	return r.page(templates.Account(page))
}

// accountNotice confirms what the redirect before says was done.
func accountNotice(lang, done string) string {
	switch done {
	case "password":
		return words.T(lang, "Your password was changed. Other devices were signed out, and your tokens have ended.")
	case "expert", "figures":
		return words.T(lang, "Saved.")
	case "devices":
		return words.T(lang, "Signed out.")
	case "token":
		return words.T(lang, "The token was removed.")
	}
	return ""
}

// accountAgain shows the account page with a fault where mark puts it.
func (s *Server) accountAgain(r *request, err error, mark func(*templates.AccountPage, *board.Error)) error {
	var pageErr error
	shown := r.again(err, func(p templates.Page, fault *board.Error) templ.Component {
		var page templates.AccountPage
		page, pageErr = s.accountPage(r, p)
		mark(&page, fault)
		return templates.Account(page)
	})
	if pageErr != nil {
		return pageErr
	}
	return shown
}

func (s *Server) setLanguage(r *request) error {
	var in struct {
		Key  string `form:"key"`
		Lang string `form:"lang"`
		Back string `form:"back"`
	}
	if err := r.bind(&in); err != nil {
		return err
	}
	if in.Lang != "" && !slices.Contains(words.Langs, in.Lang) {
		return board.FieldFault("lang", "Choose a language of the list.")
	}
	if _, err := s.store.SetLanguage(r.Context(), r.who, in.Lang); err != nil {
		return err
	}
	if !ownPath(in.Back) {
		in.Back = "/account"
	}
	return r.see(in.Back)
}

func (s *Server) setPassword(r *request) error {
	var in struct {
		Key      string `form:"key"`
		Current  string `form:"current"`
		Password string `form:"password"`
		Again    string `form:"again"`
	}
	if err := r.bind(&in); err != nil {
		return err
	}
	err := samePassword(in.Password, in.Again)
	if err == nil {
		_, err = s.store.SetPassword(r.Context(), r.login, in.Current, in.Password)
	}
	if err != nil {
		return s.accountAgain(r, err, func(p *templates.AccountPage, fault *board.Error) { p.PasswordFault = fault })
	}
	if err := s.signIn(r, r.who.ID, r.login.Shared); err != nil { // a new id for this device too
		return err
	}
	return r.see("/account?done=password")
}

func (s *Server) signOutElsewhere(r *request) error {
	if err := r.bind(&nothing{}); err != nil {
		return err
	}
	if err := s.store.EndSessions(r.Context(), r.who, r.login.Session); err != nil {
		return err
	}
	return r.see("/account?done=devices")
}

func (s *Server) signOutDevice(r *request) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	if id == r.login.Session {
		return s.signOut(r)
	}
	if err := r.bind(&nothing{}); err != nil {
		return err
	}
	if err := s.store.EndSession(r.Context(), r.who, id); err != nil {
		return err
	}
	return r.see("/account?done=devices")
}

// addToken answers with a page instead of a redirect: the secret is shown this once.
func (s *Server) addToken(r *request) error {
	var in struct {
		Key  string `form:"key"`
		Name string `form:"name"`
	}
	if err := r.bind(&in); err != nil {
		return err
	}
	secret, err := s.store.AddTokenOnce(r.Context(), r.who, in.Name, in.Key)
	if err != nil {
		return s.accountAgain(r, err, func(p *templates.AccountPage, fault *board.Error) { p.TokenFault, p.TokenName = fault, in.Name })
	}
	p, err := r.frame()
	if err != nil {
		return err
	}
	p.Path = "/account"
	page, err := s.accountPage(r, p)
	if err != nil {
		return err
	}
	page.Secret = secret
	return r.page(templates.Account(page))
}

func (s *Server) removeToken(r *request) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	if err := r.bind(&nothing{}); err != nil {
		return err
	}
	if err := s.store.RemoveToken(r.Context(), r.who, id); err != nil {
		return err
	}
	return r.see("/account?done=token")
}
