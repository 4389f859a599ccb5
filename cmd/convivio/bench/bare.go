package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"runtime/metrics"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	"github.com/labstack/echo/v4"

	"convivio/store/board"
)

// The bare server is the limit that a figure is held against: the same
// libraries doing the same thing on the wire, with nothing behind it. It checks
// nobody, keeps nothing, and answers what it was given.

// maxBare bounds what the bare server takes in one request, in bytes.
const maxBare = 8 << 20

// bareServer answers like ours does, without doing anything.
type bareServer struct {
	last atomic.Int64
	page atomic.Pointer[page]
	hub  bareHub
}

// page is what GET /page answers.
type page struct {
	kind string
	body []byte
}

// Bare serves on an address until the context ends.
func Bare(ctx context.Context, listen string) error {
	server := &http.Server{Addr: listen, Handler: (&bareServer{}).handler(), ReadHeaderTimeout: 5 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve on %s: %w", listen, err)
	}
	return nil
}

func (b *bareServer) handler() *echo.Echo {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.GET("/readyz", func(c echo.Context) error { return c.String(http.StatusOK, "ready\n") })
	e.POST("/api/v1/ideas/:id/comments", b.comment)
	e.PUT("/page", b.setPage)
	e.GET("/page", b.showPage)
	e.GET("/metrics", showMemory)
	e.GET("/live", b.live)
	e.POST("/live", b.send)
	return e
}

// comment takes the JSON that a comment is posted with and answers JSON of the
// same shape as ours.
func (b *bareServer) comment(c echo.Context) error {
	idea, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return c.NoContent(http.StatusNotFound)
	}
	var in board.NewComment
	if err := c.Bind(&in); err != nil {
		return c.NoContent(http.StatusBadRequest)
	}
	n := b.last.Add(1)
	return c.JSON(http.StatusCreated, board.Comment{ID: n, Idea: idea, ParentID: in.ParentID, Author: board.Author{ID: 1, Name: "Marta Riva"},
		Body: in.Body, HTML: in.Body, CreatedAt: time.Now().UTC(), Seq: n})
}

// setPage takes the bytes that GET /page is to answer, and their type.
func (b *bareServer) setPage(c echo.Context) error {
	body, err := io.ReadAll(io.LimitReader(c.Request().Body, maxBare))
	if err != nil {
		return c.NoContent(http.StatusBadRequest)
	}
	b.page.Store(&page{c.Request().Header.Get("X-Kind"), body})
	return c.NoContent(http.StatusNoContent)
}

func (b *bareServer) showPage(c echo.Context) error {
	p := b.page.Load()
	if p == nil {
		return c.NoContent(http.StatusNotFound)
	}
	return c.Blob(http.StatusOK, p.kind, p.body)
}

// showMemory answers what is in use, as ours does, and collects to know it.
func showMemory(c echo.Context) error {
	runtime.GC()
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return c.String(http.StatusOK, fmt.Sprintf("%s %d\n%s %d\n%s %d\n", collections, m.NumGC, heapLive, live[0].Value.Uint64(), stacks, m.StackInuse))
}

// bareHub is the least that brings one message to many sockets.
type bareHub struct {
	mu    sync.Mutex
	conns []*websocket.Conn
}

// bareUpgrader holds as little memory for a connection as gorilla can.
var bareUpgrader = websocket.Upgrader{ReadBufferSize: 256, WriteBufferPool: &sync.Pool{}}

func (b *bareServer) live(c echo.Context) error {
	ws, err := bareUpgrader.Upgrade(c.Response(), c.Request(), nil)
	if err != nil {
		return nil // the upgrader has answered
	}
	b.hub.mu.Lock()
	err = ws.WriteMessage(websocket.TextMessage, []byte(`{"kind":"hello","epoch":"","seq":0}`))
	b.hub.conns = append(b.hub.conns, ws)
	b.hub.mu.Unlock()
	go func() {
		defer ws.Close()
		for err == nil {
			_, _, err = ws.NextReader()
		}
		b.hub.leave(ws)
	}()
	return nil
}

func (h *bareHub) leave(ws *websocket.Conn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i, c := range h.conns {
		if c == ws {
			last := len(h.conns) - 1
			h.conns[i], h.conns = h.conns[last], h.conns[:last]
			return
		}
	}
}

// send brings the body of a request to every open socket, on all processors.
func (b *bareServer) send(c echo.Context) error {
	message, err := io.ReadAll(io.LimitReader(c.Request().Body, maxBare))
	if err != nil {
		return c.NoContent(http.StatusBadRequest)
	}
	go b.hub.broadcast(message)
	return c.NoContent(http.StatusCreated)
}

func (h *bareHub) broadcast(message []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	parts := runtime.GOMAXPROCS(0)
	var wg sync.WaitGroup
	for p := range parts {
		wg.Go(func() {
			for i := p; i < len(h.conns); i += parts {
				_ = h.conns[i].WriteMessage(websocket.TextMessage, message) // who went away is missed by the reader of this run
			}
		})
	}
	wg.Wait()
}
