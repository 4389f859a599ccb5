package server

import (
	"convivio/templates"
)

func (s *Server) outlineRoutes() {
	s.route("GET", "/ideas/:id/outline", signedIn, s.showOutline)
	s.route("GET", "/ideas/:id/unread", signedIn, s.showUnread)
	s.route("POST", "/ideas/:id/read", signedIn, s.readIdea)
}

// showOutline lists what one can jump to in a thread.
func (s *Server) showOutline(r *request) error {
	frame, err := r.frame()
	if err != nil {
		return err
	}
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	idea, err := s.store.Idea(r.Context(), r.who, id)
	if err != nil {
		return err
	}
	part := templates.OutlinePart{Lang: r.lang, Idea: id, Sort: r.sort()}
	if _, err := s.threads.shape(r.Context(), s.store, shapeKey{id, idea.ThreadSeq, part.Sort}); err != nil {
		return err // the order is none
	}
	if part.Answers, err = s.store.AnswersTo(r.Context(), id); err != nil {
		return err
	}
	if part.Marks, err = s.threads.landmarks(r.Context(), s.store, shapeKey{idea: id, seq: idea.ThreadSeq}); err != nil {
		return err
	}
	since := s.store.Since(r.who.ID, idea)
	for _, m := range part.Marks {
		if since > 0 && m.Added > since && m.Author.ID != r.who.ID && len(part.Unread) < templates.MostListed {
			part.Unread = append(part.Unread, m)
		}
	}
	if r.query("part") == "1" {
		return r.page(templates.Outline(part))
	}
	return r.page(templates.OutlineOf(templates.OutlinePage{Page: frame, Idea: idea, List: templates.Outline(part)}))
}

// showUnread leads to the first comment that is new to the reader, or to the idea
// where none is.
func (s *Server) showUnread(r *request) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	idea, err := s.store.Idea(r.Context(), r.who, id)
	if err != nil {
		return err
	}
	sh, err := s.threads.shape(r.Context(), s.store, shapeKey{id, idea.ThreadSeq, r.sort()})
	if err != nil {
		return err
	}
	if since := s.store.Since(r.who.ID, idea); since > 0 {
		if fresh := sh.Unread(r.who.ID, since); len(fresh) > 0 {
			return r.see(templates.SpotPath(id, sh.Nodes[fresh[0]].ID, sh.Order))
		}
	}
	return r.see(ideaPath(id))
}

// readIdea takes from an open page how far its reader has seen it: what came in
// while it was looked at is not new at the next visit. Nobody else learns of it.
func (s *Server) readIdea(r *request) error {
	var in struct {
		Seq int64 `form:"seq"`
	}
	if err := r.bind(&in); err != nil {
		return err
	}
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	idea, err := s.store.Idea(r.Context(), r.who, id)
	if err != nil {
		return err
	}
	upto := min(in.Seq, s.store.Head())
	s.store.Read(r.who.ID, id, min(upto, idea.Seq))
	if err := s.store.SeeIdea(r.Context(), r.who, id, upto); err != nil {
		return err
	}
	return r.see(ideaPath(id))
}
