package server

import (
	"context"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"convivio/store/board"
	"convivio/templates"
)

func (s *Server) commentRoutes() {
	s.route("POST", "/ideas/:id/comments", signedIn, s.addComment)
	s.route("GET", "/comments/:id", signedIn, s.showComment)
	s.route("GET", "/comments/:id/in-thread", signedIn, s.showInThread)
	s.route("POST", "/comments/:id/edit", signedIn, s.editComment)
	s.route("POST", "/comments/:id/delete", signedIn, s.deleteComment)

	api(s, "GET", "/ideas/{id}/comments", signedIn, "The thread of an idea, in reading order", func(ctx context.Context, who board.Who, in *struct {
		IDInput
		PageInput
		Sort board.CommentSort `query:"sort" enum:"best,oldest,newest"`
	}) (*board.List[board.Comment], error) {
		return answer(s.store.Comments(ctx, who, in.ID, in.Sort, in.Limit, in.Cursor))
	})
	api(s, "POST", "/ideas/{id}/comments", signedIn, "Comment on an idea, or reply to a comment", func(ctx context.Context, who board.Who, in *struct {
		IDInput
		Key  string `header:"Idempotency-Key"`
		Body board.NewComment
	}) (*board.Comment, error) {
		return answer(s.store.Reply(ctx, who, in.ID, in.Body, in.Key))
	})
	api(s, "PATCH", "/comments/{id}", signedIn, "Edit one's comment", func(ctx context.Context, who board.Who, in *struct {
		IDInput
		Body board.CommentChange
	}) (*board.Comment, error) {
		return answer(s.store.EditComment(ctx, who, in.ID, in.Body))
	})
	api(s, "DELETE", "/comments/{id}", signedIn, "Delete one's comment or, as a moderator and with a ground, somebody else's; a tombstone keeps its place", func(ctx context.Context, who board.Who, in *RemovalInput) (*seqReply, error) {
		return seqOf(s.takeComment(ctx, who, in.ID, in.removal()))
	})
}

func anchor(comment int64) string { return "#c" + strconv.FormatInt(comment, 10) }

func (s *Server) addComment(r *request) error {
	var in struct {
		Key     string `form:"key"`
		Body    string `form:"body"`
		Parent  *int64 `form:"parent_id"`
		Preview bool   `form:"preview"`
	}
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	var preview *templates.PreviewPart
	err = r.bind(&in)
	switch {
	case err == nil && in.Preview:
		preview, err = r.preview("", in.Body, true)
	case err == nil:
		var c board.Comment
		if c, err = s.store.Reply(r.Context(), r.who, id, board.NewComment{Body: in.Body, ParentID: in.Parent}, in.Key); err == nil {
			return s.seeComment(r, c)
		}
		if held := waiting(err); held != nil {
			return r.see(heldPath(held.ID))
		}
	}
	if in.Parent != nil {
		if parent, missing := s.store.Comment(r.Context(), r.who, *in.Parent); missing == nil && parent.Idea == id && !parent.Deleted {
			return s.commentAgain(r, parent.ID, err, func(p *templates.PermalinkPage, fault *board.Error) {
				p.Reply = templates.CommentForm{Body: in.Body, Preview: preview, Fault: fault}
			})
		}
	}
	return s.ideaAgain(r, id, err, func(p *templates.IdeaPage, fault *board.Error) {
		p.Comment = templates.CommentForm{Body: in.Body, Preview: preview, Fault: fault}
	})
}

// seeComment goes to a comment in its thread, whichever piece it stands in, in
// the order that one reads in.
func (s *Server) seeComment(r *request, c board.Comment) error {
	return r.see(templates.SpotPath(c.Idea, c.ID, r.sort()))
}

// showInThread leads a permalink to where the comment stands now.
func (s *Server) showInThread(r *request) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	c, err := s.store.Comment(r.Context(), r.who, id)
	if err != nil {
		return err
	}
	return s.seeComment(r, c)
}

func (s *Server) showComment(r *request) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	if r.query("part") == "1" {
		c, err := s.store.Comment(r.Context(), r.who, id)
		if err != nil {
			return err
		}
		return r.page(templates.Comment(templates.CommentPart{Lang: r.lang, Comment: c}))
	}
	return s.commentPage(r, id, nil, r.page)
}

// commentPage makes a comment's own page and hands it to show.
func (s *Server) commentPage(r *request, id int64, change func(*templates.PermalinkPage), show func(templ.Component) error) error {
	frame, err := r.frame()
	if err != nil {
		return err
	}
	ctx := r.Context()
	p := templates.PermalinkPage{Page: frame, Sort: r.sort()}
	if p.Comment, err = s.store.Comment(ctx, r.who, id); err != nil {
		return err
	}
	if p.Idea, err = s.store.Idea(ctx, r.who, p.Comment.Idea); err != nil {
		return err
	}
	if err := s.fillBranch(r, &p); err != nil {
		return err
	}
	if p.Mine, err = s.mine(r, p.Idea); err != nil {
		return err
	}
	if change != nil {
		change(&p)
	}
	return show(templates.Permalink(p))
}

// fillBranch shows what a comment replies to, and a piece of what stands below it.
func (s *Server) fillBranch(r *request, p *templates.PermalinkPage) error {
	k := shapeKey{p.Idea.ID, p.Idea.ThreadSeq, p.Sort}
	whole, err := s.threads.shape(r.Context(), s.store, k)
	if err != nil {
		return err
	}
	at, ok := whole.Find(p.Comment.ID)
	if !ok {
		return nil // deleted and gone while the page was made
	}
	if p.Above, err = commentsAbove(r.Context(), s.store, whole, at); err != nil {
		return err
	}
	n := whole.Nodes[at]
	p.Below = templates.Branch{Replies: n.Replies, People: n.People}
	if n.Size == 0 {
		return nil
	}
	below := s.threads.below(k, whole, at)
	from, err := below.From(r.query("after"))
	if err != nil {
		return err
	}
	html, err := s.threads.piece(r.Context(), s.store, below, pieceKey{shapeKey: k, access: s.store.AccessHead(), root: p.Comment.ID, lang: r.lang, from: from})
	if err == nil {
		p.Thread = rawBytes(html.html)
	}
	return err
}

// commentAgain shows a comment's page again with a form of it marked: with what
// is wrong or, without an error, with a preview.
func (s *Server) commentAgain(r *request, id int64, err error, mark func(*templates.PermalinkPage, *board.Error)) error {
	if err == nil {
		return s.commentPage(r, id, func(p *templates.PermalinkPage) { mark(p, nil) }, r.page)
	}
	return again(err, func(fault *board.Error) templ.Component {
		var page templ.Component = templ.NopComponent
		_ = s.commentPage(r, id, func(p *templates.PermalinkPage) { mark(p, fault) }, func(c templ.Component) error { page = c; return nil })
		return page
	})
}

func (s *Server) editComment(r *request) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	var in struct {
		Key     string `form:"key"`
		Body    string `form:"body"`
		Preview bool   `form:"preview"`
		Was     string `form:"was"`
	}
	var preview *templates.PreviewPart
	err = r.bind(&in)
	switch {
	case err == nil && in.Preview:
		preview, err = r.preview("", in.Body, true)
	case err == nil:
		var c board.Comment
		if c, err = s.store.EditComment(r.Context(), r.who, id, board.CommentChange{Body: in.Body, Was: in.Was}); err == nil {
			return s.seeComment(r, c)
		}
	}
	return s.commentAgain(r, id, err, func(p *templates.PermalinkPage, fault *board.Error) {
		p.Edit = templates.CommentForm{Body: in.Body, Was: in.Was, Preview: preview, Fault: fault}
		if meanwhile(fault) {
			p.Edit.Was, p.Edit.Meanwhile = board.Wording(p.Comment.Body), &board.Version{Body: p.Comment.Body}
		}
	})
}

func (s *Server) deleteComment(r *request) error {
	id, why, err := r.removal()
	if err != nil {
		return err
	}
	c, err := s.store.Comment(r.Context(), r.who, id)
	if err != nil {
		return err
	}
	path, place, _ := strings.Cut(templates.SpotPath(c.Idea, c.ID, r.sort()), "#")
	if c.Author.ID != r.who.ID && why.Ground != "" && !c.Deleted {
		made, _, err := s.store.TakeDown(r.Context(), r.who, 0, id, why)
		if err != nil {
			return err
		}
		return r.see(path + "&decided=" + strconv.FormatInt(made, 10) + "#" + place)
	}
	if _, err := s.store.DeleteComment(r.Context(), r.who, id); err != nil {
		return err
	}
	return r.see(path + "&deleted=" + strconv.FormatInt(c.ID, 10) + "#" + place)
}
