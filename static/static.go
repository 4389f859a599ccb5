// Package static holds the styles, scripts and pictures of the pages inside the
// binary. All of them share one hash, which is a folder of their address: a new
// build has new addresses, so browsers may keep each file for ever, and relative
// addresses between the files keep holding.
package static

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base32"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
)

//go:embed css js img
var embedded embed.FS

// Styles is the one style sheet of the pages: every file of css/, one after the
// other. Their order does not matter beyond tokens.css, which names the layers.
const Styles = "css/convivio.css"

// prefix is where the server mounts Handler.
const prefix = "/static/"

// file is one thing served, in the encodings it is served in.
type file struct {
	kind                string // content type
	plain, gzip, brotli []byte
}

// tree is everything served.
type tree struct {
	hash  string
	files map[string]file
}

// load reads and compresses the tree once, when it is first asked for.
var load = sync.OnceValue(func() tree {
	t, err := read(embedded)
	if err != nil {
		panic(fmt.Sprintf("static: %v", err)) // the binary itself is broken
	}
	return t
})

// Path is the address of a file, such as js/live.js. It panics for a file that
// does not exist, which is a mistake in a template.
func Path(name string) string {
	t := load()
	if _, ok := t.files[name]; !ok {
		panic("static: there is no " + name)
	}
	return prefix + t.hash + "/" + name
}

// Scripts lists the names of all modules, so that a page can ask for them at once
// instead of discovering each import in turn.
func Scripts() []string {
	var names []string
	for name := range load().files {
		if path.Ext(name) == ".js" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Handler serves the tree under /static/. Another build's address is not found,
// never answered with this build's file.
func Handler() http.Handler {
	t := load()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
			return
		}
		name, ok := strings.CutPrefix(r.URL.Path, prefix+t.hash+"/")
		f, known := t.files[name]
		if !ok || !known {
			http.NotFound(w, r)
			return
		}
		f.serve(w, r)
	})
}

func (f file) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	body := f.plain
	switch accepted := r.Header.Get("Accept-Encoding"); {
	case f.brotli != nil && accepts(accepted, "br"):
		body = f.brotli
		h.Set("Content-Encoding", "br")
	case f.gzip != nil && accepts(accepted, "gzip"):
		body = f.gzip
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // the reader went away: nothing to be done
	}
}

// accepts tells whether an Accept-Encoding header names an encoding and does not
// refuse it.
func accepts(header, encoding string) bool {
	for _, part := range strings.Split(header, ",") {
		name, params, _ := strings.Cut(part, ";")
		if strings.TrimSpace(name) == encoding {
			q, _ := strings.CutPrefix(strings.TrimSpace(params), "q=")
			refused, err := strconv.ParseFloat(q, 64)
			return err != nil || refused > 0
		}
	}
	return false
}

// read gathers the files, joins the styles and hashes the whole.
func read(source fs.FS) (tree, error) {
	contents := map[string][]byte{}
	err := fs.WalkDir(source, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		contents[name], err = fs.ReadFile(source, name)
		return err
	})
	if err != nil {
		return tree{}, fmt.Errorf("read the embedded files: %w", err)
	}
	joinStyles(contents)
	t := tree{files: map[string]file{}}
	sum := sha256.New()
	for _, name := range sorted(contents) {
		fmt.Fprintf(sum, "%s %d\n", name, len(contents[name]))
		sum.Write(contents[name])
		if t.files[name], err = compress(name, contents[name]); err != nil {
			return tree{}, err
		}
	}
	t.hash = strings.ToLower(base32.StdEncoding.EncodeToString(sum.Sum(nil))[:16])
	return t, nil
}

// joinStyles makes one style sheet of all, the one that names the layers first.
func joinStyles(contents map[string][]byte) {
	joined := contents["css/tokens.css"]
	for _, name := range sorted(contents) {
		if path.Ext(name) != ".css" {
			continue
		}
		if name != "css/tokens.css" {
			joined = append(append(joined, '\n'), contents[name]...)
		}
		delete(contents, name)
	}
	contents[Styles] = joined
}

func sorted(contents map[string][]byte) []string {
	names := make([]string, 0, len(contents))
	for name := range contents {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

var kinds = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

// compress prepares a file. The middle qualities keep the start of the program
// short and come within a few per cent of the best.
func compress(name string, body []byte) (file, error) {
	kind, ok := kinds[path.Ext(name)]
	if !ok {
		return file{}, fmt.Errorf("%s: no content type is known for it", name)
	}
	f := file{kind: kind, plain: body}
	var err error
	if f.brotli, err = encoded(body, func(w io.Writer) io.WriteCloser { return brotli.NewWriterLevel(w, 5) }); err != nil {
		return f, fmt.Errorf("compress %s: %w", name, err)
	}
	f.gzip, err = encoded(body, func(w io.Writer) io.WriteCloser {
		z, _ := gzip.NewWriterLevel(w, gzip.DefaultCompression) // fails only for an unknown level
		return z
	})
	if err != nil {
		return f, fmt.Errorf("compress %s: %w", name, err)
	}
	return f, nil
}

// encoded compresses body, or returns nil when that does not make it smaller.
func encoded(body []byte, writer func(io.Writer) io.WriteCloser) ([]byte, error) {
	var b bytes.Buffer
	w := writer(&b)
	if _, err := w.Write(body); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	if b.Len() >= len(body) {
		return nil, nil
	}
	return b.Bytes(), nil
}
