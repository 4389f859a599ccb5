package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"sync"
	"time"

	"convivio/store/board"
)

const (
	// maxBegun is how often a release is begun: one that breaks the server off that
	// often would do so for ever.
	maxBegun = 5
	// releaseAgain is when it is tried again to make what could not be kept.
	releaseAgain = time.Minute
)

// releaseWork is how far the release is that is being made.
type releaseWork struct {
	mu       sync.Mutex
	number   int64 // 0: none
	done, of int64 // figures written and to be written
	changed  chan struct{}
	asked    chan struct{}
}

func newReleaseWork() *releaseWork {
	return &releaseWork{changed: make(chan struct{}), asked: make(chan struct{}, 1)}
}

// wake says that something is ordered.
func (w *releaseWork) wake() {
	select {
	case w.asked <- struct{}{}:
	default:
	}
}

// now is the number of the release that is being made, and how much of it is.
func (w *releaseWork) now() (number int64, percent int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.of > 0 {
		percent = int(min(99, w.done*100/w.of))
	}
	return w.number, percent
}

// begin and end tell who waits; step counts what is done.
func (w *releaseWork) begin(number, of int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.number, w.done, w.of = number, 0, of
	close(w.changed)
	w.changed = make(chan struct{})
}

func (w *releaseWork) end() { w.begin(0, 0) }

func (w *releaseWork) step(n int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.done += n
}

// changes ends when a release begins or ends.
func (w *releaseWork) changes() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.changed
}

// RunReleases makes what is ordered, one release at a time in the order of their
// numbers, until ctx ends. What an earlier server did not finish is begun anew.
func (s *Store) RunReleases(ctx context.Context, version string, write board.ReleaseMaker) error {
	again := time.NewTicker(releaseAgain)
	defer again.Stop()
	for {
		err := s.MakeReleases(ctx, version, write)
		if err != nil && ctx.Err() == nil && !errors.Is(err, errReadOnly) {
			slog.Error("a release could not be made", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-s.releasing.asked:
		case <-again.C:
		}
	}
}

// MakeReleases makes what is ordered now. One caller at a time: RunReleases, where a
// server runs.
func (s *Store) MakeReleases(ctx context.Context, version string, write board.ReleaseMaker) error {
	for {
		if made, err := s.makeNext(ctx, version, write); !made || err != nil {
			return err
		}
	}
}

// releaseOrder is a release to be made.
type releaseOrder struct {
	number, person int64
	name, asked    string
	begun          int
}

// makeNext makes the release with the lowest number that waits; false: none does.
func (s *Store) makeNext(ctx context.Context, version string, write board.ReleaseMaker) (bool, error) {
	var o releaseOrder
	err := s.readDB.QueryRowContext(ctx, `
		SELECT o.number, COALESCE(o.person_id, 0), COALESCE(p.name, ''), o.asked, o.begun FROM release_order o LEFT JOIN person p ON p.id = o.person_id
		WHERE o.reason = '' ORDER BY o.number LIMIT 1`).Scan(&o.number, &o.person, &o.name, &o.asked, &o.begun)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look which release to make: %w", err)
	}
	if err := s.beginRelease(ctx, o.number); err != nil {
		return false, err
	}
	defer s.releasing.end()
	if o.begun >= maxBegun {
		err = fmt.Errorf("release %d was broken off %d times", o.number, o.begun)
	} else {
		err = s.makeRelease(ctx, o, version, write)
	}
	var saved *board.Error // such as: nothing can be written just now
	switch {
	case err == nil:
		return true, nil
	case ctx.Err() != nil || errors.As(err, &saved): // it waits, as if it had not been begun
		return false, errors.Join(err, s.note(context.WithoutCancel(ctx), statement{`UPDATE release_order SET begun = begun - 1 WHERE number = $1`, []any{o.number}}))
	}
	slog.Error("a release could not be made", "number", o.number, "error", err)
	return true, s.failRelease(ctx, o, board.Fault(board.Invalid, "Something went wrong while it was made. Ask for it again, or tell an administrator: the server's log says more."))
}

// beginRelease counts that a release is begun, and takes away what an earlier try left.
func (s *Store) beginRelease(ctx context.Context, number int64) error {
	return s.note(ctx,
		statement{`UPDATE release_order SET begun = begun + 1 WHERE number = $1`, []any{number}},
		statement{`DELETE FROM release_piece WHERE number = $1`, []any{number}})
}

// failRelease keeps why a release could not be made.
func (s *Store) failRelease(ctx context.Context, o releaseOrder, why *board.Error) error {
	return s.noteAs(ctx, o.person, func(tx *Tx) error {
		if _, err := tx.exec(`UPDATE release_order SET reason = $1 WHERE number = $2`, why.Format, o.number); err != nil {
			return fmt.Errorf("keep why release %d failed: %w", o.number, err)
		}
		if _, err := tx.exec(`DELETE FROM release_piece WHERE number = $1`, o.number); err != nil {
			return fmt.Errorf("take away what there is of release %d: %w", o.number, err)
		}
		var a board.Asked
		if err := json.Unmarshal([]byte(o.asked), &a); err != nil {
			return fmt.Errorf("read what release %d is of: %w", o.number, err)
		}
		return tx.audit(act{kind: board.ReleaseMadeAct, outcome: board.ActFailed, after: releaseAsk{o.number, a}})
	})
}

// releaseAudit is what the audit log keeps of a release: enough to tell later
// whether a file is it.
type releaseAudit struct {
	Number int64                     `json:"number"`
	Asked  board.Asked               `json:"asked"`
	Least  int                       `json:"least_group"`
	Rows   int                       `json:"rows"`
	States map[board.FigureState]int `json:"states"` // how many figures are shown how
	SHA256 map[string]string         `json:"sha256"`
}

// makeRelease makes one, from figures that do not change any more.
func (s *Store) makeRelease(ctx context.Context, o releaseOrder, version string, write board.ReleaseMaker) error {
	r := board.Release{Number: o.number, State: board.ReleaseReady, Percent: 100, MadeAt: s.now().UTC().Truncate(time.Second), MadeBy: o.name, Version: version}
	if err := json.Unmarshal([]byte(o.asked), &r.Asked); err != nil {
		return fmt.Errorf("read what release %d is of: %w", o.number, err)
	}
	kept := releaseAudit{o.number, r.Asked, board.LeastGroup, 0, map[board.FigureState]int{}, map[string]string{}}
	for f, err := range s.figuresOf(ctx, r.Asked) {
		if err != nil {
			return err
		}
		kept.Rows++
		kept.States[f.State]++
	}
	r.Figures, r.Hidden = kept.Rows, kept.Rows-kept.States[board.FigureExact]-kept.States[board.FigureNone]
	sink := &releaseSink{ctx: ctx, store: s, number: o.number}
	s.releasing.begin(o.number, int64(3*kept.Rows)) // three files hold every figure
	if err := write(r, s.counted(s.figuresOf(ctx, r.Asked)), sink); err != nil {
		return fmt.Errorf("write release %d: %w", o.number, err)
	}
	files, err := sink.Made()
	if err != nil {
		return err
	}
	for _, f := range files {
		kept.SHA256[f.Name] = f.SHA256
	}
	_, err = s.write(ctx, o.person, func(tx *Tx) error { return tx.keepRelease(o, r, files, kept) })
	return err
}

// counted is what is read, with how far it is.
func (s *Store) counted(figures iter.Seq2[board.Figure, error]) iter.Seq2[board.Figure, error] {
	const often = 100
	return func(yield func(board.Figure, error) bool) {
		n := 0
		for f, err := range figures {
			if n++; n%often == 0 {
				s.releasing.step(often)
			}
			if !yield(f, err) {
				return
			}
		}
	}
}

// keepRelease makes a release be there: with it the hashes of its files go into the
// audit log.
func (tx *Tx) keepRelease(o releaseOrder, r board.Release, files []board.ReleaseFile, kept releaseAudit) error {
	if _, err := tx.exec(`INSERT INTO release (number, at, person_id, asked, first, last, version, figures, hidden) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		r.Number, micros(r.MadeAt), orNull(o.person), o.asked, int64(r.Asked.From), int64(r.Asked.To), r.Version, r.Figures, r.Hidden); err != nil {
		return fmt.Errorf("keep release %d: %w", r.Number, err)
	}
	for i, f := range files {
		if _, err := tx.exec(`INSERT INTO release_file (number, place, name, type, size, sha256) VALUES ($1, $2, $3, $4, $5, $6)`,
			r.Number, i, f.Name, f.Type, f.Size, f.SHA256); err != nil {
			return fmt.Errorf("keep %s of release %d: %w", f.Name, r.Number, err)
		}
	}
	if _, err := tx.exec(`DELETE FROM release_order WHERE number = $1`, r.Number); err != nil {
		return fmt.Errorf("end the order of release %d: %w", r.Number, err)
	}
	if err := tx.audit(act{kind: board.ReleaseMadeAct, after: kept}); err != nil {
		return err
	}
	if _, err := tx.record(board.ReleaseMade, about{subject: r.Number}); err != nil || o.person != 0 {
		return err
	}
	return tx.tellReleased()
}

// figuresOf reads the figures of a release, as they came through the gate when
// their months were closed: by dimension, month and unit, in the order of names.
func (s *Store) figuresOf(ctx context.Context, a board.Asked) iter.Seq2[board.Figure, error] {
	return func(yield func(board.Figure, error) bool) {
		for _, by := range a.By {
			rows, err := s.readDB.QueryContext(ctx, `
				SELECT month, measure, dimension, unit, unit_id, others, state, value, steady FROM figure
				WHERE month >= $1 AND month <= $2 AND dimension = $3 ORDER BY month, others > 0, unit, unit_id, others, measure`, int64(a.From), int64(a.To), string(by))
			if err != nil {
				yield(board.Figure{}, fmt.Errorf("read figures: %w", err))
				return
			}
			for f, err := range oneByOne(rows, scanFigure) {
				if !yield(f, err) || err != nil {
					return
				}
			}
		}
	}
}

// oneByOne hands out rows one by one, and closes them.
func oneByOne[T any](rows *sql.Rows, scan func(*sql.Rows) (T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		defer rows.Close()
		for rows.Next() {
			if v, err := scan(rows); !yield(v, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			var none T
			yield(none, err)
		}
	}
}
