package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"convivio/store/board"
)

// Bookkeeping is what concerns nobody else: where a person has read to, which
// devices are signed in. It is no event, so it goes through note, which touches
// only the tables named here, or through noteWith where a row must be looked at
// first: the writer refuses a job of either any other table.
var noteTables = map[string]bool{
	"session": true, "token": true, "link": true, "attempt": true, "read_mark": true, "idempotency": true, "file": true, "file_use": true,
	"removed": true, "removed_text": true,
	"idea_draft": true, "draft_file": true, // ideas in the making
	"report":       true,                            // its words, once they have served
	"answer_draft": true, "answer_draft_cite": true, // of what was erased
	"reaction":    true, // to what was erased
	"idea_follow": true, "board_follow": true, "notice": true, "follower": true,
	"saved_search": true, "saved_find": true,
	"search_key": true, "unfound": true, "searched": true,
	"announcement_away": true, "informed": true, "growth": true,
	"held": true, "appeal": true, // their words, once they have served
	"idea_version": true, "comment_version": true, // words that a moderator took out for good
	"citation": true, // made from texts, which are no bookkeeping
	"month":    true, "figure": true, "tally": true,
	"release_order": true, "release_piece": true, // of one in the making
}

// statement is one SQL statement with its values.
type statement struct {
	sql  string
	args []any
}

// note runs bookkeeping statements in one savepoint of the next group. A
// statement on a table that is not bookkeeping is a mistake of the caller.
func (s *Store) note(ctx context.Context, list ...statement) error {
	for _, st := range list {
		if err := bookkeeping(st.sql); err != nil {
			return err
		}
	}
	if s.lost.Load() > 0 {
		return errReadOnly
	}
	_, err := s.submit(ctx, &job{note: true, done: make(chan struct{}), do: func(tx *Tx) error {
		for _, st := range list {
			if _, err := tx.exec(st.sql, st.args...); err != nil {
				return fmt.Errorf("note in %s: %w", targetTable(st.sql), err)
			}
		}
		return nil
	}})
	return err
}

// bookkeeping refuses a statement that changes what is no bookkeeping.
func bookkeeping(query string) error {
	if t := targetTable(query); !noteTables[t] {
		return fmt.Errorf("a note may not touch table %q: a change people can see is a verb", t)
	}
	return nil
}

// keysKept is how long a repeated request is recognised: longer than a device
// without a connection keeps what it has to send, which is seven days.
const keysKept = board.KeysKept

// Forget takes away bookkeeping that has served (keys of requests after eight days,
// links and sessions past their end) and empties the write-ahead log, where words
// that were deleted still stand. Files that nothing names go too. Called every ten
// minutes by the server.
func (s *Store) Forget(ctx context.Context) error {
	now := s.now()
	err := s.note(ctx,
		statement{`DELETE FROM idempotency WHERE at < $1`, []any{micros(now.Add(-keysKept))}},
		statement{`DELETE FROM link WHERE ends_at < $1`, []any{micros(now)}},
		// One that was not used for so long opens nothing any more: nor does its hour stay.
		statement{`DELETE FROM session WHERE ends_at < $1 OR (created_at <= $2 AND seen_at <= $2)`, []any{micros(now), micros(now.Add(-SessionIdle))}},
		statement{`DELETE FROM notice WHERE at < $1`, []any{micros(now.Add(-noticesKept))}},
		statement{eraseRefused, []any{micros(now.Add(-board.AppealTime))}},
		statement{eraseAppeals, []any{micros(now.Add(-noticesKept))}})
	s.unseen.forget()
	return errors.Join(err, s.ForgetRemoved(ctx), s.forgetAddresses(ctx), s.forgetFiles(ctx), s.KeepGrowth(ctx), s.emptyLog(ctx))
}

// emptyLog writes the write-ahead log into the database and cuts it to nothing.
// Where a reader stands in the way for more than a second, the next time will do.
func (s *Store) emptyLog(ctx context.Context) error {
	db, err := sql.Open(driverName, dsn(s.path("convivio.db"), "_busy_timeout=1000&_secure_delete=on"))
	if err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	var busy, frames, moved int
	err = db.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &frames, &moved)
	if err = errors.Join(err, db.Close()); err != nil {
		return fmt.Errorf("empty the write-ahead log: %w", err)
	}
	return nil
}

// targetTable names the table that a statement of this package changes.
func targetTable(query string) string {
	words := strings.Fields(query)
	for i, w := range words {
		if (w == "INTO" || w == "UPDATE" || w == "FROM") && i+1 < len(words) {
			return words[i+1]
		}
	}
	return ""
}
