package server

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"convivio/store/board"
	"convivio/templates"
	"convivio/templates/words"
)

// Who may draft is decided by the store, idea by idea: owners have no role that a
// route could ask for.
func (s *Server) answerDraftRoutes() {
	s.route("POST", "/comments/:id/cite", signedIn, s.citeComment)

	api(s, "GET", "/ideas/{id}/answer-draft", signedIn, "The answer being written to an idea, for those who may answer it", func(ctx context.Context, who board.Who, in *IDInput) (*board.AnswerDraft, error) {
		return answer(s.store.AnswerDraft(ctx, who, in.ID))
	})
	api(s, "PATCH", "/ideas/{id}/answer-draft", signedIn, "Begin the answer to an idea, or go on with it", func(ctx context.Context, who board.Who, in *struct {
		IDInput
		Body board.AnswerDraftChange
	}) (*board.AnswerDraft, error) {
		return answer(s.store.SaveAnswerDraft(ctx, who, in.ID, in.Body))
	})
	api(s, "DELETE", "/ideas/{id}/answer-draft", signedIn, "Throw the answer being written away", func(ctx context.Context, who board.Who, in *struct {
		IDInput
		Was string `query:"was"`
	}) (*struct{}, error) {
		return &struct{}{}, s.store.DropAnswerDraft(ctx, who, in.ID, in.Was)
	})
	api(s, "PUT", "/ideas/{id}/answer-draft/time", signedIn, "Let the answer being written publish itself at a time, or, without one, not any more", func(ctx context.Context, who board.Who, in *struct {
		IDInput
		Body board.AnswerPublication
	}) (*board.AnswerDraft, error) {
		return answer(s.store.ScheduleAnswerDraft(ctx, who, in.ID, in.Body.At, in.Body.Was))
	})
	api(s, "POST", "/ideas/{id}/answer-draft/publish", signedIn, "Publish the answer being written", func(ctx context.Context, who board.Who, in *struct {
		IDInput
		Key  string `header:"Idempotency-Key"`
		Body board.AnswerDraftSign
	}) (*board.Answer, error) {
		return answer(s.store.PublishAnswerDraft(ctx, who, in.ID, in.Body.Was, in.Key))
	})
}

// answerForm is what the form for an official answer sends.
type answerForm struct {
	Key       string   `form:"key"`
	Body      string   `form:"body"`
	Cites     []string `form:"cites"`
	CitesWere string   `form:"cites_were"`
	Was       string   `form:"was"`
	MoveWas   string   `form:"move_was"`
	At        string   `form:"at"`
	Do        string   `form:"do"`
	Preview   bool     `form:"preview"`

	Stage    string `form:"stage"`
	Reason   string `form:"reason"`
	Measured string `form:"measured"`
	Until    string `form:"until"`
	Owner    string `form:"owner"`
	Due      string `form:"due"`
}

// moving is the part of the form that moves the idea.
func (f answerForm) moving() moveForm {
	return moveForm{Stage: f.Stage, Reason: f.Reason, Measured: f.Measured, Until: f.Until, Owner: f.Owner, Due: f.Due}
}

// change is what the form says of the draft. Errors: invalid.
func (f answerForm) change(s *Server, r *request) (c board.AnswerDraftChange, err error) {
	cites, err := numbers(f.Cites)
	if err != nil {
		return c, err
	}
	c = board.AnswerDraftChange{Body: &f.Body, Cites: &cites, Was: f.Was, MoveWas: f.MoveWas}
	if c.CitesWere, err = numbers(strings.Fields(f.CitesWere)); err != nil {
		return c, err
	}
	m, err := f.moving().move(s, r)
	c.Move = &m
	return c, err
}

// numbers are ids as a form sends them. Errors: invalid, field cites.
func numbers(list []string) ([]int64, error) {
	out := []int64{}
	for _, c := range list {
		n, err := strconv.ParseInt(c, 10, 64)
		if err != nil {
			return nil, board.FieldFault("cites", "Write a number here.")
		}
		out = append(out, n)
	}
	return out, nil
}

func (s *Server) addAnswer(r *request) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	var in answerForm
	var c board.AnswerDraftChange
	var preview *templates.PreviewPart
	if err = r.bind(&in); err == nil {
		c, err = in.change(s, r)
	}
	switch {
	case err == nil && in.Preview:
		preview, err = r.preview("", in.Body, true)
	case err == nil:
		var leads string
		if leads, err = s.doAnswer(r, id, in, c); err == nil {
			return r.see(leads)
		}
	}
	return s.ideaAgain(r, id, err, func(p *templates.IdeaPage, fault *board.Error) {
		f := &p.Answer
		if meanwhile(fault) {
			f.Meanwhile = &board.Version{}
			if f.Draft != nil {
				f.Meanwhile.Body = f.Draft.Body
			}
		} else if in.Was != "" {
			f.Was = in.Was
		}
		if c.Cites != nil {
			f.Cites, f.CitesWere = *c.Cites, c.CitesWere
		}
		in.moving().show(&f.Move, fault)
		f.Body, f.MoveWas, f.At, f.Preview, f.Fault, f.Open = in.Body, in.MoveWas, in.At, preview, fault, true
	})
}

// doAnswer does what a button of the form for an answer says, and tells where it leads.
func (s *Server) doAnswer(r *request, id int64, in answerForm, c board.AnswerDraftChange) (string, error) {
	ctx, draft, answers := r.Context(), ideaPath(id)+"#answer", ideaPath(id)+"#answers"
	switch in.Do {
	case "", "publish":
		given := board.NewAnswer{Body: in.Body, Cites: *c.Cites, Move: c.Move}
		if in.Was == "" {
			_, err := s.store.Answer(ctx, r.who, id, given, in.Key)
			return answers, err
		}
		a, err := s.store.AnswerWithDraft(ctx, r.who, id, given, c, in.Key)
		if a.LeftOut > 0 {
			answers = ideaPath(id) + "?left-out=" + strconv.Itoa(a.LeftOut) + "#answers"
		}
		return answers, err
	case "save":
		_, err := s.store.SaveAnswerDraft(ctx, r.who, id, c)
		return draft, err
	case "schedule", "unschedule":
		var at *time.Time
		if in.Do == "schedule" {
			when, err := s.clockTime(r, id, in.At)
			if err != nil {
				return "", err
			}
			at = &when
		}
		d, err := s.store.SaveAnswerDraft(ctx, r.who, id, c)
		if err == nil {
			_, err = s.store.ScheduleAnswerDraft(ctx, r.who, id, at, d.Was)
		}
		return draft, err
	case "discard":
		return draft, s.store.DropAnswerDraft(ctx, r.who, id, in.Was)
	}
	return "", board.FieldFault("do", "This form has no field of this name.")
}

// clockLayout is how browsers send a day and a time without a zone.
const clockLayout = "2006-01-02T15:04"

// clockTime reads a time by the clock of the board an idea is on. Errors: not_found,
// invalid (field at).
func (s *Server) clockTime(r *request, idea int64, text string) (time.Time, error) {
	i, err := s.store.Idea(r.Context(), r.who, idea)
	if err != nil {
		return time.Time{}, err
	}
	zone, err := s.store.Zone(r.Context(), i.BoardID)
	if err != nil {
		return time.Time{}, err
	}
	at, err := time.ParseInLocation(clockLayout, text, zone)
	if err != nil {
		return at, board.FieldFault("at", "Choose a day and a time.")
	}
	return at, nil
}

// citeComment chooses a comment for the answer to its idea.
func (s *Server) citeComment(r *request) error {
	id, err := r.pressed()
	if err != nil {
		return err
	}
	d, err := s.store.CiteInDraft(r.Context(), r.who, id)
	if err != nil {
		return err
	}
	return r.see(ideaPath(d.Idea) + "#answer")
}

// fillAnswer makes the form for an official answer ready: with the draft, and the
// comments that may be cited.
func (s *Server) fillAnswer(r *request, p *templates.IdeaPage) error {
	f := &p.Answer
	var err error
	if f.Comments, err = s.threads.citable(r.Context(), s.store, shapeKey{p.Idea.ID, p.Idea.ThreadSeq, board.OldestFirst}); err != nil {
		return err
	}
	if f.Draft, err = s.store.AnswerDraftOf(r.Context(), p.Idea.ID); err != nil {
		return err
	}
	if f.Zone, err = s.store.Zone(r.Context(), p.Idea.BoardID); err != nil {
		return err
	}
	f.Was = board.AnswerDraft{}.Wording()
	if n, err := strconv.Atoi(r.query("left-out")); err == nil && n > 0 {
		p.Notice = words.N(r.lang, n, "%d comment was deleted before the answer was published, and is not cited.", "%d comments were deleted before the answer was published, and are not cited.")
	}
	f.Move, f.MoveWas = p.Move, (*board.Move)(nil).Sign()
	if f.Draft == nil {
		return nil
	}
	f.MoveWas = f.Draft.Move.Sign()
	if m := f.Draft.Move; m != nil {
		f.Move.Stage, f.Move.Reason, f.Move.Measured, f.Move.Until, f.Move.Due = m.Stage, m.Reason, m.Measured, string(m.Until), string(m.Due)
		if m.Owner != 0 {
			owner, err := s.store.Person(r.Context(), r.who, m.Owner)
			if err != nil {
				return err
			}
			f.Move.Owner = "@" + owner.Handle
		}
	}
	f.Body, f.Cites, f.CitesWere, f.Was = f.Draft.Body, f.Draft.Cites, f.Draft.Cites, f.Draft.Was
	if f.Draft.PublishAt != nil {
		f.At = f.Draft.PublishAt.In(f.Zone).Format(clockLayout)
	}
	return s.offerCited(r.Context(), f)
}

// offerCited adds to the comments offered those that the draft cites further on.
func (s *Server) offerCited(ctx context.Context, f *templates.AnswerForm) error {
	further := slices.DeleteFunc(slices.Clone(f.Draft.Cites), func(id int64) bool {
		return slices.ContainsFunc(f.Comments, func(c board.Comment) bool { return c.ID == id })
	})
	if len(further) == 0 {
		return nil
	}
	list, err := s.store.CommentsOf(ctx, further...)
	f.Comments = append(slices.Clip(f.Comments), list...)
	return err
}

// draftFrame is the answer being written, for open pages of those who may write it.
func (s *Server) draftFrame(ctx context.Context, idea board.Idea, lang string) ([]templ.Component, error) {
	d, err := s.store.AnswerDraftOf(ctx, idea.ID)
	if err != nil {
		return nil, err
	}
	zone, err := s.store.Zone(ctx, idea.BoardID)
	return []templ.Component{templates.AnswerDraft(templates.AnswerDraftPart{Lang: lang, Idea: idea.ID, Draft: d, Zone: zone})}, err
}
