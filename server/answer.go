package server

import (
	"context"

	"github.com/a-h/templ"

	"convivio/store"
	"convivio/store/board"
	"convivio/templates"
)

func (s *Server) answerRoutes() {
	s.route("POST", "/ideas/:id/answers", signedIn, s.addAnswer) // owners may be anybody: the store decides

	api(s, "GET", "/ideas/{id}/answers", signedIn, "Official answers to an idea, oldest first", func(ctx context.Context, who board.Who, in *IDInput) (*board.List[board.Answer], error) {
		list, err := s.store.Answers(ctx, who, in.ID)
		return &board.List[board.Answer]{Items: list}, err
	})
	api(s, "POST", "/ideas/{id}/answers", signedIn, "Answer an idea officially", func(ctx context.Context, who board.Who, in *struct {
		IDInput
		Key  string `header:"Idempotency-Key"`
		Body board.NewAnswer
	}) (*board.Answer, error) {
		return answer(s.store.Answer(ctx, who, in.ID, in.Body, in.Key))
	})
}

func (s *Server) answerFrame(ctx context.Context, e store.Entry, idea board.Idea, lang string) ([]templ.Component, error) {
	answers, err := s.store.AnswersTo(ctx, idea.ID)
	if err != nil {
		return nil, err
	}
	var cites []int64
	for _, a := range answers {
		if a.ID == e.Subject {
			cites = a.Cites
		}
	}
	part := templates.AnswersPart{Lang: lang, Idea: idea.ID, Answers: answers}
	cited, err := s.store.CommentsOf(ctx, cites...)
	return append([]templ.Component{
		templates.Answers(part),
		templates.Credit(part),
		templates.IdeaState(templates.IdeaStatePart{Lang: lang, Idea: idea}),
	}, comments(cited, lang)...), err
}
