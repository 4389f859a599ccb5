package server

import (
	"context"

	"github.com/a-h/templ"

	"convivio/store/board"
	"convivio/templates"
	"convivio/templates/words"
)

func (s *Server) unfoundRoutes() {
	s.route("GET", "/admin/unfound", moderator, s.showUnfound)
	s.route("POST", "/admin/unfound/aside", moderator, s.putAside)

	api(s, "GET", "/unfound", moderator, "What several people look for and do not find", func(ctx context.Context, who board.Who, _ *struct{}) (*board.List[board.Unfound], error) {
		list, err := s.store.Unfound(ctx, who)
		return &board.List[board.Unfound]{Items: list}, err
	})
}

func (s *Server) showUnfound(r *request) error {
	p, err := r.frame()
	if err != nil {
		return err
	}
	if r.query("done") != "" {
		p.Notice = words.T(r.lang, "It was put aside. It comes back when several people look for it again.")
	}
	list, err := s.store.Unfound(r.Context(), r.who)
	if err != nil {
		return err
	}
	return r.page(templates.Unfound(templates.UnfoundPage{Page: p, List: list}))
}

func (s *Server) putAside(r *request) error {
	var in struct {
		Key   string `form:"key"`
		Query string `form:"query"`
	}
	err := r.bind(&in)
	if err == nil {
		err = s.store.PutAside(r.Context(), r.who, in.Query)
	}
	if err == nil {
		return r.see("/admin/unfound?done=1")
	}
	list, missing := s.store.Unfound(r.Context(), r.who)
	if missing != nil {
		return missing
	}
	return r.again(err, func(p templates.Page, fault *board.Error) templ.Component {
		return templates.Unfound(templates.UnfoundPage{Page: p, List: list, Fault: fault})
	})
}
