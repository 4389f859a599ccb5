package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"convivio/store/board"
)

// reported lets anna report a comment of bruno's with these words, and returns the
// comment and what waits.
func (c *company) reported(words string) (board.Comment, board.ReviewItem) {
	c.t.Helper()
	com := c.reply(c.bruno, c.idea(c.anna, c.open, "Idea").ID, nil, words)
	c.do(c.Report(c.ctx, c.anna, 0, com.ID, board.NewReport{Ground: board.OffTopic}))
	p, err := c.Reviews(c.ctx, c.mod, ReviewListing{})
	if err != nil || len(p.Items) == 0 {
		c.t.Fatalf("what waits is %+v, %v", p, err)
	}
	return com, p.Items[len(p.Items)-1]
}

// stands tells whether words stand in the database or the write-ahead log.
func (c *company) stands(words string) bool {
	c.t.Helper()
	if err := c.emptyLog(c.ctx); err != nil {
		c.t.Fatal(err)
	}
	b, err := os.ReadFile(c.path("convivio.db"))
	if err != nil {
		c.t.Fatal(err)
	}
	return bytes.Contains(b, []byte(words))
}

// TestHiddenWordsAreErasedWhenTheDecisionIsFinal (S-081, S-082, S-084): hidden words
// stand aside and nowhere else, come back with an undo, and are gone at the end.
func TestHiddenWordsAreErasedWhenTheDecisionIsFinal(t *testing.T) {
	c := newCompany(t)
	com, it := c.reported("CNRYzafferano")
	before := c.rows()
	d, err := c.Decide(c.ctx, c.mod, board.Ruling{Item: it.ID, Version: it.Version, Action: board.Hide, Ground: board.OffTopic})
	if err != nil || !d.Undoable || !d.Kept {
		t.Fatalf("the decision is %+v, %v", d, err)
	}
	got, err := c.Comment(c.ctx, c.anna, com.ID)
	if err != nil || !got.Deleted || got.Body != "" {
		t.Errorf("hidden, it reads %+v, %v", got, err)
	}
	if v, _ := c.CommentVersions(c.ctx, c.anna, com.ID); len(v) > 0 {
		t.Errorf("earlier wordings are left: %+v", v)
	}
	if j, err := c.Judgement(c.ctx, c.mod, d.ID); err != nil || j.Body != "CNRYzafferano" {
		t.Errorf("for who may read them, the words are %q, %v", j.Body, err)
	}
	_, err = c.RestoreComment(c.ctx, c.mod, com.ID)
	wants(t, err, board.Conflict, "")
	c.do(c.UndoDecision(c.ctx, c.mod, d.ID))
	c.same(before)
	c.clean()

	it, err = c.ReviewItem(c.ctx, c.mod, it.ID)
	if err != nil || it.Closed {
		t.Fatalf("after the undo the item is %+v, %v", it, err)
	}
	if d, err = c.Decide(c.ctx, c.mod, board.Ruling{Item: it.ID, Version: it.Version, Action: board.Hide, Ground: board.OffTopic}); err != nil {
		t.Fatal(err)
	}
	c.clock.Add((board.AppealTime - time.Hour).Microseconds())
	c.do(nil, c.ForgetRemoved(c.ctx))
	if !c.stands("CNRYzafferano") {
		t.Error("words are erased while their author may appeal")
	}
	c.clock.Add((2 * time.Hour).Microseconds())
	c.do(nil, c.ForgetRemoved(c.ctx))
	if c.stands("CNRYzafferano") {
		t.Error("hidden words still stand in the database after the decision is final")
	}
	_, err = c.UndoDecision(c.ctx, c.mod, d.ID)
	wants(t, err, board.Conflict, "")
	c.clean()
}

// TestDeletedWordsAreErasedInMinutes, also where an idea goes with its thread.
func TestDeletedWordsAreErasedInMinutes(t *testing.T) {
	c := newCompany(t)
	idea := c.idea(c.bruno, c.open, "CNRYtitolo")
	c.reply(c.anna, idea.ID, nil, "CNRYcommento")
	c.do(c.Report(c.ctx, c.anna, idea.ID, 0, board.NewReport{Ground: board.PersonalData, Note: "CNRYnota"}))
	before := c.rows()
	p, err := c.Reviews(c.ctx, c.mod, ReviewListing{Kind: board.ReportItem})
	if err != nil || len(p.Items) != 1 {
		t.Fatal(p, err)
	}
	d, err := c.Decide(c.ctx, c.mod, board.Ruling{Item: p.Items[0].ID, Action: board.Delete, Ground: board.PersonalData})
	if err != nil {
		t.Fatal(err)
	}
	c.do(c.UndoDecision(c.ctx, c.mod, d.ID))
	c.same(before)
	if _, err = c.Decide(c.ctx, c.mod, board.Ruling{Item: p.Items[0].ID, Action: board.Delete, Ground: board.PersonalData}); err != nil {
		t.Fatal(err)
	}
	c.clock.Add(board.RegretTime.Microseconds())
	c.do(nil, c.ForgetRemoved(c.ctx))
	if c.stands("CNRYtitolo") || c.stands("CNRYcommento") {
		t.Error("deleted words still stand in the database")
	}
	c.clock.Add(board.AppealTime.Microseconds())
	c.do(nil, c.ForgetRemoved(c.ctx))
	if c.stands("CNRYnota") {
		t.Error("the words of a report still stand in the database")
	}
	c.clean()
}

// TestOneOfManyDecides lets moderators decide about one item at once.
func TestOneOfManyDecides(t *testing.T) {
	c := newCompany(t)
	_, it := c.reported("Parole")
	var wg sync.WaitGroup
	var mu sync.Mutex
	done := 0
	for n := range 16 {
		wg.Go(func() {
			who := []board.Who{c.mod, c.admin}[n%2]
			_, err := c.Decide(c.ctx, who, board.Ruling{Item: it.ID, Version: it.Version, Action: []board.Action{board.Keep, board.Hide}[n%2], Ground: board.OffTopic})
			var fault *board.Error
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				done++
			case !errors.As(err, &fault) || fault.Code != board.Conflict || fault.Field != "version":
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if done != 1 {
		t.Errorf("%d decided, want 1", done)
	}
	c.clean()
}

// TestReportsAreAboutNobody: of less than three people no numbers are told, and no
// event names who reported.
func TestReportsAreAboutNobody(t *testing.T) {
	c := newCompany(t)
	for n := range 4 {
		_, it := c.reported(fmt.Sprint("Parole ", n))
		c.do(c.Decide(c.ctx, c.mod, board.Ruling{Item: it.ID, Action: board.Hide, Ground: board.OffTopic}))
	}
	com, it := c.reported("Ultime")
	if it.Trust.Of != 0 || it.Trust.Right != 0 || !it.Trust.Mostly {
		t.Errorf("of one person is told %+v", it.Trust)
	}
	for _, p := range []board.Who{c.mod, c.admin} {
		c.do(c.Report(c.ctx, p, 0, com.ID, board.NewReport{Ground: board.OffTopic}))
	}
	if it, _ = c.ReviewItem(c.ctx, c.mod, it.ID); it.Trust.Of != 4 || it.Trust.Right != 4 || it.Reporters != 3 || it.Grounds[0].Count != 3 {
		t.Errorf("of three people is told %+v", it)
	}
	var named int
	if err := c.readDB.QueryRowContext(c.ctx, `SELECT COUNT(*) FROM log WHERE kind LIKE 'report.%' AND (actor_id IS NOT NULL OR idea_id IS NOT NULL)`).Scan(&named); err != nil || named > 0 {
		t.Errorf("%d events tell who reported, %v", named, err)
	}
}

// fillReviews adds n items about one comment each, in one go.
func (c *company) fillReviews(n int) {
	c.t.Helper()
	idea := c.idea(c.anna, c.open, "Molte segnalazioni")
	_, err := c.write(c.ctx, c.mod.ID, func(tx *Tx) error {
		for _, st := range []statement{
			{`INSERT INTO comment (idea_id, author_id, body, html, renderer, depth, created_at, added_seq, last_seq)
				SELECT $1, $2, 'Parole ' || value, '<p>Parole ' || value || '</p>', 1, 0, $3, 1, 1 FROM GENERATE_SERIES(1, $4)`, []any{idea.ID, c.bruno.ID, tx.Now, n}},
			{`INSERT INTO review (kind, board_id, idea_id, comment_id, person_id, ground, at, due_at)
				SELECT 'report', i.board_id, i.id, c.id, c.author_id, 'off_topic', $1, $1 + c.id FROM comment c JOIN idea i ON i.id = c.idea_id WHERE i.id = $2`, []any{tx.Now, idea.ID}},
			{`INSERT INTO report (review_id, idea_id, comment_id, person_id, ground, at, seq)
				SELECT r.id, r.idea_id, r.comment_id, p.id, 'off_topic', $1, 1 FROM review r JOIN person p ON p.id IN ($2, $3) WHERE r.idea_id = $4`, []any{tx.Now, c.anna.ID, c.admin.ID, idea.ID}},
		} {
			if _, err := tx.exec(strings.ReplaceAll(st.sql, `FROM GENERATE_SERIES(1, $4)`, `FROM (WITH RECURSIVE g (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM g WHERE value < $4) SELECT value FROM g)`), st.args...); err != nil {
				return err
			}
		}
		_, err := tx.record(board.ReportAdded, about{})
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
}

// TestTheReviewPageAsksFewQuestions however much waits, and walks through all of it.
func TestTheReviewPageAsksFewQuestions(t *testing.T) {
	c := newCompany(t)
	c.fillReviews(10_000)
	count := func(l ReviewListing) (int64, ReviewPage) {
		ctx, n := Counting(context.WithoutCancel(c.ctx))
		p, err := c.Reviews(ctx, c.mod, l)
		if err != nil {
			t.Fatal(err)
		}
		return n.Load(), p
	}
	few, _ := count(ReviewListing{Limit: 1})
	_, _ = count(ReviewListing{Limit: 50})
	began := time.Now()
	many, p := count(ReviewListing{Limit: 50})
	t.Logf("50 of 10,000 items in %v, %d statements", time.Since(began), many)
	if many != few || many > 6 {
		t.Errorf("50 rows take %d statements, one row %d", many, few)
	}
	if len(p.Items) != 50 || p.Counts[board.ReportItem] != 10_000 || p.Items[0].Reporters != 2 {
		t.Errorf("%d rows, %v wait", len(p.Items), p.Counts)
	}
	seen := map[int64]bool{}
	for l := (ReviewListing{Limit: 100, Kind: board.ReportItem}); ; l.Cursor = p.Next {
		_, p = count(l)
		for _, it := range p.Items {
			seen[it.ID] = true
		}
		if p.Next == "" || len(seen) > 1000 {
			break
		}
	}
	if len(seen) < 1000 {
		t.Errorf("turning pages leads to %d items", len(seen))
	}
}
