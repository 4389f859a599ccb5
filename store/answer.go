package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"convivio/store/board"
	"convivio/store/language"
	"convivio/store/markdown"
)

// Answer adds an official answer to an idea; earlier ones stay. It may cite the
// comments that changed the decision, and move the idea. Errors: forbidden for who
// neither owns nor moderates the board, not_found, conflict
// when locked, invalid (field cites) for comments of another idea or deleted ones,
// and those of MoveIdea.
func (s *Store) Answer(ctx context.Context, who board.Who, idea int64, in board.NewAnswer, key string) (board.Answer, error) {
	a, err := s.newAnswer(ctx, who, idea, in)
	if err != nil {
		return board.Answer{}, err
	}
	return s.publish(ctx, who, a, key, in)
}

// answering is an answer that was found good, on its way in.
type answering struct {
	idea  int64
	text  words
	cites []int64
	move  *board.Move
	draft *drafted // that it is made from; nil: none
}

// drafted ties an answer to the draft it is made from, which is gone with it.
type drafted struct {
	was     string     // sign of the draft's text; empty: whatever stands there
	due     *time.Time // published by the clock, unless it was put off beyond this
	given   bool       // the text and cites are given, and stand for the draft's
	were    []int64    // comments that were chosen when cites was; see AnswerDraftChange
	moveWas string     // sign of the move that the one given was chosen in place of
	leftOut int
}

// newAnswer checks and renders an answer. Errors: invalid.
func (s *Store) newAnswer(ctx context.Context, who board.Who, idea int64, in board.NewAnswer) (a answering, err error) {
	if a.text, err = s.render(ctx, who, "body", in.Body, true); err != nil {
		return a, err
	}
	a.text.lang = language.Of(a.text.body, "")
	a.idea, a.move = idea, in.Move
	if a.cites, err = chosen(in.Cites); err != nil {
		return a, err
	}
	if a.move != nil && a.move.Stage == "" {
		a.move = nil
	}
	if a.move != nil {
		var m board.Move
		m, err = checkMove(*a.move)
		a.move = &m
	}
	return a, err
}

// chosen are the comments of a choice, each once. Errors: invalid, field cites.
func chosen(cites []int64) ([]int64, error) {
	out := slices.Clone(cites)
	slices.Sort(out)
	if out = slices.Compact(out); len(out) > board.MaxPage {
		return nil, board.FieldFault("cites", "At most %d comments can be cited.", board.MaxPage)
	}
	return out, nil
}

// publish runs the verb that every answer comes from. in is what was asked, for
// requests that come again with the same key.
func (s *Store) publish(ctx context.Context, who board.Who, a answering, key string, in any) (board.Answer, error) {
	o, err := newOnce(who, key, fmt.Sprintf("Answer %d", a.idea), in)
	if err != nil {
		return board.Answer{}, err
	}
	var id int64
	_, err = s.write(ctx, who.ID, func(tx *Tx) error {
		a := a // this may run again
		earlier, _, found, err := tx.earlier(o)
		if found || err != nil {
			id = earlier
			return err
		}
		t, err := tx.openIdea(who, a.idea)
		if err == nil {
			err = tx.mayAnswer(who, t.board)
		}
		if err != nil {
			return err
		}
		if a.draft != nil {
			if err := tx.takeDraft(t, &a); err != nil {
				return err
			}
		}
		if id, err = tx.addAnswer(who, t, a); err != nil {
			return err
		}
		return tx.remember(o, id)
	})
	if err != nil {
		return board.Answer{}, err
	}
	list, err := s.Answers(ctx, who, a.idea)
	for _, answer := range list {
		if answer.ID == id {
			if a.draft != nil {
				answer.LeftOut = a.draft.leftOut
			}
			return answer, nil
		}
	}
	return board.Answer{}, missingIfNone(err, "read answer %d", id)
}

// errNoAnswerer is the same whether there is a draft or not.
var errNoAnswerer = board.Fault(board.Forbidden, "Only those who answer for this board can do this.")

// mayAnswer refuses what takes an owner or a moderator of a board. Errors: forbidden.
func (tx *Tx) mayAnswer(who board.Who, boardID int64) error {
	err := tx.mayOnBoard(who, boardID, board.BoardOwner)
	if err != nil {
		err = tx.moderator(who, boardID)
	}
	var fault *board.Error
	if errors.As(err, &fault) {
		return errNoAnswerer
	}
	return err
}

func (tx *Tx) addAnswer(who board.Who, t target, a answering) (int64, error) {
	seq := tx.nextSeq()
	id, err := tx.insert(`
		INSERT INTO answer (idea_id, author_id, body, html, renderer, lang, created_at, seq)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`,
		a.idea, who.ID, a.text.body, a.text.html, markdown.Version, a.text.lang, tx.Now, seq)
	if err != nil {
		return 0, fmt.Errorf("insert answer: %w", err)
	}
	if err := tx.addCites(id, a, seq); err != nil {
		return 0, err
	}
	if _, err := tx.exec(`
		UPDATE idea SET answers = answers + 1, answered_at = COALESCE(answered_at, $1), moved_seq = $2, last_seq = $2, thread_seq = $2 WHERE id = $3`,
		tx.Now, seq, a.idea); err != nil {
		return 0, fmt.Errorf("count answers: %w", err)
	}
	if err := tx.useFiles(who.ID, a.idea, 0, a.text.files, ""); err != nil {
		return 0, err
	}
	if err := tx.answered(a.idea, id, who.ID); err != nil {
		return 0, err
	}
	if _, err = tx.record(board.IdeaAnswered, about{board: t.board, idea: a.idea, subject: id}); err != nil {
		return 0, err
	}
	if err := tx.audit(act{kind: board.AnswerPublishedAct, board: t.board, idea: a.idea, after: map[string]any{"answer": id, "cites": len(a.cites)}}); err != nil {
		return 0, err
	}
	return id, tx.moveAnswered(who, t, a)
}

// addCites ties an answer to the comments that changed it.
func (tx *Tx) addCites(id int64, a answering, seq int64) error {
	for _, c := range a.cites {
		res, err := tx.exec(`UPDATE comment SET cited = cited + 1, last_seq = $1 WHERE id = $2 AND idea_id = $3 AND deleted_at IS NULL`, seq, c, a.idea)
		if err != nil {
			return fmt.Errorf("cite comment %d: %w", c, err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return board.FieldFault("cites", "Comment %d is not on this idea, or was deleted.", c)
		}
		if _, err := tx.exec(`INSERT INTO answer_cite (answer_id, comment_id) VALUES ($1, $2)`, id, c); err != nil {
			return fmt.Errorf("cite comment %d: %w", c, err)
		}
	}
	return nil
}

// answerReason is how much of an answer stands as the reason of the step made with it.
const answerReason = 300

// moveAnswered moves an idea with the answer that was just added. Whoever hears of
// the answer hears of both.
func (tx *Tx) moveAnswered(who board.Who, t target, a answering) error {
	if a.move == nil {
		return nil
	}
	m := *a.move
	if m.Reason == "" {
		m.Reason = markdown.Excerpt(a.text.html, answerReason)
	}
	m.Quiet = true
	return tx.moveIdea(who, t, a.idea, m)
}

// Answers lists the official answers to an idea, oldest first. Errors: not_found.
func (s *Store) Answers(ctx context.Context, who board.Who, idea int64) ([]board.Answer, error) {
	if err := s.visible(ctx, who, idea); err != nil {
		return nil, err
	}
	return s.AnswersTo(ctx, idea)
}

// answerOf is the condition on answers a that are read with idea $1: its own, and
// those that ideas merged into it had been given.
const answerOf = `(a.idea_id = $1 OR a.idea_id IN (SELECT m.id FROM idea m WHERE m.merged_into = $1))`

// AnswersTo is Answers for a caller that has just read the idea as its reader.
func (s *Store) AnswersTo(ctx context.Context, idea int64) ([]board.Answer, error) {
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT a.id, a.idea_id, p.id, p.name, COALESCE(t.name, ''), a.body, a.html, a.renderer, a.created_at, a.seq, a.lang,
			CASE WHEN i.id = $1 THEN 0 ELSE i.id END, i.title
		FROM answer a JOIN idea i ON i.id = a.idea_id JOIN person p ON p.id = a.author_id LEFT JOIN team t ON t.id = p.team_id
		WHERE `+answerOf+` ORDER BY a.id`, idea)
	if err != nil {
		return nil, fmt.Errorf("read answers to idea %d: %w", idea, err)
	}
	list, err := collect(rows, scanAnswer)
	if err != nil || len(list) == 0 {
		return list, err
	}
	ids := make([]int64, len(list))
	for i, a := range list {
		ids[i] = a.ID
	}
	counts, err := s.reactionCounts(ctx, "answer_id", ids)
	if err != nil {
		return list, err
	}
	for i, a := range list {
		list[i].Reactions = counts[a.ID]
	}
	return list, s.citesOf(ctx, idea, list)
}

func (s *Store) citesOf(ctx context.Context, idea int64, list []board.Answer) error {
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT x.answer_id, x.comment_id, CASE WHEN c.deleted_at IS NULL THEN p.id ELSE 0 END, CASE WHEN c.deleted_at IS NULL THEN p.name ELSE '' END
		FROM answer_cite x JOIN answer a ON a.id = x.answer_id
		JOIN comment c ON c.id = x.comment_id JOIN person p ON p.id = c.author_id
		WHERE `+answerOf+` ORDER BY x.answer_id, x.comment_id`, idea)
	if err != nil {
		return fmt.Errorf("read what answers to idea %d cite: %w", idea, err)
	}
	type cite struct {
		answer, comment int64
		author          board.Author
	}
	cites, err := collect(rows, func(rows *sql.Rows) (c cite, err error) {
		err = rows.Scan(&c.answer, &c.comment, &c.author.ID, &c.author.Name)
		return c, err
	})
	for _, c := range cites {
		for i := range list {
			if list[i].ID == c.answer {
				list[i].Cites = append(list[i].Cites, c.comment)
				list[i].Cited = append(list[i].Cited, c.author)
			}
		}
	}
	return err
}

// LastAnswers gives the newest official answer of each idea that has one, for
// ideas that their reader was found to see. Cites stays empty.
func (s *Store) LastAnswers(ctx context.Context, ideas []int64) (map[int64]board.Answer, error) {
	marks, args := inList(ideas, 1)
	// #nosec G202 -- placeholders alone are put together
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT a.id, a.idea_id, p.id, p.name, COALESCE(t.name, ''), a.body, a.html, a.renderer, a.created_at, a.seq, a.lang, 0, ''
		FROM answer a JOIN person p ON p.id = a.author_id LEFT JOIN team t ON t.id = p.team_id
		WHERE a.id IN (SELECT MAX(l.id) FROM answer l WHERE l.idea_id IN (`+marks+`) GROUP BY l.idea_id)`, args...)
	if err != nil {
		return nil, fmt.Errorf("read last answers: %w", err)
	}
	list, err := collect(rows, scanAnswer)
	out := make(map[int64]board.Answer, len(list))
	for _, a := range list {
		out[a.Idea] = a
	}
	return out, err
}

func scanAnswer(rows *sql.Rows) (a board.Answer, err error) {
	var renderer, created int64
	err = rows.Scan(&a.ID, &a.Idea, &a.Author.ID, &a.Author.Name, &a.Author.Team, &a.Body, &a.HTML, &renderer, &created, &a.Seq, &a.Lang, &a.From, &a.FromTitle)
	a.HTML, a.CreatedAt, a.Cites = fresh(a.HTML, a.Body, renderer), at(created), []int64{}
	return a, err
}
