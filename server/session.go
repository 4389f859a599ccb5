package server

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"convivio/store"
	"convivio/store/board"
)

// cookieName is the name of the session cookie. The __Host- prefix makes
// browsers refuse one set by another host or over http; on plain http, where it
// cannot be used, the cookie has another name, so that the two never mix.
func (s *Server) cookieName() string {
	if s.secure {
		return "__Host-session"
	}
	return "session"
}

// identify finds out who is asking: by token where programs ask, by cookie
// everywhere. A cookie that no longer holds is no cookie; a token that does not
// hold is an error, so that a program learns of it. Errors: unauthorized.
func (s *Server) identify(r *request) error {
	if token := bearer(r.Request); token != "" && takesTokens(r.URL.Path) {
		login, err := s.store.Token(r.Context(), token)
		if err != nil {
			return err
		}
		r.is(login)
		return nil
	}
	cookie, err := r.Cookie(s.cookieName())
	if err != nil || cookie.Value == "" {
		return nil
	}
	login, err := s.store.Session(r.Context(), cookie.Value)
	var fault *board.Error
	if errors.As(err, &fault) && fault.Code == board.Unauthorized {
		return nil
	}
	if err != nil {
		return err
	}
	r.is(login)
	return nil
}

func (r *request) is(login store.Login) {
	r.login, r.who = login, login.Who
	if login.Lang != "" {
		r.lang = login.Lang
	}
}

// takesTokens tells whether a path may be asked with a token. Pages may not:
// what is done there, such as making more tokens, takes the person.
func takesTokens(path string) bool { return isAPI(path) || path == "/live" || path == "/metrics" }

// bearer is the token a request carries, or "".
func bearer(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// signIn opens a session for somebody whose identity is certain, ends the one
// the browser had, and sets the cookie: on a device that others use too, one that
// ends with the browser.
func (s *Server) signIn(r *request, person int64, shared bool) error {
	if r.login.Session != 0 {
		if err := s.store.EndSession(r.Context(), r.who, r.login.Session); err != nil {
			return err
		}
	}
	secret, err := s.store.OpenSession(r.Context(), person, r.UserAgent(), shared)
	if err != nil {
		return err
	}
	age := int(store.SessionLife.Seconds())
	if shared {
		age = 0
	}
	s.setCookie(r, secret, age)
	return nil
}

// setCookie sets the session cookie; without an age it ends with the browser, a
// negative one takes it away.
func (s *Server) setCookie(r *request, value string, age int) {
	http.SetCookie(&r.w, &http.Cookie{Name: s.cookieName(), Value: value, Path: "/", MaxAge: age,
		Secure: s.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// ownPath tells whether an address may be gone to after signing in: a path here
// and nothing that a browser could take for another site.
func ownPath(next string) bool {
	if len(next) > 1000 || next == "" || next[0] != '/' {
		return false
	}
	for _, form := range []string{next, decodedOnce(next)} {
		if len(form) > 1 && (form[1] == '/' || form[1] == '\\') || strings.Contains(form, "\\") || strings.HasPrefix(form, "/.") {
			return false
		}
		for _, c := range form {
			if c < ' ' || c == 0x7f {
				return false
			}
		}
	}
	return !strings.Contains(next, "//")
}

// origin is from where the request comes, for the audit log.
func (r *request) origin() store.Origin {
	means := "session"
	switch {
	case r.login.Token != 0:
		means = "token:" + strconv.FormatInt(r.login.Token, 10)
	case r.who.ID == 0:
		means = board.ByVisitor
	}
	return store.Origin{Address: r.address(), Request: r.id, Means: means}
}
