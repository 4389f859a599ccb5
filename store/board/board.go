// Package board is the vocabulary of Convivio: the nouns people talk about, the
// rules that hold for them, the events the log records, and the one error type
// shown to people. It uses the standard library alone, so that the store, the
// pages, the API and the Go client all speak with the same words.
package board

import "time"

// Visibility says who may see a board.
type Visibility string

// Open boards are seen by every employee; private ones by their members alone.
// Guests see only boards they are members of, open or private.
const (
	Open    Visibility = "open"
	Private Visibility = "private"
)

// Board is a place for ideas on one subject.
type Board struct {
	ID          int64      `json:"-"`
	Slug        string     `json:"slug"`
	Name        string     `json:"name"`
	Description string     `json:"description"`
	Template    string     `json:"template,omitempty"` // Markdown that a new idea's text begins with
	Visibility  Visibility `json:"visibility"`
	Lang        string     `json:"lang"` // code such as "it", "" where people mix
	Ideas       int        `json:"ideas"`
	Unanswered  int        `json:"unanswered"` // ideas that wait for an answer of an owner
	Late        int        `json:"late"`       // of them
	AnswerTime  AnswerTime `json:"answer_time"`
	Member      bool       `json:"member"`   // whether the reader is a member
	Followed    bool       `json:"followed"` // by the reader
	CreatedAt   time.Time  `json:"created_at"`
	Seq         int64      `json:"seq"` // the board's own last event
}

// NewBoard is what an admin gives to create a board.
type NewBoard struct {
	Slug        string     `json:"slug,omitempty" required:"false" doc:"address of the board: lower-case letters, digits and hyphens; left out, it is made from the name" example:"lavoro-e-spazi"`
	Name        string     `json:"name"`
	Description string     `json:"description,omitempty" required:"false"`
	Template    string     `json:"template,omitempty" required:"false" doc:"Markdown that a new idea's text begins with"`
	Visibility  Visibility `json:"visibility,omitempty" required:"false" enum:"open,private"`
	Lang        string     `json:"lang,omitempty" required:"false" enum:"it,en,"`
}

// BoardChange alters a board; nil fields stay as they are. The slug never
// changes: addresses that were sent to a colleague must keep working.
type BoardChange struct {
	Name        *string     `json:"name,omitempty"`
	Description *string     `json:"description,omitempty"`
	Template    *string     `json:"template,omitempty"`
	Visibility  *Visibility `json:"visibility,omitempty" enum:"open,private"`
	Lang        *string     `json:"lang,omitempty" enum:"it,en,"`
	Confirm     string      `json:"confirm,omitempty" maxLength:"200" doc:"the board's name, where a private one becomes open: everybody can read then what its members wrote for each other"`
}

// Member is a person on a board, with the day they joined.
type Member struct {
	Person
	Since time.Time `json:"since"`
}
