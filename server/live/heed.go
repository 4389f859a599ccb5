package live

import (
	"context"
	"errors"
	"fmt"

	"convivio/store"
	"convivio/store/board"
)

// scanSize is how many events are looked through at once for changed sight.
const scanSize = 1000

// changes is what a stretch of the log says about who may see what.
type changes struct {
	people     map[int64]bool // whose access is to be read again
	boards     map[int64]bool // boards that changed, and whether they are private now
	everyone   bool           // a kind this hub does not know the reach of
	everything bool           // events are gone: what pages show may never have been
}

// note takes one event in.
func (ch *changes) note(e store.Entry) {
	if !e.Kind.ChangesAccess() {
		return
	}
	switch e.Kind {
	case board.MemberAdded, board.MemberRemoved, board.PersonChanged:
		ch.people[e.Subject] = true
	case board.BoardChanged:
		ch.boards[e.BoardID] = e.Private
	case board.PersonAdded, board.BoardAdded:
		// Nobody listens as them, or to them, yet.
	case board.LossAccepted:
		ch.everything = true
	default:
		ch.everyone = true
	}
}

// heed looks through the log, to its end, for what changed somebody's sight,
// and holds the connections to it. rows are the events after the hub's
// position that were read already; complete: the log had no more.
func (h *Hub) heed(ctx context.Context, rows []store.Entry, complete bool) error {
	ch := changes{people: map[int64]bool{}, boards: map[int64]bool{}}
	seq := h.heeded
	note := func(rows []store.Entry) {
		for _, e := range rows {
			if e.Seq > seq {
				ch.note(e)
				seq = e.Seq
			}
		}
	}
	note(rows)
	for !complete {
		more, err := h.source.Entries(ctx, seq, scanSize)
		if err != nil {
			return err
		}
		note(more)
		complete = len(more) < scanSize
	}
	if err := h.apply(ctx, ch); err != nil {
		return err
	}
	h.heeded = seq
	return nil
}

// apply reads anew what the people concerned may see, and ends the connections
// to what they may see no more.
func (h *Hub) apply(ctx context.Context, ch changes) error {
	if ch.everything {
		h.reloadAll()
	}
	accesses := map[int64]store.Access{}
	lost := map[int64]bool{} // disabled people
	for _, id := range h.listening(ch) {
		access, err := h.source.Access(ctx, id)
		var fault *board.Error
		if errors.As(err, &fault) && fault.Code == board.NotFound {
			lost[id] = true
		} else if err != nil {
			return fmt.Errorf("read what person %d may see: %w", id, err)
		}
		accesses[id] = access
	}
	h.flush(h.hold(ch, accesses, lost))
	return nil
}

// listening are the people with open connections whose access may have changed.
// A connection that comes after them finds that the hub moved, and looks again.
func (h *Hub) listening(ch changes) []int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(ch.people) > 0 || len(ch.boards) > 0 || ch.everyone {
		h.moves++
	}
	var ids []int64
	if ch.everyone {
		for id := range h.people {
			ids = append(ids, id)
		}
		return ids
	}
	for id := range ch.people {
		if h.people[id] != nil {
			ids = append(ids, id)
		}
	}
	return ids
}

// hold puts what changed in force and returns the connections that ended by it.
func (h *Hub) hold(ch changes, accesses map[int64]store.Access, lost map[int64]bool) (ended []*conn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var look []*conn
	for id, access := range accesses {
		if p := h.people[id]; p != nil {
			p.access = access
			look = append(look, p.conns...)
		}
	}
	if len(ch.boards) > 0 {
		for _, c := range h.conns {
			if private, changed := ch.boards[c.group.board]; changed {
				c.group.private = private
				look = append(look, c)
			}
		}
	}
	for _, c := range look {
		switch {
		case c.gone:
		case lost[c.person.id]:
			h.remove(c)
			c.end(CloseSignedOut, "signed out", false)
			ended = append(ended, c)
		case !c.group.seenBy(c.person):
			h.remove(c)
			c.reload("no longer to be seen")
			ended = append(ended, c)
		}
	}
	return ended
}

// reloadAll tells every connection to read its page again.
func (h *Hub) reloadAll() {
	h.mu.Lock()
	ended := append([]*conn(nil), h.conns...)
	for _, c := range ended {
		h.remove(c)
		c.reload("saved events are missing")
	}
	h.moves++
	h.mu.Unlock()
	h.flush(ended)
}
