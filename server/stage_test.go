package server

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"convivio/client"
	"convivio/store/board"
)

// httpWays says where an idea may go, apart from the program's own table: a the
// author, k who keeps the board.
var httpWays = map[board.Stage]string{
	board.New:        "in_review:k planned:k in_progress:k done:k declined:k parked:k withdrawn:a",
	board.InReview:   "planned:k in_progress:k done:k declined:k parked:k new:k withdrawn:a",
	board.Planned:    "in_progress:k done:k declined:k parked:k in_review:k withdrawn:a",
	board.InProgress: "done:k planned:k declined:k parked:k in_review:k",
	board.Done:       "in_progress:k in_review:k",
	board.Declined:   "in_review:k new:k",
	board.Parked:     "in_review:k new:k planned:k declined:k withdrawn:a",
	board.Withdrawn:  "new:ak",
}

// fullMove is a move with all that its stage asks for.
func (f *front) fullMove(to board.Stage) board.Move {
	return board.Move{Stage: to, Reason: "Perché sì.", Measured: "Da 9 a 3.", Until: "2099-06-01", Owner: f.people["mod"].ID, Due: "2099-12-31"}
}

// standing is an idea of anna's in a stage.
func (f *front) standing(stage board.Stage) int64 {
	f.Helper()
	id := f.idea("anna", "aperta", "In "+string(stage)).ID
	who := "mod"
	switch stage {
	case board.New:
		return id
	case board.Withdrawn:
		who = "anna"
	}
	if _, err := f.store.MoveIdea(f.Context(), f.people[who], id, f.fullMove(stage)); err != nil {
		f.Fatal(err)
	}
	return id
}

// TestEveryStepThroughTheAPI sends every move as everybody.
func TestEveryStepThroughTheAPI(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	if _, err := f.store.AddOwner(t.Context(), f.people["admin"], "aperta", board.NewOwner{Person: f.people["bruno"].ID}); err != nil {
		t.Fatal(err)
	}
	f.addPerson("carla", board.Employee)
	movers := []struct{ name, may string }{{"anna", "a"}, {"carla", ""}, {"guest", "-"}, {"mod", "k"}, {"bruno", "k"}, {"admin", "k"}}
	clients := map[string]*client.Client{}
	for _, m := range movers {
		clients[m.name] = f.sdk(m.name)
	}
	for from, ways := range httpWays {
		id := f.standing(from)
		for _, to := range board.Stages {
			if to == from || to == board.MergedInto {
				continue
			}
			by := ""
			for _, w := range strings.Fields(ways) {
				if stage, who, _ := strings.Cut(w, ":"); stage == string(to) {
					by = who
				}
			}
			for _, m := range movers {
				got, err := clients[m.name].MoveIdea(t.Context(), id, f.fullMove(to))
				want := board.Conflict
				switch {
				case m.may != "" && strings.Contains(by, m.may):
					if err != nil || got.Stage != to {
						t.Fatalf("%s to %s by %s: %v", from, to, m.name, err)
					}
					id = f.standing(from)
					continue
				case m.may == "-":
					want = board.NotFound
				case by != "" || m.may == "":
					want = board.Forbidden
				}
				var fault *board.Error
				if !errors.As(err, &fault) || fault.Code != want {
					t.Errorf("%s to %s by %s: %v, want %s", from, to, m.name, err, want)
				}
			}
		}
	}
}

// TestMovingWithoutScripts plans, promises, finishes with forms alone, in Italian.
func TestMovingWithoutScripts(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	anna, bruno, mod, admin := f.as("anna"), f.as("bruno"), f.as("mod"), f.as("admin")
	mod.header.Set("Accept-Language", "it")
	id := f.idea("anna", "aperta", "Tettoia").ID
	path := fmt.Sprint("/ideas/", id)
	admin.post("/boards/aperta/stages", fields("stage", "in_review", "name", "Al vaglio", "on", "in_review", "stage", "parked", "name", "")).leads("/boards/aperta")
	mod.get(path).has(200, "Al vaglio", "Chi se ne occupa")
	if page := mod.get(path).body; strings.Contains(page, `<option value="parked"`) || strings.Contains(page, `<option value="withdrawn"`) {
		t.Error("a stage that cannot be reached is offered")
	}
	mod.post(path+"/stage", fields("stage", "parked", "reason", "poi", "until", "2099-01-01")).has(http.StatusConflict, "Può passare a: Al vaglio, Pianificata")
	mod.post(path+"/stage", fields("stage", "planned", "owner", "@nessuno", "due", "2099-12-31")).has(422, "Nessuno si chiama così", "@nessuno")
	mod.post(path+"/stage", fields("stage", "planned", "owner", "@bruno.sala", "due", "2020-01-01")).has(422, "già passato", "@bruno.sala")
	mod.post(path+"/stage", fields("stage", "planned", "owner", "@bruno.sala", "due", "2099-12-31", "quiet", "1")).leads(path)
	anna.get(path).has(200, "Bruno Sala", "31 Dec 2099", "nobody was told")
	anna.get("/promises").has(200, "Tettoia", "Bruno Sala")
	anna.get("/promises?state=kept").has(200, "There is none yet.")
	anna.get("/promises?state=grande").has(422)
	f.as("guest").get("/promises?board=aperta").has(404)
	mod.post(path+"/stage", fields("stage", "done", "reason", "Montata.")).has(422, "Scrivi da che cosa si vede", "Montata.")
	mod.post(path+"/stage", fields("stage", "done", "reason", "Montata.", "measured", "Venti posti su ventidue.")).leads(path)
	bruno.get(path).has(200, "What changed", "Venti posti su ventidue.")
	bruno.get("/promises?state=kept").has(200, "Venti posti su ventidue.")
	bruno.post(path+"/vote", nil).has(http.StatusConflict)
	f.as("anna").get("/parked").has(404)
	mod.get("/parked").has(200)
}

// TestDraftsWithoutScripts keeps an idea in the making and posts it from another device.
func TestDraftsWithoutScripts(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	anna, elsewhere, mod := f.as("anna"), f.as("anna"), f.as("mod")
	anna.get("/boards/aperta/new").has(200, "Save as draft", `formaction="/boards/aperta/drafts"`)
	before := f.store.Head()
	anna.post("/boards/aperta/drafts", fields("key", "k", "title", "", "body", "Una tettoia per le bici", "tags", "bici")).leads("/mine#drafts")
	anna.post("/boards/aperta/drafts", fields("key", "k", "title", "", "body", "Una tettoia per le bici", "tags", "bici")).leads("/mine#drafts")
	anna.post("/boards/aperta/drafts", fields("title", " ", "body", "")).has(422)
	elsewhere.get("/mine").has(200, "Una tettoia per le bici", "/drafts/1")
	page := elsewhere.get("/drafts/1").has(200, "Una tettoia per le bici", `name="draft" value="1"`).body
	mod.get("/drafts/1").has(404)
	mod.post("/drafts/1/delete", nil).leads("/mine#drafts") // nothing of hers
	_, was, _ := strings.Cut(page, `name="was" value="`)
	was, _, _ = strings.Cut(was, `"`)
	anna.post("/boards/aperta/drafts", fields("draft", "1", "was", was, "title", "Tettoia", "body", "Per le bici")).leads("/mine#drafts")
	elsewhere.post("/boards/aperta/drafts", fields("draft", "1", "was", was, "title", "Tetto", "body", "testo-tenuto")).has(http.StatusConflict, "testo-tenuto", "Per le bici")
	if f.store.Head() != before {
		t.Error("a draft stands in the log")
	}
	elsewhere.post("/boards/aperta/new", fields("draft", "1", "title", "Tettoia", "body", "Per le bici")).leads("/ideas/1")
	anna.post("/boards/aperta/new", fields("draft", "1", "title", "Tettoia", "body", "Per le bici")).has(http.StatusConflict)
	if strings.Contains(anna.get("/mine").body, "/drafts/1") {
		t.Error("the draft is still there")
	}
}

// TestStagesAndDraftsThroughTheSDK does as a program what the pages do.
func TestStagesAndDraftsThroughTheSDK(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	anna, mod, admin := f.sdk("anna"), f.sdk("mod"), f.sdk("admin")
	d, err := anna.AddIdeaDraft(t.Context(), board.DraftIdea{Board: "aperta", Title: "Tettoia"})
	if err != nil {
		t.Fatal(err)
	}
	if d, err = anna.ChangeIdeaDraft(t.Context(), d.ID, board.DraftIdea{Title: "Tettoia lunga", Body: "Per le bici."}); err != nil || d.Title != "Tettoia lunga" {
		t.Errorf("the draft reads %+v, %v", d, err)
	}
	if list, err := mod.IdeaDrafts(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("somebody else reads %+v, %v", list, err)
	}
	idea, err := anna.AddIdea(t.Context(), "aperta", board.NewIdea{Title: d.Title, Body: d.Body, Draft: d.ID})
	if err != nil {
		t.Fatal(err)
	}
	list, err := admin.ChangeStages(t.Context(), "aperta", []board.StageSetting{{Stage: board.Planned, Name: "In programma"}, {Stage: board.Parked, Off: true}})
	if err != nil || len(list) != len(board.Stages) {
		t.Fatalf("the stages read %+v, %v", list, err)
	}
	if idea, err = mod.MoveIdea(t.Context(), idea.ID, f.fullMove(board.Planned)); err != nil || idea.StageName != "In programma" {
		t.Errorf("it reads %+v, %v", idea, err)
	}
	path, err := anna.Path(t.Context(), idea.ID)
	if err != nil || len(path) != 1 || path[0].Owner == nil || path[0].Due != "2099-12-31" || path[0].ToName != "In programma" {
		t.Errorf("the path reads %+v, %v", path, err)
	}
	promises, err := anna.Promises(t.Context(), client.PromiseListing{Board: "aperta", State: board.PromiseDue})
	if err != nil || len(promises.Items) != 1 || promises.Counts.Due != 1 {
		t.Errorf("the promises read %+v, %v", promises, err)
	}
	_, err = mod.MoveIdea(t.Context(), idea.ID, f.fullMove(board.Parked))
	var fault *board.Error
	if !errors.As(err, &fault) || fault.Code != board.Conflict || !strings.Contains(fault.Error(), "In programma") {
		t.Errorf("the conflict says %v", err)
	}
}
