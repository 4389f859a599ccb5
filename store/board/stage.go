package board

import (
	"slices"
	"strings"
	"time"
)

// Stage is where an idea stands between being thought of and being decided.
type Stage string

// The stages. A draft is its author's alone and no idea yet: it stands in no list.
const (
	Draft      Stage = "draft"
	New        Stage = "new"
	InReview   Stage = "in_review"
	Planned    Stage = "planned"
	InProgress Stage = "in_progress"
	Done       Stage = "done"
	Declined   Stage = "declined"
	Parked     Stage = "parked"
	MergedInto Stage = "merged" // part of another idea
	Withdrawn  Stage = "withdrawn"
)

// Stages lists the stages an idea can stand in, in the order of its life, exits last.
var Stages = []Stage{New, InReview, Planned, InProgress, Done, Declined, Parked, MergedInto, Withdrawn}

// Known tells whether the stage is one of Stages.
func (s Stage) Known() bool { return slices.Contains(Stages, s) }

// VotesOpen tells whether people may vote for an idea in this stage. Votes are
// frozen, never erased, afterwards.
func (s Stage) VotesOpen() bool { return s == New || s == InReview || s == Planned }

// Waits tells whether an idea in this stage is owed an answer if no owner of its
// board gave one: a new stage alone is none.
func (s Stage) Waits() bool { return s != Parked && s != MergedInto && s != Withdrawn }

// Promises tells whether an idea in this stage has somebody who sees to it, and
// a day by which it is done.
func (s Stage) Promises() bool { return s == Planned || s == InProgress }

// Optional tells whether a board may do without this stage.
func (s Stage) Optional() bool {
	return s == InReview || s == Planned || s == InProgress || s == Parked
}

// Mover is what somebody is to an idea who wants to bring it to another stage.
type Mover int

// Who may move an idea: its author, who keeps its board (moderators, and the
// board's owners), and the verbs that merge ideas and take them apart again.
const (
	ByAuthor Mover = 1 << iota
	ByKeeper
	ByMerging
)

// Step is one way from a stage to another.
type Step struct {
	To     Stage
	By     Mover // any of these
	Reason bool  // must be given
}

// steps is the one table of how an idea may go: all else is a conflict. A step
// from a stage to itself gives what was promised, or parked, another day. The
// order is the one in which forms offer them.
var steps = map[Stage][]Step{
	Draft: {{New, ByAuthor, false}},
	New: {{InReview, ByKeeper, false}, {Planned, ByKeeper, false}, {InProgress, ByKeeper, false}, {Done, ByKeeper, true},
		{Declined, ByKeeper, true}, {Parked, ByKeeper, true}, {MergedInto, ByMerging, true}, {Withdrawn, ByAuthor, false}},
	InReview: {{Planned, ByKeeper, false}, {InProgress, ByKeeper, false}, {Done, ByKeeper, true},
		{Declined, ByKeeper, true}, {Parked, ByKeeper, true}, {New, ByKeeper, true}, {MergedInto, ByMerging, true}, {Withdrawn, ByAuthor, false}},
	Planned: {{InProgress, ByKeeper, false}, {Done, ByKeeper, true}, {Planned, ByKeeper, true},
		{Declined, ByKeeper, true}, {Parked, ByKeeper, true}, {InReview, ByKeeper, true}, {MergedInto, ByMerging, true}, {Withdrawn, ByAuthor, false}},
	InProgress: {{Done, ByKeeper, true}, {InProgress, ByKeeper, true},
		{Planned, ByKeeper, true}, {Declined, ByKeeper, true}, {Parked, ByKeeper, true}, {InReview, ByKeeper, true}, {MergedInto, ByMerging, true}},
	Done:       {{InProgress, ByKeeper, true}, {InReview, ByKeeper, true}},
	Declined:   {{InReview, ByKeeper, true}, {New, ByKeeper, true}, {MergedInto, ByMerging, true}},
	Parked:     {{InReview, ByKeeper, true}, {New, ByKeeper, true}, {Planned, ByKeeper, true}, {Parked, ByKeeper, true}, {Declined, ByKeeper, true}, {MergedInto, ByMerging, true}, {Withdrawn, ByAuthor, false}},
	MergedInto: {{New, ByMerging, false}, {InReview, ByMerging, false}, {Planned, ByMerging, false}, {InProgress, ByMerging, false}, {Declined, ByMerging, false}, {Parked, ByMerging, false}},
	Withdrawn:  {{New, ByAuthor | ByKeeper, true}},
}

// Next lists the steps from this stage that any of these movers may take, in the
// order in which they are offered.
func (s Stage) Next(by Mover) []Step {
	var out []Step
	for _, st := range steps[s] {
		if st.By&by != 0 {
			out = append(out, st)
		}
	}
	return out
}

// Step finds the way from this stage to another; false: there is none.
func (s Stage) Step(to Stage) (Step, bool) {
	for _, st := range steps[s] {
		if st.To == to {
			return st, true
		}
	}
	return Step{}, false
}

// Day is a day of the calendar: 2027-03-31. Days are compared as texts are. A
// moment's day is the one in the server's time zone.
type Day string

// DayOf is the day of a moment.
func DayOf(t time.Time) Day { return Day(t.Local().Format(time.DateOnly)) }

// ParseDay reads a day as forms and programs write it; empty stays empty.
// Errors: invalid, naming field.
func ParseDay(field, s string) (Day, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", nil
	}
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return "", FieldFault(field, "Write a day as year, month and day, such as 2027-03-31.")
	}
	return Day(s), nil
}

// Time is the noon of the day in the server's time zone; zero for no day.
func (d Day) Time() time.Time {
	t, err := time.ParseInLocation(time.DateOnly, string(d), time.Local)
	if err != nil {
		return time.Time{}
	}
	return t.Add(12 * time.Hour)
}

// Move asks to bring an idea to a stage. What a stage needs besides is said by
// its field: a reason where the table asks for one; for parked the day to look
// again; for planned and in progress who sees to it and by when; for done, what
// changed (the reason) and how one knows.
type Move struct {
	Stage    Stage  `json:"stage" doc:"new, in_review, planned, in_progress, done, declined, parked or withdrawn"`
	Reason   string `json:"reason,omitempty" required:"false" doc:"why; for done, what changed"`
	Measured string `json:"measured,omitempty" required:"false" doc:"for done: how one knows"`
	Until    Day    `json:"until,omitempty" required:"false" doc:"for parked: the day to look at the idea again" example:"2027-03-31"`
	Owner    int64  `json:"owner,omitempty" required:"false" doc:"for planned and in_progress: who sees to it; left out, who did until now"`
	Due      Day    `json:"due,omitempty" required:"false" doc:"for planned and in_progress: the day by which it is done; left out, the day it was" example:"2027-03-31"`
	Quiet    bool   `json:"quiet,omitempty" required:"false" doc:"housekeeping: it stands in the history, and nobody is told"`
}

// StageChange is one step of an idea's path.
type StageChange struct {
	From     Stage     `json:"from"`
	To       Stage     `json:"to"`
	ToName   string    `json:"to_name,omitempty"` // the board's own name for it
	At       time.Time `json:"at"`
	Author   Author    `json:"author"`
	Reason   string    `json:"reason,omitempty"`
	Measured string    `json:"measured,omitempty"`
	Until    Day       `json:"until,omitempty"`
	Owner    *Author   `json:"owner,omitempty"` // who sees to it from here on
	Due      Day       `json:"due,omitempty"`
	Quiet    bool      `json:"quiet,omitempty"`
}

// CalledStage is a stage as one board calls it. In an error's args it is written
// in the reader's language.
type CalledStage struct {
	Stage Stage
	Name  string // the board's own; empty: the usual one
}

func (c CalledStage) String() string {
	if c.Name != "" {
		return c.Name
	}
	return strings.ReplaceAll(string(c.Stage), "_", " ")
}

// CalledStages are several, one of which is chosen.
type CalledStages []CalledStage

func (c CalledStages) String() string {
	names := make([]string, len(c))
	for i, s := range c {
		names[i] = s.String()
	}
	return strings.Join(names, ", ")
}

// StageSetting is what a board made of one stage.
type StageSetting struct {
	Stage Stage  `json:"stage"`
	Name  string `json:"name,omitempty" required:"false" doc:"the board's own name for it, shown in every language; empty: the usual one"`
	Off   bool   `json:"off,omitempty" required:"false" doc:"the board does without it"`
}

// Flow is what a board made of the stages: those it renamed or switched off.
type Flow []StageSetting

// Name is the board's own name for a stage; empty: the usual one.
func (f Flow) Name(s Stage) string {
	for _, x := range f {
		if x.Stage == s {
			return x.Name
		}
	}
	return ""
}

// InOrder is the flow by the names of its stages, as rows keep it.
func (f Flow) InOrder() Flow {
	out := slices.Clone(f)
	slices.SortFunc(out, func(a, b StageSetting) int { return strings.Compare(string(a.Stage), string(b.Stage)) })
	return out
}

// Off tells whether the board does without a stage.
func (f Flow) Off(s Stage) bool {
	return slices.ContainsFunc(f, func(x StageSetting) bool { return x.Stage == s && x.Off })
}

// Call names a stage as the board does.
func (f Flow) Call(s Stage) CalledStage { return CalledStage{s, f.Name(s)} }

// Next lists the steps from a stage that any of these movers may take on the board.
func (f Flow) Next(from Stage, by Mover) []Step {
	return slices.DeleteFunc(from.Next(by), func(st Step) bool { return f.Off(st.To) })
}

// Check refuses a move that the table or the board has no step for, that these
// movers may not take, or that lacks its reason. Errors: conflict (field stage),
// which says what is allowed; forbidden; invalid (field reason).
func (f Flow) Check(from Stage, by Mover, m Move) error {
	st, ok := from.Step(m.Stage)
	switch {
	case by == 0:
		return errKeepers
	case ok && st.By&ByMerging != 0:
		return Fault(Conflict, "Ideas are merged, and taken apart again, with the form for it.").On("stage")
	case !ok || f.Off(m.Stage):
		return f.noStep(from, by, m.Stage)
	case st.By&by != 0:
	case st.By == ByAuthor:
		return Fault(Forbidden, "Only who posted the idea can withdraw it.")
	default:
		return errKeepers
	}
	if st.Reason && blank(m.Reason) {
		if m.Stage == Done {
			return FieldFault("reason", "Say what changed: whoever supported the idea wants to know.")
		}
		return FieldFault("reason", "Say why: it stands in the idea's history.")
	}
	return nil
}

var errKeepers = Fault(Forbidden, "Only moderators and the owners of the board can do this.")

// noStep says what is allowed instead.
func (f Flow) noStep(from Stage, by Mover, to Stage) error {
	var ways CalledStages
	for _, st := range f.Next(from, by) {
		ways = append(ways, f.Call(st.To))
	}
	if len(ways) == 0 {
		return Fault(Conflict, "This idea is in the stage “%s”, which you cannot change.", f.Call(from)).On("stage")
	}
	return Fault(Conflict, "This idea is in the stage “%s” and cannot go to “%s”. It can go to: %s.", f.Call(from), f.Call(to), ways).On("stage")
}
