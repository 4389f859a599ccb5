package static

import (
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
)

func get(t *testing.T, method, target, encoding string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, target, nil)
	if encoding != "" {
		r.Header.Set("Accept-Encoding", encoding)
	}
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, r)
	return w.Result()
}

func text(t *testing.T, r io.Reader) string {
	t.Helper()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestFilesAreServedForEverInTheBestEncodingAccepted(t *testing.T) {
	plain := get(t, "GET", Path(Styles), "")
	want := text(t, plain.Body)
	if plain.StatusCode != 200 || !strings.Contains(want, "@layer") {
		t.Fatalf("got %d and %d bytes", plain.StatusCode, len(want))
	}
	if got := plain.Header.Get("Cache-Control"); !strings.Contains(got, "immutable") {
		t.Errorf("Cache-Control is %q", got)
	}
	unpack := map[string]func(io.Reader) (io.Reader, error){
		"":     func(r io.Reader) (io.Reader, error) { return r, nil },
		"br":   func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil },
		"gzip": func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
	}
	tags := map[string]bool{}
	for accepted, encoding := range map[string]string{
		"": "", "identity": "", "deflate": "", "br;q=0, zstd;q=0, gzip;q=0": "",
		"gzip, deflate, br, zstd": "br", "br": "br", "*": "br", "gzip;q=1.0, BR;q=0.1": "br",
		"gzip, deflate, zstd": "gzip", "*, br;q=0": "gzip", "br;q=0, zstd, gzip": "gzip", "zstd": "",
		"gzip, br;q=0": "gzip", "gzip": "gzip", "*;q=0, gzip": "gzip",
	} {
		got := get(t, "GET", Path(Styles), accepted)
		if got.Header.Get("Content-Encoding") != encoding || got.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%q: got encoding %q and Vary %q", accepted, got.Header.Get("Content-Encoding"), got.Header.Get("Vary"))
			continue
		}
		r, err := unpack[encoding](got.Body)
		if err != nil || text(t, r) != want {
			t.Errorf("%q: the answer is not the same text: %v", accepted, err)
		}
		tags[got.Header.Get("ETag")] = true
	}
	if len(tags) != 3 {
		t.Errorf("three forms of a file have the ETags %v", tags)
	}
}

func TestAFileIsAnsweredWholeOrNotAtAll(t *testing.T) {
	ask := func(name, value string) *http.Response {
		r := httptest.NewRequest("GET", Path("js/main.js"), nil)
		r.Header.Set("Accept-Encoding", "br")
		r.Header.Set(name, value)
		w := httptest.NewRecorder()
		Handler().ServeHTTP(w, r)
		return w.Result()
	}
	whole := ask("Range", "bytes=0-3")
	if whole.StatusCode != 200 || whole.Header.Get("Content-Range") != "" || whole.Header.Get("Accept-Ranges") != "" {
		t.Errorf("a part asked for: got %d %v", whole.StatusCode, whole.Header)
	}
	same := ask("If-None-Match", `W/"x", `+whole.Header.Get("ETag"))
	if same.StatusCode != 304 || text(t, same.Body) != "" || same.Header.Get("Cache-Control") == "" {
		t.Errorf("the file one has: got %d %v", same.StatusCode, same.Header)
	}
	if other := ask("If-None-Match", `"x"`); other.StatusCode != 200 {
		t.Errorf("a file one does not have: got %d", other.StatusCode)
	}
}

func TestOtherAddressesAreNotFound(t *testing.T) {
	for _, target := range []string{
		strings.Replace(Path("js/main.js"), load().hash, "otherbuildotherb", 1),
		prefix + load().hash + "/js/none.js", prefix, prefix + load().hash + "/../static.go", prefix + load().hash + "/",
	} {
		if got := get(t, "GET", target, "").StatusCode; got != 404 {
			t.Errorf("%s: got %d, want 404", target, got)
		}
	}
	if got := get(t, "POST", Path("js/main.js"), "").StatusCode; got != 405 {
		t.Errorf("POST: got %d, want 405", got)
	}
	head := get(t, "HEAD", Path("js/main.js"), "")
	if head.StatusCode != 200 || text(t, head.Body) != "" || head.Header.Get("Content-Length") == "" {
		t.Errorf("HEAD: got %d with length %q", head.StatusCode, head.Header.Get("Content-Length"))
	}
}

func TestAChangeAnywhereChangesEveryAddress(t *testing.T) {
	of := func(script string) string {
		t.Helper()
		tree, err := read(fstest.MapFS{
			"css/tokens.css": {Data: []byte("@layer tokens;")},
			"js/a.js":        {Data: []byte(script)},
		})
		if err != nil {
			t.Fatal(err)
		}
		return tree.hash
	}
	if of("let a") == of("let b") || of("let a") != of("let a") {
		t.Error("the hash does not follow the contents")
	}
}

func TestWhatFilesReferToExists(t *testing.T) {
	urls := regexp.MustCompile(`url\("?\.\./([^")]+)"?\)`)
	for name, f := range load().files {
		for _, m := range urls.FindAllStringSubmatch(string(f.plain), -1) {
			if _, ok := load().files[m[1]]; !ok {
				t.Errorf("%s shows %s, which is not there", name, m[1])
			}
		}
	}
}
