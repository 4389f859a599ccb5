package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"convivio/store/board"
)

// item is something that waits for a moderator.
type item struct {
	id                                    int64
	kind                                  board.ReviewKind
	board, idea, comment, subject, person int64 // zero where there is none
	ground                                board.Ground
	officer                               bool  // for the named officer and administrators alone
	due                                   int64 // microseconds; 0: as its kind and ground ask for
	version                               int64
	claimedBy, claimedAt                  int64
	closedBy, decision                    int64
	closed                                bool
}

// patience is how soon an item is to be looked at.
func patience(kind board.ReviewKind, g board.Ground) time.Duration {
	switch {
	case kind == board.LateItem || g == board.Illegal:
		return 0
	case g == board.PersonalData:
		return time.Hour
	case g == board.Disrespect:
		return 2 * time.Hour
	case kind == board.HeldItem:
		return 4 * time.Hour
	case kind == board.DuplicateItem || g == board.Duplicate:
		return 72 * time.Hour
	}
	return 24 * time.Hour
}

// openItem lets something wait for a moderator and returns the item's id. What
// waits already, for the same reason, goes on waiting, sooner if this is more
// urgent. Called after the verb's own event.
func (tx *Tx) openItem(in item) (id int64, err error) {
	if in.due == 0 {
		in.due = tx.Now + patience(in.kind, in.ground).Microseconds()
	}
	var due int64
	err = tx.row(`
		SELECT id, due_at FROM review WHERE kind = $1 AND board_id = $2 AND COALESCE(idea_id, 0) = $3 AND COALESCE(comment_id, 0) = $4
			AND subject_id = $5 AND officer = $6 AND closed_at IS NULL`,
		string(in.kind), in.board, in.idea, in.comment, in.subject, asInt(in.officer)).Scan(&id, &due)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		id, err = tx.insert(`
			INSERT INTO review (kind, board_id, idea_id, comment_id, subject_id, person_id, officer, ground, at, due_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id`,
			string(in.kind), in.board, orNull(in.idea), orNull(in.comment), in.subject, orNull(in.person), asInt(in.officer), string(in.ground), tx.Now, in.due)
		if err != nil {
			return 0, fmt.Errorf("open a review item: %w", err)
		}
		_, err = tx.record(board.ReviewOpened, about{subject: id})
	case err == nil && in.due < due:
		_, err = tx.exec(`UPDATE review SET due_at = $1, ground = $2 WHERE id = $3`, in.due, string(in.ground), id)
	}
	if err != nil {
		return 0, fmt.Errorf("open a review item: %w", err)
	}
	tx.store.reviews.touch(id)
	return id, nil
}

// closeItem takes an item off the review page. decision is what was decided; 0:
// there was nothing to decide any more.
func (tx *Tx) closeItem(id, decision int64) error {
	err := tx.row(`
		UPDATE review SET closed_at = $1, closed_by = $2, decision_id = $3, version = version + 1, claimed_by = NULL, claimed_at = NULL
		WHERE id = $4 AND closed_at IS NULL RETURNING id`, tx.Now, orNull(tx.actor), orNull(decision), id).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("close review item %d: %w", id, err)
	}
	tx.store.reviews.touch(id)
	_, err = tx.record(board.ReviewClosed, about{subject: id})
	return err
}

// closeAbout closes what waits about a held post, an appeal or another idea.
func (tx *Tx) closeAbout(kind board.ReviewKind, subject, decision int64) error {
	return tx.closeAll(decision, `SELECT id FROM review WHERE kind = $1 AND subject_id = $2 AND closed_at IS NULL`, string(kind), subject)
}

func (tx *Tx) closeAll(decision int64, query string, args ...any) error {
	rows, err := tx.query(query, args...)
	if err != nil {
		return fmt.Errorf("find review items: %w", err)
	}
	list, err := collect(rows, scanID)
	for _, id := range list {
		if err == nil {
			err = tx.closeItem(id, decision)
		}
	}
	return err
}

// itemWords joins a review item to the comment and the idea that it is about: of an
// idea that was merged meanwhile to the comment that stands for it.
const itemWords = `LEFT JOIN comment c ON c.id = COALESCE(r.comment_id, (SELECT m.label_id FROM merge m WHERE m.from_id = r.idea_id AND m.undone_at IS NULL AND r.kind = 'report'))
	LEFT JOIN idea i ON i.id = COALESCE(c.idea_id, r.idea_id)`

// readItem reads an item that who may review: none about themselves. Errors: not_found.
func (tx *Tx) readItem(who board.Who, id int64) (it item, err error) {
	var officer int64
	err = tx.row(`
		SELECT r.id, r.kind, COALESCE(i.board_id, r.board_id), COALESCE(i.id, 0), COALESCE(c.id, 0), r.subject_id, COALESCE(r.person_id, 0), r.ground, r.officer,
			r.due_at, r.version, COALESCE(r.claimed_by, 0), COALESCE(r.claimed_at, 0), COALESCE(r.closed_by, 0), COALESCE(r.decision_id, 0), r.closed_at IS NOT NULL
		FROM review r `+itemWords+`
		WHERE r.id = $1`, id).Scan(&it.id, &it.kind, &it.board, &it.idea, &it.comment, &it.subject, &it.person, &it.ground, &officer,
		&it.due, &it.version, &it.claimedBy, &it.claimedAt, &it.closedBy, &it.decision, &it.closed)
	if err = missingIfNone(err, "read review item %d", id); err != nil {
		return it, err
	}
	it.officer = officer == 1
	if it.person != 0 && it.person == who.ID { // nobody judges their own case
		return it, board.Missing()
	}
	return it, tx.mayReview(who, it.board, it.officer)
}

// mayReview refuses who does not moderate a board or, for what only the named
// officer reads, is not that. Errors: not_found, for items that the person is
// not shown do not exist.
func (tx *Tx) mayReview(who board.Who, boardID int64, officer bool) error {
	var may bool
	err := tx.row(`
		SELECT CASE WHEN $4 = 1 THEN
			EXISTS (SELECT 1 FROM person_role o WHERE o.person_id = p.id AND o.role IN ('admin', 'officer'))
			OR EXISTS (SELECT 1 FROM board_role o WHERE o.board_id = b.id AND o.person_id = p.id AND o.role = 'officer')
		ELSE `+sees+` AND (EXISTS (SELECT 1 FROM person_role o WHERE o.person_id = p.id AND o.role IN ('admin', 'moderator'))
			OR EXISTS (SELECT 1 FROM board_role o WHERE o.board_id = b.id AND o.person_id = p.id AND o.role = 'moderator')) END
		FROM board b JOIN person p ON p.id = $2 AND p.kind = $1 AND p.disabled_at IS NULL WHERE b.id = $3`,
		string(who.Kind), who.ID, boardID, asInt(officer)).Scan(&may)
	if err = missingIfNone(err, "look up who reviews on board %d", boardID); err == nil && !may {
		err = board.Missing()
	}
	return err
}

// ClaimItem says that somebody is looking at an item, or with claim false not any
// more, so that nobody else does it too; it holds for board.ClaimTime. Somebody
// else's claim is taken over. Errors: not_found, conflict when it was decided meanwhile.
func (s *Store) ClaimItem(ctx context.Context, who board.Who, id int64, claim bool) (board.ReviewItem, error) {
	_, err := s.write(ctx, who.ID, func(tx *Tx) error {
		it, err := tx.readItem(who, id)
		if err != nil {
			return err
		}
		if it.closed {
			return errDecided
		}
		mine := it.claimedBy == who.ID && tx.Now-it.claimedAt < board.ClaimTime.Microseconds()
		if mine == claim || !claim && it.claimedBy != who.ID {
			return nil
		}
		by, since := any(who.ID), any(tx.Now)
		if !claim {
			by, since = nil, nil
		}
		if _, err := tx.exec(`UPDATE review SET claimed_by = $1, claimed_at = $2, version = version + 1 WHERE id = $3`, by, since, id); err != nil {
			return fmt.Errorf("claim review item %d: %w", id, err)
		}
		tx.store.reviews.touch(id)
		_, err = tx.record(board.ReviewClaimed, about{subject: it.id})
		return err
	})
	if err != nil {
		return board.ReviewItem{}, err
	}
	return s.ReviewItem(ctx, who, id)
}

var (
	errDecided = board.Fault(board.Conflict, "Somebody else decided this meanwhile.").On("version")
	errStale   = board.Fault(board.Conflict, "This changed meanwhile: look again before you decide.").On("version")
)

// moveItems lets what waits about an idea, or to be posted on it, go with it to
// another board.
func (tx *Tx) moveItems(idea, boardID int64) error {
	if _, err := tx.exec(`UPDATE held SET board_id = $1 WHERE idea_id = $2 AND state = 'waiting'`, boardID, idea); err != nil {
		return fmt.Errorf("move what waits on idea %d: %w", idea, err)
	}
	rows, err := tx.query(`UPDATE review SET board_id = $1, version = version + 1 WHERE board_id <> $1 AND closed_at IS NULL
		AND (idea_id = $2 OR kind = 'held' AND subject_id IN (SELECT h.id FROM held h WHERE h.idea_id = $2)) RETURNING id`, boardID, idea)
	if err != nil {
		return fmt.Errorf("move review items of idea %d: %w", idea, err)
	}
	moved, err := collect(rows, scanID)
	tx.store.reviews.touch(moved...)
	return err
}
