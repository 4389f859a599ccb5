package server

import (
	"context"
	"regexp"
	"strconv"

	"github.com/a-h/templ"

	"convivio/store/board"
	"convivio/templates"
	"convivio/templates/words"
)

func (s *Server) reportRoutes() {
	s.route("GET", "/reports", signedIn, s.showReports)
	for _, on := range []struct {
		path  string
		about func(id int64) (idea, comment int64)
	}{
		{"/ideas/", func(id int64) (int64, int64) { return id, 0 }},
		{"/comments/", func(id int64) (int64, int64) { return 0, id }},
	} {
		s.route("GET", on.path+":id/report", signedIn, s.showReport(on.about))
		s.route("POST", on.path+":id/report", signedIn, s.report(on.about))
		api(s, "PUT", on.path+"{id}/report", signedIn, "Report something to the moderators; again: change one's report", func(ctx context.Context, who board.Who, in *struct {
			IDInput
			Body board.NewReport
		}) (*board.Report, error) {
			idea, comment := on.about(in.ID)
			return answer(s.store.Report(ctx, who, idea, comment, in.Body))
		})
	}
	api(s, "GET", "/reports", signedIn, "One's own reports and what came of them", func(ctx context.Context, who board.Who, in *struct{}) (*board.List[board.Report], error) {
		list, err := s.store.OwnReports(ctx, who, 0)
		return &board.List[board.Report]{Items: list}, err
	})
}

// reportPage reads what somebody is about to report.
func (s *Server) reportPage(r *request, idea, comment int64) (p templates.ReportPage, err error) {
	if comment != 0 {
		c, err := s.store.Comment(r.Context(), r.who, comment)
		if err != nil {
			return p, err
		}
		if c.Deleted {
			return p, board.Missing()
		}
		p.Comment, idea = &c, c.Idea
	}
	if p.Idea, err = s.store.Idea(r.Context(), r.who, idea); err != nil {
		return p, err
	}
	before, reported, err := s.store.OwnReportOf(r.Context(), r.who, idea, comment)
	if reported && before.Outcome == board.Undecided {
		p.Form = templates.ReportForm{Ground: before.Ground, Note: before.Note, Again: true}
		if before.Other != 0 {
			p.Form.Other = "#" + strconv.FormatInt(before.Other, 10)
		}
	}
	return p, err
}

func (s *Server) showReport(about func(int64) (int64, int64)) handler {
	return func(r *request) error {
		id, err := r.idParam("id")
		if err != nil {
			return err
		}
		idea, comment := about(id)
		page, err := s.reportPage(r, idea, comment)
		if err != nil {
			return err
		}
		if page.Page, err = r.frame(); err != nil {
			return err
		}
		return r.page(templates.Report(page))
	}
}

func (s *Server) report(about func(int64) (int64, int64)) handler {
	return func(r *request) error {
		id, err := r.idParam("id")
		if err != nil {
			return err
		}
		var in struct {
			Key    string `form:"key"`
			Ground string `form:"ground"`
			Other  string `form:"other"`
			Note   string `form:"note"`
		}
		err = r.bind(&in)
		idea, comment := about(id)
		other, ok := ideaNamed(in.Other)
		switch {
		case err != nil:
		case !ok:
			err = board.FieldFault("other", "Give the idea that says the same: its number or its address.")
		default:
			if _, err = s.store.Report(r.Context(), r.who, idea, comment, board.NewReport{Ground: board.Ground(in.Ground), Other: other, Note: in.Note}); err == nil {
				return r.see("/reports?done=1")
			}
		}
		page, missing := s.reportPage(r, idea, comment)
		if missing != nil {
			return missing
		}
		return r.again(err, func(p templates.Page, fault *board.Error) templ.Component {
			page.Page = p
			page.Form = templates.ReportForm{Ground: board.Ground(in.Ground), Other: in.Other, Note: in.Note, Again: page.Form.Again, Fault: fault}
			return templates.Report(page)
		})
	}
}

var ideaNumber = regexp.MustCompile(`^\s*(?:#|(?:https?://[^\s/]+)?/ideas/)?([1-9][0-9]{0,17})(?:[/?#]\S*)?\s*$`)

// ideaNamed reads an idea's number as people give it: 12, #12, or its address. An
// empty text is 0; false: it is none of these.
func ideaNamed(text string) (int64, bool) {
	if text == "" {
		return 0, true
	}
	m := ideaNumber.FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	id, err := strconv.ParseInt(m[1], 10, 64)
	return id, err == nil
}

func (s *Server) showReports(r *request) error {
	if err := s.store.SeeReports(r.Context(), r.who); err != nil {
		return err
	}
	p, err := r.frame()
	if err != nil {
		return err
	}
	if r.query("done") != "" {
		p.Notice = words.T(r.lang, "Thank you. A moderator looks at it, without learning who reported it.")
	}
	list, err := s.store.OwnReports(r.Context(), r.who, 0)
	if err != nil {
		return err
	}
	return r.page(templates.Reports(templates.ReportsPage{Page: p, Reports: list}))
}
