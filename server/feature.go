package server

import (
	"strings"

	"github.com/a-h/templ"

	"convivio/store/board"
	"convivio/templates"
	"convivio/templates/words"
)

func (s *Server) featureRoutes() {
	s.route("GET", "/admin/features", admin, s.showFeatures)
	s.route("POST", "/admin/features/:name", admin, s.setFeature)
}

func (s *Server) featuresPage(r *request) (page templates.FeaturesPage, err error) {
	if page.Page, err = r.frame(); err != nil {
		return page, err
	}
	page.Path = "/admin/features"
	for _, sw := range board.Switches {
		page.List = append(page.List, templates.FeatureState{Switch: sw, On: s.store.On(sw.Feature)})
	}
	return page, nil
}

func (s *Server) showFeatures(r *request) error {
	page, err := s.featuresPage(r)
	if err != nil {
		return err
	}
	if r.query("done") != "" {
		page.Notice = words.T(r.lang, "The change was saved.")
	}
	return r.page(templates.Features(page))
}

func (s *Server) setFeature(r *request) error {
	var in struct {
		Key     string `form:"key"`
		On      bool   `form:"on"`
		Confirm string `form:"confirm"`
	}
	f := board.Feature(r.param("name"))
	err := r.bind(&in)
	if err == nil && !in.On {
		err = confirmed(in.Confirm, dangerous(f, r.lang))
	}
	if err == nil {
		if _, err = s.store.SetFeature(r.Context(), r.who, f, in.On); err == nil {
			return r.see("/admin/features?done=1#f-" + string(f))
		}
	}
	page, missing := s.featuresPage(r)
	if missing != nil {
		return missing
	}
	return again(err, func(fault *board.Error) templ.Component {
		page.Fault, page.About = fault, f
		return templates.Features(page)
	})
}

// dangerous is the name that has to be typed before a feature is switched off,
// empty where none has.
func dangerous(f board.Feature, lang string) string {
	for _, sw := range board.Switches {
		if sw.Feature == f && sw.Dangerous {
			return templates.FeatureName(lang, f)
		}
	}
	return ""
}

// confirmed tells whether the name of what is changed was typed, but for capitals
// and spaces around it. Errors: invalid (field confirm).
func confirmed(typed, name string) error {
	if !strings.EqualFold(strings.TrimSpace(typed), strings.TrimSpace(name)) {
		return board.FieldFault("confirm", "Write the name exactly as it stands above. Nothing was changed.")
	}
	return nil
}

// switchedOff names the features that are off, with spaces between.
func (s *Server) switchedOff() string {
	var names []string
	for _, sw := range board.Switches {
		if !s.store.On(sw.Feature) {
			names = append(names, string(sw.Feature))
		}
	}
	return strings.Join(names, " ")
}
