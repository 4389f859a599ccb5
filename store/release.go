package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"convivio/store/board"
)

// errReleasing answers who asks for a release while another is made.
var errReleasing = board.Fault(board.TooMany, "Another release is just being made. Try again in a moment.")

// SeesReleases tells whether somebody may read releases: HR, who makes them, and
// the works council.
func SeesReleases(who board.Who) bool { return SeesUnits(who) }

func releasesOnly(who board.Who) error {
	if !SeesReleases(who) {
		return board.Fault(board.Forbidden, "Releases are for HR and the works council.")
	}
	return nil
}

// checkAsked tidies what a release is asked for, so that the same request is
// written the same. Errors: invalid.
func (s *Store) checkAsked(ctx context.Context, a board.Asked) (board.Asked, error) {
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

// MakeRelease makes a release, or finds the one that was made of the same request.
// write makes its files. Errors: forbidden for others than HR, invalid, too_many
// while another is made.
func (s *Store) MakeRelease(ctx context.Context, who board.Who, a board.Asked, version string, write func(board.Release, []board.Figure) ([]board.ReleaseFile, error)) (board.Release, error) {
	if !who.Has(board.HR) && who.ID != 0 {
		return board.Release{}, board.Fault(board.Forbidden, "Only HR makes releases.")
	}
	if !s.releasing.TryLock() {
		return board.Release{}, errReleasing
	}
	defer s.releasing.Unlock()
	a, err := s.checkAsked(ctx, a)
	if err != nil {
		return board.Release{}, err
	}
	text, err := json.Marshal(a)
	if err != nil {
		return board.Release{}, fmt.Errorf("write what is asked for: %w", err)
	}
	number, known, err := s.releaseNumber(ctx, string(text))
	if err != nil {
		return board.Release{}, err
	}
	if !known {
		if err := s.addRelease(ctx, who, number, a, string(text), version, write); err != nil {
			return board.Release{}, err
		}
	}
	return s.releaseNow(ctx, number)
}

// releaseNumber is the number of the release of a request, or the next one.
func (s *Store) releaseNumber(ctx context.Context, asked string) (number int64, known bool, err error) {
	err = s.readDB.QueryRowContext(ctx, `SELECT number FROM release WHERE asked = $1`, asked).Scan(&number)
	if err == nil {
		return number, true, nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return 0, false, fmt.Errorf("look for a release: %w", err)
	}
	if err := s.readDB.QueryRowContext(ctx, `SELECT COALESCE(MAX(number), 0) + 1 FROM release`).Scan(&number); err != nil {
		return 0, false, fmt.Errorf("number a release: %w", err)
	}
	return number, false, nil
}

// releaseAudit is what the audit log keeps of a release: enough to tell later
// whether a file is it.
type releaseAudit struct {
	Number  int64             `json:"number"`
	Asked   board.Asked       `json:"asked"`
	Figures int               `json:"figures"`
	Hidden  int               `json:"hidden"`
	SHA256  map[string]string `json:"sha256"`
}

func (s *Store) addRelease(ctx context.Context, who board.Who, number int64, a board.Asked, text, version string, write func(board.Release, []board.Figure) ([]board.ReleaseFile, error)) error {
	r := board.Release{Number: number, MadeAt: s.now().UTC(), MadeBy: who.Name, Asked: a, Version: version}
	if who.ID == 0 {
		r.MadeBy = ""
	}
	var figures []board.Figure
	for _, by := range a.By {
		list, err := s.figures(ctx, by, a.From, a.To)
		if err != nil {
			return err
		}
		figures = append(figures, list...)
	}
	r.Figures = len(figures)
	for _, f := range figures {
		if f.State != board.FigureExact && f.State != board.FigureNone {
			r.Hidden++
		}
	}
	files, err := write(r, figures)
	if err != nil {
		return fmt.Errorf("write release %d: %w", number, err)
	}
	kept := releaseAudit{number, a, r.Figures, r.Hidden, map[string]string{}}
	for _, f := range files {
		kept.SHA256[f.Name] = f.SHA256
	}
	_, err = s.write(ctx, who.ID, func(tx *Tx) error {
		if _, err := tx.exec(`INSERT INTO release (number, at, person_id, asked, first, last, version, figures, hidden) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			number, micros(r.MadeAt), orNull(who.ID), text, int64(a.From), int64(a.To), version, r.Figures, r.Hidden); err != nil {
			return fmt.Errorf("keep release %d: %w", number, err)
		}
		for i, f := range files {
			if _, err := tx.exec(`INSERT INTO release_file (number, place, name, type, size, sha256, bytes) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
				number, i, f.Name, f.Type, f.Size, f.SHA256, f.Bytes); err != nil {
				return fmt.Errorf("keep %s of release %d: %w", f.Name, number, err)
			}
		}
		if err := tx.audit(act{kind: board.ReleaseMadeAct, after: kept}); err != nil {
			return err
		}
		_, err := tx.record(board.ReleaseMade, about{subject: number})
		return err
	})
	return err
}

const releaseColumns = `r.number, r.at, COALESCE(p.name, ''), r.asked, r.version, r.figures, r.hidden`

func scanRelease(row interface{ Scan(...any) error }) (r board.Release, err error) {
	var us int64
	var asked string
	if err = row.Scan(&r.Number, &us, &r.MadeBy, &asked, &r.Version, &r.Figures, &r.Hidden); err != nil {
		return r, err
	}
	r.MadeAt, r.Files = at(us), []board.ReleaseFile{}
	return r, json.Unmarshal([]byte(asked), &r.Asked)
}

// Releases lists every release, the latest first, without their files. Errors:
// forbidden for others than HR and the works council.
func (s *Store) Releases(ctx context.Context, who board.Who) ([]board.Release, error) {
	if err := releasesOnly(who); err != nil {
		return nil, err
	}
	rows, err := s.readDB.QueryContext(ctx, `SELECT `+releaseColumns+` FROM release r LEFT JOIN person p ON p.id = r.person_id ORDER BY r.number DESC`)
	if err != nil {
		return nil, fmt.Errorf("list releases: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (board.Release, error) { return scanRelease(rows) })
}

// Release reads one release and what its files are. Errors: forbidden, not_found.
func (s *Store) Release(ctx context.Context, who board.Who, number int64) (board.Release, error) {
	if err := releasesOnly(who); err != nil {
		return board.Release{}, err
	}
	return s.releaseNow(ctx, number)
}

func (s *Store) releaseNow(ctx context.Context, number int64) (board.Release, error) {
	r, err := scanRelease(s.readDB.QueryRowContext(ctx, `SELECT `+releaseColumns+` FROM release r LEFT JOIN person p ON p.id = r.person_id WHERE r.number = $1`, number))
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

// TakeRelease reads a file of a release, which is an act of its own in the audit
// log. Errors: forbidden, not_found.
func (s *Store) TakeRelease(ctx context.Context, who board.Who, number int64, name string) (f board.ReleaseFile, err error) {
	if err := releasesOnly(who); err != nil {
		return f, err
	}
	err = s.readDB.QueryRowContext(ctx, `SELECT name, type, size, sha256, bytes FROM release_file WHERE number = $1 AND name = $2`, number, name).
		Scan(&f.Name, &f.Type, &f.Size, &f.SHA256, &f.Bytes)
	if err != nil {
		return f, missingIfNone(err, "read %s of release %d", name, number)
	}
	return f, s.Exported(ctx, who, board.ReleaseTakenAct, Target{}, struct {
		Number int64  `json:"number"`
		File   string `json:"file"`
		SHA256 string `json:"sha256"`
	}{number, name, f.SHA256})
}

// InReleases is of how many releases somebody was part: those of months in which
// they were counted.
func (s *Store) InReleases(ctx context.Context, who board.Who) (n int, err error) {
	var first sql.NullInt64
	if err = s.readDB.QueryRowContext(ctx, `SELECT MIN(since) FROM place WHERE person_id = $1 AND counted = 1`, who.ID).Scan(&first); err != nil || !first.Valid {
		return 0, err
	}
	err = s.readDB.QueryRowContext(ctx, `SELECT COUNT(*) FROM release WHERE last >= $1`, int64(board.MonthOf(at(first.Int64).In(companyZone())))).Scan(&n)
	if err != nil {
		err = fmt.Errorf("count releases: %w", err)
	}
	return n, err
}

// ReleasePlan is what is released every month by itself; nil: nothing. Errors: forbidden.
func (s *Store) ReleasePlan(ctx context.Context, who board.Who) (*board.Asked, error) {
	if err := releasesOnly(who); err != nil {
		return nil, err
	}
	return s.releasePlan(ctx)
}

func (s *Store) releasePlan(ctx context.Context) (*board.Asked, error) {
	var text string
	err := s.readDB.QueryRowContext(ctx, `SELECT asked FROM release_plan`).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read what is released every month: %w", err)
	}
	a := &board.Asked{}
	return a, json.Unmarshal([]byte(text), a)
}

// PlanReleases has every month released when it is closed, as asked but for the
// months; nil ends that. Errors: forbidden for others than HR, invalid.
func (s *Store) PlanReleases(ctx context.Context, who board.Who, a *board.Asked) (int64, error) {
	if !who.Has(board.HR) {
		return 0, board.Fault(board.Forbidden, "Only HR makes releases.")
	}
	var text []byte
	if a != nil {
		if a.Lang == "" || checkLang(a.Lang) != nil {
			return 0, board.FieldFault("lang", "A language is named by its code, such as it or en, or left empty.")
		}
		a.From, a.To = 0, 0
		var err error
		if text, err = json.Marshal(a); err != nil {
			return 0, fmt.Errorf("write what is released every month: %w", err)
		}
	}
	return s.write(ctx, who.ID, func(tx *Tx) error {
		if _, err := tx.exec(`DELETE FROM release_plan`); err != nil {
			return fmt.Errorf("end monthly releases: %w", err)
		}
		if a != nil {
			if _, err := tx.exec(`INSERT INTO release_plan (id, asked) VALUES (1, $1)`, string(text)); err != nil {
				return fmt.Errorf("plan monthly releases: %w", err)
			}
		}
		if err := tx.audit(act{kind: board.ReleasesPlannedAct, after: a}); err != nil {
			return err
		}
		_, err := tx.record(board.ReleasesPlanned, about{})
		return err
	})
}

// MakePlanned makes the release of the last closed month if it is planned and not
// there. Called by the server after months were closed.
func (s *Store) MakePlanned(ctx context.Context, version string, write func(board.Release, []board.Figure) ([]board.ReleaseFile, error)) error {
	a, err := s.releasePlan(ctx)
	if err != nil || a == nil {
		return err
	}
	var last sql.NullInt64
	if err := s.readDB.QueryRowContext(ctx, `SELECT MAX(month) FROM month`).Scan(&last); err != nil || !last.Valid {
		return err
	}
	a.From, a.To = board.Month(last.Int64), board.Month(last.Int64)
	_, err = s.MakeRelease(ctx, board.Who{}, *a, version, write)
	return err
}

// ReleasedFigures are the figures of a release, as its file has them. Errors:
// forbidden, not_found.
func (s *Store) ReleasedFigures(ctx context.Context, who board.Who, number int64) ([]board.Figure, error) {
	if err := releasesOnly(who); err != nil {
		return nil, err
	}
	var text []byte
	if err := s.readDB.QueryRowContext(ctx, `SELECT bytes FROM release_file WHERE number = $1 AND name = 'figures.jsonl'`, number).Scan(&text); err != nil {
		return nil, missingIfNone(err, "read release %d", number)
	}
	var out []board.Figure
	for lines := json.NewDecoder(bytes.NewReader(text)); ; {
		var f board.Figure
		if err := lines.Decode(&f); errors.Is(err, io.EOF) {
			return out, nil
		} else if err != nil {
			return nil, fmt.Errorf("read release %d: %w", number, err)
		}
		out = append(out, f)
	}
}
