package server

import (
	"context"
	"errors"
	"strconv"

	"convivio/store/board"
	"convivio/templates"
)

// Topics finds what is spoken of more than before. *search.Topics is one.
type Topics interface {
	// Growing answers at once with what there is where wait is false.
	Growing(ctx context.Context, who board.Who, q board.TopicQuery, wait bool) (board.Topics, error)
}

// topicsBeside is how many topics other pages show.
const topicsBeside = 3

func (s *Server) topicRoutes() {
	s.route("GET", "/topics", signedIn, s.showTopics)

	api(s, "GET", "/topics", signedIn, "What is spoken of more than before", func(ctx context.Context, who board.Who, in *struct {
		Days  int    `query:"days" doc:"the period, which ends today: 30, 7 or 90; 30 where none is given"`
		Board string `query:"board"`
		Limit int    `query:"limit" minimum:"0" doc:"at most 50"`
	}) (*board.Topics, error) {
		return answer(s.topics(ctx, who, board.TopicQuery{Days: in.Days, Board: in.Board, Limit: in.Limit}, true))
	})
}

func (s *Server) topics(ctx context.Context, who board.Who, q board.TopicQuery, wait bool) (board.Topics, error) {
	if s.Topics == nil || !s.store.On(board.FeatureTopics) {
		return board.Topics{Items: []board.Topic{}, NotReady: true}, nil
	}
	return s.Topics.Growing(ctx, who, q, wait)
}

func (s *Server) showTopics(r *request) error {
	p, err := r.frame()
	if err != nil {
		return err
	}
	days, err := strconv.Atoi(r.query("days"))
	if r.query("days") == "" {
		days, err = board.TopicPeriods[0], nil
	}
	if err != nil {
		return board.Missing()
	}
	found, err := s.topics(r.Context(), r.who, board.TopicQuery{Days: days, Board: r.query("board")}, true)
	var fault *board.Error
	if errors.As(err, &fault) && fault.Code == board.Invalid {
		return board.Missing()
	}
	if err != nil {
		return err
	}
	return r.page(templates.Topics(templates.TopicsPage{Page: p, Board: r.query("board"), Topics: found}))
}

// topicsFor are a few topics to stand on another page, if they are at hand.
func (s *Server) topicsFor(r *request, slug string) []board.Topic {
	found, err := s.topics(r.Context(), r.who, board.TopicQuery{Board: slug, Limit: topicsBeside}, false)
	if err != nil && r.Context().Err() == nil {
		s.log.WarnContext(r.Context(), "no growing topics", "id", r.id, "error", err)
	}
	return found.Items
}
