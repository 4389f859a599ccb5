package server

import (
	"convivio/store/board"
	"convivio/templates"
)

// homeItems is how many ideas each list of the home page shows.
const homeItems = 6

func (s *Server) homeRoutes() {
	s.route("GET", "/", signedIn, s.showHome)
	s.route("GET", "/mine", signedIn, s.showMine)
}

func (s *Server) showHome(r *request) error {
	p, err := r.frame()
	if err != nil {
		return err
	}
	h, err := s.store.Home(r.Context(), r.who, homeItems)
	if err != nil {
		return err
	}
	unread, err := s.unread(r)
	if err != nil {
		return err
	}
	return r.page(templates.Home(templates.HomePage{Page: p, Uninformed: unread, Told: templates.NoticeGroups(h.Told), Waiting: h.Waiting, Again: h.Again, Fresh: h.Fresh,
		Moved: h.Moved, Growing: h.Growing, Newcomer: h.Newcomer, Silent: h.Silent, Topics: s.topicsFor(r, "")}))
}

func (s *Server) showMine(r *request) error {
	p, err := r.frame()
	if err != nil {
		return err
	}
	list, err := s.store.Mine(r.Context(), r.who, 20, r.query("after"))
	if err != nil {
		return err
	}
	answers := map[int64]board.Answer{}
	if len(list.Items) > 0 {
		ids := make([]int64, len(list.Items))
		for i, idea := range list.Items {
			ids[i] = idea.ID
		}
		if answers, err = s.store.LastAnswers(r.Context(), ids); err != nil {
			return err
		}
	}
	var drafts []board.IdeaDraft
	if r.query("after") == "" {
		if drafts, err = s.store.IdeaDrafts(r.Context(), r.who); err != nil {
			return err
		}
	}
	return r.page(templates.Mine(templates.MinePage{Page: p, Drafts: drafts, Ideas: list.Items, Answers: answers, More: list.Next}))
}
