package live

import (
	"encoding/json"
	"io"
	"time"

	"convivio/store/board"
)

// That somebody is writing is a number that pages tell the hub and the hub tells
// pages. It is kept on the connection alone, for writingLasts, and never names
// anybody; it is no event, and stands in no log.

const (
	writingLasts = 8 * time.Second
	wordLimit    = 64 // bytes of what a page may say
)

// hears takes in what a page says: that somebody writes to the idea it shows.
// Anything else is listened to and forgotten.
func (c *conn) hears(message io.Reader, now time.Time) error {
	word, err := io.ReadAll(io.LimitReader(message, wordLimit))
	if err != nil {
		return err
	}
	var said struct {
		Kind board.EventKind `json:"kind"`
	}
	if json.Unmarshal(word, &said) == nil && said.Kind == board.WritingFrame {
		c.hub.writes(c, now)
	}
	_, err = io.Copy(io.Discard, message)
	return err
}

// writes notes that somebody writes on a connection that shows an idea.
func (h *Hub) writes(c *conn, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if c.gone || c.group.idea == 0 || c.lang == none {
		return
	}
	c.writing = now.Add(writingLasts)
	h.written[c.group.idea] = true
}

// tellWriters tells the pages of ideas on which somebody writes, or did until
// now, how many do.
func (h *Hub) tellWriters(now time.Time) {
	var told []*conn
	h.mu.Lock()
	for id := range h.written {
		g := h.ideas[id]
		n := 0
		if g != nil {
			for _, c := range g.conns {
				if now.Before(c.writing) {
					n++
				}
			}
		}
		if n == 0 {
			delete(h.written, id)
		}
		if g == nil {
			continue
		}
		f := textFrame(board.Reading{Kind: board.WritingFrame, Idea: id, Count: n})
		for _, c := range g.conns {
			if c.lang != none && c.toldWriters != n && c.push(f, 0) {
				c.toldWriters = n
				told = append(told, c)
			}
		}
	}
	h.mu.Unlock()
	h.flush(told)
}
