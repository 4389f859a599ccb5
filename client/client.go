// Package client talks to a Convivio server as a program does: the same nouns,
// the same errors, and a live feed that resumes.
//
//	c, err := client.New("https://convivio.example.com", token)
//	idea, err := c.AddIdea(ctx, "lavoro-e-spazi", board.NewIdea{Title: "…"})
//
// Errors made for people come back as *board.Error; errors.As finds them.
package client

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"convivio/store/board"
)

// Client is one person's access to one server. It is safe for concurrent use.
type Client struct {
	base  *url.URL
	token string
	http  *http.Client
}

// New makes a client for the server at base, such as https://convivio.example.com,
// that signs in with a token. Errors: base is no http or https address.
func New(base, token string) (*Client, error) {
	u, err := url.Parse(base)
	if err != nil {
		return nil, fmt.Errorf("read the server's address: %w", err)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("the server's address %q must begin with http:// or https://", base)
	}
	return &Client{base: u, token: token, http: &http.Client{
		Timeout:   30 * time.Second,
		Transport: &http.Transport{MaxIdleConnsPerHost: 256, IdleConnTimeout: 90 * time.Second, ForceAttemptHTTP2: true},
	}}, nil
}

// maxAnswer bounds what is read of one answer.
const maxAnswer = 64 << 20

// call sends in as JSON, when it is not nil, and reads the answer into out, when
// that is not nil. A POST carries a key, so that it can be sent again after a
// lost connection without happening twice; call does so once.
func (c *Client) call(ctx context.Context, method, path string, query url.Values, in, out any) error {
	var body []byte
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return fmt.Errorf("%s %s: %w", method, path, err)
		}
		body = b
	}
	key := ""
	if method == http.MethodPost {
		key = rand.Text()
	}
	resp, err := c.send(ctx, method, path, query, key, body)
	if err != nil && ctx.Err() == nil {
		resp, err = c.send(ctx, method, path, query, key, body)
	}
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	defer resp.Body.Close()
	return read(resp, method+" "+path, out)
}

// read reads an answer to its end, into out when that is not nil.
func read(resp *http.Response, doing string, out any) (err error) {
	answer := io.LimitReader(resp.Body, maxAnswer)
	if resp.StatusCode >= 300 {
		return problem(resp.StatusCode, answer)
	}
	if resp.StatusCode == http.StatusAccepted {
		return held(answer, doing)
	}
	if out == nil {
		_, err = io.Copy(io.Discard, answer)
	} else if err = json.NewDecoder(answer).Decode(out); err == nil {
		_, err = io.Copy(io.Discard, answer)
	}
	if err != nil {
		return fmt.Errorf("%s: read the answer: %w", doing, err)
	}
	return nil
}

func (c *Client) send(ctx context.Context, method, path string, query url.Values, key string, body []byte) (*http.Response, error) {
	u := c.base.JoinPath(path)
	u.RawQuery = query.Encode()
	req, err := http.NewRequestWithContext(ctx, method, u.String(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	c.authorize(req.Header)
	return c.http.Do(req)
}

func (c *Client) authorize(h http.Header) {
	if c.token != "" {
		h.Set("Authorization", "Bearer "+c.token)
	}
}

// problem turns an application/problem+json answer into the error it was made from.
func problem(status int, body io.Reader) error {
	var p struct {
		Code   board.Code `json:"code"`
		Field  string     `json:"field"`
		Detail string     `json:"detail"`
	}
	if err := json.NewDecoder(body).Decode(&p); err != nil || p.Code == "" {
		return fmt.Errorf("the server answered %d %s", status, http.StatusText(status))
	}
	return &board.Error{Code: p.Code, Field: p.Field, Format: "%s", Args: []any{p.Detail}}
}

// IsNotFound tells whether err says that something is not there, or not to be seen.
func IsNotFound(err error) bool {
	var e *board.Error
	return errors.As(err, &e) && e.Code == board.NotFound
}

// Page asks for a piece of a list: at most Limit items (0: the server's choice),
// from Cursor, the Next of the piece before.
type Page struct {
	Limit  int
	Cursor string
}

func (p Page) query() url.Values {
	q := url.Values{}
	if p.Limit != 0 {
		q.Set("limit", strconv.Itoa(p.Limit))
	}
	setIf(q, "cursor", p.Cursor)
	return q
}

func setIf(q url.Values, name, value string) {
	if value != "" {
		q.Set(name, value)
	}
}

func id(n int64) string { return strconv.FormatInt(n, 10) }

// seqAnswer is what a write answers that has nothing else to say.
type seqAnswer struct {
	Seq int64 `json:"seq"`
}
