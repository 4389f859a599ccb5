package client

import (
	"context"
	"net/http"

	"convivio/store/board"
)

// Teams lists the teams, each followed by those below it. Errors: not_found for guests.
func (c *Client) Teams(ctx context.Context) ([]board.Team, error) {
	var out board.List[board.Team]
	err := c.call(ctx, http.MethodGet, "/api/v1/teams", nil, nil, &out)
	return out.Items, err
}
