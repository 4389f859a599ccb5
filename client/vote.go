package client

import (
	"context"
	"net/http"

	"convivio/store/board"
)

// Vote supports an idea; again changes nothing. Errors: not_found, conflict.
func (c *Client) Vote(ctx context.Context, idea int64) (out board.Vote, err error) {
	err = c.call(ctx, http.MethodPut, "/api/v1/ideas/"+id(idea)+"/vote", nil, nil, &out)
	return out, err
}

// Unvote takes one's vote back. Errors: not_found, conflict.
func (c *Client) Unvote(ctx context.Context, idea int64) (out board.Vote, err error) {
	err = c.call(ctx, http.MethodDelete, "/api/v1/ideas/"+id(idea)+"/vote", nil, nil, &out)
	return out, err
}
