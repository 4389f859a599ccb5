package board

// ReactionKind is one of a few ways to answer without words.
type ReactionKind string

// The reactions. The set is small so that each keeps its meaning.
const (
	Agree   ReactionKind = "agree"
	Thanks  ReactionKind = "thanks"
	Insight ReactionKind = "insight"
	Cheer   ReactionKind = "cheer"
	Puzzled ReactionKind = "puzzled"
)

// ReactionKinds lists the reactions in the order pages show them.
var ReactionKinds = []ReactionKind{Agree, Thanks, Insight, Cheer, Puzzled}

// Known tells whether the kind is one of ReactionKinds.
func (k ReactionKind) Known() bool {
	for _, x := range ReactionKinds {
		if k == x {
			return true
		}
	}
	return false
}

// ReactionCount is how many people reacted in one way; who they are is told to nobody.
type ReactionCount struct {
	Kind  ReactionKind `json:"kind"`
	Count int          `json:"count"`
}

// Said is what people react to: a comment or an official answer, one of the two.
type Said struct {
	Comment int64 `json:"comment,omitempty"`
	Answer  int64 `json:"answer,omitempty"`
}

// Reactions is what was reacted to something, and the reader's own part in it.
type Reactions struct {
	Said
	Idea   int64           `json:"idea"`
	Counts []ReactionCount `json:"counts"` // in the order of ReactionKinds, none with zero
	Mine   []ReactionKind  `json:"mine"`
}

// OwnReaction is one reaction of the reader.
type OwnReaction struct {
	Said
	Kind ReactionKind
}
