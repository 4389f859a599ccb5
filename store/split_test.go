package store

import (
	"testing"

	"convivio/store/board"
)

func TestABranchBecomesAnIdeaAndComesBack(t *testing.T) {
	c := newCompany(t)
	idea := c.idea(c.anna, c.open, "Mensa")
	top := c.reply(c.anna, idea.ID, nil, "Il menù")
	root := c.reply(c.bruno, idea.ID, &top.ID, "E se si parcheggiasse meglio?")
	below := c.reply(c.mod, idea.ID, &root.ID, "Dove?")
	deep := c.reply(c.anna, idea.ID, &below.ID, "Di fianco.")
	_, err := c.SplitComment(c.ctx, c.anna, root.ID, board.Split{Title: "Parcheggi"})
	wants(t, err, board.Forbidden, "")
	_, err = c.SplitComment(c.ctx, c.mod, root.ID, board.Split{})
	wants(t, err, board.Invalid, "title")
	made, err := c.SplitComment(c.ctx, c.mod, root.ID, board.Split{Title: "Parcheggi"})
	if err != nil {
		t.Fatal(err)
	}
	c.clean()
	if made.Author.ID != c.bruno.ID || made.Body != root.Body || made.Comments != 2 || made.Votes != 0 || made.Stage != board.New {
		t.Errorf("made %+v", made)
	}
	list, err := c.Comments(c.ctx, c.anna, made.ID, board.OldestFirst, 0, "")
	if err != nil || len(list.Items) != 2 || list.Items[0].ID != below.ID || list.Items[0].Depth != 0 || list.Items[1].Depth != 1 {
		t.Errorf("its thread is %+v, %v", list.Items, err)
	}
	left, err := c.Comments(c.ctx, c.anna, idea.ID, board.OldestFirst, 0, "")
	if err != nil || len(left.Items) != 2 || left.Items[1].Label != board.SplitLabel || left.Items[1].Stands != made.ID || left.Items[1].Body != "" {
		t.Errorf("what is left is %+v, %v", left.Items, err)
	}
	told, err := c.Notices(c.ctx, c.bruno, 0, "")
	if err != nil || len(told.Items) == 0 || told.Items[0].Reason != board.Relocated || told.Items[0].Idea != made.ID {
		t.Errorf("the author was told %+v, %v", told.Items, err)
	}
	c.do(c.MergeIdea(c.ctx, c.mod, made.ID, into(idea.ID)))
	c.clean()
	back, err := c.Comments(c.ctx, c.anna, idea.ID, board.OldestFirst, 0, "")
	if err != nil || len(back.Items) != 4 || back.Items[1].ID != root.ID || back.Items[1].Body != root.Body || *back.Items[1].ParentID != top.ID ||
		back.Items[3].ID != deep.ID || back.Items[3].Depth != 3 {
		t.Errorf("merged back: %+v, %v", back.Items, err)
	}
	c.do(c.UnmergeIdea(c.ctx, c.mod, made.ID, ""))
	c.clean()
}

func TestWhatHoldsAThreadTogetherIsNotSplit(t *testing.T) {
	c := newCompany(t)
	idea, other := c.idea(c.anna, c.open, "Una"), c.idea(c.bruno, c.open, "Altra")
	cited, gone := c.reply(c.bruno, idea.ID, nil, "citata"), c.reply(c.bruno, idea.ID, nil, "via")
	c.do(c.Answer(c.ctx, c.mod, idea.ID, board.NewAnswer{Body: "Sì.", Cites: []int64{cited.ID}}, ""))
	c.do(c.DeleteComment(c.ctx, c.bruno, gone.ID))
	c.do(c.MergeIdea(c.ctx, c.mod, other.ID, into(idea.ID)))
	label, err := c.Label(c.ctx, other.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []int64{cited.ID, gone.ID, label} {
		_, err := c.SplitComment(c.ctx, c.mod, id, board.Split{Title: "No"})
		wants(t, err, board.Conflict, "comment")
	}
	c.clean()
}
