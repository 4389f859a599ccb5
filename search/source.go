package search

import (
	"context"

	"convivio/store/board"
)

// Source is what the index reads. *store.Store is one.
type Source interface {
	// Epoch is the random word of the log, Head the seq of its last event on disk.
	Epoch() string
	Head() int64
	// Follow waits until the log has an event after seq, and returns its head.
	Follow(ctx context.Context, seq int64) (int64, error)
	// Changes reads the log after a seq, at most limit events, oldest first. Every
	// event is there, also those that change no text.
	Changes(ctx context.Context, after int64, limit int) ([]board.Change, error)
	// Documents reads those of the texts that exist now, in any order. At most 500 ids.
	Documents(ctx context.Context, part board.Where, ids []int64) ([]board.Document, error)
	// DocumentsAfter reads texts of one part with an id above after, by id, at most limit.
	DocumentsAfter(ctx context.Context, part board.Where, in board.Scope, after int64, limit int) ([]board.Document, error)
	// SeenBoards lists the boards somebody may see now.
	SeenBoards(ctx context.Context, who board.Who) ([]board.SeenBoard, error)
	// Named tells what names in a search mean, as far as the reader may know of it.
	Named(ctx context.Context, who board.Who, n board.Names) (board.Named, error)
	// Results reads those of the texts that somebody may see now, in any order. At most 200 refs.
	Results(ctx context.Context, who board.Who, refs []board.Ref) ([]board.Result, error)
}
