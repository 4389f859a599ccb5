package main

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"database/sql"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"convivio/client"
	"convivio/store"
	"convivio/store/board"
)

// patience is how long a test waits for a server before it gives up.
const patience = time.Minute

// serving is a server that runs in this process.
type serving struct {
	t      *testing.T
	url    string
	cancel context.CancelFunc
	status chan int

	mu     sync.Mutex
	output strings.Builder // everything it said
}

// Write gathers what the server says. It is its standard error.
func (s *serving) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.output.Write(b)
}

func (s *serving) said() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.output.String()
}

// serve starts a server on a free port and waits until it says where it is.
func serve(t *testing.T, args ...string) *serving {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	s := &serving{t: t, cancel: cancel, status: make(chan int, 1)}
	out, stdout := io.Pipe()
	go func() {
		s.status <- run(ctx, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...), strings.NewReader(""), stdout, s)
		_ = stdout.Close()
	}()
	at := make(chan string, 1)
	go func() {
		defer close(at)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			_, _ = fmt.Fprintln(s, lines.Text())
			if url, ok := strings.CutPrefix(lines.Text(), "Convivio is at "); ok {
				at <- url
			}
		}
	}()
	t.Cleanup(func() { s.stop() })
	select {
	case s.url = <-at:
	case <-time.After(patience):
	}
	if s.url == "" {
		t.Fatalf("the server did not start:\n%s", s.said())
	}
	return s
}

// stop asks the server to stop and returns its exit status.
func (s *serving) stop() int {
	s.cancel()
	select {
	case status := <-s.status:
		s.status <- status // for who asks again
		return status
	case <-time.After(patience):
		s.t.Fatal("the server did not stop")
		return -1
	}
}

func get(t *testing.T, url string) (status int, body string) {
	t.Helper()
	r, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(b)
}

func newData(t *testing.T) string { return filepath.Join(t.TempDir(), "data") }

func TestAServerBeginsAndEndsInGoodOrder(t *testing.T) {
	data := newData(t)
	s := serve(t, "--data", data)
	for _, path := range []string{"/healthz", "/readyz"} {
		if status, body := get(t, s.url+path); status != http.StatusOK {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	if status, body := get(t, s.url+"/metrics"); status != http.StatusOK || !strings.Contains(body, "search") || !strings.Contains(body, "live") {
		t.Errorf("the figures do not show every follower: %d\n%s", status, body)
	}
	if status := s.stop(); status != 0 {
		t.Errorf("it ended with %d\n%s", status, s.said())
	}
	if _, err := os.Stat(filepath.Join(data, controlName)); err == nil {
		t.Error("the control socket was left behind")
	}
}

func TestRequestsUnderWayAreFinished(t *testing.T) {
	s := serve(t, "--data", newData(t))
	host := strings.TrimPrefix(s.url, "http://")
	conn, err := net.Dial("tcp", strings.Replace(host, "localhost", "127.0.0.1", 1))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	body := "email=a%40example.com&password=x"
	if _, err := fmt.Fprintf(conn, "POST /signin HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s",
		host, s.url, len(body), body[:5]); err != nil {
		t.Fatal(err)
	}
	// The server has read half a request when it answers another one, made later.
	if status, _ := get(t, s.url+"/healthz"); status != http.StatusOK {
		t.Fatal(status)
	}
	s.cancel()
	for end := time.Now().Add(patience); ; {
		probe, err := net.Dial("tcp", conn.RemoteAddr().String())
		if err != nil {
			break // it takes no new ones
		}
		_ = probe.Close()
		if time.Now().After(end) {
			t.Fatal("it goes on taking connections")
		}
	}
	if _, err := io.WriteString(conn, body[5:]); err != nil {
		t.Fatal(err)
	}
	r, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("the request under way was cut off: %v", err)
	}
	_ = r.Body.Close()
	if r.StatusCode >= http.StatusInternalServerError || !r.Close {
		t.Errorf("it was answered %d, keeping the connection: %v", r.StatusCode, !r.Close)
	}
	if status := s.stop(); status != 0 {
		t.Errorf("it ended with %d\n%s", status, s.said())
	}
}

func TestASignalEndsTheProgramWithZero(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command(self, "serve", "--listen", "127.0.0.1:0", "--data", newData(t))
	child.Env = append(os.Environ(), asProgram+"=1")
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	if err := child.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, out)
	if err := child.Wait(); err != nil {
		t.Errorf("after SIGTERM: %v", err)
	}
}

func TestOpenPagesAreSentAwayToComeBack(t *testing.T) {
	data := newData(t)
	must(t, "import", "--data", data, smallSet(t, t.TempDir()))
	must(t, "person", "add", "--data", data, "--email", "ada@example.com", "--name", "Ada Neri")
	token := strings.TrimSpace(must(t, "token", "create", "--data", data, "--person", "ada@example.com"))
	s := serve(t, "--data", data)
	header := http.Header{"Authorization": {"Bearer " + token}}
	conn, r, err := websocket.DefaultDialer.DialContext(t.Context(), strings.Replace(s.url, "http:", "ws:", 1)+"/live", header)
	if err != nil {
		t.Fatalf("%v, %v", r, err)
	}
	_ = r.Body.Close()
	defer conn.Close()
	if err := conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	var hello board.Hello
	if err := conn.ReadJSON(&hello); err != nil || hello.Kind != board.HelloFrame {
		t.Fatalf("%+v, %v", hello, err)
	}
	c, err := client.New(s.url, token)
	if err != nil {
		t.Fatal(err)
	}
	said, err := c.Reply(t.Context(), 1, board.NewComment{Body: "Ci sto."})
	if err != nil {
		t.Fatal(err)
	}
	var heard board.Event
	if err := conn.ReadJSON(&heard); err != nil || heard.Kind != board.CommentAdded || heard.Comment != said.ID {
		t.Errorf("heard %+v, %v", heard, err)
	}
	s.cancel()
	var closed *websocket.CloseError
	for err = nil; err == nil; {
		_, _, err = conn.ReadMessage()
	}
	if !errors.As(err, &closed) || closed.Code != websocket.CloseServiceRestart {
		t.Errorf("the connection ended with %v", err)
	}
	if status := s.stop(); status != 0 {
		t.Errorf("it ended with %d\n%s", status, s.said())
	}
}

var anyLink = regexp.MustCompile(`http://localhost:\d+/(first|invitations|resets)/\S+`)

func TestTheFirstAdministratorComesByALink(t *testing.T) {
	data := newData(t)
	s := serve(t, "--data", data)
	link := ""
	for end := time.Now().Add(patience); link == "" && time.Now().Before(end); { // it is the line after the address
		link = anyLink.FindString(s.said())
	}
	if status, body := get(t, link); status != http.StatusOK || !strings.Contains(body, "<form") {
		t.Errorf("%s: %d\n%s", link, status, body)
	}
	must(t, "person", "add", "--data", data, "--email", "ada@example.com", "--name", "Ada Neri", "--role", "admin")
	s.stop()
	again := serve(t, "--data", data)
	again.stop()
	if link := anyLink.FindString(again.said()); link != "" {
		t.Errorf("there is an administrator, and still a link: %s", link)
	}
}

func TestAFolderHasOneServer(t *testing.T) {
	data := newData(t)
	serve(t, "--data", data)
	const says = "another Convivio server has the data folder"
	refuses(t, says, "serve", "--data", data, "--listen", "127.0.0.1:0")
	refuses(t, says, "reindex", "--data", data)
	refuses(t, says, "import", "--data", data, smallSet(t, t.TempDir()))
	refuses(t, "is not empty", "restore", "--data", data, func() string {
		file := filepath.Join(t.TempDir(), "backup.db")
		must(t, "backup", "--data", data, file)
		return file
	}())
}

func TestDemosAndOtherFoldersAreKeptApart(t *testing.T) {
	plain, demo := newData(t), newData(t)
	must(t, "person", "add", "--data", plain, "--email", "ada@example.com", "--name", "Ada Neri")
	refuses(t, "is not a demo's data folder", "serve", "--demo", "--data", plain, "--listen", "127.0.0.1:0")
	s := serve(t, "--demo", "--data", demo)
	if status, body := get(t, s.url+"/signin"); status != http.StatusOK || !strings.Contains(body, "Marta Riva") {
		t.Errorf("the sign-in page: %d\n%s", status, body)
	}
	s.stop()
	refuses(t, "is a demo's data folder", "serve", "--data", demo, "--listen", "127.0.0.1:0")
	refuses(t, "does not go with --base-url", "serve", "--demo", "--base-url", "https://idee.example.com", "--data", demo)
	clean(t, opened(t, demo))
	must(t, "check", "--data", demo)
}

func TestSettingsThatDoNotGoTogetherAreRefused(t *testing.T) {
	data := newData(t)
	refuses(t, "go together", "serve", "--data", data, "--tls-cert", "cert.pem")
	refuses(t, "read the certificate", "serve", "--data", data, "--tls-cert", "nowhere.pem", "--tls-key", "nowhere.pem")
	refuses(t, "is no address", "serve", "--data", data, "--trusted-proxy", "proxy.example.com")
	refuses(t, "is not of the form", "serve", "--data", data, "--base-url", "idee.example.com", "--listen", "127.0.0.1:0")
	refuses(t, "listen", "serve", "--data", data, "--listen", "127.0.0.1:http:x")
}

// me asks a server who a token is.
func me(t *testing.T, url, token string) board.Me {
	t.Helper()
	c, err := client.New(url, token)
	if err != nil {
		t.Fatal(err)
	}
	m, err := c.Me(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestPeopleAndTokensBesideAServerAndWithoutOne(t *testing.T) {
	// The path of a socket may have about a hundred characters; a folder's, more.
	data := filepath.Join(t.TempDir(), strings.Repeat("una-cartella-dal-nome-lungo-", 5), "data")
	status, out, errs := command(t, "quattro gatti sul tetto\n", "person", "add", "--data", data, "--email", "Ada@example.com", "--name", "Ada Neri",
		"--role", "admin", "--role", "moderator", "--team", "Officina", "--site", "Schio", "--password-stdin")
	if status != 0 || strings.Contains(out, "http") {
		t.Fatalf("status %d\n%s%s", status, out, errs)
	}
	before := strings.TrimSuffix(must(t, "token", "create", "--data", data, "--person", "ada@example.com"), "\n")
	s := serve(t, "--data", data)
	if m := me(t, s.url, before); m.Name != "Ada Neri" || !m.Has(board.Admin) || !m.Has(board.Moderator) || m.Team != "Officina" {
		t.Errorf("got %+v", m)
	}
	info, err := os.Stat(filepath.Join(data, controlName))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the control socket: %v, %v", info, err)
	}
	if out := must(t, "person", "add", "--data", data, "--email", "bruno@example.com", "--name", "Bruno Valli", "--guest"); !strings.Contains(out, s.url+"/invitations/") {
		t.Errorf("an invitation beside the server:\n%s", out)
	}
	beside := strings.TrimSuffix(must(t, "token", "create", "--data", data, "--person", "bruno@example.com", "--name", "prova"), "\n")
	if m := me(t, s.url, beside); m.Kind != board.Guest || strings.ContainsAny(beside, " \n") {
		t.Errorf("the token %q is %+v", beside, m)
	}
	if out := must(t, "person", "reset", "--data", data, "--email", "ada@example.com"); !strings.HasPrefix(out, s.url+"/resets/") || strings.Count(out, "\n") != 1 {
		t.Errorf("a reset beside the server:\n%s", out)
	}
	refuses(t, "already a person with this e-mail", "person", "add", "--data", data, "--email", "ada@example.com", "--name", "Un'altra")
	refuses(t, `no person with the e-mail address "x@example.com"`, "token", "create", "--data", data, "--person", "x@example.com")
	refuses(t, "A guest cannot have a role", "person", "add", "--data", data, "--email", "c@example.com", "--name", "C", "--guest", "--role", "hr")
	if status, _, errs := command(t, "corta\n", "person", "add", "--data", data, "--email", "c@example.com", "--name", "C", "--password-stdin"); status == 0 || !strings.Contains(errs, "at least 15") {
		t.Errorf("a short password: status %d\n%s", status, errs)
	}
	s.stop()
	if out := must(t, "person", "reset", "--data", data, "--email", "ada@example.com", "--base-url", "https://idee.example.com"); !strings.HasPrefix(out, "https://idee.example.com/resets/") {
		t.Errorf("a reset without a server:\n%s", out)
	}
	// A server that died leaves the name of its socket.
	if err := os.WriteFile(filepath.Join(data, controlName), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	must(t, "token", "create", "--data", data, "--person", "ada@example.com")
}

func TestABackupMadeWhileServingRestores(t *testing.T) {
	data, again, file := newData(t), newData(t), filepath.Join(t.TempDir(), "backup.db")
	must(t, "import", "--data", data, smallSet(t, t.TempDir()))
	must(t, "person", "add", "--data", data, "--email", "ada@example.com", "--name", "Ada Neri")
	token := strings.TrimSpace(must(t, "token", "create", "--data", data, "--person", "ada@example.com"))
	s := serve(t, "--data", data)
	must(t, "backup", "--data", data, file)
	refuses(t, "exists already", "backup", "--data", data, file)
	must(t, "check", "--data", data)
	original := me(t, s.url, token)
	must(t, "restore", "--data", again, file)
	must(t, "check", "--data", again)
	restored := serve(t, "--data", again)
	if m := me(t, restored.url, token); m.ID != original.ID || m.Epoch == original.Epoch || m.Seq != original.Seq {
		t.Errorf("got %+v, want another epoch than %+v", m, original)
	}
	refuses(t, "is not empty", "restore", "--data", again, file)
	refuses(t, "not a database", "restore", "--data", newData(t), write(t, filepath.Join(t.TempDir(), "text"), "no backup"))
}

func TestWhatIsImportedIsFound(t *testing.T) {
	data := newData(t)
	must(t, "import", "--data", data, smallSet(t, t.TempDir()))
	must(t, "person", "add", "--data", data, "--email", "ada@example.com", "--name", "Ada Neri")
	token := strings.TrimSpace(must(t, "token", "create", "--data", data, "--person", "ada@example.com"))
	find := func(s *serving) {
		t.Helper()
		c, err := client.New(s.url, token)
		if err != nil {
			t.Fatal(err)
		}
		for end := time.Now().Add(patience); ; {
			found, err := c.Search(t.Context(), board.Query{Q: "aria"}, me(t, s.url, token).Seq)
			if err != nil {
				t.Fatal(err)
			}
			if found.Total == 1 && found.Hits[0].Idea == 1 {
				return
			}
			if time.Now().After(end) {
				t.Fatalf("got %+v", found)
			}
		}
	}
	s := serve(t, "--data", data)
	find(s)
	must(t, "check", "--data", data)
	s.stop()
	must(t, "check", "--data", data)
	must(t, "reindex", "--data", data)
	must(t, "check", "--data", data)
	if err := os.RemoveAll(filepath.Join(data, "index")); err != nil {
		t.Fatal(err)
	}
	must(t, "check", "--data", data) // what was never made is not damaged
	find(serve(t, "--data", data))
}

func TestCheckTellsWhatIsDamaged(t *testing.T) {
	data := newData(t)
	must(t, "import", "--data", data, smallSet(t, t.TempDir()))
	db, err := sql.Open("sqlite3", filepath.Join(data, "convivio.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`UPDATE idea SET votes = votes + 5 WHERE id = 1`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	look := func() {
		t.Helper()
		status, out, _ := command(t, "", "check", "--data", data)
		if status != exitFailed || !strings.Contains(out, "idea 1 says 6 votes, there are 1") {
			t.Errorf("status %d\n%s", status, out)
		}
	}
	look()
	serve(t, "--data", data)
	look()
}

func TestMissingEventsStopTheServerFromWriting(t *testing.T) {
	data := newData(t)
	must(t, "person", "add", "--data", data, "--email", "ada@example.com", "--name", "Ada Neri", "--role", "admin")
	st := opened(t, data)
	head, err := json.Marshal(map[string]any{"epoch": st.Epoch(), "seq": st.Head() + 7})
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(data, "head"), string(head))
	if status, out, _ := command(t, "", "check", "--data", data); status != exitFailed || !strings.Contains(out, "the last 7 saved events are missing") {
		t.Errorf("check: status %d\n%s", status, out)
	}
	s := serve(t, "--data", data)
	if !strings.Contains(s.said(), "the last 7 events that were saved are missing") || !strings.Contains(s.said(), "--accept-loss") {
		t.Errorf("it says:\n%s", s.said())
	}
	refuses(t, "read-only", "person", "add", "--data", data, "--email", "b@example.com", "--name", "B")
	s.stop()
	s = serve(t, "--data", data, "--accept-loss")
	must(t, "person", "add", "--data", data, "--email", "b@example.com", "--name", "B")
	s.stop()
	must(t, "check", "--data", data)
	if st := opened(t, data); st.Epoch() == "" || strings.Contains(string(head), st.Epoch()) {
		t.Error("the epoch was not renewed")
	}
}

func TestAServerSpeaksTLS(t *testing.T) {
	dir := t.TempDir()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	cert := write(t, filepath.Join(dir, "cert.pem"), string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})))
	private := write(t, filepath.Join(dir, "key.pem"), string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})))
	s := serve(t, "--data", newData(t), "--tls-cert", cert, "--tls-key", private)
	if !strings.HasPrefix(s.url, "https://localhost:") {
		t.Fatalf("it is at %s", s.url)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	for version, ok := range map[uint16]bool{tls.VersionTLS11: false, tls.VersionTLS12: true, tls.VersionTLS13: true} {
		transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS10, MaxVersion: version}}
		r, err := (&http.Client{Transport: transport}).Get(s.url + "/signin")
		if (err == nil) != ok {
			t.Errorf("TLS version %x: %v", version, err)
		}
		if err == nil {
			_ = r.Body.Close()
			if r.Header.Get("Strict-Transport-Security") == "" {
				t.Error("over TLS, browsers are not told to stay there")
			}
		}
		transport.CloseIdleConnections()
	}
}

func TestTheStoreOpensADemoAsADemo(t *testing.T) {
	data := newData(t)
	st, err := store.Open(t.Context(), store.Options{Dir: data, Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	must(t, "person", "add", "--data", data, "--email", "ada@example.com", "--name", "Ada Neri")
}
