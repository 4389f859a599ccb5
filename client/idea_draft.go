package client

import (
	"context"
	"net/http"

	"convivio/store/board"
)

// IdeaDrafts lists one's own ideas in the making, changed last first.
func (c *Client) IdeaDrafts(ctx context.Context) ([]board.IdeaDraft, error) {
	var out board.List[board.IdeaDraft]
	err := c.call(ctx, http.MethodGet, "/api/v1/drafts", nil, nil, &out)
	return out.Items, err
}

// AddIdeaDraft keeps a new idea in the making; board.NewIdea.Draft publishes it.
// Errors: not_found, invalid, conflict when there are too many.
func (c *Client) AddIdeaDraft(ctx context.Context, in board.DraftIdea) (out board.IdeaDraft, err error) {
	err = c.call(ctx, http.MethodPost, "/api/v1/drafts", nil, in, &out)
	return out, err
}

// IdeaDraft reads one of one's own ideas in the making. Errors: not_found.
func (c *Client) IdeaDraft(ctx context.Context, n int64) (out board.IdeaDraft, err error) {
	err = c.call(ctx, http.MethodGet, "/api/v1/drafts/"+id(n), nil, nil, &out)
	return out, err
}

// ChangeIdeaDraft replaces its words. Errors: not_found, invalid.
func (c *Client) ChangeIdeaDraft(ctx context.Context, n int64, in board.DraftIdea) (out board.IdeaDraft, err error) {
	err = c.call(ctx, http.MethodPut, "/api/v1/drafts/"+id(n), nil, in, &out)
	return out, err
}

// DeleteIdeaDraft forgets one of one's own ideas in the making.
func (c *Client) DeleteIdeaDraft(ctx context.Context, n int64) error {
	return c.call(ctx, http.MethodDelete, "/api/v1/drafts/"+id(n), nil, nil, nil)
}
