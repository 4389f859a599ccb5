package board

import "time"

// Comment is a contribution to an idea's thread, at any depth.
type Comment struct {
	ID        int64           `json:"id"`
	Idea      int64           `json:"idea"`
	ParentID  *int64          `json:"parent_id"` // null: directly under the idea
	Author    Author          `json:"author"`
	Body      string          `json:"body"` // empty once deleted
	HTML      string          `json:"html"`
	Lang      string          `json:"lang,omitempty"` // language of the text where known
	CreatedAt time.Time       `json:"created_at"`
	EditedAt  *time.Time      `json:"edited_at,omitempty"`
	Deleted   bool            `json:"deleted"`
	Depth     int             `json:"depth"`   // 0: directly under the idea
	Replies   int             `json:"replies"` // direct replies, tombstones included
	Cited     bool            `json:"cited"`   // an official answer cites it
	Seq       int64           `json:"seq"`     // the comment's own last event
	Reactions []ReactionCount `json:"reactions,omitempty"`
	Label     Label           `json:"label,omitempty"`  // it stands for an idea
	Stands    int64           `json:"stands,omitempty"` // for this one
	Title     string          `json:"title,omitempty"`  // of that, where Label is merged
	TitleLang string          `json:"-"`
	Added     int64           `json:"-"` // the event that added it
	ReplyTo   string          `json:"-"` // name of the parent's author; empty directly under the idea
}

// Landmark is a comment as the list to jump by knows it: who wrote it and when,
// without its words.
type Landmark struct {
	ID     int64
	Author Author
	At     time.Time
	Added  int64
	Cited  bool
}

// NewComment is what somebody gives to comment or reply.
type NewComment struct {
	Body     string `json:"body"`
	ParentID *int64 `json:"parent_id,omitempty" required:"false"`
}

// CommentChange edits a comment.
type CommentChange struct {
	Body string `json:"body"`
	Was  string `json:"-"` // Wording of the text that was changed; empty: whichever stands there
}

// CommentSort orders the comments under one parent.
type CommentSort string

// The orders of a thread. Best: cited by an answer first, then by the number of
// different people who replied, then oldest.
const (
	Best        CommentSort = "best"
	OldestFirst CommentSort = "oldest"
	NewestFirst CommentSort = "newest"
)

// CommentSorts lists the orders of a thread as the page offers them.
var CommentSorts = []CommentSort{Best, OldestFirst, NewestFirst}
