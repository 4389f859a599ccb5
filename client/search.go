package client

import (
	"context"
	"net/http"
	"time"

	"convivio/store/board"
)

// Search finds ideas, comments and answers. With afterSeq the server waits, two
// seconds at most, until it can find what that event changed. Errors: invalid, too_many.
func (c *Client) Search(ctx context.Context, in board.Query, afterSeq int64) (out board.Found, err error) {
	q := Page{Limit: in.Limit, Cursor: in.Cursor}.query()
	setIf(q, "q", in.Q)
	setIf(q, "board", in.Board)
	setIf(q, "stage", string(in.Stage))
	if in.Author != 0 {
		q.Set("author", id(in.Author))
	}
	if !in.From.IsZero() {
		q.Set("from", in.From.UTC().Format(time.RFC3339))
	}
	if !in.To.IsZero() {
		q.Set("to", in.To.UTC().Format(time.RFC3339))
	}
	if afterSeq > 0 {
		q.Set("after_seq", id(afterSeq))
	}
	err = c.call(ctx, http.MethodGet, "/api/v1/search", q, nil, &out)
	return out, err
}
