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
	if kept, _ := os.ReadDir(filepath.Join(data, accessFolder)); len(kept) != 1 {
		t.Errorf("the access log has %v, not today's file", kept)
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

func TestAServerStoppedWhileItBeginsEndsWithZero(t *testing.T) {
	for _, args := range [][]string{{"--data", newData(t)}, {"--demo", "--data", newData(t)}} {
		var out, errs strings.Builder
		if status := run(canceled(), append([]string{"serve", "--listen", "127.0.0.1:0"}, args...), strings.NewReader(""), &out, &errs); status != 0 {
			t.Errorf("serve %v: status %d\n%s", args, status, &errs)
		}
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
	link := anyLink.FindString(s.said())
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
	refuses(t, "--access-days is 0 to 21: a log that says who asked for what is not kept longer", "serve", "--data", data, "--access-days", "22")
	refuses(t, "is not of the form", "serve", "--data", data, "--base-url", "idee.example.com", "--listen", "127.0.0.1:0")
	refuses(t, "listen", "serve", "--data", data, "--listen", "127.0.0.1:http:x")
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
