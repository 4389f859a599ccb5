package client

import (
	"context"
	"net/http"
	"net/url"

	"convivio/store/board"
)

// Figures reads the published figures of some months, first and last included.
// Errors: invalid, not_found for guests, forbidden by team, site or board for
// others than HR and the works council.
func (c *Client) Figures(ctx context.Context, by board.Dimension, first, last board.Month) ([]board.Figure, error) {
	var out board.List[board.Figure]
	q := url.Values{"by": {string(by)}, "from": {first.String()}, "to": {last.String()}}
	err := c.call(ctx, http.MethodGet, "/api/v1/figures", q, nil, &out)
	return out.Items, err
}

// FigureMonths lists the months that have figures, the latest first. Errors:
// not_found for guests.
func (c *Client) FigureMonths(ctx context.Context) ([]board.Month, error) {
	var out board.List[board.Month]
	err := c.call(ctx, http.MethodGet, "/api/v1/figures/months", nil, nil, &out)
	return out.Items, err
}
