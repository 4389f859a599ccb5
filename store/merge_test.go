package store

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"convivio/store/board"
)

// into asks to merge into an idea.
func into(id int64) board.NewMerge { return board.NewMerge{Into: id, Reason: "Dicono la stessa cosa."} }

// dump reads every row of a table, by column; columns that move with every event
// are left out, and so is what a merge leaves behind as history.
func (c *company) dump(t *testing.T) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	rows, err := c.readDB.QueryContext(c.ctx, `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`)
	if err != nil {
		t.Fatal(err)
	}
	tables, err := collect(rows, scanText)
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		if strings.HasPrefix(table, "audit") || table == "log" || table == "merge" || table == "stage_change" || table == "goose_db_version" || table == "follower" || table == "decision" {
			continue
		}
		where := ""
		if table == "comment" {
			where = ` WHERE label <> 'hidden'`
		}
		if table == "notice" {
			where = ` WHERE decision_id IS NULL`
		}
		rows, err := c.readDB.QueryContext(c.ctx, `SELECT name FROM PRAGMA_TABLE_INFO($1) ORDER BY cid`, table)
		if err != nil {
			t.Fatal(err)
		}
		names, err := collect(rows, scanText)
		if err != nil {
			t.Fatal(err)
		}
		rows, err = c.readDB.QueryContext(c.ctx, `SELECT `+strings.Join(names, ", ")+` FROM `+table+where)
		if err != nil {
			t.Fatal(err)
		}
		if out[table], err = collect(rows, func(rows *sql.Rows) (string, error) { return rowText(rows, names) }); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// rowText is a row as JSON, without the places in the log that must move.
func rowText(rows *sql.Rows, names []string) (string, error) {
	values := make([]any, len(names))
	for i := range values {
		values[i] = new(any)
	}
	if err := rows.Scan(values...); err != nil {
		return "", err
	}
	row := map[string]any{}
	for i, name := range names {
		v := *values[i].(*any)
		if b, ok := v.([]byte); ok {
			v = string(b)
		}
		if f, ok := v.(float64); ok { // added up in another order
			v = math.Round(f*1e6) / 1e6
		}
		if !strings.HasSuffix(name, "last_seq") && name != "moved_seq" && name != "thread_seq" {
			row[name] = v
		}
	}
	text, err := json.Marshal(row)
	return string(text), err
}

// same fails the test for each row that is in one dump alone.
func same(t *testing.T, before, after map[string][]string) {
	t.Helper()
	count := map[string]int{}
	for table, rows := range before {
		for _, r := range rows {
			count[table+" "+r]++
		}
	}
	for table, rows := range after {
		for _, r := range rows {
			count[table+" "+r]--
		}
	}
	for row, n := range count {
		if n > 0 {
			t.Errorf("gone: %s", row)
		}
		if n < 0 {
			t.Errorf("new: %s", row)
		}
	}
}

func TestMergeBringsTheThreadAndCountsEveryVoterOnce(t *testing.T) {
	c := newCompany(t)
	carla := c.person("Carla Neri", board.Employee)
	dup, sur := c.idea(c.anna, c.open, "Bici tra i reparti"), c.idea(c.bruno, c.open, "Biciclette per gli stabilimenti")
	first := c.reply(c.bruno, dup.ID, nil, "Dodici minuti.")
	second := c.reply(carla, dup.ID, &first.ID, "Anche dieci.")
	c.reply(c.anna, sur.ID, nil, "Sì.")
	for _, who := range []board.Who{c.bruno, carla, c.mod} {
		c.do(c.Vote(c.ctx, who, dup.ID))
	}
	for _, who := range []board.Who{carla, c.anna} {
		c.do(c.Vote(c.ctx, who, sur.ID))
	}
	c.do(c.Answer(c.ctx, c.mod, dup.ID, board.NewAnswer{Body: "Ci pensiamo.", Cites: []int64{second.ID}}, ""))
	c.do(c.React(c.ctx, c.anna, board.Said{Comment: first.ID}, board.ReactionKinds[0]))
	before := c.dump(t)

	want, err := c.Merging(c.ctx, c.mod, dup.ID, sur.ID)
	if err != nil || want.Votes != 4 || want.Both != 1 || want.Comments != 2 || want.Answers != 1 || want.Gain.Count != 0 {
		t.Errorf("told %+v, %v", want, err)
	}
	got, err := c.MergeIdea(c.ctx, c.mod, dup.ID, into(sur.ID))
	if err != nil {
		t.Fatal(err)
	}
	if got.Votes != 4 || got.Comments != 4 || got.Merged != 1 || got.Answers != 0 {
		t.Errorf("the survivor reads %+v", got)
	}
	gone, err := c.Idea(c.ctx, c.bruno, dup.ID)
	if err != nil || gone.MergedInto != sur.ID || gone.Stage != board.MergedInto || gone.Votes != 3 {
		t.Errorf("the merged idea reads %+v, %v", gone, err)
	}
	list, err := c.Comments(c.ctx, c.anna, sur.ID, board.OldestFirst, 0, "")
	if err != nil || len(list.Items) != 4 {
		t.Fatalf("thread is %+v, %v", list.Items, err)
	}
	label := list.Items[1]
	if label.Label != board.MergedLabel || label.Stands != dup.ID || label.Title != dup.Title || label.Author.ID != c.anna.ID || label.Body != dup.Body || label.Replies != 1 {
		t.Errorf("the label is %+v", label)
	}
	if x := list.Items[3]; x.ID != second.ID || x.Depth != 2 || x.Idea != sur.ID || !x.Cited {
		t.Errorf("a reply is %+v", x)
	}
	answers, err := c.Answers(c.ctx, c.anna, sur.ID)
	if err != nil || len(answers) != 1 || answers[0].From != dup.ID || answers[0].Cited[0].Name != "Carla Neri" {
		t.Errorf("answers are %+v, %v", answers, err)
	}
	ideas, err := c.Ideas(c.ctx, c.anna, Listing{Board: c.open})
	if err != nil || len(ideas.Items) != 1 {
		t.Errorf("the board lists %+v, %v", ideas.Items, err)
	}
	here, err := c.MergedInto(c.ctx, c.bruno, sur.ID)
	if err != nil || len(here) != 1 || !here[0].Mine || here[0].Comment != label.ID || here[0].Reason == "" {
		t.Errorf("merged here: %+v, %v", here, err)
	}
	c.clean()
	c.do(c.MergeIdea(c.ctx, c.mod, dup.ID, into(sur.ID))) // again changes nothing

	c.do(c.UnmergeIdea(c.ctx, c.mod, dup.ID, ""))
	c.clean()
	same(t, before, c.dump(t))
	again, err := c.Idea(c.ctx, c.bruno, dup.ID)
	if err != nil || again.MergedInto != 0 || again.Stage != board.New || again.Comments != 2 {
		t.Errorf("unmerged it reads %+v, %v", again, err)
	}
}

func TestWhatCameBetweenStaysOnTheSurvivor(t *testing.T) {
	c := newCompany(t)
	carla := c.person("Carla Neri", board.Employee)
	dup, sur := c.idea(c.anna, c.open, "Una"), c.idea(c.bruno, c.open, "Altra")
	first := c.reply(c.bruno, dup.ID, nil, "prima")
	c.do(c.Vote(c.ctx, c.bruno, dup.ID))
	c.do(c.Vote(c.ctx, carla, dup.ID))
	c.do(c.MergeIdea(c.ctx, c.mod, dup.ID, into(sur.ID)))
	below := c.reply(carla, sur.ID, &first.ID, "sotto")
	late := c.reply(c.mod, dup.ID, nil, "scritta sulla vecchia pagina")
	if late.Idea != sur.ID || late.Depth != 1 {
		t.Errorf("a late comment is %+v", late)
	}
	c.do(c.Vote(c.ctx, c.mod, sur.ID))
	c.do(c.Unvote(c.ctx, c.bruno, sur.ID)) // the moved vote, taken back
	c.do(c.Unvote(c.ctx, carla, sur.ID))
	c.do(c.Vote(c.ctx, carla, sur.ID)) // and given anew, to the survivor
	_, err := c.Vote(c.ctx, c.anna, dup.ID)
	wants(t, err, board.Conflict, "idea")
	c.clean()
	c.do(c.UnmergeIdea(c.ctx, c.mod, dup.ID, ""))
	c.clean()
	old, err := c.Idea(c.ctx, c.bruno, dup.ID)
	if err != nil || old.Votes != 2 || !old.Voted || old.Comments != 1 {
		t.Errorf("unmerged: %+v, %v", old, err)
	}
	now, err := c.Idea(c.ctx, carla, sur.ID)
	if err != nil || now.Votes != 2 || !now.Voted || now.Comments != 2 || now.Merged != 0 {
		t.Errorf("the survivor: %+v, %v", now, err)
	}
	list, err := c.Comments(c.ctx, c.anna, sur.ID, board.OldestFirst, 0, "")
	if err != nil || len(list.Items) != 3 || list.Items[0].Label != board.PartedLabel || list.Items[0].Body != "" ||
		list.Items[1].ID != below.ID || list.Items[1].Depth != 1 || list.Items[2].ID != late.ID {
		t.Errorf("its thread: %+v, %v", list.Items, err)
	}
	// Merged again, the branch takes up what was left of it.
	c.do(c.MergeIdea(c.ctx, c.mod, dup.ID, into(sur.ID)))
	c.clean()
	list, err = c.Comments(c.ctx, c.anna, sur.ID, board.OldestFirst, 0, "")
	if err != nil || len(list.Items) != 4 || list.Items[0].Label != board.MergedLabel {
		t.Errorf("merged again: %+v, %v", list.Items, err)
	}
}

func TestAnIdeaTakesAlongWhatWasMergedIntoIt(t *testing.T) {
	c := newCompany(t)
	carla := c.person("Carla Neri", board.Employee)
	var ideas []board.Idea
	for i := range 4 {
		ideas = append(ideas, c.idea(c.anna, c.open, fmt.Sprintf("Idea %d", i)))
		c.reply(c.bruno, ideas[i].ID, nil, "sì")
	}
	a, b, d, top := ideas[0].ID, ideas[1].ID, ideas[2].ID, ideas[3].ID
	c.do(c.Vote(c.ctx, c.bruno, a))
	c.do(c.Vote(c.ctx, carla, a))
	c.do(c.Vote(c.ctx, carla, d))
	c.do(c.Vote(c.ctx, c.mod, b))
	alone := c.dump(t)
	c.do(c.MergeIdea(c.ctx, c.mod, a, into(b)))
	one := c.dump(t)
	c.do(c.MergeIdea(c.ctx, c.mod, d, into(b)))
	two := c.dump(t)
	c.do(c.MergeIdea(c.ctx, c.mod, b, into(top)))
	c.clean()
	_, err := c.MergeIdea(c.ctx, c.mod, top, into(a))
	wants(t, err, board.Conflict, "into")
	_, err = c.MergeIdea(c.ctx, c.mod, top, into(top))
	wants(t, err, board.Invalid, "into")
	_, err = c.DeleteIdea(c.ctx, c.anna, top)
	wants(t, err, board.Conflict, "idea")
	if got, err := c.Idea(c.ctx, c.anna, a); err != nil || got.MergedInto != top {
		t.Errorf("the first leads to %d, %v", got.MergedInto, err)
	}
	if got, err := c.Idea(c.ctx, c.anna, top); err != nil || got.Votes != 3 || got.Merged != 3 || got.Comments != 7 {
		t.Errorf("the last is %+v, %v", got, err)
	}
	c.do(c.UnmergeIdea(c.ctx, c.mod, b, ""))
	c.clean()
	same(t, two, c.dump(t))
	c.do(c.MergeIdea(c.ctx, c.mod, b, into(top)))
	// Out of the middle: who voted for the other one still counts once.
	c.do(c.UnmergeIdea(c.ctx, c.mod, a, ""))
	c.clean()
	if got, err := c.Idea(c.ctx, c.anna, top); err != nil || got.Votes != 2 || got.Merged != 2 {
		t.Errorf("without the first: %+v, %v", got, err)
	}
	if got, err := c.Idea(c.ctx, c.anna, a); err != nil || got.Votes != 2 || got.MergedInto != 0 || got.Comments != 1 {
		t.Errorf("the first: %+v, %v", got, err)
	}
	c.do(c.UnmergeIdea(c.ctx, c.mod, b, ""))
	c.do(c.UnmergeIdea(c.ctx, c.mod, d, ""))
	c.clean()
	same(t, alone, c.dump(t))
	_ = one
}

func TestWhoWroteOrVotedIsToldOfAMerge(t *testing.T) {
	c := newCompany(t)
	carla := c.person("Carla Neri", board.Employee)
	c.tell()
	dup, sur := c.idea(c.anna, c.open, "Una"), c.idea(c.bruno, c.open, "Altra")
	c.do(c.Vote(c.ctx, carla, dup.ID))
	c.do(c.UnfollowIdea(c.ctx, carla, sur.ID))
	c.do(c.MergeIdea(c.ctx, c.mod, dup.ID, into(sur.ID)))
	c.do(c.UnmergeIdea(c.ctx, c.mod, dup.ID, ""))
	for _, tt := range []struct {
		who  board.Who
		told string
	}{{c.anna, fmt.Sprintf("judged 0, unmerged %d", dup.ID)}, {carla, fmt.Sprintf("merged %d, unmerged %d", sur.ID, dup.ID)}, {c.bruno, fmt.Sprintf("merged %d", sur.ID)}, {c.mod, ""}} {
		if got := c.told(tt.who); got != tt.told {
			t.Errorf("%s was told %q, want %q", tt.who.Name, got, tt.told)
		}
	}
}
