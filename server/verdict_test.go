package server

import (
	"fmt"
	"strings"
	"testing"

	"convivio/store/board"
	"convivio/templates/words"
)

// TestWhyAnIdeaEndedStandsUnderItsText and not only beside its thread, with what
// became of votes; where people can vote nothing says that they cannot.
func TestWhyAnIdeaEndedStandsUnderItsText(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	closed := words.T("en", "Votes on this idea are closed. They stay as they are.")
	for _, stage := range []board.Stage{board.New, board.Planned, board.InProgress, board.Done, board.Declined, board.Parked, board.Withdrawn} {
		id := f.standing(stage)
		page := f.as("bruno").get(fmt.Sprint("/ideas/", id)).has(200)
		under, _, _ := strings.Cut(page.body, `class="card path"`)
		_, under, _ = strings.Cut(under, fmt.Sprintf(`id="promise-%d"`, id))
		ends := !stage.VotesOpen()
		if got := strings.Contains(under, ">"+closed+"<"); got != ends {
			t.Errorf("%s: says that votes are closed: %v", stage, got)
		}
		if ends && strings.Count(under, "Perché sì.") != 1 {
			t.Errorf("%s: its reason stands %d times under the text", stage, strings.Count(under, "Perché sì."))
		}
	}
}

// TestAVoteOutOfSightOnAClosedIdeaStays as the page says, without a button that fails.
func TestAVoteOutOfSightOnAClosedIdeaStays(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	f.addPerson("vera", board.Employee)
	idea := f.posted("bruno", "aperta", "CNRYtitolo")
	if _, err := f.store.Vote(t.Context(), f.people["vera"], idea.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := f.store.MoveIdea(t.Context(), f.people["mod"], idea.ID, f.fullMove(board.InProgress)); err != nil {
		t.Fatal(err)
	}
	if _, err := f.store.RelocateIdea(t.Context(), f.people["mod"], idea.ID, board.Relocation{Board: "riservata", Reason: "È riservata."}); err != nil {
		t.Fatal(err)
	}
	vera := f.as("vera")
	seq := between(vera.get("/notices").has(200).body, `href="/notices/`, `"`)
	vera.get("/notices/"+seq+"/gone").has(200, "yours stays as it was counted, and cannot be taken back").hasNot("/unvote", "CNRY", "riservata")
	vera.post("/notices/"+seq+"/unvote", fields()).has(409)
}

// TestAnEditTakenBackAfterAMergeIsReadInTheThread where the words stand by then.
func TestAnEditTakenBackAfterAMergeIsReadInTheThread(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	from, into := f.posted("bruno", "aperta", "Panca"), f.posted("anna", "aperta", "Panchina")
	body := "PAROLE-DI-PRIMA"
	if _, err := f.store.EditIdea(t.Context(), f.people["bruno"], from.ID, board.IdeaChange{Body: &body}); err != nil {
		t.Fatal(err)
	}
	f.rules("admin", from.ID, board.Ruling{Action: board.EditWords, Ground: board.PersonalData, Note: "Tolto un nome.", Title: "Panca due", Body: "PAROLE-TOLTE"})
	decisions, err := f.store.Judgements(t.Context(), f.people["bruno"], 1)
	if err != nil || len(decisions) != 1 {
		t.Fatal(decisions, err)
	}
	if _, err := f.store.MergeIdea(t.Context(), f.people["admin"], from.ID, board.NewMerge{Into: into.ID, Reason: "Lo stesso."}); err != nil {
		t.Fatal(err)
	}
	thread := fmt.Sprint("/ideas/", into.ID)
	f.as("anna").get(thread).has(200, "PAROLE-TOLTE").hasNot("PAROLE-DI-PRIMA")
	f.as("admin").post(fmt.Sprintf("/review/decisions/%d/undo", decisions[0].ID), fields()).has(303)
	f.as("anna").get(thread).has(200, "PAROLE-DI-PRIMA").hasNot("PAROLE-TOLTE", "Panca due")
	if _, err := f.store.UnmergeIdea(t.Context(), f.people["admin"], from.ID, ""); err != nil {
		t.Fatal(err)
	}
	f.as("anna").get(fmt.Sprint("/ideas/", from.ID)).has(200, "PAROLE-DI-PRIMA").hasNot("PAROLE-TOLTE", "Panca due")
	if faults, err := f.store.Check(t.Context()); err != nil || len(faults) > 0 {
		t.Errorf("check says %v, %v", faults, err)
	}
}
