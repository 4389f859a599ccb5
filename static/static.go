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
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/bits"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
)

//go:embed css js img worker
var embedded embed.FS

// Styles is the one style sheet of the pages: every file of css/, one after the
// other. Their order does not matter beyond tokens.css, which names the layers.
const Styles = "css/convivio.css"

// prefix is where the server mounts Handler.
const prefix = "/static/"

// file is one thing served.
type file struct {
	kind  string // content type
	plain []byte
	tag   string // ETag, without its quotes and the name of the encoding
	// encodings are the smaller forms of it, the one preferred first. They are made
	// once: in the background after the start, or when one is asked for before.
	encodings func() []encoding
}

// encoding is a file compressed.
type encoding struct {
	name string // as Accept-Encoding names it
	body []byte
}

// tree is everything served.
type tree struct {
	hash   string
	files  map[string]file
	worker []byte // the service worker's script, but for its first line
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

// Handler serves the tree under /static/. Another build's address is not found,
// never answered with this build's file.
func Handler() http.Handler {
	t := load()
	go t.warm()
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
	body, tag := f.plain, f.tag
	for _, e := range f.encodings() {
		if accepts(r.Header.Get("Accept-Encoding"), e.name) {
			body, tag = e.body, f.tag+"-"+e.name
			h.Set("Content-Encoding", e.name)
			break
		}
	}
	h.Set("ETag", `"`+tag+`"`)
	if strings.Contains(r.Header.Get("If-None-Match"), `"`+tag+`"`) {
		h.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // the reader went away: nothing to be done
	}
}

// accepts tells whether an Accept-Encoding header takes an encoding: by its name
// or, where the name is not in it, by the star.
func accepts(header, encoding string) bool {
	star := false
	for part := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(part, ";")
		name = strings.TrimSpace(name)
		q, _ := strings.CutPrefix(strings.TrimSpace(params), "q=")
		weight, err := strconv.ParseFloat(q, 64)
		taken := err != nil || weight > 0
		if strings.EqualFold(name, encoding) {
			return taken
		}
		star = star || name == "*" && taken
	}
	return star
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
	if err := joinScripts(contents); err != nil {
		return tree{}, err
	}
	t := tree{files: map[string]file{}, worker: joinWorker(contents)}
	sum := sha256.New()
	for _, name := range sorted(contents) {
		fmt.Fprintf(sum, "%s %d\n", name, len(contents[name]))
		sum.Write(contents[name])
		kind, ok := kinds[path.Ext(name)]
		if !ok {
			return tree{}, fmt.Errorf("%s: no content type is known for it", name)
		}
		t.files[name] = file{kind: kind, plain: contents[name], encodings: sync.OnceValue(func() []encoding { return encodings(contents[name], kind) })}
	}
	t.hash = strings.ToLower(base32.StdEncoding.EncodeToString(sum.Sum(nil))[:16])
	for name, f := range t.files {
		f.tag = t.hash
		t.files[name] = f
	}
	return t, nil
}

// warm makes the encodings of every file, so that nobody waits for them.
func (t tree) warm() {
	for _, f := range t.files {
		f.encodings()
	}
}

// joinStyles makes one style sheet of all, the one that names the layers first.
func joinStyles(contents map[string][]byte) {
	tokens := contents["css/tokens.css"]
	joined := slices.Clone(tokens)
	for _, name := range sorted(contents) {
		if path.Ext(name) != ".css" {
			continue
		}
		if name != "css/tokens.css" {
			joined = append(append(joined, '\n'), contents[name]...)
		}
		delete(contents, name)
	}
	contents[Styles] = append(joined, plainColours(tokens)...)
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
	".png": "image/png",
}

// encodings compresses a file as far as it goes; a form that is not smaller is
// left out, and a picture of dots is compressed already. zstd is not among them:
// who takes it takes brotli, which is a seventh smaller.
func encodings(body []byte, kind string) []encoding {
	if kind == kinds[".png"] {
		return nil
	}
	var list []encoding
	for _, e := range []encoding{{"br", brotliOf(body)}, {"gzip", gzipOf(body)}} {
		if len(e.body) < len(body) {
			list = append(list, e)
		}
	}
	return list
}

// brotliOf compresses with a window as large as the file: the usual one takes
// 32 MB of tables, however small the file. 16 bytes of a window are never used.
func brotliOf(body []byte) []byte {
	window := max(16, bits.Len64(uint64(len(body)+16))) // #nosec G115 -- a length
	var b bytes.Buffer
	return written(&b, brotli.NewWriterOptions(&b, brotli.WriterOptions{Quality: brotli.BestCompression, LGWin: window}), body)
}

func gzipOf(body []byte) []byte {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		panic(fmt.Sprintf("static: %v", err)) // a level that is none
	}
	return written(&b, w, body)
}

// written is what a writer that compresses leaves in memory, where nothing fails.
func written(b *bytes.Buffer, w io.WriteCloser, body []byte) []byte {
	_, err := w.Write(body)
	if err = errors.Join(err, w.Close()); err != nil {
		panic(fmt.Sprintf("static: %v", err))
	}
	return b.Bytes()
}
