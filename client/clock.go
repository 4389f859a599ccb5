package client

import (
	"context"
	"net/http"
	"net/url"

	"convivio/store/board"
)

// Clock reads within what time, and in which hours, a board answers. Errors: not_found.
func (c *Client) Clock(ctx context.Context, slug string) (out board.Clock, err error) {
	err = c.call(ctx, http.MethodGet, "/api/v1/boards/"+url.PathEscape(slug)+"/clock", nil, nil, &out)
	return out, err
}

// SetClock changes them and answers the seq of the change. Errors: forbidden,
// not_found, invalid.
func (c *Client) SetClock(ctx context.Context, slug string, in board.Clock) (int64, error) {
	var out seqAnswer
	err := c.call(ctx, http.MethodPut, "/api/v1/boards/"+url.PathEscape(slug)+"/clock", nil, in, &out)
	return out.Seq, err
}

// Late lists ideas whose answer is late, the latest first, on the boards that one
// moderates or owns.
func (c *Client) Late(ctx context.Context, p Page) (out board.List[board.Idea], err error) {
	err = c.call(ctx, http.MethodGet, "/api/v1/late", p.query(), nil, &out)
	return out, err
}
