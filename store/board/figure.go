package board

import (
	"encoding/json"
	"fmt"
	"time"
)

// Measure names a figure about how the company talks. Measures are never renamed.
type Measure string

// The measures, by the rungs of the ladder: listen, respond, amplify, lead, health.
const (
	Entitled      Measure = "people"
	Contributors  Measure = "contributors"
	IdeasPosted   Measure = "ideas"
	CommentsMade  Measure = "comments"
	VotesCast     Measure = "votes"
	SearchMissed  Measure = "unanswered_searches"
	AnsweredDue   Measure = "answered_in_time"
	AnsweredHour  Measure = "answered_in_an_hour"
	FirstMedian   Measure = "first_answer_median"
	FirstMost     Measure = "first_answer_p90"
	Decided30     Measure = "decided_30"
	Decided60     Measure = "decided_60"
	Decided90     Measure = "decided_90"
	Conversations Measure = "conversations"
	Across        Measure = "replies_across"
	Breadths      Measure = "breadth_of_support"
	CreditGiven   Measure = "credited"
	PlannedDone   Measure = "planned_done"
	PromisesKept  Measure = "promises_kept"
	OutcomeStated Measure = "outcomes_stated"
	Reported      Measure = "reports_per_thousand"
	AppealsUpheld Measure = "appeals_upheld"
	CommunityTies Measure = "community_health"
	Concentration Measure = "concentration"
	Adoption      Measure = "adoption"
	Newcomers     Measure = "newcomers"
)

// LeastGroup is the smallest group of people that a figure speaks of. No setting
// lowers it.
const LeastGroup = 5

// Form is how a measure's value is to be read.
type Form string

// The forms of values: a number of acts, a share from 0 to 1, and working hours.
const (
	FormCount Form = "count"
	FormShare Form = "share"
	FormHours Form = "hours"
)

// Rung is a step of the ladder that figures stand on.
type Rung string

// The rungs.
const (
	Listen  Rung = "listen"
	Respond Rung = "respond"
	Amplify Rung = "amplify"
	Lead    Rung = "lead"
	Health  Rung = "health"
)

// Dimension is what a figure is broken down by.
type Dimension string

// The dimensions. Figures are never broken down by two of them.
const (
	ByCompany Dimension = "company"
	ByTeam    Dimension = "team"
	BySite    Dimension = "site"
	ByBoard   Dimension = "board"
)

// Dimensions lists the dimensions as pages offer them.
var Dimensions = []Dimension{ByCompany, ByTeam, BySite, ByBoard}

// FigureState says how a figure is shown.
type FigureState string

// The states: as it is; as few or nearly all; protected, which says nothing; or
// none, where there was nothing to measure.
const (
	FigureExact     FigureState = "exact"
	FigureFew       FigureState = "few"
	FigureNearlyAll FigureState = "nearly_all"
	FigureProtected FigureState = "protected"
	FigureNone      FigureState = "none"
)

// Figure is one published number. Nothing in it says more than the gate let through.
type Figure struct {
	Month   Month       `json:"month"`
	Measure Measure     `json:"measure"`
	By      Dimension   `json:"by"`
	Unit    string      `json:"unit,omitempty"`   // name of the team, site or board as it was; empty: the company, the others, or those without a team or site
	UnitID  int64       `json:"-"`                // of a team or board
	Others  int         `json:"others,omitempty"` // how many units stand in it together
	State   FigureState `json:"state"`
	Value   float64     `json:"value" nullable:"true"` // 0 unless exact; null in JSON then
	Steady  bool        `json:"steady"`                // may be compared with the month before: nobody or enough people joined and left
}

// MarshalJSON writes a figure; what is hidden has no value, not zero.
func (f Figure) MarshalJSON() ([]byte, error) {
	type plain Figure
	out := struct {
		plain
		Value *float64 `json:"value"`
	}{plain: plain(f)}
	if f.State == FigureExact {
		out.Value = &f.Value
	}
	return json.Marshal(out)
}

// Month is a calendar month, counted from year 0: year * 12 + month - 1.
type Month int

// MonthOf is the month that a time falls into where the clock shows it.
func MonthOf(t time.Time) Month { return Month(t.Year()*12 + int(t.Month()) - 1) }

// Begins is when the month begins in a zone.
func (m Month) Begins(in *time.Location) time.Time {
	return time.Date(int(m)/12, time.Month(int(m)%12+1), 1, 0, 0, 0, 0, in)
}

// String writes a month as 2026-11.
func (m Month) String() string { return fmt.Sprintf("%04d-%02d", int(m)/12, int(m)%12+1) }

// ParseMonth reads what String wrote. Errors: invalid, field month.
func ParseMonth(s string) (Month, error) {
	t, err := time.Parse("2006-01", s)
	if err != nil {
		return 0, FieldFault("month", "Write a month as 2026-11.")
	}
	return MonthOf(t), nil
}

// MarshalText writes a month for JSON.
func (m Month) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads it back. Errors: invalid.
func (m *Month) UnmarshalText(text []byte) (err error) {
	*m, err = ParseMonth(string(text))
	return err
}

// MonthRest is how long after its end a month is closed: what was written last is
// settled then.
const MonthRest = 3 * 24 * time.Hour

// Definition says on which rung a measure stands, how its value is to be read and
// what it is broken down by. What it means stands in templates/words.
type Definition struct {
	Measure Measure
	Rung    Rung
	Form    Form
	By      []Dimension
}

var (
	everywhere = Dimensions
	byBoard    = []Dimension{ByCompany, ByBoard}
	byPlace    = []Dimension{ByCompany, ByTeam, BySite}
	together   = []Dimension{ByCompany}
)

// Definitions is the ladder: every figure there is, in the order pages show them.
var Definitions = []Definition{
	{Entitled, Listen, FormCount, everywhere},
	{Contributors, Listen, FormShare, everywhere},
	{IdeasPosted, Listen, FormCount, everywhere},
	{CommentsMade, Listen, FormCount, everywhere},
	{VotesCast, Listen, FormCount, everywhere},
	{SearchMissed, Listen, FormShare, together},
	{AnsweredDue, Respond, FormShare, byBoard},
	{AnsweredHour, Respond, FormShare, byBoard},
	{FirstMedian, Respond, FormHours, byBoard},
	{FirstMost, Respond, FormHours, byBoard},
	{Decided30, Respond, FormShare, byBoard},
	{Decided60, Respond, FormShare, byBoard},
	{Decided90, Respond, FormShare, byBoard},
	{Conversations, Amplify, FormShare, byBoard},
	{Across, Amplify, FormShare, everywhere},
	{Breadths, Amplify, FormShare, byBoard},
	{CreditGiven, Amplify, FormShare, byBoard},
	{PlannedDone, Lead, FormShare, byBoard},
	{PromisesKept, Lead, FormShare, byBoard},
	{OutcomeStated, Lead, FormShare, byBoard},
	{CommunityTies, Health, FormShare, together},
	{Concentration, Health, FormShare, together},
	{Adoption, Health, FormShare, byPlace},
	{Newcomers, Health, FormShare, together},
	{Reported, Health, FormCount, together},
	{AppealsUpheld, Health, FormShare, together},
}

// FormOf is how a measure's value is to be read.
func FormOf(m Measure) Form {
	for _, d := range Definitions {
		if d.Measure == m {
			return d.Form
		}
	}
	return FormCount
}
