package search

import (
	"fmt"

	"github.com/blevesearch/bleve/v2"

	"convivio/store/board"
)

// batch is what is written together: documents, documents to delete, and the
// state that is true once they are.
type batch struct {
	state  *state
	put    map[string]indexed
	gone   map[string]bool
	bytes  int
	onDisk func(error) // told once the batch is on disk; nil: nobody asks
}

// Sizes at which a batch is written although more waits.
const (
	batchDocuments = 2_000
	batchBytes     = 2 << 20 // of HTML; taken apart it is many times that
)

func newBatch(st *state) *batch {
	return &batch{state: st, put: map[string]indexed{}, gone: map[string]bool{}}
}

// index adds a text as it stands now.
func (b *batch) index(d board.Document) {
	id := documentID(d.Ref)
	in := prepare(d)
	b.state.count(d, in)
	b.put[id] = in
	b.bytes += len(d.HTML)
	delete(b.gone, id)
}

// remove deletes a text that is no more.
func (b *batch) remove(id string) {
	delete(b.put, id)
	b.gone[id] = true
}

func (b *batch) full() bool { return len(b.put)+len(b.gone) >= batchDocuments || b.bytes >= batchBytes }

func (b *batch) empty() bool { return len(b.put)+len(b.gone) == 0 }

// operations is the batch as bleve takes it.
func (b *batch) operations(x bleve.Index) (*bleve.Batch, error) {
	ops := x.NewBatch()
	for id := range b.gone {
		ops.Delete(id)
	}
	for id, in := range b.put {
		if err := ops.IndexAdvanced(in.doc); err != nil {
			return nil, fmt.Errorf("add document %s: %w", id, err)
		}
	}
	st, err := b.state.bytes()
	if err != nil {
		return nil, fmt.Errorf("write the index's state: %w", err)
	}
	ops.SetInternal(stateKey, st)
	if b.onDisk != nil {
		ops.SetPersistedCallback(b.onDisk)
	}
	return ops, nil
}
