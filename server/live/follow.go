package live

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"convivio/store"
	"convivio/store/board"
)

const (
	batchSize  = 128       // events delivered in one go
	batchBytes = 256 << 10 // of HTML among them, so that no queue fills with one batch
	retryWait  = 200 * time.Millisecond
)

// Run follows the log and gives every connection what it may hear, until ctx
// ends. Trouble in reading is logged and tried again: nothing is skipped.
func (h *Hub) Run(ctx context.Context) error {
	var keeper sync.WaitGroup
	keeper.Go(func() { h.keep(ctx) })
	defer keeper.Wait()
	for {
		_, err := h.source.Follow(ctx, h.Seq())
		if err == nil {
			err = h.step(ctx)
		}
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			h.Log.Error("live connections cannot be told what happened; trying again", "error", err)
			select {
			case <-time.After(retryWait):
			case <-ctx.Done():
				return nil
			}
		}
	}
}

// step delivers the next batch of events.
func (h *Hub) step(ctx context.Context) error {
	if h.skip() {
		return nil
	}
	pos := h.Seq()
	rows, err := h.source.Entries(ctx, pos, batchSize)
	if err != nil || len(rows) == 0 {
		return err
	}
	complete := len(rows) < batchSize
	html := h.renderAll(ctx, rows)
	if len(html) > 0 {
		// The words are newer than the rows. Who may hear them is decided from
		// rows that are newer still.
		again, err := h.source.Entries(ctx, pos, len(rows)+1)
		if err != nil {
			return err
		}
		complete = len(again) <= len(rows)
		rows = again[:min(len(rows), len(again))]
	}
	if err := h.heed(ctx, rows, complete); err != nil {
		return err
	}
	head := h.source.Head()
	for len(rows) > 0 {
		n := html.fits(rows)
		h.flush(h.deliver(rows[:n], html, head))
		rows = rows[n:]
	}
	return nil
}

// skip goes to the head of the log when nobody listens.
func (h *Hub) skip() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.conns) > 0 {
		return false
	}
	head := h.source.Head()
	if head > h.pos {
		h.pos, h.heeded = head, head
		h.moves++ // a handshake under way looks again at what its person may see
	}
	return true
}

// rendered holds the HTML of a batch. Votes on an idea show the same count, so
// they share it.
type rendered map[renderKey]string

type renderKey struct {
	kind                   board.EventKind
	board, idea, com, subj int64
	lang                   language
}

func keyOf(e store.Entry, lang language) renderKey {
	if e.Kind == board.VoteWithdrawn {
		e.Kind = board.VoteCast
	}
	if e.Kind == board.ReactionWithdrawn {
		e.Kind = board.ReactionAdded
	}
	return renderKey{e.Kind, e.BoardID, e.Idea, e.Comment, e.Subject, lang}
}

// renderAll renders the events of a batch in the languages somebody wants.
func (h *Hub) renderAll(ctx context.Context, rows []store.Entry) rendered {
	html := rendered{}
	head := h.source.Head()
	for _, e := range rows {
		if e.Kind.Audience() == board.Nobody || head-e.Seq > TooFar {
			continue
		}
		for lang, wanted := range h.wanted(e) {
			if !wanted {
				continue
			}
			key := keyOf(e, language(lang)) // #nosec G115 -- an index of a short array
			if _, done := html[key]; !done {
				html[key] = h.renderOne(ctx, e, key.lang)
			}
		}
	}
	return html
}

// wanted tells in which languages an event is wanted with HTML.
func (h *Hub) wanted(e store.Entry) (in [languages]bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, g := range h.listeners(e.Idea, e.BoardID) {
		for lang := none + 1; lang < languages; lang++ {
			in[lang] = in[lang] || g.in[lang] > 0
		}
	}
	return in
}

// renderOne renders an event; a failure costs this frame its HTML, no more.
func (h *Hub) renderOne(ctx context.Context, e store.Entry, lang language) (html string) {
	var err error
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
		if err != nil {
			html = ""
			if !errors.Is(err, store.ErrMoved) && ctx.Err() == nil {
				h.Log.Error("a live frame goes out without its HTML", "event", e.Seq, "kind", e.Kind, "error", err)
			}
		}
	}()
	html, err = h.render.Frame(ctx, e, lang.tag())
	return html
}

// fits is how many of the next rows make one delivery.
func (r rendered) fits(rows []store.Entry) int {
	total := 0
	for i, e := range rows {
		largest := 0
		for lang := none + 1; lang < languages; lang++ {
			largest = max(largest, len(r[keyOf(e, lang)]))
		}
		total += largest
		if i > 0 && total > batchBytes {
			return i
		}
	}
	return len(rows)
}

// framed makes the frames of one event as they are asked for.
type framed struct {
	html  rendered
	entry store.Entry
	made  [languages]frame
}

func (f *framed) in(lang language, ev board.Event) frame {
	if f.made[lang] == nil {
		if lang != none {
			ev.HTML = f.html[keyOf(f.entry, lang)]
		}
		f.made[lang] = textFrame(ev)
	}
	return f.made[lang]
}

// deliver queues events for everyone who may hear them and returns the
// connections that have something to write. The hub stands behind the events
// from then on.
func (h *Hub) deliver(rows []store.Entry, html rendered, head int64) (touched []*conn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var over []*conn
	for _, e := range rows {
		out := framed{html: html, entry: e}
		for _, g := range h.listeners(e.Idea, e.BoardID) {
			touched = append(touched, h.move(g, e)...)
			for _, c := range g.conns {
				if e.Seq <= c.from {
					continue
				}
				ev, ok := c.person.access.Event(e)
				if !ok {
					continue
				}
				if head-e.Seq > TooFar || !c.push(out.in(c.lang, ev), e.Seq) {
					over = append(over, c)
				} else {
					h.frames.Add(1)
				}
				if c.touch() {
					touched = append(touched, c)
				}
			}
		}
		// Before the next event: nobody is given anything after what they missed.
		h.cut(over, head-e.Seq > TooFar)
		over = over[:0]
	}
	h.pos = rows[len(rows)-1].Seq
	return touched
}

// move keeps an idea's group where its idea stands, and ends the connections of
// those who may not see it there. h.mu is held.
func (h *Hub) move(g *group, e store.Entry) (ended []*conn) {
	if g.idea == 0 || e.BoardID == g.board && e.Private == g.private {
		return nil
	}
	g.board, g.private = e.BoardID, e.Private
	for _, c := range slices.Clone(g.conns) {
		if !g.seenBy(c.person) {
			h.remove(c)
			c.reload("no longer to be seen")
			ended = append(ended, c)
		}
	}
	return ended
}

// cut ends connections that fell behind: by their own slowness, or because the
// hub itself is too far behind to tell them everything. h.mu is held.
func (h *Hub) cut(over []*conn, hubIsLate bool) {
	for _, c := range over {
		h.remove(c)
		if hubIsLate {
			c.reload("too much happened")
			continue
		}
		h.cutOff.Add(1)
		c.end(1013, "too slow", false)
	}
}

// touch tells whether the connection has to be put on a list to be flushed.
func (c *conn) touch() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	first := !c.touched
	c.touched = true
	return first
}

// flush writes to many connections with a few goroutines, in turn.
func (h *Hub) flush(conns []*conn) {
	n := min(h.delivers, 1+len(conns)/64)
	if n <= 1 {
		for _, c := range conns {
			c.flushNow()
		}
		return
	}
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			for j := i; j < len(conns); j += n {
				conns[j].flushNow()
			}
		})
	}
	wg.Wait()
}
