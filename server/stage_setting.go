package server

import (
	"context"
	"slices"

	"github.com/a-h/templ"

	"convivio/store/board"
	"convivio/templates"
)

// stageSettings is what a board makes of the stages, over the API.
type stageSettings struct {
	Items []board.StageSetting `json:"items"`
}

func (s *Server) stageSettingRoutes() {
	s.route("GET", "/boards/:slug/stages", admin, s.showStages)
	s.route("POST", "/boards/:slug/stages", admin, s.changeStages)

	api(s, "GET", "/boards/{slug}/stages", signedIn, "What a board calls the stages, and which it does without", func(ctx context.Context, who board.Who, in *SlugInput) (*stageSettings, error) {
		list, err := s.store.Stages(ctx, who, in.Slug)
		return &stageSettings{list}, err
	})
	api(s, "PUT", "/boards/{slug}/stages", admin, "Rename stages of a board, or switch them off", func(ctx context.Context, who board.Who, in *struct {
		SlugInput
		Body stageSettings
	}) (*stageSettings, error) {
		list, err := s.store.ChangeStages(ctx, who, in.Slug, in.Body.Items)
		return &stageSettings{list}, err
	})
}

func (s *Server) showStages(r *request) error {
	p, err := r.frame()
	if err != nil {
		return err
	}
	page := templates.StagesPage{Page: p}
	if page.Board, err = s.store.Board(r.Context(), r.who, r.param("slug")); err != nil {
		return err
	}
	if page.Stages, err = s.store.Stages(r.Context(), r.who, page.Board.Slug); err != nil {
		return err
	}
	return r.page(templates.Stages(page))
}

func (s *Server) changeStages(r *request) error {
	var in struct {
		Key    string   `form:"key"`
		Stages []string `form:"stage"`
		Names  []string `form:"name"` // one for each of Stages
		On     []string `form:"on"`   // those of them that are used
	}
	slug := r.param("slug")
	b, err := s.store.Board(r.Context(), r.who, slug)
	if err != nil {
		return err
	}
	var list []board.StageSetting
	if err = r.bind(&in); err == nil && len(in.Names) != len(in.Stages) {
		err = board.FieldFault("name", "This form was sent in a way that is not understood here.")
	}
	for i, stage := range in.Stages {
		x := board.StageSetting{Stage: board.Stage(stage)}
		if i < len(in.Names) {
			x.Name = in.Names[i]
		}
		x.Off = x.Stage.Optional() && !slices.Contains(in.On, stage)
		list = append(list, x)
	}
	if err == nil {
		if _, err = s.store.ChangeStages(r.Context(), r.who, slug, list); err == nil {
			return r.see("/boards/" + slug)
		}
	}
	return r.again(err, func(p templates.Page, fault *board.Error) templ.Component {
		return templates.Stages(templates.StagesPage{Page: p, Board: b, Stages: list, Fault: fault})
	})
}
