package store

import (
	"context"
	"database/sql"
	"fmt"

	"convivio/store/board"
)

// releaseActs is how many of the latest acts about releases the works council is shown.
const releaseActs = 100

// ReleaseActs are who asked for releases, planned them and took files away, the latest
// first, for the works council: what it is to watch over. Nil for everybody else; HR
// does not read what others of HR did. Who has no role and was refused is not named.
func (s *Store) ReleaseActs(ctx context.Context, who board.Who) ([]board.AuditEntry, error) {
	if !who.Has(board.Council) {
		return nil, nil
	}
	rows, err := s.readDB.QueryContext(ctx, `SELECT `+auditColumns+` FROM audit a
		WHERE a.act IN ($1, $2, $3) AND (a.outcome <> $4 OR a.roles <> '') ORDER BY a.seq DESC LIMIT $5`,
		string(board.ReleaseAskedAct), string(board.ReleaseTakenAct), string(board.ReleasesPlannedAct), string(board.ActRefused), releaseActs)
	if err != nil {
		return nil, fmt.Errorf("read who asked for releases: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (board.AuditEntry, error) { return scanAudit(rows) })
}
