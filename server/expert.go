package server

import (
	"context"

	"convivio/store/board"
	"convivio/templates"
)

func (s *Server) expertRoutes() {
	s.route("POST", "/account/expert", signedIn, s.offerToBeAsked)

	api(s, "GET", "/experts", signedIn, "People who offered to be asked about a subject, by name", func(ctx context.Context, who board.Who, in *struct {
		Q    string `query:"q" maxLength:"1000" doc:"the subject, as for a search"`
		Idea int64  `query:"idea" minimum:"0" doc:"the subject is that of an idea"`
	}) (*board.List[board.Expert], error) {
		list, err := s.expertsOn(ctx, who, in.Q, in.Idea)
		return &board.List[board.Expert]{Items: list}, err
	})
	api(s, "PUT", "/me/expert", signedIn, "Offer to be asked about what one wrote well on", func(ctx context.Context, who board.Who, _ *struct{}) (*seqReply, error) {
		return seqOf(s.store.OfferToBeAsked(ctx, who, true))
	})
	api(s, "DELETE", "/me/expert", signedIn, "Be named to nobody any more", func(ctx context.Context, who board.Who, _ *struct{}) (*seqReply, error) {
		return seqOf(s.store.OfferToBeAsked(ctx, who, false))
	})
}

// expertsOn finds who may be asked about an idea, or about what is searched for.
// Errors: not_found, those of a search.
func (s *Server) expertsOn(ctx context.Context, who board.Who, q string, id int64) ([]board.Expert, error) {
	var ideas []int64
	var found []board.Hit
	switch {
	case id != 0:
		idea, err := s.store.Idea(ctx, who, id)
		if err != nil {
			return nil, err
		}
		ideas = []int64{id}
		if found, err = s.Index.Similar(ctx, who, likeness(idea), id, similarShown); err != nil {
			return nil, err
		}
	default:
		f, err := s.Index.Search(ctx, who, board.Query{Q: q})
		if err != nil {
			return nil, err
		}
		found = f.Hits
	}
	return s.experts(ctx, who, who.Lang, append(ideas, ideasOf(found)...))
}

// ideasOf are the ideas found that have all the words.
func ideasOf(found []board.Hit) (ideas []int64) {
	for _, h := range found {
		if !h.Partial {
			ideas = append(ideas, h.Idea)
		}
	}
	return ideas
}

// experts finds who may be asked about the subject of some ideas, by name.
func (s *Server) experts(ctx context.Context, who board.Who, lang string, ideas []int64) ([]board.Expert, error) {
	list, err := s.store.Experts(ctx, who, ideas)
	inOrder(lang, list, func(e board.Expert) string { return e.Name })
	return list, err
}

// offerToBeAsked takes the switch on the account page.
func (s *Server) offerToBeAsked(r *request) error {
	var in struct {
		Key    string `form:"key"`
		Expert bool   `form:"expert"`
	}
	err := r.bind(&in)
	if err == nil {
		_, err = s.store.OfferToBeAsked(r.Context(), r.who, in.Expert)
	}
	if err != nil {
		return s.accountAgain(r, err, func(p *templates.AccountPage, fault *board.Error) { p.ExpertFault = fault })
	}
	return r.see("/account?done=expert#expert")
}
