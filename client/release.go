package client

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"time"

	"convivio/store/board"
)

// releaseAsked is how often MakeRelease asks how far a release is.
const releaseAsked = time.Second

// Releases lists the releases of figures, the latest first, without their files.
// Errors: forbidden for others than HR and the works council.
func (c *Client) Releases(ctx context.Context) ([]board.Release, error) {
	var out board.List[board.Release]
	err := c.call(ctx, http.MethodGet, "/api/v1/releases", nil, nil, &out)
	return out.Items, err
}

// Release reads one release, what its files are, and how far it is. Errors:
// forbidden, not_found.
func (c *Client) Release(ctx context.Context, number int64) (out board.Release, err error) {
	err = c.call(ctx, http.MethodGet, "/api/v1/releases/"+id(number), nil, nil, &out)
	return out, err
}

// MakeRelease asks for a release and waits until it is ready or could not be made,
// as its State says. The same request is the same release. Errors: forbidden for
// others than HR, invalid, too_many.
func (c *Client) MakeRelease(ctx context.Context, a board.Asked) (out board.Release, err error) {
	err = c.call(ctx, http.MethodPost, "/api/v1/releases", nil, a, &out)
	for err == nil && out.State != board.ReleaseReady && out.State != board.ReleaseFailed {
		select {
		case <-ctx.Done():
			return out, ctx.Err()
		case <-time.After(releaseAsked):
		}
		out, err = c.Release(ctx, out.Number)
	}
	return out, err
}

// OpenRelease reads a file of a release, which is kept in the audit log; the caller
// closes it. Errors: forbidden, not_found.
func (c *Client) OpenRelease(ctx context.Context, number int64, name string) (io.ReadCloser, error) {
	return c.open(ctx, "/api/v1/releases/"+id(number)+"/files/"+url.PathEscape(name))
}
