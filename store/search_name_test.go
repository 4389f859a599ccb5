package store

import (
	"slices"
	"testing"

	"convivio/store/board"
)

func TestWhomNamesMean(t *testing.T) {
	c := newCompany(t)
	annalisa := c.person("Annalisa Gatti", board.Employee)
	jose := c.person("José Peña", board.Employee)
	other := c.person("Anna Bianchi", board.Employee)
	stranger, _, err := c.AddPerson(c.ctx, Operator(), board.NewPerson{Name: "Δημήτρης Παππάς", Email: "dp@example.com", Kind: board.Employee})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []board.Who{c.anna, annalisa} {
		team := "Risorse umane"
		if p.ID == annalisa.ID {
			team = "Vendite"
		}
		c.do(c.ChangePerson(c.ctx, c.admin, p.ID, PersonChange{Team: &team}))
	}
	ask := func(who board.Who, n board.Names) []int64 {
		t.Helper()
		named, err := c.Named(c.ctx, who, n)
		if err != nil {
			t.Fatal(err)
		}
		return named.Authors
	}
	for _, test := range []struct {
		who  board.Who
		n    board.Names
		want []int64
	}{
		{c.bruno, board.Names{People: []string{"anna"}}, []int64{c.anna.ID, other.ID}},
		{c.bruno, board.Names{People: []string{"ANN"}}, []int64{c.anna.ID, annalisa.ID, other.ID}}, // nobody is called so: who begins so
		{c.bruno, board.Names{People: []string{"anna gatti"}}, []int64{c.anna.ID}},
		{c.bruno, board.Names{People: []string{"Gatti Anna"}}, []int64{c.anna.ID}},
		{c.bruno, board.Names{People: []string{"anna.gatti"}}, []int64{c.anna.ID}},
		{c.bruno, board.Names{People: []string{"jose pena"}}, []int64{jose.ID}},
		{c.bruno, board.Names{People: []string{"PEÑA"}}, []int64{jose.ID}},
		{c.bruno, board.Names{People: []string{"δημήτρης"}}, []int64{stranger.ID}},
		{c.bruno, board.Names{People: []string{"me"}}, []int64{c.bruno.ID}},
		{c.bruno, board.Names{People: []string{"io", "jose"}}, []int64{c.bruno.ID, jose.ID}},
		{c.bruno, board.Names{People: []string{"%"}}, nil},
		{c.bruno, board.Names{People: []string{"nessuno"}}, nil},
		{c.bruno, board.Names{People: []string{"gino"}}, nil}, // a guest who wrote nothing in sight
		{c.guest, board.Names{People: []string{"anna"}}, nil}, // a guest has no directory
		{c.guest, board.Names{People: []string{"me"}}, []int64{c.guest.ID}},
		{c.bruno, board.Names{Teams: []string{"risorse umane"}}, []int64{c.anna.ID}},
		{c.bruno, board.Names{Teams: []string{"risorse"}}, []int64{c.anna.ID}},
		{c.bruno, board.Names{Teams: []string{"vendite", "risorse"}}, []int64{c.anna.ID, annalisa.ID}},
		{c.bruno, board.Names{People: []string{"gatti"}, Teams: []string{"vendite"}}, []int64{annalisa.ID}},
		{c.bruno, board.Names{People: []string{"anna"}, Teams: []string{"acquisti"}}, nil},
		{c.guest, board.Names{Teams: []string{"vendite"}}, nil},
	} {
		slices.Sort(test.want)
		if got := ask(test.who, test.n); !slices.Equal(got, test.want) {
			t.Errorf("%s asks for %+v: %v, want %v", test.who.Name, test.n, got, test.want)
		}
	}
	// Whom a guest may know follows what is written in sight of them.
	c.do(c.AddMember(c.ctx, c.admin, c.private, c.guest.ID))
	c.do(c.AddIdea(c.ctx, c.anna, c.private, board.NewIdea{Title: "Un tavolo"}, ""))
	if got := ask(c.guest, board.Names{People: []string{"anna"}}); !slices.Equal(got, []int64{c.anna.ID}) {
		t.Errorf("a guest knows %v by what they wrote, want %d", got, c.anna.ID)
	}
	if got := ask(c.guest, board.Names{Teams: []string{"risorse umane"}}); !slices.Equal(got, []int64{c.anna.ID}) {
		t.Errorf("a guest knows %v of a team, want %d", got, c.anna.ID)
	}
}

func TestIdeasOfTheReader(t *testing.T) {
	c := newCompany(t)
	add := func(who board.Who, slug, title string) int64 {
		i, err := c.AddIdea(c.ctx, who, slug, board.NewIdea{Title: title}, "")
		if err != nil {
			t.Fatal(err)
		}
		return i.ID
	}
	first, second := add(c.anna, c.open, "Una sedia"), add(c.anna, c.private, "Un armadio")
	others := add(c.bruno, c.open, "Una lampada")
	c.do(c.FollowIdea(c.ctx, c.anna, others))
	c.do(c.UnfollowIdea(c.ctx, c.anna, second))
	ask := func(n board.Names) []int64 {
		t.Helper()
		named, err := c.Named(c.ctx, c.anna, n)
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(named.Ideas)
		return named.Ideas
	}
	for _, test := range []struct {
		n    board.Names
		want []int64
	}{{board.Names{Mine: true}, []int64{first, second}}, {board.Names{Followed: true}, []int64{first, others}}, {board.Names{Mine: true, Followed: true}, []int64{first}}} {
		if got := ask(test.n); !slices.Equal(got, test.want) {
			t.Errorf("%+v: %v, want %v", test.n, got, test.want)
		}
	}
	c.do(c.RemoveMember(c.ctx, c.admin, c.private, c.anna.ID))
	if got := ask(board.Names{Mine: true}); !slices.Equal(got, []int64{first}) {
		t.Errorf("mine holds what is out of sight: %v", got)
	}
}
