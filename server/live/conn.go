package live

import (
	"errors"
	"net"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/gorilla/websocket"

	"convivio/store"
)

// The bounds of a connection.
const (
	maxQueued      = 256     // frames that wait for a slow reader
	maxQueuedBytes = 1 << 20 // and their bytes
	writeWait      = 10 * time.Second
	pongWait       = 60 * time.Second
	closeWait      = 2 * time.Second // for the other side to answer a close frame
	chunkBytes     = 64 << 10        // written at once to a connection that lags
	heardPerSecond = 10              // frames a client may send, which has nothing to say
	heardAtOnce    = 30
	readLimit      = 4 << 10
)

// conn is one open connection. A goroutine reads from it as long as it lasts.
// Whoever has frames for it queues them and calls flushNow; only when the
// connection cannot take them at once does a goroutine of its own write.
type conn struct {
	hub   *Hub
	ws    *websocket.Conn // reads; frames are written to net directly
	net   net.Conn
	try   syscall.RawConn // nil where a write cannot be tried without waiting (TLS)
	login store.Login
	lang  language

	// Under the hub's lock.
	person      *person
	group       *group
	slot, place int   // where it stands in the group's and the hub's list
	from        int64 // it hears of events after this; never while it catches up
	gone        bool
	nextPing    time.Time
	toldCount   int // of readers
	toldUnseen  int // of notices; -1: not yet
	toldWriters int
	writing     time.Time // until when somebody is taken to write

	mu      sync.Mutex
	queue   []frame
	bytes   int   // of the queue
	off     int   // of the first frame's bytes that are written
	flying  int   // frames of the queue in a write under way
	told    int64 // the last event queued
	busy    bool  // a goroutine writes and will take what is queued
	touched bool  // on a list of connections to flush
	ending  bool  // the last frame is queued
	dead    bool

	// Of attempt; here because a closure made each time costs more than the rest of it.
	tryOnce func(fd uintptr) bool
	given   []byte
	took    int
	failed  error

	// The reading goroutine's own.
	allowance float64 // frames it may send now
	counted   time.Time
	inMessage bool
}

func newConn(h *Hub, ws *websocket.Conn, nc net.Conn, l store.Login, lang language) *conn {
	c := &conn{hub: h, ws: ws, net: nc, login: l, lang: lang, allowance: heardAtOnce, toldCount: -1, toldUnseen: -1}
	if sc, ok := c.net.(syscall.Conn); ok {
		if raw, err := sc.SyscallConn(); err == nil {
			c.try, c.tryOnce = raw, c.writeOnce
		}
	}
	return c
}

// push queues a frame. seq is the event it tells of, zero for none. It answers
// false when the reader is too far behind, and the connection is to be ended.
func (c *conn) push(f frame, seq int64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ending || c.dead {
		return true
	}
	if len(c.queue) >= maxQueued || len(c.queue) > 0 && c.bytes+len(f) > maxQueuedBytes {
		return false
	}
	c.queue = append(c.queue, f)
	c.bytes += len(f)
	if seq != 0 {
		c.told = seq
	}
	return true
}

// send queues a frame that is no event and writes it.
func (c *conn) send(f frame) {
	c.push(f, 0)
	c.flushNow()
}

// flushNow writes what is queued as far as the connection takes it without
// waiting, and leaves the rest to a goroutine. Called after the frames were queued.
func (c *conn) flushNow() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.touched = false
	if c.busy || c.dead || len(c.queue) == 0 {
		return
	}
	if c.try != nil {
		b := c.queue[0][c.off:]
		if len(c.queue) > 1 {
			scratch := chunks.Get().(*[chunkBytes]byte)
			defer chunks.Put(scratch)
			b, _ = c.chunk(scratch)
		}
		n, err := c.attempt(b)
		c.written(n)
		if err != nil {
			c.dead = true
			_ = c.net.Close() // the reading goroutine clears up
			return
		}
		if len(c.queue) == 0 {
			return
		}
	}
	c.busy = true
	c.hub.wg.Add(1) // the reading goroutine is alive and counted: the group is not done
	go c.flush()
}

var chunks = sync.Pool{New: func() any { return new([chunkBytes]byte) }}

// chunk puts together what to write next, from one frame or several; c.mu is
// held. frames is how many are in it, the last perhaps in part.
func (c *conn) chunk(scratch *[chunkBytes]byte) (b []byte, frames int) {
	b = scratch[:0]
	skip := c.off
	for _, f := range c.queue {
		n := min(len(f)-skip, chunkBytes-len(b))
		b = append(b, f[skip:skip+n]...)
		frames++
		skip = 0
		if len(b) == chunkBytes {
			break
		}
	}
	return b, frames
}

// attempt writes once, without waiting; c.mu is held.
func (c *conn) attempt(b []byte) (n int, err error) {
	c.given = b
	rawErr := c.try.Write(c.tryOnce)
	n, err, c.given = max(c.took, 0), c.failed, nil
	if errors.Is(err, unix.EAGAIN) {
		err = nil
	}
	return n, errors.Join(rawErr, err)
}

// writeOnce is what attempt runs on the descriptor. It answers true so that
// nothing waits for the connection to be writable.
func (c *conn) writeOnce(fd uintptr) bool {
	for {
		c.took, c.failed = unix.Write(int(fd), c.given) // #nosec G115 -- a descriptor
		if !errors.Is(c.failed, unix.EINTR) {
			return true
		}
	}
}

// written takes what was written off the queue; c.mu is held.
func (c *conn) written(n int) {
	k := 0
	for k < len(c.queue) && n >= len(c.queue[k])-c.off {
		n -= len(c.queue[k]) - c.off
		c.bytes -= len(c.queue[k])
		c.off = 0
		k++
	}
	c.off += n
	c.drop(0, k)
}

// drop takes frames [from, to) out of the queue; c.mu is held.
func (c *conn) drop(from, to int) {
	rest := append(c.queue[:from], c.queue[to:]...)
	clear(c.queue[len(rest):])
	c.queue = rest
	if len(rest) == 0 && cap(rest) > 8 {
		c.queue = nil // a burst is over: most connections are quiet most of the time
	}
}

// flush writes, waiting for the connection, until nothing is queued.
func (c *conn) flush() {
	defer c.hub.wg.Done()
	scratch := chunks.Get().(*[chunkBytes]byte)
	defer chunks.Put(scratch)
	for {
		c.mu.Lock()
		if len(c.queue) == 0 || c.dead {
			c.busy = false
			_ = c.net.SetWriteDeadline(time.Time{})
			c.mu.Unlock()
			return
		}
		b, frames := c.chunk(scratch)
		c.flying = frames
		c.mu.Unlock()
		if !c.write(b) {
			return
		}
		c.mu.Lock()
		c.flying = 0
		c.written(len(b))
		c.mu.Unlock()
	}
}

// write writes all of b or ends the connection.
func (c *conn) write(b []byte) bool {
	_ = c.net.SetWriteDeadline(time.Now().Add(writeWait))
	if _, err := c.net.Write(b); err != nil {
		var timeout net.Error
		if errors.As(err, &timeout) && timeout.Timeout() {
			c.hub.cutOff.Add(1)
		}
		c.mu.Lock()
		c.dead = true
		c.mu.Unlock()
		_ = c.net.Close()
		return false
	}
	return true
}

// end queues the last frame. What was queued before goes out first with keep;
// otherwise all that is not half written is dropped. The hub's lock may be held;
// the caller flushes.
func (c *conn) end(code int, reason string, keep bool, before ...frame) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ending || c.dead {
		return
	}
	c.ending = true
	if !keep {
		stays := c.flying
		if stays == 0 && c.off > 0 {
			stays = 1
		}
		for _, f := range c.queue[stays:] {
			c.bytes -= len(f)
		}
		c.drop(stays, len(c.queue))
	}
	c.queue = append(append(c.queue, before...), closeFrame(code, reason))
	_ = c.net.SetReadDeadline(time.Now().Add(closeWait))
}

// reload tells the other side to read the page again, and ends the connection.
func (c *conn) reload(reason string) {
	c.hub.reloads.Add(1)
	c.end(CloseReload, reason, false, reloadFrame)
}

// read listens to a connection that has nothing to say but that it is there.
// When it ends, so does the connection.
func (c *conn) read() {
	defer c.hub.wg.Done()
	defer c.clear()
	c.ws.SetReadLimit(readLimit)
	c.ws.SetPongHandler(func(string) error { return c.heard(time.Now()) })
	c.ws.SetPingHandler(func(data string) error {
		c.send(newFrame(websocket.PongMessage, []byte(data)))
		return c.heard(time.Now())
	})
	c.ws.SetCloseHandler(func(int, string) error {
		c.leave(websocket.CloseNormalClosure, "")
		return nil
	})
	var closed *websocket.CloseError
	var network net.Error
	switch err := c.discard(); {
	case errors.Is(err, websocket.ErrReadLimit):
		c.leave(websocket.CloseMessageTooBig, "")
	case !errors.As(err, &closed) && !errors.As(err, &network):
		c.leave(websocket.CloseProtocolError, "")
	}
}

// discard reads messages until there are no more; next to nothing can be said in them.
func (c *conn) discard() error {
	for {
		_, message, err := c.ws.NextReader()
		if err != nil {
			return err
		}
		_ = c.heard(time.Now())
		c.inMessage = true // a message of endless pieces, with pongs between them, has to end too
		if err := c.hears(message, time.Now()); err != nil {
			return err
		}
		c.inMessage = false
	}
}

// heard counts a frame from the other side, and takes it as a sign of life.
func (c *conn) heard(now time.Time) error {
	c.allowance = min(heardAtOnce, c.allowance+heardPerSecond*now.Sub(c.counted).Seconds()) - 1
	c.counted = now
	if c.allowance < 0 {
		c.leave(websocket.ClosePolicyViolation, "too many messages")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.ending && !c.inMessage {
		_ = c.net.SetReadDeadline(now.Add(pongWait))
	}
	return nil
}

// leave takes the connection out of the hub and ends it.
func (c *conn) leave(code int, reason string) {
	c.hub.mu.Lock()
	c.hub.remove(c)
	c.hub.mu.Unlock()
	c.end(code, reason, false)
	c.flushNow()
}

// clear closes the connection and forgets it.
func (c *conn) clear() {
	c.hub.mu.Lock()
	c.hub.remove(c)
	c.hub.mu.Unlock()
	c.mu.Lock()
	c.dead = true
	c.queue, c.bytes, c.off = nil, 0, 0
	c.mu.Unlock()
	_ = c.net.Close()
}
