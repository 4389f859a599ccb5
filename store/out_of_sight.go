package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"convivio/store/board"
)

// What goes to a board that some who took part do not see is gone for them without
// a word. They are told that much, nothing of where it went or how it reads there,
// and their vote, which counts on, is theirs to take back.

// tookPart are those who voted for idea $3, wrote in it or follow it, its author left
// out: they are told of the decision about it.
const tookPart = `p.id IN (SELECT v.person_id FROM vote v WHERE v.idea_id = $3 UNION SELECT c.author_id FROM comment c WHERE c.idea_id = $3 AND c.deleted_at IS NULL
	UNION SELECT f.person_id FROM idea_follow f WHERE f.idea_id = $3 AND f.follows = 1) AND p.id <> (SELECT i.author_id FROM idea i WHERE i.id = $3)`

// tellLeftBehind tells those who took part in an idea and see the board that it came
// from, and not the one that it goes to. Called while its thread and votes are its
// own still, after the event that moves it.
func (tx *Tx) tellLeftBehind(idea, from, to int64) error {
	if from == to {
		return nil
	}
	return tx.tellGone(`SELECT p.id, $3 AS idea FROM person p WHERE `+tookPart+`
		AND EXISTS (SELECT 1 FROM board b WHERE b.id = $1 AND `+mayRead+`) AND NOT EXISTS (SELECT 1 FROM board b WHERE b.id = $2 AND `+mayRead+`)`, from, to, idea)
}

// tellTakenAlong tells who wrote the ideas that were merged into one which is taken
// away, and theirs with it.
func (tx *Tx) tellTakenAlong(idea int64) error {
	return tx.tellGone(`SELECT i.author_id, MIN(i.id) FROM idea i WHERE i.merged_into = $1 AND i.author_id <> (SELECT s.author_id FROM idea s WHERE s.id = $1) GROUP BY i.author_id`, idea)
}

// tellGone tells people, a row for each with an idea, that it is out of their sight.
func (tx *Tx) tellGone(people string, args ...any) error {
	n := len(args)
	rows, err := tx.query(fmt.Sprintf(`
		WITH x (person, idea) AS (%s) INSERT INTO notice (person_id, seq, reason, idea_id, at)
		SELECT q.id, $%d, 18, x.idea, $%d FROM x JOIN person q ON q.id = x.person AND q.email IS NOT NULL AND q.disabled_at IS NULL AND q.id <> $%d
		WHERE 1 = 1 ON CONFLICT (person_id, seq) DO NOTHING RETURNING person_id`, people, n+1, n+2, n+3), append(args, tx.seq, tx.Now, tx.actor)...)
	if err != nil {
		return fmt.Errorf("tell who loses sight of an idea: %w", err)
	}
	told, err := collect(rows, scanID)
	tx.told = append(tx.told, told...)
	return err
}

// lostVote finds the idea that somebody was told is out of their sight, where their
// vote counts on, and whether they have one there. Errors: not_found.
const lostVote = `SELECT COALESCE(i.merged_into, i.id), (SELECT x.stage FROM idea x WHERE x.id = COALESCE(i.merged_into, i.id)), EXISTS (SELECT 1 FROM vote v WHERE v.idea_id = COALESCE(i.merged_into, i.id) AND v.person_id = $1)
	FROM notice n JOIN person p ON p.id = n.person_id AND p.disabled_at IS NULL AND p.suspended_until <= $3 JOIN idea i ON i.id = n.idea_id JOIN board b ON b.id = i.board_id
	WHERE n.person_id = $1 AND n.seq = $2 AND n.reason = 18 AND i.deleted_at IS NULL AND NOT ` + mayRead

// LostVote tells whether somebody has a vote on what a notice says is out of their
// sight, and whether they may take it back: not where votes are closed. Errors: not_found where no notice of theirs says so, or they see it again.
func (s *Store) LostVote(ctx context.Context, who board.Who, seq int64) (voted, open bool, err error) {
	var idea int64
	var stage board.Stage
	err = s.readDB.QueryRowContext(ctx, lostVote, who.ID, seq, micros(s.now())).Scan(&idea, &stage, &voted)
	return voted, stage.VotesOpen(), missingIfNone(err, "find what notice %d is about", seq)
}

// TakeLostVote takes one's vote back from an idea that one does not see any more. Who
// has none there has none afterwards. Errors: not_found as LostVote, conflict where
// votes are closed.
func (s *Store) TakeLostVote(ctx context.Context, who board.Who, seq int64) error {
	_, err := s.write(ctx, 0, func(tx *Tx) error {
		var idea int64
		var voted bool
		var t target
		if err := tx.row(lostVote, who.ID, seq, tx.Now).Scan(&idea, &t.stage, &voted); err != nil || !voted {
			return missingIfNone(err, "find what notice %d is about", seq)
		}
		if err := tx.row(`SELECT board_id FROM idea WHERE id = $1`, idea).Scan(&t.board); err != nil {
			return fmt.Errorf("read idea %d: %w", idea, err)
		}
		if !t.stage.VotesOpen() {
			return errVotesClosed
		}
		return tx.unvote(who, t, idea)
	})
	return err
}

// unvote takes a vote back that may be taken back.
func (tx *Tx) unvote(who board.Who, t target, idea int64) error {
	var given int64
	err := tx.row(`DELETE FROM vote WHERE idea_id = $1 AND person_id = $2 RETURNING at`, idea, who.ID).Scan(&given)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("delete vote: %w", err)
	}
	// The event says of which day there is one vote less; whose it was nothing says.
	seq, err := tx.record(board.VoteWithdrawn, about{board: t.board, idea: idea, subject: companyDay(given)})
	if err != nil {
		return err
	}
	if _, err := tx.exec(`UPDATE idea SET votes = votes - 1, last_seq = $1 WHERE id = $2`, seq, idea); err != nil {
		return fmt.Errorf("count votes: %w", err)
	}
	return tx.reheat(idea)
}
