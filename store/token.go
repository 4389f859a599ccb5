package store

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"convivio/store/board"
)

// tokenPrefix lets people and secret scanners recognise a token.
const tokenPrefix = "cvt_"

// maxTokens is how many tokens a person has at once.
const maxTokens = 50

// AddToken makes a key for programs that act as the person, and returns the
// secret, which cannot be read again. Errors: invalid (field name), conflict
// beyond 50 tokens, not_found for an unknown or disabled person.
func (s *Store) AddToken(ctx context.Context, who board.Who, name string) (string, error) {
	return s.AddTokenOnce(ctx, who, name, "")
}

// AddTokenOnce is AddToken for a form that may be sent twice: until the server
// is started again, the same key gives the same token.
func (s *Store) AddTokenOnce(ctx context.Context, who board.Who, name, key string) (string, error) {
	name, err := board.Line("name", name, board.MaxName, true)
	if err != nil {
		return "", err
	}
	tokens, err := s.Tokens(ctx, who)
	if err != nil {
		return "", err
	}
	if len(tokens) >= maxTokens {
		return "", board.Fault(board.Conflict, "There are already %d tokens. Remove one first.", len(tokens)).On("name")
	}
	if _, err := s.Access(ctx, who.ID); err != nil {
		return "", err
	}
	secret := tokenPrefix + secretFor(who.ID, key)
	err = s.noteAs(ctx, tokenMaker(ctx, who), func(tx *Tx) error {
		var id int64
		err := tx.row(`
			INSERT INTO token (hash, person_id, name, created_at)
			SELECT $1, $2, $3, $4 WHERE EXISTS (SELECT 1 FROM person WHERE id = $2 AND disabled_at IS NULL AND suspended_until <= $4)
			ON CONFLICT (hash) DO NOTHING RETURNING id`, hashSecret(secret), who.ID, name, tx.Now).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) { // the form was sent twice
			return nil
		}
		if err != nil {
			return err
		}
		return tx.audit(act{kind: board.TokenAddedAct, person: who.ID, after: tokenAudit{id, name}})
	})
	if err != nil {
		return "", fmt.Errorf("add a token: %w", err)
	}
	return secret, nil
}

// tokenMaker is who makes somebody's token: themselves, or at the command line
// nobody signed in.
func tokenMaker(ctx context.Context, who board.Who) int64 {
	if originOf(ctx).Means == board.ByCommand {
		return 0
	}
	return who.ID
}

// formKey makes the secrets of tokens out of form keys. It is never kept.
var formKey = newSecret()

// secretFor is a new secret, or the one that a form's key stands for.
func secretFor(person int64, key string) string {
	if key == "" {
		return newSecret()
	}
	mac := hmac.New(sha256.New, []byte(formKey))
	fmt.Fprintf(mac, "%d %s", person, key)
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

var errNoToken = board.Fault(board.Unauthorized, "This token is not known. It may have been removed; make a new one in your account.")

// Token tells who is behind a token. Errors: unauthorized when it was removed,
// never was, or its person was disabled.
func (s *Store) Token(ctx context.Context, secret string) (Login, error) {
	if !strings.HasPrefix(secret, tokenPrefix) {
		return Login{}, errNoToken
	}
	key := tokenKey(secret)
	l, turn, known := s.logins.find(key)
	if !known {
		var roles loginRoles
		err := s.readDB.QueryRowContext(context.WithoutCancel(ctx), `
			SELECT `+loginColumns+`, k.id
			FROM token k JOIN person p ON p.id = k.person_id LEFT JOIN team t ON t.id = p.team_id
			WHERE k.hash = $1 AND p.disabled_at IS NULL AND p.suspended_until <= $2`,
			hex.EncodeToString(key.sum[:]), micros(s.now())).Scan(append(loginFields(&l.Who, &roles), &l.Token)...)
		if errors.Is(err, sql.ErrNoRows) {
			return Login{}, errNoToken
		}
		if err != nil {
			return Login{}, fmt.Errorf("look up a token: %w", err)
		}
		roles.give(&l.Who)
		s.logins.keep(key, l, turn)
	}
	if s.keptOut(l.Who) {
		return Login{}, errNoToken
	}
	return l.Login, nil
}

// Tokens lists somebody's tokens, the newest first.
func (s *Store) Tokens(ctx context.Context, who board.Who) ([]board.Token, error) {
	rows, err := s.readDB.QueryContext(ctx, `SELECT id, name, created_at FROM token WHERE person_id = $1 ORDER BY id DESC`, who.ID)
	if err != nil {
		return nil, fmt.Errorf("list tokens: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (t board.Token, err error) {
		var created int64
		err = rows.Scan(&t.ID, &t.Name, &created)
		t.CreatedAt = at(created)
		return t, err
	})
}

// RemoveToken ends one of somebody's tokens. Removing one that is not theirs,
// or not there, does nothing.
func (s *Store) RemoveToken(ctx context.Context, who board.Who, id int64) error {
	err := s.noteAs(ctx, who.ID, func(tx *Tx) error {
		var name string
		err := tx.row(`DELETE FROM token WHERE id = $1 AND person_id = $2 RETURNING name`, id, who.ID).Scan(&name)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("remove a token: %w", err)
		}
		return tx.audit(act{kind: board.TokenRemovedAct, person: who.ID, before: tokenAudit{id, name}})
	})
	s.revoked.tell(who.ID)
	return err
}
