package server

import (
	"context"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"convivio/store/board"
	"convivio/templates"
)

func (s *Server) stageRoutes() {
	s.route("POST", "/ideas/:id/stage", signedIn, s.moveIdea)

	api(s, "PUT", "/ideas/{id}/stage", signedIn, "Move an idea to a stage", func(ctx context.Context, who board.Who, in *struct {
		IDInput
		Body board.Move
	}) (*board.Idea, error) {
		return answer(s.store.MoveIdea(ctx, who, in.ID, in.Body))
	})
	api(s, "GET", "/ideas/{id}/path", signedIn, "The steps an idea took, oldest first", func(ctx context.Context, who board.Who, in *IDInput) (*board.List[board.StageChange], error) {
		list, err := s.store.Path(ctx, who, in.ID)
		return &board.List[board.StageChange]{Items: list}, err
	})
}

// moveForm is what the forms that move an idea send.
type moveForm struct {
	Key      string `form:"key"`
	Stage    string `form:"stage"`
	Reason   string `form:"reason"`
	Measured string `form:"measured"`
	Until    string `form:"until"`
	Owner    string `form:"owner"` // @handle, or name and handle as the form offers them
	Due      string `form:"due"`
	Quiet    bool   `form:"quiet"`
}

// move is what the form asks for. Errors: invalid (field owner).
func (f moveForm) move(s *Server, r *request) (board.Move, error) {
	m := board.Move{Stage: board.Stage(f.Stage), Reason: f.Reason, Measured: f.Measured, Until: board.Day(f.Until), Due: board.Day(f.Due), Quiet: f.Quiet}
	if !m.Stage.Promises() || strings.TrimSpace(f.Owner) == "" {
		return m, nil
	}
	owner, err := s.called(r, f.Owner)
	m.Owner = owner.ID
	return m, err
}

// called finds the person whom a form names by id, by what stands behind @, or by
// a name that one person alone has. Errors: invalid (field owner).
func (s *Server) called(r *request, text string) (p board.Person, err error) {
	text = strings.TrimSpace(text)
	if _, handle, ok := strings.Cut(text, "@"); ok {
		p, err = s.store.PersonByHandle(r.Context(), r.who, strings.TrimRight(strings.TrimSpace(handle), ")"))
	} else if id, number := strconv.ParseInt(text, 10, 64); number == nil {
		p, err = s.store.Person(r.Context(), r.who, id)
	} else {
		p, err = s.store.PersonByHandle(r.Context(), r.who, text)
	}
	if isMissing(err) {
		err = board.FieldFault("owner", "Nobody is called this. Write what stands behind the @ of their name, such as @marta.riva.")
	}
	return p, err
}

// show puts what was typed back into the form.
func (f moveForm) show(to *templates.MoveForm, fault *board.Error) {
	to.Stage, to.Reason, to.Measured, to.Until = board.Stage(f.Stage), f.Reason, f.Measured, f.Until
	to.Owner, to.Due, to.Quiet, to.Fault = f.Owner, f.Due, f.Quiet, fault
}

func (s *Server) moveIdea(r *request) error {
	var in moveForm
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	if err = r.bind(&in); err == nil {
		var m board.Move
		if m, err = in.move(s, r); err == nil {
			_, err = s.store.MoveIdea(r.Context(), r.who, id, m)
		}
	}
	if err != nil {
		return s.ideaAgain(r, id, err, func(p *templates.IdeaPage, fault *board.Error) { in.show(&p.Move, fault) })
	}
	return r.see(ideaPath(id))
}

// fillMove offers the steps that the reader may bring the idea to.
func (s *Server) fillMove(r *request, p *templates.IdeaPage) error {
	var err error
	by := mover(r.who, p.Idea)
	if p.Flow, err = s.store.Flow(r.Context(), p.Idea.BoardID); err != nil {
		return err
	}
	p.Move = templates.MoveForm{Idea: p.Idea.ID, Flow: p.Flow, From: p.Idea.Stage, Next: p.Flow.Next(p.Idea.Stage, by), Keeps: by&board.ByKeeper != 0}
	if n := len(p.Path); n > 0 {
		last := p.Path[n-1]
		p.Move.Due, p.Move.Until = string(last.Due), string(last.Until)
		if last.Owner != nil {
			p.Move.Keeper = last.Owner.Name
		}
	}
	return nil
}

// mover is what somebody is to an idea, for what the pages offer; the store decides.
func mover(who board.Who, idea board.Idea) (by board.Mover) {
	if idea.Author.ID == who.ID {
		by |= board.ByAuthor
	}
	if who.ModeratesBoard(idea.BoardID) || who.OwnsBoard(idea.BoardID) {
		by |= board.ByKeeper
	}
	return by
}

// stageFrame is what a new stage changes on open pages.
func (s *Server) stageFrame(ctx context.Context, idea board.Idea, lang string) ([]templ.Component, error) {
	path, err := s.store.PathOf(ctx, idea.ID)
	if err != nil {
		return nil, err
	}
	flow, err := s.store.Flow(ctx, idea.BoardID)
	return []templ.Component{
		templates.StageChip(templates.StageChipPart{Lang: lang, Idea: idea.ID, Stage: idea.Stage, Name: idea.StageName}),
		templates.Path(templates.PathPart{Lang: lang, Idea: idea, Flow: flow, Changes: path}),
		templates.Promise(templates.PromiseOf(lang, idea.ID, path)),
	}, err
}
