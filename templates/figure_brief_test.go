package templates

import (
	"strings"
	"testing"

	"convivio/store/board"
	"convivio/templates/words"
)

// TestTheMonthInShort: sentences say what may be shown and nothing of what is hidden;
// what got clearly worse stands there with what one can do, and small changes do not.
func TestTheMonthInShort(t *testing.T) {
	const month = board.Month(24322)
	page := func(list ...board.Figure) string {
		p := FiguresPage{Page: Page{Lang: "en"}, Months: []board.Month{month, month - 1}, Month: month, By: board.ByCompany}
		for _, f := range list {
			f.By, f.Steady = board.ByCompany, true
			p.Company = append(p.Company, f)
		}
		var b strings.Builder
		if err := brief(p.ready()).Render(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	exact := func(m board.Measure, at board.Month, v float64) board.Figure {
		return board.Figure{Month: at, Measure: m, State: board.FigureExact, Value: v}
	}
	for name, tt := range map[string]struct {
		list     []board.Figure
		has, not []string
	}{
		"worse": {[]board.Figure{exact(board.AnsweredDue, month, .7), exact(board.AnsweredDue, month-1, .9), exact(board.FirstMedian, month, 9), exact(board.FirstMedian, month-1, 8)},
			[]string{"70 answers of 100 that were due came in time (20 points less than the month before).", "Worth a look", "#answered_in_time", "whether enough people answer there", "is%3Alate"},
			[]string{"#first_answer_median", "Nothing got clearly worse"}},
		"hidden": {[]board.Figure{{Month: month, Measure: board.Contributors, State: board.FigureProtected, Value: .33}, exact(board.Decided30, month, 1)},
			[]string{"100 ideas of 100"}, []string{"33", "wrote, commented", "Worth a look", "Nothing got clearly worse"}},
		"all":      {[]board.Figure{{Month: month, Measure: board.Contributors, State: board.FigureNearlyAll}}, []string{"All people, or all but a few"}, nil},
		"the same": {[]board.Figure{exact(board.PromisesKept, month, .5), exact(board.PromisesKept, month-1, .5)}, []string{"(as in the month before)", "Nothing got clearly worse"}, []string{"Worth a look"}},
		"nothing":  {[]board.Figure{{Month: month, Measure: board.Contributors, State: board.FigureProtected}}, nil, []string{"In short"}},
	} {
		got := page(tt.list...)
		for _, s := range tt.has {
			if !strings.Contains(got, s) {
				t.Errorf("%s: %q is not in %s", name, s, got)
			}
		}
		for _, s := range tt.not {
			if strings.Contains(got, s) {
				t.Errorf("%s: %q is in %s", name, s, got)
			}
		}
	}
}

// TestWhatToDoIsAboutTheCompany: every measure that can get worse says what one can do,
// and nothing there speaks of watching anybody.
func TestWhatToDoIsAboutTheCompany(t *testing.T) {
	for _, d := range board.Definitions {
		next := words.Next("en", d.Measure)
		if better(d.Measure) != 0 && next == "" {
			t.Errorf("%s: nothing to do about it", d.Measure)
		}
		for _, word := range []string{"employee", "who did", "monitor", "track", "productiv", "inactive"} {
			if strings.Contains(strings.ToLower(next), word) {
				t.Errorf("%s: %q", d.Measure, next)
			}
		}
	}
}
