package client

import (
	"context"
	"net/http"
	"net/url"

	"convivio/store/board"
)

// Boards lists the boards the person may see.
func (c *Client) Boards(ctx context.Context) ([]board.Board, error) {
	var out board.List[board.Board]
	err := c.call(ctx, http.MethodGet, "/api/v1/boards", nil, nil, &out)
	return out.Items, err
}

// AddBoard creates a board. Errors: forbidden, invalid, conflict.
func (c *Client) AddBoard(ctx context.Context, in board.NewBoard) (out board.Board, err error) {
	err = c.call(ctx, http.MethodPost, "/api/v1/boards", nil, in, &out)
	return out, err
}

// Board reads a board. Errors: not_found.
func (c *Client) Board(ctx context.Context, slug string) (out board.Board, err error) {
	err = c.call(ctx, http.MethodGet, "/api/v1/boards/"+url.PathEscape(slug), nil, nil, &out)
	return out, err
}

// ChangeBoard alters a board. Errors: forbidden, not_found, invalid.
func (c *Client) ChangeBoard(ctx context.Context, slug string, in board.BoardChange) (out board.Board, err error) {
	err = c.call(ctx, http.MethodPatch, "/api/v1/boards/"+url.PathEscape(slug), nil, in, &out)
	return out, err
}

// Members lists who is on a board. Errors: not_found.
func (c *Client) Members(ctx context.Context, slug string) ([]board.Member, error) {
	var out board.List[board.Member]
	err := c.call(ctx, http.MethodGet, "/api/v1/boards/"+url.PathEscape(slug)+"/members", nil, nil, &out)
	return out.Items, err
}

// AddMember puts a person on a board and answers the seq of the change.
// Errors: forbidden, not_found, invalid.
func (c *Client) AddMember(ctx context.Context, slug string, person int64) (int64, error) {
	var out seqAnswer
	err := c.call(ctx, http.MethodPut, "/api/v1/boards/"+url.PathEscape(slug)+"/members/"+id(person), nil, nil, &out)
	return out.Seq, err
}

// RemoveMember takes a person off a board and answers the seq of the change.
// Errors: forbidden, not_found, conflict for the last one in charge.
func (c *Client) RemoveMember(ctx context.Context, slug string, person int64) (int64, error) {
	var out seqAnswer
	err := c.call(ctx, http.MethodDelete, "/api/v1/boards/"+url.PathEscape(slug)+"/members/"+id(person), nil, nil, &out)
	return out.Seq, err
}
