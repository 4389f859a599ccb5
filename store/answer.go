package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"convivio/store/board"
	"convivio/store/language"
	"convivio/store/markdown"
)

// Answer adds an official answer to an idea; earlier ones stay. It may cite the
// comments that changed the decision. Errors: forbidden, not_found, conflict
// when locked, invalid (field cites) for comments of another idea or deleted ones.
func (s *Store) Answer(ctx context.Context, who board.Who, idea int64, in board.NewAnswer, key string) (board.Answer, error) {
	text, err := s.render(ctx, who, "body", in.Body, true)
	if err != nil {
		return board.Answer{}, err
	}
	text.lang = language.Of(text.body, "")
	o, err := newOnce(who, key, fmt.Sprintf("Answer %d", idea), in)
	if err != nil {
		return board.Answer{}, err
	}
	cites := slices.Clone(in.Cites)
	slices.Sort(cites)
	cites = slices.Compact(cites)
	if len(cites) > board.MaxPage {
		return board.Answer{}, board.FieldFault("cites", "At most %d comments can be cited.", board.MaxPage)
	}
	var id int64
	_, err = s.write(ctx, who.ID, func(tx *Tx) error {
		earlier, _, found, err := tx.earlier(o)
		if found || err != nil {
			id = earlier
			return err
		}
		t, err := tx.openIdea(who, idea)
		if err == nil {
			err = tx.mayOnBoard(who, t.board, board.BoardOwner)
		}
		if err != nil {
			return err
		}
		if id, err = tx.addAnswer(who, t, idea, text, cites); err != nil {
			return err
		}
		if err := tx.audit(act{kind: board.IdeaAnsweredAct, board: t.board, idea: idea}); err != nil {
			return err
		}
		return tx.remember(o, id)
	})
	if err != nil {
		return board.Answer{}, err
	}
	list, err := s.Answers(ctx, who, idea)
	for _, a := range list {
		if a.ID == id {
			return a, nil
		}
	}
	return board.Answer{}, missingIfNone(err, "read answer %d", id)
}

func (tx *Tx) addAnswer(who board.Who, t target, idea int64, text words, cites []int64) (int64, error) {
	seq := tx.nextSeq()
	id, err := tx.insert(`
		INSERT INTO answer (idea_id, author_id, body, html, renderer, lang, created_at, seq)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`,
		idea, who.ID, text.body, text.html, markdown.Version, text.lang, tx.Now, seq)
	if err != nil {
		return 0, fmt.Errorf("insert answer: %w", err)
	}
	for _, c := range cites {
		res, err := tx.exec(`UPDATE comment SET cited = cited + 1, last_seq = $1 WHERE id = $2 AND idea_id = $3 AND deleted_at IS NULL`, seq, c, idea)
		if err != nil {
			return 0, fmt.Errorf("cite comment %d: %w", c, err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return 0, board.FieldFault("cites", "Comment %d is not on this idea, or was deleted.", c)
		}
		if _, err := tx.exec(`INSERT INTO answer_cite (answer_id, comment_id) VALUES ($1, $2)`, id, c); err != nil {
			return 0, fmt.Errorf("cite comment %d: %w", c, err)
		}
	}
	if _, err := tx.exec(`
		UPDATE idea SET answers = answers + 1, answered_at = COALESCE(answered_at, $1), moved_seq = $2, last_seq = $2, thread_seq = $2 WHERE id = $3`,
		tx.Now, seq, idea); err != nil {
		return 0, fmt.Errorf("count answers: %w", err)
	}
	if err := tx.useFiles(who.ID, idea, 0, text.files, ""); err != nil {
		return 0, err
	}
	if err := tx.answered(idea, id, who.ID); err != nil {
		return 0, err
	}
	_, err = tx.record(board.IdeaAnswered, about{board: t.board, idea: idea, subject: id})
	return id, err
}

// Answers lists the official answers to an idea, oldest first. Errors: not_found.
func (s *Store) Answers(ctx context.Context, who board.Who, idea int64) ([]board.Answer, error) {
	if err := s.visible(ctx, who, idea); err != nil {
		return nil, err
	}
	return s.AnswersTo(ctx, idea)
}

// AnswersTo is Answers for a caller that has just read the idea as its reader.
func (s *Store) AnswersTo(ctx context.Context, idea int64) ([]board.Answer, error) {
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT a.id, a.idea_id, p.id, p.name, COALESCE(t.name, ''), a.body, a.html, a.renderer, a.created_at, a.seq, a.lang
		FROM answer a JOIN person p ON p.id = a.author_id LEFT JOIN team t ON t.id = p.team_id
		WHERE a.idea_id = $1 ORDER BY a.id`, idea)
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
		SELECT x.answer_id, x.comment_id, CASE WHEN c.deleted_at IS NULL THEN p.name ELSE '' END
		FROM answer_cite x JOIN answer a ON a.id = x.answer_id
		JOIN comment c ON c.id = x.comment_id JOIN person p ON p.id = c.author_id
		WHERE a.idea_id = $1 ORDER BY x.answer_id, x.comment_id`, idea)
	if err != nil {
		return fmt.Errorf("read what answers to idea %d cite: %w", idea, err)
	}
	type cite struct {
		answer, comment int64
		author          string
	}
	cites, err := collect(rows, func(rows *sql.Rows) (c cite, err error) {
		err = rows.Scan(&c.answer, &c.comment, &c.author)
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
		SELECT a.id, a.idea_id, p.id, p.name, COALESCE(t.name, ''), a.body, a.html, a.renderer, a.created_at, a.seq, a.lang
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
	err = rows.Scan(&a.ID, &a.Idea, &a.Author.ID, &a.Author.Name, &a.Author.Team, &a.Body, &a.HTML, &renderer, &created, &a.Seq, &a.Lang)
	a.HTML, a.CreatedAt, a.Cites = fresh(a.HTML, a.Body, renderer), at(created), []int64{}
	return a, err
}
