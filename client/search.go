package client

import (
	"context"
	"net/http"
	"time"

	"convivio/store/board"
)

// Search finds ideas, each with the passage of it that answers best; with
// in.Idea, the passages of that idea. With afterSeq the server waits, two
// seconds at most, until it can find what that event changed. Errors: invalid, too_many.
func (c *Client) Search(ctx context.Context, in board.Query, afterSeq int64) (out board.Found, err error) {
	q := Page{Limit: in.Limit, Cursor: in.Cursor}.query()
	setIf(q, "q", in.Q)
	setIf(q, "board", in.Board)
	setIf(q, "lang", in.Lang)
	setIf(q, "stage", string(in.Stage))
	setIf(q, "in", in.TextIn)
	setIf(q, "sort", string(in.Sort))
	for name, n := range map[string]int64{"author": in.Author, "year": int64(in.Year), "idea": in.Idea} {
		if n != 0 {
			q.Set(name, id(n))
		}
	}
	if in.Exact {
		q.Set("exact", "true")
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
