package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"convivio/store/board"
	"convivio/store/chain"
)

// The audit log keeps what is done with power over others, or sees what others
// may not, each act in the transaction that does it. What ordinary people do
// (posting, voting, reading, searching) never stands in it: nobody is watched.
// Store/chain says how entries hang on each other; docs/audit.md what is kept.

// Origin is from where somebody acts, for the audit log.
type Origin struct {
	Address string // network address of the peer; empty on the command line
	Request string // id of the request, as answers and the server's log name it
	Means   string // session, token:ID, or board.ByCommand; empty: the server by itself
}

type originKey struct{}

// WithOrigin says from where what is done with the context comes.
func WithOrigin(ctx context.Context, o Origin) context.Context {
	return context.WithValue(ctx, originKey{}, o)
}

func originOf(ctx context.Context) Origin {
	o, _ := ctx.Value(originKey{}).(Origin)
	return o
}

// act is what the audit log keeps of something done with power over others.
type act struct {
	kind                         board.Act
	board, idea, comment, person int64         // what it was done to; zero: not to one
	before, after                any           // small structs or maps, without texts and secrets; nil: none
	note                         string        // the reason that was given
	outcome                      board.Outcome // empty: done
}

// maxAuditValue is how long before and after may be, in bytes of JSON.
const maxAuditValue = 16 << 10

// audit keeps an act in the transaction that does it. The actor and what their
// power came from are read as they are at that moment, in the same transaction.
func (tx *Tx) audit(a act) error {
	e := board.AuditEntry{At: at(tx.Now), Act: a.kind, Outcome: a.outcome, Actor: tx.actor, Means: tx.from.Means, Request: tx.from.Request,
		Board: a.board, Idea: a.idea, Comment: a.comment, Person: a.person}
	if e.Outcome == "" {
		e.Outcome = board.ActDone
	}
	if e.Means == "" {
		e.Means = board.ByServer
	}
	name, roles, err := tx.actorAsTheyAre(a.board)
	if err != nil {
		return err
	}
	e.Roles = roles
	target, err := tx.targetName(a)
	if err != nil {
		return err
	}
	before, err := auditValue(a.before)
	if err != nil {
		return err
	}
	after, err := auditValue(a.after)
	if err != nil {
		return err
	}
	for i, value := range []string{name, tx.from.Address, target, before, after, a.note} {
		*e.Seals()[i] = chain.Seal(plain(value))
	}
	if err := hang(tx.ctx, tx.conn, &e); err != nil {
		return fmt.Errorf("keep %s in the audit log: %w", a.kind, err)
	}
	return nil
}

// auditOthers is audit for what people may do to their own words, and moderators to
// those of others: only the latter is an act of power.
func (tx *Tx) auditOthers(author int64, a act) error {
	if author == tx.actor {
		return nil
	}
	a.person = author
	return tx.audit(a)
}

// actorAsTheyAre reads the actor's name, and the roles that give them power here:
// "admin", "moderator", and "board:owner" for a role on the act's board.
func (tx *Tx) actorAsTheyAre(boardID int64) (name, roles string, err error) {
	if tx.actor == 0 {
		return "", "", nil
	}
	err = tx.row(`
		SELECT p.name, COALESCE((SELECT STRING_AGG(r.role, ' ') FROM (
			SELECT role FROM person_role WHERE person_id = p.id
			UNION SELECT 'board:' || role FROM board_role WHERE board_id = $2 AND (person_id = p.id OR team_id = p.team_id)
			ORDER BY role) r), '')
		FROM person p WHERE p.id = $1`, tx.actor, boardID).Scan(&name, &roles)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", "", fmt.Errorf("read who acts: %w", err)
	}
	return name, roles, nil
}

// targetName is the name of the person acted on, or of the board alone: ideas and
// comments are people's words, which may be erased, and go by their numbers.
func (tx *Tx) targetName(a act) (name string, err error) {
	switch {
	case a.person != 0:
		err = tx.row(`SELECT name FROM person WHERE id = $1`, a.person).Scan(&name)
	case a.board != 0 && a.idea == 0:
		err = tx.row(`SELECT name FROM board WHERE id = $1`, a.board).Scan(&name)
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("read what an act is about: %w", err)
	}
	return name, nil
}

func auditValue(v any) (string, error) {
	if v == nil {
		return "", nil
	}
	b, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("write down what an act changed: %w", err)
	}
	if len(b) > maxAuditValue {
		return fmt.Sprintf(`{"bytes_left_out":%d}`, len(b)), nil
	}
	if s := string(b); s != "null" && s != "{}" {
		return s, nil
	}
	return "", nil
}

// plain leaves out what would not come through a file of JSON or CSV as it went in.
func plain(s string) string { return strings.ToValidUTF8(strings.ReplaceAll(s, "\r", ""), "\ufffd") }

// auditConn is a connection that may write: the writer's, or that of a copy of
// which nobody knows yet.
type auditConn interface {
	querier
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// hang hangs an entry on the chain as the transaction sees it: a verb that is
// rolled back takes its entry with it.
func hang(ctx context.Context, c auditConn, e *board.AuditEntry) error {
	err := c.QueryRowContext(ctx, `SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1`).Scan(&e.Seq, &e.Prev)
	if errors.Is(err, sql.ErrNoRows) {
		e.Prev, err = chain.Start, nil
	}
	if err != nil {
		return fmt.Errorf("read the end of the chain: %w", err)
	}
	e.Seq++
	if e.Hash, err = chain.Hash(*e); err != nil {
		return err
	}
	args := []any{e.Seq, e.At.UnixMicro(), string(e.Act), string(e.Outcome), e.Actor, e.Roles, e.Means, e.Request, e.Board, e.Idea, e.Comment, e.Person, e.Hash}
	for _, s := range e.Seals() {
		args = append(args, s.Sum)
	}
	for _, s := range e.Seals() {
		args = append(args, textOrNull(s.Value), textOrNull(s.Salt))
	}
	_, err = c.ExecContext(ctx, `
		INSERT INTO audit (seq, at, act, outcome, actor_id, roles, means, request, board_id, idea_id, comment_id, person_id, hash,
			name_sum, address_sum, target_sum, before_sum, after_sum, note_sum,
			name, name_salt, address, address_salt, target, target_salt, before, before_salt, after, after_salt, note, note_salt)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
			$20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31)`, args...)
	return err
}

func textOrNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}
