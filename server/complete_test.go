package server

import (
	"strings"
	"testing"

	"convivio/store/board"
)

func (f *front) join(slug, name string) {
	f.Helper()
	if _, err := f.store.AddMember(f.Context(), f.people["admin"], slug, f.people[name].ID); err != nil {
		f.Fatal(err)
	}
}

// TestCompletionOffersThoseWhoMayRead asks for everybody and every idea, as
// everybody, where each may write and where not.
func TestCompletionOffersThoseWhoMayRead(t *testing.T) {
	f := newFront(t, withIndex(t))
	f.boards()
	f.addPerson("ospite", board.Guest) // a second guest, of the same board
	f.join("aperta", "guest")
	f.join("aperta", "ospite")
	f.join("riservata", "ospite")
	idea, _ := f.secretRows()
	open, err := f.store.AddIdea(f.Context(), f.people["bruno"], "aperta", board.NewIdea{Title: "Pubblica zafferano"}, "")
	if err != nil {
		t.Fatal(err)
	}
	f.indexed()
	names := map[string]string{"anna": "Anna Gatti", "bruno": "Bruno Sala", "mod": "Mara Conti", "admin": "Ada Riva", "guest": "Gino Cliente", "ospite": "Persona ospite"}
	for _, tt := range []struct {
		who, query string
		status     int
		offers     []string // names of people, or titles; nobody and nothing else
	}{
		{"anna", "q=@&board=aperta", 200, []string{"bruno", "mod", "admin", "guest", "ospite"}},
		{"anna", "q=@&board=riservata", 200, []string{"mod", "admin", "ospite"}},
		{"anna", "q=@mara.c&board=riservata", 200, []string{"mod"}},
		{"anna", "q=@conti&board=riservata", 200, []string{"mod"}},
		{"anna", "q=@ont&board=riservata", 200, nil},
		{"anna", "q=@bruno&board=riservata", 200, nil},
		{"guest", "q=@&board=aperta", 200, []string{"bruno"}}, // wrote in sight; the other guest and the directory stay unknown
		{"guest", "q=@&board=riservata", 404, nil},
		{"ospite", "q=@&board=riservata", 200, []string{"anna", "mod"}},
		{"bruno", "q=@&board=riservata", 404, nil},
		{"bruno", "q=@&idea=" + id(idea), 404, nil},
		{"bruno", "q=@&idea=" + id(open.ID), 200, []string{"anna", "mod", "admin", "guest", "ospite"}},
		{"bruno", "q=@&idea=x", 404, nil},
		{"bruno", "q=@", 404, nil},
		{"anna", "q=%23zaff&board=aperta", 200, []string{"Pubblica zafferano"}}, // the other's title has it no more, its text has
		{"anna", "q=%23cnry&board=aperta", 200, []string{"CNRYtitle di nuovo"}},
		{"bruno", "q=%23cnry&board=aperta", 200, nil},
		{"bruno", "q=%23" + id(idea) + "&board=aperta", 200, nil},
		{"anna", "q=%23" + id(idea) + "&board=aperta", 200, []string{"CNRYtitle di nuovo"}},
		{"bruno", "q=%23&board=aperta", 200, []string{"Pubblica zafferano"}},
		{"guest", "q=%23zafferano&board=aperta", 200, []string{"Pubblica zafferano"}},
		{"guest", "q=%23&idea=" + id(idea), 404, nil},
		{"anna", "q=zafferano&board=aperta", 422, nil},
	} {
		t.Run(tt.who+" "+tt.query, func(t *testing.T) {
			got := f.as(tt.who).get("/complete?" + tt.query)
			if got.status != tt.status {
				t.Fatalf("got %d", got.status)
			}
			if tt.status != 200 {
				return
			}
			if n := strings.Count(got.body, `role="option"`); n != len(tt.offers) {
				t.Errorf("%d offered, want %d: %s", n, len(tt.offers), got.body)
			}
			for _, o := range tt.offers {
				if name := names[o]; name != "" {
					o = name
				}
				if !strings.Contains(got.body, "<b>"+o+"</b>") {
					t.Errorf("%s is not offered: %s", o, got.body)
				}
			}
		})
	}
}

// TestSimilarIdeasAreThoseOneMaySee asks by title and beside an idea.
func TestSimilarIdeasAreThoseOneMaySee(t *testing.T) {
	f := newFront(t, withIndex(t))
	f.boards()
	add := func(slug, title, body string) board.Idea {
		i, err := f.store.AddIdea(f.Context(), f.people["anna"], slug, board.NewIdea{Title: title, Body: body}, "")
		if err != nil {
			t.Fatal(err)
		}
		return i
	}
	tea := add("aperta", "Una tettoia per le biciclette", "Quando piove le biciclette restano fuori, sotto la tettoia starebbero asciutte.")
	near := add("aperta", "Biciclette sotto la tettoia del capannone", "La tettoia c'è già.")
	hidden := add("riservata", "CNRY tettoia per biciclette", "La tettoia delle biciclette, quando piove.")
	add("aperta", "Il caffè della macchina", "È freddo.")
	f.indexed()
	anna, bruno, guest := f.as("anna"), f.as("bruno"), f.as("guest")
	bruno.get("/similar?board=aperta&title=Tettoia+biciclette").has(200, tea.Title, near.Title).hasNot(hidden.Title, "caffè")
	anna.get("/similar?board=aperta&title=Tettoia+biciclette").has(200, tea.Title, hidden.Title)
	guest.get("/similar?board=aperta&title=Tettoia+biciclette").has(200).hasNot("<a ")
	bruno.get("/ideas/"+id(tea.ID)+"/similar").has(200, near.Title).hasNot(hidden.Title)
	bruno.get("/ideas/"+id(tea.ID)+"/similar?part=1").has(200, near.Title).hasNot(hidden.Title, tea.Title)
	bruno.get("/ideas/" + id(hidden.ID) + "/similar").has(404)
	bruno.post("/boards/aperta/new", fields("title", "Tettoia e biciclette", "body", "testo", "preview", "1")).has(200, near.Title, "<p>testo</p>").hasNot(hidden.Title)
	if _, err := f.store.DeleteIdea(f.Context(), f.people["anna"], near.ID); err != nil {
		t.Fatal(err)
	}
	bruno.get("/similar?board=aperta&title=Tettoia+biciclette").has(200, tea.Title).hasNot(near.Title)
}
