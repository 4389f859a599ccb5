package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"convivio/store/board"
	"convivio/store/password"
)

// Guessing is slowed down by account and by address, never stopped: the first
// attempts are free, then each waits twice as long as the one before, up to
// where the pace settles. An attempt counts before it is judged, so that many at
// once gain nothing. In no hour are there more than 20 attempts on an account,
// or 100 from an address.
type pace struct {
	free    int64
	settled time.Duration // between attempts in the long run; one is forgotten in this time
}

var (
	perAccount = pace{free: 5, settled: 10 * time.Minute}
	perAddress = pace{free: 35, settled: time.Minute}
)

// wait is how long after the last attempt the next may come.
func (p pace) wait(made int64) time.Duration {
	over := made - p.free
	if over < 0 {
		return 0
	}
	return min(time.Second<<min(over, 20), p.settled)
}

// accountName and addressName are what attempts are kept under: hashes, so that
// the table lists neither who was tried nor from where.
func accountName(email string) string   { return hashSecret("account " + email) }
func addressName(address string) string { return hashSecret("address " + address) }

// attempt counts an attempt under a name, or refuses it when it comes too soon.
// Errors: too_many, with the seconds to wait.
func (s *Store) attempt(ctx context.Context, name string, p pace) error {
	err := s.noteWith(ctx, func(tx *Tx) error {
		var made, last int64
		err := tx.row(`SELECT failures, last_at FROM attempt WHERE name = $1`, name).Scan(&made, &last)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("count attempts: %w", err)
		}
		since := time.Duration(tx.Now-last) * time.Microsecond
		made = max(0, made-int64(since/p.settled))
		if wait := p.wait(made) - since; wait > 0 {
			return board.Fault(board.TooMany, "There were many attempts. Wait %d seconds and try again.", int(wait/time.Second)+1)
		}
		if _, err := tx.exec(`DELETE FROM attempt WHERE last_at < $1`, tx.Now-(24*time.Hour).Microseconds()); err != nil {
			return fmt.Errorf("forget attempts: %w", err)
		}
		_, err = tx.exec(`
			INSERT INTO attempt (name, failures, last_at) VALUES ($1, $2, $3)
			ON CONFLICT (name) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at`, name, made+1, tx.Now)
		if err != nil {
			return fmt.Errorf("keep an attempt: %w", err)
		}
		return nil
	})
	return err
}

// succeeded forgets the attempts on an account, and takes the one back that was
// counted for the address.
func (s *Store) succeeded(ctx context.Context, account string, addresses ...string) error {
	list := []statement{{`DELETE FROM attempt WHERE name = $1`, []any{account}}}
	for _, a := range addresses {
		list = append(list, statement{`UPDATE attempt SET failures = failures - 1 WHERE name = $1 AND failures > 0`, []any{a}})
	}
	return s.note(ctx, list...)
}

// CheckPassword tells who an e-mail address and a password belong to. Nobody,
// somebody without a password, somebody disabled and a wrong password get the
// same answer after the same time. Errors: invalid, too_many with the seconds to wait.
func (s *Store) CheckPassword(ctx context.Context, email, secret, address string) (person int64, err error) {
	wrong := board.FieldFault("password", "This e-mail address and password do not belong together. Check both, or ask an administrator for a reset link.")
	email, err = normalEmail(email)
	if err != nil {
		return 0, err
	}
	if err := s.attempt(ctx, addressName(address), perAddress); err != nil {
		return 0, err
	}
	if err := s.attempt(ctx, accountName(email), perAccount); err != nil {
		return 0, err
	}
	var hash string
	err = s.readDB.QueryRowContext(ctx, `SELECT id, password FROM person WHERE email = $1 AND disabled_at IS NULL`, email).Scan(&person, &hash)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("look up an account: %w", err)
	}
	ok, err := password.Verify(ctx, hash, secret)
	if err != nil {
		return 0, err
	}
	if !ok {
		s.refuseAdmin(ctx, person)
		return 0, wrong
	}
	return person, s.succeeded(ctx, accountName(email), addressName(address))
}

// noteWith runs bookkeeping that must look before it writes, in one savepoint.
// The tables it may touch are those of note.
func (s *Store) noteWith(ctx context.Context, do func(*Tx) error) error { return s.noteAs(ctx, 0, do) }

// noteAs is noteWith for bookkeeping that somebody does by an act of power.
func (s *Store) noteAs(ctx context.Context, actor int64, do func(*Tx) error) error {
	if s.lost.Load() > 0 {
		return errReadOnly
	}
	_, err := s.submit(ctx, &job{actor: actor, from: originOf(ctx), note: true, done: make(chan struct{}), do: do})
	return err
}
