// Package password keeps passwords: argon2id with its cost in the encoded form,
// never more at once than the machine has cores, and the rules for choosing one.
package password

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"convivio/store/board"
)

// Cost is what a hash takes; it is written into the hash.
type Cost struct {
	Memory  uint32 // KiB
	Time    uint32 // passes
	Threads uint8
}

// Default is the cost of new hashes. Tests may lower it before they start.
var Default = Cost{Memory: 64 << 10, Time: 2, Threads: 1}

// The most a stored hash may ask for: a damaged one must not stop the server.
const (
	maxMemory = 1 << 20 // KiB
	maxTime   = 16
)

const (
	saltBytes = 16
	keyBytes  = 32
)

// Hashing is as expensive as it is meant to be, so only as many run as there
// are cores, and only so many wait for their turn.
var (
	cores   = make(chan struct{}, runtime.NumCPU())
	waiting atomic.Int64
)

const (
	maxWaiting = 64
	maxWait    = 10 * time.Second
)

var errBusy = board.Fault(board.TooMany, "Many people are signing in just now. Try again in a moment.")

// derive runs argon2id when a core is free. Errors: too_many, ctx's.
func derive(ctx context.Context, password string, salt []byte, c Cost) ([]byte, error) {
	if waiting.Add(1) > maxWaiting {
		waiting.Add(-1)
		return nil, errBusy
	}
	defer waiting.Add(-1)
	patience := time.NewTimer(maxWait)
	defer patience.Stop()
	select {
	case cores <- struct{}{}:
	case <-patience.C:
		return nil, errBusy
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-cores }()
	return argon2.IDKey([]byte(norm.NFC.String(password)), salt, c.Time, c.Memory, c.Threads, keyBytes), nil
}

// Hash encodes a password for keeping. Errors: too_many when too many wait.
func Hash(ctx context.Context, password string) (string, error) {
	return hashWith(ctx, password, Default)
}

func hashWith(ctx context.Context, password string, c Cost) (string, error) {
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // never fails: crypto/rand ends the program instead
	key, err := derive(ctx, password, salt, c)
	if err != nil {
		return "", err
	}
	return encode(c, salt, key), nil
}

// encode writes a hash in the usual form of argon2's own tools.
func encode(c Cost, salt, key []byte) string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.Memory, c.Time, c.Threads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key))
}

func decode(encoded string) (c Cost, salt, key []byte, err error) {
	part := strings.Split(encoded, "$")
	var version int
	if len(part) != 6 || part[0] != "" || part[1] != "argon2id" {
		return c, nil, nil, errors.New("a stored password hash has an unknown form")
	}
	if _, err = fmt.Sscanf(part[2], "v=%d", &version); err == nil && version != argon2.Version {
		err = fmt.Errorf("unknown version %d", version)
	}
	if err == nil {
		_, err = fmt.Sscanf(part[3], "m=%d,t=%d,p=%d", &c.Memory, &c.Time, &c.Threads)
	}
	if err == nil {
		salt, err = base64.RawStdEncoding.DecodeString(part[4])
	}
	if err == nil {
		key, err = base64.RawStdEncoding.DecodeString(part[5])
	}
	if err == nil && (c.Memory == 0 || c.Memory > maxMemory || c.Time == 0 || c.Time > maxTime || c.Threads == 0 || len(key) != keyBytes) {
		err = errors.New("cost out of range")
	}
	if err != nil {
		return c, nil, nil, fmt.Errorf("read a stored password hash: %w", err)
	}
	return c, salt, key, nil
}

// dummy is verified where there is nothing to verify, so that the time does not
// tell whether somebody exists.
var dummy = sync.OnceValue(func() string {
	return encode(Default, make([]byte, saltBytes), make([]byte, keyBytes))
})

// Verify tells whether a password is the one behind an encoded hash. An empty
// hash is no password's, after the same time. Errors: too_many when too many wait.
func Verify(ctx context.Context, encoded, password string) (bool, error) {
	none := encoded == ""
	if none {
		encoded = dummy()
	}
	if len(password) > board.MaxPassword {
		password = "" // nothing that long was ever accepted; hashing it would cost us, not them
		none = true
	}
	c, salt, key, err := decode(encoded)
	if err != nil {
		return false, err
	}
	got, err := derive(ctx, password, salt, c)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, key) == 1 && !none, nil
}
