package server

import (
	"slices"

	"github.com/a-h/templ"

	"convivio/store/board"
	"convivio/templates"
	"convivio/templates/words"
)

// DemoPerson is somebody whom the sign-in page of a demo offers to become.
type DemoPerson struct {
	board.Person
	Notes map[string]string // who they are in a sentence, by language
}

func (s *Server) signinRoutes() {
	s.route("GET", "/signin", anyone, s.showSignIn)
	s.route("POST", "/signin", anyone, s.takeSignIn)
	s.route("POST", "/signout", signedIn, s.signOut)
}

// signInPage is the page to sign in; one click is offered where it would work.
func (s *Server) signInPage(r *request, p templates.Page, next, email string, shared bool, fault *board.Error) templ.Component {
	page := templates.SignInPage{Page: p, Email: email, Shared: shared, Next: next, Fault: fault}
	if r.fromHere() {
		for _, d := range s.Demo {
			page.Cast = append(page.Cast, templates.CastMember{Person: d.Person, Note: d.Notes[r.lang]})
		}
	}
	return templates.SignIn(page)
}

func (s *Server) showSignIn(r *request) error {
	next := r.query("next")
	if !ownPath(next) {
		next = ""
	}
	if r.who.ID != 0 {
		return r.see(orHome(next))
	}
	r.chooseLanguage()
	p, err := r.frame()
	if err != nil {
		return err
	}
	return r.page(s.signInPage(r, p, next, "", false, nil))
}

// chooseLanguage takes ?lang=, by which those who are not signed in choose.
func (r *request) chooseLanguage() {
	if lang := r.query("lang"); r.who.ID == 0 && slices.Contains(words.Langs, lang) {
		r.lang = lang
	}
}

func orHome(next string) string {
	if ownPath(next) {
		return next
	}
	return "/"
}

func (s *Server) takeSignIn(r *request) error {
	var in struct {
		Key      string `form:"key"`
		Email    string `form:"email"`
		Password string `form:"password"`
		Person   int64  `form:"person"` // of a demo, instead of email and password
		Next     string `form:"next"`
		Shared   bool   `form:"shared"`
	}
	if err := r.bind(&in); err != nil {
		return err
	}
	if in.Person != 0 {
		return s.become(r, in.Person, in.Next, in.Shared)
	}
	person, err := s.store.CheckPassword(r.Context(), in.Email, in.Password, r.network())
	if err != nil {
		return r.again(err, func(p templates.Page, fault *board.Error) templ.Component {
			return s.signInPage(r, p, in.Next, in.Email, in.Shared, fault)
		})
	}
	if away, err := s.turnedAway(r, person); away || err != nil {
		return err
	}
	if err := s.signIn(r, person, in.Shared); err != nil {
		return err
	}
	return r.see(orHome(in.Next))
}

// become signs in as a person of the demo, for whoever sits at this machine;
// through a proxy or from elsewhere there is no such thing.
func (s *Server) become(r *request, person int64, next string, shared bool) error {
	if !r.fromHere() || !slices.ContainsFunc(s.Demo, func(d DemoPerson) bool { return d.ID == person }) {
		return board.Missing()
	}
	if away, err := s.turnedAway(r, person); away || err != nil {
		return err
	}
	if err := s.signIn(r, person, shared); err != nil {
		return err
	}
	return r.see(orHome(next))
}

func (s *Server) signOut(r *request) error {
	if err := r.bind(&struct {
		Key string `form:"key"`
	}{}); err != nil {
		return err
	}
	if err := s.store.EndSession(r.Context(), r.who, r.login.Session); err != nil {
		return err
	}
	s.setCookie(r, "", -1)
	// Not "storage", where other people of this browser have drafts: the worker and
	// the scripts of the next page erase what was this person's. Not "cookies", which
	// would end sessions of every host under the company's domain.
	r.w.Header().Set("Clear-Site-Data", `"cache"`)
	return r.see("/signin")
}
