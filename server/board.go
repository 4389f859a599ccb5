package server

import (
	"context"
	"slices"

	"github.com/a-h/templ"

	"convivio/store"
	"convivio/store/board"
	"convivio/templates"
	"convivio/templates/words"
)

func (s *Server) boardRoutes() {
	s.route("GET", "/boards", signedIn, s.showBoards)
	s.route("GET", "/boards/new", admin, s.showNewBoard)
	s.route("POST", "/boards/new", admin, s.addBoard)
	s.route("GET", "/boards/:slug", signedIn, s.showBoard)
	s.route("GET", "/boards/:slug/edit", admin, s.showEditBoard)
	s.route("POST", "/boards/:slug/edit", admin, s.changeBoard)

	api(s, "GET", "/boards", signedIn, "The boards one may see", func(ctx context.Context, who board.Who, _ *struct{}) (*board.List[board.Board], error) {
		list, err := s.store.Boards(ctx, who)
		if err == nil {
			err = s.store.CountLate(ctx, list)
		}
		return &board.List[board.Board]{Items: list}, err
	})
	api(s, "POST", "/boards", admin, "Create a board", func(ctx context.Context, who board.Who, in *struct {
		Key  string `header:"Idempotency-Key"`
		Body board.NewBoard
	}) (*board.Board, error) {
		return answer(s.store.AddBoard(ctx, who, in.Body, in.Key))
	})
	api(s, "GET", "/boards/{slug}", signedIn, "A board", func(ctx context.Context, who board.Who, in *SlugInput) (*board.Board, error) {
		return answer(s.store.Board(ctx, who, in.Slug))
	})
	api(s, "PATCH", "/boards/{slug}", admin, "Change a board", func(ctx context.Context, who board.Who, in *struct {
		SlugInput
		Body board.BoardChange
	}) (*board.Board, error) {
		return answer(s.store.ChangeBoard(ctx, who, in.Slug, in.Body))
	})
}

// SlugInput is a board in a path of the API. It is exported, like the other inputs, because huma
// looks into exported fields alone, embedded ones too.
type SlugInput struct {
	Slug string `path:"slug"`
}

// PageInput is a piece of a list asked of the API.
type PageInput struct {
	Limit  int    `query:"limit" minimum:"0" doc:"at most 100"`
	Cursor string `query:"cursor" doc:"next of the piece before"`
}

// answer turns what a verb gives into what an operation answers.
func answer[T any](out T, err error) (*T, error) {
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// seqOf answers a write that has nothing else to say.
func seqOf(seq int64, err error) (*seqReply, error) {
	return answer(seqReply{seq}, err)
}

type seqReply struct {
	Seq int64 `json:"seq" doc:"the event that recorded it; 0: nothing had to change"`
}

func (s *Server) showBoards(r *request) error {
	p, err := r.frame()
	if err != nil {
		return err
	}
	p.Boards = slices.Clone(p.Boards) // the side's are shared
	if err := s.store.CountLate(r.Context(), p.Boards); err != nil {
		return err
	}
	return r.page(templates.Boards(templates.BoardsPage{Page: p}))
}

func (s *Server) showBoard(r *request) error {
	p, err := r.frame()
	if err != nil {
		return err
	}
	b, err := s.store.Board(r.Context(), r.who, r.param("slug"))
	if err != nil {
		return err
	}
	if err := r.offerUndo(&p, false); err != nil {
		return err
	}
	l := store.Listing{Board: b.Slug, Sort: board.IdeaSort(r.query("sort")), Stage: board.Stage(r.query("stage")), Limit: 20, Cursor: r.query("after"), Pins: true}
	if l.Sort == "" {
		l.Sort = board.Growing
	}
	list, err := s.store.Ideas(r.Context(), r.who, l)
	if err != nil {
		return err
	}
	flow, err := s.store.Flow(r.Context(), b.ID)
	if err != nil {
		return err
	}
	page := templates.BoardPage{Page: p, Board: b, Sort: l.Sort, Stage: l.Stage, Flow: flow, Ideas: list.Items, After: l.Cursor, More: list.Next, Topics: s.topicsFor(r, b.Slug)}
	if r.who.Kind == board.Employee {
		if page.Owners, err = s.store.Owners(r.Context(), r.who, b.Slug); err != nil {
			return err
		}
	}
	return r.page(templates.Board(page))
}

func (s *Server) showNewBoard(r *request) error {
	p, err := r.frame()
	if err != nil {
		return err
	}
	return r.page(templates.BoardForm(templates.BoardFormPage{Page: p, Typed: board.NewBoard{Visibility: board.Open, Lang: r.lang, Template: templates.SuggestedTemplate(r.lang)}}))
}

func (s *Server) addBoard(r *request) error {
	var in struct {
		Key         string `form:"key"`
		Slug        string `form:"slug"`
		Name        string `form:"name"`
		Description string `form:"description"`
		Template    string `form:"template"`
		Visibility  string `form:"visibility"`
		Lang        string `form:"lang"`
	}
	err := r.bind(&in)
	typed := board.NewBoard{Slug: in.Slug, Name: in.Name, Description: in.Description, Template: in.Template, Visibility: board.Visibility(in.Visibility), Lang: in.Lang}
	if err == nil {
		var b board.Board
		if b, err = s.store.AddBoard(r.Context(), r.who, typed, in.Key); err == nil {
			return r.see("/boards/" + b.Slug)
		}
	}
	return r.again(err, func(p templates.Page, fault *board.Error) templ.Component {
		return templates.BoardForm(templates.BoardFormPage{Page: p, Typed: typed, Fault: fault})
	})
}

func (s *Server) showEditBoard(r *request) error { return s.boardSettings(r, nil, r.page) }

// boardSettings makes the page of a board's settings and hands it to show; change
// marks a form that failed.
func (s *Server) boardSettings(r *request, change func(*templates.BoardFormPage), show func(templ.Component) error) error {
	frame, err := r.frame()
	if err != nil {
		return err
	}
	b, err := s.store.Board(r.Context(), r.who, r.param("slug"))
	if err != nil {
		return err
	}
	p := templates.BoardFormPage{Page: frame, Slug: b.Slug,
		Typed: board.NewBoard{Slug: b.Slug, Name: b.Name, Description: b.Description, Template: b.Template, Visibility: b.Visibility, Lang: b.Lang}}
	if err := s.fillClock(r, &p); err != nil {
		return err
	}
	if err := s.fillOwners(r, &p); err != nil {
		return err
	}
	if r.query("done") != "" {
		p.Notice = words.T(r.lang, "The change was saved.")
	}
	if change != nil {
		change(&p)
	}
	return show(templates.BoardForm(p))
}

// boardAgain shows the settings again with a form of theirs marked.
func (s *Server) boardAgain(r *request, err error, mark func(*templates.BoardFormPage, *board.Error)) error {
	return again(err, func(fault *board.Error) templ.Component {
		var page templ.Component = templ.NopComponent
		_ = s.boardSettings(r, func(p *templates.BoardFormPage) { mark(p, fault) }, func(c templ.Component) error { page = c; return nil })
		return page
	})
}

func (s *Server) changeBoard(r *request) error {
	var in struct {
		Key         string `form:"key"`
		Name        string `form:"name"`
		Description string `form:"description"`
		Template    string `form:"template"`
		Lang        string `form:"lang"`
	}
	slug, err := r.param("slug"), r.bind(&in)
	typed := board.NewBoard{Slug: slug, Name: in.Name, Description: in.Description, Template: in.Template, Lang: in.Lang}
	if err == nil {
		_, err = s.store.ChangeBoard(r.Context(), r.who, slug,
			board.BoardChange{Name: &in.Name, Description: &in.Description, Template: &in.Template, Lang: &in.Lang})
	}
	if err == nil {
		return r.see("/boards/" + slug)
	}
	return s.boardAgain(r, err, func(p *templates.BoardFormPage, fault *board.Error) { p.Typed, p.Fault = typed, fault })
}
