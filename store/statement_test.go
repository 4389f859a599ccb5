package store

import (
	"testing"

	"convivio/store/board"
)

// TestACommentTakesFewStatements counts what is run to save a comment and a reply,
// the savepoint around each included: with a key, as programs and forms send it. One
// more is a twelfth of what the writer can do.
func TestACommentTakesFewStatements(t *testing.T) {
	c := newCompany(t)
	idea := c.idea(c.anna, c.open, "Idea")
	first := c.reply(c.bruno, idea.ID, nil, "Primo")
	for _, tt := range []struct {
		name, key string
		parent    *int64
		most      int64
	}{{"comment", "a", nil, 10}, {"reply", "b", &first.ID, 12}} {
		ctx, n := Counting(c.ctx)
		if _, err := c.Reply(ctx, c.bruno, idea.ID, board.NewComment{Body: "Perché **no**?", ParentID: tt.parent}, tt.key); err != nil {
			t.Fatal(err)
		}
		if got := n.Load(); got == 0 || got > tt.most {
			t.Errorf("a %s takes %d statements, want at most %d", tt.name, got, tt.most)
		}
	}
}
