package board

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
)

// Idea is one proposal on a board.
type Idea struct {
	ID         int64      `json:"id"`
	Board      string     `json:"board"` // slug
	BoardName  string     `json:"-"`
	BoardID    int64      `json:"-"`
	Author     Author     `json:"author"`
	Title      string     `json:"title"`
	Body       string     `json:"body"`
	HTML       string     `json:"html"`
	Lang       string     `json:"lang,omitempty"` // language of the text where known
	Tags       []string   `json:"tags"`
	Stage      Stage      `json:"stage"`
	StageName  string     `json:"stage_name,omitempty"` // the board's own name for it; empty: the usual one
	Votes      int        `json:"votes"`                // people, and votes counted elsewhere before an import
	Breadth    *Breadth   `json:"breadth,omitempty"`    // how widely it is supported; left out where too few voted to say
	Voted      bool       `json:"voted"`                // by the reader
	Followed   bool       `json:"followed"`             // by the reader
	Comments   int        `json:"comments"`
	Answers    int        `json:"answers"`
	CreatedAt  time.Time  `json:"created_at"`
	EditedAt   *time.Time `json:"edited_at,omitempty"`
	AnsweredAt *time.Time `json:"answered_at,omitempty"` // first official answer
	Waits      bool       `json:"waits"`                 // for an answer of an owner of the board
	DueAt      *time.Time `json:"due_at,omitempty"`      // by when; left out: does not wait, or the board has no clock
	Late       bool       `json:"late"`
	DueDays    int        `json:"due_days"` // working days of the board until then or, where late, since; 0: on the same day
	Locked     bool       `json:"locked"`
	Slow       int        `json:"slow,omitempty"`        // minutes between two comments of one person; 0: as many as they like
	Seq        int64      `json:"seq"`                   // last event of the idea, its votes and its thread
	MergedInto int64      `json:"merged_into,omitempty"` // the idea that this one was merged into
	Pinned     bool       `json:"pinned,omitempty"`      // stands first on its board
	Merged     int        `json:"merged,omitempty"`      // ideas that were merged into this one

	// New counts the comments others added since the reader's last visit; -1: never visited.
	New int `json:"-"`
	// Seen is the last event of the reader's last visit; 0: never visited.
	Seen int64 `json:"-"`
	// Reacted is how many reactions of the reader's own there are on it.
	Reacted int `json:"-"`
	// ThreadSeq is the last event that changed what the thread shows.
	ThreadSeq int64 `json:"-"`

	Excerpt string `json:"-"` // the first words of the text, plain, in lists
}

// NewIdea is what somebody gives to post an idea.
type NewIdea struct {
	Title string   `json:"title"`
	Body  string   `json:"body,omitempty" required:"false"`
	Tags  []string `json:"tags,omitempty" required:"false"`
	Draft int64    `json:"draft,omitempty" required:"false" doc:"id of one's draft that goes as the idea comes"`
}

// IdeaChange edits an idea; nil fields stay as they are.
type IdeaChange struct {
	Title *string   `json:"title,omitempty"`
	Body  *string   `json:"body,omitempty"`
	Tags  *[]string `json:"tags,omitempty"`
	Was   string    `json:"-"` // Wording of what was changed; empty: whatever stands there
}

// Wording is a short sign of some texts, by which a form knows whether they were
// changed by somebody else meanwhile.
func Wording(texts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(texts, "\x00")))
	return hex.EncodeToString(sum[:8])
}

// Wording is the sign of an idea's title, text and tags.
func (i Idea) Wording() string { return Wording(i.Title, i.Body, strings.Join(i.Tags, " ")) }

// Version is an earlier wording that an edit replaced.
type Version struct {
	Title string    `json:"title,omitempty"`
	Body  string    `json:"body"`
	At    time.Time `json:"at"` // when it was replaced
}

// Vote is the reader's vote on an idea and the count after it.
type Vote struct {
	Idea  int64 `json:"idea"`
	Votes int   `json:"votes"`
	Voted bool  `json:"voted"`
	Seq   int64 `json:"seq"`
}

// IdeaSort orders the ideas of a board.
type IdeaSort string

// The orders of a board's ideas.
const (
	Growing    IdeaSort = "growing"
	Newest     IdeaSort = "new"
	MostVoted  IdeaSort = "votes"
	Unanswered IdeaSort = "unanswered"
	Broadest   IdeaSort = "breadth"
	Latest     IdeaSort = "late" // those that are late, the latest first
)

// IdeaSorts lists the orders as the tabs show them.
var IdeaSorts = []IdeaSort{Growing, Newest, MostVoted, Broadest, Unanswered}
