package server

import (
	"context"
	"net/http"
	"time"

	"convivio/store/board"
)

func (s *Server) healthRoutes() {
	s.route("GET", "/healthz", open, s.healthy)
	s.route("GET", "/readyz", open, s.ready)
	s.route("GET", "/metrics", anyone, s.showMetrics)
	s.route("POST", "/csp-reports", anyone, s.takeReport)
}

// healthy says that the process answers at all.
func (s *Server) healthy(r *request) error {
	return r.send(http.StatusOK, plainType, []byte("ok\n"))
}

// ready says whether new work should come here.
func (s *Server) ready(r *request) error {
	if s.draining.Load() {
		return r.send(http.StatusServiceUnavailable, plainType, []byte("stopping\n"))
	}
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	if err := s.store.Ready(ctx); err != nil {
		s.log.Error("the database cannot be read", "error", err)
		return r.send(http.StatusServiceUnavailable, plainType, []byte("database\n"))
	}
	return r.send(http.StatusOK, plainType, []byte("ready\n"))
}

// takeReport hears from a browser that it refused something on one of our
// pages. What it refused may hold words and addresses; that it did is enough.
func (s *Server) takeReport(r *request) error {
	s.metrics.reports.Inc()
	r.w.WriteHeader(http.StatusNoContent)
	return nil
}

// showMetrics gives the figures to programs on this machine and to administrators.
func (s *Server) showMetrics(r *request) error {
	if r.fromHere() || r.login.Token != 0 && r.who.Has(board.Admin) {
		s.metrics.handler.ServeHTTP(&r.w, r.Request)
		return nil
	}
	return board.Missing()
}

// fromHere tells whether the peer is on this machine and nobody stands between:
// a proxy on this machine makes everyone look like that.
func (r *request) fromHere() bool {
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Via"} {
		if _, there := r.Header[name]; there {
			return false
		}
	}
	return isLoopbackName(hostOnly(r.RemoteAddr)) && isLoopbackName(hostOnly(r.Host))
}
