package client

import (
	"context"
	"net/http"

	"convivio/store/board"
)

// Notices lists what the person was told, newest first, and how much of it is
// unseen. Errors: invalid.
func (c *Client) Notices(ctx context.Context, p Page) (out board.Notices, err error) {
	err = c.call(ctx, http.MethodGet, "/api/v1/notices", p.query(), nil, &out)
	return out, err
}

// SeeNotice marks one notice, named by its seq, as seen. Errors: not_found.
func (c *Client) SeeNotice(ctx context.Context, seq int64) (out board.Notice, err error) {
	err = c.call(ctx, http.MethodPut, "/api/v1/notices/"+id(seq)+"/seen", nil, nil, &out)
	return out, err
}

// SeeNotices marks every notice up to an event as seen and answers how many are
// unseen still.
func (c *Client) SeeNotices(ctx context.Context, upto int64) (int, error) {
	in := struct {
		Upto int64 `json:"upto"`
	}{upto}
	var out board.Notices
	err := c.call(ctx, http.MethodPut, "/api/v1/notices/seen", nil, in, &out)
	return out.Unseen, err
}
