package store

import (
	"errors"
	"testing"
	"time"

	"convivio/store/board"
)

// sanctioned lays something upon somebody, for an hour.
func (c *company) sanctioned(who board.Who, in sanctionIn) (id int64, err error) {
	in.until = c.clock.Load() + time.Hour.Microseconds()
	_, err = c.write(c.ctx, who.ID, func(tx *Tx) (err error) {
		id, err = tx.sanction(who, in)
		return err
	})
	return id, err
}

// keeper is somebody who moderates one board.
func (c *company) keeper(name, slug string) board.Who {
	c.t.Helper()
	who := c.person(name, board.Employee)
	b, err := c.Board(c.ctx, c.admin, slug)
	if err != nil {
		c.t.Fatal(err)
	}
	c.do(c.write(c.ctx, c.admin.ID, func(tx *Tx) error {
		if _, err := tx.exec(`INSERT INTO board_role (board_id, role, person_id) VALUES ($1, 'moderator', $2)`, b.ID, who.ID); err != nil {
			return err
		}
		return tx.personChanged(who.ID)
	}))
	who.Keeps = []int64{b.ID}
	return who
}

func TestWhoMaySanctionWhom(t *testing.T) {
	c := newCompany(t)
	keeper := c.keeper("Kira Bo", c.open)
	here := keeper.Keeps[0]
	for _, tt := range []struct {
		name string
		who  board.Who
		in   sanctionIn
		code board.Code
	}{
		{"a moderator warns", c.mod, sanctionIn{person: c.bruno.ID, kind: board.Warning}, ""},
		{"a moderator suspends", c.mod, sanctionIn{person: c.guest.ID, kind: board.Suspension}, ""},
		{"an admin suspends a moderator", c.admin, sanctionIn{person: c.mod.ID, kind: board.Suspension}, ""},
		{"nobody sanctions an admin", c.mod, sanctionIn{person: c.admin.ID, kind: board.Warning}, board.Forbidden},
		{"nor themselves", c.admin, sanctionIn{person: c.admin.ID, kind: board.Silenced}, board.Forbidden},
		{"a board's moderator silences there", keeper, sanctionIn{person: c.bruno.ID, kind: board.Silenced, board: here}, ""},
		{"but not everywhere", keeper, sanctionIn{person: c.bruno.ID, kind: board.Silenced}, board.Forbidden},
		{"not on another board", keeper, sanctionIn{person: c.bruno.ID, kind: board.Warning, board: here + 1}, board.Forbidden},
		{"and does not suspend", keeper, sanctionIn{person: c.bruno.ID, kind: board.Suspension, board: here}, board.Forbidden},
		{"others do nothing", c.anna, sanctionIn{person: c.bruno.ID, kind: board.Warning}, board.Forbidden},
		{"whom nobody knows", c.mod, sanctionIn{person: 4242, kind: board.Warning}, board.NotFound},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := c.sanctioned(tt.who, tt.in)
			if tt.code == "" && err != nil {
				t.Error(err)
			}
			if tt.code != "" {
				wants(t, err, tt.code, "")
			}
		})
	}
	c.clean()
}

func TestASilenceForbidsEveryWordAndEndsByItself(t *testing.T) {
	c := newCompany(t)
	idea := c.idea(c.anna, c.open, "Una")
	said := c.reply(c.anna, idea.ID, nil, "prima")
	own := c.reply(c.bruno, idea.ID, nil, "mia")
	private := c.idea(c.anna, c.private, "Altrove")
	here, err := c.Board(c.ctx, c.admin, c.open)
	if err != nil {
		t.Fatal(err)
	}
	c.do(c.AddMember(c.ctx, c.admin, c.private, c.bruno.ID))
	if _, err := c.sanctioned(c.mod, sanctionIn{person: c.bruno.ID, kind: board.Silenced, board: here.ID}); err != nil {
		t.Fatal(err)
	}
	body := "x"
	tries := map[string]func() error{
		"AddIdea": func() error { _, err := c.AddIdea(c.ctx, c.bruno, c.open, board.NewIdea{Title: "x"}, ""); return err },
		"Reply":   func() error { _, err := c.Reply(c.ctx, c.bruno, idea.ID, board.NewComment{Body: "x"}, ""); return err },
		"EditComment": func() error {
			_, err := c.EditComment(c.ctx, c.bruno, own.ID, board.CommentChange{Body: body})
			return err
		},
		"Vote":  func() error { _, err := c.Vote(c.ctx, c.bruno, idea.ID); return err },
		"React": func() error { _, err := c.React(c.ctx, c.bruno, board.Said{Comment: said.ID}, board.Agree); return err },
	}
	for name, do := range tries {
		t.Run(name, func(t *testing.T) { wants(t, do(), board.Forbidden, "") })
	}
	c.do(c.Idea(c.ctx, c.bruno, idea.ID)) // reading stays
	c.reply(c.bruno, private.ID, nil, "altrove sì")
	c.clock.Add(time.Hour.Microseconds())
	for _, name := range []string{"Reply", "Vote", "React"} {
		if err := tries[name](); err != nil {
			t.Errorf("after its end, %s: %v", name, err)
		}
	}
	c.clean()
}

func TestASuspensionEndsSessionsAndTokensUntilItEnds(t *testing.T) {
	c := newCompany(t)
	idea := c.idea(c.anna, c.open, "Una")
	secret, err := c.OpenSession(c.ctx, c.bruno.ID, "", false)
	if err != nil {
		t.Fatal(err)
	}
	token, err := c.AddToken(c.ctx, c.bruno, "un programma")
	if err != nil {
		t.Fatal(err)
	}
	told := make(chan int64, 10)
	c.OnRevoke(func(person int64) { told <- person })
	id, err := c.sanctioned(c.mod, sanctionIn{person: c.bruno.ID, kind: board.Suspension})
	if err != nil {
		t.Fatal(err)
	}
	if who := <-told; who != c.bruno.ID {
		t.Errorf("person %d is sent away", who)
	}
	refused := func(doing string, err error) {
		t.Helper()
		var fault *board.Error
		if !errors.As(err, &fault) || fault.Code != board.Unauthorized && fault.Code != board.NotFound {
			t.Errorf("%s: %v", doing, err)
		}
	}
	_, err = c.Session(c.ctx, secret)
	refused("session", err)
	_, err = c.Token(c.ctx, token)
	refused("token", err)
	_, err = c.OpenSession(c.ctx, c.bruno.ID, "", false)
	refused("another session", err)
	_, err = c.Reply(c.ctx, c.bruno, idea.ID, board.NewComment{Body: "x"}, "")
	refused("a verb under way", err)
	if x, err := c.Suspended(c.ctx, c.bruno.ID); err != nil || x == nil || x.ID != id {
		t.Errorf("suspended: %+v, %v", x, err)
	}
	c.clean()
	c.clock.Add(time.Hour.Microseconds())
	if x, err := c.Suspended(c.ctx, c.bruno.ID); err != nil || x != nil {
		t.Errorf("suspended still: %+v, %v", x, err)
	}
	c.do(c.OpenSession(c.ctx, c.bruno.ID, "", false))
	c.do(c.Token(c.ctx, token)) // the program goes on
	if _, err := c.sanctioned(c.mod, sanctionIn{person: c.bruno.ID, kind: board.Suspension}); err != nil {
		t.Fatal(err)
	}
	c.do(c.write(c.ctx, c.admin.ID, func(tx *Tx) error { return tx.lift(id + 1) }))
	c.do(c.OpenSession(c.ctx, c.bruno.ID, "", false))
	c.clean()
}

func TestSlowModeLeavesTimeBetweenComments(t *testing.T) {
	c := newCompany(t)
	idea := c.idea(c.anna, c.open, "Una")
	c.recorded(func() { c.do(c.SlowIdea(c.ctx, c.mod, idea.ID, 10)) }, board.IdeaSlowed, board.DecisionMade)
	if j := c.concerns(c.anna); j.Action != board.Slow || j.AppealBy == nil {
		t.Errorf("the author of the idea reads %+v", j)
	}
	c.recorded(func() { c.do(c.SlowIdea(c.ctx, c.mod, idea.ID, 10)) })
	_, err := c.SlowIdea(c.ctx, c.anna, idea.ID, 0)
	wants(t, err, board.Forbidden, "")
	c.reply(c.bruno, idea.ID, nil, "uno")
	_, err = c.Reply(c.ctx, c.bruno, idea.ID, board.NewComment{Body: "due"}, "")
	wants(t, err, board.TooMany, "")
	c.reply(c.anna, idea.ID, nil, "un'altra persona")
	c.reply(c.mod, idea.ID, nil, "chi modera")
	c.reply(c.mod, idea.ID, nil, "non aspetta")
	c.clock.Add((10 * time.Minute).Microseconds())
	c.reply(c.bruno, idea.ID, nil, "due")
	c.clean()
}
