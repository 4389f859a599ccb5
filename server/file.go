package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"convivio/store/board"
)

// Files are attached through the API, by scripts and programs, and by the forms
// for texts, which work without a script: what such a form brings is named at the
// end of its text.

func (s *Server) attachedRoutes() {
	s.route("GET", "/files/:id", signedIn, func(r *request) error { return s.showFile(r, false) })
	s.route("GET", "/files/:id/view", signedIn, func(r *request) error { return s.showFile(r, true) })
	s.route("POST", apiPrefix+"/files", signedIn, s.addFile)
	s.route("GET", apiPrefix+"/files/:id", signedIn, func(r *request) error { return s.showFile(r, false) })
	s.describeFiles()
}

// takesFiles tells whether a path takes files: their bodies have a limit of their own.
func takesFiles(path string) bool {
	if path == apiPrefix+"/files" {
		return true
	}
	part := strings.Split(strings.TrimPrefix(path, "/"), "/")
	if len(part) != 3 {
		return false
	}
	switch part[0] + " " + part[2] {
	case "boards new", "boards drafts", "ideas edit", "ideas comments", "ideas answers", "comments edit":
		return true
	}
	return false
}

// slack is what a form may have beside its files.
const slack = maxRequestBody

// filesAtOnce is how many files of the largest size a form may bring.
const filesAtOnce = 5

// bodyLimit is how much a request may carry, in bytes.
func (r *request) bodyLimit() int64 {
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	switch {
	case r.bringsRoster():
		return rosterLimit
	case r.Method != http.MethodPost || !strings.EqualFold(kind, "multipart/form-data") || !takesFiles(r.URL.Path):
		return maxRequestBody
	case isAPI(r.URL.Path):
		return r.s.store.FileLimit() + slack
	}
	return filesAtOnce*r.s.store.FileLimit() + slack
}

// How long a file may be on its way, with no pause longer than pauseTime.
const (
	arrivalTime = 15 * time.Minute
	pauseTime   = 30 * time.Second
)

// arriving reads a body that takes longer than others: whoever is slow has time,
// whoever stops has not.
type arriving struct {
	io.Reader
	control *http.ResponseController
	until   time.Time
}

func (a *arriving) Read(p []byte) (int, error) {
	if next := time.Now().Add(pauseTime); next.Before(a.until) {
		_ = a.control.SetReadDeadline(next) // a recorder of a test has none
	}
	return a.Reader.Read(p)
}

// notWhole is the answer to a body that ends before it should.
func notWhole() error {
	return withStatus(http.StatusBadRequest, board.Fault(board.Invalid, "The file did not arrive whole. Attach it again.").On("file"))
}

// wholePart reads a part of a form, and tells what went wrong with the
// connection from what went wrong here.
type wholePart struct{ io.Reader }

func (p wholePart) Read(b []byte) (int, error) {
	n, err := p.Reader.Read(b)
	var large *http.MaxBytesError
	if err != nil && !errors.Is(err, io.EOF) && !errors.As(err, &large) {
		err = notWhole()
	}
	return n, err
}

// parts reads a form of several parts, as they arrive.
func (r *request) parts() (*multipart.Reader, error) {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" || params["boundary"] == "" {
		return nil, withStatus(http.StatusUnsupportedMediaType, board.Fault(board.Invalid, "Send the file in a form (multipart/form-data), as a part named file."))
	}
	body := &arriving{r.Body, http.NewResponseController(&r.w), r.start.Add(arrivalTime)}
	return multipart.NewReader(body, params["boundary"]), nil
}

// arrived gives the answer its time once the request has arrived.
func (r *request) arrived() {
	_ = http.NewResponseController(&r.w).SetWriteDeadline(time.Now().Add(answerTime)) // a recorder of a test has none
}

// addFile takes one file from a script or a program.
func (s *Server) addFile(r *request) error {
	form, err := r.parts()
	if err != nil {
		return err
	}
	for {
		part, err := form.NextRawPart()
		switch {
		case errors.Is(err, io.EOF):
			return board.FieldFault("file", "Send the file in a form (multipart/form-data), as a part named file.")
		case err != nil:
			return partError(err)
		case part.FormName() != "file":
			continue
		}
		f, err := s.store.AddFile(r.Context(), r.who, part.FileName(), wholePart{part}, r.Header.Get("Idempotency-Key"))
		r.arrived()
		if err != nil {
			return err
		}
		b, err := json.Marshal(f)
		if err != nil {
			return fmt.Errorf("describe file %d: %w", f.ID, err)
		}
		return r.send(http.StatusCreated, jsonType, append(b, '\n'))
	}
}

// partError explains a form that cannot be read to its end.
func partError(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return err
	}
	return notWhole()
}

// maxParts bounds the fields of a form with files.
const maxParts = 200

// parseParts reads a form that may bring files. The files are kept as they come,
// and named at the end of the text. What is wrong with one is told once the rest
// of the form has been read, so that it can be shown again as it was typed.
func (r *request) parseParts() error {
	form, err := r.parts()
	if err != nil {
		return err
	}
	defer r.arrived()
	r.PostForm = url.Values{}
	var fault error
	var names []string
	left := int64(maxRequestBody)
	for n := 0; ; n++ {
		part, err := form.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil || n == maxParts {
			return partError(err)
		}
		switch isFile := part.FileName() != ""; {
		case isFile && part.FormName() == "file":
			f, err := r.takeFile(part, len(names))
			if err == nil {
				names = append(names, f.Markdown)
			} else if fault == nil {
				fault = err
			}
		case part.FormName() != "file":
			value, err := io.ReadAll(io.LimitReader(part, left+1))
			if err != nil {
				return partError(err)
			}
			if left -= int64(len(value)); left < 0 {
				return tooLarge(maxRequestBody)
			}
			r.PostForm.Add(part.FormName(), string(value))
		}
	}
	if len(names) > 0 {
		text := strings.TrimRight(r.PostForm.Get("body"), " \r\n")
		r.PostForm.Set("body", strings.TrimLeft(text+"\n\n"+strings.Join(names, "\n\n"), "\n"))
	}
	return fault
}

// takeFile keeps one file of a form. A form sent twice brings it once: forms
// begin with their key.
func (r *request) takeFile(part *multipart.Part, n int) (board.File, error) {
	if n == board.MaxFiles {
		return board.File{}, board.FieldFault("file", "At most %d files can be attached at once.", board.MaxFiles)
	}
	if err := r.checkKey(); err != nil {
		return board.File{}, err
	}
	key := r.PostForm.Get("key")
	if key != "" {
		key += ".file" + strconv.Itoa(n)
	}
	return r.s.store.AddFile(r.Context(), r.who, part.FileName(), wholePart{part}, key)
}

// filePolicy stands on files: whatever one is, a browser that opens it runs nothing.
var filePolicy = []string{"sandbox; default-src 'none'"}

// picturePolicy lets the browser's own page around a picture have its styles.
var picturePolicy = []string{filePolicy[0] + "; style-src 'unsafe-inline'"}

// slowest is how few bytes a second somebody may take a file with.
const slowest = 32 << 10

// showFile sends a file, or a picture as pages show it. Who may see it is looked
// up each time, also when the browser has it already.
func (s *Server) showFile(r *request, view bool) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	f, hash, bytes, err := s.store.OpenFile(r.Context(), r.who, id, view)
	if err != nil {
		return err
	}
	defer bytes.Close()
	how, policy := "attachment", filePolicy
	if f.Picture() { // encoded anew here
		how, policy = "inline", picturePolicy
	}
	h := r.w.Header()
	h["Content-Security-Policy"] = policy
	h["Content-Type"] = []string{f.Type}
	h["Content-Disposition"] = []string{disposition(how, f.Name)}
	h["Cache-Control"] = []string{"private, no-cache"}
	h["Etag"] = []string{`"` + hash[:32] + `"`}
	_ = http.NewResponseController(&r.w).SetWriteDeadline(time.Now().Add(answerTime + time.Duration(f.Size/slowest)*time.Second))
	http.ServeContent(&r.w, r.Request, "", time.Time{}, bytes)
	return nil
}

// disposition names a file for who keeps it: in ASCII for old programs, and as
// it is (RFC 6266, RFC 8187).
func disposition(how, name string) string {
	var plain, whole strings.Builder
	for _, c := range name {
		if c < 0x80 && (isAlphanumeric(byte(c)) || strings.ContainsRune(" ._-()", c)) { // #nosec G115 -- below 0x80
			plain.WriteRune(c)
		} else {
			plain.WriteByte('_')
		}
	}
	for _, c := range []byte(name) {
		if isAlphanumeric(c) || strings.IndexByte("._-", c) >= 0 {
			whole.WriteByte(c)
		} else {
			fmt.Fprintf(&whole, "%%%02X", c)
		}
	}
	return how + `; filename="` + plain.String() + `"; filename*=UTF-8''` + whole.String()
}

func isAlphanumeric(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// describeFiles tells programs of the operations that are no JSON: files of texts and
// of releases.
func (s *Server) describeFiles() {
	doc := s.api.OpenAPI()
	file := doc.Components.Schemas.Schema(reflect.TypeFor[board.File](), true, "File")
	fault := doc.Components.Schemas.Schema(reflect.TypeFor[problem](), true, "Problem")
	faults := map[string]*huma.Response{"default": {Description: "Error", Content: map[string]*huma.MediaType{problemType[0]: {Schema: fault}}}}
	with := func(status string, r *huma.Response) map[string]*huma.Response {
		return map[string]*huma.Response{status: r, "default": faults["default"]}
	}
	text := &huma.Schema{Type: huma.TypeString}
	bytes := &huma.Schema{Type: huma.TypeString, Format: "binary"}
	security := []map[string][]string{{"token": {}}, {"session": {}}}
	doc.AddOperation(&huma.Operation{
		Method: "POST", Path: "/files", OperationID: "post-files", Tags: []string{"files"}, Security: security,
		Summary:     "Attach a file: name it in a text with its markdown",
		Parameters:  []*huma.Param{{Name: "Idempotency-Key", In: "header", Schema: text}},
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {Schema: &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{"file": bytes}, Required: []string{"file"}}}}},
		Responses:   with("201", &huma.Response{Description: "Created", Content: map[string]*huma.MediaType{"application/json": {Schema: file}}}),
	})
	doc.AddOperation(&huma.Operation{
		Method: "GET", Path: "/files/{id}", OperationID: "get-files-id", Tags: []string{"files"}, Security: security,
		Summary:    "The bytes of a file that one may see",
		Parameters: []*huma.Param{{Name: "id", In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeInteger, Format: "int64"}}},
		Responses:  with("200", &huma.Response{Description: "OK", Content: map[string]*huma.MediaType{"application/octet-stream": {Schema: bytes}}}),
	})
	doc.AddOperation(&huma.Operation{
		Method: "GET", Path: "/releases/{number}/files/{name}", OperationID: "get-releases-number-files-name", Tags: []string{"releases"}, Security: security,
		Summary: "The bytes of a file of a release, whole or in parts, for HR and the works council",
		Parameters: []*huma.Param{{Name: "number", In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeInteger, Format: "int64"}},
			{Name: "name", In: "path", Required: true, Schema: text}},
		Responses: with("200", &huma.Response{Description: "OK", Content: map[string]*huma.MediaType{"application/octet-stream": {Schema: bytes}}}),
	})
}
