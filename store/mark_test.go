package store

import (
	"context"
	"errors"
	"testing"

	"convivio/store/board"
)

// refuse lets nothing be saved any more, as a full disk does.
func (c *company) refuse() {
	c.t.Helper()
	_, err := c.write(c.ctx, 0, func(tx *Tx) error {
		_, err := tx.exec(`ROLLBACK`) // as SQLite does on a full disk: the writer's connection is given up
		return errors.Join(err, errors.New("full"))
	})
	wants(c.t, err, board.Unavailable, "")
	if err := c.writerDB.Close(); err != nil {
		c.t.Fatal(err)
	}
}

// mark reads a reading position from its row.
func (c *company) mark(who board.Who, idea int64) (seq int64) {
	c.t.Helper()
	if err := c.readDB.QueryRow(`SELECT COALESCE(MAX(seq), 0) FROM read_mark WHERE person_id = $1 AND idea_id = $2`, who.ID, idea).Scan(&seq); err != nil {
		c.t.Fatal(err)
	}
	return seq
}

func TestMarksOutliveWhoeverFlushesThem(t *testing.T) {
	c := newCompany(t)
	idea := c.idea(c.anna, c.open, "Una")
	c.reply(c.bruno, idea.ID, nil, "prima")
	now, err := c.Idea(c.ctx, c.mod, idea.ID)
	if err != nil {
		t.Fatal(err)
	}
	c.Visit(c.mod.ID, now, c.Head())
	gone, cancel := context.WithCancel(c.ctx)
	cancel()
	if err := c.FlushMarks(gone); err != nil {
		t.Errorf("a request that ended took everybody's marks along: %v", err)
	}
	if got := c.mark(c.mod, idea.ID); got != now.Seq {
		t.Errorf("kept %d, want %d", got, now.Seq)
	}
}

func TestMarksThatCannotBeWrittenWait(t *testing.T) {
	c := newCompany(t)
	idea := c.idea(c.anna, c.open, "Una")
	c.Read(c.mod.ID, idea.ID, idea.Seq)
	c.lost.Store(1)
	if err := c.FlushMarks(c.ctx); !errors.Is(err, errReadOnly) {
		t.Fatalf("got %v", err)
	}
	if got, err := c.Idea(c.ctx, c.mod, idea.ID); err != nil || got.Seen != idea.Seq {
		t.Errorf("seen up to %d, %v; want %d", got.Seen, err, idea.Seq)
	}
	c.lost.Store(0)
	if err := c.FlushMarks(c.ctx); err != nil || c.mark(c.mod, idea.ID) != idea.Seq {
		t.Errorf("kept %d, %v", c.mark(c.mod, idea.ID), err)
	}
}

// TestMarksCountWhileTheyAreWritten reads an idea while the group that holds the
// marks is not on disk yet.
func TestMarksCountWhileTheyAreWritten(t *testing.T) {
	c := newCompany(t)
	idea := c.idea(c.anna, c.open, "Una")
	c.Read(c.mod.ID, idea.ID, idea.Seq)
	busy, free := make(chan struct{}), make(chan struct{})
	go func() {
		_, _ = c.write(context.Background(), 0, func(*Tx) error { close(busy); <-free; return nil })
	}()
	<-busy
	done := make(chan error)
	go func() { done <- c.FlushMarks(c.ctx) }()
	for len(c.queue) < 1 {
	}
	got, err := c.Idea(c.ctx, c.mod, idea.ID)
	close(free)
	if err != nil || got.Seen != idea.Seq {
		t.Errorf("seen up to %d, %v; want %d", got.Seen, err, idea.Seq)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// TestMarksDoNotTellWhen holds reading positions to events of the idea itself.
func TestMarksDoNotTellWhen(t *testing.T) {
	c := newCompany(t)
	idea := c.idea(c.anna, c.open, "Una")
	first := c.reply(c.bruno, idea.ID, nil, "prima")
	c.idea(c.anna, c.open, "Altra")
	look := func(seq int64) board.Idea {
		t.Helper()
		c.Read(c.mod.ID, idea.ID, seq)
		if err := c.FlushMarks(c.ctx); err != nil {
			t.Fatal(err)
		}
		got, err := c.Idea(c.ctx, c.mod, idea.ID)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if got := look(c.Head()); c.mark(c.mod, idea.ID) != first.Seq || got.New != 0 {
		t.Errorf("the mark is %d with %d new, want %d", c.mark(c.mod, idea.ID), got.New, first.Seq)
	}
	second := c.reply(c.bruno, idea.ID, nil, "seconda")
	c.idea(c.anna, c.open, "Terza")
	shown := c.Head()
	c.reply(c.bruno, idea.ID, nil, "terza")
	if got := look(shown); c.mark(c.mod, idea.ID) != second.Seq || got.New != 1 {
		t.Errorf("the mark is %d with %d new, want %d with 1", c.mark(c.mod, idea.ID), got.New, second.Seq)
	}
	if list, err := c.Ideas(c.ctx, c.mod, Listing{Board: c.open}); err != nil || len(list.Items) != 3 {
		t.Errorf("%d ideas, %v", len(list.Items), err)
	}
}

func TestReadingGoesOnWhereTheDiskIsFull(t *testing.T) {
	c := newCompany(t)
	c.tell()
	idea := c.idea(c.anna, c.open, "Una")
	said := c.reply(c.bruno, idea.ID, nil, "prima")
	c.hears(c.anna, "commented 1/1")
	c.Read(c.anna.ID, idea.ID, said.Seq)
	c.refuse()
	_, err := c.Reply(c.ctx, c.bruno, idea.ID, board.NewComment{Body: "no"}, "")
	wants(t, err, board.Unavailable, "")
	if err := c.SeeIdea(c.ctx, c.anna, idea.ID, c.Head()); err != nil {
		t.Error("idea:", err)
	}
	if n, err := c.SeeNotice(c.ctx, c.anna, said.Seq); err != nil || n.Seen {
		t.Errorf("notice seen %v, %v", n.Seen, err)
	}
	if _, err := c.Home(c.ctx, c.anna, 3); err != nil {
		t.Error("home:", err)
	}
	if _, err := c.Ideas(c.ctx, c.anna, Listing{Board: c.open}); err != nil {
		t.Error("ideas:", err)
	}
}
