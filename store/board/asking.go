package board

import "time"

// FilterKind is what a filter in a search looks at.
type FilterKind string

// The filters that may be typed into a search, by the names that Filter has them under.
const (
	FilterAuthor FilterKind = "author"
	FilterBoard  FilterKind = "board"
	FilterTag    FilterKind = "tag"
	FilterStage  FilterKind = "stage"
	FilterTeam   FilterKind = "team"
	FilterIs     FilterKind = "is"  // unanswered, answered, late, mine, followed
	FilterHas    FilterKind = "has" // attachment
	FilterBefore FilterKind = "before"
	FilterAfter  FilterKind = "after"
	FilterDuring FilterKind = "during"
	FilterPhrase FilterKind = "phrase"  // "words in a row"
	FilterNot    FilterKind = "without" // -word, -"a phrase"
)

// Filter is one filter that was typed into a search, as a page shows it.
type Filter struct {
	Kind  FilterKind `json:"kind"`
	Value string     `json:"value"` // a stage's code, what is: and has: say in English; else as it was typed
	Not   bool       `json:"not"`   // what has it is left out
	From  time.Time  `json:"-"`     // of dates: where the day or span begins
	Rest  string     `json:"rest"`  // what was typed, without this filter
}

// Names are what somebody names in a search that only the store can tell.
type Names struct {
	People   []string // any of them; me and io are the reader
	Teams    []string // any of them
	Mine     bool     // the ideas that the reader posted
	Followed bool     // the ideas that the reader follows
	Late     bool     // the ideas that are owed an answer and late
}

// Named is what Names mean, as far as the reader may know of it. What names
// nothing, and what names something out of sight, are the same: an empty list.
type Named struct {
	Authors []int64 // who is one of the People and now in one of the Teams, of those asked for
	Ideas   []int64 // those that are mine, followed and late, of what was asked for
}
