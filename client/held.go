package client

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"convivio/store/board"
)

// held reads the answer to a post that waits for a moderator: AddIdea and Reply
// give it as their error, found with errors.As.
func held(answer io.Reader, doing string) error {
	var h board.Held
	if err := json.NewDecoder(answer).Decode(&h); err != nil {
		return fmt.Errorf("%s: read the answer: %w", doing, err)
	}
	return &h
}

// HeldPosts lists one's own posts that wait for a moderator, the newest first.
func (c *Client) HeldPosts(ctx context.Context) (out board.List[board.Held], err error) {
	err = c.call(ctx, http.MethodGet, "/api/v1/held", nil, nil, &out)
	return out, err
}

// Held reads a post that waits, or waited: one's own, or as its moderator. Errors: not_found.
func (c *Client) Held(ctx context.Context, n int64) (out board.Held, err error) {
	err = c.call(ctx, http.MethodGet, "/api/v1/held/"+id(n), nil, nil, &out)
	return out, err
}

// EditHeld changes one's own post while it waits. Errors: not_found, conflict, invalid.
func (c *Client) EditHeld(ctx context.Context, n int64, in board.HeldChange) (out board.Held, err error) {
	err = c.call(ctx, http.MethodPatch, "/api/v1/held/"+id(n), nil, in, &out)
	return out, err
}

// WithdrawHeld takes one's own post back while it waits, and answers the seq of the
// change. Errors: not_found, conflict.
func (c *Client) WithdrawHeld(ctx context.Context, n int64) (int64, error) {
	var out seqAnswer
	err := c.call(ctx, http.MethodDelete, "/api/v1/held/"+id(n), nil, nil, &out)
	return out.Seq, err
}

// Judgements lists what moderators decided about one's own posts and access.
func (c *Client) Judgements(ctx context.Context) (out board.List[board.Judgement], err error) {
	err = c.call(ctx, http.MethodGet, "/api/v1/judgements", nil, nil, &out)
	return out, err
}

// Appeal says something against a decision about oneself, once. Errors: not_found,
// conflict, invalid.
func (c *Client) Appeal(ctx context.Context, decision int64, body string) (out board.Judgement, err error) {
	err = c.call(ctx, http.MethodPost, "/api/v1/judgements/"+id(decision)+"/appeal", nil, board.NewAppeal{Body: body}, &out)
	return out, err
}

// Ledger reads what moderators did, on one board or, with an empty slug, on all that
// one sees. Errors: not_found.
func (c *Client) Ledger(ctx context.Context, slug string) (out board.Ledger, err error) {
	q := Page{}.query()
	setIf(q, "board", slug)
	err = c.call(ctx, http.MethodGet, "/api/v1/ledger", q, nil, &out)
	return out, err
}
