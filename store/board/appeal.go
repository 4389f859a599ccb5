package board

import "time"

// Judgement is a decision as the person concerned reads it, or a moderator who
// looks at it again. Who decided is told to nobody here.
type Judgement struct {
	ID           int64      `json:"id"`
	Kind         ReviewKind `json:"kind,omitempty"`
	Action       Action     `json:"action"`
	Ground       Ground     `json:"ground,omitempty"`
	Note         string     `json:"note,omitempty"` // what the moderator wrote to the person
	Board        string     `json:"board"`          // slug; empty where the reader does not see it
	BoardID      int64      `json:"-"`
	BoardName    string     `json:"-"`
	Idea         int64      `json:"idea,omitempty"`
	Comment      int64      `json:"comment,omitempty"`
	IdeaTitle    string     `json:"-"`               // where the idea is there to be read
	Title        string     `json:"title,omitempty"` // of the words
	Body         string     `json:"body,omitempty"`  // the words it is about; empty once they are erased
	HTML         string     `json:"-"`
	Lang         string     `json:"-"`
	Rule         *Rule      `json:"rule,omitempty"`
	Held         int64      `json:"held,omitempty"`
	At           time.Time  `json:"at"`
	Until        *time.Time `json:"until,omitempty"`
	UndoneAt     *time.Time `json:"undone_at,omitempty"` // the moderators took it back
	OverturnedAt *time.Time `json:"overturned_at,omitempty"`
	Concerns     bool       `json:"concerns_me"`
	AppealBy     *time.Time `json:"appeal_by,omitempty"` // until when the person may appeal; null: not, or not any more
	Appeal       *Appeal    `json:"appeal,omitempty"`
	Author       Author     `json:"-"` // whom it concerns, for moderators
	Sealed       bool       `json:"-"` // for the named officer and administrators, beside whom it concerns
	Aside        bool       `json:"-"` // its words were taken away: they stand here and nowhere else
}

// Appeal is what the person concerned says against a decision, and what came of it.
type Appeal struct {
	ID         int64      `json:"id"`
	Decision   int64      `json:"decision"`
	Body       string     `json:"body"`
	At         time.Time  `json:"at"`
	DecidedAt  *time.Time `json:"decided_at,omitempty"`
	Overturned bool       `json:"overturned"`
	Note       string     `json:"note,omitempty"` // what the second moderator wrote
	Alone      bool       `json:"alone"`          // there was nobody but who had decided before
	May        bool       `json:"-"`              // the reader may decide about it
}

// NewAppeal is what somebody gives to appeal.
type NewAppeal struct {
	Body string `json:"body"`
}

// MaxAppeal is how long an appeal may be, in bytes.
const MaxAppeal = 4_000

// Appealable tells whether what was done can be appealed against: what took
// words or a right from somebody, or their idea from where they put it.
func (a Action) Appealable() bool {
	switch a {
	case Hide, Delete, EditWords, Reject, Warn, Silence, Suspend, Relocate, MergeInto, Lock, Slow:
		return true
	}
	return false
}
