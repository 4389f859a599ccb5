package store

import (
	"context"
	"database/sql"
	"fmt"

	"convivio/store/board"
)

// An appeal is heard by somebody else than who decided. Where there is nobody
// else in the company who could, an administrator hears it, and that is written
// down and said.

// Appeal says something against a decision about oneself, once. Errors:
// not_found, invalid (field body), conflict when it is too late, was said already,
// or there is nothing to say against.
func (s *Store) Appeal(ctx context.Context, who board.Who, decision int64, body string) (board.Judgement, error) {
	body, err := board.Text("body", body, board.MaxAppeal, true)
	if err != nil {
		return board.Judgement{}, err
	}
	_, err = s.write(ctx, who.ID, func(tx *Tx) error { return tx.appeal(who, decision, body) })
	if err != nil {
		return board.Judgement{}, err
	}
	return s.Judgement(ctx, who, decision)
}

func (tx *Tx) appeal(who board.Who, decision int64, body string) error {
	j, err := scanJudgement(tx.row(`SELECT `+judgementColumns+` WHERE d.id = $3 AND d.person_id = $2`, string(who.Kind), who.ID, decision), who.ID)
	if err != nil {
		return missingIfNone(err, "read decision %d", decision)
	}
	switch {
	case j.Appeal != nil && j.Appeal.Body == body:
		return nil // sent twice
	case j.Appeal != nil:
		return board.Fault(board.Conflict, "You have appealed against this already. What you wrote stands below.")
	case !j.appealable(tx.Now):
		return board.Fault(board.Conflict, "There is nothing to appeal against here any more.")
	}
	id, err := tx.insert(`INSERT INTO appeal (decision_id, person_id, at, body) VALUES ($1, $2, $3, $4) RETURNING id`, decision, who.ID, tx.Now, body)
	if err != nil {
		return fmt.Errorf("appeal against decision %d: %w", decision, err)
	}
	if j.removed != 0 { // nothing is erased while it is open
		if err := tx.keepWords(j.removed, tx.Now+board.MaxSanction.Microseconds()); err != nil {
			return err
		}
	}
	if _, err := tx.record(board.AppealAdded, about{subject: id}); err != nil {
		return err
	}
	_, err = tx.openItem(item{kind: board.AppealItem, board: j.BoardID, idea: j.Idea, comment: j.Comment, subject: id, person: who.ID, ground: j.Ground, officer: j.sealed})
	return err
}

// querier is a database or a transaction that a row is read from.
type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// ofOneBoard tells whether decision d is one that moderators of its board alone may
// hear: it laid nothing upon somebody that holds in the whole company.
const ofOneBoard = `NOT EXISTS (SELECT 1 FROM sanction x WHERE x.id = d.sanction_id AND x.board_id IS NULL)`

// hears tells whether person %[1]s may hear an appeal against decision d by their
// roles: officers what is for them alone, else who moderates board b or all of them.
const hears = `CASE WHEN COALESCE(v.officer, 0) = 1 THEN
		EXISTS (SELECT 1 FROM person_role g WHERE g.person_id = %[1]s AND g.role IN ('admin', 'officer'))
		OR EXISTS (SELECT 1 FROM board_role g WHERE g.board_id = b.id AND g.person_id = %[1]s AND g.role = 'officer')
	ELSE EXISTS (SELECT 1 FROM person_role g WHERE g.person_id = %[1]s AND g.role = 'admin')
		OR (EXISTS (SELECT 1 FROM person_role g WHERE g.person_id = %[1]s AND g.role = 'moderator')
			OR ` + ofOneBoard + ` AND EXISTS (SELECT 1 FROM board_role g WHERE g.board_id = b.id AND g.person_id = %[1]s AND g.role = 'moderator'))
		AND (b.visibility = 'open' OR EXISTS (SELECT 1 FROM member m WHERE m.board_id = b.id AND m.person_id = %[1]s)) END`

// hearers are those who may hear an appeal against decision d besides who decided
// and who it concerns, and can sign in.
var hearers = `EXISTS (SELECT 1 FROM person h WHERE h.id <> COALESCE(d.moderator_id, 0) AND h.id <> d.person_id
	AND h.email IS NOT NULL AND h.disabled_at IS NULL AND h.suspended_until <= $3 AND ` + fmt.Sprintf(hears, "h.id") + `)`

var mayHearIt = fmt.Sprintf(hears, "$1")

// mayHear tells whether somebody may decide about the appeal against a decision,
// and whether only because there is nobody else.
func mayHear(ctx context.Context, db querier, who board.Who, decision, now int64) (may, alone bool, err error) {
	var decided, concerned, hears, others bool
	err = db.QueryRowContext(ctx, `
		SELECT COALESCE(d.moderator_id, 0) = $1, COALESCE(d.person_id, 0) = $1, `+mayHearIt+`, `+hearers+`
		FROM decision d LEFT JOIN comment c ON c.id = d.comment_id LEFT JOIN idea i ON i.id = COALESCE(c.idea_id, d.idea_id)
		JOIN board b ON b.id = COALESCE(i.board_id, d.board_id) LEFT JOIN review v ON v.id = d.review_id WHERE d.id = $2`, who.ID, decision, now).
		Scan(&decided, &concerned, &hears, &others)
	if err != nil {
		return false, false, missingIfNone(err, "look who may hear an appeal against decision %d", decision)
	}
	if concerned || !hears {
		return false, false, nil
	}
	return !decided || !others, decided && !others, nil
}

// txQuerier lets a transaction be read from like a database.
type txQuerier struct{ tx *Tx }

func (q txQuerier) QueryRowContext(_ context.Context, query string, args ...any) *sql.Row {
	return q.tx.row(query, args...)
}

// decideAppeal upholds a decision or overturns it: then everything is as if it had
// not been made. The person concerned and who decided are told. Errors: not_found,
// forbidden for who decided while there is somebody else, conflict when it was
// decided meanwhile or cannot be restored, invalid (field note).
func (tx *Tx) decideAppeal(who board.Who, id int64, overturn bool, note string) error {
	var about int64
	var over bool
	if err := tx.row(`SELECT decision_id, decided_at IS NOT NULL FROM appeal WHERE id = $1`, id).Scan(&about, &over); err != nil {
		return missingIfNone(err, "find appeal %d", id)
	}
	may, alone, err := mayHear(tx.ctx, txQuerier{tx}, who, about, tx.Now)
	if err != nil {
		return err
	}
	if !may {
		return board.Fault(board.Forbidden, "Somebody else decides about this appeal: not who decided before, and not who it concerns.")
	}
	if over {
		return board.Fault(board.Conflict, "Somebody else decided this meanwhile.")
	}
	j, err := scanJudgement(tx.row(`SELECT `+judgementColumns+` WHERE d.id = $3`, string(who.Kind), who.ID, about), who.ID)
	if err != nil {
		return fmt.Errorf("read decision %d: %w", about, err)
	}
	if !j.mayRead(who) {
		return board.Missing()
	}
	action := board.Uphold
	if overturn {
		action = board.Overturn
	}
	return tx.settleAppeal(id, j, action, note, alone)
}

// settleAppeal does what was decided about an appeal, keeps it and tells of it.
func (tx *Tx) settleAppeal(id int64, j judged, action board.Action, note string, alone bool) error {
	about, overturn := j.ID, action == board.Overturn
	if overturn {
		if _, err := tx.undoDecision(about, true); err != nil {
			return err
		}
		if j.Action == board.Reject {
			if err := tx.postRefused(j.Held); err != nil {
				return err
			}
		}
	} else if err := tx.finish(j); err != nil {
		return err
	}
	item, err := tx.waitsAs(board.AppealItem, id)
	if err != nil {
		return err
	}
	outcome, err := tx.decide(decision{review: item, kind: board.AppealItem, action: action, ground: j.Ground, note: note, board: j.BoardID, idea: j.Idea, comment: j.Comment,
		subject: id, person: j.Author.ID})
	if err != nil {
		return err
	}
	if _, err := tx.exec(`UPDATE appeal SET decided_at = $1, outcome_id = $2, overturned = $3, alone = $4 WHERE id = $5`,
		tx.Now, outcome, asInt(overturn), asInt(alone), id); err != nil {
		return fmt.Errorf("decide appeal %d: %w", id, err)
	}
	return tx.appealDecided(id, outcome, about, j)
}

// appealDecided records what came of an appeal, tells who had decided, and takes
// it off the review page.
func (tx *Tx) appealDecided(id, outcome, decision int64, j judged) error {
	if _, err := tx.record(board.AppealDecided, about{subject: id}); err != nil {
		return err
	}
	var moderator sql.NullInt64
	if err := tx.row(`SELECT moderator_id FROM decision WHERE id = $1`, decision).Scan(&moderator); err != nil {
		return fmt.Errorf("read decision %d: %w", decision, err)
	}
	if err := tx.tellDecision(moderator.Int64, outcome, j.Idea, j.Comment); err != nil {
		return err
	}
	return tx.closeAbout(board.AppealItem, id, outcome)
}

// grantAppeal is what taking a decision back comes to while an appeal against it is
// open: the person concerned was right.
func (tx *Tx) grantAppeal(who board.Who, decided, id int64) error {
	j, err := scanJudgement(tx.row(`SELECT `+judgementColumns+` WHERE d.id = $3`, string(who.Kind), who.ID, decided), who.ID)
	if err != nil {
		return fmt.Errorf("read decision %d: %w", decided, err)
	}
	return tx.settleAppeal(id, j, board.Overturn, "", false)
}

// finish makes a decision final: nothing can be said against it any more, and the
// words that were kept for that go.
func (tx *Tx) finish(j judged) error {
	if _, err := tx.exec(`UPDATE decision SET final_at = $1 WHERE id = $2 AND final_at IS NULL`, tx.Now, j.ID); err != nil {
		return fmt.Errorf("make decision %d final: %w", j.ID, err)
	}
	if j.removed != 0 {
		return tx.keepWords(j.removed, tx.Now)
	}
	if j.Held != 0 {
		if _, err := tx.exec(`UPDATE held SET title = '', tags = '', body = '', html = '' WHERE id = $1`, j.Held); err != nil {
			return fmt.Errorf("erase held post %d: %w", j.Held, err)
		}
	}
	return nil
}

// DecideAppeal is decideAppeal from the appeal's own page.
func (s *Store) DecideAppeal(ctx context.Context, who board.Who, id int64, overturn bool, note string) (int64, error) {
	note, err := board.Text("note", note, board.MaxNote, true)
	if err != nil {
		return 0, err
	}
	return s.write(ctx, who.ID, func(tx *Tx) error { return tx.decideAppeal(who, id, overturn, note) })
}

// AppealLink makes the link by which somebody who is suspended, and has just shown
// who they are, reads why and may appeal. It opens nothing else.
func (s *Store) AppealLink(ctx context.Context, person int64) (string, error) {
	secret := newSecret()
	err := s.noteWith(ctx, func(tx *Tx) error {
		if _, err := tx.exec(`DELETE FROM link WHERE person_id = $1 AND purpose = $2`, person, string(ToAppeal)); err != nil {
			return fmt.Errorf("end links: %w", err)
		}
		return tx.addLink(secret, ToAppeal, person)
	})
	return secret, err
}

// AppealedBy tells who holds such a link: nobody signed in, who may do nothing but
// read their judgement and appeal. Errors: not_found.
func (s *Store) AppealedBy(ctx context.Context, secret string) (who board.Who, err error) {
	err = s.readDB.QueryRowContext(ctx, `
		SELECT p.id, p.name, p.kind, p.lang FROM link l JOIN person p ON p.id = l.person_id AND p.disabled_at IS NULL
		WHERE l.hash = $1 AND l.purpose = $2 AND l.ends_at > $3`, hashSecret(secret), string(ToAppeal), micros(s.now())).
		Scan(&who.ID, &who.Name, &who.Kind, &who.Lang)
	return who, missingIfNone(err, "look up a link")
}

// AppealedAgainst is the decision that an appeal is about, for who may read it.
// Errors: not_found.
func (s *Store) AppealedAgainst(ctx context.Context, who board.Who, appeal int64) (board.Judgement, error) {
	var decision int64
	if err := s.readDB.QueryRowContext(ctx, `SELECT decision_id FROM appeal WHERE id = $1`, appeal).Scan(&decision); err != nil {
		return board.Judgement{}, missingIfNone(err, "find appeal %d", appeal)
	}
	j, err := s.Judgement(ctx, who, decision)
	if err == nil && j.Concerns && !who.ModeratesBoard(j.BoardID) {
		return board.Judgement{}, board.Missing()
	}
	return j, err
}
