package server

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"convivio/store/board"
)

// How often somebody may ask. A person has an allowance of their own wherever
// they sit; before anyone is signed in, the address has one, wide enough for an
// office behind one address.
const (
	readsPerSecond  = 30
	readsAtOnce     = 300
	writesPerSecond = 2
	writesAtOnce    = 60
)

// maxLimited bounds how many people and addresses are remembered at once.
const maxLimited = 20_000

// limits are the allowances of those who asked lately.
type limits struct {
	mu sync.Mutex
	of map[string]*allowance
}

type allowance struct {
	reads, writes *rate.Limiter
	last          time.Time
}

func newLimits() limits { return limits{of: map[string]*allowance{}} }

// checkRate counts a request. Errors: too_many.
func (s *Server) checkRate(r *request) error {
	if !s.RateLimit {
		return nil
	}
	key := "address " + r.network()
	if r.who.ID != 0 {
		key = "person " + strconv.FormatInt(r.who.ID, 10)
	}
	write := r.Method != http.MethodGet && r.Method != http.MethodHead
	if !s.limits.allow(key, write, r.start) {
		return board.Fault(board.TooMany, "That was a lot at once. Wait a moment and try again.")
	}
	return nil
}

func (l *limits) allow(key string, write bool, now time.Time) bool {
	l.mu.Lock()
	a := l.of[key]
	if a == nil {
		if len(l.of) >= maxLimited {
			l.forget(now)
		}
		a = &allowance{reads: rate.NewLimiter(readsPerSecond, readsAtOnce), writes: rate.NewLimiter(writesPerSecond, writesAtOnce)}
		l.of[key] = a
	}
	a.last = now
	l.mu.Unlock()
	if write && !a.writes.AllowN(now, 1) {
		return false
	}
	return a.reads.AllowN(now, 1)
}

// forget drops those who have their whole allowance again, or, when so many
// ask that nobody does, half of them: the map must not grow with the askers.
func (l *limits) forget(now time.Time) {
	for key, a := range l.of {
		if now.Sub(a.last) > time.Minute {
			delete(l.of, key)
		}
	}
	for key := range l.of {
		if len(l.of) < maxLimited/2 {
			return
		}
		delete(l.of, key)
	}
}
