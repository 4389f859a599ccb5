package board

import "time"

// Query is a search as a reader asked for it. Empty fields do not filter.
type Query struct {
	Q      string
	Board  string // slug
	Stage  Stage
	Author int64
	From   time.Time
	To     time.Time
	Limit  int    // at most 100; 0: 20
	Cursor string // Next of the page before
}

// Where says in which part of an idea the words stand.
type Where string

// The parts of an idea that search tells apart.
const (
	InTitle   Where = "title"
	InText    Where = "text"
	InComment Where = "comment"
	InAnswer  Where = "answer"
)

// Hit is one thing found.
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
	Author    Author    `json:"author"`
	Votes     int       `json:"votes"`
	At        time.Time `json:"at"`
}

// Facet is one value of a facet with the number of hits that have it.
type Facet struct {
	Value string `json:"value"`
	Count int    `json:"count"`
}

// Facets count the hits by board and by stage.
type Facets struct {
	Boards []Facet `json:"boards"`
	Stages []Facet `json:"stages"`
}

// Found is the answer to a search.
type Found struct {
	Total      int    `json:"total"`
	TookUS     int64  `json:"took_us"` // microseconds in the index and the store
	Hits       []Hit  `json:"hits"`
	Facets     Facets `json:"facets"`
	Next       string `json:"next"`
	Rebuilding bool   `json:"rebuilding"` // the index is being made anew: hits may be missing
}
