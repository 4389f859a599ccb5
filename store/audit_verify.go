package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"convivio/store/board"
	"convivio/store/chain"
)

// auditColumns is read by scanAudit, from audit a. The hash before an entry is
// that of the row before it, and stands in the row nowhere.
const auditColumns = `a.seq, a.at, a.act, a.outcome, a.actor_id, a.roles, a.means, a.request, a.board_id, a.idea_id, a.comment_id, a.person_id, a.hash,
	a.name_sum, a.address_sum, a.target_sum, a.before_sum, a.after_sum, a.note_sum,
	a.name, a.name_salt, a.address, a.address_salt, a.target, a.target_salt, a.before, a.before_salt, a.after, a.after_salt, a.note, a.note_salt`

func scanAudit(rows *sql.Rows, more ...any) (e board.AuditEntry, err error) {
	var us int64
	var values, salts [6]sql.NullString
	fields := []any{&e.Seq, &us, &e.Act, &e.Outcome, &e.Actor, &e.Roles, &e.Means, &e.Request, &e.Board, &e.Idea, &e.Comment, &e.Person, &e.Hash}
	for _, s := range e.Seals() {
		fields = append(fields, &s.Sum)
	}
	for i := range values {
		fields = append(fields, &values[i], &salts[i])
	}
	err = rows.Scan(append(fields, more...)...)
	e.At = at(us)
	for i, s := range e.Seals() {
		s.Value, s.Salt = values[i].String, salts[i].String
	}
	return e, err
}

// auditGuards are the triggers that keep the table from being changed.
var auditGuards = []string{"audit_fixed", "audit_kept", "audit_next"}

// VerifyAudit checks the whole audit log of this folder: every entry, the guards
// of the table, and that it goes as far as each of these heads says; the head file
// of the folder is asked too. The Verifier says what was checked. Errors:
// *chain.Fault for the first thing that is wrong.
func (s *Store) VerifyAudit(ctx context.Context, seen ...board.AuditHead) (v chain.Verifier, err error) {
	if h, err := s.readHead(); err == nil { // before the entries: they only become more
		seen = append(h.seen(), seen...)
	}
	v.Now = s.now()
	err = verifyAudit(ctx, s.readDB.DB, &v, seen)
	return v, err
}

// VerifyAuditFile is VerifyAudit for a file that Backup wrote. Errors also: it is none.
func VerifyAuditFile(ctx context.Context, file string, seen ...board.AuditHead) (v chain.Verifier, err error) {
	if err := checkCopy(ctx, file); err != nil {
		return v, err
	}
	db, err := sql.Open(driverName, dsn(file, "_query_only=1"))
	if err != nil {
		return v, fmt.Errorf("open the copy: %w", err)
	}
	err = verifyAudit(ctx, db, &v, seen)
	return v, errors.Join(err, db.Close())
}

func verifyAudit(ctx context.Context, db *sql.DB, v *chain.Verifier, seen []board.AuditHead) error {
	rows, err := db.QueryContext(ctx, `SELECT `+auditColumns+` FROM audit a ORDER BY a.seq`)
	if err != nil {
		return fmt.Errorf("read the audit log: %w", err)
	}
	defer rows.Close()
	hashes := map[int64]string{}
	for _, h := range seen {
		hashes[h.Seq] = ""
	}
	for rows.Next() {
		e, err := scanAudit(rows)
		if err != nil {
			return &chain.Fault{Seq: v.Last + 1, What: "was changed: it cannot be read: " + err.Error()}
		}
		if err := v.Next(e); err != nil {
			return misplaced(ctx, db, err, v)
		}
		if _, asked := hashes[e.Seq]; asked {
			hashes[e.Seq] = e.Hash
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read the audit log: %w", err)
	}
	if err := v.Whole(); err != nil {
		return err
	}
	for _, h := range seen {
		if err := chain.Reaches(h, hashes[h.Seq]); err != nil {
			return err
		}
	}
	return guarded(ctx, db)
}

// misplaced says of a broken place whether the entry that belongs there stands
// somewhere else: then the order was changed.
func misplaced(ctx context.Context, db *sql.DB, broken error, v *chain.Verifier) error {
	var f *chain.Fault
	if !errors.As(broken, &f) {
		return broken
	}
	rows, err := db.QueryContext(ctx, `SELECT `+auditColumns+` FROM audit a WHERE a.seq > $1 ORDER BY a.seq`, v.Last)
	if err != nil {
		return broken
	}
	defer rows.Close()
	for rows.Next() {
		e, err := scanAudit(rows)
		if err != nil {
			return broken
		}
		stands := e.Seq
		if e.Seq, e.Prev = v.Last+1, v.Hash; v.Count == 0 {
			e.Prev = chain.Start
		}
		if h, err := chain.Hash(e); err == nil && h == e.Hash && stands != e.Seq {
			return &chain.Fault{Seq: e.Seq, What: fmt.Sprintf("stands at %d: the entries were put in another order", stands)}
		}
	}
	return broken
}

// guarded checks that the triggers are there: without them the table can be
// changed by any statement.
func guarded(ctx context.Context, db *sql.DB) error {
	for _, name := range auditGuards {
		var there bool
		if err := db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit' AND name = $1)`, name).Scan(&there); err != nil {
			return fmt.Errorf("look for the guards of the audit log: %w", err)
		}
		if !there {
			return &chain.Fault{What: "every entry is whole, but the guard " + name + " of the table was taken away: somebody wanted to change it"}
		}
	}
	return nil
}

// AuditHead is the last entry of the audit log. Worth keeping somewhere else: see
// VerifyAudit.
func (s *Store) AuditHead(ctx context.Context) (h board.AuditHead, err error) {
	err = s.readDB.QueryRowContext(ctx, `SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1`).Scan(&h.Seq, &h.Hash)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return h, fmt.Errorf("read the end of the audit log: %w", err)
	}
	return h, nil
}
