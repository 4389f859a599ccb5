package board

import "time"

// HeldState is what became of a post that waited for a moderator.
type HeldState string

// The states of a held post.
const (
	HeldWaiting   HeldState = "waiting"
	HeldApproved  HeldState = "approved"
	HeldRefused   HeldState = "refused"
	HeldWithdrawn HeldState = "withdrawn" // by its author
)

// Held is an idea or a comment that waits for a moderator before anybody sees
// it. Posting answers it in the place of an error; it is none.
type Held struct {
	ID        int64      `json:"id"`
	Board     string     `json:"board"` // slug
	BoardID   int64      `json:"-"`
	BoardName string     `json:"-"`
	Idea      int64      `json:"idea,omitempty"` // that it comments on; 0: it is an idea itself
	IdeaTitle string     `json:"-"`
	ParentID  *int64     `json:"parent_id,omitempty"`
	Author    Author     `json:"author"`
	Title     string     `json:"title,omitempty"`
	Body      string     `json:"body"`
	HTML      string     `json:"html"`
	Lang      string     `json:"lang,omitempty"`
	Tags      []string   `json:"tags,omitempty"`
	State     HeldState  `json:"state"`
	Rule      *Rule      `json:"rule,omitempty"` // it waits for; null: it is one of its author's first posts
	Posted    int64      `json:"posted,omitempty"`
	CreatedAt time.Time  `json:"created_at"`
	EditedAt  *time.Time `json:"edited_at,omitempty"`
}

func (h *Held) Error() string { return "the post waits for a moderator" }

// Wording is the sign of a held post's words.
func (h *Held) Wording() string { return Wording(h.Title, h.Body) }

// HeldChange edits a held post; of a comment the body alone.
type HeldChange struct {
	Title *string   `json:"title,omitempty"`
	Body  *string   `json:"body,omitempty"`
	Tags  *[]string `json:"tags,omitempty"`
}

// RuleKind is what a rule looks for.
type RuleKind string

// The kinds of rules.
const (
	WordRule RuleKind = "word" // a word or a phrase, whole words as search folds them
	LinkRule RuleKind = "link" // a link to another host than those named
)

// Rule is what a post waits for a moderator for.
type Rule struct {
	ID        int64     `json:"id"`
	Kind      RuleKind  `json:"kind"`
	Words     string    `json:"words"` // what to find, or the hosts that links may lead to
	Board     string    `json:"board"` // slug; empty: every board
	BoardName string    `json:"-"`
	BoardID   int64     `json:"-"`
	AddedAt   time.Time `json:"added_at"`
}

// NewRule is what an administrator gives to add a rule.
type NewRule struct {
	Kind  RuleKind `json:"kind" enum:"word,link"`
	Words string   `json:"words,omitempty" required:"false" doc:"the word or phrase; of a link rule the hosts that links may lead to, separated by spaces"`
	Board string   `json:"board,omitempty" required:"false" doc:"slug; left out: every board"`
}

// FirstPosts is how many first posts of each kind of person wait; 0: none.
type FirstPosts struct {
	Employees int `json:"employees" minimum:"0" maximum:"20"`
	Guests    int `json:"guests" minimum:"0" maximum:"20"`
}

// Rules of holding posts.
const (
	MaxFirstPosts = 20  // of a person that wait
	MaxRuleWords  = 200 // characters
	MaxRules      = 500
	MaxHeld       = 20 // posts of one person that wait at once
)

// Catch is what a text was caught by, as a trial of the rules shows it.
type Catch struct {
	Rule  Rule   `json:"rule"`
	Found string `json:"found"` // the words, or the address
}
