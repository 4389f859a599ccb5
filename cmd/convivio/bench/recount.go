package bench

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"convivio/store/board"
)

// Recount works out the figures of a month by other means than the store: it reads
// whole tables and goes through their rows one after the other. The two are held
// against each other over companies that are made up, and over imported ones.

// Recounted is what a figure is made of.
type Recounted struct {
	Part, Of float64
	People   map[int64]bool
	waits    []waited
}

type waited struct {
	hours float64
	over  bool
}

// Unit is the company, or a team, site or board.
type Unit struct {
	By   board.Dimension
	ID   int64
	Name string // of a site
}

// recount is the rows of a company, and a month of it.
type recount struct {
	month        board.Month
	zone         *time.Location
	begins, ends int64
	tables       map[string][]row
	idea         map[int64]row
	comment      map[int64]row
	person       map[int64]row // where they stood at the end of the month
	left         map[int64]row // the same of who left the figures
	first        map[int64]int64
	private      map[int64]bool    // boards, which are in no sum
	member       map[[2]int64]bool // of a board, a person
	out          map[board.Measure]map[Unit]*Recounted
}

// row is a row of a table, by the names of its columns.
type row map[string]any

func (r row) n(name string) int64 { n, _ := r[name].(int64); return n }
func (r row) s(name string) string {
	switch x := r[name].(type) {
	case string:
		return x
	case []byte:
		return string(x)
	}
	return ""
}

// recountTables are what is read, all columns but the long texts.
var recountTables = map[string]string{
	"idea":    `SELECT id, board_id, author_id, stage, created_at, deleted_at FROM idea`,
	"comment": `SELECT id, idea_id, parent_id, author_id, created_at, deleted_at, label FROM comment`,
	"vote":    `SELECT idea_id, person_id, at, via FROM vote`,
	"answer":  `SELECT id, idea_id, created_at, by_owner FROM answer`,
	"cite":    `SELECT answer_id FROM answer_cite`,
	"change":  `SELECT idea_id, from_stage, to_stage, at, measured FROM stage_change ORDER BY id`,
	"promise": `SELECT idea_id, due, ended, ended_on FROM promise`,
	"place":   `SELECT person_id, since, kind, team_id, site, counted FROM place ORDER BY person_id, since`,
	"board":   `SELECT id, visibility, answer_time, answer_unit, calendar, clock_from, created_at FROM board`,
	"member":  `SELECT board_id, person_id FROM member`,
	"report":  `SELECT person_id, idea_id, at FROM report`,
}

// Recount reads a database and counts a month.
func Recount(ctx context.Context, db *sql.DB, month board.Month) (map[board.Measure]map[Unit]*Recounted, error) {
	zone := board.Zone()
	c := &recount{month: month, zone: zone, begins: month.Begins(zone).UnixMicro(), ends: (month + 1).Begins(zone).UnixMicro(),
		tables: map[string][]row{}, idea: map[int64]row{}, comment: map[int64]row{}, person: map[int64]row{}, left: map[int64]row{}, first: map[int64]int64{}, private: map[int64]bool{}, member: map[[2]int64]bool{}, out: map[board.Measure]map[Unit]*Recounted{}}
	for name, query := range recountTables {
		var err error
		if c.tables[name], err = readRows(ctx, db, query); err != nil {
			return nil, err
		}
	}
	for _, b := range c.tables["board"] {
		c.private[b.n("id")] = b.s("visibility") != "open"
	}
	for _, m := range c.tables["member"] {
		c.member[[2]int64{m.n("board_id"), m.n("person_id")}] = true
	}
	for _, i := range c.tables["idea"] {
		c.idea[i.n("id")] = i
		c.began(i.n("author_id"), i.n("created_at"))
	}
	for _, m := range c.tables["comment"] {
		c.comment[m.n("id")] = m
		c.began(m.n("author_id"), m.n("created_at"))
	}
	for _, v := range c.tables["vote"] {
		c.began(v.n("person_id"), v.n("at"))
	}
	c.places()
	c.acts()
	c.people()
	c.breadths()
	c.answers()
	c.leads()
	c.whole()
	return c.out, c.ideas()
}

// whole takes away what is about twelve months while there are fewer.
func (c *recount) whole() {
	first := c.ends
	for _, at := range c.first {
		first = min(first, at)
	}
	if board.MonthOf(time.UnixMicro(first).In(c.zone))+11 > c.month {
		delete(c.out, board.CommunityTies)
		delete(c.out, board.PlannedDone)
	}
}

func readRows(ctx context.Context, db *sql.DB, query string) ([]row, error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", query, err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return nil, fmt.Errorf("read columns: %w", err)
	}
	var out []row
	for rows.Next() {
		values, to := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			to[i] = &values[i]
		}
		if err := rows.Scan(to...); err != nil {
			return nil, fmt.Errorf("scan: %w", err)
		}
		r := row{}
		for i, name := range names {
			r[name] = values[i]
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

func (c *recount) began(person, at int64) {
	if was, ok := c.first[person]; !ok || at < was {
		c.first[person] = at
	}
}

// places finds who counts in the month, and where they stood at its end.
func (c *recount) places() {
	counted := map[int64]bool{}
	seen := map[int64]bool{}
	for _, p := range c.tables["place"] {
		id, since := p.n("person_id"), p.n("since")
		fresh := !seen[id]
		seen[id] = true
		if f, ok := c.first[id]; fresh && ok && f < since {
			since = f
		}
		if since >= c.ends {
			continue
		}
		c.person[id] = p
		if fresh || since < c.begins {
			counted[id] = p.n("counted") == 1
		}
	}
	for id, p := range c.person {
		if !counted[id] && p.s("kind") == "employee" {
			c.left[id] = p
		}
		if !counted[id] || p.s("kind") != "employee" {
			delete(c.person, id)
		}
	}
}

func (c *recount) at(m board.Measure, u Unit) *Recounted {
	if c.out[m] == nil {
		c.out[m] = map[Unit]*Recounted{}
	}
	if c.out[m][u] == nil {
		c.out[m][u] = &Recounted{People: map[int64]bool{}}
	}
	return c.out[m][u]
}

func (c *recount) within(at int64) bool { return at >= c.begins && at < c.ends }

// stands tells whether an idea was not deleted.
func (c *recount) stands(idea int64) bool { return c.idea[idea]["deleted_at"] == nil }

// said tells whether a comment is somebody's words that stand.
func (c *recount) said(m row) bool {
	return m["deleted_at"] == nil && m.s("label") == "" && c.stands(m.n("idea_id"))
}

// count counts one thing that somebody did.
func (c *recount) count(m board.Measure, person, idea, at int64) {
	if !c.within(at) {
		return
	}
	on := c.idea[idea].n("board_id")
	units := func(p row) []Unit {
		return []Unit{{board.ByCompany, 0, ""}, {board.ByTeam, p.n("team_id"), ""}, {board.BySite, 0, p.s("site")}, {board.ByBoard, on, ""}}
	}
	if l, left := c.left[person]; left && m != board.VotesCast && !c.private[on] { // counts, and is nobody's
		for _, u := range units(l) {
			c.at(m, u).Part++
		}
	}
	p, ok := c.person[person]
	if !ok {
		return
	}
	for _, u := range units(p) {
		if u.By == board.ByBoard || !c.private[on] {
			x := c.at(m, u)
			x.Part++
			x.People[person] = true
		}
		if u.By != board.ByBoard || !c.private[on] || c.member[[2]int64{on, person}] {
			c.at(board.Contributors, u).People[person] = true
		}
	}
}

// acts counts ideas, comments and votes, and who made them.
func (c *recount) acts() {
	for _, i := range c.tables["idea"] {
		if i["deleted_at"] == nil {
			c.count(board.IdeasPosted, i.n("author_id"), i.n("id"), i.n("created_at"))
		}
	}
	wrote := map[int64]float64{}
	for _, m := range c.tables["comment"] {
		if !c.said(m) {
			continue
		}
		c.count(board.CommentsMade, m.n("author_id"), m.n("idea_id"), m.n("created_at"))
		if _, ok := c.person[m.n("author_id")]; ok && c.within(m.n("created_at")) {
			if !c.private[c.idea[m.n("idea_id")].n("board_id")] {
				wrote[m.n("author_id")]++
			}
		}
		if c.within(m.n("created_at")) {
			c.across(m)
		}
	}
	for _, v := range c.tables["vote"] {
		if v["via"] == nil && c.stands(v.n("idea_id")) {
			c.count(board.VotesCast, v.n("person_id"), v.n("idea_id"), v.n("at"))
		}
	}
	var all []float64
	x := c.at(board.Concentration, Unit{By: board.ByCompany})
	for person, n := range wrote {
		all = append(all, n)
		x.Of += n
		x.People[person] = true
	}
	slices.Sort(all)
	slices.Reverse(all)
	for _, n := range all[:len(all)/10] {
		x.Part += n
	}
}

// across counts a reply as one between teams or within one.
func (c *recount) across(m row) {
	to, ok := c.comment[m.n("parent_id")]
	if !ok || to.s("label") != "" || to.n("author_id") == m.n("author_id") {
		return
	}
	at := func(person int64) row {
		if l, ok := c.left[person]; ok && !c.private[c.idea[m.n("idea_id")].n("board_id")] {
			return l
		}
		return c.person[person]
	}
	a, b := at(m.n("author_id")), at(to.n("author_id"))
	if a.n("team_id") == 0 || b.n("team_id") == 0 {
		return
	}
	for _, u := range []Unit{{By: board.ByCompany}, {By: board.ByBoard, ID: c.idea[m.n("idea_id")].n("board_id")}, {By: board.ByTeam, ID: a.n("team_id")}, {By: board.BySite, Name: a.s("site")}} {
		if u.By != board.ByBoard && c.private[c.idea[m.n("idea_id")].n("board_id")] {
			continue
		}
		x := c.at(board.Across, u)
		x.Of++
		c.by(x, m.n("author_id"))
		if a.n("team_id") != b.n("team_id") {
			x.Part++
		}
	}
}

// people counts people: who could, who ever did, who came back, who is new.
func (c *recount) people() {
	company := Unit{By: board.ByCompany}
	year := (c.month - 11).Begins(c.zone).UnixMicro()
	ties := map[int64]bool{}
	act := func(person, at int64) {
		if _, ok := c.person[person]; ok && at >= year && at < c.ends {
			ties[person] = true
		}
	}
	for _, i := range c.tables["idea"] {
		if i["deleted_at"] == nil {
			act(i.n("author_id"), i.n("created_at"))
		}
	}
	for _, m := range c.tables["comment"] {
		if c.said(m) {
			act(m.n("author_id"), m.n("created_at"))
		}
	}
	for _, v := range c.tables["vote"] {
		if v["via"] == nil && c.stands(v.n("idea_id")) {
			act(v.n("person_id"), v.n("at"))
		}
	}
	now := c.at(board.Contributors, company)
	back := c.at(board.CommunityTies, company)
	back.People, back.Of = now.People, float64(len(ties))
	fresh := c.at(board.Newcomers, company)
	for id := range c.person {
		c.at(board.Entitled, company).People[id] = true
		first, ever := c.first[id]
		if ever && first < c.ends {
			c.at(board.Adoption, company).People[id] = true
		}
		if !ever || first >= c.begins {
			fresh.Of++
			if ever && first < c.ends {
				fresh.People[id] = true
			}
		}
	}
	for _, m := range []board.Measure{board.Contributors, board.Adoption} {
		c.at(m, company).Of = float64(len(c.person))
	}
}

// by counts a person behind a number, unless they left the figures.
func (c *recount) by(x *Recounted, person int64) {
	if _, ok := c.person[person]; ok {
		x.People[person] = true
	}
}

// open tells whether an idea counts for a measure: its author is counted, or left
// the figures and everybody sees it.
func (c *recount) open(m board.Measure, i row) bool {
	_, counted := c.person[i.n("author_id")]
	_, left := c.left[i.n("author_id")]
	return counted || left && m != board.Breadths && m != board.AppealsUpheld && !c.private[i.n("board_id")]
}

// share counts for the company and a board, where the author of the idea counts.
func (c *recount) share(m board.Measure, idea int64, part bool) {
	i := c.idea[idea]
	if !c.open(m, i) {
		return
	}
	for _, u := range []Unit{{By: board.ByCompany}, {By: board.ByBoard, ID: i.n("board_id")}} {
		if u.By != board.ByBoard && c.private[i.n("board_id")] {
			continue
		}
		x := c.at(m, u)
		x.Of++
		c.by(x, i.n("author_id"))
		if part {
			x.Part++
		}
	}
}

func (c *recount) breadths() {
	voters, voted := map[int64][]int64{}, map[int64]bool{}
	for _, v := range c.tables["vote"] {
		if v.n("at") < c.ends {
			voters[v.n("idea_id")] = append(voters[v.n("idea_id")], v.n("person_id"))
			voted[v.n("idea_id")] = voted[v.n("idea_id")] || c.within(v.n("at"))
		}
	}
	for idea, list := range voters {
		teams, n := map[int64]bool{}, 0
		for _, p := range list {
			if team := c.person[p].n("team_id"); team != 0 {
				teams[team] = true
				n++
			}
		}
		if voted[idea] && n >= 5 && c.stands(idea) && c.idea[idea].s("stage") != "merged" {
			c.share(board.Breadths, idea, len(teams) >= 3)
		}
	}
}
