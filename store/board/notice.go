package board

import "time"

// Reason says why somebody is told of something.
type Reason string

// The reasons, the strongest first: an event that concerns somebody in several
// ways is told once, for the strongest.
const (
	Mentioned  Reason = "mentioned"    // a text calls them by @name
	Cited      Reason = "cited"        // an official answer cites their comment
	Replied    Reason = "replied"      // to their comment
	Answered   Reason = "answered"     // an idea they posted, follow or voted for
	Moved      Reason = "moved"        // to another stage, such an idea
	Commented  Reason = "commented"    // an idea they posted or follow
	Posted     Reason = "posted"       // a new idea on a board they follow
	Matched    Reason = "matched"      // something new that a search they keep finds
	Merged     Reason = "merged"       // an idea they posted or voted for is part of another now
	Unmerged   Reason = "unmerged"     // and stands on its own again
	Relocated  Reason = "relocated"    // an idea or a branch of theirs was moved to another place
	Judged     Reason = "judged"       // a moderator decided about something of theirs
	Entrusted  Reason = "entrusted"    // something was given to them to do
	Due        Reason = "due"          // something given to them is due
	Heard      Reason = "heard"        // what they reported was looked at
	Withheld   Reason = "withheld"     // an answer that they wrote, or are to give, was not published at its time
	Adrift     Reason = "adrift"       // a promise on a board they answer for has nobody who sees to it
	OutOfSight Reason = "out_of_sight" // what they took part in went to where they do not see it
	Released   Reason = "released"     // the figures of a month, by the schedule: for HR and the works council
	Late       Reason = "late"         // answers are late on a board they answer for
)

// Reasons lists the reasons in the order of their strength. Rows keep their
// places in it: new ones are added at the end.
var Reasons = []Reason{Mentioned, Cited, Replied, Answered, Moved, Commented, Posted, Matched,
	Merged, Unmerged, Relocated, Judged, Entrusted, Due, Heard, Withheld, Adrift, OutOfSight, Released, Late}

// Notice tells one person of one event. Everything in it is read from the rows
// as they stand when it is shown.
type Notice struct {
	Seq       int64     `json:"seq"` // of the event; the notice's name among one's own
	Reason    Reason    `json:"reason"`
	Board     string    `json:"board"` // slug
	BoardName string    `json:"-"`
	Idea      int64     `json:"idea"`
	Title     string    `json:"title"` // of the idea
	Lang      string    `json:"-"`     // of the idea's words
	Own       bool      `json:"own"`   // the idea is the reader's
	Comment   int64     `json:"comment,omitempty"`
	Answer    bool      `json:"answer"` // an official answer says it
	Actor     Author    `json:"actor"`
	Others    int       `json:"others"`               // people who did the same since
	Stage     Stage     `json:"stage,omitempty"`      // that the idea was moved to
	StageName string    `json:"stage_name,omitempty"` // the board's own name for it; empty: the usual one
	Excerpt   string    `json:"excerpt"`              // the first words, plain
	Saved     int64     `json:"saved,omitempty"`      // the search that found it, see Saved; Others counts further ideas
	Search    string    `json:"search,omitempty"`     // its name
	Decision  int64     `json:"decision,omitempty"`   // about something of the reader's; see Judgement
	Action    Action    `json:"action,omitempty"`     // that was decided
	Concerns  bool      `json:"-"`                    // the reader, and not a moderator who hears of an appeal
	Split     bool      `json:"-"`                    // the idea was made of the reader's comment
	Along     bool      `json:"-"`                    // out of sight: the idea was the reader's, and went with the one it had been merged into
	Release   int64     `json:"release,omitempty"`    // that is ready; its number
	Month     Month     `json:"month,omitempty"`      // the last of its months
	At        time.Time `json:"at"`
	Seen      bool      `json:"seen"`
}

// Notices is a page of one's notices and how many are unseen in all.
type Notices struct {
	Items  []Notice `json:"items"`
	Next   string   `json:"next"`
	Unseen int      `json:"unseen"`
}

// Following tells whether the reader follows an idea or a board.
type Following struct {
	Following bool `json:"following"`
}

// NoticesFrame is the kind of a live frame that goes to one person alone.
const NoticesFrame EventKind = "notices"

// Unseen is a live frame that says how many notices its reader has not seen.
type Unseen struct {
	Kind  EventKind `json:"kind"`
	Count int       `json:"count"`
}
