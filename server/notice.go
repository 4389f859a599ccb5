package server

import (
	"context"
	"fmt"
	"net/url"

	"convivio/store/board"
	"convivio/templates"
)

// How many notices the page and the panel under the bell show at once.
const (
	noticesOnPage  = 50
	noticesInPanel = 12
)

func (s *Server) noticeRoutes() {
	s.route("GET", "/notices", signedIn, s.showNotices)
	s.route("GET", "/notices/:seq", signedIn, s.openNotice)
	s.route("POST", "/notices/seen", signedIn, s.seeNotices)
	s.route("GET", "/notices/:seq/gone", signedIn, s.showGone)
	s.route("POST", "/notices/:seq/unvote", signedIn, s.takeLostVote)

	api(s, "GET", "/notices", signedIn, "What one was told, newest first", func(ctx context.Context, who board.Who, in *PageInput) (*board.Notices, error) {
		return answer(s.store.Notices(ctx, who, in.Limit, in.Cursor))
	})
	api(s, "PUT", "/notices/{seq}/seen", signedIn, "Mark one notice as seen", func(ctx context.Context, who board.Who, in *struct {
		Seq int64 `path:"seq" minimum:"1"`
	}) (*board.Notice, error) {
		return answer(s.store.SeeNotice(ctx, who, in.Seq))
	})
	api(s, "DELETE", "/notices/{seq}/vote", signedIn, "Take one's vote back from an idea that a notice says is out of one's sight", func(ctx context.Context, who board.Who, in *struct {
		Seq int64 `path:"seq" minimum:"1"`
	}) (*struct{}, error) {
		return &struct{}{}, s.store.TakeLostVote(ctx, who, in.Seq)
	})
	api(s, "PUT", "/notices/seen", signedIn, "Mark every notice up to an event as seen", func(ctx context.Context, who board.Who, in *struct {
		Body struct {
			Upto int64 `json:"upto" minimum:"0" doc:"seq of the newest notice that was read"`
		}
	}) (*board.Notices, error) {
		if err := s.store.SeeNotices(ctx, who, in.Body.Upto); err != nil {
			return nil, err
		}
		return answer(s.store.Notices(ctx, who, 1, ""))
	})
}

func (s *Server) showNotices(r *request) error {
	part := r.query("part") == "1"
	limit := noticesOnPage
	if part {
		limit = noticesInPanel
	}
	list, err := s.store.Notices(r.Context(), r.who, limit, r.query("after"))
	if err != nil {
		return err
	}
	p, err := r.frame()
	if err != nil {
		return err
	}
	page := templates.NoticesPart{Lang: r.lang, Key: p.Key, Groups: templates.NoticeGroups(list.Items), Unseen: list.Unseen, More: list.Next}
	if len(list.Items) > 0 {
		page.Upto = list.Items[0].Seq
	}
	if part {
		return r.page(templates.Notices(page))
	}
	return r.page(templates.NoticeList(templates.NoticesPage{Page: p, NoticesPart: page}))
}

// openNotice goes to what a notice is about; going there, it is seen.
func (s *Server) openNotice(r *request) error {
	seq, err := r.idParam("seq")
	if err != nil {
		return err
	}
	n, err := s.store.SeeNotice(r.Context(), r.who, seq)
	if err != nil {
		return err
	}
	return r.see(noticePlace(n))
}

// noticePlace is where a notice leads.
func noticePlace(n board.Notice) string {
	switch {
	case n.Decision != 0:
		return judgementPath(n.Decision)
	case n.Reason == board.Heard:
		return "/reports"
	case n.Reason == board.Released:
		return templates.ReleasePath(n.Release)
	case n.Reason == board.OutOfSight:
		return fmt.Sprintf("/notices/%d/gone", n.Seq)
	case n.Saved != 0:
		return fmt.Sprintf("/search/saved/%d", n.Saved)
	case n.Reason == board.Late && n.Others > 0:
		return "/search?q=" + url.QueryEscape("is:late board:"+n.Board)
	case n.Comment != 0:
		return fmt.Sprintf("/comments/%d/in-thread", n.Comment)
	case n.Answer:
		return ideaPath(n.Idea) + "#answers"
	}
	return ideaPath(n.Idea)
}

func (s *Server) seeNotices(r *request) error {
	var in struct {
		Key  string `form:"key"`
		Upto int64  `form:"upto"`
	}
	if err := r.bind(&in); err != nil {
		return err
	}
	if err := s.store.SeeNotices(r.Context(), r.who, in.Upto); err != nil {
		return err
	}
	return r.see("/notices")
}

// showGone says what became of an idea that its reader took part in and does not see.
func (s *Server) showGone(r *request) error {
	seq, err := r.idParam("seq")
	if err != nil {
		return err
	}
	n, err := s.store.SeeNotice(r.Context(), r.who, seq)
	if err == nil && n.Reason != board.OutOfSight {
		err = board.Missing()
	}
	if err != nil {
		return err
	}
	page := templates.GonePage{Notice: n}
	if !n.Along {
		if page.Voted, page.Open, err = s.store.LostVote(r.Context(), r.who, seq); err != nil {
			return err
		}
	}
	if page.Page, err = r.frame(); err != nil {
		return err
	}
	return r.page(templates.Gone(page))
}

func (s *Server) takeLostVote(r *request) error {
	var in struct {
		Key string `form:"key"`
	}
	if err := r.bind(&in); err != nil {
		return err
	}
	seq, err := r.idParam("seq")
	if err == nil {
		err = s.store.TakeLostVote(r.Context(), r.who, seq)
	}
	if err != nil {
		return err
	}
	return r.see(fmt.Sprintf("/notices/%d/gone", seq))
}
