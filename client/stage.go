package client

import (
	"context"
	"net/http"
	"net/url"

	"convivio/store/board"
)

// MoveIdea brings an idea to a stage. Errors: not_found, forbidden, invalid, and
// conflict, which says where the idea can go.
func (c *Client) MoveIdea(ctx context.Context, n int64, in board.Move) (out board.Idea, err error) {
	err = c.call(ctx, http.MethodPut, "/api/v1/ideas/"+id(n)+"/stage", nil, in, &out)
	return out, err
}

// Path lists the steps an idea took, oldest first. Errors: not_found.
func (c *Client) Path(ctx context.Context, n int64) ([]board.StageChange, error) {
	var out board.List[board.StageChange]
	err := c.call(ctx, http.MethodGet, "/api/v1/ideas/"+id(n)+"/path", nil, nil, &out)
	return out.Items, err
}

type stageSettings struct {
	Items []board.StageSetting `json:"items"`
}

// Stages lists what a board made of every stage. Errors: not_found.
func (c *Client) Stages(ctx context.Context, slug string) ([]board.StageSetting, error) {
	var out stageSettings
	err := c.call(ctx, http.MethodGet, "/api/v1/boards/"+url.PathEscape(slug)+"/stages", nil, nil, &out)
	return out.Items, err
}

// ChangeStages renames stages of a board or switches them off; what the list leaves
// out is as usual. Errors: forbidden, not_found, invalid, conflict when ideas stand
// in a stage that is switched off.
func (c *Client) ChangeStages(ctx context.Context, slug string, list []board.StageSetting) ([]board.StageSetting, error) {
	var out stageSettings
	err := c.call(ctx, http.MethodPut, "/api/v1/boards/"+url.PathEscape(slug)+"/stages", nil, stageSettings{list}, &out)
	return out.Items, err
}
