package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"time"

	"convivio/store/board"
)

// stand is where somebody stood from a time on.
type stand struct {
	since    int64
	team     int64
	site     string
	employee bool
	counted  bool
}

// stands is where everybody stood, each from their beginning on. The follower keeps
// it in memory until somebody moves.
type stands map[int64][]stand

// broughtIn is who was imported and never signs in: the only ones whose words may be
// older than they are.
const broughtIn = `SELECT id FROM person WHERE email IS NULL`

// readStands reads where people stand. Those whose words were brought in are there
// from their first on.
func readStands(ctx context.Context, db reader) (stands, error) {
	rows, err := db.QueryContext(ctx, `SELECT person_id, since, COALESCE(team_id, 0), site, kind, counted FROM place ORDER BY person_id, since`)
	if err != nil {
		return nil, fmt.Errorf("read where people stand: %w", err)
	}
	out, sites := stands{}, map[string]string{}
	_, err = collect(rows, func(rows *sql.Rows) (person int64, err error) {
		var x stand
		var kind string
		var counted int64
		err = rows.Scan(&person, &x.since, &x.team, &x.site, &kind, &counted)
		if _, known := sites[x.site]; !known {
			sites[x.site] = x.site
		}
		x.site, x.employee, x.counted = sites[x.site], kind == string(board.Employee), counted == 1
		out[person] = append(out[person], x)
		return person, err
	})
	if err != nil {
		return nil, err
	}
	rows, err = db.QueryContext(ctx, `
		SELECT p.id, MIN(w.at) FROM person p JOIN (
			SELECT author_id AS id, MIN(created_at) AS at FROM idea WHERE author_id IN (`+broughtIn+`) GROUP BY author_id
			UNION ALL SELECT author_id, MIN(created_at) FROM comment WHERE author_id IN (`+broughtIn+`) GROUP BY author_id
			UNION ALL SELECT person_id, MIN(at) FROM vote WHERE person_id IN (`+broughtIn+`) GROUP BY person_id) w ON w.id = p.id
		GROUP BY p.id`)
	if err != nil {
		return nil, fmt.Errorf("read when people first wrote: %w", err)
	}
	_, err = collect(rows, func(rows *sql.Rows) (person int64, err error) {
		var first int64
		if err = rows.Scan(&person, &first); err == nil && len(out[person]) > 0 {
			out[person][0].since = min(out[person][0].since, first)
		}
		return person, err
	})
	return out, err
}

// at is where somebody stood at the end of a day, or of a month, and whether they are
// counted in that month: that is decided at its beginning, so that leaving the figures
// shows in none of them, or as they came. ok is false for who was not there yet.
func (s stands) at(person, month, ends int64) (x stand, ok bool) {
	counted := false
	for i, p := range s[person] {
		if p.since >= ends {
			break
		}
		if i == 0 || p.since < month {
			counted = p.counted
		}
		x, ok = p, true
	}
	x.counted = counted
	return x, ok
}

// counting is where somebody stood who counts.
func (s stands) counting(person, month, ends int64) (stand, bool) {
	x, ok := s.at(person, month, ends)
	return x, ok && x.counted && x.employee
}

// dayUnits is which teams and sites stand by themselves on a day.
type dayUnits struct {
	month, ends int64
	some        bool // there are enough people for any count
	apart       map[tallyUnit]bool
}

// on finds the units of a day. Those with fewer than five people stand together
// with those who have none; where these are fewer than five, the smallest units
// stand with them.
func (s stands) on(day int64) *dayUnits {
	begins := at(dayBegins(day)).In(board.Zone())
	u := &dayUnits{month: micros(time.Date(begins.Year(), begins.Month(), 1, 0, 0, 0, 0, begins.Location())), ends: dayBegins(day + 1), apart: map[tallyUnit]bool{}}
	people := 0
	sizes := map[board.Dimension]map[tallyUnit]int{board.ByTeam: {}, board.BySite: {}}
	for person := range s {
		if x, ok := s.counting(person, u.month, u.ends); ok {
			people++
			sizes[board.ByTeam][tallyUnit{board.ByTeam, x.team, ""}]++
			sizes[board.BySite][tallyUnit{board.BySite, 0, x.site}]++
		}
	}
	u.some = people >= board.LeastGroup
	for by, units := range sizes {
		list := slices.SortedFunc(maps.Keys(units), func(a, b tallyUnit) int {
			return cmp.Or(cmp.Compare(units[a], units[b]), cmp.Compare(a.id, b.id), cmp.Compare(a.unit, b.unit))
		})
		together := units[tallyUnit{by: by}]
		for _, k := range list {
			switch {
			case k == tallyUnit{by: by}:
			case units[k] < board.LeastGroup || together > 0 && together < board.LeastGroup:
				together += units[k]
			default:
				u.apart[k] = true
			}
		}
	}
	return u
}

// add counts an act of somebody for every unit it belongs to.
func (u *dayUnits) add(counts map[tallyKey]int64, k tallyKey, s stands, person, boardID int64) {
	x, ok := s.counting(person, u.month, u.ends)
	if !ok || !u.some {
		return
	}
	for _, unit := range []tallyUnit{{by: board.ByCompany}, {board.ByTeam, x.team, ""}, {board.BySite, 0, x.site}, {board.ByBoard, boardID, ""}} {
		if unit.by == board.ByTeam || unit.by == board.BySite {
			if !u.apart[unit] {
				unit = tallyUnit{by: unit.by}
			}
		}
		k.by, k.id, k.unit = unit.by, unit.id, unit.unit
		counts[k]++
	}
}
