package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/a-h/templ"

	"convivio/store"
	"convivio/store/board"
	"convivio/templates"
)

// Frame renders what an event changed on open pages, in one language, from the
// rows as they stand now: the parts listed in templates/parts.go. An empty
// answer means that there is nothing to show any more.
func (s *Server) Frame(ctx context.Context, e store.Entry, lang string) (string, error) {
	if e.Idea == 0 || e.Kind == board.IdeaDeleted || e.Gone {
		return "", nil
	}
	idea, err := s.store.Present(ctx, e)
	if errors.Is(err, store.ErrMoved) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	parts, err := s.frameParts(ctx, e, idea, lang)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	for _, p := range parts {
		if err := p.Render(ctx, &b); err != nil {
			return "", fmt.Errorf("render a frame of %s: %w", e.Kind, err)
		}
	}
	return b.String(), nil
}

func (s *Server) frameParts(ctx context.Context, e store.Entry, idea board.Idea, lang string) ([]templ.Component, error) {
	switch e.Kind {
	case board.IdeaAdded, board.IdeaRestored, board.IdeaPinned, board.IdeaUnpinned:
		return []templ.Component{row(idea, lang)}, nil
	case board.IdeaEdited:
		return []templ.Component{row(idea, lang), templates.IdeaText(templates.IdeaTextPart{Lang: lang, Idea: idea})}, nil
	case board.IdeaStaged:
		parts, err := s.stageFrame(ctx, idea, lang)
		return append(parts, clockParts(idea, lang)...), err
	case board.IdeaAnswered:
		parts, err := s.answerFrame(ctx, e, idea, lang)
		return append(parts, clockParts(idea, lang)...), err
	case board.AnswerDrafted:
		return s.draftFrame(ctx, idea, lang)
	case board.IdeaAbsorbed, board.IdeaReleased, board.CommentSplit:
		return mergedFrame(idea, lang), nil
	case board.IdeaUnmerged, board.IdeaRelocated:
		return []templ.Component{row(idea, lang)}, nil
	case board.IdeaLocked, board.IdeaUnlocked, board.IdeaSlowed:
		return []templ.Component{templates.IdeaState(templates.IdeaStatePart{Lang: lang, Idea: idea})}, nil
	case board.VoteCast, board.VoteWithdrawn:
		return []templ.Component{templates.VoteCount(templates.VoteCountPart{Lang: lang, Idea: idea.ID, Votes: idea.Votes})}, nil
	case board.ReactionAdded, board.ReactionWithdrawn:
		part, err := s.reactionFrame(ctx, e.Comment, e.Subject, idea.ID, lang)
		return []templ.Component{templates.Reactions(part)}, err
	case board.CommentAdded, board.CommentEdited, board.CommentDeleted, board.CommentRestored:
		list, err := s.store.CommentsOf(ctx, e.Comment)
		out := comments(list, lang)
		if e.Kind != board.CommentEdited {
			out = append(out, templates.CommentCount(templates.CommentCountPart{Lang: lang, Idea: idea.ID, N: idea.Comments}))
		}
		if err == nil && e.Kind != board.CommentAdded && len(list) > 0 && list[0].Cited {
			answers, err := s.store.AnswersTo(ctx, idea.ID)
			part := templates.AnswersPart{Lang: lang, Idea: idea.ID, Answers: answers}
			return append(out, templates.Answers(part), templates.Credit(part)), err
		}
		return out, err
	}
	return nil, nil
}

func comments(list []board.Comment, lang string) []templ.Component {
	var out []templ.Component
	for _, c := range list {
		out = append(out, templates.Comment(templates.CommentPart{Lang: lang, Comment: c}))
	}
	return out
}

// row is an idea in a list, as a frame sends it: nothing in it is one reader's.
func row(idea board.Idea, lang string) templ.Component {
	idea.New, idea.Voted = 0, false
	return templates.IdeaRow(templates.IdeaRowPart{Lang: lang, Idea: idea})
}
