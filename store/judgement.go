package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"convivio/store/board"
	"convivio/store/markdown"
)

// What the person concerned reads of a decision, and what they are told of it.

const (
	// eraseRefused takes the words of posts away that were refused before $1, where
	// no appeal is open: what could be said against that was said.
	eraseRefused = `UPDATE held SET title = '', tags = '', body = '', html = '' WHERE state = 'refused' AND body || title <> ''
		AND NOT EXISTS (SELECT 1 FROM decision d LEFT JOIN appeal a ON a.decision_id = d.id AND a.decided_at IS NULL
			WHERE d.kind = 'held' AND d.subject_id = held.id AND d.action = 'reject' AND (d.at > $1 OR a.id IS NOT NULL))`
	// eraseAppeals takes away what appeals that were decided before $1 say.
	eraseAppeals = `UPDATE appeal SET body = '' WHERE body <> '' AND decided_at < $1`
)

// tellDecision tells one person, in the verb's transaction, of a decision that was
// recorded last. It may be about what is no idea, or about words that are gone.
func (tx *Tx) tellDecision(person, decision, idea, comment int64) error {
	if person == 0 || person == tx.actor {
		return nil
	}
	if _, err := tx.exec(`
		INSERT INTO notice (person_id, seq, reason, idea_id, comment_id, at, decision_id)
		SELECT $1, $2, $3, $4, $5, $6, $7 FROM person p WHERE p.id = $1 AND p.email IS NOT NULL AND p.disabled_at IS NULL
		ON CONFLICT (person_id, seq) DO UPDATE SET reason = excluded.reason, decision_id = excluded.decision_id`,
		person, tx.seq, slices.Index(board.Reasons, board.Judged)+1, orNull(idea), orNull(comment), tx.Now, decision); err != nil {
		return fmt.Errorf("tell person %d of decision %d: %w", person, decision, err)
	}
	tx.told = append(tx.told, person)
	return nil
}

// judgementColumns take what it is about by the board where it stands now: who does
// not see that board reads nothing of it.
const judgementColumns = `d.id, d.kind, d.action, d.ground, d.note, b.id, CASE WHEN ` + sees + ` THEN b.slug ELSE '' END, CASE WHEN ` + sees + ` THEN b.name ELSE '' END,
	COALESCE(d.idea_id, 0), COALESCE(d.comment_id, 0), COALESCE(CASE WHEN i.deleted_at IS NULL AND ` + sees + ` THEN i.title END, ''),
	d.subject_id, COALESCE(d.rule_id, 0), COALESCE(r.kind, ''), COALESCE(r.words, ''), d.at, d.until, d.undone_at, d.overturned_at, d.final_at,
	COALESCE(p.id, 0), COALESCE(p.name, ''), COALESCE(d.removed_id, 0),
	COALESCE(a.id, 0), COALESCE(a.body, ''), COALESCE(a.at, 0), a.decided_at, COALESCE(a.overturned, 0), COALESCE(a.alone, 0), COALESCE(o.note, ''), COALESCE(v.officer, 0)
	FROM decision d LEFT JOIN comment c ON c.id = d.comment_id LEFT JOIN idea i ON i.id = COALESCE(c.idea_id, d.idea_id)
	JOIN board b ON b.id = COALESCE(i.board_id, d.board_id) LEFT JOIN rule r ON r.id = d.rule_id
	LEFT JOIN person p ON p.id = d.person_id LEFT JOIN appeal a ON a.decision_id = d.id LEFT JOIN decision o ON o.id = a.outcome_id
	LEFT JOIN review v ON v.id = d.review_id`

// judged is a judgement with what its reader is not shown.
type judged struct {
	board.Judgement
	subject, removed int64
	final            sql.NullInt64
	sealed           bool // for the named officer and administrators, beside whom it concerns
}

// mayRead tells whether a moderator may read a decision that concerns somebody else.
func (j judged) mayRead(who board.Who) bool {
	if j.sealed {
		return who.Has(board.Admin) || who.Has(board.Officer) || slices.Contains(who.Heeds, j.BoardID)
	}
	return who.ModeratesBoard(j.BoardID) && (j.Board != "" || who.Has(board.Admin))
}

func scanJudgement(row interface{ Scan(...any) error }, reader int64) (j judged, err error) {
	var r board.Rule
	var a board.Appeal
	var when, appealed int64
	var until, undone, overturned, decided sql.NullInt64
	err = row.Scan(&j.ID, &j.Kind, &j.Action, &j.Ground, &j.Note, &j.BoardID, &j.Board, &j.BoardName, &j.Idea, &j.Comment, &j.IdeaTitle,
		&j.subject, &r.ID, &r.Kind, &r.Words, &when, &until, &undone, &overturned, &j.final, &j.Author.ID, &j.Author.Name, &j.removed,
		&a.ID, &a.Body, &appealed, &decided, &a.Overturned, &a.Alone, &a.Note, &j.sealed)
	if err != nil {
		return j, err
	}
	j.At, j.Until, j.UndoneAt, j.OverturnedAt = at(when), atOrNil(until), atOrNil(undone), atOrNil(overturned)
	j.Concerns = j.Author.ID == reader
	if r.ID != 0 {
		j.Rule = &r
	}
	if j.Kind == board.HeldItem {
		j.Held = j.subject
	}
	if a.ID != 0 {
		a.Decision, a.At, a.DecidedAt = j.ID, at(appealed), atOrNil(decided)
		j.Appeal = &a
	}
	return j, nil
}

// Judgement reads a decision for the person concerned, or for who moderates the
// board it was made on. One about an appeal reads as what was appealed against.
// Errors: not_found.
func (s *Store) Judgement(ctx context.Context, who board.Who, id int64) (board.Judgement, error) {
	j, err := scanJudgement(s.readDB.QueryRowContext(ctx, `SELECT `+judgementColumns+` WHERE d.id = $3`, string(who.Kind), who.ID, id), who.ID)
	if err == nil && !j.Concerns && !j.mayRead(who) {
		err = sql.ErrNoRows
	}
	if err != nil {
		return board.Judgement{}, missingIfNone(err, "read decision %d", id)
	}
	if j.ofAppeal() {
		var first int64
		if err := s.readDB.QueryRowContext(ctx, `SELECT decision_id FROM appeal WHERE id = $1`, j.subject).Scan(&first); err != nil {
			return board.Judgement{}, missingIfNone(err, "read appeal %d", j.subject)
		}
		return s.Judgement(ctx, who, first)
	}
	if err := s.judgedWords(ctx, &j); err != nil {
		return board.Judgement{}, err
	}
	j.Sealed, j.Aside = j.sealed, j.removed != 0 && j.Body != "" && j.UndoneAt == nil && j.OverturnedAt == nil
	if j.Concerns && j.appealable(s.now().UnixMicro()) {
		by := j.At.Add(board.AppealTime)
		if j.Until != nil && j.Until.After(by) {
			by = *j.Until
		}
		j.AppealBy = &by
	}
	if j.Appeal != nil && j.Appeal.DecidedAt == nil && !j.Concerns {
		may, _, err := mayHear(ctx, s.readDB, who, j.ID, micros(s.now()))
		if j.Appeal.May = may; err != nil {
			return board.Judgement{}, err
		}
	}
	return j.Judgement, nil
}

// ofAppeal tells whether it decided an appeal, and not what that was against.
func (j judged) ofAppeal() bool {
	return j.Kind == board.AppealItem && (j.Action == board.Uphold || j.Action == board.Overturn)
}

// appealable tells whether the person concerned may say something against it
// still: within board.AppealTime, or for as long as it takes something from them.
func (j judged) appealable(now int64) bool {
	inTime := now < micros(j.At.Add(board.AppealTime)) || j.Until != nil && now < micros(*j.Until)
	return j.Action.Appealable() && j.Appeal == nil && j.UndoneAt == nil && j.OverturnedAt == nil && inTime
}

// judgedWords finds the words that a decision is about: held, set aside, or where
// they stand. Words on a board that the reader does not see are their own alone.
func (s *Store) judgedWords(ctx context.Context, j *judged) error {
	if !j.Concerns && j.Board == "" {
		return nil
	}
	query, args := `
		SELECT x.title, x.body, x.html, x.lang FROM (
			SELECT i.title AS title, i.body AS body, i.html AS html, i.lang AS lang, 1 AS place FROM idea i WHERE i.id = $1 AND $2 = 0 AND i.deleted_at IS NULL
			UNION ALL SELECT '', c.body, c.html, c.lang, 1 FROM comment c WHERE c.id = $2 AND c.deleted_at IS NULL
			UNION ALL SELECT w.title, w.body, w.html, w.lang, 2 FROM removed_text w JOIN removed r ON r.id = w.removed_id
				WHERE $3 > 0 AND r.id = $3 AND w.part = CASE WHEN $2 = 0 THEN 'idea' ELSE 'comment' END AND w.ref = CASE WHEN $2 = 0 THEN $1 ELSE $2 END
			UNION ALL SELECT w.title, w.body, w.html, w.lang, 3 FROM removed r JOIN removed_text w ON w.removed_id = r.id
				WHERE r.idea_id = $1 AND w.part = CASE WHEN $2 = 0 THEN 'idea' ELSE 'comment' END AND w.ref = CASE WHEN $2 = 0 THEN $1 ELSE $2 END) x
		ORDER BY x.place LIMIT 1`, []any{j.Idea, j.Comment, j.removed}
	if j.Held != 0 && j.Action == board.Reject {
		query, args = `SELECT title, body, html, lang FROM held WHERE id = $1`, []any{j.Held}
	}
	err := s.readDB.QueryRowContext(ctx, query, args...).Scan(&j.Title, &j.Body, &j.HTML, &j.Lang)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("read the words of decision %d: %w", j.ID, err)
	}
	j.HTML = fresh(j.HTML, j.Body, markdown.Version)
	return nil
}

// SeeDecision marks what somebody was told of a decision, and of the appeal against
// it, as seen.
func (s *Store) SeeDecision(ctx context.Context, who board.Who, id int64) error {
	return s.see(ctx, who.ID, ` AND decision_id IN (SELECT $2 UNION SELECT a.outcome_id FROM appeal a WHERE a.decision_id = $2)`, id)
}

// TakenAway finds the decision by which a moderator took an idea of somebody's own
// away, or to where they do not see it; 0 where none did that stands.
func (s *Store) TakenAway(ctx context.Context, who board.Who, idea int64) (decision int64, err error) {
	err = s.readDB.QueryRowContext(ctx, `SELECT COALESCE(MAX(d.id), 0) FROM decision d WHERE d.person_id = $1 AND d.idea_id = $2 AND d.comment_id IS NULL
		AND d.action IN ('hide', 'delete', 'move', 'merge') AND d.undone_at IS NULL AND d.overturned_at IS NULL`, who.ID, idea).Scan(&decision)
	if err != nil {
		return 0, fmt.Errorf("look why idea %d is gone: %w", idea, err)
	}
	return decision, nil
}

// Judgements lists the decisions about what is somebody's own, the newest first.
func (s *Store) Judgements(ctx context.Context, who board.Who, limit int) ([]board.Judgement, error) {
	rows, err := s.readDB.QueryContext(ctx, `SELECT `+judgementColumns+`
		WHERE d.person_id = $2 AND d.kind <> 'appeal' AND d.action NOT IN ('keep', 'handover') ORDER BY d.id DESC LIMIT $3`, string(who.Kind), who.ID, pageSize(limit))
	if err != nil {
		return nil, fmt.Errorf("list decisions about person %d: %w", who.ID, err)
	}
	return collect(rows, func(rows *sql.Rows) (board.Judgement, error) {
		j, err := scanJudgement(rows, who.ID)
		return j.Judgement, err
	})
}
