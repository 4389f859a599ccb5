package server

import (
	"context"
	"errors"
	"strconv"
	"time"

	"convivio/store/board"
	"convivio/templates"
)

// Index finds texts. *search.Index is one.
type Index interface {
	Search(ctx context.Context, who board.Who, q board.Query) (board.Found, error)
	Similar(ctx context.Context, who board.Who, text string, not int64, n int) ([]board.Hit, error) // ideas like one of that text, but for itself
	Titled(ctx context.Context, who board.Who, q string, n int) ([]board.Hit, error)                // ideas with these words in their title
	Wait(ctx context.Context, seq int64) error                                                      // until an event is in the index
}

// indexPatience is how long a search waits for an event that it was told of.
const indexPatience = 2 * time.Second

func (s *Server) searchRoutes() {
	s.route("GET", "/search", signedIn, s.showSearch)

	api(s, "GET", "/search", signedIn, "Find ideas, comments and answers", func(ctx context.Context, who board.Who, in *struct {
		PageInput
		Q        string      `query:"q"`
		Board    string      `query:"board"`
		Stage    board.Stage `query:"stage"`
		Author   int64       `query:"author" minimum:"0"`
		From     time.Time   `query:"from"`
		To       time.Time   `query:"to"`
		AfterSeq int64       `query:"after_seq" minimum:"0" doc:"wait, two seconds at most, until the index has this event"`
	}) (*board.Found, error) {
		if in.AfterSeq > 0 {
			if err := s.waitForIndex(ctx, in.AfterSeq); err != nil {
				return nil, err
			}
		}
		return answer(s.Index.Search(ctx, who, board.Query{Q: in.Q, Board: in.Board, Stage: in.Stage, Author: in.Author,
			From: in.From, To: in.To, Limit: in.Limit, Cursor: in.Cursor}))
	})
}

// waitForIndex waits for an event; running out of patience is no error: the
// search then answers with what it has. Errors: invalid for an event to come.
func (s *Server) waitForIndex(ctx context.Context, seq int64) error {
	if seq > s.store.Head() {
		return board.FieldFault("after_seq", "The log has no event %d yet.", seq)
	}
	ctx, cancel := context.WithTimeout(ctx, indexPatience)
	defer cancel()
	if err := s.Index.Wait(ctx, seq); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

func (s *Server) showSearch(r *request) error {
	p := templates.SearchPart{Lang: r.lang, Names: map[string]string{}, From: r.query("from"), To: r.query("to"),
		Query: board.Query{Q: r.query("q"), Board: r.query("board"), Stage: board.Stage(r.query("stage")), Limit: 20, Cursor: r.query("after")}}
	frame, err := r.frame()
	if err != nil {
		return err
	}
	for _, b := range frame.Boards {
		p.Names[b.Slug] = b.Name
	}
	if err = s.readSearch(r, &p); err == nil && (p.Query.Q != "" || p.Query.Author != 0) {
		p.Found, err = s.Index.Search(r.Context(), r.who, p.Query)
	}
	var fault *board.Error
	if errors.As(err, &fault) && (fault.Code == board.Invalid || fault.Code == board.TooMany) {
		p.Fault, err = fault, nil
	}
	if err != nil {
		return err
	}
	if r.query("part") == "1" {
		return r.page(templates.SearchResults(p))
	}
	return r.page(templates.Search(templates.SearchPage{Page: frame, SearchPart: p}))
}

// readSearch reads the filters that are more than text. Errors: invalid.
func (s *Server) readSearch(r *request, p *templates.SearchPart) (err error) {
	if a := r.query("author"); a != "" {
		if p.Query.Author, err = strconv.ParseInt(a, 10, 64); err != nil {
			return board.FieldFault("author", "Write a number here.")
		}
		who, err := s.store.Person(r.Context(), r.who, p.Query.Author)
		if err != nil {
			return err
		}
		p.Author = who.Name
	}
	if p.Query.From, err = day("from", p.From); err != nil {
		return err
	}
	if p.Query.To, err = day("to", p.To); err == nil && !p.Query.To.IsZero() {
		p.Query.To = p.Query.To.AddDate(0, 0, 1) // the whole of the last day
	}
	return err
}

// day reads a date as date fields send it.
func day(field, s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.ParseInLocation(time.DateOnly, s, time.Local)
	if err != nil {
		return t, board.FieldFault(field, "Write a date such as 2026-05-31.")
	}
	return t, nil
}
