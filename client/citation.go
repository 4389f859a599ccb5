package client

import (
	"context"
	"net/http"

	"convivio/store/board"
)

// Citations lists the ideas that one cites and those that cite it, the latest
// first. Errors: not_found.
func (c *Client) Citations(ctx context.Context, idea int64) (out board.Citations, err error) {
	err = c.call(ctx, http.MethodGet, "/api/v1/ideas/"+id(idea)+"/citations", nil, nil, &out)
	return out, err
}
