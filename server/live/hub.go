// Package live brings what happens to the pages and programs that listen. The
// hub follows the log and keeps nothing of it: who asks for /live?after=N is
// told everything after N that they may hear, once and in order, or to read the
// page again; there is never a silent gap.
//
// Each event is rendered once per language and the same bytes go to everyone
// who may hear it. Who that is, is decided from rows at least as new as the
// words that were rendered, and what changes somebody's sight is heeded before
// anything later is delivered.
//
// The hub never waits for a connection. It tries to write and, when the
// connection takes nothing more, leaves what remains in a bounded queue to a
// goroutine of that connection; a queue that overflows ends the connection,
// whose owner comes back and resumes.
package live

import (
	"context"
	"log/slog"
	"runtime"
	"sync"
	"sync/atomic"

	"convivio/store"
	"convivio/store/board"
)

// TooFar is how many events somebody may have missed and still be told of each;
// beyond it, reading the page again is quicker.
const TooFar = 10_000

// Source is what the hub needs of the store.
type Source interface {
	Epoch() string
	Head() int64
	Follow(ctx context.Context, seq int64) (int64, error)
	Entries(ctx context.Context, after int64, limit int) ([]store.Entry, error)
	Access(ctx context.Context, person int64) (store.Access, error)
	Alive(ctx context.Context, l store.Login) (bool, error)
	OnRevoke(f func(person int64))
	OnNotices(f func(people []int64))
	UnseenOf(ctx context.Context, people []int64) (map[int64]int, error)
	OnReviews(f func(items []int64))
	ReviewersAmong(ctx context.Context, people []int64) ([]int64, error)
	Reviewing(ctx context.Context, person int64, items []int64) (counts board.ReviewCounts, some []int64, err error)
	Board(ctx context.Context, who board.Who, slug string) (board.Board, error)
	Idea(ctx context.Context, who board.Who, id int64) (board.Idea, error)
}

// Renderer makes the HTML of a frame: what open pages put in place of what they
// show, the same for every reader. Empty: the event changes no page. On an
// error the frame goes out without HTML, and pages fetch what it is about.
type Renderer interface {
	Frame(ctx context.Context, e store.Entry, lang string) (html string, err error)
}

// Options bound a hub. A zero field stands for its default, a negative one for no bound.
type Options struct {
	Sockets   int          // open at once; default 16,000
	PerPerson int          // open at once for one person, the oldest makes way; default 10
	Log       *slog.Logger // default slog.Default()
}

// Hub holds the open connections. Make it with New, let Run follow the log, and
// end it with Drain before Run's context.
type Hub struct {
	Options
	source Source
	render Renderer
	ctx    context.Context // ends when Drain is done with the connections
	stop   context.CancelFunc
	wg     sync.WaitGroup // every goroutine of a connection

	pending  atomic.Int64  // handshakes under way
	reading  chan struct{} // bounds how many catch up from the store at once
	revoked  chan struct{} // told when strangers has somebody
	noticed  chan struct{} // told when unseen has somebody
	reviewed chan struct{} // told when judged has something
	frames   atomic.Int64
	cutOff   atomic.Int64
	resumes  atomic.Int64
	reloads  atomic.Int64
	delivers int // goroutines that write to many connections

	heeded int64 // events after this may still change somebody's sight; Run's own

	mu        sync.Mutex
	draining  bool
	pos       int64 // every live connection was given what it may hear up to here
	moves     int64 // grows whenever somebody's sight may have changed
	people    map[int64]*person
	all       *group
	own       *group // pages that hear of nothing but what is for their person
	boards    map[int64]*group
	ideas     map[int64]*group
	conns     []*conn
	strangers map[int64]bool // people whose logins are to be checked now
	unseen    map[int64]bool // people whose unseen notices changed
	arrived   map[int64]bool // people who opened a page, which may be older than their notices
	judged    map[int64]bool // items of the review page that changed
	counted   map[int64]bool // ideas whose readers changed since the last tick
	written   map[int64]bool // ideas that somebody writes to
}

// person is somebody with open connections, and what they may see.
type person struct {
	id     int64
	access store.Access
	conns  []*conn // the oldest first
}

// New makes a hub that stands at the head of the log.
func New(source Source, render Renderer, o Options) *Hub {
	if o.Sockets == 0 {
		o.Sockets = 16_000
	}
	if o.PerPerson == 0 {
		o.PerPerson = 10
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	h := &Hub{Options: o, source: source, render: render,
		reading: make(chan struct{}, 2*runtime.GOMAXPROCS(0)), revoked: make(chan struct{}, 1), noticed: make(chan struct{}, 1), reviewed: make(chan struct{}, 1), delivers: runtime.GOMAXPROCS(0),
		people: map[int64]*person{}, all: &group{}, own: &group{}, boards: map[int64]*group{}, ideas: map[int64]*group{},
		strangers: map[int64]bool{}, unseen: map[int64]bool{}, arrived: map[int64]bool{}, judged: map[int64]bool{}, counted: map[int64]bool{}, written: map[int64]bool{}}
	h.ctx, h.stop = context.WithCancel(context.Background())
	h.pos = source.Head()
	h.heeded = h.pos
	source.OnRevoke(h.revoke)
	source.OnNotices(h.notice)
	source.OnReviews(h.review)
	return h
}

// Name and Seq show the hub among the followers of the log.
func (h *Hub) Name() string { return "live" }

// Seq is the last event that was given to the connections.
func (h *Hub) Seq() int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.pos
}

// Figures count what the hub did since it was made.
type Figures struct {
	Sockets int   // open now
	Frames  int64 // events given to a connection
	CutOff  int64 // connections ended because they read too slowly
	Resumes int64 // connections that asked for what they had missed and were told
	Reloads int64 // connections told to read the page again
}

// Figures reads the counters.
func (h *Hub) Figures() Figures {
	h.mu.Lock()
	n := len(h.conns)
	h.mu.Unlock()
	return Figures{Sockets: n, Frames: h.frames.Load(), CutOff: h.cutOff.Load(), Resumes: h.resumes.Load(), Reloads: h.reloads.Load()}
}
