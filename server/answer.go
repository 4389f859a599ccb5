package server

import (
	"context"
	"strconv"

	"convivio/store/board"
	"convivio/templates"
)

func (s *Server) answerRoutes() {
	s.route("POST", "/ideas/:id/answers", moderator, s.addAnswer)

	api(s, "GET", "/ideas/{id}/answers", signedIn, "Official answers to an idea, oldest first", func(ctx context.Context, who board.Who, in *IDInput) (*board.List[board.Answer], error) {
		list, err := s.store.Answers(ctx, who, in.ID)
		return &board.List[board.Answer]{Items: list}, err
	})
	api(s, "POST", "/ideas/{id}/answers", moderator, "Answer an idea officially", func(ctx context.Context, who board.Who, in *struct {
		IDInput
		Key  string `header:"Idempotency-Key"`
		Body board.NewAnswer
	}) (*board.Answer, error) {
		return answer(s.store.Answer(ctx, who, in.ID, in.Body, in.Key))
	})
}

func (s *Server) addAnswer(r *request) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	var in answerForm
	var cites []int64
	var preview *templates.PreviewPart
	if err = r.bind(&in); err == nil {
		cites, err = in.cites()
	}
	switch {
	case err == nil && in.Preview:
		preview, err = r.preview("", in.Body, true)
	case err == nil:
		if _, err = s.store.Answer(r.Context(), r.who, id, board.NewAnswer{Body: in.Body, Cites: cites}, in.Key); err == nil {
			return r.see(ideaPath(id) + "#answers")
		}
	}
	return s.ideaAgain(r, id, err, func(p *templates.IdeaPage, fault *board.Error) {
		p.Answer.Body, p.Answer.Cites, p.Answer.Preview, p.Answer.Fault, p.Answer.Open = in.Body, cites, preview, fault, true
	})
}

// answerForm is what the form for an official answer sends.
type answerForm struct {
	Key     string   `form:"key"`
	Body    string   `form:"body"`
	Cites   []string `form:"cites"`
	Preview bool     `form:"preview"`
}

// cites are the comments chosen. Errors: invalid, field cites.
func (f answerForm) cites() (list []int64, err error) {
	for _, c := range f.Cites {
		n, err := strconv.ParseInt(c, 10, 64)
		if err != nil {
			return nil, board.FieldFault("cites", "Write a number here.")
		}
		list = append(list, n)
	}
	return list, nil
}
