package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"convivio/store/board"
	"convivio/store/chain"
)

// auditorsOnly refuses what takes an auditor: administrators are none unless
// somebody made them one. Errors: forbidden.
func auditorsOnly(who board.Who) error {
	if !who.Has(board.Auditor) {
		return board.Fault(board.Forbidden, "Only auditors can read this.")
	}
	return nil
}

// Audit reads the audit log, the newest entry first; that somebody does is an act
// too. Auditors only. Errors: forbidden, invalid (field cursor), unavailable.
func (s *Store) Audit(ctx context.Context, who board.Who, f board.AuditFilter, limit int, after string) (out board.Audit, err error) {
	if err := auditorsOnly(who); err != nil {
		return out, err
	}
	c, more, err := parseCursor("audit", after)
	if err != nil {
		return out, err
	}
	if err := s.Looked(ctx, who, board.AuditReadAct, Target{}); err != nil {
		return out, err
	}
	limit = pageSize(limit)
	where, args := chosenActs(f)
	if more {
		where, args = where+fmt.Sprintf(` AND a.seq < $%d`, len(args)+1), append(args, c.id)
	}
	// #nosec G202 -- chosenActs puts literals of this file together
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT `+auditColumns+`, COALESCE(b.hash, '`+chain.Start+`') FROM audit a LEFT JOIN audit b ON b.seq = a.seq - 1
		WHERE `+where+fmt.Sprintf(` ORDER BY a.seq DESC LIMIT $%d`, len(args)+1), append(args, limit+1)...)
	if err != nil {
		return out, fmt.Errorf("read the audit log: %w", err)
	}
	if out.Items, err = collect(rows, scanChained); err != nil {
		return out, err
	}
	if len(out.Items) > limit {
		out.Items = out.Items[:limit]
		out.Next = cursor{list: "audit", id: out.Items[limit-1].Seq}.String()
	}
	out.Head, err = s.AuditHead(ctx)
	return out, err
}

// scanChained reads auditColumns and the hash of the entry before.
func scanChained(rows *sql.Rows) (board.AuditEntry, error) {
	var prev string
	e, err := scanAudit(rows, &prev)
	e.Prev = prev
	return e, err
}

// ExportAudit hands out the entries that a filter chooses, oldest first, with all
// that proves them. The export is an act itself, and the last of its own entries
// where the filter lets it in. Auditors only. Errors: forbidden, unavailable,
// each's own.
func (s *Store) ExportAudit(ctx context.Context, who board.Who, f board.AuditFilter, format chain.Format, each func(board.AuditEntry) error) error {
	if err := auditorsOnly(who); err != nil {
		return err
	}
	what := exportAudit{format, f}
	if err := s.Exported(ctx, who, board.AuditExportedAct, Target{}, what); err != nil {
		return err
	}
	where, args := chosenActs(f)
	// #nosec G202 -- chosenActs puts literals of this file together
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT `+auditColumns+`, COALESCE(b.hash, '`+chain.Start+`') FROM audit a LEFT JOIN audit b ON b.seq = a.seq - 1
		WHERE `+where+` ORDER BY a.seq`, args...)
	if err != nil {
		return fmt.Errorf("read the audit log: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		e, err := scanChained(rows)
		if err != nil {
			return fmt.Errorf("read the audit log: %w", err)
		}
		if err := each(e); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read the audit log: %w", err)
	}
	return nil
}

// chosenActs is the condition of a filter on audit a, and its values.
func chosenActs(f board.AuditFilter) (where string, args []any) {
	var b strings.Builder
	b.WriteString(`TRUE`)
	when := func(set bool, condition string, value any) {
		if set {
			args = append(args, value)
			fmt.Fprintf(&b, condition, len(args))
		}
	}
	when(f.Actor != 0, ` AND a.actor_id = $%d`, f.Actor)
	when(f.Person != 0, ` AND a.person_id = $%d`, f.Person)
	when(f.Board != 0, ` AND a.board_id = $%d`, f.Board)
	when(f.Idea != 0, ` AND a.idea_id = $%d`, f.Idea)
	when(f.Act != "", ` AND a.act = $%d`, string(f.Act))
	when(f.Outcome != "", ` AND a.outcome = $%d`, string(f.Outcome))
	when(!f.From.IsZero(), ` AND a.at >= $%d`, f.From.UnixMicro())
	when(!f.To.IsZero(), ` AND a.at < $%d`, f.To.UnixMicro())
	for _, w := range firstWords(f.Who) {
		when(true, ` AND a.name LIKE $%d ESCAPE '\'`, like(w))
	}
	for _, w := range firstWords(f.Whom) {
		when(true, ` AND a.target LIKE $%d ESCAPE '\'`, like(w))
	}
	return b.String(), args
}

// firstWords are as many words as a name has: each makes the statement longer.
func firstWords(s string) []string {
	words := strings.Fields(s)
	return words[:min(len(words), 5)]
}

// like finds a text anywhere, its signs taken as they are.
func like(s string) string {
	return `%` + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s) + `%`
}

// exportAudit is what was exported; the names looked for stay out of it.
type exportAudit struct {
	Format chain.Format      `json:"format"`
	Filter board.AuditFilter `json:"filter,omitzero"`
}
