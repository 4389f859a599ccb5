package e2e

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"convivio/client"
	"convivio/store/board"
)

// flaky passes connections on to a server and cuts them at random.
type flaky struct {
	l     net.Listener
	to    string
	mu    sync.Mutex
	conns map[net.Conn]bool
	wg    sync.WaitGroup
}

func newFlaky(t *testing.T, to string) *flaky {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f := &flaky{l: l, to: to, conns: map[net.Conn]bool{}}
	f.wg.Go(f.accept)
	t.Cleanup(func() {
		_ = l.Close()
		f.cut(1)
		f.wg.Wait()
	})
	return f
}

func (f *flaky) accept() {
	for {
		in, err := f.l.Accept()
		if err != nil {
			return
		}
		out, err := net.Dial("tcp", f.to)
		if err != nil {
			_ = in.Close()
			continue
		}
		f.mu.Lock()
		f.conns[in], f.conns[out] = true, true
		f.mu.Unlock()
		f.wg.Go(func() { f.pass(in, out) })
		f.wg.Go(func() { f.pass(out, in) })
	}
}

func (f *flaky) pass(from, to net.Conn) {
	_, _ = io.Copy(to, from)
	_ = from.Close()
	_ = to.Close()
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.conns, from)
}

// cut ends a share of the open connections.
func (f *flaky) cut(share float64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for c := range f.conns {
		if rand.Float64() < share {
			_ = c.Close()
		}
	}
}

// heard is what one live client was told.
type heard struct {
	mu     sync.Mutex
	events []board.Event
	seq    int64
}

func (h *heard) hear(e board.Event) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.events, h.seq = append(h.events, e), e.Seq
	return nil
}

func (h *heard) upTo() int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.seq
}

// TestLiveClientsMissNothing keeps 200 live clients on lines that break, restarts
// the server under them, and compares what each was told with a fresh read.
func TestLiveClientsMissNothing(t *testing.T) {
	const persons, each = 25, 8
	p := newProcess(t)
	p.start()
	ctx := within(t, 4*time.Minute)
	admin := p.person("Ada Riva", "--role", "admin")
	if _, err := admin.AddBoard(ctx, board.NewBoard{Slug: "prova", Name: "Prova"}); err != nil {
		t.Fatal(err)
	}
	idea, err := admin.AddIdea(ctx, "prova", board.NewIdea{Title: "In diretta"})
	if err != nil {
		t.Fatal(err)
	}
	line := newFlaky(t, p.addr)
	direct := p.addr
	p.addr = line.l.Addr().String()
	listening, stop := context.WithCancel(ctx)
	defer stop()
	var wg sync.WaitGroup
	all := make([]*heard, 0, persons*each)
	for n := range persons {
		who := p.person(fmt.Sprintf("Persona %c%c", 'a'+n/5, 'a'+n%5))
		me, err := who.Me(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for range each {
			h := &heard{seq: me.Seq}
			all = append(all, h)
			wg.Go(func() {
				err := who.Live(listening, client.Feed{Epoch: me.Epoch, After: me.Seq}, h.hear)
				if !errors.Is(err, context.Canceled) {
					t.Errorf("a live client ended: %v", err)
				}
			})
		}
	}
	p.addr = direct
	from := all[len(all)-1].seq
	writeWhile(ctx, t, admin, idea.ID, 300, func(n int) {
		switch {
		case n%20 == 10:
			line.cut(0.3)
		case n == 150:
			if code := p.stop(); code != 0 {
				t.Errorf("the server ended with %d", code)
			}
			p.start()
		}
	})
	end, err := admin.Me(ctx)
	if err != nil {
		t.Fatal(err)
	}
	want := readEvents(ctx, t, admin, from, end.Seq)
	last := want[len(want)-1].Seq
	for _, h := range all {
		for h.upTo() < last && ctx.Err() == nil {
			time.Sleep(10 * time.Millisecond) // the client resumes when its jitter lets it
		}
	}
	stop()
	wg.Wait()
	for n, h := range all {
		got := slices.DeleteFunc(slices.Clone(h.events), func(e board.Event) bool { return e.Seq <= from })
		if !slices.EqualFunc(got, want, sameEvent) {
			t.Fatalf("client %d was told %d events, a fresh read has %d", n, len(got), len(want))
		}
	}
	t.Logf("%d clients were told the same %d events", len(all), len(want))
}

func sameEvent(a, b board.Event) bool {
	return a.Seq == b.Seq && a.Kind == b.Kind && a.Idea == b.Idea && a.Comment == b.Comment && a.Board == b.Board
}

// writeWhile makes n changes and calls between each two.
func writeWhile(ctx context.Context, t *testing.T, who *client.Client, idea int64, n int, between func(int)) {
	t.Helper()
	var comments []int64
	for i := range n {
		var err error
		switch {
		case i%7 == 5:
			_, err = who.Vote(ctx, idea)
		case i%7 == 6:
			_, err = who.Unvote(ctx, idea)
		case i%11 == 10:
			_, err = who.EditComment(ctx, comments[len(comments)-1], board.CommentChange{Body: fmt.Sprint("cambiato ", i)})
		case i%13 == 12:
			_, err = who.DeleteComment(ctx, comments[0])
			comments = comments[1:]
		default:
			var c board.Comment
			c, err = who.Reply(ctx, idea, board.NewComment{Body: fmt.Sprint("numero ", i)})
			comments = append(comments, c.ID)
		}
		if err != nil {
			t.Fatal(err)
		}
		between(i)
	}
}

// readEvents reads the log as somebody may hear it.
func readEvents(ctx context.Context, t *testing.T, who *client.Client, after, end int64) []board.Event {
	t.Helper()
	var out []board.Event
	for after < end {
		page, err := who.Events(ctx, after, 100)
		if err != nil {
			t.Fatal(err)
		}
		out, after = append(out, page.Items...), page.Seq
	}
	return out
}
