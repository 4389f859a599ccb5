package client

import (
	"context"
	"net/http"

	"convivio/store/board"
)

// SavedSearches lists the searches that the person keeps, by name.
func (c *Client) SavedSearches(ctx context.Context) ([]board.Saved, error) {
	var out board.List[board.Saved]
	err := c.call(ctx, http.MethodGet, "/api/v1/searches", nil, nil, &out)
	return out.Items, err
}

// SaveSearch keeps a search, to be told when something new matches: the Query of
// in is what board.Query.Values encodes to. Errors: invalid, conflict when
// board.MaxSaved are kept already.
func (c *Client) SaveSearch(ctx context.Context, in board.NewSaved) (out board.Saved, err error) {
	err = c.call(ctx, http.MethodPost, "/api/v1/searches", nil, in, &out)
	return out, err
}

// RenameSaved gives a saved search another name. Errors: not_found, invalid.
func (c *Client) RenameSaved(ctx context.Context, search int64, in board.SavedChange) (out board.Saved, err error) {
	err = c.call(ctx, http.MethodPatch, "/api/v1/searches/"+id(search), nil, in, &out)
	return out, err
}

// OpenSaved counts what a saved search has found as seen; its New says how much
// that was. Errors: not_found.
func (c *Client) OpenSaved(ctx context.Context, search int64) (out board.Saved, err error) {
	err = c.call(ctx, http.MethodPut, "/api/v1/searches/"+id(search)+"/opened", nil, nil, &out)
	return out, err
}

// DeleteSaved keeps a search no more; deleting again changes nothing.
func (c *Client) DeleteSaved(ctx context.Context, search int64) error {
	return c.call(ctx, http.MethodDelete, "/api/v1/searches/"+id(search), nil, nil, nil)
}
