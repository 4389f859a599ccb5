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

func sealCursor(key []byte, q board.Query, m match) string {
	seal, err := sealer(key)
	if err != nil {
		return "" // a state with no key has no next page
	}
	plain := make([]byte, 16, 40)
	binary.BigEndian.PutUint64(plain, math.Float64bits(m.score))
	binary.BigEndian.PutUint64(plain[8:], uint64(max(0, m.at)))
	plain = append(plain, documentID(m.ref)...)
	nonce := make([]byte, seal.NonceSize())
	_, _ = rand.Read(nonce)
	return base64.RawURLEncoding.EncodeToString(seal.Seal(nonce, nonce, plain, belongs(q)))
}

// openCursor reads what sealCursor wrote. Errors: invalid, field cursor.
func openCursor(key []byte, q board.Query) (*match, error) {
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
	if err != nil || len(plain) < 18 {
		return nil, bad
	}
	ref, ok := parseID(string(plain[16:]))
	if !ok {
		return nil, bad
	}
	return &match{math.Float64frombits(binary.BigEndian.Uint64(plain)), int64(binary.BigEndian.Uint64(plain[8:])), ref}, nil // #nosec G115 -- sealed by us
}

// belongs sums a query up, without its page.
func belongs(q board.Query) []byte {
	sum := sha256.Sum256([]byte(strings.Join([]string{q.Q, q.Board, string(q.Stage), strconv.FormatInt(q.Author, 10), q.From.UTC().String(), q.To.UTC().String()}, "\x00")))
	return sum[:]
}
