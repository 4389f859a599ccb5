package store

import (
	"slices"
	"testing"

	"convivio/store/board"
)

// many fills a folder with ideas and people straight into the tables.
func (c *company) many(n int) {
	c.t.Helper()
	c.do(c.write(c.ctx, 0, func(tx *Tx) error {
		for _, q := range []string{
			`INSERT INTO idea (board_id, author_id, title, body, html, renderer, excerpt, lang, tags, stage, heat, created_at, moved_seq, last_seq)
				SELECT 1, $1, 'Idea ' || n, '', '', 1, '', 'it', '', 'new', 0, 1, 1, 1 FROM (WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < $2) SELECT n FROM c)`,
			`INSERT INTO person (name, handle, email, kind, created_at, last_seq)
				SELECT 'Persona ' || n || CASE WHEN n = 20000 THEN ' Zuzu' ELSE '' END, 'persona.' || n, 'p' || n || '@example.com', 'employee', $1, 1 FROM (WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < $2) SELECT n FROM c)`,
		} {
			if _, err := tx.exec(q, c.anna.ID, n); err != nil {
				return err
			}
		}
		_, err := tx.record(board.PersonAdded, about{subject: c.anna.ID})
		return err
	}))
}

func TestNumbersThatBeginWithDigits(t *testing.T) {
	c := newCompany(t)
	c.many(1300)
	for digits, want := range map[string][]int64{"13": {13, 130, 131, 132, 133, 134, 135, 136}, "130": {130, 1300}, "1300": {1300}, "1301": nil, "0": nil, "01": nil,
		"99999": nil, "999999999999": nil, "99999999999999999999": nil, "9": {9, 90, 91, 92, 93, 94, 95, 96}} {
		list, err := c.IdeasNumbered(c.ctx, c.anna, Place{Board: c.open}, digits)
		if err != nil {
			t.Fatal(digits, err)
		}
		var got []int64
		for _, i := range list {
			got = append(got, i.ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", digits, got, want)
		}
	}
}

// The list of who may be called is kept, and follows who comes, goes and is
// called otherwise.
func TestWhoMayBeCalledIsKeptUpToDate(t *testing.T) {
	c := newCompany(t)
	ask := func(who board.Who, slug, q string) (names []string) {
		list, err := c.Callable(c.ctx, who, Place{Board: slug}, q)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range list {
			names = append(names, p.Name)
		}
		return names
	}
	want := func(got []string, want ...string) {
		t.Helper()
		if !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	}
	want(ask(c.anna, c.open, "br"), "Bruno Sala")
	want(ask(c.bruno, c.open, "br"))
	if n := len(c.callees.of); n != 1 {
		t.Errorf("%d lists are kept", n)
	}
	want(ask(c.anna, c.private, "b"))
	c.do(c.AddMember(c.ctx, c.mod, c.private, c.bruno.ID))
	want(ask(c.anna, c.private, "b"), "Bruno Sala")
	c.person("Brunilde Neri", board.Employee)
	want(ask(c.anna, c.open, "br"), "Brunilde Neri", "Bruno Sala")
	c.do(c.RemoveMember(c.ctx, c.mod, c.private, c.bruno.ID))
	want(ask(c.anna, c.private, "b"))
	// Who takes part comes first.
	idea := c.idea(c.bruno, c.open, "Una")
	list, err := c.Callable(c.ctx, c.anna, Place{Idea: idea.ID}, "")
	if err != nil || list[0].ID != c.bruno.ID {
		t.Errorf("%v, %v", list, err)
	}
}
