package store

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"convivio/store/board"
)

// tell runs the follower of notices until the test ends.
func (c *company) tell() {
	c.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- c.RunNotices(ctx) }()
	c.t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			c.t.Error(err)
		}
	})
}

// told waits for the follower and writes down what somebody was told, oldest
// first: the reason, the idea and, where there is one, the comment.
func (c *company) told(who board.Who) string {
	c.t.Helper()
	if err := c.WaitNotices(c.ctx, c.Head()); err != nil {
		c.t.Fatal(err)
	}
	list, err := c.Notices(c.ctx, who, 100, "")
	if err != nil {
		c.t.Fatal(err)
	}
	var out []string
	unseen := 0
	for _, n := range list.Items {
		line := fmt.Sprintf("%s %d", n.Reason, n.Idea)
		if n.Comment != 0 {
			line += fmt.Sprintf("/%d", n.Comment)
		}
		if n.Others > 0 {
			line += fmt.Sprintf("+%d", n.Others)
		}
		if n.Seen {
			line += " seen"
		} else {
			unseen++
		}
		out = append([]string{line}, out...)
	}
	if list.Unseen != unseen {
		c.t.Errorf("%d are unseen, the count says %d", unseen, list.Unseen)
	}
	return strings.Join(out, ", ")
}

// hears fails the test unless somebody was told just this.
func (c *company) hears(who board.Who, want ...string) {
	c.t.Helper()
	if got := c.told(who); got != strings.Join(want, ", ") {
		c.t.Errorf("%s was told %q, want %q", who.Name, got, strings.Join(want, ", "))
	}
}

func TestPeopleAreToldWhatIsForThem(t *testing.T) {
	c := newCompany(t)
	c.tell()
	idea := c.idea(c.anna, c.open, "Bici tra gli stabilimenti") // 1
	c.do(c.FollowBoard(c.ctx, c.mod, c.open))
	other := c.idea(c.bruno, c.open, "Pane fresco") // 2
	c.hears(c.mod, "posted 2")
	c.hears(c.bruno)
	first := c.reply(c.bruno, idea.ID, nil, "Dodici minuti.")
	c.hears(c.anna, "commented 1/1")
	c.reply(c.mod, idea.ID, &first.ID, "Misurati?")
	c.reply(c.admin, idea.ID, nil, "Anche io.")
	c.hears(c.anna, "commented 1/1+2") // one line for all of them
	c.hears(c.bruno, "replied 1/2", "commented 1/3")
	c.hears(c.mod, "posted 2", "commented 1/3")
	c.reply(c.anna, idea.ID, nil, "Grazie @bruno.sala e @mara.conti, anche a @anna.gatti e a @nessuno.")
	c.hears(c.bruno, "replied 1/2", "commented 1/3+1", "mentioned 1/4")
	c.hears(c.anna, "commented 1/1+2") // nobody is told of their own acts
	c.do(c.Vote(c.ctx, c.admin, other.ID))
	c.do(c.Answer(c.ctx, c.mod, other.ID, board.NewAnswer{Body: "Sì."}, ""))
	c.do(c.MoveIdea(c.ctx, c.mod, other.ID, c.promise("")))
	c.hears(c.admin, "commented 1/4", "answered 2", "moved 2")
	c.do(c.Answer(c.ctx, c.mod, idea.ID, board.NewAnswer{Body: "Da maggio, @ada.riva.", Cites: []int64{first.ID}}, ""))
	c.hears(c.bruno, "replied 1/2", "commented 1/3+1", "mentioned 1/4", "answered 2", "moved 2", "cited 1")
	c.hears(c.admin, "commented 1/4", "answered 2", "moved 2", "mentioned 1")
	c.hears(c.guest)
}

func TestWhoStopsFollowingIsLeftInPeace(t *testing.T) {
	c := newCompany(t)
	c.tell()
	idea := c.idea(c.anna, c.open, "Una")
	first := c.reply(c.bruno, idea.ID, nil, "prima")
	c.do(c.UnfollowIdea(c.ctx, c.bruno, idea.ID))
	c.do(c.Vote(c.ctx, c.bruno, idea.ID))
	c.reply(c.anna, idea.ID, &first.ID, "rispondo")
	c.reply(c.bruno, idea.ID, nil, "scrivo ancora") // does not follow again by itself
	c.reply(c.anna, idea.ID, nil, "e ancora")
	c.do(c.MoveIdea(c.ctx, c.mod, idea.ID, c.promise("")))
	c.hears(c.bruno)
	called := c.reply(c.anna, idea.ID, nil, "@bruno.sala?")
	c.hears(c.bruno, fmt.Sprintf("mentioned 1/%d", called.ID))
	c.do(c.FollowIdea(c.ctx, c.bruno, idea.ID))
	c.do(c.FollowIdea(c.ctx, c.bruno, idea.ID))
	last := c.reply(c.anna, idea.ID, nil, "di nuovo")
	c.hears(c.bruno, fmt.Sprintf("mentioned 1/%d", called.ID), fmt.Sprintf("commented 1/%d", last.ID))
	if got, err := c.Idea(c.ctx, c.bruno, idea.ID); err != nil || !got.Followed {
		t.Errorf("followed is %v, %v", got.Followed, err)
	}
}

func TestEditsTellNobodyTwice(t *testing.T) {
	c := newCompany(t)
	c.tell()
	idea := c.idea(c.anna, c.open, "Una")
	said := c.reply(c.anna, idea.ID, nil, "Ciao @bruno.sala")
	c.hears(c.bruno, "mentioned 1/1")
	edit := func(body string) {
		t.Helper()
		c.do(c.EditComment(c.ctx, c.anna, said.ID, board.CommentChange{Body: body}))
	}
	edit("Ciao @bruno.sala e @mara.conti")
	c.hears(c.bruno, "mentioned 1/1")
	c.hears(c.mod, "mentioned 1/1")
	edit("Ciao a tutti")
	edit("Ciao @bruno.sala, @mara.conti e @ada.riva")
	c.hears(c.bruno, "mentioned 1/1")
	c.hears(c.mod, "mentioned 1/1")
	c.hears(c.admin, "mentioned 1/1")
	body := "Chiedo a @bruno.sala"
	c.do(c.EditIdea(c.ctx, c.anna, idea.ID, board.IdeaChange{Body: &body}))
	c.hears(c.bruno, "mentioned 1/1", "mentioned 1")
	title := "Due"
	c.do(c.EditIdea(c.ctx, c.anna, idea.ID, board.IdeaChange{Title: &title}))
	c.hears(c.bruno, "mentioned 1/1", "mentioned 1")
}

func TestNobodyIsToldOfWhatTheyMayNotSee(t *testing.T) {
	c := newCompany(t)
	c.tell()
	idea := c.idea(c.anna, c.private, "Segreta")
	c.reply(c.mod, idea.ID, nil, "Lo sapranno @bruno.sala, @gino.cliente, @ada.riva e @anna.gatti")
	c.hears(c.bruno) // no member: told nothing when the row is made
	c.hears(c.guest)
	c.hears(c.anna, "mentioned 1/1")
	c.do(c.AddMember(c.ctx, c.mod, c.private, c.bruno.ID))
	c.hears(c.bruno) // and history stays history
	c.do(c.FollowIdea(c.ctx, c.bruno, idea.ID))
	c.reply(c.mod, idea.ID, nil, "Benvenuto @bruno.sala")
	c.hears(c.bruno, "mentioned 1/2")
	c.do(c.RemoveMember(c.ctx, c.mod, c.private, c.bruno.ID))
	c.hears(c.bruno) // nor when it is shown
	if _, err := c.SeeNotice(c.ctx, c.bruno, c.Head()-1); err == nil {
		t.Error("a notice of a board that was left can be opened")
	}
	c.do(c.AddMember(c.ctx, c.mod, c.private, c.bruno.ID))
	c.hears(c.bruno, "mentioned 1/2")
	c.do(c.DeleteComment(c.ctx, c.mod, 2))
	c.hears(c.bruno)
	c.hears(c.anna, "mentioned 1/1")
	_, err := c.FollowIdea(c.ctx, c.guest, idea.ID)
	wants(t, err, board.NotFound, "")
	_, err = c.FollowBoard(c.ctx, c.guest, c.private)
	wants(t, err, board.NotFound, "")
}

func TestWhatWasReadIsSeen(t *testing.T) {
	c := newCompany(t)
	c.tell()
	idea := c.idea(c.anna, c.open, "Una")
	c.reply(c.bruno, idea.ID, nil, "prima")
	c.hears(c.anna, "commented 1/1")
	if err := c.SeeIdea(c.ctx, c.anna, idea.ID, c.Head()); err != nil {
		t.Fatal(err)
	}
	c.hears(c.anna, "commented 1/1 seen")
	said := c.reply(c.bruno, idea.ID, nil, "seconda")
	c.hears(c.anna, "commented 1/1 seen", "commented 1/2")
	if n, err := c.SeeNotice(c.ctx, c.anna, said.Seq); err != nil || n.Comment != said.ID || n.Actor.Name != "Bruno Sala" || n.Excerpt != "seconda" || !n.Own {
		t.Errorf("opened %+v, %v", n, err)
	}
	_, err := c.SeeNotice(c.ctx, c.bruno, said.Seq)
	wants(t, err, board.NotFound, "") // somebody else's
	c.hears(c.anna, "commented 1/1 seen", "commented 1/2 seen")
	last := c.reply(c.bruno, idea.ID, nil, "terza @anna.gatti")
	c.reply(c.bruno, idea.ID, nil, "quarta")
	c.told(c.anna)
	if err := c.SeeNotices(c.ctx, c.anna, last.Seq); err != nil { // a list read before the fourth
		t.Fatal(err)
	}
	c.hears(c.anna, "commented 1/1 seen", "commented 1/2 seen", "mentioned 1/3 seen", "commented 1/4")
}

func TestThrownAwayNoticesComeBackTheSame(t *testing.T) {
	c := newCompany(t)
	dir := c.Dir()
	c.do(c.FollowBoard(c.ctx, c.mod, c.open))
	idea := c.idea(c.anna, c.open, "Una @mara.conti")
	for i := range 30 {
		who := []board.Who{c.bruno, c.mod, c.admin, c.anna}[i%4]
		var parent *int64
		if i > 5 && i%3 == 0 {
			id := int64(i - 4)
			parent = &id
		}
		c.reply(who, idea.ID, parent, fmt.Sprintf("%d per @bruno.sala", i))
	}
	c.do(c.Answer(c.ctx, c.mod, idea.ID, board.NewAnswer{Body: "Sì @ada.riva", Cites: []int64{1, 2}}, ""))
	c.do(c.MoveIdea(c.ctx, c.mod, idea.ID, board.Move{Stage: board.Done, Reason: "Fatta.", Measured: "Si vede."}))
	everybody := func() (out string) {
		for _, who := range []board.Who{c.anna, c.bruno, c.mod, c.admin, c.guest} {
			out += who.Name + ": " + c.told(who) + "\n"
		}
		return out
	}
	run := func(work func() string) string {
		t.Helper()
		ctx, stop := context.WithCancel(c.ctx)
		done := make(chan error, 1)
		go func() { done <- c.RunNotices(ctx) }()
		out := work()
		stop()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		return out
	}
	want := run(everybody)
	if !strings.Contains(want, "cited") || !strings.Contains(want, "moved") || !strings.Contains(want, "mentioned") {
		t.Fatalf("too little happened: %s", want)
	}
	again := func(how string, before ...statement) {
		t.Helper()
		if err := c.note(c.ctx, before...); err != nil {
			t.Fatal(err)
		}
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
		c.Store = c.reopen(dir)
		if got := run(everybody); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", how, got, want)
		}
	}
	again("after a restart")
	again("with the cursor lost", statement{`DELETE FROM follower WHERE name = 'notices'`, nil})
	again("with a crash in the middle", statement{`UPDATE follower SET seq = 12 WHERE name = 'notices'`, nil}, statement{`DELETE FROM notice WHERE seq > 20`, nil})
	again("from nothing", statement{`DELETE FROM follower WHERE name = 'notices'`, nil}, statement{`DELETE FROM notice`, nil})
	c.clean()
}

func TestHistoryIsNoNews(t *testing.T) {
	c := newCompany(t)
	idea := c.idea(c.anna, c.open, "Una")
	old := c.reply(c.bruno, idea.ID, nil, "vecchio")
	c.clock.Add((newsAge + time.Hour).Microseconds())
	im := c.ImportFrom("altrove")
	when := time.UnixMicro(c.clock.Load())
	c.do(im.Boards(c.ctx, []ImportBoard{{Ref: "b", Name: "Altrove"}}))
	c.do(im.People(c.ctx, []ImportPerson{{Ref: "p", Name: "Pia Lontana"}, {Ref: "q", Name: "Quinto"}}))
	c.do(c.FollowBoard(c.ctx, c.anna, "altrove"))
	c.do(im.Ideas(c.ctx, []Rendered[ImportIdea]{RenderIdea(ImportIdea{Ref: "i", Board: "b", Author: "p", Title: "Da lontano", Body: "@anna.gatti", At: when})}))
	c.do(im.Comments(c.ctx, []Rendered[ImportComment]{RenderComment(ImportComment{Ref: "c", Idea: "i", Author: "q", Body: "@anna.gatti", At: when})}))
	c.tell()
	c.hears(c.anna)
	fresh := c.reply(c.bruno, idea.ID, &old.ID, "nuovo")
	c.hears(c.anna, fmt.Sprintf("commented 1/%d", fresh.ID))
	c.clock.Add((noticesKept + time.Hour).Microseconds())
	if err := c.Forget(c.ctx); err != nil {
		t.Fatal(err)
	}
	c.hears(c.anna)
}
