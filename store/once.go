package store

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"convivio/store/board"
)

// A form sent twice, or a request repeated after a lost answer, happens once:
// the key it carries is kept with what the verb made, in the same transaction.

// once names a request that may come again. The zero value is not remembered.
type once struct {
	who    int64
	key    string
	verb   string
	digest string
}

// newOnce checks the key of a request. Errors: invalid, field Idempotency-Key.
func newOnce(who board.Who, key, verb string, input any) (once, error) {
	if key == "" {
		return once{}, nil
	}
	if len(key) > 200 {
		return once{}, board.FieldFault("Idempotency-Key", "This key is %d characters long; at most %d are allowed.", len(key), 200)
	}
	for i := 0; i < len(key); i++ {
		if key[i] <= ' ' || key[i] > '~' {
			return once{}, board.FieldFault("Idempotency-Key", "Use only printable ASCII characters without spaces.")
		}
	}
	b, err := json.Marshal(input)
	if err != nil {
		return once{}, fmt.Errorf("digest a request: %w", err)
	}
	sum := sha256.Sum256(b)
	return once{who.ID, key, verb, hex.EncodeToString(sum[:])}, nil
}

// earlier tells what an earlier request with this key made. Errors: conflict
// when the key was used for something else.
func (tx *Tx) earlier(o once) (id, seq int64, found bool, err error) {
	if o.key == "" {
		return 0, 0, false, nil
	}
	var verb, digest string
	err = tx.row(`SELECT verb, digest, result_id, seq FROM idempotency WHERE person_id = $1 AND idem_key = $2`, o.who, o.key).
		Scan(&verb, &digest, &id, &seq)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, 0, false, nil
	}
	if err != nil {
		return 0, 0, false, fmt.Errorf("look up a key: %w", err)
	}
	if verb != o.verb || digest != o.digest {
		return 0, 0, false, board.Fault(board.Conflict, "This form was already sent with another text. What you see here is not lost: send it again.").On("Idempotency-Key")
	}
	return id, seq, true, nil
}

// remember keeps what the request made.
func (tx *Tx) remember(o once, id int64) error {
	if o.key == "" {
		return nil
	}
	_, err := tx.exec(`
		INSERT INTO idempotency (person_id, idem_key, verb, digest, result_id, seq, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, o.who, o.key, o.verb, o.digest, id, tx.seq, tx.Now)
	if err != nil {
		return fmt.Errorf("remember a key: %w", err)
	}
	return nil
}
