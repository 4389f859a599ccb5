package server

import (
	"net/url"
	"strings"

	"convivio/store/board"
	"convivio/templates"
)

// personItems is how many ideas and comments a person's page shows.
const personItems = 20

func (s *Server) personRoutes() {
	s.route("GET", "/people", employee, s.showPeople)
	s.route("GET", "/people/:person", signedIn, s.showPerson)
}

func (s *Server) showPeople(r *request) error {
	p, err := r.frame()
	if err != nil {
		return err
	}
	q := r.query("q")
	list, err := s.store.People(r.Context(), r.who, q, 0, r.query("after"))
	if err != nil {
		return err
	}
	return r.page(templates.People(templates.PeoplePage{Page: p, People: list.Items, Query: q, More: list.Next}))
}

// showPerson shows somebody by id, or by what stands behind @ in a text.
func (s *Server) showPerson(r *request) error {
	p, err := r.frame()
	if err != nil {
		return err
	}
	page := templates.PersonPage{Page: p}
	page.Person, err = s.personAt(r)
	if handle, ok := strings.CutPrefix(r.param("person"), "@"); ok && handle != "" && isMissing(err) && r.who.Kind == board.Employee {
		return r.see("/people?q=" + url.QueryEscape(handle)) // "@paolo" is written for whoever that may be
	}
	if err != nil {
		return err
	}
	if page.Ideas, err = s.store.IdeasBy(r.Context(), r.who, page.Person.ID, personItems); err != nil {
		return err
	}
	if page.Comments, err = s.store.CommentsBy(r.Context(), r.who, page.Person.ID, personItems); err != nil {
		return err
	}
	ideas := make([]int64, len(page.Comments))
	for i, c := range page.Comments {
		ideas[i] = c.Idea
	}
	if page.Titles, err = s.store.Titles(r.Context(), r.who, ideas); err != nil {
		return err
	}
	return r.page(templates.Person(page))
}

func (s *Server) personAt(r *request) (board.Person, error) {
	if handle, ok := strings.CutPrefix(r.param("person"), "@"); ok {
		return s.store.PersonByHandle(r.Context(), r.who, handle)
	}
	id, err := r.idParam("person")
	if err != nil {
		return board.Person{}, err
	}
	return s.store.Person(r.Context(), r.who, id)
}
