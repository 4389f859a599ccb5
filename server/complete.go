package server

import (
	"strconv"
	"strings"

	"convivio/store"
	"convivio/store/board"
	"convivio/templates"
)

// completed is how many ideas are offered after #.
const completed = 8

func (s *Server) completeRoutes() {
	s.route("GET", "/complete", signedIn, s.showCompletions)
}

// showCompletions offers what @ or # may become where somebody writes: idea
// names the idea, board the board of a new one. Nobody is offered but those who
// may read there, and no idea but those the writer may read.
func (s *Server) showCompletions(r *request) error {
	at := store.Place{Board: r.query("board")}
	if idea := r.query("idea"); idea != "" {
		var err error
		if at.Idea, err = strconv.ParseInt(idea, 10, 64); err != nil || at.Idea <= 0 {
			return board.Missing()
		}
	}
	q := r.query("q")
	if len(q) > board.MaxName {
		return board.FieldFault("q", "This is too long for a name.")
	}
	p := templates.CompletionsPart{Lang: r.lang}
	var err error
	switch {
	case strings.HasPrefix(q, "@"):
		p.People, err = s.store.Callable(r.Context(), r.who, at, q[1:])
	case strings.HasPrefix(q, "#"):
		p.Ideas, err = s.completeIdea(r, at, q[1:])
	default:
		err = board.FieldFault("q", "This begins with @ or #.")
	}
	if err != nil {
		return err
	}
	return r.page(templates.Completions(p))
}

// completeIdea finds ideas by the beginning of their number or words of their title.
func (s *Server) completeIdea(r *request, at store.Place, q string) ([]board.Idea, error) {
	if strings.Trim(q, "0123456789") == "" {
		return s.store.IdeasNumbered(r.Context(), r.who, at, q)
	}
	ideas := []board.Idea{}
	if s.Index == nil {
		return ideas, nil
	}
	hits, err := s.Index.Titled(r.inside(), r.who, q, completed)
	for _, h := range hits {
		ideas = append(ideas, board.Idea{ID: h.Idea, Title: h.Title, Stage: h.Stage, StageName: h.StageName, Votes: h.Votes, Board: h.Board, BoardName: h.BoardName})
	}
	return ideas, err
}
