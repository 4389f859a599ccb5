package board

import "time"

// Query is a search as a reader asked for it. Empty fields do not filter. Q may
// hold filters of its own (board:mensa -carne "orario estivo"); both hold.
type Query struct {
	Q      string
	Lang   string // of the reader's pages: settles what words alone leave open
	Board  string // slug
	Stage  Stage
	Author int64
	From   time.Time
	To     time.Time // excluded
	Year   int       // of writing
	TextIn string    // language of the text, as in the facet
	Idea   int64     // every passage of this idea that matches, instead of one result an idea
	Sort   Order     // empty: by relevance
	Exact  bool      // take the words as they are typed: no correction
	Limit  int       // at most 100; 0: 20
	Cursor string    // Next of the page before
}

// Order is an order of results.
type Order string

// The orders of results.
const (
	ByRelevance Order = ""
	ByNewest    Order = "newest"
	ByVotes     Order = "votes"
)

// Where says in which part of an idea the words stand.
type Where string

// The parts of an idea that search tells apart.
const (
	InTitle   Where = "title"
	InText    Where = "text"
	InComment Where = "comment"
	InAnswer  Where = "answer"
)

// Hit is one idea found, with the passage of it that answers best.
type Hit struct {
	Idea      int64     `json:"idea"`
	Comment   *int64    `json:"comment"` // null: the idea itself or an answer
	Title     string    `json:"title"`   // of the idea, plain text
	Headline  string    `json:"-"`       // HTML: the title with the words found inside <mark>; empty: none stands there
	TitleLang string    `json:"-"`       // language of the title where known
	Snippet   string    `json:"snippet"` // HTML: escaped text with the words found inside <mark>
	Lang      string    `json:"-"`       // language of the text the snippet is from, where known
	Where     Where     `json:"where"`
	Board     string    `json:"board"` // slug
	BoardName string    `json:"-"`
	Stage     Stage     `json:"stage"`
	StageName string    `json:"stage_name,omitempty"` // the board's own name for it; empty: the usual one
	Author    Author    `json:"author"`
	Votes     int       `json:"votes"`
	At        time.Time `json:"at,omitzero"` // left out where Found.Uncounted
	Answered  bool      `json:"answered"`    // an official answer stands on the idea
	Others    int       `json:"others"`      // further passages of the idea that match, see Query.Idea
	Partial   bool      `json:"partial"`     // not all words stand here; such hits come after all others
}

// Facet is one value of a facet with the number of hits that have it.
type Facet struct {
	Value string `json:"value"`
	Count int    `json:"count"`
}

// Facets count what was found, most first.
type Facets struct {
	Boards []Facet `json:"boards"`
	Stages []Facet `json:"stages"`
	Years  []Facet `json:"years"` // latest first
	Langs  []Facet `json:"langs"`
}

// Found is the answer to a search.
type Found struct {
	Total      int      `json:"total"`
	AtLeast    bool     `json:"at_least"`  // Total is where counting ended: there are more
	Uncounted  bool     `json:"uncounted"` // asked by author: no total, no facets, so that nobody's timeline can be drawn
	Corrected  string   `json:"corrected"` // the query the hits are for, where what was typed found too little
	TookUS     int64    `json:"took_us"`   // microseconds in the index and the store
	Hits       []Hit    `json:"hits"`
	Facets     Facets   `json:"facets"`
	Next       string   `json:"next"`
	Filters    []Filter `json:"filters"`    // as typed, in this order
	Normal     string   `json:"-"`          // the words looked for, folded and in order of the alphabet: to count searches by; empty: filters alone
	Rebuilding bool     `json:"rebuilding"` // the index is being made anew: hits may be missing
}
