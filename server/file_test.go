package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"convivio/client"
	"convivio/store/board"
)

// part is a field of a form, or with a file name a file.
type part struct{ name, file, text string }

func formOf(t testing.TB, parts ...part) (contentType, body string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, p := range parts {
		h := textproto.MIMEHeader{}
		disposition := `form-data; name="` + p.name + `"`
		if p.file != "" {
			// As browsers write it: quotes and line ends escaped, the rest as it is.
			disposition += `; filename="` + strings.NewReplacer(`"`, "%22", "\r", "%0D", "\n", "%0A").Replace(p.file) + `"`
			h.Set("Content-Type", "text/html") // nobody believes it
		}
		h["Content-Disposition"] = []string{disposition}
		to, err := w.CreatePart(h)
		if err == nil {
			_, err = to.Write([]byte(p.text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), b.String()
}

// sendForm sends a form with files as a browser does from a page here.
func (b *browser) sendForm(path string, parts ...part) answered {
	b.f.Helper()
	b.header.Set("Origin", b.f.http.URL)
	defer b.header.Del("Origin")
	kind, body := formOf(b.f.TB, parts...)
	return b.do("POST", path, kind, body)
}

func (b *browser) attach(name, content string) board.File {
	b.f.Helper()
	a := b.sendForm("/api/v1/files", part{"file", name, content}).has(http.StatusCreated)
	var f board.File
	if err := json.Unmarshal([]byte(a.body), &f); err != nil {
		b.f.Fatal(err)
	}
	return f
}

func address(f board.File) string { return fmt.Sprintf("/files/%d", f.ID) }

func smallPNG(t *testing.T, w, h int) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, w, h))); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// S-004..S-006, and how files are served (trust 5.4).
func TestFilesAreServedSoThatNothingRuns(t *testing.T) {
	f := newFront(t, nil)
	anna := f.as("anna")
	for _, tt := range []struct {
		name, content, kind, disposition string
	}{
		{"città di notte.png", smallPNG(t, 20, 10), "image/png", `inline; filename="citt_ di notte.png"; filename*=UTF-8''citt%C3%A0%20di%20notte.png`},
		{"pagina.html", smallPNG(t, 20, 10), "image/png", `inline; filename="pagina.html.png"; filename*=UTF-8''pagina.html.png`},
		{"Piano.pdf", "%PDF-1.7\n<script>alert(1)</script>", "application/pdf", `attachment; filename="Piano.pdf"; filename*=UTF-8''Piano.pdf`},
		{`"><img src=x onerror=alert(1)>.txt`, "x", "text/plain", `attachment; filename="_22__img src_x onerror_alert(1)_.txt"; filename*=UTF-8''%2522%3E%3Cimg%20src%3Dx%20onerror%3Dalert%281%29%3E.txt`},
		{"a\u202Etxt.exe", "x", "text/plain", `attachment; filename="atxt.exe.txt"; filename*=UTF-8''atxt.exe.txt`},
		{"x\r\nSet-Cookie: a=b.csv", "a;b", "text/csv", `attachment; filename="x__0D_0ASet-Cookie_ a_b.csv"; filename*=`},
	} {
		got := anna.attach(tt.name, tt.content)
		a := anna.get(address(got)).has(http.StatusOK)
		policy := "sandbox; default-src 'none'"
		if got.Picture() {
			policy += "; style-src 'unsafe-inline'" // of the browser's own page around it
		}
		for name, want := range map[string]string{
			"Content-Type": tt.kind, "Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff",
			"Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "private, no-cache",
		} {
			if have := a.header.Get(name); have != want {
				t.Errorf("%q: %s is %q, want %q", tt.name, name, have, want)
			}
		}
		have := a.header.Get("Content-Disposition")
		if strings.HasPrefix(tt.name, "x\r\n") {
			if strings.ContainsAny(have, "\r\n") || a.header.Get("Set-Cookie") != "" || !strings.HasPrefix(have, "attachment; ") {
				t.Errorf("%q: %q", tt.name, have)
			}
		} else if have != tt.disposition {
			t.Errorf("%q:\n got %s\nwant %s", tt.name, have, tt.disposition)
		}
		if a.header.Get("Etag") == "" || len(a.body) != int(got.Size) && tt.kind != "image/png" {
			t.Errorf("%q: ETag %q, %d bytes of %d", tt.name, a.header.Get("Etag"), len(a.body), got.Size)
		}
	}
	// What is no picture has no view.
	doc := anna.attach("x.txt", "x")
	anna.get(address(doc) + "/view").has(http.StatusNotFound)
}

// S-004: what a browser would run, and what is not what it says, is not taken.
func TestDangerousFilesAreRefusedWithWhatToDo(t *testing.T) {
	f := newFront(t, nil)
	anna := f.as("anna")
	for name, content := range map[string]string{
		"x.svg": `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, "x.html.png": "<!doctype html><script>alert(1)</script>",
		"x.png": "GIF89a<script>alert(1)</script>", "x.exe": "MZ\x90\x00", "x.zip": "PK\x03\x04", "vuoto.txt": "", "": "\x00\x01",
	} {
		p := anna.sendForm("/api/v1/files", part{"file", name + "", content}, part{"x", "", ""}).problem()
		if name != "" && (p.Status != http.StatusUnprocessableEntity || p.Field != "file" || len(p.Detail) < 15) {
			t.Errorf("%s: %+v", name, p)
		}
	}
	large := strings.Repeat("x", int(f.store.FileLimit())+1)
	if p := anna.sendForm("/api/v1/files", part{"file", "x.txt", large}).problem(); p.Status != 422 || p.Field != "file" {
		t.Errorf("too large: %+v", p)
	}
	anna.sendForm("/api/v1/files", part{"file", "x.txt", large + large}).has(http.StatusRequestEntityTooLarge)
	anna.sendForm("/api/v1/files", part{"other", "", "x"}).has(http.StatusUnprocessableEntity)
	kind, body := formOf(t, part{"file", "x.txt", "x"})
	anna.header.Set("Origin", f.http.URL)
	anna.do("POST", "/api/v1/files", kind, body[:len(body)-20]).has(http.StatusBadRequest)
	anna.do("POST", "/api/v1/files", "application/json", `{}`).has(http.StatusUnsupportedMediaType)
	anna.do("POST", "/api/v1/files", "multipart/form-data", body).has(http.StatusUnsupportedMediaType)
}

// S-112: other addresses keep their limit, whatever the form says it is.
func TestOnlyFormsForTextsTakeMore(t *testing.T) {
	f := newFront(t, nil)
	anna := f.as("anna")
	big := part{"file", "x.txt", strings.Repeat("x", 2<<20)}
	for path, status := range map[string]int{
		"/account/language": 413, "/api/v1/boards": 413, "/preview": 413, "/signin": 413, "/ideas/1/vote": 413, "/nowhere": 413,
		"/ideas/9/comments": 404, "/comments/9/edit": 404,
	} {
		if got := anna.sendForm(path, big); got.status != status {
			t.Errorf("%s: got %d, want %d", path, got.status, status)
		}
	}
	anna.header.Set("Origin", f.http.URL)
	anna.do("POST", "/api/v1/files", "application/x-www-form-urlencoded", strings.Repeat("x", 2<<20)).has(413)
	f.nobody().sendForm("/api/v1/files", big).has(http.StatusUnauthorized)
	other := f.as("anna")
	kind, body := formOf(t, big)
	other.header.Set("Origin", "http://altrove.example")
	other.do("POST", "/api/v1/files", kind, body).has(http.StatusForbidden)
}

// S-022, S-027: a file that one may not see is, to the last byte, one that never was.
func TestAFileOneMayNotSeeLooksLikeNone(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	anna := f.as("anna")
	unsaved, saved := anna.attach("CNRY.png", smallPNG(t, 20, 10)), anna.attach("CNRY2.png", smallPNG(t, 21, 10))
	anna.post("/boards/riservata/new", fields("title", "R", "body", saved.Markdown)).leads("/ideas/1")
	mod := f.as("mod")
	mod.get(address(saved)).has(http.StatusOK)
	mod.get(address(saved) + "/view").has(http.StatusOK)
	for _, name := range []string{"bruno", "guest"} {
		b := f.as(name)
		for _, file := range []board.File{unsaved, saved} {
			for _, tail := range []string{"", "/view"} {
				path, never := address(file)+tail, "/files/424242"+tail
				if x, y := sameBut(b.get(path), path), sameBut(b.get(never), never); x != y || !strings.HasPrefix(x, "404") {
					t.Errorf("%s as %s:\n%s\n%s", path, name, x, y)
				}
			}
		}
		p := f.program(name)
		if x, y := sameBut(p.get("/api/v1"+address(saved)), address(saved)), sameBut(p.get("/api/v1/files/424242"), "/files/424242"); x != y {
			t.Errorf("API as %s:\n%s\n%s", name, x, y)
		}
	}
	// The browser has it already, and asks again with its tag.
	tag := mod.get(address(saved)).header.Get("Etag")
	mod.header.Set("If-None-Match", tag)
	mod.get(address(saved)).has(http.StatusNotModified)
	if err := f.leave("riservata", "mod"); err != nil {
		t.Fatal(err)
	}
	mod.get(address(saved)).has(http.StatusNotFound)
	f.nobody().get(address(saved)).leads("/signin?next=" + url.QueryEscape(address(saved)))
}

func (f *front) leave(slug, name string) error {
	_, err := f.store.RemoveMember(f.Context(), f.people["admin"], slug, f.people[name].ID)
	return err
}

// S-072: no address leads to anything but a number's file.
func TestNoAddressLeadsOutOfTheFolder(t *testing.T) {
	f := newFront(t, nil)
	anna := f.as("anna")
	anna.attach("x.txt", "x")
	ups := []string{"../", "..%2f", "..%5c", "%2e%2e/", "%2e%2e%2f", "..%252f", "..%c0%af", "....//", "..;/", "..%00/", ".%2e/", "%252e%252e%252f", "..%e2%88%95", "%ef%bc%8e%ef%bc%8e/", "./../", "..//"}
	asked := 0
	for _, up := range ups {
		for _, end := range []string{"convivio.db", "head", "demo", "1", "etc/passwd"} {
			a := anna.do("GET", "/files/"+strings.Repeat(up, 3)+end, "", "")
			asked++
			if a.status == http.StatusOK || strings.Contains(a.body, "SQLite") || strings.Contains(a.body, "root:") {
				t.Errorf("%s%s: %d %.80s", up, end, a.status, a.body)
			}
		}
	}
	for _, id := range []string{"+1", "01", "1.0", "1e0", "0x1", "-1", "0", "1%00", "1%20", " 1", "９", "9999999999999999999999", "1/view/", "1/..", "1.txt"} {
		anna.get("/files/" + url.PathEscape(id)).has(http.StatusNotFound)
	}
	if asked < 80 {
		t.Errorf("%d vectors", asked)
	}
}

// TestAFormBringsFilesWithoutAScript attaches in every form for a text; what was
// typed stays when something is wrong.
func TestAFormBringsFilesWithoutAScript(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	anna, mod := f.as("anna"), f.as("mod")
	pic, none := part{"file", "pianta.png", smallPNG(t, 20, 10)}, part{"file", "", ""}
	anna.sendForm("/boards/aperta/new", part{"key", "", "k1"}, part{"title", "", "Una"}, part{"body", "", "Ecco la pianta."}, part{"tags", "", ""}, pic).leads("/ideas/1")
	// Sent twice: once.
	anna.sendForm("/boards/aperta/new", part{"key", "", "k1"}, part{"title", "", "Una"}, part{"body", "", "Ecco la pianta."}, part{"tags", "", ""}, pic).leads("/ideas/1")
	page := anna.get("/ideas/1").has(200, "Ecco la pianta.", `<img src="/files/1/view" alt="pianta" width="20" height="10" loading="lazy">`)
	if policy := page.header.Get("Content-Security-Policy"); !strings.Contains(policy, "img-src 'self' blob:;") {
		t.Errorf("a page with a composer has the policy %q", policy)
	}
	if policy := anna.get("/boards").header.Get("Content-Security-Policy"); strings.Contains(policy, "blob:") {
		t.Errorf("a page without one has the policy %q", policy)
	}
	anna.sendForm("/ideas/1/comments", part{"key", "", "k2"}, part{"body", "", ""}, pic, part{"file", "due.txt", "due"}).has(http.StatusSeeOther)
	anna.get("/comments/1").has(200, `src="/files/2/view"`, `href="/files/3">due.txt <small>TXT · 3 B</small>`)
	anna.sendForm("/comments/1/edit", part{"key", "", "k3"}, part{"body", "", "Altro"}, part{"file", "tre.txt", "tre"}).has(http.StatusSeeOther)
	anna.sendForm("/ideas/1/edit", part{"key", "", "k4"}, part{"title", "", "Una"}, part{"body", "", "Solo parole"}, none, part{"file", "quattro.txt", "4"}).leads("/ideas/1")
	mod.sendForm("/ideas/1/answers", part{"key", "", "k5"}, part{"body", "", "Sì."}, part{"cites", "", "1"}, part{"file", "cinque.pdf", "%PDF-1.4"}).leads("/ideas/1#answers")
	anna.get("/ideas/1").has(200, "quattro.txt", "cinque.pdf", "tre.txt")

	before := f.store.Head()
	anna.sendForm("/ideas/1/comments", part{"body", "", "testo-tenuto"}, part{"file", "x.svg", "<svg/>"}, part{"file", "buono.txt", "x"}, part{"parent_id", "", "1"}).
		has(http.StatusUnprocessableEntity, "testo-tenuto", "[buono.txt](/files/", `class="fault`)
	anna.sendForm("/boards/aperta/new", part{"title", "", ""}, part{"body", "", "testo-tenuto"}, pic).has(http.StatusUnprocessableEntity, "testo-tenuto", "![pianta](/files/")
	anna.sendForm("/ideas/1/comments", part{"body", "", "x"}, part{"author_id", "", "2"}).has(http.StatusUnprocessableEntity)
	many := make([]part, 300)
	anna.sendForm("/ideas/1/comments", append(many, part{"body", "", "x"})...).has(http.StatusUnprocessableEntity)
	if f.store.Head() != before {
		t.Error("something was written")
	}
}

// The Go client attaches, names and reads a file.
func TestTheClientAttachesFiles(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	secret, err := f.store.AddToken(t.Context(), f.people["anna"], "test")
	if err != nil {
		t.Fatal(err)
	}
	c, err := client.New(f.http.URL, secret)
	if err != nil {
		t.Fatal(err)
	}
	file, err := c.AddFile(t.Context(), "misure.csv", strings.NewReader("a;b\r\n"))
	if err != nil || file.Type != "text/csv" || file.Size != 5 || file.Markdown != fmt.Sprintf("[misure.csv](/files/%d)", file.ID) {
		t.Fatalf("%+v, %v", file, err)
	}
	idea, err := c.AddIdea(t.Context(), "aperta", board.NewIdea{Title: "Una", Body: file.Markdown})
	if err != nil || !strings.Contains(idea.HTML, `class="file"`) {
		t.Fatalf("%+v, %v", idea, err)
	}
	r, err := c.OpenFile(t.Context(), file.ID)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var got bytes.Buffer
	if _, err := got.ReadFrom(r); err != nil || got.String() != "a;b\r\n" {
		t.Errorf("%q, %v", got.String(), err)
	}
	if _, err := c.OpenFile(t.Context(), 4242); !client.IsNotFound(err) {
		t.Errorf("got %v", err)
	}
	if _, err := c.AddFile(t.Context(), "x.svg", strings.NewReader("<svg/>")); err == nil {
		t.Error("it was taken")
	}
}

// A preview shows the writer's own files, and nobody else's.
func TestAPreviewShowsOnesOwnFiles(t *testing.T) {
	f := newFront(t, nil)
	anna, bruno := f.as("anna"), f.as("bruno")
	file := anna.attach("pianta.png", smallPNG(t, 20, 10))
	anna.post("/preview", fields("body", file.Markdown)).has(200, "/files/1/view")
	if a := bruno.post("/preview", fields("body", file.Markdown)).has(200); strings.Contains(a.body, "/files/") {
		t.Errorf("bruno sees %s", a.body)
	}
}

// O2: to somebody who does not see a board, a world in which a file was attached
// there is the same as one in which none was.
func TestAPrivateFileChangesNothingForOthers(t *testing.T) {
	world := func(attached bool) (seen []string) {
		f := newFront(t, withIndex(t))
		f.boards()
		anna := f.as("anna")
		body := "parole"
		if attached {
			body = anna.attach("CNRY.png", smallPNG(t, 30, 20)).Markdown
		}
		anna.post("/boards/riservata/new", fields("title", "R", "body", body)).leads("/ideas/1")
		f.indexed()
		for _, name := range []string{"bruno", "guest"} {
			b, p := f.as(name), f.program(name)
			for _, path := range []string{"/", "/boards", "/boards/aperta", "/search?q=CNRY", "/ideas/1", "/files/1", "/files/1/view", "/people"} {
				seen = append(seen, name+" "+path+" "+sameBut(b.get(path), path))
			}
			for _, path := range []string{"/api/v1/files/1", "/api/v1/events?after=0", "/api/v1/search?q=CNRY", "/api/v1/boards"} {
				seen = append(seen, name+" "+path+" "+p.get(path).body)
			}
			b.header.Set("Origin", f.http.URL)
			seen = append(seen, b.post("/preview", fields("body", "![x](/files/1) [y](/files/1)")).body)
		}
		return seen
	}
	with, without := world(true), world(false)
	for i := range with {
		a, b := volatile.ReplaceAllString(with[i], ""), volatile.ReplaceAllString(without[i], "")
		if a != b {
			t.Errorf("the two worlds differ:\n%.600s\n%.600s", a, b)
		}
	}
}

// volatile is what differs between any two companies: epochs and times.
var volatile = regexp.MustCompile(`data-epoch="[^"]*"|"epoch":"[^"]*"|"(created_)?at":"[^"]*"|datetime="[^"]*"|Z">[^<]*<|[0-9.]+ ms|"took[^,]*,|Server-Timing:\[[^\]]*\]`)
