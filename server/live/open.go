package live

import (
	"bufio"
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"convivio/store"
	"convivio/store/board"
)

// upgrader takes connections over. Compression stays off: a limit on what is
// read counts compressed bytes. The pool keeps gorilla from holding a write
// buffer for each connection, since frames are written without it.
var upgrader = websocket.Upgrader{
	HandshakeTimeout: writeWait,
	ReadBufferSize:   256,
	WriteBufferPool:  &sync.Pool{},
	CheckOrigin:      func(*http.Request) bool { return true }, // checkOrigin has looked, and answers in our words
	Error:            func(http.ResponseWriter, *http.Request, int, error) {},
}

// ask is what the address of a connection says.
type ask struct {
	after int64 // -1: from now on
	epoch string
	board string
	idea  int64
	own   bool // nothing but what is for the person alone
	lang  language
}

// Serve answers a request for /live: it makes the connection and returns; the
// hub's own goroutines serve it from then on. own tells whether the request's
// Origin is the server's, scheme and port included. Errors: forbidden for a foreign origin, or none
// with a cookie; invalid for a query or handshake that is none; not_found for a
// board or idea that is not there or not to be seen; unavailable when there are
// too many connections or the server is stopping.
func (h *Hub) Serve(w http.ResponseWriter, r *http.Request, l store.Login, own func(*http.Request) bool) error {
	if err := checkOrigin(r, own, l.Session != 0); err != nil {
		return err
	}
	a, err := parse(r.URL.Query())
	if err != nil {
		return err
	}
	if !websocket.IsWebSocketUpgrade(r) {
		return board.Fault(board.Invalid, "This address is for live connections. Open a page instead.")
	}
	if err := h.admit(); err != nil {
		return err
	}
	defer h.pending.Add(-1)
	at, err := h.find(r.Context(), l, a)
	if err != nil {
		return err
	}
	side := &readSide{}
	ws, err := upgrader.Upgrade(&hijacker{w, side}, r, nil)
	if err != nil {
		var refused websocket.HandshakeError
		if errors.As(err, &refused) {
			return board.Fault(board.Invalid, "This address is for live connections. Open a page instead.")
		}
		return nil // the connection is gone: nobody is left to answer
	}
	side.shaken = true
	h.open(newConn(h, ws, side.Conn, l, a.lang), a, at)
	return nil
}

// readSide is a connection as gorilla has it: after the handshake it can only
// read. By itself it would answer a broken frame with a close frame, in the
// middle of one of ours perhaps, and hold the connection while nobody takes it.
type readSide struct {
	net.Conn
	shaken bool
}

// Write writes the answer to the handshake, and nothing after it.
func (s *readSide) Write(b []byte) (int, error) {
	if s.shaken {
		return len(b), nil
	}
	return s.Conn.Write(b)
}

// SetWriteDeadline leaves the deadline to those who write.
func (s *readSide) SetWriteDeadline(t time.Time) error {
	if s.shaken {
		return nil
	}
	return s.Conn.SetWriteDeadline(t)
}

// hijacker gives gorilla the read side of the connection it takes over.
type hijacker struct {
	http.ResponseWriter
	side *readSide
}

// Hijack takes the connection over from the HTTP server.
func (w *hijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(w.ResponseWriter).Hijack()
	w.side.Conn = conn
	return w.side, rw, err
}

// checkOrigin refuses sockets that other sites open with a visitor's cookie.
// Browsers always say where a socket comes from; programs with a token need not.
func checkOrigin(r *http.Request, own func(*http.Request) bool, cookie bool) error {
	given := len(r.Header.Values("Origin"))
	if given == 0 && !cookie || given == 1 && own(r) {
		return nil
	}
	return board.Fault(board.Forbidden, "Live connections can be opened from Convivio's own pages only.")
}

// parse reads the query. Errors: invalid, naming the field.
func parse(q url.Values) (ask, error) {
	a := ask{after: -1, epoch: q.Get("epoch"), board: q.Get("board"), own: q.Get("own") != ""}
	var err error
	if s := q.Get("after"); s != "" {
		if a.after, err = strconv.ParseInt(s, 10, 64); err != nil || a.after < 0 {
			return a, board.FieldFault("after", "This has to be the number of an event.")
		}
	}
	if s := q.Get("idea"); s != "" {
		if a.idea, err = strconv.ParseInt(s, 10, 64); err != nil || a.idea <= 0 {
			return a, board.FieldFault("idea", "This has to be the number of an idea.")
		}
	}
	var known bool
	if a.lang, known = languageOf(q.Get("html")); !known {
		return a, board.FieldFault("html", "A language is named by its code, such as it or en, or left empty.")
	}
	return a, nil
}

// admit counts a handshake in. Errors: unavailable.
func (h *Hub) admit() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.draining {
		return board.Fault(board.Unavailable, "Convivio is restarting. Please try again in a moment.")
	}
	if h.Sockets > 0 && len(h.conns)+int(h.pending.Load()) >= h.Sockets {
		return board.Fault(board.Unavailable, "Too many pages are open at once. Please try again in a moment.")
	}
	h.pending.Add(1)
	return nil
}

// place is what a connection listens to, as it was found to be seen.
type place struct {
	idea, board int64
	private     bool
	own         bool
	access      store.Access
	moves       int64 // the hub's, before anything was read
}

// find looks up what is asked for. Errors: not_found; unauthorized for somebody
// disabled since they were recognised.
func (h *Hub) find(ctx context.Context, l store.Login, a ask) (at place, err error) {
	h.mu.Lock()
	at.moves = h.moves
	h.mu.Unlock()
	slug := a.board
	at.own = a.own && slug == "" && a.idea == 0
	if a.idea != 0 {
		idea, err := h.source.Idea(ctx, l.Who, a.idea)
		if err != nil {
			return at, err
		}
		if slug != "" && slug != idea.Board {
			return at, board.Missing()
		}
		at.idea, slug = a.idea, idea.Board
	}
	if slug != "" {
		b, err := h.source.Board(ctx, l.Who, slug)
		if err != nil {
			return at, err
		}
		at.board, at.private = b.ID, b.Visibility != board.Open
	}
	at.access, err = h.source.Access(ctx, l.ID)
	var fault *board.Error
	if errors.As(err, &fault) && fault.Code == board.NotFound {
		err = board.Fault(board.Unauthorized, "Sign in to go on.")
	}
	return at, err
}

// open brings a connection that was taken over into the hub.
func (h *Hub) open(c *conn, a ask, at place) {
	for !h.enter(c, a, at) {
		var err error
		if at, err = h.find(h.ctx, c.login, a); err != nil {
			// What it asked for went away during the handshake, or the hub is stopping.
			_, _ = c.net.Write(append(append(frame(nil), reloadFrame...), closeFrame(CloseReload, "no longer to be seen")...))
			_ = c.net.Close()
			return
		}
	}
}

// enter puts a connection among the others and starts it; false: somebody's
// sight changed since the place was found, so it has to be found again.
func (h *Hub) enter(c *conn, a ask, at place) bool {
	h.mu.Lock()
	if h.draining {
		h.mu.Unlock()
		_, _ = c.net.Write(closeFrame(websocket.CloseServiceRestart, retryHint(0)))
		_ = c.net.Close()
		return true
	}
	if h.moves != at.moves {
		h.mu.Unlock()
		return false
	}
	p := h.people[c.login.ID]
	if p == nil {
		p = &person{id: c.login.ID}
	}
	p.access = at.access
	oldest := h.add(c, at, p)
	c.nextPing = firstPing(time.Now())
	start := h.start(c, a)
	h.wg.Add(1)
	_ = c.net.SetReadDeadline(time.Now().Add(pongWait))
	h.mu.Unlock()
	go c.read()
	start()
	if oldest != nil {
		oldest.end(CloseReplaced, "too many pages open", false)
		oldest.flushNow()
	}
	return true
}

// retryHint tells a client how long to wait before it comes back, in
// milliseconds, so that not all come back at once. spread is how many there are.
func retryHint(spread int) string {
	return "retry=" + strconv.FormatInt(jitter(spread).Milliseconds(), 10)
}
