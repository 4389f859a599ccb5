package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"convivio/store/board"
)

// Who reported is in one table alone and leaves it towards nobody: the log keeps
// no actor, moderators see numbers.

var errOwnWords = board.Fault(board.Conflict, "These are your own words: you can change or delete them yourself.")

// reported is what somebody reports.
type reported struct {
	t                     target
	idea, comment, author int64
	edited                int64 // when the words last changed
}

// Report tells the moderators of an idea or, with comment, of a comment that
// something is wrong with it. Reporting the same thing again changes the report.
// Errors: not_found, invalid (fields ground, note, other), conflict for one's own
// words and where a moderator decided already, too_many beyond board.MaxReports a day.
func (s *Store) Report(ctx context.Context, who board.Who, idea, comment int64, in board.NewReport) (board.Report, error) {
	note, err := checkReport(in)
	if err != nil {
		return board.Report{}, err
	}
	in.Note = note
	var id int64
	_, err = s.write(ctx, 0, func(tx *Tx) error {
		r, err := tx.reportable(who, idea, comment)
		if err != nil {
			return err
		}
		if in.Other != 0 {
			if err := tx.otherIdea(who, r.idea, in.Other); err != nil {
				return err
			}
		}
		id, err = tx.report(who, r, in)
		return err
	})
	if err != nil {
		return board.Report{}, err
	}
	return s.OwnReport(ctx, who, id)
}

func checkReport(in board.NewReport) (note string, err error) {
	if !slices.Contains(board.Grounds, in.Ground) {
		return "", board.FieldFault("ground", "Choose what is wrong.")
	}
	if in.Ground == board.Duplicate && in.Other == 0 {
		return "", board.FieldFault("other", "Give the idea that says the same: its number or its address.")
	}
	return board.Text("note", in.Note, board.MaxNote, in.Ground.NeedsWords())
}

// reportable finds what somebody wants to report. Errors: not_found, conflict for one's own.
func (tx *Tx) reportable(who board.Who, idea, comment int64) (r reported, err error) {
	if comment != 0 {
		var deleted bool
		r.t, r.idea, r.author, deleted, err = tx.ownComment(who, comment)
		r.comment = comment
		if err == nil && deleted {
			err = board.Missing()
		}
	} else {
		r.t, err = tx.idea(who, idea)
		r.idea, r.author = idea, r.t.author
	}
	if err != nil {
		return r, err
	}
	if r.author == who.ID {
		return r, errOwnWords
	}
	err = tx.row(`SELECT COALESCE((SELECT edited_at FROM comment WHERE id = $1), (SELECT edited_at FROM idea WHERE id = $2 AND $1 = 0), 0)`, comment, r.idea).Scan(&r.edited)
	if err != nil {
		return r, fmt.Errorf("look when words changed: %w", err)
	}
	return r, nil
}

// otherIdea refuses what cannot be the idea that another repeats.
func (tx *Tx) otherIdea(who board.Who, idea, other int64) error {
	if other == idea {
		return board.FieldFault("other", "This is the idea itself. Give the other one.")
	}
	var fault *board.Error
	if _, err := tx.idea(who, other); errors.As(err, &fault) && fault.Code == board.NotFound {
		return board.FieldFault("other", "There is no such idea. Give its number or its address.")
	} else if err != nil {
		return err
	}
	return nil
}

// report adds a report or changes it, and lets its item wait.
func (tx *Tx) report(who board.Who, r reported, in board.NewReport) (id int64, err error) {
	var before board.NewReport
	var review, closed int64
	var outcome board.ReportOutcome
	err = tx.row(`
		SELECT id, review_id, ground, COALESCE(other_id, 0), note, outcome, COALESCE(closed_at, 0) FROM report
		WHERE person_id = $1 AND CASE WHEN $3 = 0 THEN idea_id = $2 AND comment_id IS NULL ELSE comment_id = $3 END`, who.ID, r.idea, r.comment).
		Scan(&id, &review, &before.Ground, &before.Other, &before.Note, &outcome, &closed)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("look for an earlier report: %w", err)
	}
	switch {
	case id != 0 && outcome == board.Undecided && before == in:
		return id, nil
	case outcome != board.Undecided && outcome != board.TakenAway && r.edited < closed:
		return 0, board.Fault(board.Conflict, "A moderator has looked at this since you reported it, and it has not changed. Thank you for watching.")
	case id == 0:
		if err := tx.mayReportMore(who.ID); err != nil {
			return 0, err
		}
	}
	seq, err := tx.record(board.ReportAdded, about{})
	if err != nil {
		return 0, err
	}
	item, err := tx.openReport(r, in.Ground)
	if err != nil {
		return 0, err
	}
	args := []any{item, string(in.Ground), orNull(in.Other), in.Note, tx.Now, seq}
	if id == 0 {
		id, err = tx.insert(`INSERT INTO report (review_id, ground, other_id, note, at, seq, idea_id, comment_id, person_id)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id`, append(args, r.idea, orNull(r.comment), who.ID)...)
	} else {
		_, err = tx.exec(`UPDATE report SET review_id = $1, ground = $2, other_id = $3, note = $4, at = $5, seq = $6, outcome = '', closed_at = NULL WHERE id = $7`, append(args, id)...)
	}
	if err != nil {
		return 0, fmt.Errorf("keep a report: %w", err)
	}
	if review != 0 && review != item {
		err = tx.closeIfEmpty(review)
	}
	return id, err
}

// mayReportMore holds somebody to board.MaxReports a day. Errors: too_many.
func (tx *Tx) mayReportMore(person int64) error {
	var n int
	if err := tx.row(`SELECT COUNT(*) FROM report WHERE person_id = $1 AND at > $2`, person, tx.Now-(24*time.Hour).Microseconds()).Scan(&n); err != nil {
		return fmt.Errorf("count reports: %w", err)
	}
	if n >= board.MaxReports {
		return board.Fault(board.TooMany, "You have reported %d things today. Write to a moderator if there is more.", board.MaxReports)
	}
	return nil
}

// openReport opens or finds the item that a report belongs to. What is illegal or
// dangerous waits for the named officer, and so does what is reported where no
// other moderator sees. A ground that is new changes the item's version: who is about to
// decide looks again.
func (tx *Tx) openReport(r reported, g board.Ground) (int64, error) {
	officer := g == board.Illegal
	if !officer {
		if err := tx.row(`
			SELECT NOT EXISTS (SELECT 1 FROM person p JOIN board b ON b.id = $1 WHERE p.disabled_at IS NULL AND p.id <> $2 AND `+mayRead+`
				AND (EXISTS (SELECT 1 FROM person_role o WHERE o.person_id = p.id AND o.role IN ('admin', 'moderator'))
					OR EXISTS (SELECT 1 FROM board_role o WHERE o.board_id = b.id AND o.person_id = p.id AND o.role = 'moderator')))`,
			r.t.board, r.author).Scan(&officer); err != nil {
			return 0, fmt.Errorf("look who moderates: %w", err)
		}
	}
	id, err := tx.openItem(item{kind: board.ReportItem, board: r.t.board, idea: r.idea, comment: r.comment, person: r.author, ground: g, officer: officer})
	if err != nil {
		return 0, err
	}
	if _, err := tx.exec(`UPDATE review SET version = version + 1 WHERE id = $1
		AND EXISTS (SELECT 1 FROM report WHERE review_id = $1 AND outcome = '')
		AND NOT EXISTS (SELECT 1 FROM report WHERE review_id = $1 AND outcome = '' AND ground = $2)`, id, string(g)); err != nil {
		return 0, fmt.Errorf("change review item %d: %w", id, err)
	}
	tx.store.reviews.touch(id)
	return id, nil
}

// closeIfEmpty closes an item whose last report became another.
func (tx *Tx) closeIfEmpty(id int64) error {
	var some bool
	if err := tx.row(`SELECT EXISTS (SELECT 1 FROM report WHERE review_id = $1 AND outcome = '')`, id).Scan(&some); err != nil {
		return fmt.Errorf("look for reports of item %d: %w", id, err)
	}
	if some {
		return nil
	}
	return tx.closeItem(id, 0)
}

// settleReports keeps what came of the reports of an item and tells who made
// them: each their own, never the others.
func (tx *Tx) settleReports(review, idea, comment int64, outcome board.ReportOutcome) error {
	rows, err := tx.query(`UPDATE report SET outcome = $1, closed_at = $2 WHERE review_id = $3 AND outcome = '' RETURNING person_id`, string(outcome), tx.Now, review)
	if err != nil {
		return fmt.Errorf("settle reports: %w", err)
	}
	people, err := collect(rows, scanID)
	for _, p := range people {
		if err == nil {
			err = tx.tell(p, board.Heard, idea, comment)
		}
	}
	return err
}

const reportColumns = `SELECT r.id, r.idea_id, COALESCE(r.comment_id, 0), r.ground, COALESCE(r.other_id, 0), r.note, r.at, r.outcome, r.closed_at,
	COALESCE((SELECT i.title FROM idea i JOIN board b ON b.id = i.board_id WHERE i.id = COALESCE((SELECT c.idea_id FROM comment c WHERE c.id = r.comment_id), r.idea_id)
		AND i.deleted_at IS NULL AND ` + sees + `), '') FROM report r`

func scanReport(row interface{ Scan(...any) error }) (r board.Report, err error) {
	var us int64
	var closed sql.NullInt64
	err = row.Scan(&r.ID, &r.Idea, &r.Comment, &r.Ground, &r.Other, &r.Note, &us, &r.Outcome, &closed, &r.Title)
	r.At, r.Closed = at(us), atOrNil(closed)
	return r, err
}

// OwnReport reads one of somebody's own reports. Errors: not_found.
func (s *Store) OwnReport(ctx context.Context, who board.Who, id int64) (board.Report, error) {
	r, err := scanReport(s.readDB.QueryRowContext(ctx, reportColumns+` WHERE r.person_id = $2 AND r.id = $3`, string(who.Kind), who.ID, id))
	return r, missingIfNone(err, "read report %d", id)
}

// OwnReports lists somebody's own reports, newest first.
func (s *Store) OwnReports(ctx context.Context, who board.Who, limit int) ([]board.Report, error) {
	rows, err := s.readDB.QueryContext(ctx, reportColumns+` WHERE r.person_id = $2 ORDER BY r.at DESC, r.id DESC LIMIT $3`, string(who.Kind), who.ID, pageSize(limit))
	if err != nil {
		return nil, fmt.Errorf("list one's reports: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (board.Report, error) { return scanReport(rows) })
}

// OwnReportOf reads what somebody reported about an idea or, with comment, about a
// comment; false: nothing.
func (s *Store) OwnReportOf(ctx context.Context, who board.Who, idea, comment int64) (board.Report, bool, error) {
	r, err := scanReport(s.readDB.QueryRowContext(ctx, reportColumns+` WHERE r.person_id = $2 AND CASE WHEN $4 = 0 THEN r.idea_id = $3 AND r.comment_id IS NULL ELSE r.comment_id = $4 END`,
		string(who.Kind), who.ID, idea, comment))
	if errors.Is(err, sql.ErrNoRows) {
		return r, false, nil
	}
	return r, err == nil, err
}
