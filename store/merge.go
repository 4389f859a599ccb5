package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"convivio/store/board"
)

// Two ideas that say the same become one: the thread and the voters of the first
// go to the second, the survivor, and its address leads there. The row of the
// merged idea stays, with its votes and answers as they were, and stands on the
// survivor's board, so that who may see the one may see the other. An idea that
// others were merged into takes them along: every address leads to its survivor
// in one step.

// merged is a merge that was not undone.
type merged struct {
	id, from, into  int64
	fromBoard       int64
	stage           board.Stage // it comes back to
	label           int64
	votes, imported int64
}

// MergeIdea merges an idea into another one, for moderators of both boards.
// Merging so again changes nothing. Errors: not_found, forbidden, invalid (fields
// into, reason), conflict (field idea or into) when one is locked or was merged
// already, conflict (field confirm) when words would become readable to others and
// in.Confirm does not say that who does was seen.
func (s *Store) MergeIdea(ctx context.Context, who board.Who, id int64, in board.NewMerge) (board.Idea, error) {
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
		if err := tx.merge(who, id, in); err != nil || t.mergedInto == in.Into {
			return err
		}
		err = tx.decideOthers(decision{action: board.MergeInto, ground: board.Duplicate, note: in.Reason, board: t.board, idea: id, subject: in.Into, person: t.author})
		if err != nil {
			return err
		}
		return tx.settleDuplicates(id, 0)
	})
	if err != nil {
		return board.Idea{}, err
	}
	return s.Idea(ctx, who, in.Into)
}

// merge is MergeIdea inside a verb, its reason checked.
func (tx *Tx) merge(who board.Who, id int64, in board.NewMerge) error {
	if id == in.Into {
		return board.FieldFault("into", "An idea cannot be merged into itself.")
	}
	if t, err := tx.idea(who, id); err == nil && t.mergedInto == in.Into {
		return nil
	}
	from, into, err := tx.mergeable(who, id, in)
	if err != nil {
		return err
	}
	if err := tx.confirmed(from.board, into.board, in.Confirm); err != nil {
		return err
	}
	m := merged{from: id, into: in.Into, fromBoard: from.board, stage: from.stage, votes: int64(asInt(into.stage.VotesOpen()))}
	if err := tx.step(from, id, who.ID, board.Move{Stage: board.MergedInto, Reason: in.Reason, Quiet: true}); err != nil {
		return err
	}
	if _, err := tx.record(board.IdeaMerged, about{board: into.board, idea: id, subject: in.Into}); err != nil {
		return err
	}
	gone := tx.seq
	seq, err := tx.record(board.IdeaAbsorbed, about{board: into.board, idea: in.Into, subject: id})
	if err != nil {
		return err
	}
	if err := tx.tellLeftBehind(id, from.board, into.board); err != nil {
		return err
	}
	if err := tx.bring(&m, seq); err != nil {
		return err
	}
	if err := tx.lead(m, into.board, gone); err != nil {
		return err
	}
	if err := tx.recount(seq, m.into); err != nil {
		return err
	}
	if err := tx.setDue(m.into); err != nil { // who answered the one answered both
		return err
	}
	if err := tx.moveItems(id, into.board); err != nil {
		return err
	}
	return tx.audit(act{kind: board.IdeaMergedAct, board: into.board, idea: id, note: in.Reason, after: mergeAct{Into: in.Into, Board: boardIfOther(from.board, into.board)}})
}

// mergeAct is what the audit log keeps of a merge.
type mergeAct struct {
	Into  int64 `json:"into,omitempty"`
	Board int64 `json:"from_board,omitempty"` // where it is another one
}

func boardIfOther(from, into int64) int64 {
	if from == into {
		return 0
	}
	return from
}

// mergeable finds the two ideas of a merge. Errors: as MergeIdea's.
func (tx *Tx) mergeable(who board.Who, id int64, in board.NewMerge) (from, into target, err error) {
	if from, err = tx.openIdea(who, id); err != nil {
		return from, into, err
	}
	if err = tx.moderator(who, from.board); err != nil {
		return from, into, err
	}
	if _, may := from.stage.Step(board.MergedInto); !may {
		return from, into, board.Fault(board.Conflict, "An idea that is done, or was withdrawn, is not merged into another one.").On("idea")
	}
	into, err = tx.idea(who, in.Into)
	var fault *board.Error
	if errors.As(err, &fault) && fault.Code == board.NotFound {
		return from, into, board.FieldFault("into", "There is no such idea.")
	}
	switch {
	case err != nil:
		return from, into, err
	case into.mergedInto != 0:
		return from, into, board.Fault(board.Conflict, "That idea was merged itself, into #%d: merge into that one.", into.mergedInto).On("into")
	case into.locked:
		return from, into, board.Fault(board.Conflict, "The idea that should take it in is locked: unlock it first.").On("into")
	}
	return from, into, tx.moderator(who, into.board)
}

// bringVotes lets who voted for idea $1 vote for $2, by merge $3, where that brings
// votes: $4 is 1. Who took such a vote back from the survivor does not get it again
// through another idea.
const bringVotes = `INSERT INTO vote (idea_id, person_id, at, via) SELECT $2, v.person_id, v.at, $3 FROM vote v
	WHERE v.idea_id = $1 AND $4 = 1 AND NOT EXISTS (SELECT 1 FROM merge k JOIN vote w ON w.idea_id = k.from_id
		WHERE k.into_id = $2 AND k.undone_at IS NULL AND k.votes = 1 AND k.id <> $3 AND w.person_id = v.person_id)
	ON CONFLICT (idea_id, person_id) DO NOTHING`

// bring takes an idea's words, thread, voters and followers to the survivor.
func (tx *Tx) bring(m *merged, seq int64) (err error) {
	if err := tx.labelFor(m, seq); err != nil {
		return err
	}
	m.id, err = tx.insert(`
		INSERT INTO merge (from_id, into_id, from_board, from_stage, label_id, votes, imported, person_id, at)
		SELECT $1, $2, $3, $4, $5, $6, i.imported_votes * $6, $7, $8 FROM idea i WHERE i.id = $1 RETURNING id`,
		m.from, m.into, m.fromBoard, string(m.stage), m.label, m.votes, tx.actor, tx.Now)
	if err != nil {
		return fmt.Errorf("keep the merge of idea %d: %w", m.from, err)
	}
	list := []statement{
		{`UPDATE comment SET idea_id = $2, parent_id = COALESCE(parent_id, $3), via = COALESCE(via, $4) WHERE idea_id = $1 AND label <> 'hidden'`,
			[]any{m.from, m.into, m.label, m.id}},
		{`UPDATE idea SET imported_votes = imported_votes + (SELECT imported FROM merge WHERE id = $2) WHERE id = $1`, []any{m.into, m.id}},
		{bringVotes, []any{m.from, m.into, m.id, m.votes}},
		{`INSERT INTO idea_follow (idea_id, person_id, follows, seq, via) SELECT $2, f.person_id, 1, $4, $3 FROM idea_follow f
			WHERE f.idea_id = $1 AND f.follows = 1 ON CONFLICT (idea_id, person_id) DO NOTHING`, []any{m.from, m.into, m.id, seq}},
		{`INSERT INTO file_use (file_id, idea_id, comment_id) SELECT file_id, $2, $3 FROM file_use WHERE idea_id = $1 AND comment_id IS NULL`,
			[]any{m.from, m.into, m.label}},
	}
	if err := tx.all("merge ideas", list...); err != nil {
		return err
	}
	return tx.rehang(m.from, m.into)
}

// lead makes the addresses of an idea, and of those merged into it before, lead
// to the survivor, and puts them on its board.
func (tx *Tx) lead(m merged, boardID, seq int64) error {
	err := tx.all("lead to the survivor",
		statement{`UPDATE idea SET merged_into = $1, board_id = $2 WHERE id = $3 OR merged_into = $3`, []any{m.into, boardID, m.from}},
		statement{`UPDATE idea SET last_seq = $1, thread_seq = $1, moved_seq = $1 WHERE id = $2`, []any{seq, m.from}},
		statement{`UPDATE board SET ideas = ideas - 1 WHERE id = $1`, []any{m.fromBoard}},
		statement{recountIdea, []any{m.from}})
	if err != nil {
		return err
	}
	return tx.reheat(m.from)
}

// recountIdea counts anew what an idea keeps counts of.
const recountIdea = `UPDATE idea SET
	votes = imported_votes + (SELECT COUNT(*) FROM vote v WHERE v.idea_id = idea.id),
	comments = (SELECT COUNT(*) FROM comment c WHERE c.idea_id = idea.id AND c.deleted_at IS NULL),
	merged = (SELECT COUNT(*) FROM idea k WHERE k.merged_into = idea.id) WHERE id = $1`

// recountReplies counts the replies in a thread anew.
const recountReplies = `UPDATE comment SET replies = (SELECT COUNT(*) FROM comment r WHERE r.parent_id = comment.id), repliers = ` + countRepliers + ` WHERE idea_id = $1`

// recountDepths works out anew how deep the comments of a thread stand.
const recountDepths = `
	WITH RECURSIVE d (id, depth) AS (
		SELECT id, 0 FROM comment WHERE idea_id = $1 AND parent_id IS NULL
		UNION ALL SELECT c.id, d.depth + 1 FROM d JOIN comment c ON c.parent_id = d.id)
	UPDATE comment SET depth = d.depth FROM d WHERE d.id = comment.id AND comment.depth <> d.depth`

// recount brings all counts of an idea up to date whose thread was changed by an
// event: comments, votes, replies, heat.
func (tx *Tx) recount(seq, idea int64) error {
	err := tx.all("count anew",
		statement{recountDepths, []any{idea}},
		statement{recountReplies, []any{idea}},
		statement{recountIdea, []any{idea}},
		statement{`UPDATE idea SET last_seq = $1, thread_seq = $1, moved_seq = $1 WHERE id = $2`, []any{seq, idea}})
	if err != nil {
		return err
	}
	return tx.reheat(idea)
}

// rehang lets what hangs on comments that went from one idea to another go with them.
func (tx *Tx) rehang(from, to int64) error {
	const there = ` WHERE idea_id = $1 AND comment_id IN (SELECT id FROM comment WHERE idea_id = $2)`
	list := []statement{{`DELETE FROM citation` + there + ` AND EXISTS (SELECT 1 FROM citation o WHERE o.idea_id = $2
		AND o.comment_id = citation.comment_id AND o.answer_id = citation.answer_id AND o.cited_id = citation.cited_id)`, []any{from, to}}}
	for _, table := range []string{"reaction", "file_use", "removed", "citation"} {
		// #nosec G202 -- names of this package's own tables
		list = append(list, statement{`UPDATE ` + table + ` SET idea_id = $2` + there, []any{from, to}})
	}
	if err := tx.all("move what hangs on comments", list...); err != nil {
		return err
	}
	rows, err := tx.query(`UPDATE notice SET idea_id = $2`+there+` AND seen = 0 RETURNING person_id`, from, to)
	if err != nil {
		return fmt.Errorf("move notices of idea %d: %w", from, err)
	}
	people, err := collect(rows, scanID)
	tx.told = append(tx.told, people...) // what they may see of it may have changed
	return err
}

// all runs statements one after the other.
func (tx *Tx) all(doing string, list ...statement) error {
	for _, st := range list {
		if _, err := tx.exec(st.sql, st.args...); err != nil {
			return fmt.Errorf("%s: %w", doing, err)
		}
	}
	return nil
}

// mergeOf finds the merge that an idea is under, and its survivor. Errors: conflict.
func (tx *Tx) mergeOf(idea int64) (m merged, survivor int64, err error) {
	var stage string
	err = tx.row(`
		SELECT m.id, m.from_id, m.into_id, m.from_board, m.from_stage, m.label_id, m.votes, m.imported, i.merged_into
		FROM merge m JOIN idea i ON i.id = m.from_id WHERE m.from_id = $1 AND m.undone_at IS NULL`, idea).
		Scan(&m.id, &m.from, &m.into, &m.fromBoard, &stage, &m.label, &m.votes, &m.imported, &survivor)
	m.stage = board.Stage(stage)
	if errors.Is(err, sql.ErrNoRows) {
		return m, 0, board.Fault(board.Conflict, "This idea is not merged into another one, or not any more.").On("idea")
	}
	if err != nil {
		return m, 0, fmt.Errorf("find the merge of idea %d: %w", idea, err)
	}
	return m, survivor, nil
}

// noMerged refuses what would take the words of others away with an idea. Errors: conflict.
func (tx *Tx) noMerged(idea int64) error {
	var some bool
	if err := tx.row(`SELECT EXISTS (SELECT 1 FROM idea WHERE merged_into = $1)`, idea).Scan(&some); err != nil {
		return fmt.Errorf("look what was merged into idea %d: %w", idea, err)
	}
	if some {
		return board.Fault(board.Conflict, "Other ideas were merged into this one: separate them first.").On("idea")
	}
	return nil
}
