package server

import (
	"testing"

	"convivio/store/board"
	"convivio/templates/words"
)

// TestWhoReportedHearsWhatCameOfIt whether the words stayed or went, and never who
// looked: the bell leads to their reports, and is quiet once they were there.
func TestWhoReportedHearsWhatCameOfIt(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	sentence := words.T("en", "A moderator looked at what you reported: this came of it")
	for _, action := range []board.Action{board.Keep, board.Hide} {
		for _, comment := range []bool{false, true} {
			idea, com := f.talked("aperta", "CNRYtitolo", "CNRYdetto")
			if !comment {
				com = 0
			}
			anna := f.as("anna")
			if _, err := f.store.Report(t.Context(), f.people["anna"], idea, com, board.NewReport{Ground: board.Disrespect}); err != nil {
				t.Fatal(err)
			}
			item := f.waiting("mod")[0]
			if _, err := f.store.Decide(t.Context(), f.people["mod"], board.Ruling{Item: item.ID, Action: action, Ground: board.Disrespect}); err != nil {
				t.Fatal(err)
			}
			if got := bellOf(anna.get("/boards")); got != "1" {
				t.Errorf("%s: the bell says %q", action, got)
			}
			for _, page := range []string{"/", "/notices", "/notices?part=1"} {
				anna.get(page).has(200, sentence, words.T("en", "Your reports")).hasNot("Mara Conti", "commented", "CNRYdetto")
			}
			f.program("anna").send("GET", "/api/v1/notices", "").has(200, `"reason":"heard"`).hasNot("Mara Conti")
			seq := between(anna.get("/notices").body, `href="/notices/`, `"`)
			f.as("anna").get("/ideas/1") // the idea's page does not answer what one asked about it
			if got := bellOf(anna.get("/boards")); got != "1" {
				t.Errorf("%s: after the idea's page the bell says %q", action, got)
			}
			anna.get("/notices/" + seq).leads("/reports")
			anna.get("/reports").has(200)
			if got := bellOf(anna.get("/boards")); got != "" {
				t.Errorf("%s: after the page of reports the bell says %q", action, got)
			}
		}
	}
}
