package server

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"convivio/store"
	"convivio/store/board"
)

// access says who reaches a route. What they then see there is the store's to decide.
type access int

// The kinds of access. The zero value lets nobody in: a route must choose.
const (
	nobody    access = iota
	open             // anyone, and nobody asks who: files, health
	anyone           // anyone; the handler may look at who it is
	signedIn         // employees and guests
	employee         // employees; to guests the route does not exist
	moderator        // moderators, of one board or of all, and administrators: the store decides where
	reviewer         // whom the review page has something for: moderators and named officers
	admin            // administrators
	auditor          // auditors alone: those who have power do not read what is kept of it
)

// Route is one entry of the access table.
type Route struct {
	Method string
	Path   string // as echo writes it: /boards/:slug
	Access access
	meter  *routeMeter
}

// Routes is the access table: every route there is, and who reaches it.
func (s *Server) Routes() []Route { return s.routes }

// route registers a handler and who reaches it. It is the only way to a route.
func (s *Server) route(method, path string, may access, h handler) {
	if may == nobody {
		panic("route without access: " + method + " " + path)
	}
	s.addRoute(method, path, may, h)
	if method == http.MethodGet {
		s.addRoute(http.MethodHead, path, may, h)
	}
}

func (s *Server) addRoute(method, path string, may access, h handler) {
	rt := &Route{Method: method, Path: path, Access: may, meter: s.metrics.meter(method, path)}
	s.routes = append(s.routes, *rt)
	s.echo.Add(method, path, func(c echo.Context) error {
		r := c.Response().Writer.(*recorder).of
		r.c, r.route = c, rt
		err := s.admit(r, may)
		if err == nil {
			err = h(r)
		}
		if err != nil {
			s.keepRefusal(r, err)
			s.fail(r, err)
		}
		return nil
	})
}

// admit finds out who is asking, holds them to the rate limits and to the
// route's access.
func (s *Server) admit(r *request, may access) error {
	if may == open {
		return nil
	}
	if err := s.identify(r); err != nil {
		return err
	}
	if err := s.checkRate(r); err != nil {
		return err
	}
	if may >= moderator || r.Method != http.MethodGet && r.Method != http.MethodHead { // where nothing is audited it would cost for nothing
		r.Request = r.WithContext(store.WithOrigin(r.Context(), r.origin()))
	}
	if err := r.checkSender(); err != nil {
		return err
	}
	return may.check(r.who)
}

// check decides whether somebody reaches a route. Errors: unauthorized,
// forbidden, and not_found for guests where only employees go.
func (a access) check(who board.Who) error {
	switch {
	case a == open || a == anyone:
		return nil
	case who.ID == 0:
		return board.Fault(board.Unauthorized, "Sign in to go on.")
	case a == signedIn:
		return nil
	case who.Kind != board.Employee:
		return board.Missing()
	case a == employee:
		return nil
	case a == moderator && who.ModeratesAny(), a == reviewer && who.Reviews(), a == admin && who.Has(board.Admin), a == auditor && who.Has(board.Auditor):
		return nil
	case a == auditor:
		return board.Fault(board.Forbidden, "Only auditors can read this.")
	case a == moderator, a == reviewer:
		return board.Fault(board.Forbidden, "Only moderators can do this.")
	default:
		return board.Fault(board.Forbidden, "Only administrators can do this.")
	}
}

// Echo has one handler for addresses that lead nowhere, and one for those that
// take another method, for the whole program; they find their server in the request.
func init() {
	echo.NotFoundHandler = func(c echo.Context) error {
		r := c.Response().Writer.(*recorder).of
		r.c = c
		err := r.s.admit(r, anyone)
		if err == nil {
			err = board.Missing() // like a thing that nobody may see
		}
		r.s.fail(r, err)
		return nil
	}
	echo.MethodNotAllowedHandler = func(c echo.Context) error {
		r := c.Response().Writer.(*recorder).of
		if allow, ok := c.Get(echo.ContextKeyHeaderAllow).(string); ok && allow != "" {
			r.w.Header().Set("Allow", allow)
		}
		r.s.fail(r, withStatus(http.StatusMethodNotAllowed, board.Fault(board.Invalid, "This address does not take this kind of request.")))
		return nil
	}
}

// isAPI tells whether programs ask here: they get JSON, and may use a token.
func isAPI(path string) bool { return strings.HasPrefix(path, "/api/") || path == "/api" }
