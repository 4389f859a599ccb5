package client

import (
	"context"
	"net/http"
	"net/url"

	"convivio/store/board"
)

// Experts lists people who offered to be asked about what a search finds, by
// name. Errors: those of Search.
func (c *Client) Experts(ctx context.Context, q string) (out board.List[board.Expert], err error) {
	err = c.call(ctx, http.MethodGet, "/api/v1/experts", url.Values{"q": {q}}, nil, &out)
	return out, err
}

// ExpertsOn lists people who offered to be asked about the subject of an idea, by
// name. Errors: not_found, those of Search.
func (c *Client) ExpertsOn(ctx context.Context, idea int64) (out board.List[board.Expert], err error) {
	err = c.call(ctx, http.MethodGet, "/api/v1/experts", url.Values{"idea": {id(idea)}}, nil, &out)
	return out, err
}

// OfferToBeAsked lets the caller be named as one who knows, or no more, and
// answers the seq of the change.
func (c *Client) OfferToBeAsked(ctx context.Context, offers bool) (int64, error) {
	method := http.MethodDelete
	if offers {
		method = http.MethodPut
	}
	var out seqAnswer
	err := c.call(ctx, method, "/api/v1/me/expert", nil, nil, &out)
	return out.Seq, err
}
