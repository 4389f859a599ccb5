package board

import "time"

// TopicPeriods are the days a look at growing topics may go back, the usual one first.
var TopicPeriods = []int{30, 7, 90}

// TopicWeeks is how many weeks a topic's chart shows; the last ends today.
const TopicWeeks = 13

// TopicQuery asks what is spoken of more than before.
type TopicQuery struct {
	Days  int    // one of TopicPeriods; 0: the first
	Board string // slug; empty: all boards the reader may see
	Limit int    // topics, at most 50; 0: 12
}

// Topic is something of which more ideas speak in a period than before it. It
// says nothing of who speaks.
type Topic struct {
	Words    []string    `json:"words"`    // as people write them, the most telling first; one may be an expression of several words
	Ideas    int         `json:"ideas"`    // in which it came up in the period
	Weeks    []int       `json:"weeks"`    // ideas in which it came up, week by week; the last week ends today
	Examples []TopicIdea `json:"examples"` // some of the ideas, three at most
}

// TopicIdea is an idea in which a topic came up.
type TopicIdea struct {
	Idea      int64  `json:"idea"`
	Title     string `json:"title"`
	TitleLang string `json:"-"`
	Board     string `json:"board"` // slug
	Stage     Stage  `json:"stage"`
	Votes     int    `json:"votes"`
}

// Topics is the answer to a TopicQuery.
type Topics struct {
	Items    []Topic   `json:"items"` // the most telling first
	Days     int       `json:"days"`
	From     time.Time `json:"from"`      // when the period began
	Young    bool      `json:"young"`     // there is too little from before to compare with
	NotReady bool      `json:"not_ready"` // the texts are being read: ask again in a moment
}
