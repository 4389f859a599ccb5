package store

import (
	"context"
	"fmt"

	"convivio/store/board"
)

// RelocateIdea moves an idea with all that hangs on it to another board, for
// moderators of both. From then on who sees the new board sees it, and nobody
// else. Errors: not_found, forbidden, invalid (fields board, reason), conflict
// (field idea) when it was merged, conflict (field confirm) when more people would
// see it and in.Confirm does not say that who they are was seen.
func (s *Store) RelocateIdea(ctx context.Context, who board.Who, id int64, in board.Relocation) (board.Idea, error) {
	reason, err := board.Text("reason", in.Reason, board.MaxReason, true)
	if err != nil {
		return board.Idea{}, err
	}
	in.Reason = reason
	_, err = s.write(ctx, who.ID, func(tx *Tx) error {
		t, err := tx.idea(who, id)
		if err != nil {
			return err
		}
		if err := tx.relocate(who, id, in, false); err != nil {
			return err
		}
		var now int64
		if err := tx.row(`SELECT board_id FROM idea WHERE id = $1`, id).Scan(&now); err != nil || now == t.board {
			return err
		}
		if err := tx.decisionOver(id, board.Relocate); err != nil { // what was said against is no more
			return err
		}
		return tx.decideOthers(decision{action: board.Relocate, note: in.Reason, board: t.board, idea: id, person: t.author})
	})
	if err != nil {
		return board.Idea{}, err
	}
	return s.Idea(ctx, who, id)
}

// relocate is RelocateIdea inside a verb, its reason checked. back takes it where
// its words were read before: nobody has to look again at who does.
func (tx *Tx) relocate(who board.Who, id int64, in board.Relocation, back bool) error {
	t, err := tx.idea(who, id)
	if err != nil {
		return err
	}
	if err := tx.moderator(who, t.board); err != nil {
		return err
	}
	if t.mergedInto != 0 {
		return errMerged(t.mergedInto)
	}
	to, err := tx.boardFor(who, in.Board)
	if isNotFound(err) {
		return board.FieldFault("board", "There is no board with this address.")
	}
	if err != nil || to == t.board {
		return err
	}
	if err := tx.moderator(who, to); err != nil {
		return err
	}
	if !back {
		err = tx.confirmed(t.board, to, in.Confirm)
	}
	if err != nil {
		return err
	}
	seq, err := tx.record(board.IdeaRelocated, about{board: to, idea: id, subject: t.board})
	if err != nil {
		return err
	}
	if err := tx.tellLeftBehind(id, t.board, to); err != nil {
		return err
	}
	err = tx.all("move an idea to another board",
		statement{`UPDATE idea SET board_id = $1 WHERE id = $2 OR merged_into = $2`, []any{to, id}},
		statement{`UPDATE idea SET last_seq = $1 WHERE id = $2`, []any{seq, id}},
		statement{`UPDATE board SET ideas = ideas - 1 WHERE id = $1`, []any{t.board}},
		statement{`UPDATE board SET ideas = ideas + 1 WHERE id = $1`, []any{to}})
	if err != nil {
		return err
	}
	if err := tx.setDue(id); err != nil {
		return err
	}
	if err := tx.moveItems(id, to); err != nil {
		return err
	}
	if _, err := tx.unpin(id); err != nil {
		return err
	}
	return tx.audit(act{kind: board.IdeaRelocatedAct, board: to, idea: id, note: in.Reason, before: relocateAct{t.board}, after: relocateAct{to}})
}

// relocateAct is what the audit log keeps of a move between boards.
type relocateAct struct {
	Board int64 `json:"board"`
}

// gain tells who can read one board and not another, as $1 and $2.
const gain = ` FROM person p WHERE p.disabled_at IS NULL AND p.email IS NOT NULL
	AND EXISTS (SELECT 1 FROM board b WHERE b.id = $2 AND ` + mayRead + `)
	AND NOT EXISTS (SELECT 1 FROM board b WHERE b.id = $1 AND ` + mayRead + `)`

// gainCount goes with gain.
const gainCount = `SELECT COUNT(*), COUNT(CASE WHEN p.kind <> 'employee' THEN 1 END), COALESCE(SUM(p.id), 0), COALESCE(MAX(p.id), 0)`

// readersSign says that exactly these people were seen to gain; empty: nobody.
func readersSign(from, to, count, sum, last int64) string {
	if count == 0 {
		return ""
	}
	return board.Wording(fmt.Sprint(from, to, count, sum, last))
}

// confirmed refuses to make words readable to people who could not read them,
// unless the sign says that exactly these were seen. Errors: conflict, field confirm.
func (tx *Tx) confirmed(from, to int64, sign string) error {
	if from == to {
		return nil
	}
	var count, guests, sum, last int64
	if err := tx.row(gainCount+gain, from, to).Scan(&count, &guests, &sum, &last); err != nil {
		return fmt.Errorf("find who would see more: %w", err)
	}
	if readersSign(from, to, count, sum, last) != sign && count > 0 {
		return board.Fault(board.Conflict, "This makes words readable to people who cannot read them now, %d in number. Look at who they are, and confirm.", count).On("confirm")
	}
	return nil
}

// readersNamed is how many people a page names.
const readersNamed = 12

// gaining tells who would read what is on one board if it went to another.
func (s *Store) gaining(ctx context.Context, from, to int64) (r board.Circle, err error) {
	r.Names = []string{}
	if from == to {
		return r, nil
	}
	var count, sum, last int64
	if err = s.readDB.QueryRowContext(ctx, gainCount+gain, from, to).Scan(&count, &r.Guests, &sum, &last); err != nil {
		return r, fmt.Errorf("find who would see more: %w", err)
	}
	r.Count, r.Sign = int(count), readersSign(from, to, count, sum, last)
	rows, err := s.readDB.QueryContext(ctx, `SELECT p.name`+gain+` ORDER BY p.name, p.id LIMIT $3`, from, to, readersNamed)
	if err != nil {
		return r, fmt.Errorf("name who would see more: %w", err)
	}
	r.Names, err = collect(rows, scanText)
	return r, err
}

// losing tells who took part in an idea and would not see it on another board.
// Those who only voted or follow are counted and never named.
func (s *Store) losing(ctx context.Context, idea, to int64) (r board.Circle, err error) {
	const lost = ` FROM person p WHERE p.disabled_at IS NULL AND p.email IS NOT NULL AND p.id IN (`
	const wrote = `SELECT author_id FROM idea WHERE id = $1 UNION SELECT author_id FROM comment WHERE idea_id = $1 AND deleted_at IS NULL`
	const blind = `) AND NOT EXISTS (SELECT 1 FROM board b WHERE b.id = $2 AND ` + mayRead + `)
		AND EXISTS (SELECT 1 FROM board b JOIN idea i ON i.board_id = b.id WHERE i.id = $1 AND ` + mayRead + `)`
	r.Names = []string{}
	err = s.readDB.QueryRowContext(ctx, `SELECT COUNT(*), COUNT(CASE WHEN p.kind <> 'employee' THEN 1 END)`+lost+wrote+`
		UNION SELECT person_id FROM vote WHERE idea_id = $1 UNION SELECT person_id FROM idea_follow WHERE idea_id = $1 AND follows = 1`+blind, idea, to).Scan(&r.Count, &r.Guests)
	if err != nil {
		return r, fmt.Errorf("find who would see idea %d no more: %w", idea, err)
	}
	rows, err := s.readDB.QueryContext(ctx, `SELECT p.name`+lost+wrote+blind+` ORDER BY p.name, p.id LIMIT $3`, idea, to, readersNamed)
	if err != nil {
		return r, fmt.Errorf("name who would see idea %d no more: %w", idea, err)
	}
	r.Names, err = collect(rows, scanText)
	return r, err
}

// Relocating tells what moving an idea to a board would do. Errors: not_found,
// forbidden, invalid (field board).
func (s *Store) Relocating(ctx context.Context, who board.Who, id int64, slug string) (out board.Relocating, err error) {
	if out.Idea, err = s.tended(ctx, who, id); err != nil {
		return out, err
	}
	if out.Idea.MergedInto != 0 {
		return out, errMerged(out.Idea.MergedInto)
	}
	if out.Board, err = s.Board(ctx, who, slug); isNotFound(err) {
		return out, board.FieldFault("board", "There is no board with this address.")
	}
	if err != nil {
		return out, err
	}
	if !who.ModeratesBoard(out.Board.ID) {
		return out, board.Fault(board.Forbidden, "Only moderators of that board can do this.")
	}
	if out.Gain, err = s.gaining(ctx, out.Idea.BoardID, out.Board.ID); err != nil {
		return out, err
	}
	out.Lose, err = s.losing(ctx, id, out.Board.ID)
	return out, err
}

// tended reads an idea for somebody who moderates its board. Errors: not_found, forbidden.
func (s *Store) tended(ctx context.Context, who board.Who, id int64) (board.Idea, error) {
	idea, err := s.Idea(ctx, who, id)
	if err == nil && !who.ModeratesBoard(idea.BoardID) {
		err = board.Fault(board.Forbidden, "Only moderators can do this.")
	}
	return idea, err
}
