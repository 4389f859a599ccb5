package server

import (
	"context"
	"errors"
	"net/url"

	"github.com/a-h/templ"

	"convivio/store/board"
	"convivio/templates"
	"convivio/templates/words"
)

func (s *Server) savedRoutes() {
	s.route("GET", "/search/saved", signedIn, s.showSaved)
	s.route("POST", "/search/saved", signedIn, s.saveSearch)
	s.route("GET", "/search/saved/:id", signedIn, s.openSaved)
	s.route("POST", "/search/saved/:id/name", signedIn, s.renameSaved)
	s.route("POST", "/search/saved/:id/delete", signedIn, s.deleteSaved)

	api(s, "GET", "/searches", signedIn, "The searches one keeps, by name", func(ctx context.Context, who board.Who, _ *struct{}) (*board.List[board.Saved], error) {
		list, err := s.store.SavedSearches(ctx, who)
		return &board.List[board.Saved]{Items: list}, err
	})
	api(s, "POST", "/searches", signedIn, "Keep a search, to be told when something new matches", func(ctx context.Context, who board.Who, in *struct {
		Body board.NewSaved
	}) (*board.Saved, error) {
		return answer(s.keepSearch(ctx, who, in.Body))
	})
	api(s, "PATCH", "/searches/{id}", signedIn, "Give a search one keeps another name", func(ctx context.Context, who board.Who, in *struct {
		IDInput
		Body board.SavedChange
	}) (*board.Saved, error) {
		return answer(s.store.RenameSaved(ctx, who, in.ID, in.Body))
	})
	api(s, "PUT", "/searches/{id}/opened", signedIn, "Count what a search one keeps has found as seen", func(ctx context.Context, who board.Who, in *IDInput) (*board.Saved, error) {
		return answer(s.store.OpenSaved(ctx, who, in.ID))
	})
	api(s, "DELETE", "/searches/{id}", signedIn, "Keep a search no more", func(ctx context.Context, who board.Who, in *IDInput) (*struct{}, error) {
		return &struct{}{}, s.store.DeleteSaved(ctx, who, in.ID)
	})
}

// searchNotice confirms what the redirect before says was done.
func searchNotice(lang, done string) string {
	if done == "saved" {
		return words.T(lang, "Saved. When something new matches, you will find it among your notices.")
	}
	return ""
}

// savedPage reads what the page of saved searches shows.
func (s *Server) savedPage(r *request) (p templates.SavedPage, err error) {
	bare, frame, err := r.searchPart(board.Query{})
	if err != nil {
		return p, err
	}
	list, err := s.store.SavedSearches(r.Context(), r.who)
	p.Page = frame
	for _, v := range list {
		about := bare
		about.Query = savedQuery(v)
		p.Searches = append(p.Searches, templates.SavedLine{Saved: v, About: about})
	}
	return p, err
}

// savedQuery is what a saved search asks; it was sound when it was saved.
func savedQuery(v board.Saved) board.Query {
	values, _ := url.ParseQuery(v.Query)
	q, _ := board.ParseQuery(values)
	return q
}

func (s *Server) showSaved(r *request) error {
	p, err := s.savedPage(r)
	if err != nil {
		return err
	}
	return r.page(templates.SavedSearches(p))
}

// savedAgain shows the page with what is wrong.
func (s *Server) savedAgain(r *request, wrong int64, name string, err error) error {
	var fault *board.Error
	if !errors.As(err, &fault) || fault.Code == board.NotFound {
		return err
	}
	p, pageErr := s.savedPage(r)
	if pageErr != nil {
		return pageErr
	}
	p.Wrong, p.Name = wrong, name
	return again(err, func(fault *board.Error) templ.Component {
		p.Fault = fault
		return templates.SavedSearches(p)
	})
}

func (s *Server) saveSearch(r *request) error {
	var in struct {
		Key   string `form:"key"`
		Name  string `form:"name"`
		Query string `form:"query"`
	}
	err := r.bind(&in)
	if err == nil {
		var v board.Saved
		if v, err = s.keepSearch(r.inside(), r.who, board.NewSaved{Name: in.Name, Query: in.Query}); err == nil {
			return r.see(templates.SearchPath(savedQuery(v), "done", "saved"))
		}
	}
	return s.savedAgain(r, 0, "", err)
}

// keepSearch saves a search, unless it is for what somebody else writes: being told
// of that would be watching them. What cannot be looked for now, and so not judged,
// is not kept either. Errors: SaveSearch's, Search's, invalid (query).
func (s *Server) keepSearch(ctx context.Context, who board.Who, in board.NewSaved) (board.Saved, error) {
	q := savedQuery(board.Saved{Query: in.Query})
	q.Limit = 1
	switch found, err := s.Index.Search(ctx, who, q); {
	case err != nil:
		return board.Saved{}, err
	case found.Uncounted:
		return board.Saved{}, board.FieldFault("query", "A search for what one person or team writes is not kept: nobody is watched here. Follow an idea or a board instead.")
	}
	return s.store.SaveSearch(ctx, who, in)
}

// openSaved goes to what a saved search finds, the newest first; going there, it is seen.
func (s *Server) openSaved(r *request) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	v, err := s.store.OpenSaved(r.Context(), r.who, id)
	if err != nil {
		return err
	}
	return r.see(savedPlace(v))
}

// savedPlace is where a saved search leads: what is new stands first where that
// may be told.
func savedPlace(v board.Saved) string {
	q := savedQuery(v)
	if v.New > 0 && q.Author == 0 {
		q.Sort = board.ByNewest
	}
	return templates.SearchPath(q)
}

func (s *Server) renameSaved(r *request) error {
	var in struct {
		Key  string `form:"key"`
		Name string `form:"name"`
	}
	err := r.bind(&in)
	id, missing := r.idParam("id")
	if missing != nil {
		return missing
	}
	if err == nil {
		_, err = s.store.RenameSaved(r.Context(), r.who, id, board.SavedChange{Name: in.Name})
	}
	if err != nil {
		return s.savedAgain(r, id, in.Name, err)
	}
	return r.see("/search/saved")
}

func (s *Server) deleteSaved(r *request) error {
	id, err := r.pressed()
	if err != nil {
		return err
	}
	if err := s.store.DeleteSaved(r.Context(), r.who, id); err != nil {
		return err
	}
	return r.see("/search/saved")
}
