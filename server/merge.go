package server

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"convivio/store/board"
	"convivio/templates"
)

func (s *Server) mergeRoutes() {
	s.route("GET", "/ideas/:id/merge", moderator, s.showMerge)
	s.route("POST", "/ideas/:id/merge", moderator, s.mergeIdea)
	s.route("POST", "/ideas/:id/unmerge", moderator, s.unmergeIdea)

	api(s, "GET", "/ideas/{id}/merged", signedIn, "Ideas that were merged into one, the latest first", func(ctx context.Context, who board.Who, in *IDInput) (*board.List[board.MergedIdea], error) {
		list, err := s.store.MergedInto(ctx, who, in.ID)
		return answer(board.List[board.MergedIdea]{Items: list}, err)
	})
	api(s, "GET", "/ideas/{id}/merging", moderator, "What merging an idea into another would do, and who would read more", func(ctx context.Context, who board.Who, in *struct {
		IDInput
		Into int64 `query:"into" minimum:"1"`
	}) (*board.Merging, error) {
		return answer(s.store.Merging(ctx, who, in.ID, in.Into))
	})
	api(s, "POST", "/ideas/{id}/merge", moderator, "Merge an idea into another one", func(ctx context.Context, who board.Who, in *struct {
		IDInput
		Body board.NewMerge
	}) (*board.Idea, error) {
		return answer(s.store.MergeIdea(ctx, who, in.ID, in.Body))
	})
	api(s, "DELETE", "/ideas/{id}/merge", moderator, "Let a merged idea stand by itself again", func(ctx context.Context, who board.Who, in *struct {
		IDInput
		Confirm string `query:"confirm"`
	}) (*board.Idea, error) {
		return answer(s.store.UnmergeIdea(ctx, who, in.ID, in.Confirm))
	})
}

// survivorPath is where the address of a merged idea leads: to its label in the
// survivor's thread, or to the comment that the address asks for.
func (s *Server) survivorPath(r *request, idea board.Idea) (string, error) {
	at, _ := strconv.ParseInt(r.query("at"), 10, 64)
	if at == 0 {
		label, err := s.store.Label(r.Context(), idea.ID)
		if err != nil {
			return "", err
		}
		at = label
	}
	return templates.SpotPath(idea.MergedInto, at, r.sort()), nil
}

// fillMerged shows what was merged into an idea.
func (s *Server) fillMerged(r *request, p *templates.IdeaPage) (err error) {
	if p.Idea.Merged > 0 {
		p.Merged, err = s.store.MergedHere(r.Context(), r.who, p.Idea.ID)
	}
	return err
}

// mergeCandidates is how many ideas the page offers to merge into.
const mergeCandidates = 8

// mergeForm is what the merge form sends.
type mergeForm struct {
	Key     string `form:"key"`
	Into    int64  `form:"into"`
	Reason  string `form:"reason"`
	Confirm string `form:"confirm"`
}

func (s *Server) showMerge(r *request) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	into, _ := strconv.ParseInt(r.query("into"), 10, 64)
	page, err := s.mergePage(r, id, mergeForm{Into: into}, nil)
	if err != nil {
		return err
	}
	return r.page(page)
}

// mergePage compares two ideas or, before the other one is chosen, offers some.
func (s *Server) mergePage(r *request, id int64, in mergeForm, fault *board.Error) (templ.Component, error) {
	frame, err := r.frame()
	if err != nil {
		return nil, err
	}
	p := templates.MergePage{Page: frame, Query: r.query("q"), Reason: in.Reason, Fault: fault}
	if p.Idea, err = s.store.Idea(r.Context(), r.who, id); err != nil {
		return nil, err
	}
	if !r.who.ModeratesBoard(p.Idea.BoardID) {
		return nil, board.Fault(board.Forbidden, "Only moderators can do this.")
	}
	if n, err := strconv.ParseInt(strings.TrimPrefix(strings.TrimSpace(p.Query), "#"), 10, 64); err == nil && in.Into == 0 {
		in.Into = n
	}
	if in.Into != 0 {
		m, err := s.store.Merging(r.Context(), r.who, id, in.Into)
		var wrong *board.Error
		switch {
		case err == nil:
			p.Merging = &m
		case errors.As(err, &wrong) && fault == nil:
			p.Fault = wrong
		case fault == nil:
			return nil, err
		}
	}
	if p.Merging == nil {
		p.Found, err = s.mergeable(r, p.Idea, p.Query)
	}
	return templates.Merge(p), err
}

// mergeable finds ideas to merge one into: those that a search finds, or else
// those that resemble it, on boards that the reader moderates.
func (s *Server) mergeable(r *request, idea board.Idea, query string) ([]board.Hit, error) {
	if s.Index == nil {
		return nil, nil
	}
	var hits []board.Hit
	if strings.TrimSpace(query) == "" {
		found, err := s.similarList(r.inside(), r.who, likeness(idea), idea.ID)
		if err != nil {
			return nil, err
		}
		hits = found.Items
	} else {
		found, err := s.Index.Search(r.inside(), r.who, board.Query{Q: query, Lang: r.lang, Limit: 3 * mergeCandidates})
		if err != nil {
			return nil, err
		}
		hits = found.Hits
	}
	mine := map[string]bool{}
	boards, err := s.store.SeenBoards(r.Context(), r.who)
	for _, b := range boards {
		mine[b.Slug] = r.who.ModeratesBoard(b.ID)
	}
	var out []board.Hit
	for _, h := range hits {
		if mine[h.Board] && h.Idea != idea.ID && len(out) < mergeCandidates {
			out = append(out, h)
		}
	}
	return out, err
}

func (s *Server) mergeIdea(r *request) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	var in mergeForm
	if err = r.bind(&in); err == nil {
		_, err = s.store.MergeIdea(r.Context(), r.who, id, board.NewMerge{Into: in.Into, Reason: in.Reason, Confirm: in.Confirm})
	}
	if err != nil {
		return again(err, func(fault *board.Error) templ.Component {
			page, err := s.mergePage(r, id, in, fault)
			if err != nil {
				return templ.NopComponent
			}
			return page
		})
	}
	idea, err := s.store.Idea(r.Context(), r.who, id)
	if err != nil {
		return err
	}
	path, err := s.survivorPath(r, idea)
	if err != nil {
		return err
	}
	return r.see(path)
}

func (s *Server) unmergeIdea(r *request) error {
	var in struct {
		Key     string `form:"key"`
		Confirm string `form:"confirm"`
	}
	if err := r.bind(&in); err != nil {
		return err
	}
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	was, err := s.store.Idea(r.Context(), r.who, id)
	if err != nil {
		return err
	}
	if _, err := s.store.UnmergeIdea(r.Context(), r.who, id, in.Confirm); err != nil {
		var fault *board.Error
		if was.MergedInto == 0 || !errors.As(err, &fault) || fault.Code == board.NotFound {
			return err
		}
		gain, lookErr := s.store.Unmerging(r.Context(), r.who, id)
		if lookErr != nil {
			return lookErr
		}
		return s.ideaAgain(r, was.MergedInto, err, func(p *templates.IdeaPage, fault *board.Error) {
			p.Unmerge = templates.UnmergeForm{Idea: id, Gain: gain, Fault: fault}
		})
	}
	return r.see(ideaPath(id))
}

// mergedFrame is what a frame tells of an idea that took another one in, or let
// it go; the page reads its thread again by itself.
func mergedFrame(idea board.Idea, lang string) []templ.Component {
	return []templ.Component{
		templates.VoteCount(templates.VoteCountPart{Lang: lang, Idea: idea.ID, Votes: idea.Votes}),
		templates.CommentCount(templates.CommentCountPart{Lang: lang, Idea: idea.ID, N: idea.Comments}),
	}
}
