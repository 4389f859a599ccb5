package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"convivio/store/board"
)

// UnmergeIdea lets a merged idea stand by itself again, as it was: its thread,
// votes, stage and board. What came to the survivor since stays there, and who
// took their moved vote back there keeps the one on this idea. in.Confirm is
// needed as in MergeIdea where words were changed since and would be read by more
// people. Errors: not_found, forbidden, conflict when it is not merged, or its
// words were deleted.
func (s *Store) UnmergeIdea(ctx context.Context, who board.Who, id int64, confirm string) (board.Idea, error) {
	_, err := s.write(ctx, who.ID, func(tx *Tx) error {
		if err := tx.unmerge(who, id, confirm); err != nil {
			return err
		}
		return tx.decisionOver(id, board.MergeInto)
	})
	if err != nil {
		return board.Idea{}, err
	}
	return s.Idea(ctx, who, id)
}

// unmerge is UnmergeIdea inside a verb.
func (tx *Tx) unmerge(who board.Who, id int64, confirm string) error {
	t, err := tx.idea(who, id)
	if err != nil {
		return err
	}
	m, survivor, err := tx.mergeOf(id)
	if err != nil {
		return err
	}
	if err := tx.mayUnmerge(who, m, t.board, confirm); err != nil {
		return err
	}
	group, err := tx.goingAlong(m)
	if err != nil {
		return err
	}
	if err := tx.partOut(m, survivor, group); err != nil {
		return err
	}
	if err := tx.standAlone(m, group); err != nil {
		return err
	}
	survivorBoard := t.board
	t.board = m.fromBoard
	if err := tx.step(t, id, who.ID, board.Move{Stage: m.stage, Quiet: true}); err != nil {
		return err
	}
	seq, err := tx.record(board.IdeaUnmerged, about{board: m.fromBoard, idea: id, subject: survivor})
	if err != nil {
		return err
	}
	if err := tx.recount(seq, id); err != nil {
		return err
	}
	if seq, err = tx.record(board.IdeaReleased, about{board: survivorBoard, idea: survivor, subject: id}); err != nil {
		return err
	}
	if err := tx.unlabel(m.label, seq); err != nil {
		return err
	}
	if err := tx.withdrawn(m, survivor); err != nil {
		return err
	}
	if err := tx.recount(seq, survivor); err != nil {
		return err
	}
	if err := tx.setDue(survivor); err != nil {
		return err
	}
	if err := tx.moveItems(id, m.fromBoard); err != nil {
		return err
	}
	return tx.audit(act{kind: board.IdeaUnmergedAct, board: m.fromBoard, idea: id, before: mergeAct{Into: survivor, Board: boardIfOther(m.fromBoard, survivorBoard)}})
}

// mayUnmerge refuses to undo a merge that somebody may not undo, or that cannot be.
func (tx *Tx) mayUnmerge(who board.Who, m merged, boardID int64, confirm string) error {
	if err := tx.moderator(who, boardID); err != nil {
		return err
	}
	if m.fromBoard != boardID {
		if err := tx.backTo(who, m, boardID, confirm); err != nil {
			return err
		}
	}
	var wordless bool
	if err := tx.row(`SELECT title = '' FROM idea WHERE id = $1`, m.from).Scan(&wordless); err != nil {
		return fmt.Errorf("look at idea %d: %w", m.from, err)
	}
	if wordless {
		return board.Fault(board.Conflict, "The words of this idea were deleted: there is nothing left to separate.").On("idea")
	}
	return nil
}

// backTo refuses to bring an idea back to a board where who acts does not
// moderate, or to more readers than words had that were changed meanwhile.
func (tx *Tx) backTo(who board.Who, m merged, boardID int64, confirm string) error {
	var there bool
	if err := tx.row(`SELECT EXISTS (SELECT 1 FROM board b WHERE b.id = $3 AND `+sees+`)`, string(who.Kind), who.ID, m.fromBoard).Scan(&there); err != nil {
		return fmt.Errorf("look at board %d: %w", m.fromBoard, err)
	}
	err := tx.moderator(who, m.fromBoard)
	var fault *board.Error
	if err != nil && !errors.As(err, &fault) {
		return err
	}
	if err != nil || !there {
		return board.Fault(board.Forbidden, "This idea came from a board that you do not moderate.")
	}
	var changed bool
	err = tx.row(`SELECT EXISTS (SELECT 1 FROM merge m JOIN comment c ON c.via = m.id OR c.id = m.label_id WHERE m.id = $1 AND c.edited_at > m.at)`, m.id).Scan(&changed)
	if err != nil {
		return fmt.Errorf("look what was changed since the merge: %w", err)
	}
	if changed {
		return tx.confirmed(boardID, m.fromBoard, confirm)
	}
	return nil
}

// goingAlong lists the merges whose comments go with an idea: its own, and those
// of the ideas merged into it before. Errors: conflict where a branch of them
// became an idea that was merged back at another place.
func (tx *Tx) goingAlong(m merged) (string, error) {
	rows, err := tx.query(`
		WITH RECURSIVE g (id, from_id) AS (
			SELECT id, from_id FROM merge WHERE id = $1
			UNION SELECT k.id, k.from_id FROM g JOIN merge k ON k.into_id = g.from_id AND k.undone_at IS NULL)
		SELECT id FROM g`, m.id)
	if err != nil {
		return "", fmt.Errorf("read what goes with idea %d: %w", m.from, err)
	}
	ids, err := collect(rows, scanID)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for i, id := range ids {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%d", id)
	}
	group := b.String()
	var inside int64
	// #nosec G202 -- numbers
	err = tx.row(`SELECT COALESCE(MIN(k.from_id), 0) FROM merge k JOIN comment c ON c.id = k.label_id
		WHERE k.undone_at IS NULL AND k.id NOT IN (` + group + `) AND c.via IN (` + group + `)`).Scan(&inside)
	if err != nil {
		return "", fmt.Errorf("look inside the branch of idea %d: %w", m.from, err)
	}
	if inside != 0 {
		return "", board.Fault(board.Conflict, "In its branch stands another merged idea, #%d: separate that one first.", inside).On("idea")
	}
	return group, nil
}

// partOut takes the comments that a merge brought out of the survivor's thread.
// What was said below them since stays there, below the label.
func (tx *Tx) partOut(m merged, survivor int64, group string) error {
	gone := `(SELECT g.id FROM comment g WHERE g.idea_id = $1 AND g.via IN (` + group + `))`
	err := tx.all("part ideas",
		// #nosec G202 -- numbers
		statement{`UPDATE comment SET parent_id = $2 WHERE idea_id = $1 AND (via IS NULL OR via NOT IN (` + group + `)) AND parent_id IN ` + gone, []any{survivor, m.label}},
		// #nosec G202 -- numbers
		statement{`UPDATE comment SET idea_id = $2, parent_id = NULLIF(parent_id, $3), via = NULLIF(via, $4) WHERE idea_id = $1 AND via IN (` + group + `)`,
			[]any{survivor, m.from, m.label, m.id}})
	if err != nil {
		return err
	}
	return tx.rehang(survivor, m.from)
}

// standAlone lets the address of an idea, and of those merged into it, lead to it.
func (tx *Tx) standAlone(m merged, group string) error {
	return tx.all("let idea stand alone",
		statement{`UPDATE merge SET undone_at = $1 WHERE id = $2`, []any{tx.Now, m.id}},
		// #nosec G202 -- numbers
		statement{`UPDATE idea SET merged_into = NULLIF($1, id), board_id = $2 WHERE id IN (SELECT from_id FROM merge WHERE id IN (` + group + `))`, []any{m.from, m.fromBoard}},
		statement{`UPDATE board SET ideas = ideas + 1 WHERE id = $1`, []any{m.fromBoard}})
}

// withdrawn takes the voters and followers that a merge brought out of the idea
// it was merged into, and of those that was merged into since, unless another
// merged idea brings them too.
func (tx *Tx) withdrawn(m merged, survivor int64) error {
	lost := `1 = 1`
	for imported, at := m.imported, m; ; {
		if err := tx.withdrawnFrom(at, lost, imported); err != nil {
			return err
		}
		if at.into == survivor {
			return nil
		}
		next, _, err := tx.mergeOf(at.into)
		if err != nil {
			return err
		}
		if err := tx.all("count votes", statement{recountIdea, []any{at.into}},
			statement{`UPDATE merge SET imported = imported - $1 WHERE id = $2`, []any{imported * next.votes, next.id}}); err != nil {
			return err
		}
		if err := tx.reheat(at.into); err != nil {
			return err
		}
		imported, at = imported*next.votes, next
		lost = `NOT EXISTS (SELECT 1 FROM %[1]s w WHERE w.idea_id = $3 AND w.person_id = %[1]s.person_id)`
	}
}

// withdrawnFrom is withdrawn for one idea: those whom the merge brought there and
// who have lost what they had on the idea that they came from.
func (tx *Tx) withdrawnFrom(m merged, lost string, imported int64) error {
	var list []statement
	for table, is := range map[string][2]string{"vote": {"k.votes = 1", "at"}, "idea_follow": {"w.follows = 1", "seq"}} {
		lost := strings.ReplaceAll(lost, "%[1]s", table)
		other := `FROM merge k JOIN ` + table + ` w ON w.idea_id = k.from_id AND w.person_id = ` + table + `.person_id
			WHERE k.into_id = $1 AND k.undone_at IS NULL AND k.id <> $2 AND ` + is[0]
		gone := ` WHERE idea_id = $1 AND via = $2 AND $3 = $3 AND ` + lost
		value := is[1]
		if table == "vote" {
			value = `(SELECT w.at ` + other + ` ORDER BY k.id LIMIT 1)`
		}
		if table == "idea_follow" { // who stopped following, or writes there, follows or not by their own will
			list = append(list, statement{`UPDATE idea_follow SET via = NULL` + gone + ` AND (follows = 0 OR EXISTS (SELECT 1 FROM comment c
				WHERE c.idea_id = $1 AND c.author_id = idea_follow.person_id AND c.via IS NULL AND c.deleted_at IS NULL AND c.label = ''))`, []any{m.into, m.id, m.from}})
		}
		// #nosec G202 -- literals of this function
		list = append(list,
			statement{`UPDATE ` + table + ` SET via = (SELECT k.id ` + other + ` ORDER BY k.id LIMIT 1), ` + is[1] + ` = ` + value + gone + ` AND EXISTS (SELECT 1 ` + other + `)`, []any{m.into, m.id, m.from}},
			statement{`DELETE FROM ` + table + gone, []any{m.into, m.id, m.from}})
	}
	list = append(list, statement{`UPDATE idea SET imported_votes = imported_votes - $1 WHERE id = $2`, []any{imported, m.into}})
	return tx.all("take out what a merge brought", list...)
}
