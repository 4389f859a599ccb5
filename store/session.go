package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"convivio/store/board"
)

// How long a browser stays signed in. SessionIdle is measured to the hour, so
// that the table does not say at which minute somebody worked; it is never longer.
const (
	SessionIdle = board.SessionIdle
	SessionLife = board.SessionLife
)

// maxSessions is how many devices a person is signed in on at once.
const maxSessions = 20

// Login is who is behind a cookie or a token, and which of the two it was.
type Login struct {
	board.Who
	Session int64 // 0: a token
	Token   int64 // 0: a session
	Shared  bool  // several people use the device: nothing is kept on it
}

// loginColumns is read by scanLogin, from person p, team t.
const loginColumns = `p.id, p.name, COALESCE(p.email, ''), p.kind, p.lang, COALESCE(t.name, ''),
	COALESCE((SELECT STRING_AGG(r.role, ' ') FROM person_role r WHERE r.person_id = p.id), ''),
	COALESCE((SELECT STRING_AGG(r.role || r.board_id, ' ') FROM board_role r WHERE r.person_id = p.id), ''),
	COALESCE((SELECT STRING_AGG('owner' || r.board_id, ' ') FROM board_role r WHERE r.role = 'owner' AND ` + inTeamOrBelow + `), '')`

// loginRoles are a person's roles as loginColumns reads them.
type loginRoles struct{ all, board, team string }

// loginFields are where loginColumns go.
func loginFields(w *board.Who, roles *loginRoles) []any {
	return []any{&w.ID, &w.Name, &w.Email, &w.Kind, &w.Lang, &w.Team, &roles.all, &roles.board, &roles.team}
}

// give gives the roles to who was read with them.
func (r loginRoles) give(w *board.Who) {
	w.Roles = splitRoles(r.all)
	for _, text := range strings.Fields(r.board + " " + r.team) {
		if id, of := strings.CutPrefix(text, string(board.BoardOwner)); of {
			w.Owns = append(w.Owns, number(id))
		} else if id, of := strings.CutPrefix(text, string(board.BoardModerator)); of {
			w.Keeps = append(w.Keeps, number(id))
		} else if id, of := strings.CutPrefix(text, string(board.BoardOfficer)); of {
			w.Heeds = append(w.Heeds, number(id))
		}
	}
	// Requests share what is kept: none of them appends in its place.
	w.Roles, w.Owns, w.Keeps, w.Heeds = slices.Clip(w.Roles), slices.Clip(w.Owns), slices.Clip(w.Keeps), slices.Clip(w.Heeds)
}

// number reads an id that the database wrote.
func number(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64)
	return n
}

func splitRoles(s string) []board.Role {
	out := []board.Role{}
	for _, r := range strings.Fields(s) {
		out = append(out, board.Role(r))
	}
	slices.Sort(out)
	return out
}

// newSecret is 256 random bits in letters, digits, - and _.
func newSecret() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the program instead
	return base64.RawURLEncoding.EncodeToString(b)
}

// hashSecret is what is stored of a secret: a stolen database opens nothing.
// The secrets are random, so a fast hash is enough.
func hashSecret(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

var errNoGuests = board.Fault(board.Forbidden, "Guests cannot come in just now. Ask the person who invited you.")

// who reads somebody as they are now. Errors: not_found for an unknown or disabled person.
func (s *Store) who(ctx context.Context, person int64) (board.Who, error) {
	var w board.Who
	var roles loginRoles
	err := s.readDB.QueryRowContext(ctx, `SELECT `+loginColumns+` FROM person p LEFT JOIN team t ON t.id = p.team_id
		WHERE p.id = $1 AND p.disabled_at IS NULL AND p.suspended_until <= $2`, person, micros(s.now())).Scan(loginFields(&w, &roles)...)
	if err != nil {
		return w, missingIfNone(err, "read person %d", person)
	}
	roles.give(&w)
	return w, nil
}

// OpenSession signs a person in on a device and returns the secret for the
// cookie. The caller has made sure who it is. Shared says that others use the
// device too. The oldest devices beyond twenty are signed out. Errors: not_found for an unknown or disabled person, forbidden for
// guests while administrators keep them out.
func (s *Store) OpenSession(ctx context.Context, person int64, userAgent string, shared bool) (string, error) {
	may, err := s.Access(ctx, person)
	if err != nil {
		return "", err
	}
	if may.Guest && !s.On(board.FeatureGuests) {
		return "", errNoGuests
	}
	secret := newSecret()
	now := s.now()
	list := []statement{
		{`
			INSERT INTO session (hash, person_id, device, created_at, seen_at, ends_at, shared)
			SELECT $1, $2, $3, $4, $5, $6, $7
			WHERE EXISTS (SELECT 1 FROM person WHERE id = $2 AND disabled_at IS NULL AND suspended_until <= $4)`,
			[]any{hashSecret(secret), person, device(userAgent), micros(now), micros(now.Truncate(time.Hour)), micros(now.Add(SessionLife)), asInt(shared)}},
		{`
			DELETE FROM session WHERE person_id = $1 AND id NOT IN (
				SELECT id FROM session WHERE person_id = $1 ORDER BY id DESC LIMIT $2)`,
			[]any{person, maxSessions}},
		{`DELETE FROM session WHERE ends_at <= $1`, []any{micros(now)}},
	}
	err = s.noteAs(ctx, person, func(tx *Tx) error {
		for _, st := range list {
			if _, err := tx.exec(st.sql, st.args...); err != nil {
				return err
			}
		}
		return tx.auditAdmin(act{kind: board.SessionOpenedAct, person: person})
	})
	if err != nil {
		return "", fmt.Errorf("open a session: %w", err)
	}
	s.revoked.tell(person)
	return secret, nil
}

// Session tells who is behind a session cookie. Errors: unauthorized when the
// session ended, was ended, or its person was disabled.
func (s *Store) Session(ctx context.Context, secret string) (Login, error) {
	key, now := sessionKey(secret), s.now()
	l, turn, known := s.logins.find(key)
	if !known {
		err := s.readSession(ctx, key, now, &l)
		if errors.Is(err, sql.ErrNoRows) {
			return Login{}, errSignIn
		}
		if err != nil {
			return Login{}, fmt.Errorf("look up a session: %w", err)
		}
		s.logins.keep(key, l, turn)
	}
	if !l.holds(now) || s.keptOut(l.Who) {
		return Login{}, errSignIn
	}
	if hour := micros(now.Truncate(time.Hour)); hour > l.seen && !s.readOnly.Load() {
		s.seen(ctx, l.Session, hour)
	}
	return l.Login, nil
}

func (s *Store) readSession(ctx context.Context, key secretKey, now time.Time, l *keptLogin) error {
	var roles loginRoles
	// A read takes microseconds: making it cancellable would cost more than it does.
	err := s.readDB.QueryRowContext(context.WithoutCancel(ctx), `
		SELECT `+loginColumns+`, s.id, s.created_at, s.seen_at, s.ends_at, s.shared = 1
		FROM session s JOIN person p ON p.id = s.person_id LEFT JOIN team t ON t.id = p.team_id
		WHERE s.hash = $1 AND s.ends_at > $2 AND p.disabled_at IS NULL AND p.suspended_until <= $2`,
		hex.EncodeToString(key.sum[:]), micros(now)).Scan(append(loginFields(&l.Who, &roles), &l.Session, &l.created, &l.seen, &l.ends, &l.Shared)...)
	roles.give(&l.Who)
	return err
}

func idle(now time.Time, created, seen int64) bool {
	return micros(now) >= max(created, seen)+SessionIdle.Microseconds()
}

// seen keeps the hour of a session's use; that it was not kept harms nobody.
func (s *Store) seen(ctx context.Context, session, hour int64) {
	if err := s.note(ctx, statement{`UPDATE session SET seen_at = $1 WHERE id = $2 AND seen_at < $1`, []any{hour, session}}); err != nil {
		slog.Warn("the hour of a session was not kept", "error", err)
	}
}

// Alive tells whether a login still holds: for connections that outlive a request.
func (s *Store) Alive(ctx context.Context, l Login) (bool, error) {
	now := s.now()
	var created, seen int64
	var err error
	if l.Token != 0 {
		err = s.readDB.QueryRowContext(ctx, `
			SELECT t.created_at FROM token t JOIN person p ON p.id = t.person_id
			WHERE t.id = $1 AND t.person_id = $2 AND p.disabled_at IS NULL AND p.suspended_until <= $3`, l.Token, l.ID, micros(now)).Scan(&created)
		seen = micros(now)
	} else {
		err = s.readDB.QueryRowContext(ctx, `
			SELECT s.created_at, s.seen_at FROM session s JOIN person p ON p.id = s.person_id
			WHERE s.id = $1 AND s.person_id = $2 AND s.ends_at > $3 AND p.disabled_at IS NULL AND p.suspended_until <= $3`,
			l.Session, l.ID, micros(now)).Scan(&created, &seen)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look whether a login holds: %w", err)
	}
	return !idle(now, created, seen), nil
}

// Sessions lists the devices somebody is signed in on, the newest first.
func (s *Store) Sessions(ctx context.Context, l Login) ([]board.Session, error) {
	now := s.now()
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT id, device, created_at, seen_at FROM session
		WHERE person_id = $1 AND ends_at > $2 ORDER BY id DESC`, l.ID, micros(now))
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	all, err := collect(rows, func(rows *sql.Rows) (d board.Session, err error) {
		var created, seen int64
		err = rows.Scan(&d.ID, &d.Device, &created, &seen)
		d.CreatedAt, d.SeenAt, d.Current = at(created), at(seen), d.ID == l.Session
		return d, err
	})
	live := all[:0]
	for _, d := range all {
		if !idle(now, micros(d.CreatedAt), micros(d.SeenAt)) {
			live = append(live, d)
		}
	}
	return live, err
}

// EndSession signs somebody out of one of their devices. Ending one that is not
// theirs, or not there, does nothing.
func (s *Store) EndSession(ctx context.Context, who board.Who, id int64) error {
	err := s.noteAs(ctx, who.ID, func(tx *Tx) error {
		res, err := tx.exec(`DELETE FROM session WHERE id = $1 AND person_id = $2`, id, who.ID)
		if err != nil {
			return fmt.Errorf("end a session: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return tx.auditAdmin(act{kind: board.SessionEndedAct, person: who.ID})
	})
	s.revoked.tell(who.ID)
	return err
}

// EndSessions signs somebody out everywhere; with keep, but on that device.
func (s *Store) EndSessions(ctx context.Context, who board.Who, keep int64) error {
	err := s.note(ctx, statement{`DELETE FROM session WHERE person_id = $1 AND id <> $2`, []any{who.ID, keep}})
	s.revoked.tell(who.ID)
	return err
}

// device says in a few words which browser and system a User-Agent header names.
func device(userAgent string) string {
	return first(userAgent, "another browser",
		"Edg", "Edge", "OPR/", "Opera", "Firefox/", "Firefox", "Chrom", "Chrome", "Safari/", "Safari", "Go-http-client", "a program", "curl/", "curl") +
		" · " + first(userAgent, "another system",
		"Android", "Android", "iPhone", "iPhone", "iPad", "iPad", "Windows", "Windows", "Mac OS", "macOS", "CrOS", "ChromeOS", "Linux", "Linux")
}

// first finds the first mark that stands in text; marks and names alternate.
func first(text, otherwise string, marks ...string) string {
	for i := 0; i < len(marks); i += 2 {
		if strings.Contains(text, marks[i]) {
			return marks[i+1]
		}
	}
	return otherwise
}
