package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gorilla/websocket"

	"convivio/store/board"
)

// ErrReload says that what was missed can no longer be told event by event:
// read the state again, then follow from the log head that was read with it.
var ErrReload = errors.New("the live feed cannot resume: read everything again")

// Feed asks for live events. Without Board and Idea it is everything the person may see.
type Feed struct {
	Board string
	Idea  int64
	HTML  string // code such as "it": frames carry rendered HTML; empty: none
	Epoch string // of the state already read; empty: the present one
	After int64  // seq of the state already read; 0 without Epoch: from now
}

// Live calls hear for every event, in order and each once, until ctx ends. It
// resumes by itself after a lost connection or a server restart. Errors: hear's
// own; ErrReload; *board.Error when the server refuses; ctx's.
func (c *Client) Live(ctx context.Context, f Feed, hear func(board.Event) error) error {
	wait := time.Second / 2
	for {
		err := c.listen(ctx, &f, hear, func() { wait = time.Second / 2 })
		var refused *board.Error
		var stop heardError
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case websocket.IsCloseError(err, closedSignedOut):
			return board.Fault(board.Unauthorized, "Sign in to go on.")
		case websocket.IsCloseError(err, closedReplaced):
			wait = 30 * time.Second // this person has many connections open: do not push them out in turn
		case errors.As(err, &stop):
			return stop.error
		case errors.Is(err, ErrReload):
			return err
		case errors.As(err, &refused) && refused.Code != board.Unavailable && refused.Code != board.TooMany:
			return err
		}
		// Full jitter: thousands that lost the same server must not return at once.
		select {
		case <-time.After(rand.N(wait)): // #nosec G404 -- not a secret
		case <-ctx.Done():
			return ctx.Err()
		}
		wait = min(2*wait, 30*time.Second)
	}
}

// Close codes of the server that say more than to come back.
const (
	closedSignedOut = 4001
	closedReplaced  = 4002
)

// heardError is the caller's own error.
type heardError struct{ error }

// silence is how long a connection may say nothing; the server pings every 25 s.
const silence = 60 * time.Second

// listen follows one connection to its end.
func (c *Client) listen(ctx context.Context, f *Feed, hear func(board.Event) error, connected func()) error {
	conn, err := c.dial(ctx, f)
	if err != nil {
		return err
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	alive := func() { _ = conn.SetReadDeadline(time.Now().Add(silence)) }
	ping := conn.PingHandler()
	conn.SetPingHandler(func(s string) error { alive(); return ping(s) })
	alive()
	for {
		_, data, err := conn.ReadMessage()
		if err != nil {
			return err
		}
		alive()
		var e struct {
			board.Event
			Epoch string `json:"epoch"`
		}
		if err := json.Unmarshal(data, &e); err != nil {
			return fmt.Errorf("read a frame: %w", err)
		}
		switch {
		case e.Kind == board.HelloFrame && f.Epoch != "" && e.Epoch != f.Epoch:
			return ErrReload
		case e.Kind == board.HelloFrame:
			// Later ones say how far the log is when nothing in it was for this feed.
			connected()
			f.Epoch, f.After = e.Epoch, max(f.After, e.Seq)
		case e.Kind == board.ReloadFrame:
			return ErrReload
		case e.Seq > f.After:
			if err := hear(e.Event); err != nil {
				return heardError{err}
			}
			f.After = e.Seq
		}
	}
}

func (c *Client) dial(ctx context.Context, f *Feed) (*websocket.Conn, error) {
	q := url.Values{}
	setIf(q, "board", f.Board)
	setIf(q, "html", f.HTML)
	setIf(q, "epoch", f.Epoch)
	if f.Idea != 0 {
		q.Set("idea", id(f.Idea))
	}
	if f.After != 0 || f.Epoch != "" {
		q.Set("after", id(f.After))
	}
	u := c.base.JoinPath("/live")
	u.Scheme = strings.Replace(u.Scheme, "http", "ws", 1)
	u.RawQuery = q.Encode()
	h := http.Header{}
	c.authorize(h)
	conn, resp, err := websocket.DefaultDialer.DialContext(ctx, u.String(), h)
	if err != nil && resp != nil {
		defer resp.Body.Close()
		return nil, problem(resp.StatusCode, resp.Body)
	}
	return conn, err
}
