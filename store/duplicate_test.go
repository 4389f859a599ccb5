package store

import (
	"context"
	"testing"

	"convivio/store/board"
)

// likes answers with the same ideas, whatever is asked.
type likes []board.Hit

func (l likes) Similar(context.Context, board.Who, string, int64, int) ([]board.Hit, error) {
	return l, nil
}
func (l likes) Wait(context.Context, int64) error { return nil }

func TestNewIdeasThatResembleOlderOnesWait(t *testing.T) {
	c := newCompany(t)
	first := c.idea(c.anna, c.open, "Biciclette tra gli stabilimenti")
	hidden := c.idea(c.anna, c.private, "Biciclette aziendali elettriche")
	after := c.Head()
	second := c.idea(c.bruno, c.open, "Bicicletta per lo stabilimento")
	third := c.idea(c.bruno, c.open, "Biciclette aziendali elettriche")
	c.idea(c.bruno, c.open, "Menù della mensa")
	find := likes{{Idea: first.ID, Title: first.Title}, {Idea: hidden.ID, Title: hidden.Title}}
	done, err := c.LookForDuplicates(c.ctx, find, after, c.Head())
	if err != nil || done < third.Seq {
		t.Fatalf("came to %d, %v", done, err)
	}
	rows, err := c.readDB.QueryContext(c.ctx, `SELECT idea_id * 1000 + subject_id FROM review WHERE kind = 'duplicate' AND closed_at IS NULL ORDER BY id`)
	if err != nil {
		t.Fatal(err)
	}
	// What stands on a private board is named to nobody elsewhere.
	if got, err := collect(rows, scanID); err != nil || len(got) != 1 || got[0] != second.ID*1000+first.ID {
		t.Errorf("waiting: %v, %v", got, err)
	}
	c.do(c.LookForDuplicates(c.ctx, find, after, c.Head()))
	c.do(c.MergeIdea(c.ctx, c.mod, second.ID, into(first.ID)))
	var open int
	if err := c.readDB.QueryRowContext(c.ctx, `SELECT COUNT(*) FROM review WHERE closed_at IS NULL`).Scan(&open); err != nil || open != 0 {
		t.Errorf("%d still wait, %v", open, err)
	}
	c.clean()
}
