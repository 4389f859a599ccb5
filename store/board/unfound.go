package board

// Unfound is what several people looked for and did not find.
type Unfound struct {
	Query   string `json:"query"`    // its words, folded and sorted
	AtLeast int    `json:"at_least"` // so many people: 5, 10, 20, 50 or 100
}

// UnfoundFrom is from how many different people on a search is shown that found nothing.
const UnfoundFrom = 5
