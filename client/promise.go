package client

import (
	"context"
	"net/http"
	"strconv"

	"convivio/store/board"
)

// PromiseListing asks for promises; empty fields leave the server's choice: those
// that hold, on all boards.
type PromiseListing struct {
	Board string // slug
	State board.PromiseState
	Page
}

// Promises lists what was promised, with the counts of all states. Errors: not_found, invalid.
func (c *Client) Promises(ctx context.Context, l PromiseListing) (out board.Promises, err error) {
	q := l.query()
	setIf(q, "board", l.Board)
	setIf(q, "state", string(l.State))
	err = c.call(ctx, http.MethodGet, "/api/v1/promises", q, nil, &out)
	return out, err
}

// Parked lists the parked ideas of the boards one moderates or owns, by the day to
// look at them again; with due alone those whose day has come. Errors: invalid.
func (c *Client) Parked(ctx context.Context, due bool, p Page) (out board.List[board.ParkedIdea], err error) {
	q := p.query()
	q.Set("due", strconv.FormatBool(due))
	err = c.call(ctx, http.MethodGet, "/api/v1/parked", q, nil, &out)
	return out, err
}
