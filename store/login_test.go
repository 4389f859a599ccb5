package store

import (
	"regexp"
	"slices"
	"testing"

	"convivio/store/board"
)

// TestStatementsThatChangeLoginsAreKnown: whatever changes who is behind a cookie,
// or what they may do, ends what is kept of logins; what people write does not.
func TestStatementsThatChangeLoginsAreKnown(t *testing.T) {
	for query, want := range map[string]bool{
		`DELETE FROM session WHERE person_id = $1`:                                   true,
		"INSERT INTO board_role (board_id, role, person_id)\n\t\tSELECT $1, $2, $3":  true,
		`UPDATE person SET lang = $1 WHERE id = $2`:                                  true,
		`WITH x AS (SELECT 1) DELETE FROM team_above`:                                true,
		`INSERT INTO notice (person_id) SELECT p.id FROM person p`:                   false,
		`UPDATE comment SET body = '' WHERE author_id IN (SELECT id FROM person)`:    false,
		`SELECT p.name FROM person p JOIN session s ON s.person_id = p.id`:           false,
		`INSERT INTO idea (title) VALUES ($1) ON CONFLICT DO UPDATE SET title = 'x'`: false,
	} {
		if got := numbered(query).logins; got != want {
			t.Errorf("%s: got %v, want %v", query, got, want)
		}
	}
	read := regexp.MustCompile(`(?:FROM|JOIN) (\w+)`).FindAllStringSubmatch(loginColumns, -1)
	for _, m := range read {
		if !changesLogins.MatchString("UPDATE " + m[1] + " SET") {
			t.Errorf("logins are read from %s, and kept when that changes", m[1])
		}
	}
	if len(read) == 0 {
		t.Error("logins are read from nothing")
	}
}

// TestALoginIsReadAnewAfterAChange: what is kept of a login is what stands, and
// keeping it spares the look.
func TestALoginIsReadAnewAfterAChange(t *testing.T) {
	c := newCompany(t)
	secret, err := c.OpenSession(c.ctx, c.anna.ID, "Mozilla/5.0", false)
	if err != nil {
		t.Fatal(err)
	}
	token, err := c.AddToken(c.ctx, c.anna, "program")
	if err != nil {
		t.Fatal(err)
	}
	look := func(asks int64) Login {
		t.Helper()
		ctx, n := Counting(c.ctx)
		l, err := c.Session(ctx, secret)
		if err != nil {
			t.Fatal(err)
		}
		by, err := c.Token(ctx, token)
		if err != nil || by.ID != l.ID || by.Token == 0 || by.Session != 0 || by.Lang != l.Lang || !slices.Equal(by.Owns, l.Owns) {
			t.Fatalf("the token's login is %+v, the session's %+v, %v", by, l, err)
		}
		if n.Load() != asks {
			t.Errorf("asked %d times, want %d", n.Load(), asks)
		}
		return l
	}
	look(2)
	look(0)
	c.idea(c.bruno, c.open, "Altro")
	look(0)
	c.do(c.SetLanguage(c.ctx, c.anna, "it"))
	if l := look(2); l.Lang != "it" {
		t.Errorf("the language is %q", l.Lang)
	}
	c.do(c.AddOwner(c.ctx, c.admin, c.open, board.NewOwner{Person: c.anna.ID}))
	if l := look(2); len(l.Owns) != 1 {
		t.Errorf("owns %v", l.Owns)
	}
	// One kind of secret is not taken for the other, known or not.
	_, err = c.Session(c.ctx, token)
	wants(t, err, board.Unauthorized, "")
	_, err = c.Token(c.ctx, secret)
	wants(t, err, board.Unauthorized, "")
	if err := c.EndSessions(c.ctx, c.anna, 0); err != nil {
		t.Fatal(err)
	}
	_, err = c.Session(c.ctx, secret)
	wants(t, err, board.Unauthorized, "")
}
