package client

import (
	"context"
	"net/http"
	"net/url"

	"convivio/store/board"
)

// Merging tells what merging an idea into another would do. Errors: not_found,
// forbidden, invalid (field into).
func (c *Client) Merging(ctx context.Context, idea, into int64) (out board.Merging, err error) {
	err = c.call(ctx, http.MethodGet, "/api/v1/ideas/"+id(idea)+"/merging", url.Values{"into": {id(into)}}, nil, &out)
	return out, err
}

// Merge merges an idea into another one and returns that one. Errors: not_found,
// forbidden, invalid (fields into, reason), conflict (field confirm) where more
// people would read the idea: Merging names them, and its Gain.Sign confirms.
func (c *Client) Merge(ctx context.Context, idea int64, in board.NewMerge) (out board.Idea, err error) {
	err = c.call(ctx, http.MethodPost, "/api/v1/ideas/"+id(idea)+"/merge", nil, in, &out)
	return out, err
}

// Unmerge lets a merged idea stand by itself again. Errors: not_found, forbidden,
// conflict.
func (c *Client) Unmerge(ctx context.Context, idea int64, confirm string) (out board.Idea, err error) {
	err = c.call(ctx, http.MethodDelete, "/api/v1/ideas/"+id(idea)+"/merge", url.Values{"confirm": {confirm}}, nil, &out)
	return out, err
}

// Merged lists the ideas that were merged into one. Errors: not_found.
func (c *Client) Merged(ctx context.Context, idea int64) (out board.List[board.MergedIdea], err error) {
	err = c.call(ctx, http.MethodGet, "/api/v1/ideas/"+id(idea)+"/merged", nil, nil, &out)
	return out, err
}

// Relocating tells what moving an idea to a board would do. Errors: not_found,
// forbidden, invalid (field board).
func (c *Client) Relocating(ctx context.Context, idea int64, slug string) (out board.Relocating, err error) {
	err = c.call(ctx, http.MethodGet, "/api/v1/ideas/"+id(idea)+"/relocating", url.Values{"board": {slug}}, nil, &out)
	return out, err
}

// Relocate moves an idea to another board. Errors: as Merge's, for field board.
func (c *Client) Relocate(ctx context.Context, idea int64, in board.Relocation) (out board.Idea, err error) {
	err = c.call(ctx, http.MethodPut, "/api/v1/ideas/"+id(idea)+"/board", nil, in, &out)
	return out, err
}

// Split makes an idea of a comment and what was replied to it. Errors: not_found,
// forbidden, invalid (field title), conflict.
func (c *Client) Split(ctx context.Context, comment int64, title string) (out board.Idea, err error) {
	err = c.call(ctx, http.MethodPost, "/api/v1/comments/"+id(comment)+"/split", nil, board.Split{Title: title}, &out)
	return out, err
}
