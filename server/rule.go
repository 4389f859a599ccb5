package server

import (
	"context"

	"github.com/a-h/templ"

	"convivio/store/board"
	"convivio/templates"
	"convivio/templates/words"
)

func (s *Server) ruleRoutes() {
	s.route("GET", "/admin/rules", admin, s.showRules)
	s.route("POST", "/admin/rules", admin, s.addRule)
	s.route("POST", "/admin/rules/first", admin, s.setFirstPosts)
	s.route("POST", "/admin/rules/:id/delete", admin, s.endRule)

	api(s, "GET", "/rules", admin, "Words and links for which posts wait for a moderator", func(ctx context.Context, who board.Who, _ *struct{}) (*board.List[board.Rule], error) {
		list, err := s.store.Rules(ctx, who)
		return &board.List[board.Rule]{Items: list}, err
	})
	api(s, "POST", "/rules", admin, "Let posts wait in which something stands", func(ctx context.Context, who board.Who, in *struct {
		Key  string `header:"Idempotency-Key"`
		Body board.NewRule
	}) (*board.Rule, error) {
		return answer(s.store.AddRule(ctx, who, in.Body, in.Key))
	})
	api(s, "DELETE", "/rules/{id}", admin, "End a rule", func(ctx context.Context, who board.Who, in *IDInput) (*seqReply, error) {
		return seqOf(s.store.EndRule(ctx, who, in.ID))
	})
}

// rulesPage reads the rules and what is set about first posts.
func (s *Server) rulesPage(r *request, p templates.Page) (page templates.RulesPage, err error) {
	page = templates.RulesPage{Page: p, Form: templates.NewRuleForm{Kind: board.WordRule}}
	if page.Rules, err = s.store.Rules(r.Context(), r.who); err != nil {
		return page, err
	}
	page.First, err = s.store.FirstPosts(r.Context(), r.who)
	page.Path = "/admin/rules"
	return page, err
}

func (s *Server) showRulesWith(r *request, fill func(*templates.RulesPage)) error {
	p, err := r.frame()
	if err != nil {
		return err
	}
	page, err := s.rulesPage(r, p)
	if err != nil {
		return err
	}
	fill(&page)
	return r.page(templates.Rules(page))
}

func (s *Server) showRules(r *request) error {
	return s.showRulesWith(r, func(p *templates.RulesPage) {
		if r.query("done") != "" {
			p.Notice = words.T(r.lang, "The change was saved.")
		}
	})
}

// rulesAgain shows the page with a fault where mark puts it.
func (s *Server) rulesAgain(r *request, err error, mark func(*templates.RulesPage, *board.Error)) error {
	var pageErr error
	shown := r.again(err, func(p templates.Page, fault *board.Error) templ.Component {
		var page templates.RulesPage
		page, pageErr = s.rulesPage(r, p)
		mark(&page, fault)
		return templates.Rules(page)
	})
	if pageErr != nil {
		return pageErr
	}
	return shown
}

// addRule adds a rule or, with try, tells what it would catch of an example.
func (s *Server) addRule(r *request) error {
	var in struct {
		Key     string `form:"key"`
		Kind    string `form:"kind"`
		Words   string `form:"words"`
		Board   string `form:"board"`
		Example string `form:"example"`
		Try     bool   `form:"try"`
	}
	err := r.bind(&in)
	rule := board.NewRule{Kind: board.RuleKind(in.Kind), Words: in.Words, Board: in.Board}
	form := templates.NewRuleForm{Kind: rule.Kind, Words: in.Words, Board: in.Board, Example: in.Example}
	switch {
	case err == nil && in.Try:
		if form.Catches, err = s.store.TryRules(r.Context(), r.who, rule, in.Example); err == nil {
			form.Tried = true
			return s.showRulesWith(r, func(p *templates.RulesPage) { p.Form = form })
		}
	case err == nil:
		if _, err = s.store.AddRule(r.Context(), r.who, rule, in.Key); err == nil {
			return r.see("/admin/rules?done=1")
		}
	}
	return s.rulesAgain(r, err, func(p *templates.RulesPage, fault *board.Error) { form.Fault, p.Form = fault, form })
}

func (s *Server) setFirstPosts(r *request) error {
	var in struct {
		Key       string `form:"key"`
		Employees int64  `form:"employees"`
		Guests    int64  `form:"guests"`
	}
	err := r.bind(&in)
	first := board.FirstPosts{Employees: int(in.Employees), Guests: int(in.Guests)}
	if err == nil {
		if _, err = s.store.SetFirstPosts(r.Context(), r.who, first); err == nil {
			return r.see("/admin/rules?done=1")
		}
	}
	return s.rulesAgain(r, err, func(p *templates.RulesPage, fault *board.Error) { p.First, p.FirstFault = first, fault })
}

func (s *Server) endRule(r *request) error {
	id, err := r.pressed()
	if err != nil {
		return err
	}
	if _, err := s.store.EndRule(r.Context(), r.who, id); err != nil {
		return err
	}
	return r.see("/admin/rules?done=1")
}
