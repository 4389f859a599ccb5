package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"convivio/store/board"
	"convivio/templates/words"
)

// apiPrefix is where the API stands.
const apiPrefix = "/api/v1"

// maxDepth is how deep JSON may be nested.
const maxDepth = 32

// apiDocument is huma's side of the API: it checks input against the types and
// keeps the OpenAPI description.
type apiDocument struct {
	huma.API
	adding access // of the operation being registered
	once   sync.Once
	json   []byte
	err    error
}

// huma's settings hold for the whole program.
func init() {
	huma.ValidateStrictCasing = true
	huma.NewErrorWithContext = func(c huma.Context, status int, message string, errs ...error) huma.StatusError {
		r := c.(*apiContext).r
		return r.s.humaProblem(r, status, message, errs)
	}
	// Outside a request huma asks for an error only to describe its type.
	huma.NewError = func(status int, message string, _ ...error) huma.StatusError {
		return &problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: message}
	}
}

func (s *Server) apiRoutes() {
	config := huma.DefaultConfig("Convivio", s.Version)
	config.Info.Description = "Boards, ideas, threads and votes. Sign in with a token: `Authorization: Bearer cvt_…`."
	config.CreateHooks = nil // no $schema built from the Host header
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "", "", ""
	config.Servers = []*huma.Server{{URL: apiPrefix}}
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token":   {Type: "http", Scheme: "bearer"},
		"session": {Type: "apiKey", In: "cookie", Name: s.cookieName()},
	}
	s.api.API = huma.NewAPI(config, &apiAdapter{s})
	s.route("GET", apiPrefix+"/openapi.json", anyone, s.describeAPI)
	api(s, "GET", "/me", signedIn, "Who is asking, and how far the log goes", s.me)
}

// reply is what huma wraps an answer's body in.
type reply[Out any] struct{ Body *Out }

// api registers an operation of the API under /api/v1, with its path as huma
// writes it: /boards/{slug}. In holds what is asked (huma's tags path, query,
// header, and a field Body); Out is the body of the answer. POST answers 201,
// everything else 200. Errors of fn reach the client only as board.Error.
func api[In, Out any](s *Server, method, path string, may access, summary string, fn func(ctx context.Context, who board.Who, in *In) (*Out, error)) {
	status := http.StatusOK
	if method == http.MethodPost {
		status = http.StatusCreated
	}
	parts := strings.FieldsFunc(path, func(r rune) bool { return r == '/' || r == '{' || r == '}' })
	op := huma.Operation{
		Method: method, Path: path, Summary: summary, DefaultStatus: status,
		OperationID: strings.ToLower(method) + "-" + strings.Join(parts, "-"),
		Tags:        parts[:1],
		Errors:      []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusTooManyRequests, http.StatusServiceUnavailable},
		Security:    []map[string][]string{{"token": {}}, {"session": {}}},
	}
	s.api.adding = may
	huma.Register(s.api.API, op, func(ctx context.Context, in *In) (*reply[Out], error) {
		r := ctx.Value(requestKey{}).(*request)
		out, err := fn(ctx, r.who, in)
		if held := waiting(err); held != nil {
			return nil, heldAnswer{held}
		}
		if err != nil {
			s.keepRefusal(r, err)
			fault, status := s.explain(r, err)
			s.failHeaders(r, fault, status)
			return nil, s.problem(r, fault, status)
		}
		return &reply[Out]{out}, nil
	})
}

// requestKey finds the request in the context that huma passes on.
type requestKey struct{}

// apiAdapter registers huma's operations like every other route.
type apiAdapter struct{ s *Server }

// Handle registers an operation.
func (a *apiAdapter) Handle(op *huma.Operation, handle func(huma.Context)) {
	path := apiPrefix + strings.NewReplacer("{", ":", "}", "").Replace(op.Path)
	a.s.route(op.Method, path, a.s.api.adding, func(r *request) error {
		if err := r.checkJSON(); err != nil {
			return err
		}
		handle(&apiContext{r: r, op: op, ctx: context.WithValue(r.Context(), requestKey{}, r)})
		return nil
	})
}

// ServeHTTP is asked for by huma and never called: requests come through the server.
func (a *apiAdapter) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.s.handler.ServeHTTP(w, r) }

// checkJSON reads the body of an API request and refuses what the JSON decoder
// would let pass: other types, texts that it would change, and nesting made to
// exhaust it.
func (r *request) checkJSON() error {
	if r.Body == nil || r.Body == http.NoBody || r.ContentLength == 0 {
		return nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return tooLarge(large.Limit)
		}
		return withStatus(http.StatusBadRequest, board.Fault(board.Invalid, "The request ended before its body did."))
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if len(body) == 0 {
		return nil
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		return withStatus(http.StatusUnsupportedMediaType, board.Fault(board.Invalid, "Send JSON here, with Content-Type: application/json."))
	}
	if fault := checkText(body); fault != nil {
		return withStatus(http.StatusBadRequest, fault)
	}
	if tooDeep(body) {
		return withStatus(http.StatusBadRequest, board.Fault(board.Invalid, "This JSON is nested more than %d levels deep.", maxDepth))
	}
	return nil
}

// tooDeep tells whether JSON is nested deeper than maxDepth.
func tooDeep(body []byte) bool {
	depth, inString := 0, false
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '{' || c == '[':
			if depth++; depth > maxDepth {
				return true
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return false
}

// maxFaults is how many faults of one request are told.
const maxFaults = 20

// humaProblem turns what huma found wrong with a request into our own error.
func (s *Server) humaProblem(r *request, status int, message string, errs []error) huma.StatusError {
	var fields []problemField
	missing := false
	for _, err := range errs[:min(len(errs), maxFaults)] {
		// Error of a detail writes the whole input out: it is asked of others alone.
		var detail *huma.ErrorDetail
		var number *json.UnmarshalTypeError
		switch d, ok := err.(huma.ErrorDetailer); {
		case ok:
			detail = d.ErrorDetail()
		case errors.As(err, &number):
			detail = &huma.ErrorDetail{Location: "body." + number.Field, Message: "this is not what is expected here"}
		default:
			detail = &huma.ErrorDetail{Message: err.Error()}
		}
		where, field, _ := strings.Cut(detail.Location, ".")
		missing = missing || where == "path"
		fields = append(fields, s.inputFault(r, field, detail.Message))
	}
	fault := board.Fault(board.Invalid, "This request is not right: %s", message)
	switch {
	case missing: // an address that can lead nowhere
		fault, status, fields = board.Missing(), http.StatusNotFound, nil
	case status >= http.StatusInternalServerError:
		fault, status = s.explain(r, fmt.Errorf("huma: %s: %w", message, errors.Join(errs[:min(len(errs), maxFaults)]...)))
		fields = nil
	case len(fields) > 0:
		fault = board.FieldFault(fields[0].Field, "%s", fields[0].Detail)
	}
	s.failHeaders(r, fault, status)
	p := s.problem(r, fault, status)
	p.Errors = fields
	return p
}

// inputFault says in our words what huma says most often.
func (s *Server) inputFault(r *request, field, message string) problemField {
	if message == "unexpected property" {
		return problemField{field, words.T(r.lang, "There is no such field here.")}
	}
	if name, ok := strings.CutPrefix(message, "expected required property "); ok {
		name, _, _ = strings.Cut(name, " ")
		return problemField{strings.TrimPrefix(field+"."+name, "."), words.T(r.lang, "This field is missing.")}
	}
	return problemField{field, message}
}

// GetStatus, Error and ContentType let huma write a problem.
func (p *problem) GetStatus() int { return p.Status }

func (p *problem) Error() string { return p.Detail }

// ContentType is the media type of the answer.
func (p *problem) ContentType(string) string { return problemType[0] }

func (s *Server) describeAPI(r *request) error {
	s.api.once.Do(func() { s.api.json, s.api.err = json.Marshal(s.api.OpenAPI()) })
	if s.api.err != nil {
		return fmt.Errorf("describe the API: %w", s.api.err)
	}
	return r.send(http.StatusOK, jsonType, s.api.json)
}

func (s *Server) me(_ context.Context, who board.Who, _ *struct{}) (*board.Me, error) {
	return &board.Me{Who: who, Epoch: s.store.Epoch(), Seq: s.store.Head()}, nil
}
