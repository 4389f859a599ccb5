package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"convivio/store/board"
)

// The tally is how often what was done: ideas, comments, votes, by day and by one
// unit of one dimension. It follows the log: events say of which days the counts
// may have changed, and those days are counted anew from what stands. So a day that
// is counted twice is counted right, and a server that was killed leaves neither a
// gap nor a double; the position is written with the last of the counts.

const (
	tallyCursor = "tally"
	tallyDays   = 64   // days counted in one go
	tallyRows   = 2000 // rows of the tally that one note changes: verbs wait for it
	// The follower rests, and twenty times as long as it worked: what a day has is
	// counted from its beginning each time, and nobody looks at it by the second.
	tallyRest    = 5 * time.Second
	tallyRestMax = time.Minute
	// From how many events behind on everything is counted anew: cheaper than
	// looking at each.
	tallyFar   = 200_000
	tallyIdeas = 5000 // and so many ideas that moved
)

// reader is a database, or one view of it.
type reader interface {
	querier
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// RunTally follows the log and keeps the tally, until ctx ends. Trouble is logged
// and tried again.
func (s *Store) RunTally(ctx context.Context) error {
	for {
		began := time.Now()
		err := s.FollowTally(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil && !errors.Is(err, errReadOnly) {
			slog.Error("the tally of what was done could not be kept; trying again", "error", err)
		}
		select {
		case <-time.After(min(max(tallyRest, 20*time.Since(began)), tallyRestMax)):
		case <-ctx.Done():
			return nil
		}
		if err == nil {
			if _, err := s.Follow(ctx, s.tallied.head()); err != nil {
				return nil // only because ctx ended
			}
		}
	}
}

// TallySeq is the last event that is in the tally.
func (s *Store) TallySeq() int64 { return s.tallied.head() }

// FollowTally brings the tally up to where the log is.
func (s *Store) FollowTally(ctx context.Context) error {
	s.tallying.Lock()
	defer s.tallying.Unlock()
	head := s.Head()
	saved, err := tallySaved(ctx, s.readDB)
	if err != nil {
		return err
	}
	switch {
	case saved == head:
		s.tallied.advance(head, false, false)
		return nil
	case saved < 0 || saved > head || head-saved > tallyFar:
		_, err = s.settleTally(ctx, everyDay(), head)
		return err
	}
	days, err := s.changedDays(ctx, saved, head)
	if err == nil {
		_, err = s.settleTally(ctx, days, head)
	}
	return err
}

// tallySaved reads how far the tally came; -1: there is none.
func tallySaved(ctx context.Context, db reader) (seq int64, err error) {
	err = db.QueryRowContext(ctx, `SELECT seq FROM follower WHERE name = $1`, tallyCursor).Scan(&seq)
	if errors.Is(err, sql.ErrNoRows) {
		return -1, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read how far the tally came: %w", err)
	}
	return seq, nil
}

// Tally is what a rebuild counted.
type Tally struct {
	Days, Counts int
	Sum          string // SHA-256 of all counts, hex
}

// RebuildTally counts everything anew: what was counted by following is the same
// to the byte, or it was wrong.
func (s *Store) RebuildTally(ctx context.Context) (Tally, error) {
	s.tallying.Lock()
	defer s.tallying.Unlock()
	s.stood = nil
	days, err := s.settleTally(ctx, everyDay(), s.Head())
	if err != nil {
		return Tally{}, err
	}
	t := Tally{Days: days}
	t.Counts, t.Sum, err = tallySum(ctx, s.readDB)
	return t, err
}

// touched is which days may have other counts than the tally says.
type touched struct {
	days map[int64]bool
	from int64 // and every day from this one on
}

const noDay = int64(1) << 40

func everyDay() touched { return touched{from: -noDay} }

// tallyEvents are the kinds that change what stands on a day, or where people do.
const tallyEvents = `'idea.added', 'idea.deleted', 'idea.restored', 'idea.relocated', 'idea.merged', 'idea.unmerged', 'idea.absorbed', 'idea.released',
	'comment.added', 'comment.deleted', 'comment.restored', 'comment.split', 'vote.cast', 'vote.withdrawn',
	'board.changed', 'person.added', 'person.changed', 'team.added', 'team.changed', 'team.removed', 'log.loss_accepted'`

// changedDays reads from a stretch of the log which days it touches.
func (s *Store) changedDays(ctx context.Context, after, seq int64) (touched, error) {
	out := touched{days: map[int64]bool{}, from: noDay}
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT l.kind, l.at, COALESCE(l.board_id, 0), COALESCE(l.idea_id, 0), COALESCE(l.subject_id, 0), COALESCE(i.created_at, 0), COALESCE(c.created_at, 0)
		FROM log l LEFT JOIN idea i ON i.id = l.idea_id LEFT JOIN comment c ON c.id = l.comment_id
		WHERE l.seq > $1 AND l.seq <= $2 AND l.kind IN (`+tallyEvents+`)`, after, seq)
	if err != nil {
		return out, fmt.Errorf("read what the tally follows: %w", err)
	}
	defer rows.Close()
	var e struct {
		kind                                      board.EventKind
		at, board, idea, subject, posted, written int64
	}
	ideas, boards := map[int64]bool{}, map[int64]bool{}
	today := companyDay(micros(s.now()))
	for rows.Next() {
		if err := rows.Scan(&e.kind, &e.at, &e.board, &e.idea, &e.subject, &e.posted, &e.written); err != nil {
			return out, fmt.Errorf("scan what the tally follows: %w", err)
		}
		switch e.kind {
		case board.IdeaAdded:
			out.told(e.posted, today)
		case board.CommentAdded:
			out.told(e.written, today)
		case board.CommentDeleted, board.CommentRestored:
			out.days[companyDay(e.written)] = true
		case board.VoteCast:
			out.told(e.at, today)
		case board.VoteWithdrawn:
			out.days[e.subject] = true // the day that it was given on
		case board.BoardChanged:
			boards[e.board] = true
		case board.LossAccepted:
			out.from = -noDay
		case board.PersonAdded, board.PersonChanged, board.TeamAdded, board.TeamChanged, board.TeamRemoved:
			s.stood = nil
			out.told(e.at, today)
		default:
			ideas[e.idea], ideas[e.subject] = true, true
		}
	}
	if err := rows.Err(); err != nil {
		return out, fmt.Errorf("read what the tally follows: %w", err)
	}
	if out.from != noDay {
		s.stood = nil // whose words were brought in is there from their first on
	}
	return s.daysOf(ctx, out, ideas, boards)
}

// told takes in the day of something new. Where that day is over, it may be history
// that was brought in, by people who are there from their first words on: then there
// may be more people on every day since.
func (c *touched) told(us, today int64) {
	if day := companyDay(us); day < today {
		c.from = min(c.from, day)
	} else {
		c.days[day] = true
	}
}

// daysOf takes in every day on which something was done about ideas, about those
// merged into them, and on boards.
func (s *Store) daysOf(ctx context.Context, c touched, ideas, boards map[int64]bool) (touched, error) {
	list, on := slices.Sorted(maps.Keys(ideas)), slices.Sorted(maps.Keys(boards))
	switch n := len(list) + len(on); {
	case n == 0:
		return c, nil
	case n > tallyIdeas:
		return everyDay(), nil
	}
	list, on = append(list, 0), append(on, 0) // no idea and no board
	marks, args := inList(list, 1)
	more, others := inList(on, len(args)+1)
	// #nosec G202 -- placeholders alone are put together
	rows, err := s.readDB.QueryContext(ctx, `
		WITH k (id) AS (SELECT id FROM idea WHERE id IN (`+marks+`) UNION SELECT id FROM idea WHERE merged_into IN (`+marks+`) UNION SELECT id FROM idea WHERE board_id IN (`+more+`))
		SELECT i.created_at FROM k JOIN idea i ON i.id = k.id
		UNION SELECT c.created_at FROM k JOIN comment c ON c.idea_id = k.id
		UNION SELECT v.at FROM k JOIN vote v ON v.idea_id = k.id`, append(args, others...)...)
	if err != nil {
		return c, fmt.Errorf("look when something was done about ideas: %w", err)
	}
	_, err = collect(rows, func(rows *sql.Rows) (us int64, err error) {
		err = rows.Scan(&us)
		c.days[companyDay(us)] = true
		return us, err
	})
	return c, err
}

// companyDay is the day of the company's clock that a time falls on, since 1970.
func companyDay(us int64) int64 {
	y, m, d := at(us).In(board.Zone()).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400
}

// dayBegins is when a day of the company's clock begins.
func dayBegins(day int64) int64 {
	return micros(time.Date(1970, 1, 1+int(day), 0, 0, 0, 0, board.Zone()))
}

// tallyKey is a row of the tally without its count.
type tallyKey struct {
	day  int64
	by   board.Dimension
	id   int64
	unit string
	act  string
}

func (k tallyKey) compare(o tallyKey) int {
	return cmp.Or(cmp.Compare(k.day, o.day), cmp.Compare(k.by, o.by), cmp.Compare(k.id, o.id), cmp.Compare(k.unit, o.unit), cmp.Compare(k.act, o.act))
}
