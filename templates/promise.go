package templates

import (
	"convivio/store/board"
	"convivio/templates/words"
)

// PromisesPage lists what was promised: GET /promises: state, board, after.
type PromisesPage struct {
	Page
	State    board.PromiseState // empty: what holds
	Board    string             // slug; empty: all that the reader may see
	Promises board.Promises
}

// ParkedPage lists parked ideas of boards that the reader looks after: GET /parked: after.
type ParkedPage struct {
	Page
	Ideas []board.ParkedIdea
	More  string
}

func promisesPath(state board.PromiseState, slug, after string) string {
	return address("/promises", "state", string(state), "board", slug, "after", after)
}

// promiseState names a state, as tabs do.
func promiseState(lang string, s board.PromiseState) string {
	switch s {
	case board.PromiseDue:
		return words.T(lang, "promises|Due")
	case board.PromiseOverdue:
		return words.T(lang, "promises|Overdue")
	case board.PromiseKept:
		return words.T(lang, "promises|Kept")
	case board.PromiseLate:
		return words.T(lang, "promises|Late")
	case board.PromiseTakenBack:
		return words.T(lang, "promises|Taken back")
	}
	return words.T(lang, "promises|Open")
}

// promiseTabs are the states with how many promises are in each.
func (p PromisesPage) tabs() []promiseTab {
	c := p.Promises.Counts
	out := []promiseTab{{"", c.Due + c.Overdue}}
	for _, s := range board.PromiseStates {
		out = append(out, promiseTab{s, *c.Of(s)})
	}
	return out
}

type promiseTab struct {
	state board.PromiseState
	n     int
}

// none says that there is nothing to list.
func (p PromisesPage) none() string {
	switch p.State {
	case board.PromiseOverdue:
		return words.T(p.Lang, "No promise is overdue.")
	case board.PromiseTakenBack:
		return words.T(p.Lang, "No promise was taken back.")
	case "", board.PromiseDue:
		return words.T(p.Lang, "Nothing is promised just now. An idea that is planned shows here with who sees to it and by when.")
	}
	return words.T(p.Lang, "There is none yet.")
}

// when says what became of a promise, and on which day.
func promiseDay(lang string, p board.Promise) string {
	switch p.State {
	case board.PromiseOverdue:
		return words.T(lang, "promised by %s: that day is past", onDay(lang, p.Due))
	case board.PromiseDue:
		return words.T(lang, "promised by %s", onDay(lang, p.Due))
	case board.PromiseKept:
		return words.T(lang, "done on %s, promised by %s", onDay(lang, p.EndedOn), onDay(lang, p.Due))
	case board.PromiseLate:
		return words.T(lang, "done late: on %s, promised by %s", onDay(lang, p.EndedOn), onDay(lang, p.Due))
	}
	return words.T(lang, "taken back on %s, promised by %s", onDay(lang, p.EndedOn), onDay(lang, p.Due))
}

func promiseTone(s board.PromiseState) string {
	switch s {
	case board.PromiseOverdue:
		return "clock"
	case board.PromiseKept:
		return "good"
	}
	return ""
}
