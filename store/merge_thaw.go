package store

import (
	"database/sql"
	"fmt"

	"convivio/store/board"
)

// A merge into an idea whose votes are closed brings none: they stay as they were
// counted. When that idea opens to votes again, whoever had voted for the merged
// one counts there as well, once.

// thaw brings the votes that merges kept back, after a step that opens an idea to
// votes which took none. Errors: none for people.
func (tx *Tx) thaw(idea int64, from, to board.Stage) error {
	if from.VotesOpen() || !to.VotesOpen() {
		return nil
	}
	rows, err := tx.query(`SELECT m.id, m.from_id, i.imported_votes FROM merge m JOIN idea i ON i.id = m.from_id
		WHERE m.into_id = $1 AND m.undone_at IS NULL AND m.votes = 0 ORDER BY m.id`, idea)
	if err != nil {
		return fmt.Errorf("find merges into idea %d: %w", idea, err)
	}
	type kept struct{ id, from, imported int64 }
	list, err := collect(rows, func(rows *sql.Rows) (k kept, err error) {
		err = rows.Scan(&k.id, &k.from, &k.imported)
		return k, err
	})
	if err != nil || len(list) == 0 {
		return err
	}
	for _, k := range list {
		err := tx.all("bring votes of a merged idea",
			statement{`UPDATE merge SET votes = 1, imported = $1 WHERE id = $2`, []any{k.imported, k.id}},
			statement{`UPDATE idea SET imported_votes = imported_votes + $1 WHERE id = $2`, []any{k.imported, idea}},
			statement{bringVotes, []any{k.from, idea, k.id, 1}})
		if err != nil {
			return err
		}
	}
	if err := tx.all("count votes", statement{recountIdea, []any{idea}}); err != nil {
		return err
	}
	return tx.reheat(idea)
}
