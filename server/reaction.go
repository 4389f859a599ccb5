package server

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"convivio/store/board"
	"convivio/templates"
)

func (s *Server) reactionRoutes() {
	s.route("GET", "/answers/:id", signedIn, s.showAnswer)
	for _, on := range []struct {
		path, noun string
		said       func(int64) board.Said
	}{
		{"/comments/", "comment", func(id int64) board.Said { return board.Said{Comment: id} }},
		{"/answers/", "official answer", func(id int64) board.Said { return board.Said{Answer: id} }},
	} {
		s.route("POST", on.path+":id/react", signedIn, s.react(on.said, s.store.React))
		s.route("POST", on.path+":id/unreact", signedIn, s.react(on.said, s.store.Unreact))
		api(s, "GET", on.path+"{id}/reactions", signedIn, "Reactions to "+article(on.noun), func(ctx context.Context, who board.Who, in *IDInput) (*board.Reactions, error) {
			return answer(s.store.Reactions(ctx, who, on.said(in.ID)))
		})
		api(s, "PUT", on.path+"{id}/reactions/{kind}", signedIn, "React to "+article(on.noun), func(ctx context.Context, who board.Who, in *ReactionInput) (*board.Reactions, error) {
			return answer(s.store.React(ctx, who, on.said(in.ID), in.Kind))
		})
		api(s, "DELETE", on.path+"{id}/reactions/{kind}", signedIn, "Take one's reaction back from "+article(on.noun), func(ctx context.Context, who board.Who, in *ReactionInput) (*board.Reactions, error) {
			return answer(s.store.Unreact(ctx, who, on.said(in.ID), in.Kind))
		})
	}
}

func article(noun string) string {
	if strings.HasPrefix(noun, "o") {
		return "an " + noun
	}
	return "a " + noun
}

// ReactionInput is a reaction in a path of the API.
type ReactionInput struct {
	IDInput
	Kind board.ReactionKind `path:"kind" enum:"agree,thanks,insight,cheer,puzzled"`
}

// react is a button that changes one's reaction and comes back to the page of
// what was reacted to, or, with part, answers the reactions as they are now.
func (s *Server) react(said func(int64) board.Said, change func(context.Context, board.Who, board.Said, board.ReactionKind) (board.Reactions, error)) handler {
	return func(r *request) error {
		var in struct {
			Key  string `form:"key"`
			Kind string `form:"kind"`
			Part bool   `form:"part"`
		}
		if err := r.bind(&in); err != nil {
			return err
		}
		id, err := r.idParam("id")
		if err != nil {
			return err
		}
		now, err := change(r.Context(), r.who, said(id), board.ReactionKind(in.Kind))
		if err != nil {
			return err
		}
		if in.Part {
			return r.page(templates.Reactions(templates.ReactionsPart{Lang: r.lang, On: now.Said, Counts: now.Counts}))
		}
		return r.see(templates.SaidPath(now.Said) + "#react")
	}
}

// showAnswer is the page of one official answer, where people without scripts react.
func (s *Server) showAnswer(r *request) error {
	p, err := r.frame()
	if err != nil {
		return err
	}
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	a, err := s.store.AnswerByID(r.Context(), r.who, id)
	if err != nil {
		return err
	}
	idea, err := s.store.Idea(r.Context(), r.who, a.Idea)
	if err != nil {
		return err
	}
	mine, err := s.mine(r, idea)
	if err != nil {
		return err
	}
	return r.page(templates.OneAnswer(templates.AnswerPage{Page: p, Idea: idea, Answer: a, Mine: mine}))
}

// mine writes down the reader's own reactions on an idea, for the page: "34:agree
// a5:thanks". They stand beside the thread, which is the same for everybody.
func (s *Server) mine(r *request, idea board.Idea) (string, error) {
	if idea.Reacted == 0 {
		return "", nil
	}
	list, err := s.store.OwnReactions(r.Context(), r.who, idea.ID)
	if err != nil {
		return "", fmt.Errorf("mark one's own reactions: %w", err)
	}
	var b strings.Builder
	for i, o := range list {
		if i > 0 {
			b.WriteByte(' ')
		}
		if o.Answer != 0 {
			b.WriteByte('a')
		}
		b.WriteString(strconv.FormatInt(max(o.Comment, o.Answer), 10))
		b.WriteByte(':')
		b.WriteString(string(o.Kind))
	}
	return b.String(), nil
}

// reactionFrame is the reactions to what an event is about, as they are now.
func (s *Server) reactionFrame(ctx context.Context, comment, answerID, idea int64, lang string) (templates.ReactionsPart, error) {
	p := templates.ReactionsPart{Lang: lang, On: board.Said{Comment: comment, Answer: answerID}}
	if comment != 0 {
		list, err := s.store.CommentsOf(ctx, comment)
		for _, c := range list {
			p.Counts = c.Reactions
		}
		return p, err
	}
	list, err := s.store.AnswersTo(ctx, idea)
	for _, a := range list {
		if a.ID == answerID {
			p.Counts = a.Reactions
		}
	}
	return p, err
}
