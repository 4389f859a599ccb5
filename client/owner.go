package client

import (
	"context"
	"net/http"
	"net/url"

	"convivio/store/board"
)

// Owners lists who owes a board's ideas an answer. Errors: not_found.
func (c *Client) Owners(ctx context.Context, slug string) ([]board.Owner, error) {
	var out board.List[board.Owner]
	err := c.call(ctx, http.MethodGet, "/api/v1/boards/"+url.PathEscape(slug)+"/owners", nil, nil, &out)
	return out.Items, err
}

// AddOwner makes a person or a team owe a board's answers, and answers the seq of
// the change. Errors: forbidden, not_found, invalid.
func (c *Client) AddOwner(ctx context.Context, slug string, in board.NewOwner) (int64, error) {
	var out seqAnswer
	err := c.call(ctx, http.MethodPost, "/api/v1/boards/"+url.PathEscape(slug)+"/owners", nil, in, &out)
	return out.Seq, err
}

// RemoveOwner ends an ownership, by its id, and answers the seq of the change.
// Errors: forbidden, not_found.
func (c *Client) RemoveOwner(ctx context.Context, slug string, owner int64) (int64, error) {
	var out seqAnswer
	err := c.call(ctx, http.MethodDelete, "/api/v1/boards/"+url.PathEscape(slug)+"/owners/"+id(owner), nil, nil, &out)
	return out.Seq, err
}
