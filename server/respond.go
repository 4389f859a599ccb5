package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"github.com/a-h/templ"

	"convivio/store/board"
	"convivio/templates"
	"convivio/templates/words"
)

// Header values that stand on many answers, made once.
var (
	htmlType    = []string{"text/html; charset=utf-8"}
	jsonType    = []string{"application/json"}
	problemType = []string{"application/problem+json"}
	plainType   = []string{"text/plain; charset=utf-8"}
)

// buffers hold pages while they are made: a page that fails halfway is an error
// page, not half a page.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func keepBuffer(b *bytes.Buffer) {
	if b.Cap() <= 1<<20 {
		b.Reset()
		buffers.Put(b)
	}
}

// page answers with a page or a part of one.
func (r *request) page(c templ.Component) error { return r.pageStatus(http.StatusOK, c) }

func (r *request) pageStatus(status int, c templ.Component) error {
	b := buffers.Get().(*bytes.Buffer)
	defer keepBuffer(b)
	ctx, composes := templates.WatchComposers(r.Context())
	if err := c.Render(ctx, b); err != nil {
		return err
	}
	if *composes {
		r.w.Header()["Content-Security-Policy"] = composerPolicy
	}
	return r.send(status, htmlType, b.Bytes())
}

// send answers with bytes of a type.
func (r *request) send(status int, contentType []string, body []byte) error {
	h := r.w.Header()
	h["Content-Type"] = contentType
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	r.w.WriteHeader(status)
	_, _ = r.w.Write(body) // a peer that went away is no fault of ours
	return nil
}

// see sends the browser to a page, after a form: going back and reloading then
// sends nothing twice. A device that sends what it kept goes nowhere: it is told
// in a way that no proxy's redirect can be taken for.
func (r *request) see(path string) error {
	if r.Header.Get("Convivio-Sender") != "" {
		r.w.WriteHeader(http.StatusNoContent)
		return nil
	}
	r.w.Header().Set("Location", path)
	r.w.WriteHeader(http.StatusSeeOther)
	return nil
}

// statusError is an error for people whose status its code does not tell.
type statusError struct {
	fault  *board.Error
	status int
}

func (e *statusError) Error() string { return e.fault.Error() }
func (e *statusError) Unwrap() error { return e.fault }

func withStatus(status int, e *board.Error) error { return &statusError{e, status} }

func tooLarge(most int64) error {
	return withStatus(http.StatusRequestEntityTooLarge, board.Fault(board.Invalid, "This is too much at once: at most %d bytes are taken.", most))
}

// formError is an error shown in the form that caused it, with what was typed kept.
type formError struct {
	fault *board.Error
	page  templ.Component
}

func (e *formError) Error() string { return e.fault.Error() }
func (e *formError) Unwrap() error { return e.fault }

// again shows a form again: page makes it with the fault marked. Errors that a
// form cannot show (nothing there, signed out, our own) are returned as they are.
func again(err error, page func(*board.Error) templ.Component) error {
	var fault *board.Error
	if !errors.As(err, &fault) {
		return err
	}
	switch fault.Code {
	case board.Invalid, board.Conflict, board.TooMany, board.Unavailable, board.Forbidden:
		return &formError{fault, page(fault)}
	}
	return err
}

// statusOf gives the HTTP status of a code.
var statusOf = map[board.Code]int{
	board.Invalid:      http.StatusUnprocessableEntity,
	board.Unauthorized: http.StatusUnauthorized,
	board.Forbidden:    http.StatusForbidden,
	board.NotFound:     http.StatusNotFound,
	board.Conflict:     http.StatusConflict,
	board.TooMany:      http.StatusTooManyRequests,
	board.Unavailable:  http.StatusServiceUnavailable,
	board.Internal:     http.StatusInternalServerError,
}

// explain turns any error into one for people and its status; what is not
// meant for people is logged, and its place in the log named.
func (s *Server) explain(r *request, err error) (*board.Error, int) {
	var fault *board.Error
	var status *statusError
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &status):
		return status.fault, status.status
	case errors.As(err, &fault):
		return fault, statusOf[fault.Code]
	case errors.As(err, &large):
		return s.explain(r, tooLarge(large.Limit))
	case r.Context().Err() != nil && errors.Is(err, context.Canceled):
		return board.Fault(board.Unavailable, "The request was given up."), http.StatusServiceUnavailable
	}
	s.log.LogAttrs(context.Background(), slog.LevelError, "request failed", slog.String("id", r.id), slog.Any("error", err))
	return board.Fault(board.Internal, "Something went wrong here, and has been written down. Please try again."), http.StatusInternalServerError
}

// fail answers with an error. It is the only place where an error becomes a response.
func (s *Server) fail(r *request, err error) {
	fault, status := s.explain(r, err)
	if r.w.status != 0 {
		return // the answer is under way: cutting it short says enough
	}
	s.failHeaders(r, fault, status)
	var form *formError
	switch {
	case isAPI(r.URL.Path) || r.URL.Path == "/live" || r.Header.Get("Accept") == problemType[0]:
		_ = r.send(status, problemType, s.problem(r, fault, status).encode())
	case errors.As(err, &form):
		err = r.pageStatus(status, form.page)
	case fault.Code == board.Unauthorized && r.navigates():
		_ = r.see("/signin" + nextQuery(r))
	default:
		err = r.errorPage(fault, status)
	}
	if r.w.status == 0 { // the page itself could not be made
		fault, status = s.explain(r, err)
		_ = r.send(status, plainType, []byte(fault.Error()+"\n"))
	}
}

func (s *Server) failHeaders(r *request, fault *board.Error, status int) {
	h := r.w.Header()
	h["Cache-Control"] = []string{"no-store"}
	switch status {
	case http.StatusUnauthorized:
		h.Set("WWW-Authenticate", "Bearer")
	case http.StatusTooManyRequests:
		seconds := 1
		if len(fault.Args) == 1 {
			if n, ok := fault.Args[0].(int); ok {
				seconds = n
			}
		}
		h.Set("Retry-After", strconv.Itoa(seconds))
	case http.StatusServiceUnavailable:
		h.Set("Retry-After", "5")
	}
}

// errorPage is the page for an error. What is nowhere and what somebody may not
// see give them the same bytes, so nothing of the request stands on that page.
func (r *request) errorPage(fault *board.Error, status int) error {
	p, err := r.frame()
	if err != nil {
		return err
	}
	if fault.Code == board.NotFound {
		p.Path, p.Key = "/", "nothing-to-do-once"
	}
	page := templates.ErrorPage{Page: p, Fault: fault}
	if fault.Code == board.Internal {
		page.ID = r.id
	}
	return r.pageStatus(status, templates.Error(page))
}

// navigates tells whether a person is going to a page: scripts and programs
// that fetch are better off with the status.
func (r *request) navigates() bool {
	mode := r.Header.Get("Sec-Fetch-Mode")
	return mode == "navigate" || mode == "" && strings.Contains(r.Header.Get("Accept"), "text/html")
}

// nextQuery keeps where somebody wanted to go while they sign in: for a form the
// page it stood on, where the draft of what was typed is.
func nextQuery(r *request) string {
	path := r.shownAt()
	if path == "/" || !ownPath(path) {
		return ""
	}
	return "?next=" + url.QueryEscape(path)
}

// problem is an error as programs get it (RFC 9457).
type problem struct {
	Type   string         `json:"type"`
	Title  string         `json:"title"`
	Status int            `json:"status"`
	Detail string         `json:"detail"`
	Code   board.Code     `json:"code" enum:"invalid,unauthorized,forbidden,not_found,conflict,too_many,unavailable,internal"`
	Field  string         `json:"field,omitempty" doc:"the input at fault, by its name"`
	Errors []problemField `json:"errors,omitempty" doc:"every input at fault, when there are several"`
	ID     string         `json:"id,omitempty" doc:"of an internal error, in the server's log"`
}

type problemField struct {
	Field  string `json:"field"`
	Detail string `json:"detail"`
}

func (s *Server) problem(r *request, fault *board.Error, status int) *problem {
	p := &problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: words.Error(r.lang, fault), Code: fault.Code, Field: fault.Field}
	if fault.Code == board.Internal {
		p.ID = r.id
	}
	return p
}

func (p *problem) encode() []byte {
	b, err := json.Marshal(p)
	if err != nil {
		panic(err) // strings and numbers always encode
	}
	return append(b, '\n')
}
