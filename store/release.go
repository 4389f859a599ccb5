package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"convivio/store/board"
)

// A release is asked for, which gives it its number, and made by RunReleases, one
// at a time, beside what people do. It is not there before its files are, with their
// hashes in the audit log: what was broken off is begun anew.

// maxReleaseOrders is how many releases may wait at once.
const maxReleaseOrders = 20

// errReleasing answers who asks for one release more than may wait.
var errReleasing = board.Fault(board.TooMany, "Many releases are waiting to be made. Try again in a moment.")

// SeesReleases tells whether somebody may read releases: HR, who makes them, and
// the works council.
func SeesReleases(who board.Who) bool { return SeesUnits(who) }

func releasesOnly(who board.Who) error {
	if !SeesReleases(who) {
		return board.Fault(board.Forbidden, "Releases are for HR and the works council.")
	}
	return nil
}

// makesReleases answers forbidden for others than HR.
func makesReleases(who board.Who) error {
	if !who.Has(board.HR) {
		return board.Fault(board.Forbidden, "Only HR makes releases.")
	}
	return nil
}

// checkAsked tidies what a release is asked for, and looks whether its months have
// figures. Errors: invalid.
func (s *Store) checkAsked(ctx context.Context, a board.Asked) (board.Asked, error) {
	a, err := tidyAsked(a)
	if err != nil {
		return a, err
	}
	if a.To < a.From || int(a.To-a.From) >= board.MaxReleaseMonths {
		return a, board.FieldFault("from", "Choose from one month to %d months in order.", board.MaxReleaseMonths)
	}
	var closed int
	if err := s.readDB.QueryRowContext(ctx, `SELECT COUNT(*) FROM month WHERE month = $1 OR month = $2`, int64(a.From), int64(a.To)).Scan(&closed); err != nil {
		return a, fmt.Errorf("look which months are closed: %w", err)
	}
	if closed == 0 || closed == 1 && a.From != a.To {
		return a, board.FieldFault("from", "Choose months that are closed: they have figures three days after their end.")
	}
	return a, nil
}

// tidyAsked writes the same request the same: the company first, then every
// dimension once. Errors: invalid.
func tidyAsked(a board.Asked) (board.Asked, error) {
	by := []board.Dimension{board.ByCompany}
	for _, d := range board.Dimensions[1:] {
		if slices.Contains(a.By, d) {
			by = append(by, d)
		}
	}
	for _, d := range a.By {
		if !slices.Contains(board.Dimensions, d) {
			return a, board.FieldFault("by", "Figures are by company, team, site or board.")
		}
	}
	a.By = by
	if a.Lang == "" || checkLang(a.Lang) != nil {
		return a, board.FieldFault("lang", "A language is named by its code, such as it or en, or left empty.")
	}
	if a.Separator == "" {
		a.Separator = ";"
	}
	if a.Separator != ";" && a.Separator != "," {
		return a, board.FieldFault("separator", "The separator is a comma or a semicolon.")
	}
	return a, nil
}

// releaseAsk is what the audit log keeps of a request.
type releaseAsk struct {
	Number int64       `json:"number,omitempty"` // 0: refused
	Asked  board.Asked `json:"asked"`
}

// OrderRelease asks for a release: the one that was made, or waits, of the same
// request, or a new one. Each time stands in the audit log, refused or not.
// Errors: forbidden for others than HR, invalid, too_many.
func (s *Store) OrderRelease(ctx context.Context, who board.Who, a board.Asked) (board.Release, error) {
	asked, err := a, makesReleases(who)
	if err == nil {
		a, err = s.checkAsked(ctx, a)
	}
	if err != nil {
		return board.Release{}, errors.Join(err, s.auditHourly(ctx, who.ID, act{kind: board.ReleaseAskedAct, outcome: board.ActRefused, after: releaseAsk{Asked: asked}}))
	}
	text, err := json.Marshal(a)
	if err != nil {
		return board.Release{}, fmt.Errorf("write what is asked for: %w", err)
	}
	var number int64
	err = s.noteAs(ctx, who.ID, func(tx *Tx) error {
		if number, err = tx.orderRelease(who, string(text)); err != nil {
			return err
		}
		return tx.audit(act{kind: board.ReleaseAskedAct, after: releaseAsk{number, a}})
	})
	if err != nil {
		return board.Release{}, err
	}
	s.releasing.wake()
	return s.releaseNow(ctx, number)
}

// orderRelease finds the release of a request, made or ordered, or orders it. One
// that could not be made is begun anew.
func (tx *Tx) orderRelease(who board.Who, text string) (number int64, err error) {
	var reason string
	var waiting, last int64
	err = tx.row(`
		SELECT COALESCE((SELECT number FROM release WHERE asked = $1), (SELECT number FROM release_order WHERE asked = $1), 0),
			COALESCE((SELECT reason FROM release_order WHERE asked = $1), ''), (SELECT COUNT(*) FROM release_order WHERE reason = ''),
			(SELECT COALESCE(MAX(number), 0) FROM (SELECT number FROM release UNION ALL SELECT number FROM release_order) n)`, text).
		Scan(&number, &reason, &waiting, &last)
	switch {
	case err != nil:
		return 0, fmt.Errorf("look for a release: %w", err)
	case number != 0 && reason == "":
		return number, nil
	case waiting >= maxReleaseOrders:
		return 0, errReleasing
	case number != 0:
		_, err = tx.exec(`UPDATE release_order SET at = $1, person_id = $2, begun = 0, reason = '' WHERE number = $3`, tx.Now, orNull(who.ID), number)
	default:
		number = last + 1
		_, err = tx.exec(`INSERT INTO release_order (number, at, person_id, asked) VALUES ($1, $2, $3, $4)`, number, tx.Now, orNull(who.ID), text)
	}
	if err != nil {
		return 0, fmt.Errorf("order release %d: %w", number, err)
	}
	return number, nil
}

// releaseRows are the releases and what is ordered, as scanRelease reads them.
const releaseRows = `SELECT x.number, x.at, COALESCE(p.name, ''), x.asked, x.version, x.figures, x.hidden, x.ready, x.reason FROM (
		SELECT number, at, person_id, asked, version, figures, hidden, 1 AS ready, '' AS reason FROM release
		UNION ALL SELECT number, at, person_id, asked, '', 0, 0, 0, reason FROM release_order
	) x LEFT JOIN person p ON p.id = x.person_id `

func (s *Store) scanRelease(row interface{ Scan(...any) error }) (r board.Release, err error) {
	var us int64
	var asked string
	var ready bool
	if err = row.Scan(&r.Number, &us, &r.MadeBy, &asked, &r.Version, &r.Figures, &r.Hidden, &ready, &r.Reason); err != nil {
		return r, err
	}
	r.MadeAt, r.Files = at(us), []board.ReleaseFile{}
	r.State, r.Percent = board.ReleaseReady, 100
	switch making, percent := s.releasing.now(); {
	case ready:
	case r.Reason != "":
		r.State, r.Percent = board.ReleaseFailed, 0
	case making == r.Number:
		r.State, r.Percent = board.ReleaseMaking, percent
	default:
		r.State, r.Percent = board.ReleaseWaits, 0
	}
	return r, json.Unmarshal([]byte(asked), &r.Asked)
}

// Releases lists every release, the latest first, without their files, and those
// that are ordered. Errors: forbidden for others than HR and the works council.
func (s *Store) Releases(ctx context.Context, who board.Who) ([]board.Release, error) {
	if err := releasesOnly(who); err != nil {
		return nil, err
	}
	rows, err := s.readDB.QueryContext(ctx, releaseRows+`ORDER BY x.number DESC`)
	if err != nil {
		return nil, fmt.Errorf("list releases: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (board.Release, error) { return s.scanRelease(rows) })
}

// Release reads one release and what its files are. Errors: forbidden, not_found.
func (s *Store) Release(ctx context.Context, who board.Who, number int64) (board.Release, error) {
	if err := releasesOnly(who); err != nil {
		return board.Release{}, err
	}
	return s.releaseNow(ctx, number)
}

func (s *Store) releaseNow(ctx context.Context, number int64) (board.Release, error) {
	r, err := s.scanRelease(s.readDB.QueryRowContext(ctx, releaseRows+`WHERE x.number = $1`, number))
	if err != nil {
		return r, missingIfNone(err, "read release %d", number)
	}
	rows, err := s.readDB.QueryContext(ctx, `SELECT name, type, size, sha256 FROM release_file WHERE number = $1 ORDER BY place`, number)
	if err != nil {
		return r, fmt.Errorf("list the files of release %d: %w", number, err)
	}
	r.Files, err = collect(rows, func(rows *sql.Rows) (f board.ReleaseFile, err error) {
		err = rows.Scan(&f.Name, &f.Type, &f.Size, &f.SHA256)
		return f, err
	})
	return r, err
}

// AwaitRelease waits until a release is ready or failed, but no longer than that,
// and tells how it is then. Errors: forbidden, not_found.
func (s *Store) AwaitRelease(ctx context.Context, who board.Who, number int64, most time.Duration) (board.Release, error) {
	enough := time.NewTimer(most)
	defer enough.Stop()
	for {
		changed := s.releasing.changes()
		r, err := s.Release(ctx, who, number)
		if err != nil || r.State == board.ReleaseReady || r.State == board.ReleaseFailed {
			return r, err
		}
		select {
		case <-changed:
		case <-enough.C:
			return s.Release(ctx, who, number)
		case <-ctx.Done():
			return r, ctx.Err()
		}
	}
}
