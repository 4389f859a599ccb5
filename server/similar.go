package server

import (
	"context"
	"strings"

	"convivio/store/board"
	"convivio/store/markdown"
	"convivio/templates"
)

// similarShown is how many similar ideas are shown at once.
const similarShown = 4

// similarListed is how many of them a program is told.
const similarListed = 10

func (s *Server) similarRoutes() {
	s.route("GET", "/similar", signedIn, s.showSimilar)
	s.route("GET", "/ideas/:id/similar", signedIn, s.showSimilarTo)

	api(s, "GET", "/similar", signedIn, "Ideas that resemble a title, the nearest first", func(ctx context.Context, who board.Who, in *struct {
		Title string `query:"title"`
	}) (*board.List[board.Hit], error) {
		return s.similarList(ctx, who, in.Title, 0)
	})
	api(s, "GET", "/ideas/{id}/similar", signedIn, "Ideas that resemble one, the nearest first", func(ctx context.Context, who board.Who, in *IDInput) (*board.List[board.Hit], error) {
		idea, err := s.store.Idea(ctx, who, in.ID)
		if err != nil {
			return nil, err
		}
		return s.similarList(ctx, who, likeness(idea), idea.ID)
	})
}

// likeness is what an idea is compared with others by.
func likeness(idea board.Idea) string {
	return idea.Title + " " + strings.Join(idea.Tags, " ") + " " + markdown.Text(idea.HTML)
}

func (s *Server) similarList(ctx context.Context, who board.Who, text string, not int64) (*board.List[board.Hit], error) {
	out := board.List[board.Hit]{Items: []board.Hit{}}
	if s.Index == nil || strings.TrimSpace(text) == "" {
		return &out, nil
	}
	hits, err := s.Index.Similar(ctx, who, text, not, similarListed)
	out.Items = append(out.Items, hits...)
	return answer(out, err)
}

// showSimilar answers a title that is being typed with the ideas that resemble it.
func (s *Server) showSimilar(r *request) error {
	return r.page(templates.Similar(templates.SimilarPart{Lang: r.lang, Ideas: s.similar(r, r.query("title"), 0)}))
}

// similar finds ideas like one of a text, as far as the reader may see them.
// They are an offer: where they cannot be had just now, there are none.
func (s *Server) similar(r *request, text string, not int64) []board.Hit {
	if s.Index == nil || strings.TrimSpace(text) == "" {
		return nil
	}
	hits, err := s.Index.Similar(r.inside(), r.who, text, not, similarShown)
	if err != nil && r.Context().Err() == nil {
		s.log.WarnContext(r.Context(), "no similar ideas", "id", r.id, "error", err)
	}
	return hits
}

// showSimilarTo lists what resembles an idea: the part of its page that a script
// asks for once the reader comes near, and a page of its own without scripts.
func (s *Server) showSimilarTo(r *request) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	idea, err := s.store.Idea(r.Context(), r.who, id)
	if err != nil {
		return err
	}
	found := s.similar(r, likeness(idea), id)
	experts, err := s.experts(r.Context(), r.who, r.lang, append([]int64{id}, ideasOf(found)...))
	if err != nil {
		return err
	}
	if r.query("part") == "1" {
		return r.page(templates.SimilarAside(templates.SimilarPart{Lang: r.lang, Ideas: found, Aside: true}, experts))
	}
	p, err := r.frame()
	if err != nil {
		return err
	}
	return r.page(templates.SimilarIdeas(templates.SimilarPage{Page: p, Idea: idea, Similar: found, Experts: experts}))
}
