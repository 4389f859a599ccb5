package store

import (
	"context"
	"database/sql"
	"fmt"
	"math"

	"convivio/store/board"
)

// Vote supports an idea. Voting again changes nothing. Errors: not_found,
// conflict when the idea is locked or its stage takes no votes.
func (s *Store) Vote(ctx context.Context, who board.Who, idea int64) (board.Vote, error) {
	return s.changeVote(ctx, who, idea, func(tx *Tx, t target) error {
		_, err := tx.addVote(t, idea, who.ID)
		return err
	})
}

// addVote inserts a vote; fresh is false when it was there already.
func (tx *Tx) addVote(t target, idea, person int64) (fresh bool, err error) {
	res, err := tx.exec(`INSERT INTO vote (idea_id, person_id, at) VALUES ($1, $2, $3) ON CONFLICT (idea_id, person_id) DO NOTHING`,
		idea, person, tx.Now)
	if err != nil {
		return false, fmt.Errorf("insert vote: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return false, err
	}
	seq, err := tx.record(board.VoteCast, about{board: t.board, idea: idea})
	if err != nil {
		return false, err
	}
	if _, err := tx.exec(`UPDATE idea SET votes = votes + 1, heat = $1, last_seq = $2 WHERE id = $3`,
		warmer(t.heat, heatOfVote, tx.Now), seq, idea); err != nil {
		return false, fmt.Errorf("count votes: %w", err)
	}
	return true, nil
}

// Unvote takes one's vote back. Errors: as Vote.
func (s *Store) Unvote(ctx context.Context, who board.Who, idea int64) (board.Vote, error) {
	return s.changeVote(ctx, who, idea, func(tx *Tx, t target) error { return tx.unvote(who, t, idea) })
}

var errVotesClosed = board.Fault(board.Conflict, "Votes on this idea are closed. They stay as they are.").On("idea")

// changeVote runs a change of the person's own vote. The event keeps no actor:
// the log must never tell who voted.
func (s *Store) changeVote(ctx context.Context, who board.Who, idea int64, change func(*Tx, target) error) (board.Vote, error) {
	v := board.Vote{Idea: idea}
	_, err := s.write(ctx, 0, func(tx *Tx) error {
		t, err := tx.openIdea(who, idea)
		if err != nil {
			return err
		}
		if !t.stage.VotesOpen() {
			return errVotesClosed
		}
		if err := change(tx, t); err != nil {
			return err
		}
		err = tx.row(`
			SELECT i.votes, i.last_seq, EXISTS (SELECT 1 FROM vote v WHERE v.idea_id = i.id AND v.person_id = $2)
			FROM idea i WHERE i.id = $1`, idea, who.ID).Scan(&v.Votes, &v.Seq, &v.Voted)
		if err != nil {
			return fmt.Errorf("read votes: %w", err)
		}
		return nil
	})
	return v, err
}

// reheat works an idea's heat out from its votes and comments, for the changes
// that take something away.
func (tx *Tx) reheat(idea int64) error {
	heat, err := heatFromRows(tx.query, idea)
	if err != nil {
		return err
	}
	if _, err := tx.exec(`UPDATE idea SET heat = $1 WHERE id = $2`, heat, idea); err != nil {
		return fmt.Errorf("write the heat of idea %d: %w", idea, err)
	}
	return nil
}

// heatFromRows is the heat of an idea as its rows tell it.
func heatFromRows(query func(string, ...any) (*sql.Rows, error), idea int64) (float64, error) {
	rows, err := query(`
		SELECT 0, created_at, imported_votes FROM idea WHERE id = $1
		UNION ALL SELECT 1, at, 0 FROM vote WHERE idea_id = $1
		UNION ALL SELECT 2, c.created_at, 0 FROM comment c JOIN idea i ON i.id = c.idea_id
			WHERE c.idea_id = $1 AND c.deleted_at IS NULL AND c.author_id <> i.author_id`, idea)
	if err != nil {
		return 0, fmt.Errorf("read what warmed idea %d: %w", idea, err)
	}
	type act struct{ kind, at, imported int64 }
	acts, err := collect(rows, func(rows *sql.Rows) (a act, err error) { err = rows.Scan(&a.kind, &a.at, &a.imported); return a, err })
	heat := math.Inf(-1)
	for _, a := range acts {
		weight := heatOfVote
		switch a.kind {
		case 0:
			weight = heatOfIdea + heatOfVote*float64(a.imported)
		case 2:
			weight = heatOfComment
		}
		heat = warmer(heat, weight, a.at)
	}
	return heat, err
}
