package store

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"convivio/store/board"
)

// rows writes out everything the tables hold, but for what moves with the log
// and what was set aside.
func (c *company) rows() (all []string) {
	c.t.Helper()
	for _, table := range []string{"board", "idea", "idea_version", "comment", "comment_version", "answer", "answer_cite", "stage_change", "vote", "reaction", "file_use"} {
		names, err := c.readDB.QueryContext(c.ctx, `SELECT name FROM pragma_table_info($1) WHERE name NOT IN ('last_seq', 'thread_seq')`+
			` AND ($1 NOT LIKE '%version' OR name <> 'id')`, table)
		if err != nil {
			c.t.Fatal(err)
		}
		columns, err := collect(names, func(rows *sql.Rows) (n string, err error) { err = rows.Scan(&n); return n, err })
		if err != nil {
			c.t.Fatal(err)
		}
		found, err := c.readDB.QueryContext(c.ctx, `SELECT `+strings.Join(columns, `, `)+` FROM `+table+` ORDER BY rowid`)
		if err != nil {
			c.t.Fatal(err)
		}
		list, err := collect(found, func(rows *sql.Rows) (string, error) {
			values, to := make([]any, len(columns)), make([]any, len(columns))
			for i := range values {
				to[i] = &values[i]
			}
			err := rows.Scan(to...)
			for i, v := range values {
				if heat, ok := v.(float64); ok { // summed up in another order
					values[i] = fmt.Sprintf("%.6f", heat)
				}
			}
			return fmt.Sprint(table, columns, values), err
		})
		if err != nil {
			c.t.Fatal(err)
		}
		all = append(all, list...)
	}
	return all
}

func (c *company) same(before []string) {
	c.t.Helper()
	after := c.rows()
	for i := range max(len(before), len(after)) {
		if i >= len(before) || i >= len(after) || before[i] != after[i] {
			c.t.Errorf("row %d differs:\n%v\n%v", i, before[min(i, len(before)-1)], after[min(i, len(after)-1)])
			return
		}
	}
}

// eventful is an idea with everything that can hang on one, and its first comment.
func (c *company) eventful() (board.Idea, board.Comment) {
	idea := c.idea(c.anna, c.open, "CNRY tettoia")
	first := c.reply(c.bruno, idea.ID, nil, "CNRY primo")
	c.reply(c.anna, idea.ID, &first.ID, "CNRY risposta")
	gone := c.reply(c.anna, idea.ID, &first.ID, "CNRY tolta prima")
	c.do(c.DeleteComment(c.ctx, c.anna, gone.ID))
	c.do(c.EditComment(c.ctx, c.bruno, first.ID, board.CommentChange{Body: "CNRY primo, **meglio**"}))
	c.do(c.EditComment(c.ctx, c.bruno, first.ID, board.CommentChange{Body: "CNRY primo, meglio ancora"}))
	title, tags := "CNRY tettoia nuova", []string{"bici", "cnry"}
	c.do(c.EditIdea(c.ctx, c.anna, idea.ID, board.IdeaChange{Title: &title, Tags: &tags}))
	c.do(c.Vote(c.ctx, c.bruno, idea.ID))
	c.do(c.Vote(c.ctx, c.mod, idea.ID))
	c.do(c.MoveIdea(c.ctx, c.mod, idea.ID, board.Move{Stage: board.InReview, Reason: "CNRY perché"}))
	return idea, first
}

func TestADeletionTakenBackLeavesEverythingAsItWas(t *testing.T) {
	c := newCompany(t)
	idea, first := c.eventful()
	before := c.rows()
	c.recorded(func() { c.do(c.DeleteComment(c.ctx, c.bruno, first.ID)) }, board.CommentDeleted)
	left, err := c.Undo(c.ctx, c.bruno, 0, first.ID)
	if err != nil || left <= 0 || left > board.UndoTime {
		t.Errorf("left: %v, %v", left, err)
	}
	if left, err := c.Undo(c.ctx, c.anna, 0, first.ID); left != 0 || err != nil {
		t.Errorf("somebody else may undo it for %v, %v", left, err)
	}
	_, err = c.RestoreComment(c.ctx, c.mod, first.ID)
	wants(t, err, board.Conflict, "")
	c.recorded(func() { c.do(c.RestoreComment(c.ctx, c.bruno, first.ID)) }, board.CommentRestored)
	c.recorded(func() { c.do(c.RestoreComment(c.ctx, c.bruno, first.ID)) }) // twice is once
	c.same(before)

	_, err = c.DeleteIdea(c.ctx, c.mod, idea.ID)
	wants(t, err, board.Invalid, "ground")
	c.recorded(func() { c.do(c.DeleteIdea(c.ctx, c.anna, idea.ID)) }, board.IdeaDeleted)
	_, err = c.RestoreIdea(c.ctx, c.mod, idea.ID) // not who deleted it
	wants(t, err, board.Conflict, "")
	_, err = c.RestoreComment(c.ctx, c.bruno, first.ID)
	wants(t, err, board.NotFound, "")
	c.recorded(func() { c.do(c.RestoreIdea(c.ctx, c.anna, idea.ID)) }, board.IdeaRestored)
	c.recorded(func() { c.do(c.RestoreIdea(c.ctx, c.anna, idea.ID)) })
	c.same(before)
	c.do(c.Answer(c.ctx, c.mod, idea.ID, board.NewAnswer{Body: "CNRY sì", Cites: []int64{first.ID}}, ""))
	before = c.rows()
	c.do(c.DeleteIdea(c.ctx, c.anna, idea.ID))
	c.do(c.RestoreIdea(c.ctx, c.anna, idea.ID))
	c.same(before)
	c.clean()
}

func TestADeletionInsideADeletionIsTakenBackInTurn(t *testing.T) {
	c := newCompany(t)
	idea, first := c.eventful()
	before := c.rows()
	c.do(c.DeleteComment(c.ctx, c.bruno, first.ID))
	d := c.takeDown(c.mod, idea.ID, 0)
	c.do(c.UndoDecision(c.ctx, c.mod, d))
	c.do(c.RestoreComment(c.ctx, c.bruno, first.ID))
	c.same(before)
	c.clean()
}

func TestWhatCannotBeTakenBackIsErased(t *testing.T) {
	c := newCompany(t)
	idea, first := c.eventful()
	private := c.idea(c.anna, c.private, "CNRY riservata")
	hidden := c.reply(c.mod, private.ID, nil, "CNRY")
	c.do(c.DeleteComment(c.ctx, c.mod, hidden.ID))
	c.do(c.DeleteComment(c.ctx, c.bruno, first.ID))
	c.do(c.DeleteIdea(c.ctx, c.anna, idea.ID))
	if slices.ContainsFunc(c.rows(), func(row string) bool { return strings.Contains(row, "CNRY") && !strings.Contains(row, "riservata") }) {
		t.Error("deleted words stand where they stood")
	}
	if err := c.ForgetRemoved(c.ctx); err != nil {
		t.Fatal(err)
	}
	var kept int
	count := func() int {
		if err := c.readDB.QueryRowContext(c.ctx, `SELECT COUNT(*) FROM removed_text`).Scan(&kept); err != nil {
			t.Fatal(err)
		}
		return kept
	}
	if count() == 0 {
		t.Error("erased before the time")
	}
	for _, id := range []int64{idea.ID, private.ID, 4242} { // too late, nothing to undo, nothing to see: one answer
		_, err := c.RestoreIdea(c.ctx, c.guest, id)
		wants(t, err, board.Conflict, "")
	}
	c.clock.Add((board.UndoTime + undoGrace + time.Second).Microseconds())
	_, err := c.RestoreIdea(c.ctx, c.anna, idea.ID)
	wants(t, err, board.Conflict, "")
	_, err = c.RestoreComment(c.ctx, c.mod, hidden.ID)
	wants(t, err, board.Conflict, "")
	if left, err := c.Undo(c.ctx, c.anna, idea.ID, 0); left != 0 || err != nil {
		t.Errorf("still offered for %v, %v", left, err)
	}
	if err := c.ForgetRemoved(c.ctx); err != nil || count() != 0 {
		t.Errorf("%d texts are kept, %v", kept, err)
	}
	c.do(c.DeleteIdea(c.ctx, c.anna, private.ID))
	c.clock.Add(time.Minute.Microseconds())
	if err := c.Forget(c.ctx); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"convivio.db", "convivio.db-wal"} {
		if b, err := os.ReadFile(c.path(name)); err == nil && strings.Contains(string(b), "CNRY") {
			t.Errorf("deleted words are still in %s", name)
		}
	}
	c.clean()
}

// What was deleted stands nowhere once the server is stopped, and in no backup.
func TestDeletedWordsOutliveNeitherTheServerNorReachABackup(t *testing.T) {
	c := newCompany(t)
	idea := c.idea(c.anna, c.open, "Una")
	said := c.reply(c.anna, idea.ID, nil, "CNRY-cancellata")
	other := c.reply(c.anna, idea.ID, nil, "Altro")
	c.do(c.DeleteComment(c.ctx, c.anna, said.ID))
	out := filepath.Join(t.TempDir(), "b.db")
	if err := c.Backup(c.ctx, out); err != nil {
		t.Fatal(err)
	}
	holds := func(name string) bool {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Contains(b, []byte("CNRY-cancellata"))
	}
	if holds(out) {
		t.Error("it stands in a backup")
	}
	c.do(c.RestoreComment(c.ctx, c.anna, said.ID)) // the backup took nothing away here
	c.do(c.DeleteComment(c.ctx, c.anna, said.ID))
	dir := c.Dir()
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if holds(filepath.Join(dir, "convivio.db")) {
		t.Error("it stands in a stopped server's database")
	}
	// After a crash the next start erases what is past its time.
	c.Store = c.reopen(dir)
	c.do(c.DeleteComment(c.ctx, c.anna, other.ID))
	if err := c.closeFiles(); err != nil { // no Close: nothing is tidied up
		t.Fatal(err)
	}
	c.later(time.Minute)
	c.Store = c.reopen(dir)
	defer c.Close()
	var n int
	if err := c.readDB.QueryRowContext(c.ctx, `SELECT COUNT(*) FROM removed_text`).Scan(&n); err != nil || n != 0 {
		t.Errorf("%d texts stand aside, %v", n, err)
	}
}

// An idea is locked as it stands: what was deleted before is not put back.
func TestNothingIsPutBackIntoAnIdeaLockedMeanwhile(t *testing.T) {
	c := newCompany(t)
	idea := c.idea(c.anna, c.open, "Una")
	said := c.reply(c.anna, idea.ID, nil, "Parole")
	c.do(c.DeleteComment(c.ctx, c.anna, said.ID))
	c.do(c.LockIdea(c.ctx, c.mod, idea.ID, true))
	_, err := c.RestoreComment(c.ctx, c.anna, said.ID)
	wants(t, err, board.Conflict, "idea")
	c.do(c.LockIdea(c.ctx, c.mod, idea.ID, false))
	c.do(c.RestoreComment(c.ctx, c.anna, said.ID))
	// What is deleted from a locked one may be.
	c.do(c.LockIdea(c.ctx, c.mod, idea.ID, true))
	c.do(c.DeleteComment(c.ctx, c.anna, said.ID))
	c.do(c.RestoreComment(c.ctx, c.anna, said.ID))
}
