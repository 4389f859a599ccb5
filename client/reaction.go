package client

import (
	"context"
	"net/http"

	"convivio/store/board"
)

func reactions(on board.Said) string {
	if on.Answer != 0 {
		return "/api/v1/answers/" + id(on.Answer) + "/reactions"
	}
	return "/api/v1/comments/" + id(on.Comment) + "/reactions"
}

// Reactions reads what was reacted to a comment or an official answer. Errors: not_found.
func (c *Client) Reactions(ctx context.Context, on board.Said) (out board.Reactions, err error) {
	err = c.call(ctx, http.MethodGet, reactions(on), nil, nil, &out)
	return out, err
}

// React adds the person's reaction; again changes nothing. Errors: not_found, invalid, conflict.
func (c *Client) React(ctx context.Context, on board.Said, kind board.ReactionKind) (out board.Reactions, err error) {
	err = c.call(ctx, http.MethodPut, reactions(on)+"/"+string(kind), nil, nil, &out)
	return out, err
}

// Unreact takes the person's own reaction back. Errors: as React.
func (c *Client) Unreact(ctx context.Context, on board.Said, kind board.ReactionKind) (out board.Reactions, err error) {
	err = c.call(ctx, http.MethodDelete, reactions(on)+"/"+string(kind), nil, nil, &out)
	return out, err
}
