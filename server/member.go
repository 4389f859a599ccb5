package server

import (
	"context"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"convivio/store/board"
	"convivio/templates"
	"convivio/templates/words"
)

func (s *Server) memberRoutes() {
	s.route("GET", "/boards/:slug/members", employee, s.showMembers)
	s.route("POST", "/boards/:slug/members", moderator, s.addMember)
	s.route("POST", "/boards/:slug/members/:person/delete", signedIn, s.removeMember)

	api(s, "GET", "/boards/{slug}/members", employee, "Who is on a board", func(ctx context.Context, who board.Who, in *SlugInput) (*board.List[board.Member], error) {
		list, err := s.store.Members(ctx, who, in.Slug)
		return &board.List[board.Member]{Items: list}, err
	})
	api(s, "PUT", "/boards/{slug}/members/{person}", moderator, "Put somebody on a board", func(ctx context.Context, who board.Who, in *MemberInput) (*seqReply, error) {
		return seqOf(s.store.AddMember(ctx, who, in.Slug, in.Person))
	})
	api(s, "DELETE", "/boards/{slug}/members/{person}", signedIn, "Take somebody, or oneself, off a board", func(ctx context.Context, who board.Who, in *MemberInput) (*seqReply, error) {
		return seqOf(s.store.RemoveMember(ctx, who, in.Slug, in.Person))
	})
}

// MemberInput is a member in a path of the API.
type MemberInput struct {
	SlugInput
	Person int64 `path:"person" minimum:"1"`
}

func (s *Server) showMembers(r *request) error { return s.membersPage(r, nil, r.page) }

// membersPage makes the page of a board's members and hands it to show.
func (s *Server) membersPage(r *request, fault *board.Error, show func(templ.Component) error) error {
	frame, err := r.frame()
	if err != nil {
		return err
	}
	ctx := r.Context()
	p := templates.MembersPage{Page: frame, Query: r.query("q"), Fault: fault}
	if p.Board, err = s.store.Board(ctx, r.who, r.param("slug")); err != nil {
		return err
	}
	if p.Members, err = s.store.Members(ctx, r.who, p.Board.Slug); err != nil {
		return err
	}
	inOrder(r.lang, p.Members, func(m board.Member) string { return m.Name })
	for _, m := range p.Members { // named from the list itself: an address made up says nothing
		if strconv.FormatInt(m.ID, 10) == r.query("added") {
			p.Notice = words.T(r.lang, "Added: %s", m.Name)
		}
	}
	if p.Query != "" && r.who.Moderates() {
		if p.Found, err = s.peopleToAdd(ctx, r.who, p.Query, p.Members); err != nil {
			return err
		}
	}
	return show(templates.Members(p))
}

// peopleToAdd finds people by name who are not on a board yet.
func (s *Server) peopleToAdd(ctx context.Context, who board.Who, query string, members []board.Member) ([]board.Person, error) {
	known := make(map[int64]bool, len(members))
	for _, m := range members {
		known[m.ID] = true
	}
	list, err := s.store.People(ctx, who, query, 20+len(members), "")
	if err != nil {
		return nil, err
	}
	var out []board.Person
	for _, p := range list.Items {
		if !known[p.ID] {
			out = append(out, p)
		}
	}
	return out, nil
}

func (s *Server) addMember(r *request) error {
	var in struct {
		Key    string `form:"key"`
		Person int64  `form:"person"`
		Query  string `form:"q"` // that found them
	}
	if err := r.bind(&in); err != nil {
		return err
	}
	if _, err := s.store.AddMember(r.Context(), r.who, r.param("slug"), in.Person); err != nil {
		return s.membersAgain(r, err)
	}
	added := url.Values{"added": {strconv.FormatInt(in.Person, 10)}}
	if in.Query != "" {
		added.Set("q", in.Query)
	}
	return r.see("/boards/" + r.param("slug") + "/members?" + added.Encode())
}

func (s *Server) removeMember(r *request) error {
	var in keyForm
	if err := r.bind(&in); err != nil {
		return err
	}
	person, err := r.idParam("person")
	if err != nil {
		return err
	}
	if _, err := s.store.RemoveMember(r.Context(), r.who, r.param("slug"), person); err != nil {
		return s.membersAgain(r, err)
	}
	if person == r.who.ID {
		return r.see("/boards")
	}
	return r.see("/boards/" + r.param("slug") + "/members")
}

func (s *Server) membersAgain(r *request, err error) error {
	return again(err, func(fault *board.Error) templ.Component {
		var page templ.Component = templ.NopComponent
		_ = s.membersPage(r, fault, func(c templ.Component) error { page = c; return nil })
		return page
	})
}
