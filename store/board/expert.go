package board

// Credit says what of somebody's was found good, and where it stands.
type Credit struct {
	Idea      int64  `json:"idea"`
	Comment   *int64 `json:"comment"` // null: the idea itself
	Title     string `json:"title"`   // of the idea
	TitleLang string `json:"-"`       // where known
	For       string `json:"for"`     // voted, accepted or cited
}

// Expert is somebody who offered to be asked, with what speaks for asking them
// about a subject. Experts come by name: they are an offer, and no ranking.
type Expert struct {
	Author
	Credits []Credit `json:"credits"` // two at most
}

// What a contribution may be credited for.
const (
	ForVotes    = "voted"
	ForDecision = "accepted"
	ForCitation = "cited"
)
