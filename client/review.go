package client

import (
	"context"
	"net/http"
	"net/url"

	"convivio/store/board"
)

// ReportIdea tells the moderators that something is wrong with an idea; again, it
// changes the person's report. Errors: not_found, invalid, conflict, too_many.
func (c *Client) ReportIdea(ctx context.Context, idea int64, in board.NewReport) (out board.Report, err error) {
	err = c.call(ctx, http.MethodPut, "/api/v1/ideas/"+id(idea)+"/report", nil, in, &out)
	return out, err
}

// ReportComment does the same with a comment. Errors: as ReportIdea.
func (c *Client) ReportComment(ctx context.Context, comment int64, in board.NewReport) (out board.Report, err error) {
	err = c.call(ctx, http.MethodPut, "/api/v1/comments/"+id(comment)+"/report", nil, in, &out)
	return out, err
}

// Reports lists the person's own reports, newest first, and what came of them.
func (c *Client) Reports(ctx context.Context) (out board.List[board.Report], err error) {
	err = c.call(ctx, http.MethodGet, "/api/v1/reports", nil, nil, &out)
	return out, err
}

// Reviews lists what waits for the person, who moderates, what is most urgent
// first; an empty kind or board chooses all. Errors: forbidden, not_found, invalid.
func (c *Client) Reviews(ctx context.Context, kind board.ReviewKind, slug string, p Page) (out board.List[board.ReviewItem], err error) {
	q := p.query()
	if q == nil {
		q = url.Values{}
	}
	if kind != "" {
		q.Set("kind", string(kind))
	}
	if slug != "" {
		q.Set("board", slug)
	}
	err = c.call(ctx, http.MethodGet, "/api/v1/review", q, nil, &out)
	return out, err
}

// ReviewItem reads one item. Errors: not_found.
func (c *Client) ReviewItem(ctx context.Context, item int64) (out board.ReviewItem, err error) {
	err = c.call(ctx, http.MethodGet, "/api/v1/review/"+id(item), nil, nil, &out)
	return out, err
}

// Decide decides about an item as it was read: with the version it had then.
// Errors: not_found, invalid, conflict when somebody else changed it meanwhile.
func (c *Client) Decide(ctx context.Context, in board.Ruling) (out board.Decision, err error) {
	err = c.call(ctx, http.MethodPost, "/api/v1/review/"+id(in.Item)+"/decision", nil, in, &out)
	return out, err
}

// Claim says that the person is looking at an item. Errors: not_found, conflict.
func (c *Client) Claim(ctx context.Context, item int64) (out board.ReviewItem, err error) {
	err = c.call(ctx, http.MethodPut, "/api/v1/review/"+id(item)+"/claim", nil, nil, &out)
	return out, err
}

// Unclaim lets an item go again. Errors: not_found, conflict.
func (c *Client) Unclaim(ctx context.Context, item int64) (out board.ReviewItem, err error) {
	err = c.call(ctx, http.MethodDelete, "/api/v1/review/"+id(item)+"/claim", nil, nil, &out)
	return out, err
}

// Decisions lists what was decided on boards that the person reviews, newest first.
func (c *Client) Decisions(ctx context.Context, p Page) (out board.List[board.Decision], err error) {
	err = c.call(ctx, http.MethodGet, "/api/v1/decisions", p.query(), nil, &out)
	return out, err
}

// UndoDecision takes a decision back. Errors: not_found, conflict.
func (c *Client) UndoDecision(ctx context.Context, decision int64) (out board.Decision, err error) {
	err = c.call(ctx, http.MethodDelete, "/api/v1/decisions/"+id(decision), nil, nil, &out)
	return out, err
}
