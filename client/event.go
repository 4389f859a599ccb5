package client

import (
	"context"
	"net/http"

	"convivio/store/board"
)

// Me tells who the token belongs to, and how far the log goes.
func (c *Client) Me(ctx context.Context) (out board.Me, err error) {
	err = c.call(ctx, http.MethodGet, "/api/v1/me", nil, nil, &out)
	return out, err
}

// Events reads what the person may hear after a seq. The Seq of the answer is
// the after of the next call; it moves on even where nothing was for this reader.
func (c *Client) Events(ctx context.Context, after int64, limit int) (out board.Events, err error) {
	q := Page{Limit: limit}.query()
	q.Set("after", id(after))
	err = c.call(ctx, http.MethodGet, "/api/v1/events", q, nil, &out)
	return out, err
}
