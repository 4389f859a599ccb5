package board

import "time"

// MaxDrafts is how many ideas one person may have in the making.
const MaxDrafts = 50

// IdeaDraft is an idea that is being written. Its author alone sees it.
type IdeaDraft struct {
	ID        int64     `json:"id"`
	Board     string    `json:"board"` // slug
	BoardName string    `json:"-"`
	Title     string    `json:"title"`
	Body      string    `json:"body"`
	Tags      []string  `json:"tags"`
	CreatedAt time.Time `json:"created_at"`
	ChangedAt time.Time `json:"changed_at"`
}

// Wording is the sign of a draft's title, text and tags.
func (d IdeaDraft) Wording() string {
	return Idea{Title: d.Title, Body: d.Body, Tags: d.Tags}.Wording()
}

// DraftIdea is what somebody gives to keep an idea in the making.
type DraftIdea struct {
	Board string   `json:"board,omitempty" required:"false" doc:"slug; left out, the one it was meant for"`
	Title string   `json:"title,omitempty" required:"false"`
	Body  string   `json:"body,omitempty" required:"false"`
	Tags  []string `json:"tags,omitempty" required:"false"`
	Was   string   `json:"-"` // Wording of what is replaced; empty: whatever stands there
}
