package client

import (
	"context"
	"net/http"
	"net/url"

	"convivio/store/board"
)

// Answer adds an official answer to an idea. Errors: forbidden, not_found, conflict, invalid.
func (c *Client) Answer(ctx context.Context, idea int64, in board.NewAnswer) (out board.Answer, err error) {
	err = c.call(ctx, http.MethodPost, "/api/v1/ideas/"+id(idea)+"/answers", nil, in, &out)
	return out, err
}

// AnswerDraft reads the answer being written to an idea. Errors: not_found also
// where there is none, forbidden for who may not answer it.
func (c *Client) AnswerDraft(ctx context.Context, idea int64) (out board.AnswerDraft, err error) {
	err = c.call(ctx, http.MethodGet, draftPath(idea), nil, nil, &out)
	return out, err
}

// SaveAnswerDraft begins the answer to an idea, or goes on with it. Errors: not_found,
// forbidden, invalid, conflict (field was: somebody changed the text meanwhile).
func (c *Client) SaveAnswerDraft(ctx context.Context, idea int64, in board.AnswerDraftChange) (out board.AnswerDraft, err error) {
	err = c.call(ctx, http.MethodPatch, draftPath(idea), nil, in, &out)
	return out, err
}

// DropAnswerDraft throws the answer being written away; was is the sign of the text
// that is meant, or empty. Errors: not_found, forbidden, conflict.
func (c *Client) DropAnswerDraft(ctx context.Context, idea int64, was string) error {
	return c.call(ctx, http.MethodDelete, draftPath(idea), url.Values{"was": {was}}, nil, nil)
}

// ScheduleAnswerDraft lets the answer being written publish itself at a time; nil takes
// that back. Errors: not_found, forbidden, invalid, conflict.
func (c *Client) ScheduleAnswerDraft(ctx context.Context, idea int64, in board.AnswerPublication) (out board.AnswerDraft, err error) {
	err = c.call(ctx, http.MethodPut, draftPath(idea)+"/time", nil, in, &out)
	return out, err
}

// PublishAnswerDraft publishes the answer being written; was is the sign of the text
// that is meant, or empty. Errors: not_found, forbidden, invalid, conflict.
func (c *Client) PublishAnswerDraft(ctx context.Context, idea int64, was string) (out board.Answer, err error) {
	err = c.call(ctx, http.MethodPost, draftPath(idea)+"/publish", nil, board.AnswerDraftSign{Was: was}, &out)
	return out, err
}

func draftPath(idea int64) string { return "/api/v1/ideas/" + id(idea) + "/answer-draft" }

// Answers lists the official answers to an idea, oldest first. Errors: not_found.
func (c *Client) Answers(ctx context.Context, idea int64) ([]board.Answer, error) {
	var out board.List[board.Answer]
	err := c.call(ctx, http.MethodGet, "/api/v1/ideas/"+id(idea)+"/answers", nil, nil, &out)
	return out.Items, err
}
