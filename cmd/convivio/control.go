package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"

	"convivio/server"
	"convivio/store"
	"convivio/store/board"
)

// A server that has the data folder open takes orders through a socket in it,
// which only the server's own account can reach. Commands try it first, and
// open the folder themselves when no server answers.

const (
	controlName = "control.sock"
	maxOrder    = 64 << 10 // bytes
	orderTime   = 10 * time.Minute
)

// outcome is what comes back from an order: what to print, or what went wrong.
type outcome struct {
	Text   string       `json:"text,omitempty"`
	Faults []string     `json:"faults,omitempty"`
	Tally  *store.Tally `json:"tally,omitempty"`
	Error  string       `json:"error,omitempty"`
}

// control takes orders while the server runs.
type control struct {
	listener net.Listener
	folder   *os.File
	desk     *desk
	stop     context.CancelFunc
	wg       sync.WaitGroup
}

// openControl begins to take orders. The socket gets its name only when nobody
// else can reach it.
func openControl(dir string, d *desk) (*control, error) {
	folder, err := os.Open(dir) // #nosec G304 -- the data folder
	if err != nil {
		return nil, fmt.Errorf("open the data folder: %w", err)
	}
	c := &control{folder: folder, desk: d}
	if c.listener, err = listenControl(dir, folder); err != nil {
		return nil, errors.Join(fmt.Errorf("make the control socket: %w", err), folder.Close())
	}
	ctx, stop := context.WithCancel(context.Background())
	c.stop = stop
	c.wg.Go(func() { c.run(ctx) })
	return c, nil
}

// socketPath names the socket by way of the open folder, because the path of a
// socket may have only a hundred characters or so.
func socketPath(folder *os.File, name string) string {
	return filepath.Join("/proc/self/fd", strconv.Itoa(int(folder.Fd())), name) // #nosec G115 -- a file descriptor
}

func listenControl(dir string, folder *os.File) (net.Listener, error) {
	private, err := os.MkdirTemp(dir, "control-") // 0700
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(private)
	l, err := net.ListenUnix("unix", &net.UnixAddr{Net: "unix", Name: socketPath(folder, filepath.Join(filepath.Base(private), "sock"))})
	if err != nil {
		return nil, err
	}
	l.SetUnlinkOnClose(false) // its name is another one by then
	err = os.Chmod(filepath.Join(private, "sock"), 0o600)
	if err == nil {
		err = os.Rename(filepath.Join(private, "sock"), filepath.Join(dir, controlName))
	}
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

func (c *control) run(ctx context.Context) {
	for {
		conn, err := c.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			slog.Error("the control socket failed", "error", err)
			return
		}
		c.wg.Go(func() { c.answer(ctx, conn) })
	}
}

// answer carries out one order.
func (c *control) answer(ctx context.Context, conn net.Conn) {
	defer conn.Close()
	ctx, cancel := context.WithTimeout(ctx, orderTime)
	defer cancel()
	_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second)) // a socket always takes a deadline
	var o order
	d := json.NewDecoder(io.LimitReader(conn, maxOrder))
	d.DisallowUnknownFields()
	err := d.Decode(&o)
	var out outcome
	if err != nil {
		err = fmt.Errorf("read the order: %w", err)
	} else {
		out, err = c.desk.carryOut(ctx, o)
	}
	if err != nil {
		out = outcome{Error: err.Error()}
	}
	_ = conn.SetWriteDeadline(time.Now().Add(10 * time.Second))
	_ = json.NewEncoder(conn).Encode(out) // whoever asked may be gone
}

// close ends taking orders, after those under way.
func (c *control) close() error {
	err := c.listener.Close()
	c.stop()
	c.wg.Wait()
	if gone := os.Remove(filepath.Join(c.folder.Name(), controlName)); gone != nil && !errors.Is(gone, fs.ErrNotExist) {
		err = errors.Join(err, gone)
	}
	return errors.Join(err, c.folder.Close())
}

// errNoServer says that no server takes orders for a data folder.
var errNoServer = errors.New("no server has the data folder open")

// ask gives an order to the server that has a data folder open. Errors:
// errNoServer, and whatever the server says.
func ask(ctx context.Context, dir string, o order) (outcome, error) {
	folder, err := os.Open(dir) // #nosec G304 -- the data folder
	if err != nil {
		return outcome{}, errNoServer
	}
	defer folder.Close()
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "unix", socketPath(folder, controlName))
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ECONNREFUSED): // a server that died leaves the socket's name
		return outcome{}, errNoServer
	case err != nil:
		return outcome{}, fmt.Errorf("ask the server that has %s open: %w", dir, err)
	}
	defer conn.Close()
	end := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer end()
	var out outcome
	if err := json.NewEncoder(conn).Encode(o); err != nil {
		return out, fmt.Errorf("ask the server that has %s open: %w", dir, err)
	}
	if err := json.NewDecoder(conn).Decode(&out); err != nil {
		return out, fmt.Errorf("the server that has %s open went away before it answered: %w", dir, err)
	}
	if out.Error != "" {
		return outcome{}, errors.New(out.Error)
	}
	return out, nil
}

// askOrOpen carries an order out through the server that has the data folder
// open, or without one on the folder itself.
func askOrOpen(ctx context.Context, p *program, links linkBase, o order) (outcome, error) {
	out, err := ask(ctx, p.folder(), o)
	if !errors.Is(err, errNoServer) {
		return out, err
	}
	if o.AddPerson == nil { // only who adds people may be the first to use a folder
		if err := mustExist(p.folder()); err != nil {
			return outcome{}, err
		}
	}
	st, err := openStore(ctx, p.folder())
	if err != nil {
		return outcome{}, err
	}
	// Nobody is served here, but links lead to where the server will be.
	srv, err := server.New(server.Config{Store: st, BaseURL: links.BaseURL, Listen: cmp.Or(links.Listen, defaultListen)})
	if err == nil {
		d := &desk{store: st, link: srv.LinkURL}
		out, err = d.carryOut(ctx, o)
	}
	return out, errors.Join(err, st.Close())
}

// desk carries out what operators order: beside a server, or instead of one.
type desk struct {
	store *store.Store
	link  func(p store.Purpose, secret string) string // the address of a single-use link
	check func(context.Context) ([]string, error)
}

// order is one thing an operator wants done: exactly one field is set.
type order struct {
	AddPerson *newPerson `json:"add_person,omitempty"`
	Reset     string     `json:"reset,omitempty"` // e-mail address
	Token     *newToken  `json:"token,omitempty"`
	Check     bool       `json:"check,omitempty"`  // of the search index
	Backup    bool       `json:"backup,omitempty"` // keep in the audit log that one is made
	Tally     bool       `json:"tally,omitempty"`  // count anew what was done
}

func (d *desk) carryOut(ctx context.Context, o order) (outcome, error) {
	ctx = store.WithOrigin(ctx, store.Origin{Means: board.ByCommand})
	switch {
	case o.AddPerson != nil:
		return d.addPerson(ctx, *o.AddPerson)
	case o.Reset != "":
		return d.reset(ctx, o.Reset)
	case o.Token != nil:
		return d.token(ctx, *o.Token)
	case o.Backup:
		return outcome{}, d.store.Exported(ctx, board.Who{}, board.BackupMadeAct, store.Target{}, nil)
	case o.Tally:
		t, err := d.store.RebuildTally(ctx)
		return outcome{Tally: &t}, err
	case o.Check:
		faults, err := d.check(ctx)
		return outcome{Faults: faults}, err
	}
	return outcome{}, errors.New("this server does not know the order; it may be of another version than the command")
}
