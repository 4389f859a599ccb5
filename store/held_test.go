package store

import (
	"errors"
	"strings"
	"testing"
	"time"

	"convivio/store/board"
)

// waits fails the test unless err says that a post is held, and gives it.
func waits(t *testing.T, err error) board.Held {
	t.Helper()
	var h *board.Held
	if !errors.As(err, &h) {
		t.Fatalf("the post does not wait: %v", err)
	}
	return *h
}

func (c *company) rule(r board.NewRule) board.Rule {
	c.t.Helper()
	made, err := c.AddRule(c.ctx, c.admin, r, "")
	if err != nil {
		c.t.Fatal(err)
	}
	return made
}

func TestWordsThatPostsWaitFor(t *testing.T) {
	folded := func(kind board.RuleKind, words string) []foldedRule {
		return []foldedRule{foldRule(board.Rule{Kind: kind, Words: words})}
	}
	for _, tt := range []struct {
		kind            board.RuleKind
		words           string
		typed, rendered string
		caught          bool
	}{
		{board.WordRule, "casa", "La CASA è qui.", "", true},
		{board.WordRule, "casa", "Un casale antico", "<p>Un casale antico</p>", false},
		{board.WordRule, "casa", "rincasare", "", false},
		{board.WordRule, "perché no", "Perche  no?", "", true},
		{board.WordRule, "perché no", "perché mai no", "", false},
		{board.WordRule, "casa", "ca**s**a", "<p>ca<strong>s</strong>a</p>", true},
		{board.WordRule, "casa", "ca\u00adsa", "", true},
		{board.WordRule, "casa", "ｃａｓａ", "", true},
		{board.WordRule, "ansa", "due\n\nansa", "<p>due</p><p>ansa</p>", true},
		{board.WordRule, "dueansa", "due\n\nansa", "<p>due</p><p>ansa</p>", false},
		{board.WordRule, "c++", "in C si può", "", true}, // signs are no words: c++ is c
		{board.LinkRule, "", "", `<a href="https://example.org/x">x</a>`, true},
		{board.LinkRule, "example.org", "", `<a href="https://www.Example.org/x">x</a>`, false},
		{board.LinkRule, "example.org", "", `<a href="https://notexample.org/x">x</a>`, true},
		{board.LinkRule, "example.org", "", `<a href="https://example.org@evil.test/">x</a>`, true},
		{board.LinkRule, "example.org", "", `<a href="/ideas/1">x</a> <a href="#c1">y</a> <a href="mailto:a@b.it">z</a>`, false},
	} {
		if got := len(caught(folded(tt.kind, tt.words), tt.typed, tt.rendered)) > 0; got != tt.caught {
			t.Errorf("%s %q in %q %s: caught %t", tt.kind, tt.words, tt.typed, tt.rendered, got)
		}
	}
}

func TestAHeldPostIsNowhereUntilItIsLetThrough(t *testing.T) {
	c := newCompany(t)
	idea := c.idea(c.anna, c.open, "Biciclette")
	c.rule(board.NewRule{Kind: board.WordRule, Words: "zafferano"})
	before := c.Head()
	_, err := c.Reply(c.ctx, c.bruno, idea.ID, board.NewComment{Body: "Lo zafferano giallo"}, "k1")
	held := waits(t, err)
	if held.Rule == nil || held.Rule.Words != "zafferano" || held.State != board.HeldWaiting || held.Idea != idea.ID {
		t.Errorf("held: %+v", held)
	}
	_, err = c.Reply(c.ctx, c.bruno, idea.ID, board.NewComment{Body: "Lo zafferano giallo"}, "k1")
	if again := waits(t, err); again.ID != held.ID {
		t.Errorf("the same form sent twice waits twice: %d and %d", held.ID, again.ID)
	}
	_, err = c.AddIdea(c.ctx, c.bruno, c.open, board.NewIdea{Title: "Zafferano in mensa"}, "k2")
	heldIdea := waits(t, err)
	c.do(c.Reply(c.ctx, c.mod, idea.ID, board.NewComment{Body: "zafferano, dice chi modera"}, "")) // who moderates does not wait
	entries, err := c.Entries(c.ctx, before, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Actor.ID == c.bruno.ID && (e.Kind.Audience() != board.Nobody || e.Idea != 0) {
			t.Errorf("%s tells of what waits", e.Kind)
		}
	}
	if now, err := c.Idea(c.ctx, c.anna, idea.ID); err != nil || now.Comments != 1 {
		t.Errorf("%d comments are counted, %v", now.Comments, err)
	}
	for _, who := range []board.Who{c.anna, c.guest, c.person("Carla Neri", board.Employee)} {
		_, err := c.Held(c.ctx, who, held.ID)
		wants(t, err, board.NotFound, "")
	}
	if list, err := c.HeldOf(c.ctx, c.bruno, 0); err != nil || len(list) != 2 {
		t.Errorf("one's own list: %+v, %v", list, err)
	}
	body := "Lo zafferano rosso"
	c.do(c.EditHeld(c.ctx, c.bruno, held.ID, board.HeldChange{Body: &body}))
	_, err = c.EditHeld(c.ctx, c.anna, held.ID, board.HeldChange{Body: &body})
	wants(t, err, board.NotFound, "")

	c.do(c.decideHeld(c.mod, held.ID, board.Approve))
	list, err := c.Comments(c.ctx, c.anna, idea.ID, board.OldestFirst, 10, "")
	if err != nil || len(list.Items) != 2 || list.Items[1].Body != body || list.Items[1].Author.ID != c.bruno.ID {
		t.Errorf("the thread: %+v, %v", list.Items, err)
	}
	told, err := c.Notices(c.ctx, c.bruno, 10, "")
	if err != nil || told.Unseen != 1 || told.Items[0].Reason != board.Judged || told.Items[0].Action != board.Approve || told.Items[0].Actor.Name != "" {
		t.Errorf("the author is told %+v, %v", told, err)
	}
	posted, err := c.Reply(c.ctx, c.bruno, idea.ID, board.NewComment{Body: "Lo zafferano giallo"}, "k1") // the lost answer comes at last
	if err != nil || posted.Body != body {
		t.Errorf("the same form now gives %+v, %v", posted, err)
	}
	wants(t, c.decideHeldErr(c.admin, held.ID, board.Reject), board.Conflict, "")

	c.do(c.WithdrawHeld(c.ctx, c.bruno, heldIdea.ID))
	if h, err := c.Held(c.ctx, c.bruno, heldIdea.ID); err != nil || h.Title != "" || h.State != board.HeldWithdrawn {
		t.Errorf("withdrawn: %+v, %v", h, err)
	}
	c.clean()
}

// decideHeld decides about a held post as the review page does.
func (c *company) decideHeld(who board.Who, held int64, what board.Action) (int64, error) {
	return c.write(c.ctx, who.ID, func(tx *Tx) error {
		if what == board.Approve {
			return tx.approveHeld(who, held, false)
		}
		return tx.refuseHeld(who, held, board.Advertising, "Non è il posto.")
	})
}

func (c *company) decideHeldErr(who board.Who, held int64, what board.Action) error {
	_, err := c.decideHeld(who, held, what)
	return err
}

func TestFirstPostsWaitUntilTheirAuthorIsKnown(t *testing.T) {
	c := newCompany(t)
	c.do(c.SetFirstPosts(c.ctx, c.admin, board.FirstPosts{Guests: 2}))
	_, err := c.SetFirstPosts(c.ctx, c.mod, board.FirstPosts{})
	wants(t, err, board.Forbidden, "")
	c.do(c.AddMember(c.ctx, c.admin, c.open, c.guest.ID))
	c.idea(c.anna, c.open, "Da chi lavora qui")
	_, err = c.AddIdea(c.ctx, c.guest, c.open, board.NewIdea{Title: "Da un cliente"}, "")
	first := waits(t, err)
	c.do(c.decideHeld(c.mod, first.ID, board.Approve))
	_, err = c.AddIdea(c.ctx, c.guest, c.open, board.NewIdea{Title: "Ancora"}, "")
	second := waits(t, err)
	if second.Rule != nil {
		t.Errorf("it waits for a rule: %+v", second.Rule)
	}
	c.do(c.write(c.ctx, c.mod.ID, func(tx *Tx) error { return tx.approveHeld(c.mod, second.ID, true) }))
	c.idea(c.guest, c.open, "Ora si sa chi è")
	another := c.person("Gaia Fornitrice", board.Guest)
	c.do(c.AddMember(c.ctx, c.admin, c.open, another.ID))
	_, err = c.AddIdea(c.ctx, another, c.open, board.NewIdea{Title: "Anch'io"}, "")
	h := waits(t, err)
	c.do(c.RemoveMember(c.ctx, c.admin, c.open, another.ID))
	wants(t, c.decideHeldErr(c.mod, h.ID, board.Approve), board.Conflict, "")
	c.clean()
}

func TestAnEditDoesNotBringInWhatWaits(t *testing.T) {
	c := newCompany(t)
	idea := c.idea(c.anna, c.open, "Orto")
	said := c.reply(c.anna, idea.ID, nil, "con lo zafferano")
	r := c.rule(board.NewRule{Kind: board.WordRule, Words: "zafferano", Board: c.open})
	c.rule(board.NewRule{Kind: board.LinkRule, Words: "example.com", Board: c.private})
	c.do(c.EditComment(c.ctx, c.anna, said.ID, board.CommentChange{Body: "con lo zafferano e il basilico"})) // it stood there before
	title := "Orto e zafferano"
	_, err := c.EditIdea(c.ctx, c.anna, idea.ID, board.IdeaChange{Title: &title})
	wants(t, err, board.Invalid, "body")
	link := "https://example.org"
	c.do(c.EditIdea(c.ctx, c.anna, idea.ID, board.IdeaChange{Body: &link})) // a rule of another board
	c.do(c.EndRule(c.ctx, c.admin, r.ID))
	c.do(c.EditIdea(c.ctx, c.anna, idea.ID, board.IdeaChange{Title: &title}))
	if catches, err := c.TryRules(c.ctx, c.admin, board.NewRule{Kind: board.WordRule, Words: "orto"}, "Un ORTO!"); err != nil || len(catches) != 1 {
		t.Errorf("a trial catches %+v, %v", catches, err)
	}
	c.clean()
}

func TestWordsThatWereRefusedGoWhenNothingCanBeSaidAnyMore(t *testing.T) {
	c := newCompany(t)
	c.rule(board.NewRule{Kind: board.WordRule, Words: "zafferano"})
	_, err := c.AddIdea(c.ctx, c.bruno, c.open, board.NewIdea{Title: "Zafferano", Body: "CNRY"}, "")
	h := waits(t, err)
	c.do(c.decideHeld(c.mod, h.ID, board.Reject))
	list, err := c.Judgements(c.ctx, c.bruno, 10)
	if err != nil || len(list) != 1 || list[0].Action != board.Reject {
		t.Fatalf("decisions: %+v, %v", list, err)
	}
	j, err := c.Judgement(c.ctx, c.bruno, list[0].ID)
	if err != nil || j.Body != "CNRY" || j.AppealBy == nil || j.Note != "Non è il posto." || j.Rule == nil {
		t.Errorf("judgement: %+v, %v", j, err)
	}
	c.clock.Add(micros(time.UnixMicro(0).Add(board.AppealTime + time.Hour)))
	if err := c.Forget(c.ctx); err != nil {
		t.Fatal(err)
	}
	if j, err = c.Judgement(c.ctx, c.bruno, j.ID); err != nil || strings.Contains(j.Body+j.HTML, "CNRY") || j.AppealBy != nil {
		t.Errorf("judgement: %+v, %v", j, err)
	}
	c.clean()
}
