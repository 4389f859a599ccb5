package board

import "time"

// NewMerge asks to merge an idea into another one.
type NewMerge struct {
	Into    int64  `json:"into"`
	Reason  string `json:"reason"`                                                                                                     // people see it
	Confirm string `json:"confirm,omitempty" required:"false" doc:"where words become readable to others: the sign that Merging gave"` // Circle.Sign
}

// Relocation asks to move an idea to another board.
type Relocation struct {
	Board   string `json:"board"` // slug
	Reason  string `json:"reason"`
	Confirm string `json:"confirm,omitempty" required:"false" doc:"where words become readable to others: the sign that Relocating gave"`
}

// Split asks to make an idea of a comment and what was replied to it.
type Split struct {
	Title string `json:"title"`
}

// Circle is people who begin to see words, or cease to, where these go to
// another board.
type Circle struct {
	Count  int      `json:"count"`
	Guests int      `json:"guests"` // customers and suppliers among them
	Names  []string `json:"names"`  // some of them, by name
	Sign   string   `json:"sign"`   // says that exactly these were seen; empty: nobody
}

// Merging is what merging one idea into another would do.
type Merging struct {
	From     Idea   `json:"from"`
	Into     Idea   `json:"into"`
	Votes    int    `json:"votes"`    // together: everybody once
	Both     int    `json:"both"`     // people who voted for both
	Frozen   bool   `json:"frozen"`   // the survivor takes no votes: each keeps its own
	Comments int    `json:"comments"` // that go along
	Answers  int    `json:"answers"`  // official answers that stay readable on the survivor
	Carried  int    `json:"carried"`  // ideas merged into From before, which go along
	Gain     Circle `json:"gain"`     // who will be able to read From's words and is not now
	Lose     Circle `json:"lose"`     // who took part in From and will see it no more; Names: of authors
}

// Relocating is what moving an idea to another board would do.
type Relocating struct {
	Idea  Idea   `json:"idea"`
	Board Board  `json:"board"`
	Gain  Circle `json:"gain"`
	Lose  Circle `json:"lose"`
}

// MergedIdea is an idea that was merged into the one that is read.
type MergedIdea struct {
	Idea      int64     `json:"idea"`
	Title     string    `json:"title"` // empty: its author deleted the words
	TitleLang string    `json:"-"`
	Author    Author    `json:"author"`
	Comment   int64     `json:"comment"` // under which its comments stand
	Votes     int       `json:"votes"`   // of its own
	Frozen    bool      `json:"frozen"`  // its votes do not count on the survivor
	At        time.Time `json:"at"`
	Reason    string    `json:"reason"`
	Mine      bool      `json:"mine"` // the reader's vote counts on the survivor because of it
}

// Label says that a comment stands for an idea.
type Label string

// The labels. An ordinary comment has none.
const (
	MergedLabel Label = "merged" // the comment holds the words of an idea that was merged
	PartedLabel Label = "parted" // that idea stands by itself again; what was replied since is left
	SplitLabel  Label = "split"  // the comment became an idea of its own
)
