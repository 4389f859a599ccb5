package server

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"convivio/store"
	"convivio/store/board"
	"convivio/templates/words"
)

// answerTime is how long an answer may take to be written.
const answerTime = 30 * time.Second

// request is one request and who makes it: all that a handler needs.
type request struct {
	*http.Request
	w     recorder
	s     *Server
	c     echo.Context
	id    string
	start time.Time
	route *Route // nil before a route was found
	login store.Login
	who   board.Who // login.Who; zero: nobody signed in
	lang  string    // one of words.Langs
}

// handler answers a request, or says why not.
type handler func(*request) error

// serve is what happens to every request, whatever its route.
func (s *Server) serve(w http.ResponseWriter, hr *http.Request) {
	r := &request{Request: hr, s: s, id: s.ids.next(), start: time.Now()}
	r.w = recorder{ResponseWriter: w, of: r}
	defer r.end()
	defer func() {
		if p := recover(); p != nil {
			s.fail(r, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
		}
	}()
	s.headers.set(w.Header())
	w.Header()["X-Request-Id"] = []string{r.id}
	r.lang = words.Pick("", hr.Header.Get("Accept-Language"))
	// A recorder of a test has no deadline to set.
	_ = http.NewResponseController(w).SetWriteDeadline(r.start.Add(answerTime))
	if err := s.gate(r); err != nil {
		s.fail(r, err)
		return
	}
	s.echo.ServeHTTP(&r.w, hr)
}

// gate refuses what no route should have to think about.
func (s *Server) gate(r *request) error {
	if err := s.checkHost(r); err != nil {
		return err
	}
	most := r.bodyLimit()
	if r.ContentLength > most {
		return tooLarge(most)
	}
	if r.Body != nil && r.Body != http.NoBody {
		r.Body = http.MaxBytesReader(&r.w, r.Body, most)
	}
	return s.checkOrigin(r)
}

// end keeps the figures of the request and a line of the log, which names the
// route, never the address: addresses hold ids, words and secrets. Whose request it
// was stands in the access log alone, which the server itself erases.
func (r *request) end() {
	took := time.Since(r.start)
	status := r.w.status
	if status == 0 {
		status = http.StatusOK
	}
	template := "none"
	if r.route != nil {
		template = r.route.Path
	}
	r.s.metrics.count(r.route, r.Method, status, took)
	if r.route != nil && r.route.Access != open {
		line := visit{ID: r.id, Person: r.who.ID, From: r.address(), Method: knownMethod(r.Method), Route: template, Status: status}
		if err := r.s.Visits.add(line); err != nil {
			r.s.log.LogAttrs(context.Background(), slog.LevelError, "a request is not in the access log", slog.Any("error", err))
		}
	}
	level := slog.LevelInfo
	if r.route != nil && r.route.Access == open {
		level = slog.LevelDebug
	}
	if !r.s.log.Enabled(r.Context(), level) {
		return
	}
	r.s.log.LogAttrs(context.Background(), level, "request", slog.String("id", r.id), slog.String("method", knownMethod(r.Method)), slog.String("route", template),
		slog.Int("status", status), slog.Int64("us", took.Microseconds()), slog.Int64("bytes", r.w.size))
}

// param is a part of the path, as the route names it.
func (r *request) param(name string) string {
	if s, err := url.PathUnescape(r.c.Param(name)); err == nil {
		return s
	}
	return r.c.Param(name)
}

// idParam is a part of the path that is an id. Errors: not_found for anything
// else: what is no id was never used as one.
func (r *request) idParam(name string) (int64, error) {
	s := r.param(name)
	id, err := strconv.ParseInt(s, 10, 64)
	if err != nil || id <= 0 || s[0] == '+' || s[0] == '0' {
		return 0, board.Missing()
	}
	return id, nil
}

// query is a value of the address's query, empty when it is not there.
func (r *request) query(name string) string { return r.c.QueryParam(name) }

// address is the peer's IP address, or the one a trusted proxy names.
func (r *request) address() string { return r.s.echo.IPExtractor(r.Request) }

// network is where the peer is, as limits know it: the address, or for version
// six the network, of which one subscriber has all the addresses.
func (r *request) network() string {
	address := r.address()
	ip, err := netip.ParseAddr(address)
	if err != nil || ip.Unmap().Is4() {
		return address
	}
	return netip.PrefixFrom(ip.WithZone(""), 64).Masked().String()
}

// recorder passes an answer on and remembers its status and size.
type recorder struct {
	http.ResponseWriter
	status int
	size   int64
	of     *request
}

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 && status >= 200 || status == http.StatusSwitchingProtocols {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(b)
	w.size += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController find what the connection can do.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Hijack hands the connection over, for websockets.
func (w *recorder) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err == nil {
		w.status = http.StatusSwitchingProtocols
	}
	return conn, rw, err
}

// requestIDs numbers requests so that no two servers and no two starts agree.
type requestIDs struct {
	prefix string
	last   *atomic.Uint64
}

func newRequestIDs() requestIDs {
	b := make([]byte, 6)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the program instead
	return requestIDs{prefix: hex.EncodeToString(b) + "-", last: &atomic.Uint64{}}
}

func (ids requestIDs) next() string { return ids.prefix + strconv.FormatUint(ids.last.Add(1), 36) }
