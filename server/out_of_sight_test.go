package server

import (
	"fmt"
	"testing"

	"convivio/store/board"
	"convivio/templates/words"
)

// TestWhoLosesSightOfAnIdeaIsTold that it went, not where, and takes their vote back,
// after a move as after a merge; who sees it again is told nothing any more.
func TestWhoLosesSightOfAnIdeaIsTold(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	f.addPerson("vera", board.Employee)
	anna, vera, mod := f.people["anna"], f.people["vera"], f.people["mod"]
	sentence := words.T("en", "An idea that you took part in was moved to where you cannot see it")
	inside := f.posted("anna", "riservata", "CNRYdentro")
	for name, do := range map[string]func(id int64) error{
		"move": func(id int64) error {
			_, err := f.store.RelocateIdea(t.Context(), mod, id, board.Relocation{Board: "riservata", Reason: "È riservata."})
			return err
		},
		"merge": func(id int64) error {
			_, err := f.store.MergeIdea(t.Context(), mod, id, board.NewMerge{Into: inside.ID, Reason: "Dice lo stesso."})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			idea := f.posted("bruno", "aperta", "CNRYtitolo")
			if _, err := f.store.Reply(t.Context(), vera, idea.ID, board.NewComment{Body: "Detto"}, ""); err != nil {
				t.Fatal(err)
			}
			for _, who := range []board.Who{vera, anna} {
				if _, err := f.store.Vote(t.Context(), who, idea.ID); err != nil {
					t.Fatal(err)
				}
			}
			if err := do(idea.ID); err != nil {
				t.Fatal(err)
			}
			page := f.as("vera")
			page.get("/").has(200, sentence, words.T("en", "Out of your sight")).hasNot("CNRYtitolo")
			told := page.get("/notices").has(200, sentence).hasNot("CNRYtitolo").hasNot("CNRYdentro").hasNot("riservata")
			f.program("vera").send("GET", "/api/v1/notices", "").has(200, `"reason":"out_of_sight"`).hasNot("CNRYtitolo").hasNot("CNRYdentro")
			seq := between(told.body, `href="/notices/`, `"`)
			page.get("/notices/" + seq).leads("/notices/" + seq + "/gone")
			page.get("/notices/"+seq+"/gone").has(200, words.T("en", "Take my vote back")).hasNot("CNRY").hasNot("riservata")
			f.as("anna").get("/notices/" + seq + "/gone").has(404)
			f.as("anna").get("/notices").hasNot(sentence)  // who sees it there
			f.as("bruno").get("/notices").hasNot(sentence) // the author, who is told of the decision

			if name == "move" { // its author is led to the decision, which says as much
				bruno := f.as("bruno")
				to := bruno.get(fmt.Sprint("/ideas/", idea.ID)).has(303).header.Get("Location")
				bruno.get(to).has(200, "It stands on a board now that you do not see.").hasNot("/boards/riservata")
			}
			f.as("vera").get(fmt.Sprint("/ideas/", idea.ID)).has(404)
			survivor := idea.ID
			if name == "merge" {
				survivor = inside.ID
			}
			before, err := f.store.Idea(t.Context(), mod, survivor)
			if err != nil {
				t.Fatal(err)
			}
			page.post("/notices/"+seq+"/unvote", fields()).leads("/notices/" + seq + "/gone")
			page.get("/notices/"+seq+"/gone").has(200, words.T("en", "You have no vote there. What you wrote went along."))
			if after, err := f.store.Idea(t.Context(), mod, survivor); err != nil || after.Votes != before.Votes-1 {
				t.Errorf("votes were %d, are %d, %v", before.Votes, after.Votes, err)
			}
			f.program("vera").send("DELETE", "/api/v1/notices/"+seq+"/vote", "").has(200)
			f.program("anna").send("DELETE", "/api/v1/notices/"+seq+"/vote", "").has(404)
		})
	}
	if faults, err := f.store.Check(t.Context()); err != nil || len(faults) > 0 {
		t.Errorf("check says %v, %v", faults, err)
	}
}
