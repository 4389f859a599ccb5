// Package chain is the audit log's proof: how an entry is written down as bytes,
// how entries hang on each other, and how a chain is checked from its entries
// alone, without the server and its database.
//
//	canonical(e) = for each part, four bytes of length (big-endian) and the part itself
//	parts        = "convivio audit 1", seq, at, act, outcome, actor, roles, means, request,
//	               board, idea, comment, person,
//	               and the sums of name, address, target, before, after, note
//	sum(value)   = SHA-256(salt and value), salt being 16 random bytes; no bytes without a value
//	hash(e)      = SHA-256(hash of the entry before and canonical(e)), 32 zero bytes before the first
//
// Numbers are decimal digits, at is microseconds since 1970 (UTC). Sums go in as
// their 32 bytes, so erasing a value and its salt leaves the chain whole.
package chain

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strconv"

	"convivio/store/board"
)

// version is the first part of every entry's bytes.
const version = "convivio audit 1"

// saltSize is how many random bytes hide a value: enough that a sum tells nothing
// of a name that might be guessed.
const saltSize = 16

// Start is the hash before the first entry, in hex.
var Start = hex.EncodeToString(make([]byte, sha256.Size))

// Seal covers a value with a new salt; an empty value is none.
func Seal(value string) board.Sealed {
	if value == "" {
		return board.Sealed{}
	}
	salt := make([]byte, saltSize)
	_, _ = rand.Read(salt) // never fails: crypto/rand ends the program instead
	return board.Sealed{Value: value, Salt: hex.EncodeToString(salt), Sum: sum(salt, value)}
}

func sum(salt []byte, value string) string {
	h := sha256.New()
	h.Write(salt)
	h.Write([]byte(value))
	return hex.EncodeToString(h.Sum(nil))
}

// Hash is what an entry's Hash must be, given its other fields. Errors: a sum or
// the hash before that is no SHA-256 in hex.
func Hash(e board.AuditEntry) (string, error) {
	prev, err := digest(e.Prev)
	if err != nil || prev == nil {
		return "", fmt.Errorf("the hash of the entry before is %q", e.Prev)
	}
	h := sha256.New()
	h.Write(prev)
	part := func(b []byte) {
		var size [4]byte
		binary.BigEndian.PutUint32(size[:], uint32(len(b))) // #nosec G115 -- far below 4 GiB
		h.Write(size[:])
		h.Write(b)
	}
	number := func(n int64) { part(strconv.AppendInt(nil, n, 10)) }
	part([]byte(version))
	number(e.Seq)
	number(e.At.UnixMicro())
	part([]byte(e.Act))
	part([]byte(e.Outcome))
	number(e.Actor)
	part([]byte(e.Roles))
	part([]byte(e.Means))
	part([]byte(e.Request))
	for _, n := range []int64{e.Board, e.Idea, e.Comment, e.Person} {
		number(n)
	}
	for i, s := range e.Seals() {
		b, err := digest(s.Sum)
		if err != nil {
			return "", fmt.Errorf("the sum of %s is %q", board.SealNames[i], s.Sum)
		}
		part(b)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// digest reads 32 bytes in hex; nothing of nothing.
func digest(s string) ([]byte, error) {
	if s == "" {
		return nil, nil
	}
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != sha256.Size {
		return nil, fmt.Errorf("%q is no SHA-256", s)
	}
	return b, nil
}
