package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"convivio/store/board"
)

// Breadth is counted once a day, for ideas whose votes changed, and told anew only
// where there are at least board.GroupFloor people more, or fewer, than when it was
// told last: watching it as one vote comes in tells nothing about who cast it, and
// giving and taking back one's own vote changes nothing. That so many more or fewer
// voted everybody sees anyway. See docs/privacy.md.

const (
	breadthLook  = time.Minute // how often it is looked whether a day is over
	breadthBatch = 200         // ideas counted at once
)

// RunBreadth counts once a day, until ctx ends. Trouble is logged and tried again.
func (s *Store) RunBreadth(ctx context.Context) error {
	for {
		if err := s.CountBreadth(ctx); err != nil && ctx.Err() == nil && !errors.Is(err, errReadOnly) {
			slog.Error("how widely ideas are supported could not be counted; trying again", "error", err)
		}
		select {
		case <-time.After(breadthLook):
		case <-ctx.Done():
			return nil
		}
	}
}

// dayNumber numbers the days of the server's time zone.
func dayNumber(t time.Time) int64 {
	y, m, d := t.Local().Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400
}

// CountBreadth counts, if that was not done today, what changed since it was done last.
func (s *Store) CountBreadth(ctx context.Context) error {
	var last, seq int64
	if err := s.readDB.QueryRowContext(ctx, `
		SELECT COALESCE(MAX(CASE name WHEN 'breadth.day' THEN seq END), 0), COALESCE(MAX(CASE name WHEN 'breadth' THEN seq END), 0)
		FROM follower WHERE name IN ('breadth', 'breadth.day')`).Scan(&last, &seq); err != nil {
		return fmt.Errorf("read when breadth was counted: %w", err)
	}
	now, head := s.now(), s.Head()
	if dayNumber(now) <= last {
		return nil
	}
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT DISTINCT l.idea_id FROM log l JOIN idea i ON i.id = l.idea_id AND i.deleted_at IS NULL
		WHERE l.seq > $1 AND l.seq <= $2 AND l.kind IN ('vote.cast', 'vote.withdrawn', 'idea.absorbed', 'idea.released', 'idea.unmerged', 'idea.staged')`, min(seq, head), head)
	if err != nil {
		return fmt.Errorf("look whose votes changed: %w", err)
	}
	ideas, err := collect(rows, scanID)
	if err != nil {
		return err
	}
	if len(ideas) > 0 {
		crowds, err := s.crowds(ctx)
		if err != nil {
			return err
		}
		for some := range slices.Chunk(ideas, breadthBatch) {
			if err := s.countBreadth(ctx, some, crowds, now); err != nil {
				return err
			}
		}
	}
	const keep = `INSERT INTO follower (name, seq) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET seq = excluded.seq`
	return s.note(ctx, statement{keep, []any{"breadth", head}}, statement{keep, []any{"breadth.day", dayNumber(now)}})
}

// crowd is who sees a board: how many of each team and site, and how many guests.
type crowd struct {
	teams, sites map[string]int
	guests       int
}

func newCrowd() *crowd { return &crowd{teams: map[string]int{}, sites: map[string]int{}} }

func (c *crowd) add(kind board.Kind, team, site string, n int) {
	if kind != board.Employee {
		c.guests += n
		return
	}
	if team != "0" {
		c.teams[team] += n
	}
	if site != "" {
		c.sites[site] += n
	}
}

// crowds counts who sees each board; 0 is who sees every open one.
func (s *Store) crowds(ctx context.Context) (map[int64]*crowd, error) {
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT 0, p.kind, COALESCE(p.team_id, 0), p.site, COUNT(*) FROM person p
		WHERE p.kind = 'employee' AND p.email IS NOT NULL AND p.disabled_at IS NULL GROUP BY p.team_id, p.site
		UNION ALL
		SELECT m.board_id, p.kind, COALESCE(p.team_id, 0), p.site, COUNT(*) FROM member m JOIN person p ON p.id = m.person_id
		WHERE p.email IS NOT NULL AND p.disabled_at IS NULL GROUP BY m.board_id, p.kind, p.team_id, p.site`)
	if err != nil {
		return nil, fmt.Errorf("count who sees boards: %w", err)
	}
	out := map[int64]*crowd{0: newCrowd()}
	_, err = collect(rows, func(rows *sql.Rows) (n int, err error) {
		var boardID int64
		var kind board.Kind
		var team, site string
		if err = rows.Scan(&boardID, &kind, &team, &site, &n); err != nil {
			return n, err
		}
		if out[boardID] == nil {
			out[boardID] = newCrowd()
		}
		out[boardID].add(kind, team, site, n)
		return n, nil
	})
	return out, err
}

// supported is what is counted of an idea.
type supported struct {
	id, board    int64
	open         bool
	was          *board.Breadth
	people       int
	guests       int
	teams, sites map[string]int
	told         string
}

// countBreadth counts some ideas and keeps what may be told.
func (s *Store) countBreadth(ctx context.Context, ideas []int64, crowds map[int64]*crowd, now time.Time) error {
	list, err := s.supporters(ctx, ideas)
	if err != nil {
		return err
	}
	var told []statement
	for _, x := range list {
		if !x.tellsAnew() {
			continue
		}
		b := x.breadth(crowds, now)
		at := micros(now)
		if b == nil {
			at = 0
		}
		told = append(told, statement{`UPDATE idea SET breadth = $1, breadth_at = $2, breadth_told = $3 WHERE id = $4`,
			[]any{b.Score(), at, breadthText(b), x.id}})
	}
	if len(told) == 0 {
		return nil
	}
	_, err = s.write(ctx, 0, func(tx *Tx) error {
		for _, st := range told {
			if _, err := tx.exec(st.sql, st.args...); err != nil {
				return fmt.Errorf("keep how widely an idea is supported: %w", err)
			}
		}
		_, err := tx.record(board.BreadthCounted, about{})
		return err
	})
	return err
}

// supporters counts the votes for ideas by team and site. Votes of
// people who left count, but for no team or site.
func (s *Store) supporters(ctx context.Context, ideas []int64) ([]*supported, error) {
	marks, args := inList(ideas, 1)
	// #nosec G202 -- placeholders alone are put together
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT i.id, i.board_id, b.visibility = 'open', i.breadth_at, i.breadth_told, p.kind,
			CASE WHEN `+mayRead+` AND p.email IS NOT NULL AND p.disabled_at IS NULL THEN COALESCE(p.team_id, 0) ELSE 0 END AS team,
			CASE WHEN `+mayRead+` AND p.email IS NOT NULL AND p.disabled_at IS NULL THEN p.site ELSE '' END AS place,
			COUNT(v.person_id)
		FROM idea i JOIN board b ON b.id = i.board_id
		LEFT JOIN vote v ON v.idea_id = i.id
		LEFT JOIN person p ON p.id = v.person_id
		WHERE i.id IN (`+marks+`)
		GROUP BY i.id, p.kind, team, place`, args...)
	if err != nil {
		return nil, fmt.Errorf("count who supports ideas: %w", err)
	}
	of := map[int64]*supported{}
	var list []*supported
	_, err = collect(rows, func(rows *sql.Rows) (n int, err error) {
		var x supported
		var counted int64
		var kind, team, site sql.NullString
		if err = rows.Scan(&x.id, &x.board, &x.open, &counted, &x.told, &kind, &team, &site, &n); err != nil {
			return n, err
		}
		one := of[x.id]
		if one == nil {
			x.was, x.teams, x.sites = breadthOf(x.told, counted), map[string]int{}, map[string]int{}
			one = &x
			of[x.id], list = one, append(list, one)
		}
		one.people += n
		if board.Kind(kind.String) == board.Guest {
			one.guests += n
			return n, nil
		}
		one.teams[team.String] += n
		one.sites[site.String] += n
		return n, nil
	})
	return list, err
}

// tellsAnew tells whether enough changed since it was told last.
func (x *supported) tellsAnew() bool {
	was := 0
	if x.was != nil {
		was = x.was.People
	}
	return max(x.people-was, was-x.people) >= board.GroupFloor
}

// breadth is what may be told of the support of an idea; nil: nothing.
func (x *supported) breadth(crowds map[int64]*crowd, now time.Time) *board.Breadth {
	if x.people < board.GroupFloor {
		return nil
	}
	members := crowds[x.board]
	if members == nil {
		members = newCrowd()
	}
	there := members
	if x.open {
		there = crowds[0]
	}
	b := &board.Breadth{People: x.people, Guests: board.GuestsShown(x.guests, members.guests), At: now}
	teams, sites := board.Spreads(b.People-b.Guests, groups(there.teams, x.teams), groups(there.sites, x.sites))
	b.Teams, b.OfTeams, b.Sites, b.OfSites = teams.From, teams.Of, sites.From, sites.Of
	return b
}

// groups puts together how many there are of each group and how many of them voted.
func groups(there, voted map[string]int) []board.Group {
	out := make([]board.Group, 0, len(there))
	for name, n := range there {
		out = append(out, board.Group{Size: n, Voted: min(n, voted[name])})
	}
	return out
}

// breadthText is how a row keeps what is told; breadthOf reads it.
func breadthText(b *board.Breadth) string {
	if b == nil {
		return ""
	}
	return fmt.Sprint(b.People, b.Guests, b.Teams, b.OfTeams, b.Sites, b.OfSites)
}

func breadthOf(text string, counted int64) *board.Breadth {
	if text == "" {
		return nil
	}
	b := board.Breadth{At: at(counted)}
	if n, err := fmt.Sscan(text, &b.People, &b.Guests, &b.Teams, &b.OfTeams, &b.Sites, &b.OfSites); err != nil || n != 6 {
		return nil
	}
	return &b
}

// breadthFaults looks whether what is told of ideas is what may be, and in its place
// among others.
func (s *Store) breadthFaults(ctx context.Context) (faults []string, err error) {
	rows, err := s.readDB.QueryContext(ctx, `SELECT id, breadth, breadth_at, breadth_told FROM idea WHERE breadth <> 0 OR breadth_told <> ''`)
	if err != nil {
		return nil, fmt.Errorf("read breadths: %w", err)
	}
	_, err = collect(rows, func(rows *sql.Rows) (id int64, err error) {
		var score, counted int64
		var text string
		if err = rows.Scan(&id, &score, &counted, &text); err != nil {
			return id, err
		}
		if b := breadthOf(text, counted); b == nil || b.People < board.GroupFloor || b.Score() != score || b.Teams > b.OfTeams || b.Sites > b.OfSites {
			faults = append(faults, fmt.Sprintf("idea %d tells %q of its support, and sorts by %d", id, text, score))
		}
		return id, nil
	})
	return faults, err
}
