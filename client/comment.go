package client

import (
	"context"
	"net/http"

	"convivio/store/board"
)

// Comments reads a piece of an idea's thread in reading order. Errors: not_found, invalid.
func (c *Client) Comments(ctx context.Context, idea int64, sort board.CommentSort, p Page) (out board.List[board.Comment], err error) {
	q := p.query()
	setIf(q, "sort", string(sort))
	err = c.call(ctx, http.MethodGet, "/api/v1/ideas/"+id(idea)+"/comments", q, nil, &out)
	return out, err
}

// Reply adds a comment under an idea, or under the comment in.ParentID.
// Errors: not_found, invalid, conflict.
func (c *Client) Reply(ctx context.Context, idea int64, in board.NewComment) (out board.Comment, err error) {
	err = c.call(ctx, http.MethodPost, "/api/v1/ideas/"+id(idea)+"/comments", nil, in, &out)
	return out, err
}

// EditComment changes a comment's words. Errors: not_found, forbidden, conflict, invalid.
func (c *Client) EditComment(ctx context.Context, n int64, in board.CommentChange) (out board.Comment, err error) {
	err = c.call(ctx, http.MethodPatch, "/api/v1/comments/"+id(n), nil, in, &out)
	return out, err
}

// RestoreComment takes back that one deleted a comment, within board.UndoTime.
// Errors: not_found, conflict when it is too late.
func (c *Client) RestoreComment(ctx context.Context, n int64) (out board.Comment, err error) {
	err = c.call(ctx, http.MethodPut, "/api/v1/comments/"+id(n)+"/restore", nil, nil, &out)
	return out, err
}

// TakeComment deletes somebody else's comment, for moderators: see TakeIdea.
func (c *Client) TakeComment(ctx context.Context, n int64, why board.Removal) (int64, error) {
	return c.take(ctx, "/api/v1/comments/"+id(n), why)
}

// DeleteComment erases the words of a comment of one's own, leaves a tombstone, and
// answers the seq of the change. Errors: not_found, forbidden, invalid (field ground)
// where a moderator deletes somebody else's: see TakeComment.
func (c *Client) DeleteComment(ctx context.Context, n int64) (int64, error) {
	var out seqAnswer
	err := c.call(ctx, http.MethodDelete, "/api/v1/comments/"+id(n), nil, nil, &out)
	return out.Seq, err
}
