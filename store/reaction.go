package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"convivio/store/board"
)

// React adds somebody's reaction to a comment or an official answer. Reacting so
// again changes nothing. Errors: not_found, invalid (field kind) for a reaction
// that is none, conflict when the idea is locked or the comment deleted.
func (s *Store) React(ctx context.Context, who board.Who, on board.Said, kind board.ReactionKind) (board.Reactions, error) {
	return s.changeReaction(ctx, who, on, kind, board.ReactionAdded, func(tx *Tx, idea int64) (sql.Result, error) {
		return tx.exec(`
			INSERT INTO reaction (idea_id, comment_id, answer_id, kind, person_id) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
			idea, orNull(on.Comment), orNull(on.Answer), string(kind), who.ID)
	})
}

// Unreact takes one's own reaction back. Errors: as React.
func (s *Store) Unreact(ctx context.Context, who board.Who, on board.Said, kind board.ReactionKind) (board.Reactions, error) {
	return s.changeReaction(ctx, who, on, kind, board.ReactionWithdrawn, func(tx *Tx, _ int64) (sql.Result, error) {
		column, id := reactedTo(on)
		return tx.exec(`DELETE FROM reaction WHERE `+column+` = $1 AND kind = $2 AND person_id = $3`, id, string(kind), who.ID)
	})
}

// reactedTo is the column and value that find the reactions to something.
func reactedTo(on board.Said) (column string, id int64) {
	if on.Answer != 0 {
		return "answer_id", on.Answer
	}
	return "comment_id", on.Comment
}

// changeReaction runs a change of the person's own reactions. The event keeps no
// actor: the log must never tell who reacted.
func (s *Store) changeReaction(ctx context.Context, who board.Who, on board.Said, kind board.ReactionKind, event board.EventKind,
	change func(*Tx, int64) (sql.Result, error)) (board.Reactions, error) {
	if !kind.Known() {
		return board.Reactions{}, board.FieldFault("kind", "There is no such reaction.")
	}
	if event == board.ReactionAdded && !s.On(board.FeatureReactions) {
		return board.Reactions{}, board.Fault(board.Conflict, "Reactions are switched off here.")
	}
	_, err := s.write(ctx, 0, func(tx *Tx) error {
		idea, err := tx.reactable(on)
		if err != nil {
			return err
		}
		t, err := tx.openIdea(who, idea)
		if err != nil {
			return err
		}
		if err := tx.stillThere(on); err != nil {
			return err
		}
		res, err := change(tx, idea)
		if err != nil {
			return fmt.Errorf("change a reaction: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		seq, err := tx.record(event, about{board: t.board, idea: idea, comment: on.Comment, subject: on.Answer})
		if err != nil {
			return err
		}
		return tx.touchThread(idea, seq)
	})
	if err != nil {
		return board.Reactions{}, err
	}
	return s.Reactions(ctx, who, on)
}

// reactable finds the idea that something was said on. Errors: not_found.
func (tx *Tx) reactable(on board.Said) (idea int64, err error) {
	query, id := `SELECT idea_id FROM comment WHERE id = $1`, on.Comment
	if on.Answer != 0 {
		query, id = `SELECT idea_id FROM answer WHERE id = $1`, on.Answer
	}
	err = tx.row(query, id).Scan(&idea)
	return idea, missingIfNone(err, "find what was reacted to, %d", id)
}

func (tx *Tx) stillThere(on board.Said) error {
	if on.Answer != 0 {
		return nil
	}
	var deleted bool
	if err := tx.row(`SELECT deleted_at IS NOT NULL FROM comment WHERE id = $1`, on.Comment).Scan(&deleted); err != nil {
		return fmt.Errorf("look at comment %d: %w", on.Comment, err)
	}
	if deleted {
		return board.Fault(board.Conflict, "This comment was deleted.").On("comment")
	}
	return nil
}

// Reactions reads what was reacted to a comment or an answer. Errors: not_found.
func (s *Store) Reactions(ctx context.Context, who board.Who, on board.Said) (board.Reactions, error) {
	out := board.Reactions{Said: on, Mine: []board.ReactionKind{}}
	query, id := `SELECT idea_id FROM comment WHERE id = $1`, on.Comment
	if on.Answer != 0 {
		query, id = `SELECT idea_id FROM answer WHERE id = $1`, on.Answer
	}
	if err := s.readDB.QueryRowContext(ctx, query, id).Scan(&out.Idea); err != nil {
		return out, missingIfNone(err, "find what was reacted to, %d", id)
	}
	if err := s.visible(ctx, who, out.Idea); err != nil {
		return out, err
	}
	column, id := reactedTo(on)
	counts, err := s.reactionCounts(ctx, column, []int64{id})
	if err != nil {
		return out, err
	}
	out.Counts = counts[id]
	mine, err := s.OwnReactions(ctx, who, out.Idea)
	for _, m := range mine {
		if m.Said == on {
			out.Mine = append(out.Mine, m.Kind)
		}
	}
	return out, err
}

// OwnReactions lists somebody's reactions on an idea that they were found to see.
func (s *Store) OwnReactions(ctx context.Context, who board.Who, idea int64) ([]board.OwnReaction, error) {
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT COALESCE(comment_id, 0), COALESCE(answer_id, 0), kind FROM reaction WHERE person_id = $1 AND idea_id = $2`, who.ID, idea)
	if err != nil {
		return nil, fmt.Errorf("read one's reactions on idea %d: %w", idea, err)
	}
	return collect(rows, func(rows *sql.Rows) (o board.OwnReaction, err error) {
		err = rows.Scan(&o.Comment, &o.Answer, &o.Kind)
		return o, err
	})
}

// reactionCounts counts the reactions to comments or answers, by their ids.
func (s *Store) reactionCounts(ctx context.Context, column string, ids []int64) (map[int64][]board.ReactionCount, error) {
	out := map[int64][]board.ReactionCount{}
	if len(ids) == 0 {
		return out, nil
	}
	marks, args := inList(ids, 1)
	// #nosec G202 -- placeholders and a column of this package are put together
	rows, err := s.readDB.QueryContext(ctx, `SELECT `+column+`, kind, COUNT(*) FROM reaction WHERE `+column+` IN (`+marks+`) GROUP BY `+column+`, kind`, args...)
	if err != nil {
		return nil, fmt.Errorf("count reactions: %w", err)
	}
	type counted struct {
		id int64
		board.ReactionCount
	}
	list, err := collect(rows, func(rows *sql.Rows) (c counted, err error) {
		err = rows.Scan(&c.id, &c.Kind, &c.Count)
		return c, err
	})
	slices.SortStableFunc(list, func(a, b counted) int {
		return slices.Index(board.ReactionKinds, a.Kind) - slices.Index(board.ReactionKinds, b.Kind)
	})
	for _, c := range list {
		out[c.id] = append(out[c.id], c.ReactionCount)
	}
	return out, err
}

// withReactions fills in the reactions to comments.
func (s *Store) withReactions(ctx context.Context, list []board.Comment) error {
	ids := make([]int64, len(list))
	for i, c := range list {
		ids[i] = c.ID
	}
	counts, err := s.reactionCounts(ctx, "comment_id", ids)
	for i, c := range list {
		list[i].Reactions = counts[c.ID]
	}
	return err
}

// AnswerByID reads one official answer. Errors: not_found.
func (s *Store) AnswerByID(ctx context.Context, who board.Who, id int64) (board.Answer, error) {
	var idea int64
	if err := s.readDB.QueryRowContext(ctx, `SELECT idea_id FROM answer WHERE id = $1`, id).Scan(&idea); err != nil {
		return board.Answer{}, missingIfNone(err, "find answer %d", id)
	}
	list, err := s.Answers(ctx, who, idea)
	for _, a := range list {
		if a.ID == id {
			return a, nil
		}
	}
	if err == nil {
		err = board.Missing()
	}
	return board.Answer{}, err
}
