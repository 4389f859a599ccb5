package server

import (
	"context"
	"strings"

	"github.com/a-h/templ"

	"convivio/store/board"
	"convivio/templates"
)

func (s *Server) ideaDraftRoutes() {
	s.route("POST", "/boards/:slug/drafts", signedIn, s.keepIdeaDraft)
	s.route("GET", "/drafts/:id", signedIn, s.showIdeaDraft)
	s.route("POST", "/drafts/:id/delete", signedIn, s.deleteIdeaDraft)

	api(s, "GET", "/drafts", signedIn, "One's own ideas in the making, changed last first", func(ctx context.Context, who board.Who, _ *struct{}) (*board.List[board.IdeaDraft], error) {
		list, err := s.store.IdeaDrafts(ctx, who)
		return &board.List[board.IdeaDraft]{Items: list}, err
	})
	api(s, "POST", "/drafts", signedIn, "Keep an idea in the making", func(ctx context.Context, who board.Who, in *struct {
		Key  string `header:"Idempotency-Key"`
		Body board.DraftIdea
	}) (*board.IdeaDraft, error) {
		return answer(s.store.KeepIdeaDraft(ctx, who, 0, in.Body, in.Key))
	})
	api(s, "GET", "/drafts/{id}", signedIn, "One of one's own ideas in the making", func(ctx context.Context, who board.Who, in *IDInput) (*board.IdeaDraft, error) {
		return answer(s.store.IdeaDraft(ctx, who, in.ID))
	})
	api(s, "PUT", "/drafts/{id}", signedIn, "Change one of one's own ideas in the making", func(ctx context.Context, who board.Who, in *struct {
		IDInput
		Body board.DraftIdea
	}) (*board.IdeaDraft, error) {
		return answer(s.store.KeepIdeaDraft(ctx, who, in.ID, in.Body, ""))
	})
	api(s, "DELETE", "/drafts/{id}", signedIn, "Forget one of one's own ideas in the making", func(ctx context.Context, who board.Who, in *IDInput) (*seqReply, error) {
		return seqOf(0, s.store.DeleteIdeaDraft(ctx, who, in.ID))
	})
}

// keepIdeaDraft keeps what the form for a new idea holds so far.
func (s *Server) keepIdeaDraft(r *request) error {
	var in ideaForm
	slug, err := r.param("slug"), r.bind(&in)
	if err == nil {
		_, err = s.store.KeepIdeaDraft(r.Context(), r.who, in.Draft, board.DraftIdea{Board: slug, Title: in.Title, Body: in.Body, Tags: splitTags(in.Tags), Was: in.Was}, in.Key)
	}
	if err == nil {
		return r.see("/mine#drafts")
	}
	b, missing := s.store.Board(r.Context(), r.who, slug)
	if missing != nil {
		return missing
	}
	return r.again(err, func(p templates.Page, fault *board.Error) templ.Component {
		form := in.shown(nil, fault)
		if meanwhile(fault) {
			if now, err := s.store.IdeaDraft(r.Context(), r.who, in.Draft); err == nil {
				form.Was, form.Meanwhile = now.Wording(), &board.Version{Title: now.Title, Body: now.Body}
			}
		}
		return templates.NewIdea(templates.NewIdeaPage{Page: p, Board: b, Form: form})
	})
}

// showIdeaDraft goes on with a draft where it was left.
func (s *Server) showIdeaDraft(r *request) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	d, err := s.store.IdeaDraft(r.Context(), r.who, id)
	if err != nil {
		return err
	}
	p, err := r.frame()
	if err != nil {
		return err
	}
	b, err := s.store.Board(r.Context(), r.who, d.Board)
	if err != nil {
		return err
	}
	return r.page(templates.NewIdea(templates.NewIdeaPage{Page: p, Board: b,
		Form: templates.IdeaForm{Title: d.Title, Body: d.Body, Tags: strings.Join(d.Tags, " "), Draft: d.ID, Was: d.Wording()}}))
}

func (s *Server) deleteIdeaDraft(r *request) error {
	id, err := r.pressed()
	if err == nil {
		err = s.store.DeleteIdeaDraft(r.Context(), r.who, id)
	}
	if err != nil {
		return err
	}
	return r.see("/mine#drafts")
}
