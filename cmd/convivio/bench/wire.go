package bench

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"
)

// A load generator shares the machine with what it measures. This client does
// no more than it must: it writes requests that were put together beforehand
// and reads an answer's status and length, so that the servers have the processors.

// answerWait is how long an answer may take before the run is given up.
const answerWait = 60 * time.Second

// wire is one connection that sends one request after the other.
type wire struct {
	conn net.Conn
	in   *bufio.Reader
	body []byte
}

// connect opens a connection to a server of this run.
func connect(ctx context.Context, addr string) (*wire, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	return &wire{conn: conn, in: bufio.NewReaderSize(conn, 32<<10)}, nil
}

func (w *wire) close() { _ = w.conn.Close() }

// answer is what came back. Its body holds until the next request.
type answer struct {
	status int
	size   int // bytes of the body
	body   []byte
}

// do sends a request and reads the answer; the body is kept only when asked for.
func (w *wire) do(request []byte, keep bool) (answer, error) {
	if err := w.conn.SetDeadline(time.Now().Add(answerWait)); err != nil {
		return answer{}, err
	}
	if _, err := w.conn.Write(request); err != nil {
		return answer{}, fmt.Errorf("send a request: %w", err)
	}
	a, length, err := w.head()
	if err != nil {
		return a, fmt.Errorf("read an answer: %w", err)
	}
	w.body = w.body[:0]
	if length >= 0 {
		err = w.take(length, keep)
		a.size = length
	} else {
		a.size, err = w.chunks(keep)
	}
	if err != nil {
		return a, fmt.Errorf("read an answer's body: %w", err)
	}
	a.body = w.body
	return a, nil
}

var (
	lengthHeader  = []byte("content-length:")
	chunkedHeader = []byte("transfer-encoding: chunked")
)

// head reads the status line and the headers; length is -1 for a chunked body.
func (w *wire) head() (a answer, length int, err error) {
	line, err := w.in.ReadSlice('\n')
	if err != nil {
		return a, 0, err
	}
	if len(line) < 12 || !bytes.HasPrefix(line, []byte("HTTP/1.1 ")) {
		return a, 0, fmt.Errorf("%q is no status line", line)
	}
	if a.status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return a, 0, fmt.Errorf("read the status: %w", err)
	}
	for {
		if line, err = w.in.ReadSlice('\n'); err != nil {
			return a, 0, err
		}
		line = bytes.TrimRight(line, "\r\n")
		switch {
		case len(line) == 0:
			return a, length, nil
		case len(line) > len(lengthHeader) && bytes.EqualFold(line[:len(lengthHeader)], lengthHeader):
			if length, err = strconv.Atoi(string(bytes.TrimSpace(line[len(lengthHeader):]))); err != nil {
				return a, 0, fmt.Errorf("read the length: %w", err)
			}
		case bytes.EqualFold(line, chunkedHeader):
			length = -1
		}
	}
}

// take reads n bytes of the body.
func (w *wire) take(n int, keep bool) error {
	if !keep {
		_, err := w.in.Discard(n)
		return err
	}
	start := len(w.body)
	w.body = append(w.body, make([]byte, n)...)
	_, err := io.ReadFull(w.in, w.body[start:])
	return err
}

// chunks reads a body whose length was not known beforehand.
func (w *wire) chunks(keep bool) (size int, err error) {
	for {
		line, err := w.in.ReadSlice('\n')
		if err != nil {
			return size, err
		}
		n, err := strconv.ParseUint(string(bytes.TrimSpace(line)), 16, 31)
		if err != nil {
			return size, fmt.Errorf("read a chunk's length: %w", err)
		}
		if err := w.take(int(n), keep); err != nil {
			return size, err
		}
		size += int(n)
		if _, err := w.in.Discard(len("\r\n")); err != nil || n == 0 {
			return size, err
		}
	}
}

// request is the head of a request to one server; the body, if any, is added by with.
type request struct {
	head []byte
	buf  []byte
}

// newRequest puts a head together; headers are whole lines.
func newRequest(method, addr, path string, headers ...string) *request {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\n", method, path, addr)
	for _, h := range headers {
		b.WriteString(h)
		b.WriteString("\r\n")
	}
	return &request{head: b.Bytes()}
}

// bare is the request without a body.
func (r *request) bare() []byte { return append(bytes.Clone(r.head), "\r\n"...) }

// with is the request with a JSON body and a key of its own; it holds until the next call.
func (r *request) with(key uint64, body []byte) []byte {
	b := append(r.buf[:0], r.head...)
	b = append(b, "Content-Type: application/json\r\nIdempotency-Key: bench-"...)
	b = strconv.AppendUint(b, key, 36)
	b = append(b, "\r\nContent-Length: "...)
	b = strconv.AppendInt(b, int64(len(body)), 10)
	b = append(append(b, "\r\n\r\n"...), body...)
	r.buf = b
	return b
}

// bearer is the header line that signs a program in.
func bearer(token string) string { return "Authorization: Bearer " + token }

// cookie is the header line that signs a browser in.
func cookie(secret string) string { return "Cookie: session=" + secret }

// errStatus says that a server answered something else than was asked for.
func errStatus(what string, a answer) error {
	return fmt.Errorf("%s: the server answered %d: %s", what, a.status, bytes.TrimSpace(a.body[:min(len(a.body), 300)]))
}

// once sends one request on a connection of its own.
func once(ctx context.Context, addr string, request []byte, status int) ([]byte, error) {
	w, err := connect(ctx, addr)
	if err != nil {
		return nil, err
	}
	defer w.close()
	a, err := w.do(request, true)
	if err != nil {
		return nil, err
	}
	if a.status != status {
		return nil, errStatus("a request", a)
	}
	return a.body, nil
}

// errLate says that something did not happen in the time it may take.
var errLate = errors.New("it took too long")
