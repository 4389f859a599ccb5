package board

// PromiseState says what became of a promise.
type PromiseState string

// The states of a promise. It is kept when the idea is done on its day or before,
// late when it is done after; taken back when the idea went another way.
const (
	PromiseDue       PromiseState = "due"
	PromiseOverdue   PromiseState = "overdue"
	PromiseKept      PromiseState = "kept"
	PromiseLate      PromiseState = "late"
	PromiseTakenBack PromiseState = "taken_back"
)

// PromiseStates lists the states in the order in which pages show them.
var PromiseStates = []PromiseState{PromiseOverdue, PromiseDue, PromiseKept, PromiseLate, PromiseTakenBack}

// Known tells whether the state is one of PromiseStates.
func (s PromiseState) Known() bool {
	for _, x := range PromiseStates {
		if s == x {
			return true
		}
	}
	return false
}

// Promise is that somebody sees to an idea by a day.
type Promise struct {
	Idea      int64        `json:"idea"`
	Title     string       `json:"title"`
	TitleLang string       `json:"-"`
	Board     string       `json:"board"` // slug
	BoardName string       `json:"-"`
	Stage     Stage        `json:"stage"` // where the idea stands now
	StageName string       `json:"stage_name,omitempty"`
	Owner     Author       `json:"owner"`
	Due       Day          `json:"due"`
	FirstDue  Day          `json:"first_due"` // as it was promised at first
	State     PromiseState `json:"state"`
	EndedOn   Day          `json:"ended_on,omitempty"` // done, or taken back
	Reason    string       `json:"reason,omitempty"`   // what changed, or why it was taken back
	Measured  string       `json:"measured,omitempty"` // how one knows
	Adrift    bool         `json:"adrift"`             // its owner can no longer sign in or see the idea: it needs another
}

// PromiseCounts are how many promises there are in each state.
type PromiseCounts struct {
	Overdue   int `json:"overdue"`
	Due       int `json:"due"`
	Kept      int `json:"kept"`
	Late      int `json:"late"`
	TakenBack int `json:"taken_back"`
}

// Of is the count of one state.
func (c *PromiseCounts) Of(s PromiseState) *int {
	switch s {
	case PromiseOverdue:
		return &c.Overdue
	case PromiseDue:
		return &c.Due
	case PromiseKept:
		return &c.Kept
	case PromiseLate:
		return &c.Late
	}
	return &c.TakenBack
}

// Promises is a piece of the promises that the reader may see, with the counts of
// all of them.
type Promises struct {
	Items  []Promise     `json:"items"`
	Next   string        `json:"next"`
	Counts PromiseCounts `json:"counts"`
}

// ParkedIdea is an idea that is to be looked at again on a day.
type ParkedIdea struct {
	Idea
	Until Day `json:"until"`
}
