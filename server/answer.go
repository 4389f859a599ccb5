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
	var in struct {
		Key   string   `form:"key"`
		Body  string   `form:"body"`
		Cites []string `form:"cites"`
	}
	if err := r.bind(&in); err != nil {
		return err
	}
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	var cites []int64
	for _, c := range in.Cites {
		n, err := strconv.ParseInt(c, 10, 64)
		if err != nil {
			return board.FieldFault("cites", "Write a number here.")
		}
		cites = append(cites, n)
	}
	_, err = s.store.Answer(r.Context(), r.who, id, board.NewAnswer{Body: in.Body, Cites: cites}, in.Key)
	if err != nil {
		return s.ideaAgain(r, id, err, func(p *templates.IdeaPage, fault *board.Error) {
			p.Answer.Body, p.Answer.Cites, p.Answer.Fault, p.Answer.Open = in.Body, cites, fault, true
		})
	}
	return r.see(ideaPath(id) + "#answers")
}
