package client

import (
	"context"
	"net/http"

	"convivio/store/board"
)

// Pin puts an idea first on its board. Errors: not_found, forbidden, conflict
// beyond three on a board.
func (c *Client) Pin(ctx context.Context, idea int64) (out board.Idea, err error) {
	err = c.call(ctx, http.MethodPut, "/api/v1/ideas/"+id(idea)+"/pin", nil, nil, &out)
	return out, err
}

// Unpin puts it back among the others. Errors: not_found, forbidden.
func (c *Client) Unpin(ctx context.Context, idea int64) (out board.Idea, err error) {
	err = c.call(ctx, http.MethodDelete, "/api/v1/ideas/"+id(idea)+"/pin", nil, nil, &out)
	return out, err
}
