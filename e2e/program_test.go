// Package e2e tries Convivio as a program: started as a process, reached over
// the network, killed and started again. The tests in a browser stand beside it.
package e2e

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"convivio/client"
)

// program is the built binary, made once for all tests.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "convivio-e2e-")
	if err != nil {
		return "", err
	}
	bin := filepath.Join(dir, "convivio")
	out, err := exec.Command("go", "build", "-buildvcs=false", "-o", bin, "convivio/cmd/convivio").CombinedOutput()
	if err != nil {
		err = fmt.Errorf("build: %w\n%s", err, out)
	}
	return bin, err
})

func TestMain(m *testing.M) {
	code := m.Run()
	if bin, err := program(); err == nil {
		_ = os.RemoveAll(filepath.Dir(bin))
	}
	os.Exit(code)
}

// process is a server on a data folder, on a port of its own that stays the same
// over restarts.
type process struct {
	t    *testing.T
	dir  string
	addr string
	cmd  *exec.Cmd
	log  *bytes.Buffer
}

func newProcess(t *testing.T) *process {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, dir: filepath.Join(t.TempDir(), "data"), addr: l.Addr().String()}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.kill()
		if t.Failed() && p.log != nil {
			t.Log("the server's last words:\n", lastLines(p.log.String(), 40))
		}
	})
	return p
}

func lastLines(s string, n int) string {
	lines := strings.Split(s, "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}

func (p *process) url() string { return "http://" + p.addr }

// start runs the server and waits until it takes requests.
func (p *process) start() {
	p.t.Helper()
	bin, err := program()
	if err != nil {
		p.t.Fatal(err)
	}
	p.log = &bytes.Buffer{}
	p.cmd = exec.Command(bin, "serve", "--data", p.dir, "--listen", p.addr, "--rate-limit", "off")
	p.cmd.Stdout, p.cmd.Stderr = p.log, p.log
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	for range 600 {
		resp, err := http.Get(p.url() + "/readyz")
		if err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return
			}
		}
		time.Sleep(20 * time.Millisecond) // nothing tells that a process listens but asking it
	}
	p.t.Fatal("the server did not become ready:\n", p.log)
}

// kill ends the server as a power cut would end it.
func (p *process) kill() { p.end(syscall.SIGKILL) }

// stop asks the server to end, and returns its exit code.
func (p *process) stop() int { return p.end(syscall.SIGTERM) }

func (p *process) end(how syscall.Signal) int {
	if p.cmd == nil {
		return -1
	}
	_ = p.cmd.Process.Signal(how)
	_ = p.cmd.Wait()
	code := p.cmd.ProcessState.ExitCode()
	p.cmd = nil
	return code
}

// run runs another command of the program on the same data folder.
func (p *process) run(args ...string) string {
	p.t.Helper()
	out, err := p.try(args...)
	if err != nil {
		p.t.Fatalf("convivio %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

func (p *process) try(args ...string) (string, error) {
	bin, err := program()
	if err != nil {
		return "", err
	}
	cmd := exec.Command(bin, append(args, "--data", p.dir)...)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	return strings.TrimSpace(string(out)) + errs.String(), err
}

// person adds somebody and returns a client that acts for them.
func (p *process) person(name string, flags ...string) *client.Client {
	p.t.Helper()
	email := strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@example.com"
	p.run(append([]string{"person", "add", "--email", email, "--name", name}, flags...)...)
	return p.client(p.run("token", "create", "--person", email))
}

func (p *process) client(token string) *client.Client {
	p.t.Helper()
	s := bufio.NewScanner(strings.NewReader(token))
	s.Scan()
	c, err := client.New(p.url(), s.Text())
	if err != nil {
		p.t.Fatal(err)
	}
	return c
}

// within bounds a test that talks to a process.
func within(t *testing.T, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}
