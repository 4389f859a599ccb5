package board

// What the search index reads from the store, and what it reads again before
// anything is shown. The store implements search.Source with these types.

// Change is an event of the log as the index reads it: which things to look at again.
type Change struct {
	Seq     int64
	Kind    EventKind
	Board   int64
	Idea    int64
	Comment int64
	Subject int64 // the answer of idea.answered
}

// Ref names one searchable text: an idea (InText), a comment (InComment) or an
// official answer (InAnswer).
type Ref struct {
	Part Where
	ID   int64
}

// Scope narrows a walk over searchable texts; zero fields do not narrow.
type Scope struct {
	Board int64
	Idea  int64
}

// Document is one text as it stands now. Nothing that is deleted, and nothing
// under a deleted idea, is a document.
type Document struct {
	Ref
	Idea    int64 // the idea it belongs to; its own id for ideas
	Board   int64
	Private bool // the board's visibility
	Stage   Stage
	Author  int64
	At      int64  // microseconds, when it was written
	Lang    string // the text's own language, else the idea's, the board's, the writer's
	Title   string // ideas only
	Tags    string // of the idea, space-separated
	HTML    string // as rendered and stored

	Answered bool // the idea has an official answer
	Waits    bool // the idea waits for an answer of an owner
}

// SeenBoard is a board that a reader may see now.
type SeenBoard struct {
	ID      int64
	Slug    string
	Name    string
	Private bool
}

// Result is what a reader may see now of a text that the index found. Hit lacks
// only Snippet and Where, which are made from HTML.
type Result struct {
	Ref
	Hit  Hit
	Tags string // ideas only, space-separated
	HTML string
}
