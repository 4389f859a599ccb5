package client

import (
	"context"
	"net/http"

	"convivio/store/board"
)

// Answer adds an official answer to an idea. Errors: forbidden, not_found, conflict, invalid.
func (c *Client) Answer(ctx context.Context, idea int64, in board.NewAnswer) (out board.Answer, err error) {
	err = c.call(ctx, http.MethodPost, "/api/v1/ideas/"+id(idea)+"/answers", nil, in, &out)
	return out, err
}

// Answers lists the official answers to an idea, oldest first. Errors: not_found.
func (c *Client) Answers(ctx context.Context, idea int64) ([]board.Answer, error) {
	var out board.List[board.Answer]
	err := c.call(ctx, http.MethodGet, "/api/v1/ideas/"+id(idea)+"/answers", nil, nil, &out)
	return out.Items, err
}
