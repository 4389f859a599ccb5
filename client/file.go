package client

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"sync"

	"convivio/store/board"
)

// AddFile attaches a file; its Markdown names it in a text of whoever attached
// it. The content is read once and sent as it is read, so a lost connection is
// an error, and sending again is the caller's to decide. Errors: invalid,
// too_many, unavailable.
func (c *Client) AddFile(ctx context.Context, name string, content io.Reader) (out board.File, err error) {
	body, to := io.Pipe()
	form := multipart.NewWriter(to)
	var sending sync.WaitGroup
	defer sending.Wait()
	defer func() { _ = body.Close() }() // ends the sending
	sending.Go(func() {
		part, err := form.CreateFormFile("file", name)
		if err == nil {
			_, err = io.Copy(part, content)
		}
		if err == nil {
			err = form.Close()
		}
		_ = to.CloseWithError(err) // nil: the end
	})
	const path = "/api/v1/files"
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base.JoinPath(path).String(), body)
	if err != nil {
		return out, err
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	req.Header.Set("Idempotency-Key", rand.Text())
	c.authorize(req.Header)
	resp, err := c.patient().Do(req)
	if err != nil {
		return out, fmt.Errorf("POST %s: %w", path, err)
	}
	defer resp.Body.Close()
	err = read(resp, http.MethodPost+" "+path, &out)
	return out, err
}

// patient is the client for what may take long: ctx alone says when it is too long.
func (c *Client) patient() *http.Client {
	p := *c.http
	p.Timeout = 0
	return &p
}

// OpenFile reads a file that one may see; the caller closes it. Errors: not_found.
func (c *Client) OpenFile(ctx context.Context, n int64) (io.ReadCloser, error) {
	return c.open(ctx, "/api/v1/files/"+id(n))
}

// open reads what is no JSON.
func (c *Client) open(ctx context.Context, path string) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base.JoinPath(path).String(), nil)
	if err != nil {
		return nil, err
	}
	c.authorize(req.Header)
	resp, err := c.patient().Do(req)
	if err != nil {
		return nil, fmt.Errorf("GET %s: %w", path, err)
	}
	if resp.StatusCode >= 300 {
		defer resp.Body.Close()
		return nil, problem(resp.StatusCode, io.LimitReader(resp.Body, maxAnswer))
	}
	return resp.Body, nil
}
