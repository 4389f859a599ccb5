package client

import (
	"context"
	"net/http"

	"convivio/store/board"
)

// Unfound lists what several people look for and do not find. Errors: forbidden.
func (c *Client) Unfound(ctx context.Context) (out board.List[board.Unfound], err error) {
	err = c.call(ctx, http.MethodGet, "/api/v1/unfound", nil, nil, &out)
	return out, err
}
