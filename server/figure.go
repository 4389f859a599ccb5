package server

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"convivio/store"
	"convivio/store/board"
	"convivio/templates"
)

func (s *Server) figureRoutes() {
	s.route("GET", "/figures", employee, s.showFigures)
	s.route("GET", "/figures/:rung", employee, s.showFigures)
	s.route("POST", "/account/figures", signedIn, s.leaveFigures)

	api(s, "GET", "/figures", employee, "Figures of some months, by company, team, site or board", func(ctx context.Context, who board.Who, in *struct {
		By   board.Dimension `query:"by" enum:"company,team,site,board" doc:"company where none is given; others are for HR and the works council"`
		From string          `query:"from" doc:"a month such as 2026-01; the last one that has figures where none is given"`
		To   string          `query:"to"`
	}) (*board.List[board.Figure], error) {
		first, last, err := s.months(ctx, who, in.From, in.To)
		if err == nil {
			err = oneDimension(ctx.Value(requestKey{}).(*request))
		}
		if err != nil {
			return nil, err
		}
		list, err := s.store.Figures(ctx, who, cmp.Or(in.By, board.ByCompany), first, last)
		return &board.List[board.Figure]{Items: list}, err
	})
	api(s, "GET", "/figures/months", employee, "The months that have figures, the latest first", func(ctx context.Context, who board.Who, _ *struct{}) (*board.List[board.Month], error) {
		list, err := s.store.Months(ctx, who)
		return &board.List[board.Month]{Items: list}, err
	})
}

// oneDimension refuses to break figures down by two things, as by team and by site:
// groups so small that most of it would be hidden, and the rest told of few.
func oneDimension(r *request) error {
	if len(r.URL.Query()["by"]) > 1 {
		return board.FieldFault("by", "Figures are by one thing at a time: company, team, site or board.")
	}
	return nil
}

// months reads a stretch of months; where none is given, it is the last that has figures.
func (s *Server) months(ctx context.Context, who board.Who, from, to string) (first, last board.Month, err error) {
	if from == "" && to == "" {
		closed, err := s.store.Months(ctx, who)
		if err != nil || len(closed) == 0 {
			return 0, 0, err
		}
		return closed[0], closed[0], nil
	}
	if first, err = board.ParseMonth(cmp.Or(from, to)); err != nil {
		return 0, 0, err
	}
	last, err = board.ParseMonth(cmp.Or(to, from))
	return first, last, err
}

// showFigures shows a month at a glance, or one rung of it.
func (s *Server) showFigures(r *request) error {
	frame, err := r.frame()
	if err != nil {
		return err
	}
	p := templates.FiguresPage{Page: frame, By: board.ByCompany, Units: store.SeesUnits(r.who)}
	if rung := r.param("rung"); rung != "" {
		if p.Rung = board.Rung(rung); !templates.IsRung(rung) {
			return board.Missing()
		}
	}
	if p.Months, err = s.store.Months(r.Context(), r.who); err != nil || len(p.Months) == 0 {
		return cmp.Or(err, r.page(templates.Figures(p)))
	}
	if err := cmp.Or(oneDimension(r), s.askedFigures(r, &p)); err != nil {
		return err
	}
	if p.Company, err = s.store.Figures(r.Context(), r.who, board.ByCompany, p.Month-board.Month(p.Span)+1, p.Month); err != nil {
		return err
	}
	with, err := s.store.ReleasesWith(r.Context(), r.who)
	p.Released = len(with)
	if err != nil {
		return err
	}
	if err := s.brokenDown(r, &p); err != nil {
		return err
	}
	return r.page(templates.Figures(p))
}

// askedFigures reads which month, breakdown and span an address asks for. Errors:
// not_found for a month without figures.
func (s *Server) askedFigures(r *request, p *templates.FiguresPage) error {
	p.Month, p.Span = p.Months[0], templates.FiguresSpan
	if r.query("span") == strconv.Itoa(templates.LongestSpan) {
		p.Span = templates.LongestSpan
	}
	if p.Units {
		p.By = templates.UsualDimension(p.Rung)
	}
	if by := r.query("by"); by != "" {
		p.By = board.Dimension(by)
	}
	if asked := r.query("month"); asked != "" {
		month, err := board.ParseMonth(asked)
		if err != nil || !slices.Contains(p.Months, month) {
			return board.Missing()
		}
		p.Month = month
	}
	return nil
}

// brokenDown reads the lines of a page's breakdown: its columns of the month and of
// the one before, and a year of the one whose trend is drawn.
func (s *Server) brokenDown(r *request, p *templates.FiguresPage) (err error) {
	if p.By == board.ByCompany {
		return nil
	}
	columns, trend := templates.FigureColumns(p.Rung, p.By)
	if p.Lines, err = s.store.Figures(r.Context(), r.who, p.By, p.Month-1, p.Month, append(columns, board.Entitled)...); err != nil || trend == "" {
		return err
	}
	earlier, err := s.store.Figures(r.Context(), r.who, p.By, p.Month-templates.FiguresSpan+1, p.Month-2, trend)
	p.Lines = append(p.Lines, earlier...)
	return err
}

// leaveFigures takes the switch on the account page.
func (s *Server) leaveFigures(r *request) error {
	var in struct {
		Key     string `form:"key"`
		Counted bool   `form:"counted"`
	}
	if err := r.bind(&in); err != nil {
		return err
	}
	if _, err := s.store.LeaveFigures(r.Context(), r.who, !in.Counted); err != nil {
		return err
	}
	return r.see("/account?done=figures#figures")
}
