package search

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"math"
	"strconv"
	"strings"

	"convivio/store/board"
)

// A cursor is the last match of a page, sealed: a score is worked out from all
// texts, also from those the reader may not see. It belongs to one query and
// ends with the index it was made by.

func sealer(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// spot is a place in an answer: the last hit of a page. Later pages are put in
// order as of the same moment.
type spot struct {
	phase byte
	match
	now int64 // microseconds
}

func sealCursor(key []byte, q board.Query, at spot) string {
	seal, err := sealer(key)
	if err != nil {
		return "" // a state with no key has no next page
	}
	plain := make([]byte, 25, 48)
	plain[0] = at.phase
	binary.BigEndian.PutUint64(plain[1:], math.Float64bits(at.score))
	binary.BigEndian.PutUint64(plain[9:], uint64(max(0, at.at)))
	binary.BigEndian.PutUint64(plain[17:], uint64(max(0, at.now)))
	plain = append(plain, documentID(at.ref())...)
	nonce := make([]byte, seal.NonceSize())
	_, _ = rand.Read(nonce)
	return base64.RawURLEncoding.EncodeToString(seal.Seal(nonce, nonce, plain, belongs(q)))
}

// openCursor reads what sealCursor wrote. Errors: invalid, field cursor.
func openCursor(key []byte, q board.Query) (*spot, error) {
	bad := board.FieldFault("cursor", "This cursor does not belong to this search, or the index was made anew since. Start again from the first page.")
	if len(q.Cursor) > 200 {
		return nil, bad
	}
	b, err := base64.RawURLEncoding.DecodeString(q.Cursor)
	if err != nil {
		return nil, bad
	}
	seal, err := sealer(key)
	if err != nil || len(b) < seal.NonceSize() {
		return nil, bad
	}
	plain, err := seal.Open(nil, b[:seal.NonceSize()], b[seal.NonceSize():], belongs(q))
	if err != nil || len(plain) < 27 {
		return nil, bad
	}
	ref, ok := parseID(string(plain[25:]))
	if !ok {
		return nil, bad
	}
	number := func(from int) int64 { return int64(binary.BigEndian.Uint64(plain[from:])) } // #nosec G115 -- sealed by us
	return &spot{plain[0], match{math.Float64frombits(binary.BigEndian.Uint64(plain[1:])), number(9), ref.ID, partLetter[ref.Part]}, number(17)}, nil
}

// belongs sums a query up, without its page.
func belongs(q board.Query) []byte {
	number := func(n int64) string { return strconv.FormatInt(n, 10) }
	sum := sha256.Sum256([]byte(strings.Join([]string{q.Q, q.Board, string(q.Stage), number(q.Author), q.From.UTC().String(), q.To.UTC().String(),
		number(int64(q.Year)), q.TextIn, number(q.Idea), string(q.Sort), strconv.FormatBool(q.Exact)}, "\x00")))
	return sum[:]
}
