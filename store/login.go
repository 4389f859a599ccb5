package store

import (
	"crypto/sha256"
	"regexp"
	"sync"
	"time"

	"convivio/store/board"
)

// logins keeps in memory who is behind the cookies and tokens that were shown, until
// a statement of the writer changes anything that this is read from: every change
// passes there. What time alone changes is looked at again each time.
type logins struct {
	mu   sync.RWMutex
	turn int64 // grows with every change: what was read before it is not kept
	of   map[secretKey]keptLogin
}

// secretKey is what stands for a secret in memory: one of the two kinds is never
// taken for the other.
type secretKey struct {
	token bool
	sum   [sha256.Size]byte
}

func sessionKey(secret string) secretKey { return secretKey{false, sha256.Sum256([]byte(secret))} }
func tokenKey(secret string) secretKey   { return secretKey{true, sha256.Sum256([]byte(secret))} }

// keptLogin is a login with the times, in microseconds, that a session's end is
// told by; a token has none.
type keptLogin struct {
	Login
	created, seen, ends int64
}

// maxLogins bounds how many are kept.
const maxLogins = 20_000

// find tells who is behind a secret, if that is known; turn is for keep.
func (l *logins) find(key secretKey) (kept keptLogin, turn int64, ok bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	kept, ok = l.of[key]
	return kept, l.turn, ok
}

// keep keeps what was read since a turn, unless something changed meanwhile.
func (l *logins) keep(key secretKey, kept keptLogin, turn int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.turn != turn {
		return
	}
	if l.of == nil || len(l.of) >= maxLogins {
		l.of = map[secretKey]keptLogin{}
	}
	l.of[key] = kept
}

// changed forgets them all: they are read anew.
func (l *logins) changed() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.turn++
	l.of = nil
}

// holds tells whether time has not ended a session.
func (k *keptLogin) holds(now time.Time) bool {
	return k.Token != 0 || micros(now) < k.ends && !idle(now, k.created, k.seen)
}

// loginTables are those that loginColumns, Session and Token read.
const loginTables = `session|token|person|person_role|board_role|team|team_above`

// changesLogins finds the statements that change who is behind a secret, or what
// they may do.
var changesLogins = regexp.MustCompile(`(?i)\b(?:INTO|UPDATE|DELETE\s+FROM)\s+(?:` + loginTables + `)\b`)

// errSignIn answers who is not, or not any more, signed in.
var errSignIn = board.Fault(board.Unauthorized, "Sign in to go on.")
