package client

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"convivio/store/board"
)

// Audit reads the audit log, the newest entry first. Who and Whom of the filter
// are for pages alone. Errors: forbidden for all but auditors, invalid (cursor).
func (c *Client) Audit(ctx context.Context, f board.AuditFilter, p Page) (out board.Audit, err error) {
	q := p.query()
	for name, n := range map[string]int64{"actor": f.Actor, "person": f.Person, "board": f.Board, "idea": f.Idea} {
		if n != 0 {
			q.Set(name, id(n))
		}
	}
	setIf(q, "act", string(f.Act))
	setIf(q, "outcome", string(f.Outcome))
	setTime(q, "from", f.From)
	setTime(q, "to", f.To)
	err = c.call(ctx, http.MethodGet, "/api/v1/audit", q, nil, &out)
	return out, err
}

func setTime(q url.Values, name string, t time.Time) {
	if !t.IsZero() {
		q.Set(name, t.Format(time.RFC3339Nano))
	}
}
