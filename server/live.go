package server

import (
	"net/http"

	"convivio/server/live"
	"convivio/store"
)

// Live is where open pages and programs hear what happens; live.Hub is one.
type Live interface {
	// Serve takes a connection over; own tells whether a request's Origin is ours.
	Serve(w http.ResponseWriter, r *http.Request, l store.Login, own func(*http.Request) bool) error
	Figures() live.Figures
}

// AddLive adds the route of the live connections. It is called once, before the
// first request: the hub renders with the server, so it is made after it.
func (s *Server) AddLive(hub Live) {
	s.live = hub
	s.route("GET", "/live", signedIn, func(r *request) error {
		return hub.Serve(&r.w, r.Request, r.login, s.ownOrigin)
	})
}
