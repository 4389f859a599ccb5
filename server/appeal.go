package server

import (
	"context"
	"errors"
	"fmt"

	"github.com/a-h/templ"

	"convivio/store"
	"convivio/store/board"
	"convivio/templates"
	"convivio/templates/words"
)

func (s *Server) appealRoutes() {
	s.route("GET", "/decisions", signedIn, s.showJudgements)
	s.route("GET", "/decisions/:id", signedIn, s.showJudgement)
	s.route("POST", "/decisions/:id/appeal", signedIn, s.takeAppeal)
	s.route("GET", "/review/appeals/:id", reviewer, s.showAppeal)
	s.route("POST", "/review/appeals/:id", reviewer, s.decideAppeal)
	s.route("GET", "/suspended/:token", anyone, s.showSuspended)
	s.route("POST", "/suspended/:token", anyone, s.takeSuspendedAppeal)

	api(s, "GET", "/judgements", signedIn, "What moderators decided about one's own words and access", func(ctx context.Context, who board.Who, _ *struct{}) (*board.List[board.Judgement], error) {
		list, err := s.store.Judgements(ctx, who, board.MaxPage)
		return &board.List[board.Judgement]{Items: list}, err
	})
	api(s, "GET", "/judgements/{id}", signedIn, "A decision, for whom it concerns", func(ctx context.Context, who board.Who, in *IDInput) (*board.Judgement, error) {
		return answer(s.judgement(ctx, who, in.ID))
	})
	api(s, "POST", "/judgements/{id}/appeal", signedIn, "Appeal against a decision, once, to somebody else", func(ctx context.Context, who board.Who, in *struct {
		IDInput
		Key  string `header:"Idempotency-Key"`
		Body board.NewAppeal
	}) (*board.Judgement, error) {
		return answer(s.store.Appeal(ctx, who, in.ID, in.Body.Body))
	})
}

func judgementPath(id int64) string { return fmt.Sprintf("/decisions/%d", id) }

func (s *Server) showJudgements(r *request) error {
	p, err := r.frame()
	if err != nil {
		return err
	}
	page := templates.JudgementsPage{Page: p}
	if page.List, err = s.store.Judgements(r.Context(), r.who, board.MaxPage); err != nil {
		return err
	}
	if page.InForce, err = s.store.InForce(r.Context(), r.who.ID); err != nil {
		return err
	}
	return r.page(templates.Judgements(page))
}

func (s *Server) showJudgement(r *request) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	j, err := s.judgement(r.Context(), r.who, id)
	if err != nil {
		return err
	}
	for _, seen := range []int64{id, j.ID} {
		if err := s.store.SeeDecision(r.Context(), r.who, seen); err != nil {
			return err
		}
	}
	p, err := r.frame()
	if err != nil {
		return err
	}
	if r.query("done") != "" {
		p.Notice = words.T(r.lang, "Your appeal is on its way to somebody else than who decided.")
	}
	return r.page(templates.Judgement(templates.JudgementPage{Page: p, Judgement: j, Action: fmt.Sprintf("/decisions/%d/appeal", j.ID)}))
}

// appealForm is what the forms to appeal send.
type appealForm struct {
	Key  string `form:"key"`
	Body string `form:"body"`
}

// judgement reads a decision; who reads words of others that were taken away, or what
// is for the officer alone, leaves an entry in the audit log.
func (s *Server) judgement(ctx context.Context, who board.Who, id int64) (board.Judgement, error) {
	j, err := s.store.Judgement(ctx, who, id)
	if err == nil {
		err = s.looked(ctx, who, j)
	}
	return j, err
}

// looked keeps that somebody reads words which others may not.
func (s *Server) looked(ctx context.Context, who board.Who, j board.Judgement) error {
	about := store.Target{Idea: j.Idea, Comment: j.Comment}
	switch {
	case j.Concerns:
		return nil
	case j.Sealed:
		return s.store.Looked(ctx, who, board.OfficerReadAct, about)
	case j.Aside:
		return s.store.Looked(ctx, who, board.WordsReadAct, about)
	}
	return nil
}

func (s *Server) takeAppeal(r *request) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	var in appealForm
	if err = r.bind(&in); err == nil {
		if _, err = s.store.Appeal(r.Context(), r.who, id, in.Body); err == nil {
			return r.see(judgementPath(id) + "?done=1")
		}
	}
	j, missing := s.store.Judgement(r.Context(), r.who, id)
	if missing != nil {
		return missing
	}
	return r.again(err, func(p templates.Page, fault *board.Error) templ.Component {
		return templates.Judgement(templates.JudgementPage{Page: p, Judgement: j, Action: fmt.Sprintf("/decisions/%d/appeal", j.ID), Body: in.Body, Fault: fault})
	})
}

func (s *Server) showAppeal(r *request) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	j, err := s.store.AppealedAgainst(r.Context(), r.who, id)
	if err == nil {
		err = s.looked(r.Context(), r.who, j)
	}
	if err != nil {
		return err
	}
	p, err := r.frame()
	if err != nil {
		return err
	}
	return r.page(templates.AppealReview(templates.AppealReviewPage{Page: p, Judgement: j}))
}

func (s *Server) decideAppeal(r *request) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	var in struct {
		Key    string `form:"key"`
		Action string `form:"do"`
		Note   string `form:"note"`
	}
	if err = r.bind(&in); err == nil && in.Action != string(board.Overturn) && in.Action != string(board.Uphold) {
		err = board.FieldFault("do", "Choose whether the decision stands.")
	}
	if err == nil {
		if _, err = s.store.DecideAppeal(r.Context(), r.who, id, in.Action == string(board.Overturn), in.Note); err == nil {
			return r.see(fmt.Sprintf("/review/appeals/%d", id))
		}
	}
	j, missing := s.store.AppealedAgainst(r.Context(), r.who, id)
	if missing != nil {
		return missing
	}
	return r.again(err, func(p templates.Page, fault *board.Error) templ.Component {
		return templates.AppealReview(templates.AppealReviewPage{Page: p, Judgement: j, Note: in.Note, Fault: fault})
	})
}

// turnedAway sends somebody who is suspended, and has shown who they are, to the
// page that says until when and lets them appeal. It opens nothing else.
func (s *Server) turnedAway(r *request, person int64) (away bool, err error) {
	x, err := s.store.Suspended(r.Context(), person)
	if err != nil || x == nil {
		return false, err
	}
	secret, err := s.store.AppealLink(r.Context(), person)
	if err != nil {
		return false, err
	}
	return true, r.see("/suspended/" + secret)
}

// suspendedPage makes the page for somebody who is suspended and came by a link
// that sign-in made.
func (s *Server) suspendedPage(r *request, p templates.Page) (templates.SuspendedPage, board.Who, error) {
	page := templates.SuspendedPage{Page: p, Token: r.param("token")}
	who, err := s.store.AppealedBy(r.Context(), page.Token)
	if isMissing(err) {
		page.Gone = true
		return page, who, nil
	}
	if err != nil {
		return page, who, err
	}
	x, err := s.store.Suspended(r.Context(), who.ID)
	if err != nil || x == nil {
		page.Over = err == nil
		return page, who, err
	}
	page.Until = x.EndsAt
	if x.Decision != 0 {
		page.Judgement, err = s.store.Judgement(r.Context(), who, x.Decision)
	}
	return page, who, err
}

func (s *Server) showSuspended(r *request) error {
	r.chooseLanguage()
	p, err := r.frame()
	if err != nil {
		return err
	}
	page, _, err := s.suspendedPage(r, p)
	if err != nil {
		return err
	}
	return r.page(templates.Suspended(page))
}

func (s *Server) takeSuspendedAppeal(r *request) error {
	var in appealForm
	err := r.bind(&in)
	if err == nil {
		var page templates.SuspendedPage
		var who board.Who
		if page, who, err = s.suspendedPage(r, templates.Page{}); err == nil && page.Judgement.ID != 0 {
			_, err = s.store.Appeal(r.Context(), who, page.Judgement.ID, in.Body)
		}
		if err == nil {
			return r.see("/suspended/" + r.param("token"))
		}
	}
	var missing error
	shown := r.again(err, func(p templates.Page, fault *board.Error) templ.Component {
		var page templates.SuspendedPage
		page, _, missing = s.suspendedPage(r, p)
		page.Body, page.Fault = in.Body, fault
		return templates.Suspended(page)
	})
	return errors.Join(missing, shown)
}
