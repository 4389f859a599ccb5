package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"convivio/store/board"
)

// Figures of a month are worked out once, when it is over and has settled, from
// ideas, comments, votes and answers themselves. What comes through the gate is
// kept; who made up a number is forgotten with the memory it was counted in.

// CloseMonths works out the figures of every month that has settled and was not
// closed yet. Called every hour by the server; a closed month never changes.
func (s *Store) CloseMonths(ctx context.Context) error {
	for {
		month, ok, err := s.nextMonth(ctx)
		if err != nil || !ok {
			return err
		}
		if err := s.closeMonth(ctx, month); err != nil {
			return fmt.Errorf("close %s: %w", month, err)
		}
	}
}

// nextMonth is the oldest month that may be closed and is not.
func (s *Store) nextMonth(ctx context.Context) (month board.Month, ok bool, err error) {
	zone := board.Zone()
	var last, first sql.NullInt64
	if err := s.readDB.QueryRowContext(ctx, `SELECT (SELECT MAX(month) FROM month), (SELECT MIN(created_at) FROM idea)`).Scan(&last, &first); err != nil {
		return 0, false, fmt.Errorf("look which months are closed: %w", err)
	}
	switch {
	case last.Valid:
		month = board.Month(last.Int64) + 1
	case first.Valid:
		month = board.MonthOf(at(first.Int64).In(zone))
	default:
		return 0, false, nil
	}
	settled := (month + 1).Begins(zone).Add(board.MonthRest)
	return month, !s.now().Before(settled), nil
}

// closing is the work on one month, on one view of the database.
type closing struct {
	tx           *sql.Tx
	month        board.Month
	begins, ends time.Time
	before       time.Time // twelve months up to the end begin here
	people       map[int64]standpoint
	left         map[int64]standpoint // who left the figures
	staff        map[int64]standpoint // all of them
	readers      map[int64]bool       // of figures by team, site and board
	firsts       map[int64]int64
	boards       map[int64]*audience
	teams        map[int64]string
	secret       []byte // of the rounding
	piles        piles
	now          time.Time
}

// audience is who could take part on a board.
type audience struct {
	name    string
	private bool
	clock   clock
	members map[int64]bool // of a private board
}

func (s *Store) closeMonth(ctx context.Context, month board.Month) (err error) {
	tx, err := s.readDB.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() { err = errors.Join(err, ignoreDone(tx.Rollback())) }()
	q, err := s.gather(ctx, tx, month)
	if err != nil {
		return err
	}
	steady, err := q.steady(ctx)
	if err != nil {
		return err
	}
	if err := q.nameTeams(ctx); err != nil {
		return err
	}
	return s.keepFigures(ctx, month, q.publish(steady))
}

// gather reads a month from one view of the database: who counts, and the piles.
func (s *Store) gather(ctx context.Context, tx *sql.Tx, month board.Month) (q *closing, err error) {
	zone := board.Zone()
	q = &closing{tx: tx, month: month, begins: month.Begins(zone), ends: (month + 1).Begins(zone), before: (month - 11).Begins(zone), piles: piles{}, now: s.now()}
	if q.firsts, err = q.firstActs(ctx); err != nil {
		return nil, err
	}
	if q.people, q.left, err = q.standing(ctx); err != nil {
		return nil, err
	}
	if q.readers, err = q.reading(ctx); err != nil {
		return nil, err
	}
	if q.boards, err = q.audiences(ctx); err != nil {
		return nil, err
	}
	for _, gather := range []func(context.Context) error{q.gatherActs, q.gatherYear, q.gatherIdeas, q.gatherDue, q.gatherBreadths, q.gatherAnswers, q.gatherPromises, q.gatherModeration, q.gatherSearches} {
		if err := gather(ctx); err != nil {
			return nil, err
		}
	}
	q.adopt()
	return q, nil
}

func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}

// keepFigures writes a month's figures and that it is closed, in one go.
func (s *Store) keepFigures(ctx context.Context, month board.Month, figures []board.Figure) error {
	list := []statement{{`INSERT INTO month (month, closed_at) VALUES ($1, $2)`, []any{int64(month), micros(s.now())}},
		{`DELETE FROM searched WHERE month <= $1`, []any{int64(month)}}}
	for _, f := range figures {
		list = append(list, statement{`
			INSERT INTO figure (month, measure, dimension, unit, unit_id, others, state, value, steady) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			[]any{int64(month), string(f.Measure), string(f.By), f.Unit, f.UnitID, f.Others, string(f.State), f.Value, asInt(f.Steady)}})
	}
	return s.note(ctx, list...)
}

// reading finds who reads figures by team, site and board: of their own group they
// know their own part.
func (q *closing) reading(ctx context.Context) (map[int64]bool, error) {
	rows, err := q.tx.QueryContext(ctx, `SELECT DISTINCT person_id FROM person_role WHERE role IN ($1, $2)`, string(board.HR), string(board.Council))
	if err != nil {
		return nil, fmt.Errorf("look who reads figures: %w", err)
	}
	list, err := collect(rows, scanID)
	if err != nil {
		return nil, err
	}
	out := map[int64]bool{}
	for _, person := range list {
		out[person] = true
	}
	return out, nil
}

// audiences reads the boards and who could take part on private ones.
func (q *closing) audiences(ctx context.Context) (map[int64]*audience, error) {
	rows, err := q.tx.QueryContext(ctx, `SELECT b.id, b.name, b.visibility, `+clockColumns+` FROM board b WHERE b.created_at < $1`, micros(q.ends))
	if err != nil {
		return nil, fmt.Errorf("read boards: %w", err)
	}
	type row struct {
		id int64
		audience
	}
	list, err := collect(rows, func(rows *sql.Rows) (r row, err error) {
		var visibility string
		err = rows.Scan(append([]any{&r.id, &r.name, &visibility}, r.clock.fields()...)...)
		r.private, r.members = visibility != string(board.Open), map[int64]bool{}
		return r, err
	})
	if err != nil {
		return nil, err
	}
	out := map[int64]*audience{}
	for _, r := range list {
		out[r.id] = &r.audience
	}
	members, err := q.tx.QueryContext(ctx, `SELECT board_id, person_id FROM member`)
	if err != nil {
		return nil, fmt.Errorf("read members: %w", err)
	}
	defer members.Close()
	for members.Next() {
		var b, person int64
		if err := members.Scan(&b, &person); err != nil {
			return nil, fmt.Errorf("scan members: %w", err)
		}
		if x := out[b]; x != nil {
			x.members[person] = true
		}
	}
	if err := members.Err(); err != nil {
		return nil, fmt.Errorf("read members: %w", err)
	}
	return out, nil
}

// counts tells whether a person is counted at all, and where they stand.
func (q *closing) counts(person int64) (standpoint, bool) {
	p, ok := q.people[person]
	return p, ok
}

// add puts acts of a person on every pile they belong to.
func (q *closing) add(m board.Measure, person, boardID, n int64) {
	p, ok := q.stands(m, person, boardID)
	if !ok {
		return
	}
	for _, u := range unitsOf(p, boardID) {
		if u.by == board.ByBoard || !q.apart(m, boardID) {
			q.piles.at(m, u).parts[person] += n
		}
	}
}

// miss puts who left the figures, and what everybody sees them take part in, beside
// those who took part: in no number, but none may tell that they are missing.
func (q *closing) miss(m board.Measure, person, boardID int64) {
	p, ok := q.left[person]
	if b := q.boards[boardID]; !ok || b != nil && b.private {
		return
	}
	for _, u := range unitsOf(p, boardID) {
		q.piles.at(m, u).absent[person] = true
	}
}

// openly tells whether everybody can count a measure where they see a board. What
// stands on open boards is counted whoever wrote it, also who left the figures: were it
// left out, or hidden for one author less, what is missing would name them.
func openly(m board.Measure) bool {
	switch m {
	case board.IdeasPosted, board.CommentsMade, board.AnsweredDue, board.AnsweredHour, board.FirstMedian, board.FirstMost,
		board.Decided30, board.Decided60, board.Decided90, board.Conversations, board.Across, board.CreditGiven,
		board.PlannedDone, board.PromisesKept, board.OutcomeStated:
		return true
	}
	return false
}

// stands is where a person stands whose acts on a board count for a measure.
func (q *closing) stands(m board.Measure, person, boardID int64) (p standpoint, ok bool) {
	if p, ok = q.counts(person); !ok && openly(m) && !q.apart(m, boardID) {
		p, ok = q.left[person]
	}
	return p, ok
}

// apart tells whether what happened on a board stands under private boards and
// nowhere else. What is on open boards everybody can count: taken from a sum of both,
// it would leave what a few wrote on a private one. Of people, rounded numbers are shown.
func (q *closing) apart(m board.Measure, boardID int64) bool {
	b := q.boards[boardID]
	return b != nil && b.private && m != board.Contributors && m != board.AppealsUpheld
}

// unitsOf are the units that what a person did on a board counts for; board 0: none.
func unitsOf(p standpoint, boardID int64) []unitKey {
	units := make([]unitKey, 0, 4)
	units = append(units, unitKey{by: board.ByCompany}, unitKey{by: board.ByTeam, id: p.team}, unitKey{by: board.BySite, site: p.site})
	if boardID != 0 {
		units = append(units, unitKey{by: board.ByBoard, id: boardID})
	}
	return units
}

// share adds to a share of the company's and of one board's, about a person whose
// idea, reply or answer it is.
func (q *closing) share(m board.Measure, person, boardID int64, part bool, units ...unitKey) {
	if _, ok := q.stands(m, person, boardID); !ok {
		return
	}
	for _, u := range append(units, unitKey{by: board.ByCompany}, unitKey{by: board.ByBoard, id: boardID}) {
		if u.by != board.ByBoard && q.apart(m, boardID) {
			continue
		}
		x := q.piles.at(m, u)
		x.parts[person]++
		x.of++
		x.part += int64(asInt(part))
	}
}
