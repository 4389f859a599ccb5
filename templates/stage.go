package templates

import (
	"slices"
	"time"

	"convivio/store/board"
	"convivio/templates/words"
)

// MoveForm is an idea being moved to a stage: stage, reason, measured (done),
// until (parked), owner and due (planned, in progress), quiet. POST
// /ideas/{id}/stage, and as part of other forms by moveFields.
type MoveForm struct {
	Idea     int64
	Flow     board.Flow   // of the idea's board
	Next     []board.Step // that the reader may take
	From     board.Stage  // where the idea stands
	Keeps    bool         // the reader keeps the board: quiet is offered
	Keeper   string       // name of who sees to it until now
	Optional bool         // the idea may also stay where it is; something else gives the reason
	Form     string       // begins the ids of its fields; empty: move

	Stage    board.Stage
	Reason   string
	Measured string
	Until    string
	Owner    string // @handle
	Due      string
	Quiet    bool
	Fault    *board.Error
}

// id is the id of one of the form's fields.
func (f MoveForm) id(field string) string {
	if f.Form == "" {
		return "move-" + field
	}
	return f.Form + "-" + field
}

// choices are the stages that the form offers.
func (f MoveForm) choices(lang string) []choice {
	none := words.T(lang, "stage|Choose…")
	if f.Optional {
		none = words.T(lang, "It stays where it is")
	}
	out := []choice{{"", none}}
	for _, st := range f.Next {
		name := words.Called(lang, st.To, f.Flow.Name(st.To))
		switch {
		case st.To == f.From && st.To == board.Parked:
			name = words.T(lang, "%s: another day", name)
		case st.To == f.From:
			name = words.T(lang, "%s: another person or day", name)
		}
		out = append(out, choice{string(st.To), name})
	}
	return out
}

// among lists, for scripts, those of the stages offered for which something holds.
func (f MoveForm) among(holds func(board.Step) bool) string {
	out := ""
	for _, st := range f.Next {
		if holds(st) {
			out += " " + string(st.To)
		}
	}
	return out
}

// step is one line of an idea's path.
type step struct {
	board.StageChange
	present bool
	ahead   bool
}

// way lists the steps an idea took and, while it goes ahead, those before it.
func way(i board.Idea, flow board.Flow, changes []board.StageChange) []step {
	steps := []step{{StageChange: board.StageChange{To: board.New, ToName: flow.Name(board.New), At: i.CreatedAt, Author: i.Author}}}
	for _, c := range changes {
		steps = append(steps, step{StageChange: c})
	}
	steps[len(steps)-1].present = true
	forward := []board.Stage{board.New, board.InReview, board.Planned, board.InProgress, board.Done}
	if at := slices.Index(forward, i.Stage); at >= 0 {
		for _, s := range forward[at+1:] {
			if !flow.Off(s) {
				steps = append(steps, step{StageChange: board.StageChange{To: s, ToName: flow.Name(s)}, ahead: true})
			}
		}
	}
	return steps
}

// onDay writes a day of the calendar.
func onDay(lang string, d board.Day) string { return words.Date(lang, d.Time()) }

// past tells whether a day is over.
func past(d board.Day) bool { return d < board.DayOf(time.Now()) }

// PromisePart is what an idea's stage carries: who sees to it and by when, what
// changed and how one knows, or when it is looked at again. Element #promise-12.
type PromisePart struct {
	Lang string
	Idea int64
	Last *board.StageChange // the last step of its path; nil: none yet
}

// PromiseOf is what the last step of a path carries.
func PromiseOf(lang string, idea int64, path []board.StageChange) PromisePart {
	p := PromisePart{Lang: lang, Idea: idea}
	if len(path) > 0 {
		p.Last = &path[len(path)-1]
	}
	return p
}
