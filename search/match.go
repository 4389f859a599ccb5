package search

import (
	"fmt"

	index "github.com/blevesearch/bleve_index_api"

	"convivio/store/board"
)

// spare is how many matches are kept beyond those wanted, for what the reader may no longer see.
const spare = 20

// countedMatches is how many matches are scored and counted; of more, those with
// the words in their titles and the newest. Tests change it.
var countedMatches = 10_000

// match is a text that matches, with what orders it: the better score, then the
// newer, then the higher id. It points nowhere: thousands are compared in a search.
type match struct {
	score  float64
	at, id int64
	part   byte // the letter of its part
}

func (m match) ref() board.Ref { return board.Ref{Part: partOf(m.part), ID: m.id} }

// isIdea tells an idea's own text from what stands under it.
func (m match) isIdea() bool { return m.part == 'i' }

func (m match) before(o match) bool {
	switch {
	case m.score != o.score:
		return m.score > o.score
	case m.at != o.at:
		return m.at > o.at
	case m.id != o.id:
		return m.id > o.id
	}
	return m.part > o.part
}

// looker reads the facts of one document after another, each at most once.
type looker struct {
	values index.DocValueReader
	id     index.IndexInternalID
	read   bool
	found  facts
	ok     bool
}

func newLooker(r index.IndexReader) (*looker, error) {
	values, err := r.DocValueReader([]string{factsField})
	if err != nil {
		return nil, fmt.Errorf("read facts: %w", err)
	}
	return &looker{values: values}, nil
}

func (l *looker) at(id index.IndexInternalID) { l.id, l.read = id, false }

func (l *looker) facts() (facts, error) {
	if l.read {
		return l.found, nil
	}
	l.ok = false
	if err := l.values.VisitDocValues(l.id, l.visit); err != nil {
		return facts{}, fmt.Errorf("read facts: %w", err)
	}
	if !l.ok {
		return facts{}, fmt.Errorf("a document of the index has no facts")
	}
	l.read = true
	return l.found, nil
}

func (l *looker) visit(_ string, term []byte) { l.found, l.ok = parseFacts(term) }
