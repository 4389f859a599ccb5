package server

import (
	"context"

	"github.com/a-h/templ"

	"convivio/store/board"
	"convivio/store/markdown"
	"convivio/templates"
	"convivio/templates/words"
)

func (s *Server) houseRoutes() {
	s.route("GET", "/house-rules", signedIn, s.showHouseRules)
	s.route("GET", "/admin/house-rules", admin, s.showHouseForm)
	s.route("POST", "/admin/house-rules", admin, s.setHouseRules)

	api(s, "GET", "/house-rules", signedIn, "What people may expect of each other here", func(ctx context.Context, _ board.Who, in *struct {
		Lang string `query:"lang" enum:"it,en"`
	}) (*board.HouseRules, error) {
		return answer(s.houseRules(ctx, words.Pick(in.Lang, "")))
	})
}

// houseRules are those that administrators wrote, or those that come with Convivio.
func (s *Server) houseRules(ctx context.Context, lang string) (board.HouseRules, error) {
	rules, err := s.store.HouseRules(ctx, lang)
	if err != nil || rules.Body != "" {
		return rules, err
	}
	rules.Body = words.HouseRules(lang)
	rules.HTML, err = markdown.Render("body", rules.Body)
	return rules, err
}

func (s *Server) showHouseRules(r *request) error {
	p, err := r.frame()
	if err != nil {
		return err
	}
	rules, err := s.houseRules(r.Context(), r.lang)
	if err != nil {
		return err
	}
	return r.page(templates.HouseRules(templates.HouseRulesPage{Page: p, Rules: rules}))
}

// houseForms are the house rules in every language, to be changed.
func (s *Server) houseForms(r *request, p templates.Page) (page templates.HouseFormPage, err error) {
	page = templates.HouseFormPage{Page: p}
	for _, lang := range words.Langs {
		rules, err := s.houseRules(r.Context(), lang)
		if err != nil {
			return page, err
		}
		page.Forms = append(page.Forms, templates.HouseForm{Lang: lang, Body: rules.Body, Own: rules.ChangedAt != nil})
	}
	return page, nil
}

func (s *Server) showHouseForm(r *request) error {
	p, err := r.frame()
	if err != nil {
		return err
	}
	page, err := s.houseForms(r, p)
	if err != nil {
		return err
	}
	if r.query("done") != "" {
		page.Notice = words.T(r.lang, "The change was saved.")
	}
	return r.page(templates.HouseFormShown(page))
}

func (s *Server) setHouseRules(r *request) error {
	var in struct {
		Key  string `form:"key"`
		Lang string `form:"lang"`
		Body string `form:"body"`
	}
	err := r.bind(&in)
	if err == nil {
		if in.Body == words.HouseRules(in.Lang) {
			in.Body = "" // as they come
		}
		if _, err = s.store.SetHouseRules(r.Context(), r.who, in.Lang, in.Body); err == nil {
			return r.see("/admin/house-rules?done=1")
		}
	}
	var pageErr error
	shown := r.again(err, func(p templates.Page, fault *board.Error) templ.Component {
		var page templates.HouseFormPage
		page, pageErr = s.houseForms(r, p)
		for i := range page.Forms {
			if page.Forms[i].Lang == in.Lang {
				page.Forms[i].Body, page.Forms[i].Fault = in.Body, fault
			}
		}
		return templates.HouseFormShown(page)
	})
	if pageErr != nil {
		return pageErr
	}
	return shown
}
