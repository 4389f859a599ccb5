package store

import (
	"database/sql"
	"errors"
	"fmt"

	"convivio/store/board"
)

// sees is the one condition on who may see board b: open boards for employees,
// any board for its members. It takes the reader's kind as $1 and id as $2 in
// every statement that uses it. Roles do not open private boards.
const sees = `(b.visibility = 'open' AND $1 = 'employee'
	OR EXISTS (SELECT 1 FROM member m WHERE m.board_id = b.id AND m.person_id = $2))`

// target is an idea as a verb finds it.
type target struct {
	board   int64
	author  int64
	stage   board.Stage
	locked  bool
	created int64
	heat    float64

	mergedInto int64 // another idea; 0: this one stands by itself
	silent     int64 // microseconds until which the person asking may not write there; 0: they may
	slow       int64 // minutes between two comments of one person
}

// idea finds an idea that somebody wants to act on. Errors: not_found when it
// is not there or not to be seen, or the person was disabled.
func (tx *Tx) idea(who board.Who, id int64) (t target, err error) {
	var locked sql.NullInt64
	err = tx.row(`
		SELECT i.board_id, i.author_id, i.stage, i.locked_at, i.created_at, i.heat, COALESCE(i.merged_into, 0), i.slow, `+silentUntil+`
		FROM idea i JOIN board b ON b.id = i.board_id
		JOIN person p ON p.id = $2 AND p.kind = $1 AND p.disabled_at IS NULL AND p.suspended_until <= $4
		WHERE i.id = $3 AND i.deleted_at IS NULL AND `+sees,
		string(who.Kind), who.ID, id, tx.Now).Scan(&t.board, &t.author, &t.stage, &locked, &t.created, &t.heat, &t.mergedInto, &t.slow, &t.silent)
	t.locked = locked.Valid
	return t, missingIfNone(err, "find idea %d", id)
}

var errLocked = board.Fault(board.Conflict, "This idea is locked: it can be read, but nothing can be added or changed.").On("idea")

// openIdea is idea for verbs that a lock forbids, and who was silenced. Errors
// also: conflict, forbidden.
func (tx *Tx) openIdea(who board.Who, id int64) (target, error) {
	t, err := tx.idea(who, id)
	switch {
	case err != nil:
	case t.mergedInto != 0:
		err = errMerged(t.mergedInto)
	case t.locked:
		err = errLocked
	}
	if err == nil {
		err = t.maySpeak(tx.Now)
	}
	return t, err
}

// boardFor finds a board that somebody wants to act on. Errors: not_found.
func (tx *Tx) boardFor(who board.Who, slug string) (id int64, err error) {
	err = tx.row(`
		SELECT b.id FROM board b JOIN person p ON p.id = $2 AND p.kind = $1 AND p.disabled_at IS NULL AND p.suspended_until <= $4
		WHERE b.slug = $3 AND `+sees, string(who.Kind), who.ID, slug, tx.Now).Scan(&id)
	return id, missingIfNone(err, "find board %s", slug)
}

// missingIfNone turns an empty result into not_found and says what was being done otherwise.
func missingIfNone(err error, doing string, args ...any) error {
	if errors.Is(err, sql.ErrNoRows) {
		return board.Missing()
	}
	if err != nil {
		return fmt.Errorf(doing+": %w", append(args, err)...)
	}
	return nil
}

// moderatorsOnly refuses what takes a moderator. Errors: forbidden.
func moderatorsOnly(who board.Who) error {
	if !who.Moderates() {
		return board.Fault(board.Forbidden, "Only moderators can do this.")
	}
	return nil
}

// moderator refuses what takes a moderator of a board that was found to be seen
// by who. Errors: forbidden.
func (tx *Tx) moderator(who board.Who, boardID int64) error {
	return tx.mayOnBoard(who, boardID, board.BoardModerator)
}

// mayOnBoard refuses what takes a moderator, or who has this role on the board.
func (tx *Tx) mayOnBoard(who board.Who, boardID int64, role board.BoardRole) error {
	may := who.ID == 0 && who.Moderates() // the operator
	if !may {
		err := tx.row(`
			SELECT EXISTS (SELECT 1 FROM person_role r WHERE r.person_id = $1 AND r.role IN ('moderator', 'admin'))
			    OR EXISTS (SELECT 1 FROM board_role r JOIN person p ON p.id = $1
					WHERE r.board_id = $2 AND r.role = $3 AND (r.person_id = p.id OR `+inTeamOrBelow+`))`,
			who.ID, boardID, string(role)).Scan(&may)
		if err != nil {
			return fmt.Errorf("look up what %d may do on board %d: %w", who.ID, boardID, err)
		}
	}
	if !may {
		return board.Fault(board.Forbidden, "Only moderators can do this.")
	}
	return nil
}

// adminsOnly refuses what takes an administrator. Errors: forbidden.
func adminsOnly(who board.Who) error {
	if !who.Has(board.Admin) {
		return board.Fault(board.Forbidden, "Only administrators can do this.")
	}
	return nil
}
