package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// How long everyone may take to get a message, how long a server is left alone
// between two messages, and how many sockets are being opened at once.
const (
	deliveryWait = 30 * time.Second
	between      = 100 * time.Millisecond
	dialers      = 32
)

// Sockets holds the sockets of the live figures: it reads a plan as JSON, and
// writes what it found out as JSON.
func Sockets(ctx context.Context, in io.Reader, out io.Writer) error {
	var p plan
	if err := json.NewDecoder(in).Decode(&p); err != nil {
		return fmt.Errorf("read the plan: %w", err)
	}
	d, err := p.measure(ctx)
	if err != nil {
		return err
	}
	if err := json.NewEncoder(out).Encode(d); err != nil {
		return fmt.Errorf("write what was found out: %w", err)
	}
	return nil
}

// crowd is all sockets on one server.
type crowd struct {
	addr   string
	pid    int
	open   []*websocket.Conn
	post   *wire
	before int64 // bytes that the server used without them
	round  atomic.Pointer[round]
	failed chan error
	measured
	all []time.Duration
}

// round is one message on its way to everyone.
type round struct {
	start time.Time
	took  []time.Duration // by socket
	left  atomic.Int64
	done  chan struct{}
	first atomic.Pointer[[]byte] // the message as it came
}

// measure opens all sockets on both servers, and sends every message first
// through ours and then, the very bytes that came, through the bare one.
func (p plan) measure(ctx context.Context) (d delivered, err error) {
	ours := &crowd{addr: p.Ours, pid: p.OursPID, failed: make(chan error, 1)}
	bare := &crowd{addr: p.Bare, pid: p.BarePID, failed: make(chan error, 1)}
	for _, c := range []*crowd{ours, bare} {
		defer c.close()
		if err := c.gather(ctx, p); err != nil {
			return d, err
		}
	}
	post := newRequest("POST", p.Ours, fmt.Sprintf("/api/v1/ideas/%d/comments", p.Idea), bearer(p.Tokens[0]))
	pass := newRequest("POST", p.Bare, "/live")
	for i, body := range p.Bodies {
		message, err := ours.deliver(ctx, post.with(uint64(time.Now().UnixNano()), []byte(`{"body":`+body+`}`))) // #nosec G115 -- after 1970
		if err == nil {
			err = pause(ctx, between)
		}
		if err != nil {
			return d, fmt.Errorf("message %d through ours: %w", i, err)
		}
		if _, err = bare.deliver(ctx, pass.with(0, message)); err == nil {
			err = pause(ctx, between)
		}
		if err != nil {
			return d, fmt.Errorf("message %d through the bare server: %w", i, err)
		}
		if i == 0 { // warms up
			ours.forget()
			bare.forget()
		}
	}
	for _, c := range []*crowd{ours, bare} {
		if c.After, err = c.cost(ctx, p); err != nil {
			return d, err
		}
		if c.Resident, err = resident(c.pid); err != nil {
			return d, err
		}
		c.All99 = percentile(c.all, 0.99)
	}
	return delivered{ours.measured, bare.measured}, nil
}

func (c *crowd) forget() { c.P50, c.P99, c.all = nil, nil, nil }

// listen opens a live connection as a page on an idea does.
func listen(ctx context.Context, addr, token string, idea int64) (*websocket.Conn, error) {
	dialer := websocket.Dialer{HandshakeTimeout: answerWait, ReadBufferSize: 2 << 10, WriteBufferPool: &buffers, NetDialContext: (&net.Dialer{}).DialContext}
	header := http.Header{"Authorization": {"Bearer " + token}}
	ws, answer, err := dialer.DialContext(ctx, "ws://"+addr+"/live?html=it&idea="+strconv.FormatInt(idea, 10), header)
	if err != nil {
		status := "no answer"
		if answer != nil {
			status = answer.Status
			_ = answer.Body.Close()
		}
		return nil, fmt.Errorf("open a live connection (%s): %w", status, err)
	}
	return ws, nil
}

// buffers serve the few writes of all sockets.
var buffers sync.Pool

// gather opens every socket, waits for its first frame, and weighs the server
// before and after.
func (c *crowd) gather(ctx context.Context, p plan) (err error) {
	if err := c.warm(ctx, p); err != nil {
		return err
	}
	if c.before, err = c.weigh(ctx, p); err != nil {
		return err
	}
	c.open = make([]*websocket.Conn, p.Sockets)
	start := time.Now()
	slots := make(chan struct{}, dialers)
	err = parallel(ctx, p.Sockets, func(i int) error {
		slots <- struct{}{}
		defer func() { <-slots }()
		ws, err := listen(ctx, c.addr, p.Tokens[i%len(p.Tokens)], p.Idea)
		if err != nil {
			return err
		}
		c.open[i] = ws
		_, _, err = ws.NextReader() // hello
		return err
	})
	if err != nil {
		return fmt.Errorf("socket of %d: %w", p.Sockets, err)
	}
	c.Opened = time.Since(start)
	for i, ws := range c.open {
		go c.hear(ws, i)
	}
	c.Socket, err = c.cost(ctx, p)
	return err
}

// aComment is how the frame of a new comment is told from others, such as the
// number of readers.
var aComment = []byte(`"kind":"comment.added"`)

// hear reads a socket and notes when the message under way came.
func (c *crowd) hear(ws *websocket.Conn, i int) {
	buf := make([]byte, 0, 512)
	for {
		_, reader, err := ws.NextReader()
		if err == nil {
			buf, err = readInto(buf[:0], reader)
		}
		if err != nil {
			select {
			case c.failed <- fmt.Errorf("socket %d: %w", i, err):
			default:
			}
			return
		}
		r := c.round.Load()
		if r == nil || !bytes.Contains(buf[:min(len(buf), 64)], aComment) {
			continue
		}
		r.took[i] = time.Since(r.start)
		if i == 0 {
			message := bytes.Clone(buf)
			r.first.Store(&message)
		}
		if r.left.Add(-1) == 0 {
			close(r.done)
		}
	}
}

// readInto reads all of a message into a buffer that is used again.
func readInto(buf []byte, from io.Reader) ([]byte, error) {
	for {
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
		n, err := from.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if errors.Is(err, io.EOF) {
			return buf, nil
		}
		if err != nil {
			return buf, err
		}
	}
}

// deliver posts a message and waits until every socket has it.
func (c *crowd) deliver(ctx context.Context, post []byte) (message []byte, err error) {
	if c.post == nil { // not before: a server hangs up on who says nothing for long
		if c.post, err = connect(ctx, c.addr); err != nil {
			return nil, err
		}
	}
	r := &round{took: make([]time.Duration, len(c.open)), done: make(chan struct{})}
	r.left.Store(int64(len(c.open)))
	r.start = time.Now()
	c.round.Store(r)
	a, err := c.post.do(post, true)
	if err != nil {
		return nil, err
	}
	if a.status != http.StatusCreated {
		return nil, errStatus("post a message", a)
	}
	select {
	case <-r.done:
	case err := <-c.failed:
		return nil, err
	case <-time.After(deliveryWait):
		return nil, fmt.Errorf("%d of %d sockets got nothing: %w", r.left.Load(), len(c.open), errLate)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	c.all = append(c.all, r.took...)
	c.P50 = append(c.P50, percentile(r.took, 0.5))
	c.P99 = append(c.P99, percentile(r.took, 0.99))
	message = *r.first.Load()
	c.Bytes = len(message)
	return message, nil
}

func (c *crowd) close() {
	if c.post != nil {
		c.post.close()
	}
	for _, ws := range c.open {
		if ws != nil {
			_ = ws.Close()
		}
	}
}
