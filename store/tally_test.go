package store

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"convivio/store/board"
)

// dumped are all rows of a query, column by column.
func dumped(t *testing.T, s *Store, query string) [][]string {
	t.Helper()
	rows, err := s.readDB.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	list, err := collect(rows, func(rows *sql.Rows) ([]string, error) {
		names, err := rows.Columns()
		if err != nil {
			return nil, err
		}
		row := make([]sql.NullString, len(names))
		to := make([]any, len(names))
		for i := range row {
			to[i] = &row[i]
		}
		err = rows.Scan(to...)
		out := make([]string, len(names))
		for i := range row {
			out[i] = row[i].String
		}
		return out, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// tally is the tally, a line for each count.
func (c *company) tally() string {
	c.t.Helper()
	var b strings.Builder
	for _, row := range dumped(c.t, c.Store, `SELECT day, dimension, unit_id, unit, act, n FROM tally ORDER BY 1, 2, 3, 4, 5`) {
		b.WriteString(strings.Join(row, " ") + "\n")
	}
	return b.String()
}

// followed lets the tally follow, and tells what is wrong with it: against counting
// anew, and against counting by other means.
func (c *company) followed(when string) {
	c.t.Helper()
	c.do(nil, c.FollowTally(c.ctx))
	got := c.tally()
	c.do(c.RebuildTally(c.ctx))
	if again := c.tally(); got != again {
		c.t.Fatalf("%s: following gives\n%s\nand counting anew\n%s", when, diff(got, again), diff(again, got))
	}
	if plain := c.counted(); got != plain {
		c.t.Fatalf("%s: the tally has\n%s\nand counting by hand\n%s", when, diff(got, plain), diff(plain, got))
	}
}

// diff are the lines of a that b does not have.
func diff(a, b string) string {
	has := strings.Split(b, "\n")
	return strings.Join(slices.DeleteFunc(strings.Split(a, "\n"), func(l string) bool { return slices.Contains(has, l) }), "\n")
}

// counted is the tally by other means: from dumped rows, one act after the other.
func (c *company) counted() string {
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		c.t.Fatal(err)
	}
	us := func(s string) time.Time {
		var n int64
		_, _ = fmt.Sscan(s, &n)
		return time.UnixMicro(n).In(rome)
	}
	places, people := map[string][][]string{}, []string{}
	for _, p := range dumped(c.t, c.Store, `SELECT person_id, since, COALESCE(team_id, 0), site, kind, counted FROM place ORDER BY person_id, since`) {
		if places[p[0]] == nil {
			people = append(people, p[0])
		}
		places[p[0]] = append(places[p[0]], p)
	}
	type act struct {
		name, person, board string
		at                  time.Time
	}
	var acts []act
	first := map[string]time.Time{}
	for _, r := range dumped(c.t, c.Store, `
		SELECT 'ideas', i.author_id, i.board_id, b.visibility, i.created_at, i.deleted_at IS NULL FROM idea i JOIN board b ON b.id = i.board_id
		UNION ALL SELECT 'comments', c.author_id, i.board_id, b.visibility, c.created_at, c.deleted_at IS NULL AND i.deleted_at IS NULL AND c.label = '' FROM comment c, idea i, board b WHERE i.id = c.idea_id AND b.id = i.board_id
		UNION ALL SELECT 'votes', v.person_id, i.board_id, b.visibility, v.at, v.via IS NULL AND i.deleted_at IS NULL FROM vote v, idea i, board b WHERE i.id = v.idea_id AND b.id = i.board_id`) {
		a := act{r[0], r[1], r[2], us(r[4])}
		if r[3] != "open" {
			a.board = "0"
		}
		if f, ok := first[a.person]; !ok || a.at.Before(f) {
			first[a.person] = a.at
		}
		if r[5] == "1" {
			acts = append(acts, a)
		}
	}
	where := func(person string, day time.Time) (team, site string, ok bool) {
		counted := ""
		month := time.Date(day.Year(), day.Month(), 1, 0, 0, 0, 0, rome)
		kind := ""
		for i, p := range places[person] {
			since := us(p[1])
			if f, acted := first[person]; i == 0 && acted && f.Before(since) {
				since = f
			}
			if !since.Before(day.AddDate(0, 0, 1)) {
				continue
			}
			if counted == "" || since.Before(month) {
				counted = p[5]
			}
			team, site, kind = p[2], p[3], p[4]
		}
		return team, site, counted == "1" && kind == "employee"
	}
	counts := map[string]int{}
	for _, a := range acts {
		day := time.Date(a.at.Year(), a.at.Month(), a.at.Day(), 0, 0, 0, 0, rome)
		team, site, ok := where(a.person, day)
		if !ok {
			continue
		}
		teams, sites, all := map[string]int{}, map[string]int{}, 0
		for _, p := range people {
			if team, site, ok := where(p, day); ok {
				teams[team]++
				sites[site]++
				all++
			}
		}
		if all < 5 {
			continue
		}
		number := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.UTC).Unix() / 86400
		counts[fmt.Sprintf("%d company 0  %s", number, a.name)]++
		counts[fmt.Sprintf("%d board %s  %s", number, a.board, a.name)]++
		counts[fmt.Sprintf("%d team %s  %s", number, unitFor(teams, team, "0"), a.name)]++
		counts[fmt.Sprintf("%d site 0 %s %s", number, unitFor(sites, site, ""), a.name)]++
	}
	lines := make([][]string, 0, len(counts))
	for k, n := range counts {
		lines = append(lines, []string{k, fmt.Sprintf("%s %d\n", k, n)})
	}
	order := map[string]int{}
	for i, l := range strings.Split(c.tally(), "\n") {
		order[l+"\n"] = i
	}
	slices.SortFunc(lines, func(a, b []string) int { return order[a[1]] - order[b[1]] })
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(l[1])
	}
	return b.String()
}

// unitFor is the unit that a unit's acts are counted for: itself, or those that
// stand together.
func unitFor(sizes map[string]int, unit, none string) string {
	var list []string
	for u := range sizes {
		if u != none {
			list = append(list, u)
		}
	}
	slices.SortFunc(list, func(a, b string) int {
		if sizes[a] != sizes[b] {
			return sizes[a] - sizes[b]
		}
		if none == "0" && len(a) != len(b) { // ids are numbers
			return len(a) - len(b)
		}
		return strings.Compare(a, b)
	})
	together := sizes[none]
	for _, u := range list {
		if sizes[u] >= 5 && (together == 0 || together >= 5) {
			if u == unit {
				return unit
			}
			continue
		}
		together += sizes[u]
	}
	return none
}

// TestTheTallyIsWhatStands: whatever people and moderators do, and wherever the
// follower was killed, following gives the same rows as counting anew, and as
// counting by other means.
func TestTheTallyIsWhatStands(t *testing.T) {
	w := newTalk(t, 0)
	w.clock.Store(time.Date(2026, 3, 20, 9, 0, 0, 0, time.UTC).UnixMicro()) // with the clocks' going forward to come
	r := rand.New(rand.NewPCG(11, 12))
	w.do(w.ChangePerson(w.ctx, w.admin, w.people[3].ID, PersonChange{Site: ptr("Porto")}))
	var ideas, comments []int64
	pick := func(list []int64) int64 { return list[r.IntN(len(list))] }
	for i := range 6 {
		ideas = append(ideas, w.idea(w.people[i], w.open, fmt.Sprint("Idea ", i)).ID)
	}
	fine := func(_ any, err error) {
		t.Helper()
		if err != nil && (codeOf(err) == "" || codeOf(err) == board.Internal) {
			t.Fatal(err)
		}
	}
	for step := range 420 {
		who, idea := w.people[r.IntN(len(w.people))], pick(ideas)
		switch n := r.IntN(40); {
		case n < 5:
			slug := w.open
			if r.IntN(4) == 0 {
				slug, who = w.private, w.mod
			}
			if i, err := w.AddIdea(w.ctx, who, slug, board.NewIdea{Title: fmt.Sprint("Idea ", step), Body: "Così."}, ""); err == nil {
				ideas = append(ideas, i.ID)
			}
		case n < 13:
			in := board.NewComment{Body: "Sì"}
			if len(comments) > 0 && r.IntN(2) == 0 {
				parent := pick(comments)
				in.ParentID = &parent
				if at, err := w.Comment(w.ctx, w.mod, parent); err == nil {
					idea = at.Idea
				}
			}
			if m, err := w.Reply(w.ctx, who, idea, in, ""); err == nil {
				comments = append(comments, m.ID)
			}
		case n < 20:
			fine(w.Vote(w.ctx, who, idea))
		case n < 23:
			for _, p := range w.people {
				if v, err := w.Vote(w.ctx, p, idea); err == nil && r.IntN(3) == 0 {
					fine(w.Unvote(w.ctx, p, v.Idea))
					break
				}
			}
		case n < 25 && len(comments) > 0:
			id := pick(comments)
			fine(w.DeleteComment(w.ctx, w.mod, id))
			if r.IntN(2) == 0 {
				fine(w.RestoreComment(w.ctx, w.mod, id))
			}
		case n == 25:
			fine(w.DeleteIdea(w.ctx, w.mod, idea))
			if r.IntN(2) == 0 {
				fine(w.RestoreIdea(w.ctx, w.mod, idea))
			}
		case n == 26 || n == 27:
			fine(w.MergeIdea(w.ctx, w.mod, idea, into(pick(ideas))))
		case n == 28:
			fine(w.UnmergeIdea(w.ctx, w.mod, idea, ""))
		case n == 29 && len(comments) > 0:
			if i, err := w.SplitComment(w.ctx, w.mod, pick(comments), board.Split{Title: "Da solo"}); err == nil {
				ideas = append(ideas, i.ID)
			}
		case n == 30:
			fine(w.RelocateIdea(w.ctx, w.mod, idea, board.Relocation{Board: []string{w.open, w.private}[r.IntN(2)], Reason: "Sta meglio lì."}))
		case n == 31:
			team := []string{"Logistica", "Officina", "Qualità", "Vendite", ""}[r.IntN(5)]
			fine(w.ChangePerson(w.ctx, w.admin, who.ID, PersonChange{Team: &team, Site: ptr([]string{"Sede", "Porto"}[r.IntN(2)])}))
		case n == 32:
			fine(w.LeaveFigures(w.ctx, who, r.IntN(3) > 0))
		case n == 33:
			open := []board.Visibility{board.Open, board.Private}[r.IntN(2)]
			fine(w.ChangeBoard(w.ctx, w.admin, w.private, board.BoardChange{Visibility: &open}))
		case n < 37:
			w.days(1 + r.IntN(9))
		default:
			w.do(nil, w.FollowTally(w.ctx))
			if r.IntN(2) == 0 { // killed between two of its writings: some days are further than its position
				w.do(nil, w.note(w.ctx, statement{`UPDATE follower SET seq = $1 WHERE name = 'tally'`, []any{max(0, w.Head()-int64(r.IntN(60)))}}))
				w.stood = nil
			}
		}
		if step%60 == 59 {
			w.followed(fmt.Sprint("after step ", step))
		}
	}
	w.followed("at the end")
	if w.tally() == "" {
		t.Error("nothing was counted")
	}
	w.clean()
	w.do(nil, w.note(w.ctx, statement{`UPDATE tally SET n = n + 1 WHERE dimension = 'company' AND act = 'votes'`, nil}))
	if faults, err := w.Check(w.ctx); err != nil || len(faults) == 0 {
		t.Errorf("a wrong tally is found: %v, %v", faults, err)
	}
}

func ptr[T any](x T) *T { return &x }

// TestTheTallyOfWhatWasBroughtIn: history is counted on its own days, also where it
// comes while the tally follows; and of fewer than five people there is no count.
func TestTheTallyOfWhatWasBroughtIn(t *testing.T) {
	c := newCompany(t)
	for i := range 3 {
		c.person(fmt.Sprint("Nuova Persona ", i), board.Employee)
	}
	c.idea(c.anna, c.open, "Oggi")
	c.followed("before")
	im := c.ImportFrom("altrove")
	c.do(im.Boards(c.ctx, []ImportBoard{{Ref: "b", Name: "Vecchia"}}))
	people := make([]ImportPerson, 7)
	for i := range people {
		people[i] = ImportPerson{Ref: fmt.Sprint("p", i), Name: fmt.Sprint("Autore ", i)}
	}
	c.do(im.People(c.ctx, people))
	day := time.Date(2024, 10, 26, 21, 30, 0, 0, time.UTC) // the night before clocks go back
	for i := range 12 {
		at := day.Add(time.Duration(i) * 26 * time.Hour)
		c.do(im.Ideas(c.ctx, []Rendered[ImportIdea]{RenderIdea(ImportIdea{Ref: fmt.Sprint("i", i), Board: "b", Author: fmt.Sprint("p", i%7), Title: "Una", Body: "Così.", At: at})}))
		c.do(im.Votes(c.ctx, []ImportVote{{Idea: fmt.Sprint("i", i), Person: fmt.Sprint("p", (i+3)%7), At: at.Add(time.Hour)}}))
		if i%4 == 1 {
			c.followed(fmt.Sprint("after ", i))
		}
	}
	c.followed("after all")
	var first int64
	if err := c.readDB.QueryRowContext(c.ctx, `SELECT MIN(day) FROM tally`).Scan(&first); err != nil {
		t.Fatal(err)
	}
	if got := at(dayBegins(first)).In(board.Zone()).Format(time.DateOnly); got != "2024-10-29" {
		t.Errorf("the first count is of %s: the fifth of these people came on the 29th", got)
	}
}
