package client

import (
	"context"
	"net/http"
	"net/url"

	"convivio/store/board"
)

// Listing asks for ideas of a board; empty fields leave the server's choice.
type Listing struct {
	Sort  board.IdeaSort
	Stage board.Stage
	Page
}

// Ideas lists the ideas of a board. Errors: not_found, invalid.
func (c *Client) Ideas(ctx context.Context, slug string, l Listing) (out board.List[board.Idea], err error) {
	q := l.query()
	setIf(q, "sort", string(l.Sort))
	setIf(q, "stage", string(l.Stage))
	err = c.call(ctx, http.MethodGet, "/api/v1/boards/"+url.PathEscape(slug)+"/ideas", q, nil, &out)
	return out, err
}

// AddIdea posts an idea on a board. Errors: not_found, invalid.
func (c *Client) AddIdea(ctx context.Context, slug string, in board.NewIdea) (out board.Idea, err error) {
	err = c.call(ctx, http.MethodPost, "/api/v1/boards/"+url.PathEscape(slug)+"/ideas", nil, in, &out)
	return out, err
}

// Idea reads an idea. Errors: not_found.
func (c *Client) Idea(ctx context.Context, n int64) (out board.Idea, err error) {
	err = c.call(ctx, http.MethodGet, "/api/v1/ideas/"+id(n), nil, nil, &out)
	return out, err
}

// EditIdea changes an idea's words. Errors: not_found, forbidden, conflict, invalid.
func (c *Client) EditIdea(ctx context.Context, n int64, in board.IdeaChange) (out board.Idea, err error) {
	err = c.call(ctx, http.MethodPatch, "/api/v1/ideas/"+id(n), nil, in, &out)
	return out, err
}

// DeleteIdea takes an idea of one's own away and answers the seq of the change.
// Errors: not_found, forbidden, invalid (field ground) where a moderator deletes
// somebody else's: see TakeIdea.
func (c *Client) DeleteIdea(ctx context.Context, n int64) (int64, error) {
	var out seqAnswer
	err := c.call(ctx, http.MethodDelete, "/api/v1/ideas/"+id(n), nil, nil, &out)
	return out.Seq, err
}

// TakeIdea deletes somebody else's idea, for moderators: its author is told why and
// may appeal. Errors: not_found, forbidden, invalid (fields ground, note), conflict.
func (c *Client) TakeIdea(ctx context.Context, n int64, why board.Removal) (int64, error) {
	return c.take(ctx, "/api/v1/ideas/"+id(n), why)
}

func (c *Client) take(ctx context.Context, path string, why board.Removal) (int64, error) {
	var out seqAnswer
	err := c.call(ctx, http.MethodDelete, path, url.Values{"ground": {string(why.Ground)}, "note": {why.Note}}, nil, &out)
	return out.Seq, err
}

// RestoreIdea takes back that one deleted an idea, within board.UndoTime. Errors:
// conflict when it is too late, or there is no such idea.
func (c *Client) RestoreIdea(ctx context.Context, n int64) (out board.Idea, err error) {
	err = c.call(ctx, http.MethodPut, "/api/v1/ideas/"+id(n)+"/restore", nil, nil, &out)
	return out, err
}

// LockIdea closes an idea to additions and changes. Errors: not_found, forbidden.
func (c *Client) LockIdea(ctx context.Context, n int64) (out board.Idea, err error) {
	err = c.call(ctx, http.MethodPut, "/api/v1/ideas/"+id(n)+"/lock", nil, nil, &out)
	return out, err
}

// UnlockIdea opens a locked idea again. Errors: not_found, forbidden.
func (c *Client) UnlockIdea(ctx context.Context, n int64) (out board.Idea, err error) {
	err = c.call(ctx, http.MethodDelete, "/api/v1/ideas/"+id(n)+"/lock", nil, nil, &out)
	return out, err
}
