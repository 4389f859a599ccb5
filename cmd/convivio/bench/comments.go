package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// What the search index may take to have all of the long run, and the share of
// the bare rate that comments are to reach.
const (
	catchUpWithin   = 60 * time.Second
	catchUpPatience = 5 * time.Minute
	commentsShare   = 0.10
)

// keys number the posts of a run: each is sent under a key of its own.
var keys atomic.Uint64

// writer posts comments over one connection, as one person.
type writer struct {
	wire   *wire
	posts  []*request // by idea
	bodies []string
	took   []time.Duration
	next   func() (idea, body int)
	parent int64 // of the next post; 0: none
	idea   int
	buf    []byte
}

// write posts one comment. One in three is followed by a reply to it.
func (w *writer) write() error {
	idea, body := w.next()
	reply := w.parent != 0
	w.buf = append(w.buf[:0], `{"body":`...)
	w.buf = append(w.buf, w.bodies[body]...)
	if reply {
		idea = w.idea
		w.buf = append(w.buf, `,"parent_id":`...)
		w.buf = strconv.AppendInt(w.buf, w.parent, 10)
	}
	w.buf = append(w.buf, '}')
	start := time.Now()
	a, err := w.wire.do(w.posts[idea].with(keys.Add(1), w.buf), true)
	if err != nil {
		return err
	}
	w.took = append(w.took, time.Since(start))
	if a.status != 201 {
		return errStatus("post a comment", a)
	}
	id := idOf(a.body)
	if id == 0 {
		return errStatus("post a comment: no id came back", a)
	}
	w.parent = 0
	if !reply && body%3 == 0 {
		w.idea, w.parent = idea, id
	}
	return nil
}

// idOf reads the id an answer begins with, without taking the rest apart.
func idOf(body []byte) (id int64) {
	const prefix = `{"id":`
	if len(body) < len(prefix) || string(body[:len(prefix)]) != prefix {
		return 0
	}
	for _, c := range body[len(prefix):] {
		if c < '0' || c > '9' {
			break
		}
		id = 10*id + int64(c-'0')
	}
	return id
}

// encodedBodies makes comments as JSON strings beforehand.
func encodedBodies(n int) ([]string, error) {
	t := newTexts(77)
	out := make([]string, n)
	for i := range out {
		b, err := json.Marshal(t.comment())
		if err != nil {
			return nil, fmt.Errorf("encode a comment: %w", err)
		}
		out[i] = string(b)
	}
	return out, nil
}

// writers connects everyone who comments on one server.
func writers(ctx context.Context, addr string, c company, n int, bodies []string) (all []*writer, steps []step, err error) {
	for i := range n {
		conn, err := connect(ctx, addr)
		if err != nil {
			return all, nil, err
		}
		random := newRandom(i)
		w := &writer{wire: conn, bodies: bodies, next: func() (int, int) { return random.IntN(len(c.ideas)), random.IntN(len(bodies)) }}
		for _, id := range c.ideas {
			w.posts = append(w.posts, newRequest("POST", addr, fmt.Sprintf("/api/v1/ideas/%d/comments", id), bearer(c.tokens[i%len(c.tokens)])))
		}
		all, steps = append(all, w), append(steps, w.write)
		if err := w.write(); err != nil { // a server hangs up on who says nothing at first
			return all, nil, err
		}
	}
	return all, steps, nil
}

// comments measures how many comments are saved per second, with every follower running.
func (r *run) comments(ctx context.Context) error {
	bodies, err := encodedBodies(4096)
	if err != nil {
		return err
	}
	listeners, err := r.listeners(ctx)
	defer func() {
		for _, ws := range listeners {
			_ = ws.Close()
		}
	}()
	if err != nil {
		return err
	}
	ours, mine, err := writers(ctx, r.ours.addr, r.company, r.writers, bodies)
	defer hangUp(ours)
	if err != nil {
		return err
	}
	bare, theirs, err := writers(ctx, r.bare.addr, r.company, r.writers, bodies)
	defer hangUp(bare)
	if err != nil {
		return err
	}
	c, err := r.commentRounds(ctx, ours, mine, theirs)
	if err != nil {
		return err
	}
	if r.bulk == 0 {
		return nil
	}
	return r.longRun(ctx, mine, median(c.bare))
}

func hangUp(all []*writer) {
	for _, w := range all {
		w.wire.close()
	}
}

// commentRounds lets ours and the limit take turns, and waits for the index in between.
func (r *run) commentRounds(ctx context.Context, ours []*writer, mine, theirs []step) (contest, error) {
	var lags, waits []float64
	c, err := r.turns(ctx, "comments", r.slice, mine, theirs, func(ctx context.Context) error {
		lag, wait, err := r.catchUp(ctx)
		if lags = append(lags, float64(lag)); len(lags) == 1 { // this was the warm-up
			for _, w := range ours {
				w.took = w.took[:0]
			}
		}
		waits = append(waits, wait.Seconds())
		return err
	})
	if err != nil {
		return c, err
	}
	var took []time.Duration
	for _, w := range ours {
		took = append(took, w.took...)
	}
	c.say(&r.table, fmt.Sprintf("comments saved, %d writers", r.writers), commentsShare)
	r.table.say("  saved and answered within, p50 / p99", two(percentile(took, 0.5), percentile(took, 0.99)), "", "")
	r.table.say("  index behind at the end, then caught up in", grouped(int64(median(lags[1:])))+" events, "+fmt.Sprintf("%.1f s", median(waits[1:])), "", "")
	return c, nil
}

// longRun posts many comments at a stretch and waits for the index.
func (r *run) longRun(ctx context.Context, mine []step, bare float64) error {
	if err := r.say(ctx, "%s comments at a stretch", grouped(int64(r.bulk))); err != nil {
		return err
	}
	took, err := times(ctx, mine, r.bulk)
	if err != nil {
		return err
	}
	lag, wait, err := r.catchUp(ctx)
	if err != nil {
		return err
	}
	rate := float64(r.bulk) / took.Seconds()
	r.table.say(fmt.Sprintf("  %s comments at a stretch", grouped(int64(r.bulk))), perSecond(rate), perSecond(bare), fmt.Sprintf("%.3f", rate/bare))
	r.table.hold(fmt.Sprintf("  index behind after them: %s; caught up in", grouped(lag)), seconds(wait), "", "", "≤ "+seconds(catchUpWithin), wait <= catchUpWithin)
	return nil
}

// catchUp reads how far the index is behind, and waits until it is not.
func (r *run) catchUp(ctx context.Context) (lag int64, took time.Duration, err error) {
	start := time.Now()
	first, err := r.ours.index(ctx)
	if err != nil {
		return 0, 0, err
	}
	err = until(ctx, catchUpPatience, func() (bool, error) {
		now, err := r.ours.index(ctx)
		return now.lag == 0, err
	})
	if err != nil && !errors.Is(err, errLate) { // late is measured, too
		return 0, 0, err
	}
	return first.lag, time.Since(start), nil
}

// listeners opens some of the ideas as pages do, so that frames are rendered
// and sent while comments are saved.
func (r *run) listeners(ctx context.Context) (open []*websocket.Conn, err error) {
	for i := range min(64, len(r.company.ideas)) {
		ws, err := listen(ctx, r.ours.addr, r.company.tokens[i%len(r.company.tokens)], r.company.ideas[i])
		if err != nil {
			return open, err
		}
		open = append(open, ws)
		go drain(ws)
	}
	return open, nil
}

// drain reads what a socket gets, and forgets it.
func drain(ws *websocket.Conn) {
	for {
		if _, _, err := ws.NextReader(); err != nil {
			return
		}
	}
}
