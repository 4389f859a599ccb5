package search

import (
	"slices"

	"convivio/store/board"
)

// question is what somebody looks for, taken apart.
type question struct {
	words          []asked   // all of them, or the most telling; those of phrases too
	phrases        [][]asked // words side by side in this order
	without        []asked   // none of these
	withoutPhrases [][]asked
	said           []string // every word, folded, in the order typed
	filter         filter   // what holds
	except         filter   // of which nothing may hold
	text           string   // what was typed
	pieces         []piece  // of it that are no plain words: filters, phrases, words left out
}

// filter says which texts may be found at all. Empty fields do not filter.
type filter struct {
	boards   []string      // slugs or names, any of them
	people   []string      // names, any of them
	teams    []string      // names, any of them
	mine     bool          // ideas the reader posted
	followed bool          // ideas the reader follows
	late     bool          // ideas that are owed an answer and late
	stages   []board.Stage // any of them
	tags     []string      // folded, all of them
	langs    []string      // of the text, any of them
	years    []int         // of writing, any of them
	answered int8          // 1: an official answer stands on the idea, -1: it waits for one
	attached bool          // the text names a file
	from, to int64         // microseconds, to excluded; 0: no bound
	nothing  bool          // nothing can have all this

	// What the store says the names mean: any of each, where the flag is set.
	byBoard, byAuthor, byIdea bool
	boardIDs, authors, ideas  []int64
}

// named tells whether the store must say what names mean.
func (f filter) named() bool {
	return len(f.boards)+len(f.people)+len(f.teams) > 0 || f.mine || f.followed || f.late
}

// empty tells whether it lets everything through.
func (f filter) empty() bool {
	return !f.named() && len(f.stages)+len(f.tags)+len(f.langs)+len(f.years) == 0 && !f.byBoard && !f.byAuthor && !f.byIdea &&
		f.answered == 0 && !f.attached && f.from == 0 && f.to == 0 && !f.nothing
}

// merge adds what stands in a query beside its words; both hold.
func (f filter) merge(q board.Query) filter {
	if q.Stage != "" {
		f.nothing = f.nothing || len(f.stages) > 0 && !slices.Contains(f.stages, q.Stage)
		f.stages = []board.Stage{q.Stage}
	}
	if q.TextIn != "" {
		f.nothing = f.nothing || len(f.langs) > 0 && !slices.Contains(f.langs, q.TextIn)
		f.langs = []string{q.TextIn}
	}
	if q.Year != 0 {
		f.nothing = f.nothing || len(f.years) > 0 && !slices.Contains(f.years, q.Year)
		f.years = []int{q.Year}
	}
	if q.Author != 0 {
		f.nothing = f.nothing || f.byAuthor && !slices.Contains(f.authors, q.Author)
		f.authors, f.byAuthor = []int64{q.Author}, true
	}
	if q.Idea != 0 {
		f.nothing = f.nothing || f.byIdea && !slices.Contains(f.ideas, q.Idea)
		f.ideas, f.byIdea = []int64{q.Idea}, true
	}
	if !q.From.IsZero() {
		f.from = max(f.from, q.From.UnixMicro())
	}
	if !q.To.IsZero() {
		if to := max(1, q.To.UnixMicro()); f.to == 0 || to < f.to {
			f.to = to
		}
	}
	return f
}

// With such words questions begin, and with such they go on.
var (
	askers = set(`chi cosa dove quando come perche quale quali qual quanto quanta quanti quante qualcuno
what which how who where when why someone anyone somebody anybody`)
	knowers = set(`sa sai sanno sapete conosce conosci conoscete know knows`)
)

// asking leaves out with what words somebody asks, up to those they ask about:
// who asks who knows about bearings looks for bearings.
func asking(list []asked) []asked {
	if len(list) == 0 || !askers[list[0].folded] {
		return list
	}
	for i, a := range list {
		if a.prefix == "" && (knowers[a.folded] || !a.fixed && (a.common || askers[a.folded])) {
			continue
		}
		return list[i:]
	}
	return list
}
