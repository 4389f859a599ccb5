package server

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"convivio/store/board"
)

// TestAPersonsPageIsNoTimeline looks at the page of somebody who wrote a dozen
// ideas and comments that nobody took up: no date stands there, no number of what
// they wrote, and the order is that of no clock.
func TestAPersonsPageIsNoTimeline(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	for n := range 12 {
		i, err := f.store.AddIdea(t.Context(), f.people["anna"], "aperta", board.NewIdea{Title: fmt.Sprintf("Idea %d", n)}, "")
		if err != nil {
			t.Fatal(err)
		}
		f.comment("anna", i.ID, board.NewComment{Body: "Ancora"})
	}
	for _, reader := range []string{"bruno", "mod", "admin"} {
		page := f.as(reader).get(fmt.Sprintf("/people/%d", f.people["anna"].ID)).has(http.StatusOK, "Idea 3", "Ancora")
		_, main, _ := strings.Cut(page.body, "<main")
		main, _, _ = strings.Cut(main, "</main>")
		if strings.Contains(main, "<time") || strings.Contains(main, "12 ") {
			t.Errorf("%s reads when, or how much: %s", reader, main)
		}
		for _, of := range []string{"ideas", "comments"} {
			var ids []int
			for _, m := range regexp.MustCompile(`href="/`+of+`/(\d+)"`).FindAllStringSubmatch(main, -1) {
				id, _ := strconv.Atoi(m[1])
				ids = append(ids, id)
			}
			back := slices.Clone(ids)
			slices.Reverse(back)
			if len(ids) != 12 || slices.IsSorted(ids) || slices.IsSorted(back) {
				t.Errorf("%s: %v", of, ids)
			}
		}
	}
}
