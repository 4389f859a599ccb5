package board

import "time"

// Ground says why something is reported, or why a moderator acts on it.
type Ground string

// The grounds, as a workplace knows them.
const (
	OffTopic     Ground = "off_topic"
	PersonalData Ground = "personal_data" // personal or confidential data
	Disrespect   Ground = "disrespect"    // disrespect or harassment
	Duplicate    Ground = "duplicate"     // says what another idea says
	Advertising  Ground = "advertising"
	Illegal      Ground = "illegal" // or a danger to somebody: seen by the named officer and administrators alone
	OtherGround  Ground = "other"
)

// Grounds lists the grounds in the order in which forms offer them.
var Grounds = []Ground{OffTopic, PersonalData, Disrespect, Duplicate, Advertising, Illegal, OtherGround}

// NeedsWords tells whether a report on this ground must say more.
func (g Ground) NeedsWords() bool { return g == Illegal || g == OtherGround }

// ReviewKind says why an item waits for a moderator.
type ReviewKind string

// The kinds of item on the review page.
const (
	ReportItem    ReviewKind = "report"
	HeldItem      ReviewKind = "held"      // a post that waits to be let through
	DuplicateItem ReviewKind = "duplicate" // two ideas that may be one
	LateItem      ReviewKind = "late"      // an answer that is overdue
	AppealItem    ReviewKind = "appeal"
)

// ReviewKinds lists the kinds in the order of the page's tabs.
var ReviewKinds = []ReviewKind{ReportItem, HeldItem, DuplicateItem, LateItem, AppealItem}

// Action is what a moderator does about an item, or about an idea or a comment.
type Action string

// The actions. Approve and Reject decide about held posts, Uphold and Overturn
// about appeals; HandOver decides nothing, somebody else is to.
const (
	Keep      Action = "keep"
	Hide      Action = "hide" // the words stand aside until the decision is final
	EditWords Action = "edit"
	Delete    Action = "delete" // the words are gone in minutes
	Relocate  Action = "move"   // to another board
	MergeInto Action = "merge"
	Lock      Action = "lock"
	Slow      Action = "slow" // comments with a pause between them
	Warn      Action = "warn"
	Silence   Action = "silence" // may read and vote, not write
	Suspend   Action = "suspend" // may not sign in
	Approve   Action = "approve"
	Reject    Action = "reject"
	Uphold    Action = "uphold"
	Overturn  Action = "overturn"
	HandOver  Action = "handover"
)

// Actions lists the actions in the order in which forms offer them.
var Actions = []Action{Keep, Hide, EditWords, Delete, Relocate, MergeInto, Lock, Slow, Warn, Silence, Suspend, Approve, Reject, Uphold, Overturn, HandOver}

const (
	// AppealTime is how long somebody may appeal against a decision, and words
	// that were hidden stand aside.
	AppealTime = 14 * 24 * time.Hour
	// RegretTime is how long a moderator may take back that they deleted something.
	RegretTime = 10 * time.Minute
	// ClaimTime is how long an item stays with who said they are looking at it.
	ClaimTime = 30 * time.Minute
	// MaxReports is how many reports somebody may make in a day.
	MaxReports = 20
	// MaxNote is how long, in characters, the words of a report or a decision may be.
	MaxNote = 1000
	// MaxAtOnce is how many items one decision may be about.
	MaxAtOnce = 100
)

// Said names an idea or one of its comments: see reaction.go.

// NewReport is what somebody gives to report an idea or a comment.
type NewReport struct {
	Ground Ground `json:"ground" enum:"off_topic,personal_data,disrespect,duplicate,advertising,illegal,other"`
	Other  int64  `json:"other,omitempty" required:"false" doc:"of a duplicate: the idea that says the same"`
	Note   string `json:"note,omitempty" required:"false"`
}

// Report is one's own report and what came of it.
type Report struct {
	ID      int64         `json:"id"`
	Idea    int64         `json:"idea"`
	Comment int64         `json:"comment,omitempty"`
	Title   string        `json:"-"` // of the idea, where it may be seen
	Ground  Ground        `json:"ground"`
	Other   int64         `json:"other,omitempty"`
	Note    string        `json:"note,omitempty"`
	At      time.Time     `json:"at"`
	Outcome ReportOutcome `json:"outcome"`
	Closed  *time.Time    `json:"closed_at,omitempty"`
}

// ReportOutcome is what came of a report.
type ReportOutcome string

// The outcomes of a report.
const (
	Undecided   ReportOutcome = ""
	WasRight    ReportOutcome = "right" // something was done
	NothingDone ReportOutcome = "wrong" // a moderator found nothing to do
	TakenAway   ReportOutcome = "gone"  // its author had deleted it before a moderator looked: nobody was right or wrong
)

// Ruling is what a moderator decides about one item.
type Ruling struct {
	Item    int64      `json:"-"`
	Version int64      `json:"version"`
	Action  Action     `json:"action"`
	Ground  Ground     `json:"ground,omitempty" required:"false"`
	Note    string     `json:"note,omitempty" required:"false" doc:"to the person concerned"`
	Until   *time.Time `json:"until,omitempty" required:"false" doc:"when a silence or a suspension ends"`
	Minutes int        `json:"minutes,omitempty" required:"false" doc:"of slow mode: pause between two comments of one person"`
	Title   string     `json:"title,omitempty" required:"false" doc:"of an edited idea"`
	Body    string     `json:"body,omitempty" required:"false" doc:"of an edit"`
	Into    int64      `json:"into,omitempty" required:"false" doc:"idea to merge into"`
	Board   string     `json:"board,omitempty" required:"false" doc:"board to move to"`
	To      int64      `json:"to,omitempty" required:"false" doc:"person to hand over to"`
	Bulk    string     `json:"-"` // names the press that decides about several items: one measure is laid upon a person by it
}

// Removal is why a moderator deletes what somebody else wrote.
type Removal struct {
	Ground Ground `json:"ground"`
	Note   string `json:"note,omitempty"` // to its author
}

// Decision is what a moderator decided, as moderators read it.
type Decision struct {
	ID         int64      `json:"id"`
	Item       int64      `json:"item,omitempty"`
	Kind       ReviewKind `json:"kind,omitempty"`
	Action     Action     `json:"action"`
	Ground     Ground     `json:"ground,omitempty"`
	Note       string     `json:"note,omitempty"` // to the person concerned
	Board      string     `json:"board"`
	BoardID    int64      `json:"-"`
	Idea       int64      `json:"idea,omitempty"`
	Comment    int64      `json:"comment,omitempty"`
	Title      string     `json:"title,omitempty"` // of the idea, empty where its words are gone
	Subject    int64      `json:"-"`
	Person     Author     `json:"person"`    // whom it concerns; zero: nobody
	Moderator  Author     `json:"moderator"` // zero: the operator
	At         time.Time  `json:"at"`
	Until      *time.Time `json:"until,omitempty"`
	Kept       bool       `json:"kept"` // the words that it took away still stand aside
	UndoneAt   *time.Time `json:"undone_at,omitempty"`
	Overturned bool       `json:"overturned"`
	Undoable   bool       `json:"undoable"` // it can be taken back now
}

// ReviewItem is one row of the review page.
type ReviewItem struct {
	ID        int64        `json:"id"`
	Kind      ReviewKind   `json:"kind"`
	Version   int64        `json:"version"`
	Board     string       `json:"board"` // slug
	BoardName string       `json:"-"`
	Idea      int64        `json:"idea,omitempty"`
	Comment   int64        `json:"comment,omitempty"`
	Subject   int64        `json:"subject,omitempty"` // the held post, the other idea, the appeal
	Title     string       `json:"title"`             // of the idea
	Other     string       `json:"other,omitempty"`   // title of the other idea
	Excerpt   string       `json:"excerpt"`           // what it is about, plain
	Body      string       `json:"-"`                 // Markdown of it, for an edit
	Lang      string       `json:"-"`
	Gone      bool         `json:"gone"`    // was deleted meanwhile
	Sealed    bool         `json:"sealed"`  // stands on a private board that the reader is no member of
	Officer   bool         `json:"officer"` // for the named officer and administrators alone
	Locked    bool         `json:"locked"`
	Person    Author       `json:"person"` // whose words they are
	At        time.Time    `json:"at"`
	DueAt     time.Time    `json:"due_at"` // to be looked at by then
	Overdue   bool         `json:"overdue"`
	Reporters int          `json:"reporters"`
	Grounds   []GroundSum  `json:"grounds,omitempty"`
	Notes     []ReportNote `json:"notes,omitempty"`
	Trust     Trust        `json:"trust"`
	Earlier   int          `json:"earlier"`  // decisions about the same words
	Warnings  int          `json:"warnings"` // that their author was given and that still count
	Claimed   Author       `json:"claimed"`  // who is looking at it; zero: nobody
	Mine      bool         `json:"mine"`     // the reader is
	Entrusted Author       `json:"entrusted"`
	Handed    string       `json:"handed,omitempty"`  // the note it was handed over with
	Rule      *Rule        `json:"rule,omitempty"`    // that a held post waits for; null: it is one of its author's first
	Against   Action       `json:"against,omitempty"` // what an appeal is against; Excerpt is what it says
	Actions   []Action     `json:"actions"`           // what can be decided
	HTML      string       `json:"-"`                 // the whole text, on the item's own page
	Closed    bool         `json:"closed"`
}

// GroundSum is how many reported something on one ground.
type GroundSum struct {
	Ground Ground `json:"ground"`
	Count  int    `json:"count"`
}

// ReportNote is what one of those who reported wrote, without a name.
type ReportNote struct {
	Ground Ground `json:"ground"`
	Note   string `json:"note,omitempty"`
	Other  int64  `json:"other,omitempty"` // the idea that says the same
	Title  string `json:"title,omitempty"` // its title
}

// Trust says how often those who reported something were right before. Of less
// than three people no numbers are told, only whether they mostly were.
type Trust struct {
	Right  int  `json:"right,omitempty"`
	Of     int  `json:"of,omitempty"`
	Mostly bool `json:"mostly,omitempty"`
}

// ReviewCounts is how much waits, by kind.
type ReviewCounts map[ReviewKind]int

// All is how much waits.
func (c ReviewCounts) All() (n int) {
	for _, k := range c {
		n += k
	}
	return n
}

// ReviewsFrame is the kind of a live frame that goes to moderators alone.
const ReviewsFrame EventKind = "reviews"

// Reviewing is a live frame that says how many items wait for its reader, and
// which of them changed.
type Reviewing struct {
	Kind   EventKind    `json:"kind"`
	Count  int          `json:"count"`
	Counts ReviewCounts `json:"counts"`
	Items  []int64      `json:"items"`
}
