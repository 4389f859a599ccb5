package server

import (
	"strconv"

	"convivio/store/board"
	"convivio/templates"
)

// versionsShown is how many edits a page shows at once: each is compared anew.
const versionsShown = 20

func (s *Server) versionRoutes() {
	s.route("GET", "/ideas/:id/versions", signedIn, s.showIdeaVersions)
	s.route("GET", "/comments/:id/versions", signedIn, s.showCommentVersions)
}

func (s *Server) showIdeaVersions(r *request) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	p := templates.VersionsPage{}
	if p.Idea, err = s.store.Idea(r.Context(), r.who, id); err != nil {
		return err
	}
	p.Now = board.Version{Title: p.Idea.Title, Body: p.Idea.Body}
	if p.Versions, err = s.store.IdeaVersions(r.Context(), r.who, id); err != nil {
		return err
	}
	return r.showVersions(p)
}

func (s *Server) showCommentVersions(r *request) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	c, err := s.store.Comment(r.Context(), r.who, id)
	if err != nil {
		return err
	}
	p := templates.VersionsPage{Comment: &c, Now: board.Version{Body: c.Body}}
	if p.Idea, err = s.store.Idea(r.Context(), r.who, c.Idea); err != nil {
		return err
	}
	if p.Versions, err = s.store.CommentVersions(r.Context(), r.who, id); err != nil {
		return err
	}
	return r.showVersions(p)
}

// showVersions shows the piece of the edits that the address asks for.
func (r *request) showVersions(p templates.VersionsPage) (err error) {
	if p.Page, err = r.frame(); err != nil {
		return err
	}
	if before, err := strconv.Atoi(r.query("before")); err == nil && before > 0 && before <= len(p.Versions) {
		p.Now, p.Versions = p.Versions[before-1], p.Versions[before:]
		p.More = before
	}
	if len(p.Versions) > versionsShown {
		p.Versions, p.More = p.Versions[:versionsShown], p.More+versionsShown
	} else {
		p.More = 0
	}
	return r.page(templates.Versions(p))
}
