package store

import (
	"cmp"
	"context"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"convivio/store/board"
	"convivio/store/gate"
)

// line is one line of a breakdown: a unit, or several small or private ones.
type line struct {
	keys     []unitKey
	name     string
	id       int64
	others   int
	entitled int  // how many people there are, whether they are counted or not
	left     int  // of them those who left the figures
	inside   bool // readers of this line's figures may be among them
}

// lines are the lines of a breakdown, by name: the same for every measure.
func (q *closing) lines(by board.Dimension) []line {
	switch by {
	case board.ByTeam, board.BySite:
		return q.placeLines(by)
	case board.ByBoard:
		return q.boardLines()
	}
	return []line{{keys: []unitKey{{by: by}}, entitled: len(q.staff), left: len(q.left), inside: true}}
}

// placeLines are teams or sites; those with few people stand together. How many
// there are is known without any figure: that somebody left the figures does not
// change which lines there are.
func (q *closing) placeLines(by board.Dimension) []line {
	sizes, left, inside := map[unitKey]int{}, map[unitKey]int{}, map[unitKey]bool{}
	for person, p := range q.staff {
		k := unitIn(by, p)
		sizes[k]++
		inside[k] = inside[k] || q.readers[person]
		if _, counted := q.people[person]; !counted {
			left[k]++
		}
	}
	units, keys := make([]gate.Unit, 0, len(sizes)), make([]unitKey, 0, len(sizes))
	for k := range sizes {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b unitKey) int {
		return cmp.Or(cmp.Compare(q.nameOf(a), q.nameOf(b)), cmp.Compare(a.id, b.id))
	})
	for i, k := range keys {
		n := sizes[k]
		units = append(units, gate.Unit{ID: int64(i), Name: q.nameOf(k), Cell: gate.Cell{People: n, Of: n, Value: int64(n)}})
	}
	var out []line
	rest := line{}
	shown := map[int64]bool{}
	for _, r := range gate.RollUp(units, gate.Measure{}).Rows {
		if r.Others == 0 {
			shown[r.ID] = true
			k := keys[r.ID]
			out = append(out, line{keys: []unitKey{k}, name: r.Name, id: k.id, entitled: r.People, left: left[k], inside: inside[k]})
		}
	}
	for i, k := range keys {
		if !shown[int64(i)] {
			rest.keys, rest.others, rest.entitled = append(rest.keys, k), rest.others+1, rest.entitled+sizes[k]
			rest.left, rest.inside = rest.left+left[k], rest.inside || inside[k]
		}
	}
	if len(out) == 0 {
		return nil // the company alone: it stands in its own breakdown
	}
	if rest.others > 0 {
		out = append(out, rest)
	}
	return out
}

// boardLines are the open boards; private ones, whose names are not everybody's to
// know, stand together.
func (q *closing) boardLines() []line {
	var out []line
	rest, members := line{inside: true}, map[int64]bool{}
	for id, b := range q.boards {
		k := unitKey{by: board.ByBoard, id: id}
		if !b.private {
			out = append(out, line{keys: []unitKey{k}, name: b.name, id: id, entitled: len(q.staff), left: len(q.left), inside: true})
			continue
		}
		rest.keys, rest.others = append(rest.keys, k), rest.others+1
		for person := range b.members {
			if _, ok := q.staff[person]; ok {
				members[person] = true
			}
		}
	}
	slices.SortFunc(out, func(a, b line) int { return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.id, b.id)) })
	for person := range members {
		if _, counted := q.people[person]; !counted {
			rest.left++
		}
	}
	if rest.entitled = len(members); rest.others > 0 {
		out = append(out, rest)
	}
	return out
}

func (q *closing) nameOf(k unitKey) string {
	switch k.by {
	case board.ByTeam:
		return q.teams[k.id]
	case board.BySite:
		return k.site
	}
	return ""
}

// nameTeams reads what teams are called, and the secret of rounding.
func (q *closing) nameTeams(ctx context.Context) error {
	rows, err := q.tx.QueryContext(ctx, `SELECT id, name FROM team`)
	if err != nil {
		return fmt.Errorf("read the names of teams: %w", err)
	}
	defer rows.Close()
	q.teams = map[int64]string{}
	for rows.Next() {
		var id int64
		var name string
		if err := rows.Scan(&id, &name); err != nil {
			return fmt.Errorf("scan the names of teams: %w", err)
		}
		q.teams[id] = name
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read the names of teams: %w", err)
	}
	var secret string
	if err := q.tx.QueryRowContext(ctx, `SELECT value FROM meta WHERE name = 'figure_secret'`).Scan(&secret); err != nil {
		return fmt.Errorf("read the secret of figures: %w", err)
	}
	q.secret, err = hex.DecodeString(secret)
	if err != nil {
		return fmt.Errorf("read the secret of figures: %w", err)
	}
	return nil
}

// steady finds the units whose people may be compared with the month before's; nil
// where there is no month before.
func (q *closing) steady(ctx context.Context) (map[unitKey]bool, error) {
	before := *q
	before.month = q.month - 1
	before.begins, before.ends = before.month.Begins(q.begins.Location()), q.begins
	people, left, err := before.standing(ctx)
	if err != nil || len(people) == 0 {
		return nil, err
	}
	return sameUnits(everybody(people, left), everybody(q.people, q.left)), nil
}

// everybody is who counts and who left the figures: that somebody left them must
// not show in which months may be compared.
func everybody(people, left map[int64]standpoint) map[int64]standpoint {
	all := maps.Clone(people)
	maps.Copy(all, left)
	return all
}

// sameUnits are the units of which nobody, or enough people, joined and left.
func sameUnits(before, now map[int64]standpoint) map[unitKey]bool {
	was, is := unitSets(before), unitSets(now)
	out := map[unitKey]bool{}
	for k, now := range is {
		if then := was[k]; then != nil {
			out[k] = gate.Same(then, now, gate.Least)
		}
	}
	return out
}

func unitSets(people map[int64]standpoint) map[unitKey]gate.Group {
	out := map[unitKey]gate.Group{}
	for person, p := range people {
		for _, k := range unitsOf(p, 0) {
			if out[k] == nil {
				out[k] = gate.Group{}
			}
			out[k][person] = true
		}
	}
	return out
}
