package server

import "convivio/static"

// fileRoutes serves styles, scripts and pictures, which are nobody's secret.
func (s *Server) fileRoutes() {
	files := static.Handler()
	s.route("GET", "/static/*", open, func(r *request) error {
		files.ServeHTTP(&r.w, r.Request)
		return nil
	})
}
