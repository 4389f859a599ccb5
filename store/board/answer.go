package board

import (
	"slices"
	"strconv"
	"time"
)

// Answer is the official reply to an idea. Answers are append-only.
type Answer struct {
	ID        int64           `json:"id"`
	Idea      int64           `json:"idea"`
	Author    Author          `json:"author"`
	Body      string          `json:"body"`
	HTML      string          `json:"html"`
	Lang      string          `json:"lang,omitempty"` // language of the text where known
	Cites     []int64         `json:"cites"`          // comments that changed the decision
	Cited     []Author        `json:"cited,omitempty" doc:"who wrote the comments in cites, each in its place; id 0 where the comment was deleted"`
	CreatedAt time.Time       `json:"created_at"`
	Reactions []ReactionCount `json:"reactions,omitempty"`
	Seq       int64           `json:"seq"`
	LeftOut   int             `json:"left_out,omitempty" doc:"comments of the draft that were deleted before it was published, and so are not cited"`
	From      int64           `json:"merged_from,omitempty"` // the idea it answered, where that was merged into this one
	FromTitle string          `json:"-"`
}

// NewAnswer is what an owner or moderator of a board gives to answer an idea.
type NewAnswer struct {
	Body  string  `json:"body"`
	Cites []int64 `json:"cites,omitempty" required:"false" doc:"ids of comments of this idea that changed the decision"`
	Move  *Move   `json:"move,omitempty" required:"false" doc:"a stage that the idea moves to with it; without a reason the answer's first words are the reason"`
}

// Credited names those whose comments changed what was decided: the authors of what
// answers cite, each once, in the order of the answers.
func Credited(answers []Answer) []Author {
	out := []Author{}
	for _, a := range answers {
		for _, who := range a.Cited {
			if who.ID != 0 && !slices.ContainsFunc(out, func(o Author) bool { return o.ID == who.ID }) {
				out = append(out, who)
			}
		}
	}
	return out
}

// AnswerDraft is an answer that owners and moderators of a board write together:
// one an idea. Nobody else learns that it is there.
type AnswerDraft struct {
	Idea      int64      `json:"idea"`
	Body      string     `json:"body"`
	Cites     []int64    `json:"cites"`                // comments of the idea, deleted ones left out
	LeftOut   int        `json:"left_out,omitempty"`   // how many chosen comments were deleted since
	Move      *Move      `json:"move,omitempty"`       // made with its publication
	By        Author     `json:"by"`                   // who saved it last; at its time it is published in their name
	At        time.Time  `json:"at"`                   // when they did
	PublishAt *time.Time `json:"publish_at,omitempty"` // when it publishes itself
	Refused   *Error     `json:"-"`                    // why it was not published at its time
	Was       string     `json:"was"`                  // sign of the text, to be given back with a change of it
}

// Wording is the sign of the draft's text.
func (d AnswerDraft) Wording() string { return Wording(d.Body) }

// Sign is a short sign of a move, by which a form knows whether it was chosen anew.
func (m *Move) Sign() string {
	if m == nil || m.Stage == "" {
		return Wording("")
	}
	return Wording(string(m.Stage), m.Reason, m.Measured, string(m.Until), strconv.FormatInt(m.Owner, 10), string(m.Due))
}

// AnswerDraftChange changes a draft, or begins one; nil fields stay as they are.
type AnswerDraftChange struct {
	Body  *string  `json:"body,omitempty"`
	Cites *[]int64 `json:"cites,omitempty" doc:"ids of comments of this idea"`
	Move  *Move    `json:"move,omitempty" doc:"a stage to move to with the publication; an empty stage takes it back"`
	Was   string   `json:"was,omitempty" required:"false" doc:"sign of the text that is changed, as the draft gave it; left out: whatever stands there"`

	// CitesWere are the comments that were chosen when Cites was: with them two
	// people's choices are put together. Nil: Cites is the whole choice.
	CitesWere []int64 `json:"-"`
	// MoveWas is the sign of the move that Move was chosen in place of: the same
	// again changes nothing that somebody else chose meanwhile. Empty: Move holds.
	MoveWas string `json:"-"`
}

// AnswerDraftSign says which text of a draft is meant.
type AnswerDraftSign struct {
	Was string `json:"was,omitempty" required:"false" doc:"sign of the text that is meant; left out: whatever stands there"`
}

// AnswerPublication gives a draft its time.
type AnswerPublication struct {
	At  *time.Time `json:"at,omitempty" required:"false" doc:"when it publishes itself; left out: when somebody publishes it"`
	Was string     `json:"was,omitempty" required:"false" doc:"sign of the text that is meant; left out: whatever stands there"`
}
