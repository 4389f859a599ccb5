package client

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"convivio/store/board"
)

// Topics tells what more ideas speak of than before, as far as the person may
// see them. Errors: invalid (days, limit, board).
func (c *Client) Topics(ctx context.Context, in board.TopicQuery) (out board.Topics, err error) {
	q := url.Values{}
	setIf(q, "board", in.Board)
	if in.Days != 0 {
		q.Set("days", strconv.Itoa(in.Days))
	}
	if in.Limit != 0 {
		q.Set("limit", strconv.Itoa(in.Limit))
	}
	err = c.call(ctx, http.MethodGet, "/api/v1/topics", q, nil, &out)
	return out, err
}

// Similar lists ideas that resemble one, the nearest first. Errors: not_found.
func (c *Client) Similar(ctx context.Context, idea int64) ([]board.Hit, error) {
	var out board.List[board.Hit]
	err := c.call(ctx, http.MethodGet, "/api/v1/ideas/"+id(idea)+"/similar", nil, nil, &out)
	return out.Items, err
}

// SimilarTo lists ideas that resemble a title, the nearest first.
func (c *Client) SimilarTo(ctx context.Context, title string) ([]board.Hit, error) {
	var out board.List[board.Hit]
	err := c.call(ctx, http.MethodGet, "/api/v1/similar", url.Values{"title": {title}}, nil, &out)
	return out.Items, err
}
