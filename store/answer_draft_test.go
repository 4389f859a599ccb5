package store

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"convivio/store/board"
)

// owns makes people owners of a board.
func (c *company) owns(slug string, people ...board.Who) {
	c.t.Helper()
	_, err := c.write(c.ctx, c.admin.ID, func(tx *Tx) error {
		id, err := tx.boardFor(c.admin, slug)
		if err != nil {
			return err
		}
		if _, err := tx.exec(`DELETE FROM board_role WHERE board_id = $1`, id); err != nil {
			return err
		}
		for _, p := range people {
			if _, err := tx.exec(`INSERT INTO board_role (board_id, role, person_id) VALUES ($1, 'owner', $2)`, id, p.ID); err != nil {
				return err
			}
		}
		_, err = tx.record(board.BoardChanged, about{board: id})
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
}

// now reads somebody's rights as a session would.
func (c *company) now(w board.Who) board.Who {
	c.t.Helper()
	w, err := c.Store.who(c.ctx, w.ID)
	if err != nil {
		c.t.Fatal(err)
	}
	return w
}

func (c *company) draft(who board.Who, idea int64, body, was string, cites ...int64) board.AnswerDraft {
	c.t.Helper()
	in := board.AnswerDraftChange{Body: &body, Was: was}
	if cites != nil {
		in.Cites = &cites
	}
	d, err := c.SaveAnswerDraft(c.ctx, who, idea, in)
	if err != nil {
		c.t.Fatal(err)
	}
	return d
}

func TestAnAnswerIsDraftedTogether(t *testing.T) {
	c := newCompany(t)
	c.owns(c.open, c.anna)
	anna := c.now(c.anna)
	idea := c.idea(c.bruno, c.open, "Una pausa più lunga")
	one, two := c.reply(c.bruno, idea.ID, nil, "Dieci minuti non bastano."), c.reply(c.admin, idea.ID, nil, "Nemmeno in mensa.")
	before := c.head(idea.ID)

	var d board.AnswerDraft
	c.recorded(func() { d = c.draft(anna, idea.ID, "Quindici minuti.", "", one.ID) }, board.AnswerDrafted)
	c.recorded(func() { c.draft(anna, idea.ID, "Quindici minuti.", d.Was) }) // the same again is nothing
	c.recorded(func() { c.do(c.CiteInDraft(c.ctx, c.mod, two.ID)) }, board.AnswerDrafted)
	d2, err := c.AnswerDraft(c.ctx, c.mod, idea.ID)
	if err != nil || d2.Body != "Quindici minuti." || !slices.Equal(d2.Cites, []int64{one.ID, two.ID}) || d2.By.Name != c.mod.Name || d2.Was != d.Was {
		t.Errorf("the moderator reads %+v, %v", d2, err)
	}
	c.draft(c.mod, idea.ID, "Venti minuti.", d.Was)
	mine := "Diciotto minuti."
	_, err = c.SaveAnswerDraft(c.ctx, anna, idea.ID, board.AnswerDraftChange{Body: &mine, Was: d.Was})
	wants(t, err, board.Conflict, "was")
	_, err = c.AnswerWithDraft(c.ctx, anna, idea.ID, board.NewAnswer{Body: mine}, board.AnswerDraftChange{Was: d.Was}, "")
	wants(t, err, board.Conflict, "was")
	_, err = c.PublishAnswerDraft(c.ctx, anna, idea.ID, d.Was, "")
	wants(t, err, board.Conflict, "was")
	wants(t, c.DropAnswerDraft(c.ctx, anna, idea.ID, d.Was), board.Conflict, "was")
	// Anna unticks one while Mara has ticked two: both choices hold.
	d2, err = c.SaveAnswerDraft(c.ctx, anna, idea.ID, board.AnswerDraftChange{Cites: &[]int64{}, CitesWere: []int64{one.ID}})
	if err != nil || !slices.Equal(d2.Cites, []int64{two.ID}) {
		t.Errorf("cites are %v, %v", d2.Cites, err)
	}
	if after := c.head(idea.ID); after != before {
		t.Errorf("the draft moved what everybody sees of the idea: %+v, before %+v", after, before)
	}
	c.clean()

	c.do(c.DeleteComment(c.ctx, c.admin, two.ID))
	if d2, err = c.AnswerDraft(c.ctx, anna, idea.ID); err != nil || d2.LeftOut != 1 || len(d2.Cites) != 0 {
		t.Errorf("with a deleted comment the draft is %+v, %v", d2, err)
	}
	var a board.Answer
	c.recorded(func() {
		a, err = c.AnswerWithDraft(c.ctx, anna, idea.ID, board.NewAnswer{Body: "Venti, da maggio.", Cites: []int64{one.ID, two.ID}}, board.AnswerDraftChange{Was: d2.Was, CitesWere: []int64{}}, "k1")
		c.do(a, err)
	}, board.AnswerDrafted, board.IdeaAnswered)
	if a.LeftOut != 1 || !slices.Equal(a.Cites, []int64{one.ID}) || a.Author.ID != anna.ID || a.Body != "Venti, da maggio." {
		t.Errorf("published %+v", a)
	}
	again, err := c.AnswerWithDraft(c.ctx, anna, idea.ID, board.NewAnswer{Body: "Venti, da maggio.", Cites: []int64{one.ID, two.ID}}, board.AnswerDraftChange{Was: d2.Was, CitesWere: []int64{}}, "k1")
	if err != nil || again.ID != a.ID {
		t.Errorf("sent twice it is %+v, %v", again, err)
	}
	_, err = c.AnswerDraft(c.ctx, anna, idea.ID)
	wants(t, err, board.NotFound, "")
	if got := board.Credited([]board.Answer{a}); len(got) != 1 || got[0].Name != c.bruno.Name {
		t.Errorf("credited are %+v", got)
	}
	c.do(c.Answer(c.ctx, c.mod, idea.ID, board.NewAnswer{Body: "Anche il sabato."}, ""))
	if list, err := c.Answers(c.ctx, c.bruno, idea.ID); err != nil || len(list) != 2 || list[0].Body != "Venti, da maggio." {
		t.Errorf("the answers are %+v, %v", list, err)
	}
	c.clean()
}

// head is what everybody sees of an idea's last events.
func (c *company) head(idea int64) string {
	c.t.Helper()
	i, err := c.Idea(c.ctx, c.bruno, idea)
	if err != nil {
		c.t.Fatal(err)
	}
	return fmt.Sprint(i.Seq, i.ThreadSeq, i.Answers, i.AnsweredAt)
}

func TestOnlyWhoAnswersForTheBoardReachesItsDrafts(t *testing.T) {
	c := newCompany(t)
	c.owns(c.open, c.anna)
	anna := c.now(c.anna)
	idea, bare := c.idea(c.bruno, c.open, "Una bozza"), c.idea(c.bruno, c.open, "Nessuna")
	said := c.reply(c.bruno, idea.ID, nil, "Ecco.")
	c.draft(anna, idea.ID, "Forse.", "")
	secret := c.idea(c.anna, c.private, "Segreta")
	c.draft(c.mod, secret.ID, "Mai.", "")
	body := "x"
	for _, who := range []board.Who{c.bruno, c.guest} {
		for _, id := range []int64{idea.ID, bare.ID} { // a draft makes no difference
			code := board.Forbidden
			if who.Kind == board.Guest {
				code = board.NotFound
			}
			_, err := c.AnswerDraft(c.ctx, who, id)
			wants(t, err, code, "")
			_, err = c.SaveAnswerDraft(c.ctx, who, id, board.AnswerDraftChange{Body: &body})
			wants(t, err, code, "")
			_, err = c.PublishAnswerDraft(c.ctx, who, id, "", "")
			wants(t, err, code, "")
			_, err = c.ScheduleAnswerDraft(c.ctx, who, id, nil, "")
			wants(t, err, code, "")
			wants(t, c.DropAnswerDraft(c.ctx, who, id, ""), code, "")
		}
	}
	_, err := c.CiteInDraft(c.ctx, c.bruno, said.ID)
	wants(t, err, board.Forbidden, "")
	_, err = c.AnswerDraft(c.ctx, anna, secret.ID) // a member who answers for another board
	wants(t, err, board.Forbidden, "")
	_, err = c.AnswerDraft(c.ctx, c.person("Altro Admin", board.Employee, board.Admin), secret.ID)
	wants(t, err, board.NotFound, "")
	for who, hears := range map[*board.Who]bool{&anna: true, &c.mod: true, &c.bruno: false, &c.guest: false} {
		ev, err := c.Events(c.ctx, *who, 0, 100)
		c.do(ev, err)
		if got := slices.ContainsFunc(ev.Items, func(e board.Event) bool { return e.Kind == board.AnswerDrafted && e.Idea == idea.ID }); got != hears {
			t.Errorf("%s hears of the draft: %t", who.Name, got)
		}
		if slices.ContainsFunc(ev.Items, func(e board.Event) bool { return e.Kind == board.AnswerDrafted && e.Actor != nil }) {
			t.Errorf("%s is told who typed", who.Name)
		}
	}
	var rows int
	if err := c.readDB.QueryRow(`SELECT COUNT(*) FROM log WHERE kind = 'answer.drafted' AND actor_id IS NOT NULL`).Scan(&rows); err != nil || rows > 0 {
		t.Errorf("the log keeps %d times who saved a draft, %v", rows, err)
	}
}

func TestAnAnswerPublishesItselfAtItsTime(t *testing.T) {
	c := newCompany(t)
	c.owns(c.open, c.anna)
	anna := c.now(c.anna)
	idea := c.idea(c.bruno, c.open, "Domani")
	d := c.draft(anna, idea.ID, "Sì.", "")
	at := time.UnixMicro(c.clock.Load()).Add(time.Hour).UTC()
	past := at.Add(-2 * time.Hour)
	_, err := c.ScheduleAnswerDraft(c.ctx, anna, idea.ID, &past, d.Was)
	wants(t, err, board.Invalid, "at")
	c.recorded(func() { d, err = c.ScheduleAnswerDraft(c.ctx, anna, idea.ID, &at, d.Was); c.do(d, err) }, board.AnswerDrafted)
	if d.PublishAt == nil || !d.PublishAt.Equal(at) {
		t.Fatalf("it is due at %v", d.PublishAt)
	}
	c.recorded(func() { c.do(0, c.PublishDue(c.ctx)) })
	c.recorded(func() { c.do(c.ScheduleAnswerDraft(c.ctx, c.mod, idea.ID, nil, d.Was)) }, board.AnswerDrafted)
	c.clock.Store(at.UnixMicro())
	c.recorded(func() { c.do(0, c.PublishDue(c.ctx)) }) // it was taken back
	at = at.Add(time.Hour)
	c.do(c.ScheduleAnswerDraft(c.ctx, anna, idea.ID, &at, ""))
	c.draft(c.mod, idea.ID, "Sì, certo.", "") // who saves it last puts their name to it
	c.clock.Store(at.UnixMicro())
	c.Store = c.again() // also after a restart
	c.recorded(func() { c.do(0, c.PublishDue(c.ctx)) }, board.AnswerDrafted, board.IdeaAnswered)
	list, err := c.Answers(c.ctx, c.bruno, idea.ID)
	if err != nil || len(list) != 1 || list[0].Body != "Sì, certo." || list[0].Author.ID != c.mod.ID {
		t.Errorf("published is %+v, %v", list, err)
	}
	c.recorded(func() { c.do(0, c.PublishDue(c.ctx)) })
	c.clean()
}

// again closes the folder and opens it anew.
func (c *company) again() *Store {
	c.t.Helper()
	dir := c.Dir()
	if err := c.Store.Close(); err != nil {
		c.t.Fatal(err)
	}
	return c.reopen(dir)
}

func TestWhoLostTheRightPublishesNothing(t *testing.T) {
	c := newCompany(t)
	c.owns(c.open, c.anna)
	anna := c.now(c.anna)
	idea := c.idea(c.bruno, c.open, "Troppo tardi")
	c.draft(anna, idea.ID, "Sì.", "")
	at := time.UnixMicro(c.clock.Load()).Add(time.Hour).UTC()
	c.do(c.ScheduleAnswerDraft(c.ctx, anna, idea.ID, &at, ""))
	c.owns(c.open, c.bruno)
	c.clock.Store(at.UnixMicro())
	c.recorded(func() { c.do(0, c.PublishDue(c.ctx)) }, board.AnswerDrafted)
	bruno := c.now(c.bruno)
	d, err := c.AnswerDraft(c.ctx, bruno, idea.ID)
	if err != nil || d.PublishAt != nil || d.Refused == nil || d.Refused.Code != board.Forbidden || d.Body != "Sì." {
		t.Errorf("the draft is %+v, %v", d, err)
	}
	told, err := c.Notices(c.ctx, c.anna, 10, "")
	if err != nil || len(told.Items) != 1 || told.Items[0].Reason != board.Withheld || told.Unseen != 1 {
		t.Errorf("Anna was told %+v, %v", told, err)
	}
	c.recorded(func() { c.do(0, c.PublishDue(c.ctx)) })
	if d = c.draft(bruno, idea.ID, "Sì, da me.", d.Was); d.Refused != nil {
		t.Error("the draft still says what was refused")
	}
	c.clean()
}

func TestADeletedIdeaTakesItsDraftAlong(t *testing.T) {
	c := newCompany(t)
	idea := c.idea(c.bruno, c.open, "Via")
	said := c.reply(c.bruno, idea.ID, nil, "Ecco.")
	c.draft(c.mod, idea.ID, "CNRYdraft", "", said.ID)
	at := time.UnixMicro(c.clock.Load()).Add(time.Minute).UTC()
	c.do(c.ScheduleAnswerDraft(c.ctx, c.mod, idea.ID, &at, ""))
	c.do(c.DeleteIdea(c.ctx, c.bruno, idea.ID))
	c.do(c.RestoreIdea(c.ctx, c.bruno, idea.ID))
	if d, err := c.AnswerDraft(c.ctx, c.mod, idea.ID); err != nil || d.Body != "CNRYdraft" {
		t.Errorf("brought back the idea has the draft %+v, %v", d, err)
	}
	c.do(c.DeleteIdea(c.ctx, c.bruno, idea.ID))
	c.clock.Add(time.Hour.Microseconds())
	c.do(0, c.PublishDue(c.ctx))
	c.do(0, c.ForgetRemoved(c.ctx))
	for _, table := range []string{"answer_draft", "answer_draft_cite", "answer"} {
		var n int
		if err := c.readDB.QueryRow(`SELECT COUNT(*) FROM ` + table).Scan(&n); err != nil || n != 0 {
			t.Errorf("%s holds %d rows, %v", table, n, err)
		}
	}
	c.clean()
}

func TestAnAnswerMovesItsIdea(t *testing.T) {
	c := newCompany(t)
	idea := c.idea(c.bruno, c.open, "Subito")
	c.recorded(func() {
		c.do(c.Answer(c.ctx, c.mod, idea.ID, board.NewAnswer{Body: "La guardiamo **insieme**.", Move: &board.Move{Stage: board.InReview}}, ""))
	}, board.IdeaAnswered, board.IdeaStaged)
	path, err := c.Path(c.ctx, c.bruno, idea.ID)
	if err != nil || len(path) != 1 || path[0].To != board.InReview || !strings.Contains(path[0].Reason, "La guardiamo insieme.") {
		t.Errorf("its path is %+v, %v", path, err)
	}
	c.clean()
}
