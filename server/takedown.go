package server

import (
	"context"
	"strconv"
	"time"

	"convivio/store/board"
	"convivio/templates"
)

// RemovalInput names what is deleted through the API and, where somebody else wrote
// it, why.
type RemovalInput struct {
	IDInput
	Ground board.Ground `query:"ground" enum:"off_topic,personal_data,disrespect,duplicate,advertising,illegal,other" doc:"why a moderator deletes what somebody else wrote: its author is told, and may appeal"`
	Note   string       `query:"note" doc:"to its author"`
}

func (in RemovalInput) removal() board.Removal {
	return board.Removal{Ground: in.Ground, Note: in.Note}
}

// takeIdea deletes an idea: one's own at once, another's by a decision with its ground.
func (s *Server) takeIdea(ctx context.Context, who board.Who, id int64, why board.Removal) (int64, error) {
	if why.Ground == "" {
		return s.store.DeleteIdea(ctx, who, id)
	}
	_, seq, err := s.store.TakeDown(ctx, who, id, 0, why)
	return seq, err
}

// takeComment is takeIdea for a comment.
func (s *Server) takeComment(ctx context.Context, who board.Who, id int64, why board.Removal) (int64, error) {
	if why.Ground == "" {
		return s.store.DeleteComment(ctx, who, id)
	}
	_, seq, err := s.store.TakeDown(ctx, who, 0, id, why)
	return seq, err
}

// removal reads the form by which something is deleted, and the id of the address.
func (r *request) removal() (id int64, why board.Removal, err error) {
	var in struct {
		Key    string `form:"key"`
		Ground string `form:"ground"`
		Note   string `form:"note"`
	}
	if err := r.bind(&in); err != nil {
		return 0, why, err
	}
	id, err = r.idParam("id")
	return id, board.Removal{Ground: board.Ground(in.Ground), Note: in.Note}, err
}

// offerRegret puts a way back on the page that follows a moderator's deletion, whose
// address names the decision.
func (r *request) offerRegret(p *templates.Page) error {
	id, err := strconv.ParseInt(r.query("decided"), 10, 64)
	if err != nil {
		return nil // none, or no address of ours
	}
	list, err := r.s.store.DecisionsOf(r.Context(), r.who, []int64{id})
	if err != nil {
		return err
	}
	d := list[id]
	left := d.At.Add(board.RegretTime).Sub(r.s.store.Now())
	if d.Undoable && d.Action == board.Delete && left > 0 && d.Moderator.ID == r.who.ID {
		p.Undo = &templates.Undo{Comment: d.Comment != 0, ID: d.ID, Decision: true, Seconds: int(min(left, time.Minute) / time.Second)}
	}
	return nil
}
