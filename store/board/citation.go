package board

// Citation is an idea on the other side of a link between two ideas.
type Citation struct {
	Idea      int64  `json:"idea"`
	Comment   *int64 `json:"comment"` // of that idea, where the link stands; null: in its text or an answer
	Title     string `json:"title"`
	TitleLang string `json:"-"` // where known
	Board     string `json:"board"`
	BoardName string `json:"-"`
	Stage     Stage  `json:"stage"`
	StageName string `json:"stage_name,omitempty"` // the board's own name for it; empty: the usual one
}

// Citations are the ideas that one leads to, and those whose texts lead to it,
// as far as their reader may see them.
type Citations struct {
	Cites   []Citation `json:"cites"`
	CitedBy []Citation `json:"cited_by"`
}
