package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/a-h/templ"

	"convivio/store/board"
	"convivio/templates"
	"convivio/templates/words"
)

func (s *Server) heldRoutes() {
	s.route("GET", "/held", signedIn, s.showHeldPosts)
	s.route("GET", "/held/:id", signedIn, s.showHeld)
	s.route("POST", "/held/:id/edit", signedIn, s.editHeld)
	s.route("POST", "/held/:id/withdraw", signedIn, s.withdrawHeld)
	s.route("GET", "/review/held/:id", moderator, s.showHeldReview)
	s.route("POST", "/review/held/:id", moderator, s.decideHeld)

	api(s, "GET", "/held", signedIn, "One's own posts that wait for a moderator", func(ctx context.Context, who board.Who, _ *struct{}) (*board.List[board.Held], error) {
		list, err := s.store.HeldOf(ctx, who, 0)
		return &board.List[board.Held]{Items: list}, err
	})
	api(s, "GET", "/held/{id}", signedIn, "A post that waits: one's own, or for its moderators", func(ctx context.Context, who board.Who, in *IDInput) (*board.Held, error) {
		return answer(s.store.Held(ctx, who, in.ID))
	})
	api(s, "PATCH", "/held/{id}", signedIn, "Edit one's own post while it waits", func(ctx context.Context, who board.Who, in *struct {
		IDInput
		Body board.HeldChange
	}) (*board.Held, error) {
		return answer(s.store.EditHeld(ctx, who, in.ID, in.Body))
	})
	api(s, "DELETE", "/held/{id}", signedIn, "Withdraw one's own post while it waits", func(ctx context.Context, who board.Who, in *IDInput) (*seqReply, error) {
		return seqOf(s.store.WithdrawHeld(ctx, who, in.ID))
	})
}

// heldAnswer is what a program gets whose post waits: 202 and the held post.
type heldAnswer struct{ *board.Held }

// GetStatus says that the post was taken, and is not there yet.
func (heldAnswer) GetStatus() int { return http.StatusAccepted }

// waiting tells whether a post waits for a moderator, which comes as an error.
func waiting(err error) *board.Held {
	var held *board.Held
	if errors.As(err, &held) {
		return held
	}
	return nil
}

func heldPath(id int64) string { return fmt.Sprintf("/held/%d", id) }

func (s *Server) showHeldPosts(r *request) error {
	p, err := r.frame()
	if err != nil {
		return err
	}
	list, err := s.store.HeldOf(r.Context(), r.who, 0)
	if err != nil {
		return err
	}
	if r.query("withdrawn") != "" {
		p.Notice = words.T(r.lang, "Your post is withdrawn, and its words are gone.")
	}
	return r.page(templates.HeldPosts(templates.HeldPostsPage{Page: p, List: list}))
}

func (s *Server) showHeld(r *request) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	h, err := s.store.Held(r.Context(), r.who, id)
	if err != nil {
		return err
	}
	if h.Author.ID != r.who.ID {
		return r.see(fmt.Sprintf("/review/held/%d", id))
	}
	p, err := r.frame()
	if err != nil {
		return err
	}
	if r.query("done") != "" {
		p.Notice = words.T(r.lang, "The change was saved.")
	}
	return r.page(templates.Held(templates.HeldPage{Page: p, Held: h}))
}

func (s *Server) editHeld(r *request) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	var in struct {
		Key   string `form:"key"`
		Title string `form:"title"`
		Body  string `form:"body"`
		Tags  string `form:"tags"`
	}
	if err = r.bind(&in); err == nil {
		tags := splitTags(in.Tags)
		if _, err = s.store.EditHeld(r.Context(), r.who, id, board.HeldChange{Title: &in.Title, Body: &in.Body, Tags: &tags}); err == nil {
			return r.see(heldPath(id) + "?done=1")
		}
	}
	h, missing := s.store.Held(r.Context(), r.who, id)
	if missing != nil {
		return missing
	}
	return r.again(err, func(p templates.Page, fault *board.Error) templ.Component {
		form := templates.IdeaForm{Title: in.Title, Body: in.Body, Tags: in.Tags, Fault: fault}
		return templates.Held(templates.HeldPage{Page: p, Held: h, Form: &form})
	})
}

func (s *Server) withdrawHeld(r *request) error {
	id, err := r.pressed()
	if err != nil {
		return err
	}
	if _, err := s.store.WithdrawHeld(r.Context(), r.who, id); err != nil {
		return err
	}
	return r.see("/held?withdrawn=1")
}

// heldReview makes the page on which a moderator decides about a held post.
func (s *Server) heldReview(r *request, p templates.Page, id int64) (page templates.HeldReviewPage, err error) {
	page = templates.HeldReviewPage{Page: p}
	if page.Held, err = s.store.Held(r.Context(), r.who, id); err != nil {
		return page, err
	}
	if !r.who.ModeratesBoard(page.Held.BoardID) {
		return page, board.Missing()
	}
	return page, nil
}

func (s *Server) showHeldReview(r *request) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	p, err := r.frame()
	if err != nil {
		return err
	}
	page, err := s.heldReview(r, p, id)
	if err != nil {
		return err
	}
	return r.page(templates.HeldReview(page))
}

func (s *Server) decideHeld(r *request) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	var in struct {
		Key    string `form:"key"`
		Action string `form:"do"`
		Was    string `form:"was"`
		Trust  bool   `form:"trust"`
		Ground string `form:"ground"`
		Note   string `form:"note"`
	}
	if err = r.bind(&in); err == nil {
		if in.Action == string(board.Approve) {
			_, err = s.store.ApproveHeld(r.Context(), r.who, id, in.Was, in.Trust)
		} else {
			_, err = s.store.RefuseHeld(r.Context(), r.who, id, in.Was, board.Ground(in.Ground), in.Note)
		}
		if err == nil {
			return r.see(fmt.Sprintf("/review/held/%d", id))
		}
	}
	var missing error
	shown := r.again(err, func(p templates.Page, fault *board.Error) templ.Component {
		var page templates.HeldReviewPage
		page, missing = s.heldReview(r, p, id)
		page.Ground, page.Note, page.Fault, page.Refusing = board.Ground(in.Ground), in.Note, fault, in.Action != string(board.Approve)
		return templates.HeldReview(page)
	})
	return errors.Join(missing, shown)
}
