package bench

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// How long a server may take to answer at all, and to end.
const (
	startWait = 60 * time.Second
	endWait   = 30 * time.Second
)

// child is a server of this run, in a process of its own.
type child struct {
	name  string
	addr  string
	cmd   *exec.Cmd
	log   string
	ended chan struct{} // closed when the process is gone
}

// command makes a process of this program, without the settings that stand in
// the environment: a run measures the defaults and what it says itself.
func command(ctx context.Context, binary string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, binary, args...) // #nosec G204 -- this program itself
	for _, line := range os.Environ() {
		if !strings.HasPrefix(line, "CONVIVIO_") {
			cmd.Env = append(cmd.Env, line)
		}
	}
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = endWait
	return cmd
}

// begin starts a server and waits until it is ready. What it logs goes to a
// file, as it would in earnest; args get the address behind --listen.
func begin(ctx context.Context, dir, binary, name string, args ...string) (*child, error) {
	addr, err := freeAddress()
	if err != nil {
		return nil, err
	}
	log, err := os.Create(filepath.Join(dir, name+".log"))
	if err != nil {
		return nil, fmt.Errorf("make the log of %s: %w", name, err)
	}
	defer log.Close()
	c := &child{name: name, addr: addr, log: log.Name(), ended: make(chan struct{})}
	c.cmd = command(ctx, binary, append(args, "--listen", addr)...)
	c.cmd.Stdout, c.cmd.Stderr = log, log
	if err := c.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	go func() {
		_ = c.cmd.Wait() // how it ended stands in its log
		close(c.ended)
	}()
	if err := c.ready(ctx); err != nil {
		c.end()
		return nil, fmt.Errorf("%w\n%s", err, c.lastWords())
	}
	return c, nil
}

// freeAddress finds a port that nobody listens on.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// ready waits until the server takes work.
func (c *child) ready(ctx context.Context) error {
	ask := newRequest("GET", c.addr, "/readyz").bare()
	return until(ctx, startWait, func() (bool, error) {
		select {
		case <-c.ended:
			return false, fmt.Errorf("%s ended right away", c.name)
		default:
		}
		_, err := once(ctx, c.addr, ask, 200)
		return err == nil, nil
	})
}

// lastWords is the end of the server's log.
func (c *child) lastWords() string {
	text, err := os.ReadFile(c.log)
	if err != nil {
		return err.Error()
	}
	return string(bytes.TrimSpace(text[max(0, len(text)-2000):]))
}

// end asks the server to stop, and makes it when it does not.
func (c *child) end() {
	if c == nil {
		return
	}
	_ = c.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-c.ended:
	case <-time.After(endWait):
		_ = c.cmd.Process.Kill()
		<-c.ended
	}
}

// askEvery is how often something is asked for that is waited for: seldom
// enough not to keep the server from getting there.
const askEvery = 50 * time.Millisecond

// until asks again and again whether something is so, for as long as it may take.
func until(ctx context.Context, patience time.Duration, so func() (bool, error)) error {
	tick := time.NewTicker(askEvery)
	defer tick.Stop()
	late := time.NewTimer(patience)
	defer late.Stop()
	for {
		if ok, err := so(); ok || err != nil {
			return err
		}
		select {
		case <-tick.C:
		case <-late.C:
			return errLate
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// pause waits.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
