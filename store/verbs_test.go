package store

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"convivio/store/board"
)

func TestVerbsRecordWhatHappened(t *testing.T) {
	c := newCompany(t)
	var idea board.Idea
	var first board.Comment
	c.recorded(func() { idea = c.idea(c.anna, c.open, "Bici tra gli stabilimenti") }, board.IdeaAdded)
	c.recorded(func() { first = c.reply(c.bruno, idea.ID, nil, "Dodici minuti invece di venticinque.") }, board.CommentAdded)
	c.recorded(func() { c.reply(c.anna, idea.ID, &first.ID, "Misurato?") }, board.CommentAdded)
	c.recorded(func() { c.do(c.EditComment(c.ctx, c.bruno, first.ID, board.CommentChange{Body: "Undici minuti."})) }, board.CommentEdited)
	c.recorded(func() { c.do(c.EditComment(c.ctx, c.bruno, first.ID, board.CommentChange{Body: "Undici minuti."})) })
	c.recorded(func() { c.do(c.Vote(c.ctx, c.bruno, idea.ID)) }, board.VoteCast)
	c.recorded(func() { c.do(c.Vote(c.ctx, c.bruno, idea.ID)) })
	c.recorded(func() { c.do(c.Unvote(c.ctx, c.bruno, idea.ID)) }, board.VoteWithdrawn)
	c.recorded(func() { c.do(c.Unvote(c.ctx, c.bruno, idea.ID)) })
	title := "Biciclette tra gli stabilimenti"
	c.recorded(func() { c.do(c.EditIdea(c.ctx, c.anna, idea.ID, board.IdeaChange{Title: &title})) }, board.IdeaEdited)
	c.recorded(func() {
		c.do(c.Answer(c.ctx, c.mod, idea.ID, board.NewAnswer{Body: "Sì, da maggio.", Cites: []int64{first.ID}}, ""))
	}, board.IdeaAnswered)
	c.recorded(func() {
		c.do(c.MoveIdea(c.ctx, c.mod, idea.ID, c.promise("Bilancio approvato.")))
	}, board.IdeaStaged)
	c.recorded(func() { c.do(c.DeleteComment(c.ctx, c.bruno, first.ID)) }, board.CommentDeleted)
	c.recorded(func() { c.do(c.RestoreComment(c.ctx, c.bruno, first.ID)) }, board.CommentRestored)
	c.recorded(func() { c.do(c.DeleteComment(c.ctx, c.bruno, first.ID)) }, board.CommentDeleted)
	c.recorded(func() { c.do(c.LockIdea(c.ctx, c.mod, idea.ID, true)) }, board.IdeaLocked, board.DecisionMade)
	c.recorded(func() { c.do(c.LockIdea(c.ctx, c.mod, idea.ID, false)) }, board.IdeaUnlocked)
	c.clean()

	got, err := c.Idea(c.ctx, c.bruno, idea.ID)
	if err != nil {
		t.Fatal(err)
	}
	if got.Title != title || got.Votes != 0 || got.Comments != 1 || got.Answers != 1 || got.Stage != board.Planned || got.Body != "Perché no?" {
		t.Errorf("idea reads %+v", got)
	}
	list, err := c.Comments(c.ctx, c.anna, idea.ID, board.Best, 0, "")
	if err != nil || len(list.Items) != 2 || !list.Items[0].Deleted || list.Items[0].Body != "" || list.Items[1].ReplyTo != "Bruno Sala" {
		t.Errorf("thread reads %+v, %v", list.Items, err)
	}
	versions, err := c.IdeaVersions(c.ctx, c.anna, idea.ID)
	if err != nil || len(versions) != 1 || versions[0].Title != "Bici tra gli stabilimenti" {
		t.Errorf("versions are %+v, %v", versions, err)
	}
	c.recorded(func() { c.do(c.DeleteIdea(c.ctx, c.anna, idea.ID)) }, board.IdeaDeleted)
	_, err = c.Idea(c.ctx, c.anna, idea.ID)
	wants(t, err, board.NotFound, "")
	c.clean()
}

func TestWhatBreaksARuleChangesNothing(t *testing.T) {
	c := newCompany(t)
	idea := c.idea(c.anna, c.open, "Una")
	other := c.idea(c.anna, c.open, "Altra")
	elsewhere := c.reply(c.anna, other.ID, nil, "altrove")
	gone := c.reply(c.anna, idea.ID, nil, "via")
	c.do(c.DeleteComment(c.ctx, c.anna, gone.ID))
	locked := c.idea(c.anna, c.open, "Chiusa")
	c.do(c.LockIdea(c.ctx, c.mod, locked.ID, true))
	unknown := int64(999_999)
	comment := func(who board.Who, idea int64, parent *int64, body string) func() error {
		return func() error {
			_, err := c.Reply(c.ctx, who, idea, board.NewComment{Body: body, ParentID: parent}, "")
			return err
		}
	}
	for _, tt := range []struct {
		name  string
		do    func() error
		code  board.Code
		field string
	}{
		{"empty comment", comment(c.anna, idea.ID, nil, " \n\u200b"), board.Invalid, "body"},
		{"over-long comment", comment(c.anna, idea.ID, nil, strings.Repeat("x", board.MaxBody+1)), board.Invalid, "body"},
		{"not UTF-8", comment(c.anna, idea.ID, nil, "a\xff"), board.Invalid, "body"},
		{"control character", comment(c.anna, idea.ID, nil, "a\x00b"), board.Invalid, "body"},
		{"parent of another idea", comment(c.anna, idea.ID, &elsewhere.ID, "x"), board.Invalid, "parent_id"},
		{"parent that never was", comment(c.anna, idea.ID, &unknown, "x"), board.Invalid, "parent_id"},
		{"deleted parent", comment(c.anna, idea.ID, &gone.ID, "x"), board.Conflict, "parent_id"},
		{"locked idea", comment(c.anna, locked.ID, nil, "x"), board.Conflict, "idea"},
		{"unknown idea", comment(c.anna, unknown, nil, "x"), board.NotFound, ""},
		{"guest on an open board", comment(c.guest, idea.ID, nil, "x"), board.NotFound, ""},
		{"vote on a locked idea", func() error { _, err := c.Vote(c.ctx, c.bruno, locked.ID); return err }, board.Conflict, "idea"},
		{"edit by another", func() error {
			_, err := c.EditComment(c.ctx, c.bruno, elsewhere.ID, board.CommentChange{Body: "x"})
			return err
		}, board.Forbidden, ""},
		{"edit of a deleted comment", func() error {
			_, err := c.EditComment(c.ctx, c.anna, gone.ID, board.CommentChange{Body: "x"})
			return err
		}, board.Conflict, "comment"},
		{"delete by another", func() error { _, err := c.DeleteComment(c.ctx, c.bruno, elsewhere.ID); return err }, board.Forbidden, ""},
		{"answer by an employee", func() error {
			_, err := c.Answer(c.ctx, c.anna, idea.ID, board.NewAnswer{Body: "x"}, "")
			return err
		}, board.Forbidden, ""},
		{"answer citing another idea's comment", func() error {
			_, err := c.Answer(c.ctx, c.mod, idea.ID, board.NewAnswer{Body: "x", Cites: []int64{elsewhere.ID}}, "")
			return err
		}, board.Invalid, "cites"},
		{"stage by an employee", func() error {
			_, err := c.MoveIdea(c.ctx, c.bruno, idea.ID, board.Move{Stage: board.Done})
			return err
		}, board.Forbidden, ""},
		{"unknown stage", func() error {
			_, err := c.MoveIdea(c.ctx, c.mod, idea.ID, board.Move{Stage: "great"})
			return err
		}, board.Invalid, "stage"},
		{"taken slug", func() error {
			_, err := c.AddBoard(c.ctx, c.admin, board.NewBoard{Slug: c.open, Name: "x"}, "")
			return err
		}, board.Conflict, "slug"},
		{"board by a moderator", func() error {
			_, err := c.AddBoard(c.ctx, c.mod, board.NewBoard{Slug: "nuova", Name: "x"}, "")
			return err
		}, board.Forbidden, ""},
		{"empty title", func() error {
			_, err := c.AddIdea(c.ctx, c.anna, c.open, board.NewIdea{Title: "\t"}, "")
			return err
		}, board.Invalid, "title"},
		{"over-long title", func() error {
			_, err := c.AddIdea(c.ctx, c.anna, c.open, board.NewIdea{Title: strings.Repeat("è", board.MaxTitle+1)}, "")
			return err
		}, board.Invalid, "title"},
		{"cursor of another list", func() error {
			_, err := c.Comments(c.ctx, c.anna, idea.ID, board.Best, 1, "bm9wZQ")
			return err
		}, board.Invalid, "cursor"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before := c.Head()
			wants(t, tt.do(), tt.code, tt.field)
			if c.Head() != before {
				t.Error("something was recorded")
			}
		})
	}
	c.clean()
}

func TestAPrivateBoardIsNotThereForOthers(t *testing.T) {
	c := newCompany(t)
	idea := c.idea(c.anna, c.private, "Segreta")
	comment := c.reply(c.mod, idea.ID, nil, "riservato")
	openIdea := c.idea(c.bruno, c.open, "Pubblica")
	for _, who := range []board.Who{c.bruno, c.guest} {
		_, err := c.Board(c.ctx, who, c.private)
		wants(t, err, board.NotFound, "")
		_, err = c.Idea(c.ctx, who, idea.ID)
		wants(t, err, board.NotFound, "")
		_, err = c.Comment(c.ctx, who, comment.ID)
		wants(t, err, board.NotFound, "")
		_, err = c.Vote(c.ctx, who, idea.ID)
		wants(t, err, board.NotFound, "")
		ev, err := c.Events(c.ctx, who, 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range ev.Items {
			if e.Board == c.private || e.Idea == idea.ID {
				t.Errorf("%s hears of %+v", who.Name, e)
			}
		}
	}
	// An admin who is no member sees nothing either; guests see no open board.
	other := c.person("Altro Admin", board.Employee, board.Admin)
	_, err := c.Idea(c.ctx, other, idea.ID)
	wants(t, err, board.NotFound, "")
	_, err = c.Idea(c.ctx, c.guest, openIdea.ID)
	wants(t, err, board.NotFound, "")
	c.do(c.AddMember(c.ctx, c.mod, c.open, c.guest.ID))
	if _, err := c.Idea(c.ctx, c.guest, openIdea.ID); err != nil {
		t.Error("a guest who is a member does not see the board:", err)
	}
	c.do(c.RemoveMember(c.ctx, c.mod, c.private, c.anna.ID))
	_, err = c.Idea(c.ctx, c.anna, idea.ID)
	wants(t, err, board.NotFound, "")
	c.do(c.RemoveMember(c.ctx, c.mod, c.private, c.admin.ID))
	_, err = c.RemoveMember(c.ctx, c.mod, c.private, c.mod.ID)
	wants(t, err, board.Conflict, "person")
}

func TestTheSameRequestTwiceHappensOnce(t *testing.T) {
	c := newCompany(t)
	in := board.NewIdea{Title: "Una volta sola"}
	a, err := c.AddIdea(c.ctx, c.anna, c.open, in, "k1")
	c.do(a, err)
	b, err := c.AddIdea(c.ctx, c.anna, c.open, in, "k1")
	c.do(b, err)
	if a.ID != b.ID {
		t.Errorf("two ideas, %d and %d", a.ID, b.ID)
	}
	_, err = c.AddIdea(c.ctx, c.anna, c.open, board.NewIdea{Title: "Altro testo"}, "k1")
	wants(t, err, board.Conflict, "Idempotency-Key")
	if other, err := c.AddIdea(c.ctx, c.bruno, c.open, in, "k1"); err != nil || other.ID == a.ID {
		t.Errorf("another person's key: idea %d, %v", other.ID, err)
	}
	var wg sync.WaitGroup
	ids := make([]int64, 20)
	for i := range ids {
		wg.Go(func() {
			m, err := c.Reply(c.ctx, c.anna, a.ID, board.NewComment{Body: "Doppio clic"}, "k2")
			if err != nil {
				t.Error(err)
			}
			ids[i] = m.ID
		})
	}
	wg.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Fatalf("comments %v, want one", ids)
		}
	}
	c.clean()
}

func TestVotesOfOnePersonAtOnceCountOnce(t *testing.T) {
	c := newCompany(t)
	idea := c.idea(c.anna, c.open, "Voti")
	var wg sync.WaitGroup
	for n := range 200 {
		wg.Go(func() {
			if n%3 == 2 {
				_, err := c.Unvote(c.ctx, c.bruno, idea.ID)
				c.do(nil, err)
				return
			}
			_, err := c.Vote(c.ctx, c.bruno, idea.ID)
			c.do(nil, err)
		})
	}
	wg.Wait()
	v, err := c.Vote(c.ctx, c.bruno, idea.ID)
	if err != nil || v.Votes != 1 || !v.Voted {
		t.Errorf("votes %+v, %v", v, err)
	}
	entries, err := c.Entries(c.ctx, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if (e.Kind == board.VoteCast || e.Kind == board.VoteWithdrawn) && e.Actor.ID != 0 {
			t.Fatal("the log says who voted")
		}
	}
	c.clean()
}

func TestListsPageThroughEverythingOnce(t *testing.T) {
	c := newCompany(t)
	const n = 23
	for i := range n {
		idea := c.idea(c.anna, c.open, fmt.Sprintf("Idea %d", i))
		if i%3 == 0 {
			c.do(c.Vote(c.ctx, c.bruno, idea.ID))
		}
		if i%4 == 0 {
			c.do(c.Answer(c.ctx, c.mod, idea.ID, board.NewAnswer{Body: "Sì"}, ""))
		}
	}
	for _, sort := range board.IdeaSorts {
		seen := map[int64]bool{}
		after, pages := "", 0
		for {
			l, err := c.Ideas(c.ctx, c.bruno, Listing{Board: c.open, Sort: sort, Limit: 5, Cursor: after})
			if err != nil {
				t.Fatal(err)
			}
			for _, i := range l.Items {
				if seen[i.ID] {
					t.Errorf("%s: idea %d twice", sort, i.ID)
				}
				seen[i.ID] = true
			}
			if pages++; l.Next == "" {
				break
			}
			after = l.Next
		}
		want := n
		if sort == board.Unanswered {
			want = n - 6
		}
		if len(seen) != want || pages < 4 {
			t.Errorf("%s: %d ideas in %d pages, want %d", sort, len(seen), pages, want)
		}
	}
}

func TestThreadsReadInOrder(t *testing.T) {
	c := newCompany(t)
	idea := c.idea(c.anna, c.open, "Discussione")
	a := c.reply(c.anna, idea.ID, nil, "a")
	b := c.reply(c.bruno, idea.ID, nil, "b")
	d := c.reply(c.mod, idea.ID, nil, "d")
	b1 := c.reply(c.anna, idea.ID, &b.ID, "b1")
	b2 := c.reply(c.mod, idea.ID, &b.ID, "b2")
	c.reply(c.mod, idea.ID, &b.ID, "b3") // the same person again counts once
	b11 := c.reply(c.bruno, idea.ID, &b1.ID, "b11")
	c.do(c.Answer(c.ctx, c.mod, idea.ID, board.NewAnswer{Body: "Sì", Cites: []int64{d.ID}}, ""))
	bodies := func(order board.CommentSort, limit int) string {
		var out []string
		for after := ""; ; {
			l, err := c.Comments(c.ctx, c.anna, idea.ID, order, limit, after)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range l.Items {
				out = append(out, m.Body)
			}
			if after = l.Next; after == "" {
				return strings.Join(out, " ")
			}
		}
	}
	for order, want := range map[board.CommentSort]string{
		board.Best:        "d b b1 b11 b2 b3 a",
		board.OldestFirst: "a b b1 b11 b2 b3 d",
		board.NewestFirst: "d b b3 b2 b1 b11 a",
	} {
		for _, limit := range []int{2, 100} {
			if got := bodies(order, limit); got != want {
				t.Errorf("%s by %d: %q, want %q", order, limit, got, want)
			}
		}
	}
	if got, _ := c.Comment(c.ctx, c.anna, b11.ID); got.Depth != 2 || got.ReplyTo != "Anna Gatti" {
		t.Errorf("b11 is %+v", got)
	}
	shape, err := c.ShapeOf(c.ctx, idea.ID, board.OldestFirst)
	if err != nil {
		t.Fatal(err)
	}
	at, _ := shape.Find(b2.ID)
	l, err := c.Comments(c.ctx, c.anna, idea.ID, board.OldestFirst, 3, shape.Cursor(shape.PieceWith(at, 3)))
	if err != nil || len(l.Items) == 0 || l.Items[0].Body != "b2" && l.Items[0].Body != "b" {
		t.Errorf("the piece with b2 begins with %+v, %v", l.Items, err)
	}
	_ = a
	c.clean()
}

func TestKeysAreForgottenAfterEightDays(t *testing.T) {
	c := newCompany(t)
	in := board.NewIdea{Title: "Una volta"}
	first, err := c.AddIdea(c.ctx, c.anna, c.open, in, "k")
	c.do(first, err)
	c.do(nil, c.Forget(c.ctx))
	again, err := c.AddIdea(c.ctx, c.anna, c.open, in, "k")
	c.do(again, err)
	if again.ID != first.ID {
		t.Error("the key was forgotten at once")
	}
	c.clock.Add((7*24*time.Hour + time.Hour).Microseconds())
	c.do(nil, c.Forget(c.ctx))
	waited, err := c.AddIdea(c.ctx, c.anna, c.open, in, "k")
	c.do(waited, err)
	if waited.ID != first.ID {
		t.Error("the key was forgotten while a device may still wait with sending it")
	}
	c.clock.Add((24 * time.Hour).Microseconds())
	c.do(nil, c.Forget(c.ctx))
	later, err := c.AddIdea(c.ctx, c.anna, c.open, in, "k")
	c.do(later, err)
	if later.ID == first.ID {
		t.Error("the key is still kept after eight days")
	}
}

func TestAPermalinkLandsInsideALongFirstBranch(t *testing.T) {
	c := newCompany(t)
	idea := c.idea(c.anna, c.open, "Lunga")
	var parent *int64
	var last board.Comment
	for n := range 13 {
		last = c.reply(c.anna, idea.ID, parent, fmt.Sprint("n", n))
		parent = &last.ID
	}
	shape, err := c.ShapeOf(c.ctx, idea.ID, board.Best)
	c.do(nil, err)
	at, _ := shape.Find(last.ID)
	l, err := c.Comments(c.ctx, c.anna, idea.ID, board.Best, 5, shape.Cursor(shape.PieceWith(at, 5)))
	if err != nil || len(l.Items) == 0 || l.Items[0].ID != last.ID {
		t.Errorf("the piece is %+v, %v", l.Items, err)
	}
}

func TestDeletingAnIdeaErasesWhatHangsOnIt(t *testing.T) {
	c := newCompany(t)
	idea := c.idea(c.anna, c.open, "Via")
	m := c.reply(c.bruno, idea.ID, nil, "CNRY uno")
	c.do(c.EditComment(c.ctx, c.bruno, m.ID, board.CommentChange{Body: "CNRY due"}))
	c.do(c.Answer(c.ctx, c.mod, idea.ID, board.NewAnswer{Body: "CNRY tre"}, ""))
	c.do(c.MoveIdea(c.ctx, c.mod, idea.ID, board.Move{Stage: board.Done, Reason: "CNRY quattro", Measured: "CNRY cinque"}))
	c.do(c.DeleteIdea(c.ctx, c.anna, idea.ID))
	var left int
	err := c.readDB.QueryRow(`
		SELECT (SELECT COUNT(*) FROM comment WHERE body <> '' OR html <> '') + (SELECT COUNT(*) FROM comment_version)
		     + (SELECT COUNT(*) FROM answer WHERE body <> '' OR html <> '') + (SELECT COUNT(*) FROM stage_change WHERE reason <> '' OR measured <> '')`).Scan(&left)
	if err != nil || left != 0 {
		t.Errorf("%d texts are left, %v", left, err)
	}
	c.clean()
}

func TestAnEditKeepsTheLanguageOfTheWhole(t *testing.T) {
	c := newCompany(t)
	i, err := c.AddIdea(c.ctx, c.anna, c.open, board.NewIdea{Title: "Le nuove lavastoviglie della mensa sono ancora da ordinare"}, "")
	c.do(i, err)
	body := "Budget 4.000"
	got, err := c.EditIdea(c.ctx, c.anna, i.ID, board.IdeaChange{Body: &body})
	if err != nil || got.Lang != "it" {
		t.Errorf("language %q, %v", got.Lang, err)
	}
}

func TestDeletedWordsLeaveTheFiles(t *testing.T) {
	c := newCompany(t)
	idea := c.idea(c.anna, c.open, "Resta")
	m := c.reply(c.bruno, idea.ID, nil, "CNRYparola da togliere")
	stands := func() (where []string) {
		for _, name := range []string{"convivio.db", "convivio.db-wal"} {
			b, err := os.ReadFile(c.path(name))
			c.do(nil, err)
			if strings.Contains(string(b), "CNRYparola") {
				where = append(where, name)
			}
		}
		return where
	}
	if len(stands()) == 0 {
		t.Error("the words stand in no file: the test looks in the wrong place")
	}
	c.do(c.DeleteComment(c.ctx, c.bruno, m.ID))
	c.later(time.Minute) // in which it can be taken back
	c.do(nil, c.ForgetRemoved(c.ctx))
	c.do(nil, c.Forget(c.ctx))
	if left := stands(); len(left) > 0 {
		t.Errorf("deleted words still stand in %v", left)
	}
}
