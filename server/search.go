package server

import (
	"context"
	"errors"
	"strings"
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

const (
	indexPatience = 2 * time.Second // how long a search waits for an event that it was told of
	resultsOnPage = 20
	resultsQuick  = 6 // under the field at the top of a page
)

func (s *Server) searchRoutes() {
	s.route("GET", "/search", signedIn, s.showSearch)
	s.savedRoutes()

	api(s, "GET", "/search", signedIn, "Find ideas, each with the passage of it that answers best", func(ctx context.Context, who board.Who, in *struct {
		PageInput
		Q        string      `query:"q" maxLength:"1000" doc:"words, phrases in quotes, and filters such as board:mensa"`
		Lang     string      `query:"lang" doc:"language in which words that several languages have are read"`
		Board    string      `query:"board" doc:"slug"`
		Stage    board.Stage `query:"stage"`
		Author   int64       `query:"author" minimum:"0"`
		From     time.Time   `query:"from"`
		To       time.Time   `query:"to" doc:"excluded"`
		Year     int         `query:"year" minimum:"0" maximum:"9999"`
		TextIn   string      `query:"in" doc:"language of the text, as in the facet"`
		Idea     int64       `query:"idea" minimum:"0" doc:"every passage of this idea that matches"`
		Sort     board.Order `query:"sort" enum:"newest,votes" doc:"left out: by relevance"`
		Exact    bool        `query:"exact" doc:"take the words as they are typed"`
		AfterSeq int64       `query:"after_seq" minimum:"0" doc:"wait, two seconds at most, until the index has this event"`
	}) (*board.Found, error) {
		if in.AfterSeq > 0 {
			if err := s.waitForIndex(ctx, in.AfterSeq); err != nil {
				return nil, err
			}
		}
		return answer(s.Index.Search(ctx, who, board.Query{Q: in.Q, Lang: in.Lang, Board: in.Board, Stage: in.Stage, Author: in.Author,
			From: in.From, To: in.To, Year: in.Year, TextIn: in.TextIn, Idea: in.Idea, Sort: in.Sort, Exact: in.Exact, Limit: in.Limit, Cursor: in.Cursor}))
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
	q, err := board.ParseQuery(r.URL.Query())
	if err == nil && strings.Contains(r.URL.RawQuery+"&", "=&") {
		return r.see(templates.SearchPath(q)) // a form sends its empty fields too; an address to pass on has none
	}
	q.Lang, q.Limit, q.Cursor = r.lang, resultsOnPage, r.query("after")
	part := r.query("part")
	if part == "quick" {
		q.Limit = resultsQuick
	}
	p, frame, frameErr := r.searchPart(q)
	if frameErr != nil {
		return frameErr
	}
	if err == nil {
		err = s.runSearch(r, &p)
	}
	var fault *board.Error
	if errors.As(err, &fault) && (fault.Code == board.Invalid || fault.Code == board.TooMany || fault.Code == board.Unavailable) {
		p.Fault, err = fault, nil
	}
	switch {
	case err != nil:
		return err
	case part == "quick":
		return r.page(templates.QuickResults(p))
	case part == "1":
		return r.page(templates.SearchResults(p))
	}
	words := board.Query{Q: q.Q, Lang: q.Lang, Sort: q.Sort, Exact: q.Exact, Limit: q.Limit}
	if q == words && len(p.Found.Filters) == 0 && p.Fault == nil && !p.Found.Rebuilding { // what a filter hid was not missing
		s.store.LookedFor(r.who.ID, q.Q, p.Found.Normal, len(ideasOf(p.Found.Hits)) > 0)
	}
	frame.Notice = searchNotice(r.lang, r.query("done"))
	return r.page(templates.Search(templates.SearchPage{Page: frame, SearchPart: p}))
}

// searchPart is a search before it has run, with the words that name its filters.
func (r *request) searchPart(q board.Query) (p templates.SearchPart, frame templates.Page, err error) {
	if frame, err = r.frame(); err != nil {
		return p, frame, err
	}
	p = templates.SearchPart{Lang: r.lang, Key: frame.Key, Query: q, From: r.query("from"), To: r.query("to"), Names: map[string]string{}}
	for _, b := range frame.Boards {
		p.Names[b.Slug] = b.Name
	}
	return p, frame, nil
}

// runSearch finds what a page asks for. Errors: Search's, not_found for an author
// the reader does not know.
func (s *Server) runSearch(r *request, p *templates.SearchPart) (err error) {
	if p.Query.Author != 0 {
		who, err := s.store.Person(r.Context(), r.who, p.Query.Author)
		if err != nil {
			return err
		}
		p.Author = who.Name
	}
	if !p.Query.Asks() {
		return nil
	}
	p.Found, err = s.Index.Search(r.inside(), r.who, p.Query)
	var fault *board.Error
	if errors.As(err, &fault) && fault.Field == "sort" { // the order of an address whose words name somebody since
		p.Query.Sort = board.ByRelevance
		p.Found, err = s.Index.Search(r.inside(), r.who, p.Query)
	}
	if err != nil {
		return err
	}
	if p.Query.Cursor == "" && p.Query.Q != "" {
		if p.Experts, err = s.experts(r.Context(), r.who, r.lang, ideasOf(p.Found.Hits)); err != nil {
			return err
		}
	}
	_, err = s.store.SavedAs(r.Context(), r.who, p.Query)
	p.Saved = err == nil
	if errors.As(err, &fault) && fault.Code == board.NotFound {
		return nil
	}
	return err
}
