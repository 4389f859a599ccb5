package server

import "convivio/templates"

// designRoutes shows the components of the pages, to those who make them: a
// company's own server has no such page.
func (s *Server) designRoutes() {
	if len(s.Demo) > 0 {
		s.route("GET", "/design", signedIn, s.showDesign)
	}
}

func (s *Server) showDesign(r *request) error {
	p, err := r.frame()
	if err != nil {
		return err
	}
	return r.page(templates.Design(templates.DesignPage{Page: p}))
}
