package client

import (
	"context"
	"net/http"
	"net/url"

	"convivio/store/board"
)

// FollowIdea lets the person hear of comments and decisions on an idea. Errors: not_found.
func (c *Client) FollowIdea(ctx context.Context, idea int64) (out board.Following, err error) {
	err = c.call(ctx, http.MethodPut, "/api/v1/ideas/"+id(idea)+"/follow", nil, nil, &out)
	return out, err
}

// UnfollowIdea stops it, also for what the person goes on to write there. Errors: not_found.
func (c *Client) UnfollowIdea(ctx context.Context, idea int64) (out board.Following, err error) {
	err = c.call(ctx, http.MethodDelete, "/api/v1/ideas/"+id(idea)+"/follow", nil, nil, &out)
	return out, err
}

// FollowBoard lets the person hear of new ideas on a board. Errors: not_found.
func (c *Client) FollowBoard(ctx context.Context, slug string) (out board.Following, err error) {
	err = c.call(ctx, http.MethodPut, "/api/v1/boards/"+url.PathEscape(slug)+"/follow", nil, nil, &out)
	return out, err
}

// UnfollowBoard stops it. Errors: not_found.
func (c *Client) UnfollowBoard(ctx context.Context, slug string) (out board.Following, err error) {
	err = c.call(ctx, http.MethodDelete, "/api/v1/boards/"+url.PathEscape(slug)+"/follow", nil, nil, &out)
	return out, err
}
