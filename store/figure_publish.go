package store

import (
	"cmp"
	"context"
	"encoding/hex"
	"fmt"
	"slices"

	"convivio/store/board"
	"convivio/store/gate"
)

// steadyFrom is from how many people on a unit's figures of two months may be
// compared although fewer than five joined or left: what one of so many does
// cannot be told from what the others do otherwise than the month before.
const steadyFrom = 50

// line is one line of a breakdown: a unit, or several small or private ones.
type line struct {
	keys     []unitKey
	name     string
	id       int64
	others   int
	entitled int
}

// publish lets what was gathered through the gate. Nothing else of it is kept.
func (q *closing) publish(steady map[unitKey]bool) []board.Figure {
	var out []board.Figure
	for _, by := range board.Dimensions {
		lines := q.lines(by)
		for _, d := range board.Definitions {
			if slices.Contains(d.By, by) {
				out = append(out, q.column(d, by, lines, steady)...)
			}
		}
	}
	return out
}

// lines are the lines of a breakdown, by name: the same for every measure.
func (q *closing) lines(by board.Dimension) []line {
	switch by {
	case board.ByTeam, board.BySite:
		return q.placeLines(by)
	case board.ByBoard:
		return q.boardLines()
	}
	return []line{{keys: []unitKey{{by: by}}, entitled: len(q.people)}}
}

// placeLines are teams or sites; those with few people stand together.
func (q *closing) placeLines(by board.Dimension) []line {
	sizes := map[unitKey]int{}
	for _, p := range q.people {
		k := unitKey{by: by, id: p.team}
		if by == board.BySite {
			k = unitKey{by: by, site: p.site}
		}
		sizes[k]++
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
			out = append(out, line{keys: []unitKey{k}, name: r.Name, id: k.id, entitled: r.People})
		}
	}
	for i, k := range keys {
		if !shown[int64(i)] {
			rest.keys, rest.others, rest.entitled = append(rest.keys, k), rest.others+1, rest.entitled+sizes[k]
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
	rest, members := line{}, map[int64]bool{}
	for id, b := range q.boards {
		k := unitKey{by: board.ByBoard, id: id}
		if !b.private {
			out = append(out, line{keys: []unitKey{k}, name: b.name, id: id, entitled: len(q.people)})
			continue
		}
		rest.keys, rest.others = append(rest.keys, k), rest.others+1
		for person := range b.members {
			if _, ok := q.people[person]; ok {
				members[person] = true
			}
		}
	}
	slices.SortFunc(out, func(a, b line) int { return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.id, b.id)) })
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

// column is one measure over the lines of a breakdown.
func (q *closing) column(d board.Definition, by board.Dimension, lines []line, steady map[unitKey]bool) []board.Figure {
	m := measureOf(d)
	gathered, cells := make([]*pile, len(lines)), make([]gate.Cell, len(lines))
	for i, l := range lines {
		gathered[i] = q.gathered(d.Measure, l)
		cells[i] = q.cell(d, l, gathered[i])
	}
	states, ok := gate.Column(cells, m)
	if len(lines) == 1 { // a company, or a single board: no sum stands beside it
		states, ok = []gate.State{m.Alone(cells[0])}, true
	}
	var out []board.Figure
	for i, l := range lines {
		f := board.Figure{Month: q.month, Measure: d.Measure, By: by, Unit: l.name, UnitID: l.id, Others: l.others, State: board.FigureProtected}
		if ok {
			f.State, f.Value = q.value(d, l, gathered[i], cells[i], states[i])
		}
		f.Steady = l.others == 0 && (l.entitled >= steadyFrom && steady != nil || steady[l.keys[0]])
		out = append(out, f)
	}
	return out
}

// measureOf says what the gate must hold a measure to. How many people there are
// is no participation: everybody is one of them.
func measureOf(d board.Definition) gate.Measure {
	return gate.Measure{Participation: d.Measure == board.Contributors || d.Measure == board.Adoption || d.Measure == board.CommunityTies || d.Measure == board.Newcomers}
}

// gathered is the pile of a line: that of its unit, or of all its units together.
func (q *closing) gathered(m board.Measure, l line) *pile {
	if len(l.keys) == 1 {
		return cmp.Or(q.piles[m][l.keys[0]], &pile{})
	}
	all := &pile{parts: map[int64]int64{}}
	for _, k := range l.keys {
		x := q.piles[m][k]
		if x == nil {
			continue
		}
		for person, n := range x.parts {
			all.parts[person] += n
		}
		all.part, all.of, all.waits = all.part+x.part, all.of+x.of, append(all.waits, x.waits...)
	}
	return all
}

// cell is a line's cell for a measure, as the gate looks at it.
func (q *closing) cell(d board.Definition, l line, x *pile) gate.Cell {
	if d.Measure == board.Entitled {
		return gate.Cell{People: l.entitled, Of: l.entitled, Value: int64(l.entitled)}
	}
	c := x.cell(l.entitled, l.keys[0].by == board.ByBoard)
	if d.Form != board.FormCount { // how the company answers is nobody's part of it
		c.First, c.Second = 0, 0
	}
	if measureOf(d).Participation && x.of > 0 { // of others than all who could
		c.Of = max(int(x.of), c.People)
	}
	return c
}

// value is how a figure is shown: its state, and what stands there where it may.
func (q *closing) value(d board.Definition, l line, x *pile, c gate.Cell, s gate.State) (board.FigureState, float64) {
	switch s {
	case gate.Few:
		return board.FigureFew, 0
	case gate.NearlyAll:
		return board.FigureNearlyAll, 0
	case gate.Protected:
		return board.FigureProtected, 0
	}
	switch {
	case d.Measure == board.Reported && x.of == 0:
		return board.FigureNone, 0
	case d.Measure == board.Reported:
		return board.FigureExact, float64(1000*c.Value) / float64(x.of)
	case d.Form == board.FormCount:
		return board.FigureExact, float64(c.Value)
	case measureOf(d).Participation:
		return board.FigureExact, q.participation(d, l, c)
	case x.of == 0:
		return board.FigureNone, 0
	case d.Form == board.FormShare:
		return board.FigureExact, float64(x.part) / float64(x.of)
	}
	hours, ok := quantile(x.waits, map[board.Measure]float64{board.FirstMedian: .5, board.FirstMost: .9}[d.Measure])
	if !ok {
		return board.FigureNone, 0
	}
	return board.FigureExact, hours
}

// participation is the share of people; of a unit of the company from people
// rounded to five.
func (q *closing) participation(d board.Definition, l line, c gate.Cell) float64 {
	n := int64(c.People)
	if l.keys[0].by != board.ByCompany {
		n = gate.Round(n, q.secret, q.month.String(), fmt.Sprint(d.Measure, "|", l.keys[0].by, "|", l.name, "|", l.id, "|", l.others))
		n = min(max(n, gate.Least), int64(c.Of-gate.Least))
	}
	return float64(n) / float64(c.Of)
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
	people, err := before.standing(ctx)
	if err != nil || len(people) == 0 {
		return nil, err
	}
	was, is := unitSets(people), unitSets(q.people)
	out := map[unitKey]bool{}
	for k, now := range is {
		if then := was[k]; then != nil {
			out[k] = gate.Same(then, now, gate.Least)
		}
	}
	return out, nil
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
